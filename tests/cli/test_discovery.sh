#!/usr/bin/env bash
# Where settings are found without --source: the files in the working directory.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# folder: a new working directory. ask STATUS ARGUMENT...: never waits, never writes.
folder() {
    cd "$work"
    rm -rf "$work/folder"
    mkdir "$work/folder"
    cd "$work/folder"
}
ask() {
    local before status=0
    before=$(find . -printf '%p %s %m %y %T@\n')
    timeout 5 "$STELLA" doctor settings --format json "${@:2}" >"$out" 2>"$err" || status=$?
    [ $status = "$1" ] || fail "exit status $status instead of $1"
    silent "$err"
    cat "$out" >>"$work/answers"
    [ "$before" = "$(find . -printf '%p %s %m %y %T@\n')" ] || fail "the folder was changed"
}
kinds() {
    holds "[.sources[].kind] == $1"
}

# Nothing there: every step says so, and the own environment is left.
folder
ask 0
kinds '["environ"]'
holds '.discovery | length >= 4 and any(test("^No process of the platform runs here")) and
       any(test("^There is no unit stellaops-platform")) and any(test("/etc/stellaops")) and
       any(test("no compose.yaml with .env, and no values.yaml"))'
holds '.smtp.error.class == "no-host"'

# .env counts beside a compose file alone, below the own environment.
printf 'Smtp__Host=env\nSmtp__Port=25\n' >.env
ask 0
kinds '["environ"]'
for name in compose.yaml compose.yml docker-compose.yaml docker-compose.yml; do
    touch $name
    ask 0
    kinds '["env-file", "environ"]'
    holds '.sources[0] | (.path | endswith("/.env")) and .status == "ok"'
    holds '.smtp | .host == "env" and .port == 25 and .host_from == {"source": 0, "line": 1}'
    holds ".discovery | any(test(\"beside $name: .* only if that file passes it on\"))"
    rm $name
done
touch compose.yaml
Smtp__Host=own ask 0
holds '.smtp | .host == "own" and .host_from == {"source": 1} and .port == 25'
holds '.settings[0].hidden == [{"value": "env", "from": {"source": 0, "line": 1}}]'

# Neither with sources nor without default ones.
ask 0 --no-default-sources
kinds '[]'
ask 0 --source environ
kinds '["environ"]'
holds '.discovery == []'

# values.yaml, where there is no compose file.
printf 'smtp:\n  host: values\n' >values.yaml
ask 0
kinds '["env-file", "environ"]'
rm .env
ask 0
kinds '["values", "environ"]'
holds '.smtp | .host == "values" and .host_from == {"source": 0, "line": 2}'
holds '.discovery | any(test("the release may have been given other values"))'

# A mistake in what was found: nobody can tell, and the platform would not start.
printf 'smtp: {host: [::1]}\n' >values.yaml
ask 3
holds '.sources[0] | .status == "error" and .error.class == "parse" and .error.line == 1'
stella 1 run --format json --timeout 300ms
valid run
holds '[.results[].failure.kind] | unique == ["configuration"]'

# What is no regular file is not opened: neither a pipe, nor a folder, nor a device.
for make in mkfifo mkdir 'ln -s /dev/zero' 'ln -s /dev/tty'; do
    folder
    touch compose.yaml
    $make .env
    ask 3
    holds '.sources[0] | .kind == "env-file" and .status == "error" and
           (.error | .class == "unreadable" and (.message | test("regular|directory")))'
    stella 3 run --format json --timeout 300ms
    valid run
    holds '[.results[].outcome] | unique == ["error"]'
done
for kind in json ini env-file unit-env-file docker-env-file environ cmdline values; do
    mkfifo pipe
    ask 3 --source "$kind:pipe"
    holds '.sources[0].error.class == "unreadable"'
    rm pipe
done

# Links are followed, as ConfigMaps and .env files are mounted, and said.
folder
touch compose.yaml
printf 'Smtp__Host=linked\n' >real.env
ln -s real.env .env
ask 0
holds '.smtp.host == "linked"'
holds '.sources[0].note | test("^a link to .*/folder/real.env$")'
stella 0 settings
says 'a link to .*/folder/real\.env'
rm .env
ln -s nowhere .env
ask 0
kinds '["environ"]'

# A large file is read up to its limit, a larger one not at all.
folder
touch compose.yaml
printf 'Smtp__Host=m\n#' >.env
truncate -s 16M .env
truncate -s +1 .env
ask 3
holds '.sources[0].error.class == "too-large"'

# The folder of the program's data is not the one of the settings.
folder
mkdir -p checks articles
touch appsettings.json
ask 0
kinds '["environ"]'

valid settings "$work/answers"
