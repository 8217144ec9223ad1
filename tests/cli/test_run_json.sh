#!/usr/bin/env bash
# run --format json and jsonl: the contract, by schema and by value.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

smtp=check.integration.smtp
closed=(--no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=1)

# A failure, with provenance.
printf '[Smtp]\nHost = 127.0.0.1\nPort = 1\n' >"$work/smtp.ini"
stella 1 run --format json --check $smtp --source "ini:$work/smtp.ini"
valid run
silent "$err"
holds '.schema_version == 1 and .exit_code == 1 and (.results | length) == 1'
holds '.summary == {"pass": 0, "fail": 1, "skip": 0, "error": 0, "passed_with_warnings": 0}'
holds '.results[0] | .id == "check.integration.smtp" and .outcome == "fail" and .severity == "warn"'
holds '.results[0].failure == {"kind": "refused", "phase": "connect", "errno": "ECONNREFUSED"}'
holds '.results[0].target == {"host": "127.0.0.1", "port": 1,
       "host_from": {"source": 0, "line": 2}, "port_from": {"source": 0, "line": 3}}'
holds '.results[0].attempts[0] | .address == "127.0.0.1" and .port == 1 and .errno == "ECONNREFUSED"'
holds '.results[0] | .nameservers == [] and .contrasts == []'
holds '[.results[0].phases[].name] == ["lookup", "connect"]'
holds '.results[0].timeout_ms == 5000 and .results[0].duration_ms < 5000'
holds '.results[0].related == ["check.integration.slack", "check.integration.teams"]'
holds '.results[0].article == "stella doctor show check.integration.smtp"'
holds ".sources == [{\"kind\": \"ini\", \"path\": \"$work/smtp.ini\", \"status\": \"ok\"}]"
holds '(now - (.started_at | fromdate)) | . >= 0 and . < 60'
[ "$(wc -l <"$out")" = 1 ] || fail "more than one line"

# The default port comes from nowhere.
stella 1 run --format json --check $smtp --no-default-sources --set Smtp:Host=127.0.0.1
valid run
holds '.results[0].target | .port == 587 and has("host_from") and (has("port_from") | not)'

# A pass, and a check of each outcome beside it.
stella 1 run --format json --demo --timeout 300ms --deadline 10s
valid run
holds '.summary == {"pass": 1, "fail": 2, "skip": 0, "error": 0, "passed_with_warnings": 0}'
holds '[.results[].failure.kind] == ["timeout", "refused", null]'
# Beside the silence other ports of the host were tried.
holds '[.results[0].contrasts[].port] == [25, 465, 587, 2525, 443]'
holds 'all(.results[0].contrasts[]; .address == "127.0.0.1")'

# Skips: nothing is configured.
stella 0 run --format json --no-default-sources
valid run
holds '.summary.skip == 3 and .sources == []'
holds 'all(.results[]; .phases == [] and (has("target") | not) and (has("failure") | not))'

# A file with which the platform could not start: configuration, by severity.
printf '{"Smtp": {"Host": "mail.example",}, oops' >"$work/broken.json"
stella 1 run --format json --check $smtp --source "json:$work/broken.json"
valid run
holds '.results[0].failure == {"kind": "configuration"} and .results[0].phases == []'
holds '.sources[0] | .status == "error" and .error.class == "parse" and .error.line == 1'
stella 1 run --format json --check $smtp --no-default-sources --set Smtp:Host='two words'
valid run
holds '.results[0] | .outcome == "fail" and .failure.kind == "configuration"'

# A deadline leaves checks without a verdict.
stella 3 run --format json --demo --deadline 300ms
valid run
holds '.summary.error == 1 and .exit_code == 3'
holds '.results[0] | .outcome == "error" and .failure.kind == "cancelled"'

# Wiring that does not load is no verdict either, and not cancelled.
mkdir -p "$work/data/checks"
cp -r "$root/data/articles" "$work/data"
printf '[%s]\nprobe = tcp\nhost = \n' $smtp >"$work/data/checks/broken.ini"
stella 3 run --format json --data "$work/data" --check $smtp --no-default-sources
valid run
silent "$err"
holds '.results[0] | .outcome == "error" and (has("failure") | not)'

# Errors are JSON too, and nothing else.
for wrong in "--check check.integration.smpt" "--no-such-option" "--timeout never" \
    "--source ini:$work/missing.ini" "--output $work/missing/out.json" "--set nothing"; do
    # shellcheck disable=SC2086 # two words
    stella 3 run --format json $wrong
    valid run
    silent "$err"
    holds 'has("error") and (has("results") | not)'
done
stella 3 run --format json --check check.integration.smpt
holds '.error.message | contains("did you mean check.integration.smtp?")'

# --only-problems leaves results out, not counts.
stella 1 run --format json --only-problems --demo --timeout 300ms
valid run
holds '.summary.pass == 1 and ([.results[].outcome] == ["fail", "fail"])'

# jsonl: every line stands alone, in an order that can be followed.
stella 1 run --format jsonl --demo --timeout 300ms
valid events
jq -s . "$out" >"$work/lines"
holds 'first.event == "start" and last.event == "end" and last.exit_code == 1' "$work/lines"
holds '[.[] | select(.event == "result") | .outcome] == ["fail", "fail", "pass"]' "$work/lines"
holds "[.[] | select(.id == \"$smtp\") | [.event, .name // .address, .status]] | .[:-1] == [
    [\"phase\", \"lookup\", \"running\"], [\"phase\", \"lookup\", \"ok\"],
    [\"phase\", \"connect\", \"running\"], [\"attempt\", \"127.0.0.1\", \"running\"],
    [\"attempt\", \"127.0.0.1\", \"timeout\"], [\"phase\", \"connect\", \"timeout\"]]" "$work/lines"
stella 1 run --format jsonl "${closed[@]}" --only-problems
jq -s . "$out" >"$work/lines"
holds '[.[] | select(.event == "result") | .id] == ["check.integration.smtp"]' "$work/lines"

# The result that streams is the one of the report.
members='del(.event, .duration_ms, .phases[].ms, .attempts[].ms, .causes, .summary)'
jq -S "select(.event == \"result\") | $members" "$out" >"$work/streamed"
stella 1 run --format json --check $smtp "${closed[@]}"
jq -S ".results[0] | $members" "$out" | diff - "$work/streamed" || fail "the two differ"

# It streams: the first lines are there while a check still runs.
exec 3< <(exec "$STELLA" doctor run --format jsonl --demo --timeout 60s)
pid=$!
while read -r line <&3 && [[ $line != *'"attempt"'*'"running"'* ]]; do :; done
kill -INT $pid
cat <&3 >"$out"
status=0
wait $pid || status=$?
[ $status = 130 ] || fail "exit status $status instead of 130"
valid events
says '"event":"end",.*"exit_code":130'
