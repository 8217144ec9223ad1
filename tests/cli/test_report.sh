#!/usr/bin/env bash
# report: the incident note, out of the journal that run keeps.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

journal=$HOME/.local/state/stella/doctor/journal.jsonl

stella 0 report
says '^Nothing was run in that time\.$'
silent "$err"
stella 0 report --format json
valid report
holds '.headline == ["Nothing was run in that time."] and .checks == []'

# A run is kept, its secrets are not, and none is where none is wanted.
stella 1 run --check check.integration.smtp --no-default-sources --no-journal \
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1
[ ! -s "$journal" ] || fail 'a journal in spite of --no-journal'
stella 1 run --check check.integration.smtp --no-default-sources \
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1 --set Smtp:Password=hunter2
[ "$(stat -c %a "$journal")" = 600 ] || fail 'the journal is not private'
! grep -q hunter2 "$journal" || fail 'the journal has a password'
stella 0 report
says '  fail check\.integration\.smtp: 127\.0\.0\.1:1 refused the connection'
says '1\. Server not running'
says '^None: no fix was verified\.$'
stella 0 report --format markdown
says '^## What was seen$'
stella 0 report --format json
holds '.schema_version == 1 and .skipped == 0 and .events[0].outcome == "fail"'
holds '.headline[0] | startswith("FAILING  check.integration.smtp: 127.0.0.1:1 refused ")'
holds '.checks[0] | .state == "failing" and .failed_target == "127.0.0.1:1" and
    .first_failed == .last_failed and .failed_runs == 1 and (.evidence | length) > 1 and
    .causes[0].rank == 1 and (.causes[0].because | startswith("port 1 of 127.0.0.1"))'
holds '.done == [] and .proofs == [] and (.vantage | length) > 0'
valid report
stella 0 report --output "$work/note.txt"
grep -q 'refused the connection' "$work/note.txt" || fail 'no note in the file'
stella 0 report --since 1ms
says 'Nothing was run'
stella 0 report --until 2020-01-01
says 'Nothing was run'
stella 0 report --all
says 'refused'

# The period: so long ago in several units, or dates; never one that is not followed.
for since in 2d 1h30m 1.5h 90 "$(date -u +%F)" "$(date -u -d -1hour +%FT%R)"; do
    stella 0 report --since "$since"
    says 'refused'
done
stella 3 report --since yesterday
says 'nor a date such as' "$err"
stella 3 report --all --since 2d
says 'exclude each other' "$err"
stella 3 report --since 2030-01-01
says 'not before now' "$err"
stella 3 report --since 1h --until 2h
says 'not before --until' "$err"

# What says the same again takes a short line, and is counted.
lines=$(wc -l <"$journal")
size=$(wc -c <"$journal")
stella 1 run --check check.integration.smtp --no-default-sources \
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1
stella 1 run --check check.integration.smtp --no-default-sources \
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1
[ "$(wc -l <"$journal")" = $((lines + 2)) ] || fail 'not a line a run'
(($(wc -c <"$journal") - size < 400)) || fail 'what was said again is there again'
stella 0 report
says '^FAILING  check\.integration\.smtp: 127\.0\.0\.1:1 refused'
says 'the same [12] more times?, until'
stella 0 report --format json
holds '[.events[] | select(.kind == "run")][-1].repeated.count >= 1'
valid report

# Each check that failed has its causes; of a webhook the host and the source are told.
stella 1 run --no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=1 \
    --set Slack:WebhookUrl=https://127.0.0.1:1/services/T/B/x
stella 0 report
says '^Causes of check\.integration\.smtp, the most likely first$'
says '^Causes of check\.integration\.slack, the most likely first$'
says 'Slack:WebhookUrl = https://127\.0\.0\.1:1/\*\*\* \(--set\)'
says '^SKIPPED  check\.integration\.teams: '
[ "$(grep -c 'check\.integration\.teams' "$out")" = 1 ] || fail 'a skip is told twice'

# A verdict is there when it is reached: who is killed while digging deeper has lost only
# what that adds.
mv "$journal" "$journal.all"
"$STELLA" doctor run --deep --check check.integration.smtp --no-default-sources \
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1 >"$out" 2>"$err" &
pid=$!
until grep -q '"kind":"run"' "$journal" 2>/dev/null; do
    kill -0 $pid 2>/dev/null || fail 'no verdict in the journal before digging had ended'
