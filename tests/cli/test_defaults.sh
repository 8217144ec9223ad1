#!/usr/bin/env bash
# doctor.ini: options that need not be given, below those that are.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

ini=$XDG_CONFIG_HOME/stella/doctor/doctor.ini
mkdir -p "${ini%/*}"
put() {
    printf '%s\n' "$@" >"$ini"
}
smtp=(--check check.integration.smtp)
refused=("${smtp[@]}" --no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=1)

# Each key does what its option does; the option goes first.
put '[run]' 'timeout = 250ms' '[settings]' 'dotnet = 8'
stella 1 run --format json "${refused[@]}"
valid run
holds '.results[0].timeout_ms == 250'
stella 1 run --format json "${refused[@]}" --timeout 350ms
holds '.results[0].timeout_ms == 350'
echo '{"Smtp": {"Host": null}}' >"$work/null.json"
null=(settings --format json --source "json:$work/null.json")
stella 1 "${null[@]}"
holds '.smtp.error.class == "empty-host"'
stella 0 "${null[@]}" --dotnet 10
put '[run]' 'fail-on = never'
stella 0 run "${refused[@]}"
stella 1 run --fail-on warn "${refused[@]}"
put '[run]' 'deadline = 200ms'
stella 3 run --demo --timeout 60s
put '[display]' 'color = no' 'ascii = yes' 'pager = off'
stella 0 show check.integration.smtp
if LC_ALL=C grep -q '[^ -~]' "$out"; then fail "not ASCII"; fi

# Sources: a list, lowest first; any on the command line replaces it.
printf '{"Smtp": {"Host": "a"}}' >"$work/a.json"
printf 'Smtp__Host=b\n' >"$work/b.env"
put '[settings]' "sources = json:$work/a.json, env-file:$work/b.env"
stella 0 settings --format json
valid settings
holds '(.sources | map(.kind)) == ["json", "env-file"] and .smtp.host == "b" and .discovery == []'
stella 0 settings --format json --set Smtp:Host=c
holds '.smtp.host == "c" and (.sources | length) == 3'
stella 0 settings --format json --source "json:$work/a.json"
holds '.sources | length == 1'
stella 0 settings --format json --no-default-sources
holds '.sources == []'
put '[settings]' "sources = json:$work/none.json"
stella 3 settings --format json
valid settings
stella 3 run --format json

# Keys are those of the command line that has them; other commands do not mind.
put '[run]' 'timeout = 1s' '[settings]' 'dotnet = 8'
for command in list 'docs lint' 'completion bash' 'show check.integration.smtp'; do
    # shellcheck disable=SC2086 # two words
    stella 0 $command
    silent "$err"
done

# mistake LINE TEXT LINES...: is told with file and line, and stops nothing.
mistake() {
    put "${@:3}"
    stella 1 run "${refused[@]}"
    [ "$(wc -l <"$err")" = 1 ] || fail "not one line"
    says "^stella doctor: $ini:$1: $2" "$err"
    stella 1 run --format json "${refused[@]}"
    silent "$err"
    valid run
}
mistake 2 '\[run\] timout is no setting of the doctor.s; did you mean \[run\] timeout\?' \
    '[run]' 'timout = 5s'
mistake 2 '\[runs\] timeout is no setting .*did you mean \[run\] timeout\?' '[runs]' 'timeout = 5s'
mistake 2 '.*see stella-doctor\.ini\(5\)' '[nothing]' 'whatsoever = 5s'
mistake 3 'timeout: not a time such as 5s or 500ms' '[run]' '' 'timeout = soon'
mistake 2 'fail-on: not one of warn, fail, never' '[run]' 'fail-on = wrn'
mistake 2 'color must be yes or no' '[display]' 'color = maybe'
mistake 2 'dotnet: not a number' '[settings]' 'dotnet = ten'
mistake 2 '' '[run]' 'what is this'
mistake 1 '' '[run'

# The lines beside a mistake count.
put '[run]' 'timout = 5s' 'timeout = 260ms'
stella 1 run --format json "${refused[@]}"
holds '.results[0].timeout_ms == 260'

# A file that cannot be read is told too; one that is not there is none.
rm "$ini"
mkdir "$ini"
stella 1 run "${refused[@]}"
says "^stella doctor: $ini: " "$err"
rmdir "$ini"
stella 1 run "${refused[@]}"
silent "$err"

# The user's file is below HOME where XDG_CONFIG_HOME is not set.
mkdir -p "$HOME/.config/stella/doctor"
printf '[run]\ntimeout = 270ms\n' >"$HOME/.config/stella/doctor/doctor.ini"
(
    unset XDG_CONFIG_HOME
    stella 1 run --format json "${refused[@]}"
)
holds '.results[0].timeout_ms == 270'

# The file that comes with the program says nothing as it is; each of its lines can be
# used, and it has every key there is.
example=$root/data/doctor.ini
ini=$XDG_CONFIG_HOME/stella/doctor/doctor.ini
if grep -vE '^(;.*|\[[a-z]+\]|)$' "$example" >&2; then fail "a line that counts"; fi
sed 's/^;\([a-z-]* = \)/\1/; s,/etc/stellaops/appsettings.json,'"$work/a.json"',; s,/srv/stellaops/.env,'"$work/b.env," \
    "$example" >"$ini"
stella 1 run --check check.integration.smtp --set Smtp:Host=127.0.0.1 --set Smtp:Port=1
silent "$err"
stella 0 docs man stella-doctor.ini.5
sed -n 's/^\.It Cm //p' "$out" >"$work/keys"
while read -r key; do
    grep -q "^;$key = " "$example" || fail "no $key in doctor.ini"
done <"$work/keys"
