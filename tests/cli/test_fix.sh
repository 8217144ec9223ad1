#!/usr/bin/env bash
# fix: the steps of a walkthrough, printed; the walkthrough itself is tested on a screen.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

printf 'Smtp__Host=mail.example\nSmtp__Port=2525\nSmtp__Password=hunter2\n' >.env
dry() {
    stella 0 fix check.integration.smtp --dry-run --no-default-sources --source env-file:.env "$@"
    silent "$err"
    ! grep -q hunter2 "$out" || fail 'a password is printed'
    ! grep -q 'smtp\.example\.com' "$out" || fail 'a placeholder is left'
}

dry
says '^Compose: Smtp:Host is set in \.env:1$'
says '^1/7  Look at what is configured'
says '^    Smtp__Host=mail\.example|Smtp__Host=mail\.example Smtp__Port=2525'
says '^  host: mail\.example, Smtp:Host, \.env:1$'
says '^3/7  Or without bash: nc'
dry --platform systemd
says '^Bare Metal / systemd$'
says '^  restarts, takes the terminal$'
dry --platform helm
says '^      host: mail\.example$'
says '^    helm upgrade stellaops \./chart -f values\.yaml$'
[ ! -e "$HOME/.local/state/stella/doctor/journal.jsonl" ] || fail 'a dry run is journaled'

# A value that a shell would act on is printed as what the shell reads as that value.
stella 0 fix check.integration.slack --dry-run --no-default-sources \
    --set 'Slack:WebhookUrl=https://hooks.example/services/T/hunter2'
says 'hooks\.example 443'
! grep -q hunter2 "$out" || fail 'the path of a webhook is printed'

# Nothing in force blocks what looks, and says so.
stella 0 fix check.integration.smtp --dry-run --no-default-sources --platform compose
says '^  blocked: '

stella 3 fix check.integration.smtp --no-default-sources
says 'needs a terminal; --dry-run prints its steps' "$err"
stella 3 fix check.no.such --dry-run
says 'there is no check check\.no\.such' "$err"
stella 3 fix
stella 3 fix check.integration.smtp --dry-run --platform nomad