done
kill -KILL $pid
wait $pid 2>/dev/null && fail 'it was not killed'
! grep -q '"run-deeper"' "$journal" || fail 'digging had ended before'
stella 0 report
says '^FAILING  check\.integration\.smtp: 127\.0\.0\.1:1 refused'
says ', in one run$'

# Digging that ends is part of its run; what was known takes a short line beside the run's.
deep=(run --deep --check check.integration.smtp --no-default-sources
    --set Smtp:Host=127.0.0.1 --set Smtp:Port=1)
stella 1 "${deep[@]}"
size=$(wc -c <"$journal")
stella 1 "${deep[@]}"
(($(wc -c <"$journal") - size < 300)) || fail 'what digging found again is there again'
stella 0 report
says ', in 3 runs$'
stella 0 report --format json
holds '[.events[].kind] == ["run"] and .events[0].repeated.count == 2'
valid report
mv "$journal.all" "$journal"

# A secret that the settings hold is one wherever it is said: here by a server.
greet '554 we know hunter2zz'
stella 1 run --deep --check check.integration.smtp --no-default-sources \
    --set Smtp:Host=127.0.0.1 --set "Smtp:Port=$port" --set Smtp:Password=hunter2zz
kill "${server_PID:?}"
stella 0 report
says 'found: greeting-refused: .*we know \*\*\*'
says "^PASSES, ANOTHER TARGET, WITH greeting-refused  check\.integration\.smtp: failed at \
127\.0\.0\.1:1, passes at 127\.0\.0\.1:$port: 127\.0\.0\.1:1 refused "
! grep -q hunter2zz "$journal" || fail 'the journal has what the server said'

stella 0 report --format json
valid report
holds '.checks[0] | .state == "passes-elsewhere" and .failed_target == "127.0.0.1:1" and
    (.warnings[0] | startswith("greeting-refused: ")) and .failures >= 1'

# Another program's lines may say anything: what the schema has no word for is no event.
cp "$journal" "$work/journal"
event='"time":"2026-01-01T00:00:00.000Z","pid":1,"check":"c"'
printf '%s\n' "{\"kind\":\"run\",$event,\"outcome\":\"great\",\"summary\":\"s\"}" \
    "{\"kind\":\"step-skipped\",\"walk\":\"w\",$event,\"step\":0}" \
    "{\"kind\":\"walk-began\",\"walk\":\"w\",$event,\"platform\":\"moon\"}" >>"$journal"
stella 0 report --all --format json
valid report
holds '.skipped == 3'
cp "$work/journal" "$journal"

# A torn last line is read past and told.
printf '{"kind": "ru' >>"$journal"
stella 0 report
says '^1 line of the journal could not be read\.$'

# A file that may grow no more, and a home that cannot be written to or is not there, are a
# note: also within JSON, where nothing else is printed.
fails() {
    stella 1 run --check check.integration.smtp --no-default-sources --set Smtp:Host=127.0.0.1 \
        --set Smtp:Port=1 "$@"
}
limited() {
    {
        (
            ulimit -f 1
            exec "$STELLA" doctor run --no-default-sources --set Smtp:Host=127.0.0.1 \
                --set Smtp:Port=1 "$@"
        ) </dev/null 2>&1 || echo $? >"$work/status"
    } | cat >"$out"
    [ "$(cat "$work/status")" = 1 ] || fail "the limit of a file ends it"
}
limited
says 'the journal takes no more: File too large \(.*journal\.jsonl\)'
limited --format json
holds '.journal | startswith("the journal takes no more: File too large")'
valid run
export XDG_STATE_HOME=/dev/null
fails
says 'no journal: Not a directory \(/dev/null' "$err"
fails --format json
silent "$err"
holds '.journal | startswith("no journal: Not a directory")'
valid run
fails --format jsonl
silent "$err"
valid events
unset XDG_STATE_HOME
(
    unset HOME
    stella 0 report
    says '^There is no journal: neither XDG_STATE_HOME nor HOME'
    stella 0 report --format json
    valid report
    fails
    says 'no journal: neither' "$err"
)

# Others must not be able to write into it, or it is not used.
chmod 777 "${journal%/*}"
fails
says 'others may write into its directory' "$err"
stella 3 report
chmod 700 "${journal%/*}"
stella 3 report --format junit
