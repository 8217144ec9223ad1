#!/usr/bin/env bash
# The locale changes neither how keys compare nor how numbers are written.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

export LOCPATH=$work/locale
mkdir "$LOCPATH"
printf 'SMTP__HOST=127.0.0.1\nSMTP__PORT=1\nNOTIFY__EMAIL__HOST=n\n' >"$work/env"
printf '{"SMTP": {"HOST": "m", "PORT": 587.0}}' >"$work/json"
printf 'smtp: {host: m, port: 587.0}' >"$work/values"

for locale in tr_TR.UTF-8 de_DE.UTF-8; do
    localedef -i ${locale%.*} -f UTF-8 "$LOCPATH/$locale"
    export LC_ALL=$locale
    [ "$(locale decimal_point)" = , ] || fail "$locale is not in force"

    stella 0 settings --format json --source "env-file:$work/env"
    valid settings
    holds '.smtp | .host == "127.0.0.1" and .port == 1 and .host_key == "Smtp:Host"'
    holds '.settings[] | select(.key == "Notify:Email:Host").value == "n"'
    stella 1 settings --format json --source "json:$work/json"
    holds '.smtp.error.class == "bad-port" and .settings[1].value == "587.0"'
    stella 0 settings --format json --source "values:$work/values"
    holds '.smtp.port == 587'

    run=(--check check.integration.smtp --source "env-file:$work/env")
    stella 1 run --format json "${run[@]}"
    valid run
    holds '.results[0] | .failure.errno == "ECONNREFUSED" and .duration_ms > 0'
    stella 1 run --format jsonl "${run[@]}"
    valid events
    stella 1 run --format prometheus "${run[@]}"
    says '^stella_doctor_check_duration_seconds\{.*\} [0-9]+\.[0-9]+$'
    stella 1 run --format nagios "${run[@]}"
    says '\| time=[0-9]+\.[0-9]+s;'
    stella 1 run --format junit "${run[@]}"
    says 'time="[0-9]+\.[0-9]+"'
    stella 1 run "${run[@]}" --timeout 0.5s
done
