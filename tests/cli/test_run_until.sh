#!/usr/bin/env bash
# run: rounds until enough passed in a row, deadlines, signals, and progress.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

teams=check.integration.teams
slack=check.integration.slack

# Reached: the last round is reported, and how many there were.
stella 0 run --format json --demo --check $teams --until-pass 3 --interval 20ms
valid run
holds '.exit_code == 0 and .rounds == {"run": 3, "passed_in_a_row": 3, "wanted": 3}'
holds '(.results | length) == 1 and .summary.pass == 1'
stella 0 run --demo --check $teams --until-pass 2 --interval 20ms
says '^the last of 2 rounds; 2 of 2 passed in a row$'
[ "$(grep -c '^PASS' "$out")" = 1 ] || fail "more than the last round"

# Skips are no failures.
stella 0 run --format json --no-default-sources --until-pass 2 --interval 20ms
holds '.rounds.run == 2'

# Not reached: the status of the last round, and never 0.
stella 1 run --format json --demo --check $slack --until-pass 1 --interval 50ms --for 200ms
holds '.rounds | .run >= 2 and .run <= 4 and .passed_in_a_row == 0'
stella 3 run --format json --demo --check $teams --until-pass 100 --interval 50ms --for 200ms
holds '.exit_code == 3 and .summary.pass == 1 and .rounds.passed_in_a_row >= 2'
stella 3 run --fail-on never --demo --check $slack --until-pass 1 --interval 50ms --for 120ms

# Rounds never overlap: one that takes longer than the interval begins the next.
stella 1 run --format json --demo --check check.integration.smtp --timeout 150ms \
    --until-pass 1 --interval 10ms --for 400ms
holds '.rounds | .run >= 2 and .run <= 4'

# jsonl tells the rounds, and the results of the last one alone.
stella 0 run --format jsonl --demo --check $teams --until-pass 2 --interval 20ms
valid events
jq -s . "$out" >"$work/lines"
holds '[.[] | select(.event == "round") | .round] == [1, 2]' "$work/lines"
holds '[.[] | select(.event == "result")] | length == 1' "$work/lines"
holds '[.[] | select(.event == "phase" and .name == "connect" and .status == "ok")] | length == 2' \
    "$work/lines"

# The deadline ends a pause and a round alike.
SECONDS=0
stella 1 run --demo --check $slack --until-pass 1 --interval 1h --for 2h --deadline 300ms
stella 3 run --demo --check $teams --until-pass 2 --interval 1h --for 2h --deadline 300ms
stella 3 run --format json --demo --timeout 60s --until-pass 1 --deadline 300ms
holds '.exit_code == 3 and .summary.error == 1'
((SECONDS < 20)) || fail "the deadline held for $SECONDS s"

# A signal ends a pause, with a report.
for signal in HUP INT TERM; do
    exec 3< <(exec "$STELLA" doctor run --format jsonl --demo --check $slack --until-pass 1 \
        --interval 1h --for 2h)
    pid=$!
    while read -r line <&3 && [[ $line != *'"name":"connect"'*'"failed"'* ]]; do :; done
    kill -$signal $pid
    cat <&3 >"$out"
    status=0
    wait $pid || status=$?
    wanted=$((128 + $(kill -l $signal)))
    [ $status = $wanted ] || fail "exit status $status instead of $wanted"
    valid events
    says "\"event\":\"end\".*\"exit_code\":$wanted"
done

# Under nohup a lost line ends nothing.
exec 3< <(trap '' HUP && exec "$STELLA" doctor run --format jsonl --demo --check $slack \
    --until-pass 1 --interval 1h --for 2h)
pid=$!
while read -r line <&3 && [[ $line != *'"name":"connect"'*'"failed"'* ]]; do :; done
kill -HUP $pid
kill -INT $pid
status=0
wait $pid || status=$?
[ $status = 130 ] || fail "exit status $status instead of 130"

# Digging deeper that is cut short: a failure stands, a pass is none for sure, and a line says so.
coproc silent {
    exec /usr/bin/python3 -c '
import signal, socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
signal.pause()'
}
read -r port <&"${silent[0]}"
quiet=(--check check.integration.smtp --no-default-sources --set Smtp:Host=127.0.0.1
    --set "Smtp:Port=$port" --deep --deadline 1s)
cut='digging deeper was cut short by the deadline: the verdicts stand'
stella 1 run --demo --check $slack --deep --deadline 1s
says "$cut" "$err"
stella 3 run "${quiet[@]}"
says '^1 pass, 0 fail'
says "$cut" "$err"
stella 3 run --format json "${quiet[@]}"
holds '.cut and .summary.pass == 1 and .exit_code == 3'
valid run
stella 3 run --format jsonl "${quiet[@]}"
valid events
stella 3 run --format nagios "${quiet[@]}"
says "^SMTP UNKNOWN - .*; $cut"
stella 0 run --fail-on never --demo --check $slack --deep
stella 3 run --fail-on never --demo --check $slack --deep --deadline 1s
stella 3 run --demo --timeout 60s --deep --deadline 300ms
! grep -q "$cut" "$err" || fail 'verdicts that are not there stand'
kill "${silent_PID:?}"

# Progress: one line on a terminal's stderr, at most five times a second, erased at
# the end; nothing where stderr is none, and nothing on stdout.
on_terminal() {
    script -qec "$STELLA doctor run $* >$out" /dev/null >"$err" </dev/null || true
}
stella 1 run --demo --timeout 1s
silent "$err"
on_terminal --demo --timeout 1s
says $'\r2 of 3 done, 0\\.[0-9] s: check\\.integration\\.smtp connect' "$err"
frames=$(tr '\r' '\n' <"$err" | grep -c 'done, ')
((frames >= 1 && frames <= 6)) || fail "$frames frames in about a second"
[ -z "$(tr '\r' '\n' <"$err" | tail -n 1 | tr -d ' \n')" ] || fail "the line stays"
if grep -q 'of 3 done' "$out"; then fail "progress on stdout"; fi
on_terminal --quiet --demo --timeout 400ms
silent "$err"
on_terminal --demo --check $teams --until-pass 2 --interval 20ms
says 'round 2: 1 pass, 0 fail, 0 skip, 0 error; 2 of 2 passed in a row' "$err"
