#!/usr/bin/env bash
# No secret leaves: a marker in every place of every kind of source, sound and broken.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mark=Geheim7351
keys=(Smtp:Host Smtp:Password Api:Token Client:Secret Sign:Key Slack:WebhookUrl Teams:WebhookUrl
    Proxy:Url)
misses=0

# hides ARGUMENT...: whatever comes of it, the marker does not.
hides() {
    timeout 10 "$STELLA" doctor "$@" >"$out" 2>"$err" </dev/null || [ $? != 124 ] || fail "hangs: $*"
    if grep -qi "$mark" "$out" "$err"; then
        echo "shows it: $*" >&2
        grep -i "$mark" "$out" "$err" >&2
        misses=$((misses + 1))
    fi
}
briefly() {
    for format in text json; do
        hides settings "${keys[@]}" --format $format "$@"
        hides run --timeout 20ms --format $format "$@"
    done
}
everywhere() {
    local format
    for format in text json; do
        hides settings --format $format "$@"
        hides settings --format $format "${keys[@]}" "$@"
    done
    for format in text json jsonl junit nagios prometheus markdown; do
        hides run --timeout 20ms --format $format "$@"
    done
    hides run --timeout 20ms --format json --output "$work/report" "$@"
    if grep -qi "$mark" "$work/report"; then fail "in the report: $*"; fi
    hides list "$@"
}

# Each kind says: a password, a token, the path of a webhook, a name before an @.
cat >"$work/json" <<EOS
{"Smtp": {"Host": "127.0.0.1", "Port": 1, "Password": "$mark"},
 "Api": {"Token": "$mark"}, "Client:Secret": "$mark", "Sign": {"Key": "$mark"},
 "Slack": {"WebhookUrl": "http://127.0.0.1:1/services/$mark"},
 "Teams": {"WebhookUrl": "http://$mark:$mark@127.0.0.1:1/hook?sig=$mark#$mark"},
 "Proxy": {"Url": "http://u:$mark@127.0.0.1"}}
EOS
cat >"$work/ini" <<EOS
[Smtp]
Host = 127.0.0.1
Password = $mark
[Slack]
WebhookUrl = http://127.0.0.1:1/services/$mark
[]
Teams:WebhookUrl = http://u:$mark@127.0.0.1:1/
Api:Token = $mark
EOS
cat >"$work/env-file" <<EOS
Smtp__Host=127.0.0.1
Smtp__Password="$mark"
Slack__WebhookUrl=http://127.0.0.1:1/services/$mark
Teams__WebhookUrl=http://u:$mark@127.0.0.1:1/
Api__Token='$mark'
Proxy__Url=http://$mark@127.0.0.1
EOS
cp "$work/env-file" "$work/unit-env-file"
cp "$work/env-file" "$work/docker-env-file"
tr '\n' '\0' <"$work/env-file" >"$work/environ"
sed 's/^/--/; s/__/:/' "$work/env-file" | tr '\n' '\0' >"$work/cmdline"
cat >"$work/values" <<EOS
smtp:
  host: 127.0.0.1
  password: "$mark"
  existingSecret: creds-of-smtp
email: {smtp: {host: "u:$mark@h", password: $mark}}
EOS
kinds=(json ini env-file unit-env-file docker-env-file environ cmdline values)
for kind in "${kinds[@]}"; do
    everywhere --source "$kind:$work/$kind"
done

# What is masked is there all the same.
stella 0 settings --format json "${keys[@]}" --source "json:$work/json"
holds '[.settings[].value] == ["127.0.0.1", "***", "***", "***", "***", "http://127.0.0.1:1/***",
       "http://127.0.0.1:1/***", "http://127.0.0.1/***"]'
mapfile -t all < <(for kind in "${kinds[@]}"; do printf -- '--source\n%s\n' "$kind:$work/$kind"; done)
everywhere "${all[@]}"
everywhere --no-default-sources --set "Smtp:Password=$mark" --set "Smtp:Host=u:$mark@h" \
    --set "Slack:WebhookUrl=https://127.0.0.1/$mark"
