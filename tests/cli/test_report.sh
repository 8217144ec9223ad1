#!/usr/bin/env bash
# report: the incident note, out of the journal that run keeps.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

journal=$HOME/.local/state/stella/doctor/journal.jsonl

stella 0 report
says '^Nothing was run in that time\.$'
silent "$err"

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
valid report
stella 0 report --output "$work/note.txt"
grep -q 'refused the connection' "$work/note.txt" || fail 'no note in the file'
stella 0 report --since 1ms
says 'Nothing was run'
stella 0 report --all
says 'refused'

# A torn last line is read past and told; a home that cannot be written to is a warning.
printf '{"kind": "ru' >>"$journal"
stella 0 report
says '^1 lines? of the journal could not be read\.$'
export XDG_STATE_HOME=/dev/null
stella 1 run --check check.integration.smtp --no-default-sources --set Smtp:Host=127.0.0.1 \
    --set Smtp:Port=1
says '/dev/null' "$err"
stella 3 report --format junit
