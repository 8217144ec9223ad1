#!/usr/bin/env bash
# run --output: the whole report or the old one, in every format.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

report=$work/reports/report
refused=(--no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=1)
mkdir "$work/reports"

only_report() {
    [ "$(ls -A "$work/reports")" = report ] || fail "left behind: $(ls -A "$work/reports")"
}

for format in text json jsonl junit nagios prometheus markdown; do
    stella 1 run --format $format --output "$report" "${refused[@]}"
    silent "$out"
    silent "$err"
    [ -s "$report" ] || fail "no report in $format"
    [ -z "$(tail -c 1 "$report")" ] || fail "the last line of $format has no end"
    only_report
done

# Mode: 0644 without the umask's; an existing file's stays.
mode() {
    [ "$(stat -c %a "$report")" = "$1" ] || fail "mode $(stat -c %a "$report") instead of $1"
}
rm "$report"
(umask 027 && stella 1 run --output "$report" "${refused[@]}")
mode 640
chmod 604 "$report"
stella 1 run --output "$report" "${refused[@]}"
mode 604

# A link is followed, and stays one.
ln -s report "$work/reports/link"
stella 1 run --format json --output "$work/reports/link" "${refused[@]}"
[ -L "$work/reports/link" ] || fail "the link is gone"
valid run "$report"
rm "$work/reports/link"

# What cannot be written is known before anything runs, and nothing is touched.
for wrong in "$work/none/report" "$work/reports" /dev/null; do
    stella 3 run --output "$wrong" --until-pass 9 "${refused[@]}"
    silent "$out"
    [ "$(wc -l <"$err")" = 1 ] || fail "not one line"
    says "$wrong: " "$err"
done
[ -c /dev/null ] || fail "/dev/null was replaced"
only_report

# No room: the old report stays, and the status tells. 4 KiB is less than a report.
echo old >"$report"
(
    ulimit -f 4
    trap '' XFSZ
    stella 3 run --format json --output "$report" --demo --timeout 200ms
)
[ "$(cat "$report")" = old ] || fail "the old report is gone"
only_report

# Cancelled: the report is written all the same.
"$STELLA" doctor run --format json --output "$report" --demo --timeout 60s >"$out" 2>"$err" &
pid=$!
takes_signals $pid
[ "$(cat "$report")" = old ] || fail "a report before the end"
kill -INT $pid
status=0
wait $pid || status=$?
[ $status = 130 ] || { jq -c "[.exit_code,(.results[]|[.id,.outcome,.failure,.summary,.phases,.attempts])]" "$report"; fail "status $status"; }
silent "$out"
valid run "$report"
holds '.exit_code == 130 and .results[0].failure.kind == "cancelled"' "$report"
only_report