(
    export Smtp__Password=$mark Slack__WebhookUrl=http://127.0.0.1:1/$mark
    everywhere
    everywhere --source environ
    [ $misses = 0 ]
) || misses=$((misses + 1))

# The same files cut off, and with a mistake in the line of the secret.
for kind in "${kinds[@]}"; do
    size=$(wc -c <"$work/$kind")
    for ((cut = 11; cut < size; cut += 13)); do
        head -c $cut "$work/$kind" >"$work/cut"
        hides settings "${keys[@]}" --source "$kind:$work/cut"
        hides settings --format json "${keys[@]}" --source "$kind:$work/cut"
    done
done
# broken KIND TEXT
broken() {
    printf '%b' "$2" >"$work/broken"
    briefly --source "$1:$work/broken"
}
broken json "{\"Password\": \"$mark"
broken json "{\"Password\": $mark}"
broken json "{\"Password\": \"$mark\" \"x\"}"
broken json "{\"Password\": \"$mark\\\\q\"}"
broken json "{\"Password\": \"$mark\", \"password\": \"$mark\"}"
broken json "$mark"
broken json "\"$mark\""
broken ini "$mark"
broken ini "[Smtp]\nPassword: $mark"
broken ini "[Smtp]\nPassword=$mark\nPassword=$mark"
broken ini "[$mark"
broken ini "https://u:$mark@h/?a=b\nhttps://u:$mark@h/?a=b"
for kind in env-file unit-env-file docker-env-file; do
    broken $kind "Smtp__Password $mark"
    broken $kind "Smtp__Password = $mark"
    broken $kind "Smtp__Password=\"$mark"
    broken $kind "Smtp__Password=\"$mark\" $mark"
    broken $kind "Smtp Password=$mark"
    broken $kind "Smtp__Password=\${$mark"
    broken $kind "Smtp__Password=\${Unset:?$mark}"
    broken $kind "Smtp__Password=$mark\nSMTP__PASSWORD=x$mark"
    broken $kind "Smtp__Password=$mark\\\\xff\xff"
    broken $kind "$mark"
done
broken cmdline "-Password=$mark"
broken cmdline "-p\0$mark\0--Smtp:Password=$mark"
broken values "smtp:\n  password: [$mark"
broken values "smtp:\n  password: *$mark"
broken values "smtp:\n\tpassword: $mark"
broken values "smtp: {host: a, password: $mark}}"
broken values "$mark"
broken values "smtp:\n  password: \"$mark"
broken values "smtp: $mark"

# Hosts and webhooks that are no good.
for host in "smtp://u:$mark@h" "u:$mark@h" "https://h/$mark" "//u:$mark@h"; do
    briefly --no-default-sources --set "Smtp:Host=$host"
done
for url in "127.0.0.1/$mark" "https:///$mark" "https://h:x/$mark" " https://h/$mark" "https:h/$mark" \
    "https://u:$mark@/" "https://h h/$mark" "ftp://h/$mark" "https://h?$mark" "https://[::/$mark" \
    "\"https://h/$mark\"" "https://h\\$mark" "$mark"; do
    briefly --no-default-sources --set "Slack:WebhookUrl=$url"
done
everywhere --no-default-sources --set Smtp:Host=m --set "Smtp:Port=u:$mark@1"

# Mistakes of the command line.
hides run --set "Smtp:Password=$mark" --no-such-option
hides run --set "Smtp:Password=$mark" --timeout x
hides run --set "Smtp:Password $mark"
hides settings --format json --set "Smtp:Password $mark"
hides run --set "=$mark"
hides rnu --set "Smtp:Password=$mark"
hides show check.integration.smtp --set "Smtp:Password=$mark"
hides settings --st "Smtp:Password=$mark" "--nothing=$mark"

# All of that was journaled.
hides report --all
hides report --all --format json
! grep -rqi "$mark" "$HOME/.local/state" || fail 'the journal has it'

[ "$misses" = 0 ] || fail "$misses places show it"
