#!/usr/bin/env bash
# list and show: what there is, and an article or parts of it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

smtp=check.integration.smtp

# The built-in set.
stella 0 list --format json
valid list
silent "$err"
holds '.checks | map(.id) == ["check.integration.smtp", "check.integration.slack",
       "check.integration.teams"]'
holds '.checks[0] == {"id": "check.integration.smtp", "plugin": "stellaops.doctor.integration",
       "tags": ["connectivity", "email", "smtp"], "severity": "warn",
       "title": "SMTP Email Connectivity", "wired": true, "timeout_ms": 5000,
       "article": "stella doctor show check.integration.smtp"}'
holds '.problems == []'
stella 0 list --format json --tag smtp
holds '.checks | map(.id) == ["check.integration.smtp"]'
stella 0 list --format json --plugin stellaops.doctor.integration --tag email --tag teams
holds '.checks | length == 2'
stella 0 list
says "^warn  $smtp   SMTP Email Connectivity  \\[connectivity, email, smtp\\]\$"
[ "$(grep -c '^stellaops\.doctor\.integration$' "$out")" = 1 ] || fail "not one line a plugin"

# A folder with a check, an article alone, and a file with a mistake.
data=$work/data
mkdir -p "$data/checks" "$data/articles/p"
article() {
    printf -- '---\ncheckId: %s\nplugin: p\nseverity: fail\ntags: [x]\n---\n# %s\n' "$1" "$1" \
        >"$data/articles/p/$1.md"
}
article check.wired
article check.read
printf '[check.wired]\nprobe = tcp\nhost = A:Host\ndefault_port = 1\ntimeout = 250ms\n' \
    >"$data/checks/wired.ini"
printf '[check.none\n' >"$data/checks/broken.ini"
stella 0 list --format json --data "$data"
valid list
silent "$err"
holds '[.checks[] | [.id, .wired, .timeout_ms]] ==
       [["check.wired", true, 250], ["check.read", false, null]]'
holds '.problems | length == 1 and (.[0] | test("broken.ini:1: "))'

# What does not exist has a suggestion, as JSON where JSON was asked for.
for wrong in '--tag smpt=smtp' '--plugin stellaops.doctor.integratoin=stellaops.doctor.integration' \
    '--format jsno=json' '--formt'; do
    # shellcheck disable=SC2086 # two words
    stella 3 list ${wrong%=*}
    silent "$out"
    [ "$wrong" = "${wrong%=*}" ] || says "did you mean ${wrong#*=}\\?\$" "$err"
    [ "$(wc -l <"$err")" = 1 ] || fail "more than one line"
done
for wrong in '--tag smpt' '--bad' '--tag' 'word' "--set A=b" "--data $work/none"; do
    # shellcheck disable=SC2086 # two words
    stella 3 list --format json $wrong
    valid list
    silent "$err"
    holds 'has("error")'
done
stella 3 list --tag smtp --plugin nothing

# show: the whole article, a section, the steps of a platform.
stella 0 show $smtp
silent "$err"
for heading in 'What It Checks' 'Why It Matters' 'Common Causes' 'How to Fix' 'Docker Compose' \
    'Bare Metal / systemd' 'Kubernetes / Helm' 'Verification' 'Related Checks'; do
    says "^$heading\$"
done
if grep -E '^.{81}' "$out" >&2; then fail "a line over 80 columns"; fi
cp "$out" "$work/whole"
for section in what why causes fix verify related; do
    stella 0 show $smtp --section $section
    grep -vxFf "$work/whole" "$out" >&2 && fail "--section $section has other lines"
    headings=$(grep -cxE 'What It Checks|Why It Matters|Common Causes|How to Fix|Verification|Related Checks' "$out")
    [ "$headings" = 1 ] || fail "--section $section has $headings headings"
done
stella 0 show $smtp --section fix --platform systemd
says '^Bare Metal / systemd$'
if grep -qE '^(Docker Compose|Kubernetes / Helm)$' "$out"; then fail "another platform's steps"; fi
stella 0 show --platform helm $smtp
says '^Why It Matters$'
says '^Kubernetes / Helm$'
if grep -q '^Docker Compose$' "$out"; then fail "another platform's steps"; fi
stella 0 show $smtp --ascii
if LC_ALL=C grep -q '[^ -~]' "$out"; then fail "not ASCII"; fi

# Every row of related checks leads to a check that can be shown.
for id in $("$STELLA" doctor completion ids); do
    stella 0 show "$id" --section related
done

# What is wrong with the question.
stella 3 show check.integration.smpt
says 'unknown check check\.integration\.smpt; did you mean check\.integration\.smtp\?' "$err"
stella 3 show
stella 3 show a b
stella 3 show $smtp --section fxi
says 'did you mean fix\?' "$err"
stella 3 show $smtp --platform docker
stella 3 show check.read --data "$data" --section causes
says 'has no section' "$err"

# The commands: help of each, made of the table; a misspelt one is told.
for command in run list show settings docs completion; do
    stella 0 $command --help
    silent "$err"
    says "^Usage: stella doctor $command"
    says '^Exit status: 0'
done
stella 3 lst
says 'unknown command lst; did you mean list\?' "$err"
stella 0 --version
says '^[^ ]+.* [0-9]+\.[0-9]+\.[0-9]+'
