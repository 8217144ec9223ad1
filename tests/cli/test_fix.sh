#!/usr/bin/env bash
# fix: the steps of a walkthrough, printed; the walkthrough itself is tested on terminals.
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

# From below the project the steps run in it: it is named, and only for its platform.
mkdir -p sub/deeper
touch compose.yaml
(
    cd sub/deeper || exit
    stella 0 fix check.integration.smtp --dry-run --no-default-sources --set Smtp:Host=h
    says '^Compose: .*/compose\.yaml, above this directory$'
    says "^  reads, in $(cd ../.. && pwd -P)\$"
    stella 0 fix check.integration.smtp --dry-run --no-default-sources --set Smtp:Host=h \
        --platform systemd
    ! grep -q ', in /' "$out" || fail 'systemd has no directory'
) || fail 'the directory of the steps'

# A value that a shell would act on is printed as what the shell reads as that value.
stella 0 fix check.integration.slack --dry-run --no-default-sources \
    --set 'Slack:WebhookUrl=https://hooks.example/services/T/hunter2'
says 'hooks\.example 443'
! grep -q hunter2 "$out" || fail 'the path of a webhook is printed'

# Nothing in force blocks what looks, and says so.
stella 0 fix check.integration.smtp --dry-run --no-default-sources --platform compose
says '^  blocked: '

# Nobody can be asked, so nothing is run, be it that an answer lies ready; --plain is no help.
for option in --platform=compose --plain --read-only; do
    stella 3 fix check.integration.smtp --no-default-sources --source env-file:.env "$option"
    says '^stella doctor: nobody can be asked here \(standard input is not a terminal\), so nothing is run: these are the steps$' "$err"
    [ "$(wc -l <"$err")" = 1 ] || fail 'more than one line of complaint'
    mv "$out" "$work/printed"
    stella 0 fix check.integration.smtp --no-default-sources --source env-file:.env "$option" --dry-run
    cmp -s "$out" "$work/printed" || fail 'not the steps of --dry-run'
done
status=0
yes y | "$STELLA" doctor fix check.integration.smtp --no-default-sources --source env-file:.env \
    >"$out" 2>"$err" || status=$?
[ $status = 3 ] || fail "exit status $status of a pipe"
says '^1/7  Look at what is configured'
[ ! -e "$HOME/.local/state/stella/doctor/journal.jsonl" ] || fail 'what is only printed is journaled'

# Where the article has no steps for the platform, a script gets no other ones.
mkdir -p data/articles/p data/checks
printf '[check.own]\nprobe = tcp\nhost = Smtp:Host\ndefault_port = 25\n' >data/checks/own.ini
cat >data/articles/p/own.md <<'END'
---
checkId: check.own
plugin: p
severity: warn
tags: [a]
---
# Own
## How to Fix
### Kubernetes / Helm
```bash
# Look
ls
```
END
stella 3 fix check.own --dry-run --data data --no-default-sources --platform systemd
silent "$out"
says '^stella doctor: the article of check\.own has no steps for Bare Metal / systemd; it has them for Kubernetes / Helm$' "$err"
stella 0 fix check.own --dry-run --data data --no-default-sources --platform helm
says '^Kubernetes / Helm$'
stella 0 fix check.own --dry-run --data data --no-default-sources
says '^Kubernetes / Helm$'
! grep -q 'chosen by hand' "$out" || fail 'nobody chose it by hand'

stella 3 fix check.no.such --dry-run
says 'there is no check check\.no\.such' "$err"
stella 3 fix
stella 3 fix check.integration.smtp --dry-run --platform nomad
