#!/usr/bin/env bash
# show on a terminal: through the reader's pager, or without one.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

smtp=check.integration.smtp
title='SMTP Email Connectivity'
mkdir "$work/bin"
PATH=$work/bin:$PATH
cat >"$work/bin/my-pager" <<'EOF'
#!/bin/sh
echo "paged, LESS=$LESS"
cat
EOF
chmod +x "$work/bin/my-pager"
ln -s my-pager "$work/bin/less"

# on_terminal COMMAND STATUS [NAME=VALUE]... -- ARGUMENT...: what is on it is in $out.
on_terminal() {
    local of=$1
    shift

    local wanted=$1 status=0 environment=(TERM=xterm) command
    shift
    while [ "$1" != -- ]; do
        environment+=("$1")
        shift
    done
    printf -v command '%q ' env "${environment[@]}" "$STELLA" doctor "$of" "${@:2}"
    script -qec "$command" /dev/null </dev/null >"$work/typed" || status=$?
    sed 's/\r$//; s/\x1b\[[0-9;]*m//g' "$work/typed" >"$out"
    [ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $command"
}
shown() {
    on_terminal show "$@"
}
unpaged() {
    says "$title"
    says 'Related Checks'
    if grep -q '^paged' "$out"; then fail "paged"; fi
}

shown 0 -- $smtp
says '^paged, LESS=FRX$'
says "$title"
shown 0 PAGER= -- $smtp
says '^paged'
shown 0 PAGER=my-pager LESS=X -- $smtp --section verify
says '^paged, LESS=X$'
says 'Verification'
shown 0 PAGER='my-pager | tr a-z A-Z' -- $smtp
says '^PAGED, LESS=FRX$'
says "${title^^}"

# None where none is of use.
shown 0 -- $smtp --no-pager
unpaged
shown 0 TERM=dumb -- $smtp
unpaged
stella 0 show $smtp
unpaged
mkdir -p "$XDG_CONFIG_HOME/stella/doctor"
printf '[display]\npager = no\n' >"$XDG_CONFIG_HOME/stella/doctor/doctor.ini"
shown 0 -- $smtp
unpaged
rm "$XDG_CONFIG_HOME/stella/doctor/doctor.ini"

# One that cannot start costs nothing.
for none in no-such-pager 'no-such-pager -x' "$work" /dev/null; do
    shown 0 "PAGER=$none" -- $smtp
    unpaged
done

# One that ends early or badly is no fault of ours, however much was to come.
mkdir -p "$work/data/articles/p"
{
    printf -- '---\ncheckId: check.long\nplugin: p\nseverity: fail\ntags: [x]\n---\n# Long\n'
    printf '## What It Checks\n'
    for ((i = 0; i < 3000; i++)); do printf 'Paragraph %d of many.\n\n' $i; done
    printf 'The end.\n'
} >"$work/data/articles/p/long.md"
for early in true false 'head -n 1' 'kill $$'; do
    shown 0 "PAGER=$early" -- check.long --data "$work/data"
    if grep -q 'The end\.' "$out"; then fail "all of it: $early"; fi
done
shown 0 PAGER=cat -- check.long --data "$work/data"
says 'The end\.'

# What is wrong is told without one.
shown 3 -- check.none
says 'unknown check check\.none'
if grep -q '^paged' "$out"; then fail "paged"; fi

# A man page is read with man, which gets its source; elsewhere that is what is printed.
cat >"$work/bin/man" <<'EOF'
#!/bin/sh
echo "man $*"
grep -c '^\.Sh '
EOF
chmod +x "$work/bin/man"
on_terminal docs 0 -- man stella-doctor.1
says '^man -l -$'
says '^[0-9]+$'
on_terminal docs 0 TERM=dumb -- man stella-doctor-checks.7
says '^man -P cat -l -$'
on_terminal docs 3 -- man stella-docter.1
says 'did you mean stella-doctor\.1\?'
stella 0 docs man stella-doctor.1
says '^\.Sh NAME$'
mkdir "$work/few"
ln -s "$(command -v sh)" "$work/few/sh"
on_terminal docs 0 "PATH=$work/few" -- man stella-doctor.1
says '^\.Sh NAME$'
