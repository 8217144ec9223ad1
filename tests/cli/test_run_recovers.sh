#!/usr/bin/env bash
# run --until-pass: a service that comes up while it is waited for.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A port that refuses until a line tells the server to listen.
coproc server {
    exec /usr/bin/python3 -c '
import socket, sys
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
sys.stdin.readline()
listener.listen(64)
print("listens", flush=True)
sys.stdin.read()'
}
read -r port <&"${server[0]}"

exec 3< <(exec "$STELLA" doctor run --format jsonl --check check.integration.smtp \
    --no-default-sources --set Smtp:Host=127.0.0.1 --set "Smtp:Port=$port" \
    --until-pass 2 --interval 20ms --for 30s)
pid=$!
while read -r line <&3 && echo "$line" >>"$out" && [[ $line != *'"event":"round","round":2'* ]]; do
    :
done
echo >&"${server[1]}"
read -r line <&"${server[0]}"
[ "$line" = listens ] || fail "the server does not listen"
cat <&3 >>"$out"
status=0
wait $pid || status=$?
[ $status = 0 ] || fail "exit status $status instead of 0"
valid events
jq -s . "$out" >"$work/lines"
holds 'last | .event == "end" and .exit_code == 0 and .rounds.run >= 3 and
       .rounds.passed_in_a_row == 2 and .rounds.wanted == 2' "$work/lines"
holds '[.[] | select(.event == "result") | .outcome] == ["pass"]' "$work/lines"
holds '[.[] | select(.event == "attempt" and .errno == "ECONNREFUSED")] | length >= 1' "$work/lines"

# It then answers every format at once.
for format in text json jsonl junit nagios prometheus markdown; do
    stella 0 run --format $format --check check.integration.smtp --no-default-sources \
        --set Smtp:Host=127.0.0.1 --set "Smtp:Port=$port" --until-pass 2 --interval 10ms
done
