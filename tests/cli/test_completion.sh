#!/usr/bin/env bash
# completion: scripts that their shells take, and that complete.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$work/bin"
ln -s "$STELLA" "$work/bin/stella"
ln -s "$STELLA" "$work/bin/stella-doctor"
PATH=$work/bin:$PATH

ids=$'check.integration.slack\ncheck.integration.smtp\ncheck.integration.teams'
for shell in bash zsh fish; do
    stella 0 completion $shell
    silent "$err"
    cp "$out" "$work/$shell"
    $shell -n "$work/$shell" || fail "$shell does not take it"
done

# by_bash WORD...: completes the last of them; by_zsh and by_fish alike. Sorted lines.
by_bash() {
    bash -c '. "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        _stella_doctor
        printf "%s\n" "${COMPREPLY[@]}"' "$work/bash" "$@" | sort -u
}
# What would offer words prints them; _arguments, its specifications.
by_zsh() {
    zsh -f -c 'compadd() { print -rl -- "$@" }
        _arguments() { shift; print -rl -- "${@//$'\''\n'\''/ }" }
        typeset -A compstate
        script=$1; shift
        words=("$@") CURRENT=$#
        . $script' - "$work/zsh" "$@" | sort -u
}
by_fish() {
    fish --no-config -c "source $work/fish; complete -C '$*'" | cut -f1 | sort -u
}

# is WANTED GOT: all of it. has WORD GOT, lacks WORD GOT: that line of it.
is() {
    [ "$1" = "$2" ] || fail "${2//$'\n'/ }, not ${1//$'\n'/ }"
}
has() {
    grep -qxF -- "$1" <<<"$2" || fail "no $1 in ${2//$'\n'/ }"
}
lacks() {
    if grep -qxF -- "$1" <<<"$2"; then fail "$1 in ${2//$'\n'/ }"; fi
}

commands='completion docs list run settings show'
for by in by_bash by_fish; do
    is doctor "$($by stella '')"
    for program in 'stella doctor' stella-doctor; do
        # shellcheck disable=SC2086 # two words
        {
            got=$($by $program '')
            for command in $commands; do has $command "$got"; done
            is settings "$($by $program se)"
            is "$ids" "$($by $program run --check check)"
            is smtp "$($by $program list --tag sm)"
            is stellaops.doctor.integration "$($by $program list --plugin s)"
            is "$ids" "$($by $program show ch)"
            is helm "$($by $program show check.integration.smtp --platform h)"
            is causes "$($by $program show --section c)"
            is $'json\njsonl\njunit' "$($by $program run --format j)"
            is json "$($by $program list --format j)"
            is --until-pass "$($by $program run --until)"
            is $'lint\nman' "$($by $program docs '' | grep -v -- '^-')"
            got=$($by $program list --)
            has --format "$got"
            lacks --until-pass "$got"
        }
    done
done
touch smtp.ini
is smtp.ini "$(by_bash stella doctor settings --source ini:sm)"
is smtp.ini "$(by_bash stella doctor run --output sm)"
mkdir checks
is checks "$(by_bash stella doctor run --data '')"
# As bash parts "--option=value".
is "$ids" "$(by_bash stella doctor run --check = '')"
is "$ids" "$(by_bash stella doctor run --check =)"
is helm "$(by_bash stella-doctor show --platform = h)"

is doctor "$(by_zsh stella '')"
for program in 'stella doctor' stella-doctor; do
    # shellcheck disable=SC2086 # two words
    {
        got=$(by_zsh $program '')
        for command in $commands; do has $command "$got"; done
        got=$(by_zsh $program run '')
        grep -q -- "^\*--check=\[.*\]:ID:(check.integration.smtp check" <<<"$got" ||
            fail "no ids: $got"
        grep -q -- '^(-f --format)--format=\[.*\]:FORMAT:(text json jsonl junit' <<<"$got" || fail "no formats"
        grep -q -- '^\*:word:(check.integration.smtp ' <<<"$(by_zsh $program show '')" ||
            fail "no ids for show"
        got=$(by_zsh $program list '')
        if grep -q until-pass <<<"$got"; then fail "--until-pass for list"; fi
        grep -q -- '^(-f --format)--format=\[.*\]:FORMAT:(text json)$' <<<"$got" || fail "formats of run: $got"
    }
done

# In a zsh that someone types into: what a line becomes after Tab.
cat >"$work/typed.zsh" <<'EOF'
zmodload zsh/zpty
zpty shell zsh -f -i
type_until() { # PATTERN TEXT: types it, and waits until the pattern is printed
    zpty -w -n shell "$2"
    zpty -r -m shell seen "*$1*" || exit
}
type_until READY "PATH=$PATH; PS1='> '; autoload -U compinit && compinit -D -u; . $1
tell() { print -r -- \"<<\$BUFFER>>\"; BUFFER=; }; zle -N tell; bindkey '^E' tell
print REA\"\"DY"$'\n'
shift
for line; do
    type_until '<<*>>' "$line"$'\t\x05'
    print -r -- "${${seen##*<<}%%>>*}"
done
EOF
typed=('stella do' 'stella doctor'
    'stella doctor lis' 'stella doctor list'
    'stella doctor run --check check.integration.sm' 'stella doctor run --check check.integration.smtp'
    'stella doctor run -c check.integration.t' 'stella doctor run -c check.integration.teams'
    'stella doctor show --section=c' 'stella doctor show --section=causes'
    'stella doctor run --until' 'stella doctor run --until-pass='
    'stella doctor list -f j' 'stella doctor list -f json'
    'stella doctor run --source json:sm' 'stella doctor run --source json:smtp.ini'
    'stella-doctor show check.integration.sl' 'stella-doctor show check.integration.slack'
    'stella-doctor completion z' 'stella-doctor completion zsh')
lines=()
for ((i = 0; i < ${#typed[@]}; i += 2)); do lines+=("${typed[i]}"); done
timeout 60 zsh -f "$work/typed.zsh" "$work/zsh" "${lines[@]}" >"$work/became" || fail "zsh hangs"
for ((i = 1; i < ${#typed[@]}; i += 2)); do
    is "${typed[i]}" "$(sed -n "$((i / 2 + 1)){s/ \$//;p}" "$work/became")"
done

# The words that the scripts ask for, also of other checks.
stella 0 completion ids
is "$ids" "$(sort "$out")"
stella 0 completion tags
[ -z "$(sort "$out" | uniq -d)" ] || fail "a tag twice"
stella 0 completion plugins
is stellaops.doctor.integration "$(cat "$out")"
mkdir -p "$work/data/articles/mine"
printf -- '---\ncheckId: my.check\nplugin: mine\nseverity: fail\ntags: [t]\n---\n# T\n' \
    >"$work/data/articles/mine/a.md"
stella 0 completion ids --data "$work/data"
is my.check "$(cat "$out")"
stella 3 completion csh
stella 3 completion
