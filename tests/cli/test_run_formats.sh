#!/usr/bin/env bash
# run: the same exit status in every format, and each format as its readers want it.
# shellcheck disable=SC2016 # backquotes are Markdown here
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

formats=(text json jsonl junit nagios prometheus markdown)
smtp=check.integration.smtp
refused=(--no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=1)

# STATUS ARGUMENT...: in every format.
all_formats() {
    for format in "${formats[@]}"; do
        stella "$1" run --format "$format" "${@:2}"
    done
}

# A check whose failure has severity fail.
mkdir -p "$work/hard/checks" "$work/hard/articles/hard"
printf '[check.hard]\nprobe = tcp\nhost = Smtp:Host\ndefault_port = 1\n' >"$work/hard/checks/hard.ini"
cat >"$work/hard/articles/hard/hard.md" <<'ARTICLE'
---
checkId: check.hard
plugin: hard
severity: fail
tags: [x]
---
# A *hard* <one> | with "marks"
ARTICLE
hard=(--data "$work/hard")

all_formats 0 --no-default-sources
all_formats 0 --demo --check check.integration.teams
all_formats 1 "${refused[@]}"
all_formats 2 "${refused[@]}" "${hard[@]}"
all_formats 3 --check no.such.check
all_formats 3 --demo --deadline 200ms
all_formats 0 --fail-on fail "${refused[@]}"
all_formats 2 --fail-on fail "${refused[@]}" "${hard[@]}"
all_formats 0 --fail-on never "${refused[@]}" "${hard[@]}"
all_formats 3 --fail-on never --demo --deadline 200ms

# What a result does not prove stands on every one, in words of its own.
for format in text json jsonl junit nagios prometheus markdown; do
    stella 1 run --format $format --demo --timeout 300ms
    says 'that it lasts: a host that restarts is silent'
    says 'that it lasts: a service that restarts refuses'
    says 'that the address is a webhook'
    says 'stella doctor run --until-pass 3|--until-pass 3 runs it again'
    stella 0 run --format $format --check $smtp --no-default-sources
    says 'anything about the service, since nothing was connected to'
    stella 3 run --format $format --demo --check $smtp --deadline 200ms
    says 'anything, since it was cancelled'
done

# Nagios: the first line alone tells, its word that of the exit status; the rest is long
# output, where no bar may stand.
first_line() {
    sed -i 1q "$out"
}
stella 1 run --format nagios --check $smtp "${refused[@]}"
says '^cause 1: '
says '^  because port 1 of 127\.0\.0\.1 was refused after [0-9]+ ms'
says '^ruled out: '
says '^  since an answer came back from 127\.0\.0\.1, or from a firewall in its name$'
says '^not proven: that it lasts'
[ "$(tr -cd '|' <"$out")" = '|' ] || fail "a bar in the long output"
first_line
time='=[0-9]+\.[0-9]{6}s;;;0\.000000;5\.000000'
says "^SMTP WARNING - 127\.0\.0\.1:1 refused the connection \(ECONNREFUSED\) \| time$time\$"
stella 0 run --format nagios --demo --check check.integration.teams
says "^TEAMS OK - Connected to 127\.0\.0\.1:[0-9]+ in [0-9]+ ms \| time$time\$"
stella 0 run --format nagios --check $smtp --no-default-sources
says '^SMTP OK - Not configured: [^|]*$'
stella 2 run --format nagios "${refused[@]}" "${hard[@]}"
first_line
says '^HARD CRITICAL - '
stella 3 run --format nagios --check $smtp --demo --deadline 200ms
says '^SMTP UNKNOWN - Cancelled'
stella 1 run --format nagios "${refused[@]}"
says "^DOCTOR WARNING - 1 fail, 0 error, 2 skip, 0 pass: $smtp \| '$smtp'$time\$"
stella 1 run --format nagios --check $smtp --no-default-sources --set 'Smtp:Host=a|b'
[ "$(tr -cd '|' <"$out")" = '' ] || fail "a bar in the text"
says '^SMTP WARNING - Smtp:Host = "a\\x7cb" '
stella 3 run --format nagios --check 'a|b'
says '^DOCTOR UNKNOWN - .*a\\x7cb'

