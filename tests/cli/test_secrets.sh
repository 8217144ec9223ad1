#!/usr/bin/env bash
# No secret leaves: a marker stands wherever one can, and is looked for in everything
# that any command prints, writes or says when it fails.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

marker=Sesam-oeffne-dich
sources=$work/sources
formats=(text json jsonl junit nagios prometheus markdown)
mkdir "$sources"

url="https://user:$marker@127.0.0.1:1/services/$marker?token=$marker#$marker"
long=$(printf '%400s' '' | tr ' ' x)
names=(Smtp__Password Smtp__Token Smtp__ClientSecret Smtp__ApiKey)

# In every kind of source: secrets by key, in a URL, and before an "@".
cat >"$sources/json" <<JSON
{"Smtp": {"Host": "user:$marker@127.0.0.1", "Port": "1", "Password": "$marker", "Token": "$marker",
          "ClientSecret": "$marker", "ApiKey": "$marker"},
 "Slack": {"WebhookUrl": "$url"},
 "Teams": {"WebhookUrl": "https://127.0.0.1:1/$long/$marker"}}
JSON
cat >"$sources/ini" <<INI
[Smtp]
Host = user:$marker@127.0.0.1
Password = $marker
ApiKey = "$marker"
[Slack]
WebhookUrl = $url
[Teams]
WebhookUrl = no url $marker
INI
cat >"$sources/values" <<YAML
smtp:
  host: user:$marker@127.0.0.1
  password: $marker
slack: {webhookUrl: "$url"}
env:
  - {name: Smtp__Password, value: $marker}
  - {name: Slack__WebhookUrl, value: "$url"}
YAML
{
    echo "Smtp__Host=user:$marker@127.0.0.1"
    for name in "${names[@]}"; do echo "$name=$marker"; done
    echo "Slack__WebhookUrl=$url"
    echo "Teams__WebhookUrl=https://127.0.0.1:99999/$marker"
} >"$sources/env-file"
cp "$sources/env-file" "$sources/unit-env-file"
cp "$sources/env-file" "$sources/docker-env-file"
tr '\n' '\0' <"$sources/env-file" >"$sources/environ"
sed 's/__/:/; s/^/--/' "$sources/env-file" | tr '\n' '\0' >"$sources/cmdline"

# The same, broken: what follows the mistake, what stands on its line, what is cut.
cat >"$sources/json.duplicate" <<JSON
{"Smtp": {"Password": "$marker", "password": "$marker"}, "Slack": {"WebhookUrl": "$url"}}
JSON
sed "s/\"Password\": /&$marker /" "$sources/json" >"$sources/json.bare"
sed "s/$marker/&\\\\x/" "$sources/json" >"$sources/json.escape"
printf '{"Smtp": {"Password": "%s\xff"}}' "$marker" >"$sources/json.bytes"
head -c 140 "$sources/json" >"$sources/json.cut"
printf '"%s"' "$marker" >"$sources/json.root"
printf '[Smtp]\nPassword %s\n' "$marker" >"$sources/ini.line"
printf '[Smtp\nPassword = %s\n' "$marker" >"$sources/ini.section"
printf '[Smtp]\nPassword = %s\npassword = %s2\n' "$marker" "$marker" >"$sources/ini.twice"
printf 'smtp:\n  password: "%s\n' "$marker" >"$sources/values.cut"
printf 'smtp: {password: %s, : %s\n' "$marker" "$marker" >"$sources/values.flow"
printf 'smtp:\n  password: *%s\n' "$marker" >"$sources/values.alias"
printf 'smtp:\n  password: !!int %s\n' "$marker" >"$sources/values.tag"
printf 'smtp:\n  password: a\n  password: %s\n' "$marker" >"$sources/values.twice"
printf '%s\n' "$marker" >"$sources/values.root"
for kind in env-file unit-env-file docker-env-file; do
    printf 'Smtp__Password="%s\n' "$marker" >"$sources/$kind.cut"
    printf 'Smtp__Password=$%s{%s:?%s}\n' "" "$marker" "$marker" >"$sources/$kind.variable"
    printf 'Smtp__Password: %s\n%s %s=x\n' "$marker" "$marker" "$marker" >"$sources/$kind.words"
    printf 'Smtp__Password=%s\xff\xfe\n' "$marker" >"$sources/$kind.bytes"
done
printf 'Smtp__Password=%s\0SMTP__PASSWORD=%s2\0' "$marker" "$marker" >"$sources/environ.twice"
printf -- '--Smtp:Password\0%s\0--Smtp:Token=%s' "$marker" "$marker" >"$sources/cmdline.pair"

# Runs a command, whatever its status, and looks through all that came out.
keeps_secret() {
    local status=0
    rm -f "$work"/report*
    "$STELLA" doctor "$@" >"$out" 2>"$err" </dev/null || status=$?
    [ $status -le 3 ] || [ $status = 130 ] || fail "exit status $status: $*"
    if grep -qra "$marker" "$out" "$err" "$work"/report* 2>/dev/null; then
        fail "the marker is out: $*"
    fi
}

all_commands() {
    for format in "${formats[@]}"; do
        keeps_secret run --format "$format" --timeout 1s "$@"
    done
    keeps_secret run --format json --output "$work/report" --deadline 1ms "$@"
    keeps_secret run --quiet --until-pass 1 --for 1ms "$@"
    for format in text json; do
        keeps_secret settings --format $format "$@"
        keeps_secret settings --format $format "$@" Smtp:Password Smtp:Host Slack:WebhookUrl
    done
    keeps_secret "$@"
}

# The marker can be found at all: where it is no secret it is shown.
"$STELLA" doctor run --no-default-sources --set "Smtp:Host=$marker" --timeout 1ms >"$out" 2>&1 || true
says "$marker"

for file in "$sources"/*; do
    kind=${file##*/}
    all_commands --source "${kind%%.*}:$file"
done
all_commands --source "json:$sources/json" --source "values:$sources/values" \
    --source "env-file:$sources/env-file" --set "Smtp:Password=$marker" --set "Slack:WebhookUrl=$url"
(
    for name in "${names[@]}"; do export "$name=$marker"; done
    export Smtp__Host="user:$marker@127.0.0.1" Slack__WebhookUrl=$url STELLA_TOKEN=$marker
    all_commands --source environ
    keeps_secret run
    keeps_secret settings
)

# What is mistyped on the command line.
for format in text json; do
    keeps_secret run --format $format --set "Smtp:Password $marker"
    keeps_secret run --format $format "--password=$marker"
    keeps_secret run --format $format --passwort "$marker=x"
    keeps_secret run --format $format --set "=$marker"
    keeps_secret settings --format $format "--set=Smtp:Password:$marker"
    keeps_secret list --format $format "--password=$marker"
    keeps_secret show --format $format "--token=$marker"
    keeps_secret run --format $format "Smtp:Password=$marker"
done

# A crash says nothing of what was in memory.
exec 3< <(exec "$STELLA" doctor run --format jsonl --demo --timeout 60s \
    --set "Smtp:Password=$marker" --set "Slack:WebhookUrl=$url" 2>"$err")
pid=$!
while read -r line <&3 && [[ $line != *'"attempt"'* ]]; do :; done
kill -SEGV $pid
cat <&3 >"$out"
wait $pid || true
if grep -qa "$marker" "$out" "$err"; then fail "the marker is out in a crash"; fi
