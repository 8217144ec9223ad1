#!/usr/bin/env bash
# What passed with warnings makes the exit status 1: each tally counts it, and the reason is
# told where the report ends.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

smtp=check.integration.smtp
why="$smtp passed with greeting-refused"

greet '554 no service here'
refused() {
    local wanted=$1
    shift
    stella "$wanted" run --deep --check $smtp --no-default-sources --set Smtp:Host=127.0.0.1 \
        --set "Smtp:Port=$port" "$@"
}

refused 1
says '^1 pass, 0 fail, 0 skip, 0 error, 1 passed with warnings; seen from '
says "^exit status 1: $why\$"
refused 1 --format json
valid run
holds '.summary == {"pass": 1, "fail": 0, "skip": 0, "error": 0, "passed_with_warnings": 1}'
holds ".exit_code == 1 and .exit_reason == \"$why\" and .results[0].outcome == \"pass\""
refused 1 --format jsonl
valid events
tail -n 1 "$out" >"$work/end"
holds ".summary.passed_with_warnings == 1 and .exit_reason == \"$why\"" "$work/end"
refused 1 --format junit
xmllint --noout --schema "$here/junit.xsd" "$out" 2>"$err" || fail 'not as JUnit has it'
says '<testsuites [^>]* tests="1" failures="1" errors="0"'
says '<failure type="warning" message="Connected to [^"]*; greeting-refused: '

# Rounds pass, and the status is still explained.
refused 1 --until-pass 2 --interval 20ms
says '^the last of 2 rounds; 2 of 2 passed in a row$'
[ "$(tail -n 1 "$out")" = "exit status 1: $why" ] || fail 'the end does not say why'

# Where warnings are forgiven the status is 0, nothing claims another, and no CI is red.
refused 0 --fail-on fail
says '1 passed with warnings; seen from '
! grep -q 'exit status' "$out" || fail 'a status that it does not have'
refused 0 --fail-on fail --format junit
says '<testsuites [^>]* tests="1" failures="0" errors="0"'

kill "${server_PID:?}"