# Prometheus: every metric has its help and type once, before its samples.
stella 1 run --format prometheus --demo --timeout 300ms
awk '
    /^# HELP / { help[$3]++; next }
    /^# TYPE / { if (!help[$3] || $4 != "gauge" || type[$3]++) bad = bad "\n" $0; current = $3; next }
    /^# / { next }
    { name = $1; sub(/{.*/, "", name); if (name != current) bad = bad "\n" $0 }
    !/^[a-z_]+({([a-z]+="([^"\\]|\\.)*",?)+})? -?[0-9.]+$/ { bad = bad "\n" $0 }
    { series = $0; sub(/ [^ ]*$/, "", series) }
    seen[series]++ { bad = bad "\n" $0 }
    END { if (bad) { print "not fit:" bad; exit 1 } }' "$out" >&2 || fail "not Prometheus' format"
plugin='plugin="stellaops.doctor.integration"'
says "^stella_doctor_check_up{id=\"$smtp\",$plugin} 0\$"
says "^stella_doctor_check_up{id=\"check.integration.teams\",$plugin} 1\$"
says "^stella_doctor_check_outcome{id=\"$smtp\",$plugin,outcome=\"fail\"} 1\$"
[ "$(grep -c '^stella_doctor_check_outcome{.* 1$' "$out")" = 3 ] || fail "not one outcome a check"
says "^stella_doctor_check_duration_seconds{id=\"$smtp\",$plugin} 0\.[0-9]+\$"
says "^stella_doctor_check_cause_rank{id=\"$smtp\",$plugin,cause=\"dns\"} 0\$"
says "^stella_doctor_check_cause_rank{id=\"$smtp\",$plugin,cause=\"firewall\"} 1\$"
says "^# $smtp, firewall: because port [0-9]+ of [0-9.]+ stayed silent for"
says "^# $smtp, dns: ruled out, no name was looked up"
if grep 'cause_rank{.*[0-9] ms' "$out"; then fail "a series for what was measured"; fi
says '^stella_doctor_run_exit_code 1$'
stamp=$(sed -n 's/^stella_doctor_run_timestamp_seconds //p' "$out")
(($(date +%s) - stamp < 60)) || fail "a wrong time: $stamp"
stella 0 run --format prometheus --no-default-sources
[ "$(grep -c '^stella_doctor_check_up{' "$out")" = 0 ] || fail "a skip is up or down"

# JUnit: fits the schema, and carries what was found.
junit() {
    xmllint --noout --schema "$here/junit.xsd" "$out" >"$err" 2>&1 || fail "not JUnit's format"
}
finds() {
    [ "$(xmllint --xpath "$1" "$out")" = "$2" ] || fail "not $2: $1"
}
stella 1 run --format junit --demo --timeout 300ms
junit
finds 'string(/testsuites/@failures)' 2
finds 'count(//testcase)' 3
finds "string(//testcase[@name='check.integration.slack']/failure/@type)" refused
finds "contains(//testcase[@name='$smtp']/failure, 'causes   1. ')" true
stella 3 run --format junit --demo --deadline 200ms
junit
finds 'count(//testcase/error[@type="cancelled"])' 1
stella 0 run --format junit --no-default-sources
junit
finds 'count(//testcase/skipped)' 3
finds 'count(//testcase/system-out[contains(., "unproven")])' 3
stella 2 run --format junit "${refused[@]}" "${hard[@]}"
junit
finds "contains(//failure, 'A *hard* <one> | with \"marks\"')" true
stella 0 run --format junit --only-problems --no-default-sources
junit

# Markdown: a table a row a check, and nothing that a text could turn into more.
stella 1 run --format markdown --demo --timeout 300ms
says '^# stella doctor: 1 pass, 2 fail, 0 skip, 0 error$'
says '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z, seen from '
says "^\| fail \| $smtp \| warn \| Timed out .* \| [0-9.]+ ms \|\$"
says "^## Failed: $smtp, SMTP Email Connectivity\$"
says '^\| connect \| timeout \| [0-9.]+ ms \|'
says '^\| 127\.0\.0\.1 \| [0-9]+ \| timeout \|  \| [0-9.]+ ms \|$'
says '^- \*\*1\.\*\* '
says '^  - because '
says '^Read on: `stella doctor show check\.integration\.smtp`$'
stella 2 run --format markdown "${refused[@]}" "${hard[@]}"
says '^## Failed: check\.hard, A \\\*hard\\\* \\<one\\> \\\| with "marks"$'
stella 1 run --format markdown --check $smtp --no-default-sources --set 'Smtp:Host=`a`|<b>'
says '^\| fail \| .*\\`a\\`\\\|\\<b\\>'

# Text: --quiet says what is wrong, with its limits, and nothing else; --only-problems leaves the rest out.
stella 0 run --quiet --demo --check check.integration.teams
silent "$out"
stella 1 run --quiet "${refused[@]}"
says "^FAIL   $smtp "
says '^       unproven -  that it lasts'
[ "$(grep -cE '^[^ ]|^       [^ ]' "$out")" = 3 ] || fail "more than a headline and its limits"
stella 1 run --only-problems --demo --timeout 300ms
says '^1 pass, 2 fail, 0 skip, 0 error; seen from '
if grep -q '^PASS' "$out"; then fail "a pass is shown"; fi
stella 0 run --demo --skip $smtp --skip check.integration.slack
says '^1 pass, 0 fail'
stella 3 run --demo --skip check.integration.smpt
says 'unknown check check\.integration\.smpt; did you mean check\.integration\.smtp\?' "$err"
stella 3 run --demo --check $smtp --skip $smtp
