#!/usr/bin/env bash
# settings: layers, what they hide, ambiguities, warnings, and which sources count.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# put NAME TEXT: a file. ask STATUS ARGUMENT...: the JSON.
put() {
    printf '%s' "$2" >"$work/$1"
}
ask() {
    stella "$1" settings --format json "${@:2}"
    silent "$err"
    cat "$out" >>"$work/answers"
}

put a.json $'{"Smtp": {"Host": "a",\n"Port": 1}}'
put b.ini $'[Smtp]\nHost=b'
put c.env $'Smtp__Host=c\nSMTP__PORT=3\n'
abc=(--source "json:$work/a.json" --source "ini:$work/b.ini" --source "env-file:$work/c.env")

# The last one wins, key by key, and tells all that it hides, the highest first.
ask 0 "${abc[@]}"
holds '.sources | map(.kind) == ["json", "ini", "env-file"] and all(.status == "ok")'
holds '.smtp == {"host": "c", "port": 3, "host_key": "Smtp:Host", "port_key": "Smtp:Port",
       "host_from": {"source": 2, "line": 1}, "port_from": {"source": 2, "line": 2}}'
holds '.settings[0] == {"key": "Smtp:Host", "state": "value", "value": "c",
       "from": {"source": 2, "line": 1},
       "hidden": [{"value": "b", "from": {"source": 1, "line": 2}},
                  {"value": "a", "from": {"source": 0, "line": 1}}]}'
holds '.settings[1].hidden == [{"value": "1", "from": {"source": 0, "line": 2}}]'
holds '.warnings == []'

# Host and port of different layers; --set on top of all, in one layer.
ask 0 "${abc[@]:0:4}"
holds '.smtp | .host_from == {"source": 1, "line": 2} and .port_from == {"source": 0, "line": 2}'
ask 0 "${abc[@]}" --set smtp:HOST=d --set Smtp:Port=4 --set Smtp:Port=5
holds '.sources[3] == {"kind": "set", "status": "ok"} and (.sources | length) == 4'
holds '.smtp | .host == "d" and .port == 5 and .host_from == {"source": 3}'
holds '.settings[0].hidden | map(.value) == ["c", "b", "a"]'

# The order is that of the candidates first, then that of the layers.
put low.json '{"Smtp": {"Host": "low"}}'
put high.env 'Notify__Email__Host=high'
ask 0 --source "json:$work/low.json" --source "env-file:$work/high.env"
holds '.smtp | .host == "low" and .host_key == "Smtp:Host"'

# The same order within one kind, and the reverse order reverses the answer.
ask 0 --source "env-file:$work/c.env" --source "json:$work/a.json"
holds '.smtp | .host == "a" and .port == 1 and .host_from == {"source": 1, "line": 1}'

# A null or an empty text hides what is below it; a missing key does not.
put null.json '{"Smtp": {"Host": null, "Port": ""}, "Email": {"Smtp": {"Host": "e"}}}'
ask 0 --source "json:$work/a.json" --source "json:$work/null.json"
holds '.smtp | .host == "e" and .host_key == "Email:Smtp:Host"'
holds '.settings[0] == {"key": "Smtp:Host", "state": "null", "from": {"source": 1, "line": 1},
       "hidden": [{"value": "a", "from": {"source": 0, "line": 1}}]}'
holds '.settings[1] | .state == "empty" and .value == ""'
holds '.settings[] | select(.key == "Email:Smtp:Port") == {"key": "Email:Smtp:Port",
       "state": "missing"}'
ask 1 --source "json:$work/a.json" --source "json:$work/null.json" --dotnet 9
holds '.settings[0].state == "empty" and .smtp.error.class == "empty-host"'
ask 0 --source "json:$work/null.json" --source "json:$work/a.json" Smtp:Host
holds '.settings[0] | .value == "a" and .hidden == [{"value": null,
       "from": {"source": 0, "line": 1}}]'

# Names that .NET cannot tell apart.
put two.env $'Smtp__Host=x\nSMTP__HOST=y\n'
ask 1 --source "json:$work/a.json" --source "env-file:$work/two.env" smtp:host
holds '.smtp.error | .class == "ambiguous" and .key == "Smtp:Host"'
holds '.settings == [{"key": "smtp:host", "state": "ambiguous", "from": {"source": 1, "line": 1},
       "hidden": [{"value": "a", "from": {"source": 0, "line": 1}}],
       "candidates": [{"value": "x", "from": {"source": 1, "line": 1}},
                      {"value": "y", "from": {"source": 1, "line": 2}}]}]'
ask 0 --source "env-file:$work/two.env" --set Smtp:Host=z
holds '.smtp.host == "z"'

# Keys as asked, in that order; without any, those of the mail sections.
ask 0 "${abc[@]}" Other 'SMTP:port' Smtp:Host
holds '.settings | map(.key) == ["Other", "SMTP:port", "Smtp:Host"]'
holds '.settings | map(.state) == ["missing", "value", "value"]'
put more.json '{"Smtp": {"Host": "m", "UseSsl": true, "User": {"Name": "n"}}, "Other": 1}'
ask 0 --source "json:$work/more.json"
holds '[.settings[] | select(.state == "value") | .key] ==
       ["Smtp:Host", "Smtp:User:Name", "Smtp:UseSsl"]'
holds '.settings[] | select(.key == "Smtp:UseSsl").value == "True"'

# Values files that follow one another merge as Helm merges them; others do not.
put v1.yaml $'smtp:\n  host: v1\n  port: 25\n'
put v2.yaml $'smtp:\n  host: v2\n'
put delete.yaml $'smtp:\n  host: null\n'
put section.yaml $'smtp: ~\n'
values=(--source "values:$work/v1.yaml")
ask 0 "${values[@]}" --source "values:$work/v2.yaml"
holds '.smtp | .host == "v2" and .port == 25 and .host_from == {"source": 1, "line": 2} and
       .port_from == {"source": 0, "line": 3}'
ask 0 "${values[@]}" --source "values:$work/delete.yaml"
holds '.smtp.error.class == "no-host" and .settings[0].state == "missing"'
holds '.settings[1].value == "25"'
ask 0 "${values[@]}" --source "values:$work/section.yaml"
holds '.settings | .[0].state == "missing" and .[1].state == "missing"'
ask 0 "${values[@]}" --source "values:$work/section.yaml" --source "values:$work/v2.yaml"
holds '.smtp | .host == "v2" and .port == 587'
put empty.env ''
ask 0 "${values[@]}" --source "env-file:$work/empty.env" --source "values:$work/delete.yaml"
holds '.smtp.host == "v1"'
ask 0 --source "json:$work/a.json" --source "values:$work/delete.yaml"
holds '.smtp.host == "a"'

# What hosts read behind DOTNET_ and ASPNETCORE_ is below all layers, wherever it is set.
put host.env $'DOTNET_Smtp__Host=d\nASPNETCORE_Smtp__Host=c\nASPNETCORE_Smtp__Port=2\n'
ask 0 --source "env-file:$work/host.env"
holds '.smtp | .host == "d" and .port == 2'
ask 0 --source "json:$work/a.json" --source "env-file:$work/host.env"
holds '.smtp | .host == "a" and .port == 1'
holds '.settings[0].hidden | map(.value) == ["d", "c"]'

# Named sources replace the environment and discovery; --no-default-sources both.
export Smtp__Host=own
ask 0
holds '.smtp.host == "own" and (.sources | map(.kind) | last) == "environ"'
ask 0 --source "json:$work/a.json"
holds '.smtp.host == "a" and (.sources | length) == 1 and .discovery == []'
ask 0 --source "json:$work/a.json" --source environ
holds '.smtp.host == "own" and .sources[1] == {"kind": "environ", "status": "ok"}'
ask 0 --no-default-sources
holds '.sources == [] and .discovery == [] and .smtp.error.class == "no-host"'
ask 0 --no-default-sources --set Smtp:Host=m
holds '.smtp | .host == "m" and .port == 587 and .port_key == null and (has("port_from") | not)'
ask 0 --set Smtp:Host=m
holds '.settings[0].hidden == [{"value": "own", "from": {"source": 0}}]'
unset Smtp__Host

# warns CODE KEY LINE KIND TEXT: and of nothing else.
warns() {
    put source "$5"
    "$STELLA" doctor settings --format json --source "$4:$work/source" >"$out" 2>"$err" || true
    cat "$out" >>"$work/answers"
    holds "[.warnings[] | [.code, .key, .from.source, .from.line // 0]] == [[\"$1\", \"$2\", 0, $3]]"
    "$STELLA" doctor settings --source "$4:$work/source" >"$out" 2>"$err" || true
    says "^  $1  "
}
warns single-underscore SMTP_HOST 1 env-file 'SMTP_HOST=m'
warns single-underscore Smtp___Port 2 env-file $'X=1\nSmtp___Port=25'
warns single-underscore Smtp__Host 1 json '{"Smtp__Host": "m"}'
warns orphan-port Smtp:Port 1 json '{"Smtp": {"Port": 25}, "Email": {"Smtp": {"Host": "m"}}}'
warns key-is-section Smtp:Host:0 1 json '{"Smtp": {"Host": ["m"]}}'
warns key-is-section Email:Smtp:Host:Name 2 json $'{"Email": {"Smtp": {"Host": {\n"Name": "m"}}}}'
warns existing-secret Smtp:ExistingSecret 2 values $'smtp:\n  existingSecret: s'
warns numeric-host Smtp:Host 1 json '{"Smtp": {"Host": "587"}}'
warns port-in-host-ignored Smtp:Host 1 json '{"Smtp": {"Host": "[::1]:25"}}'
warns hex-port Smtp:Port 1 json '{"Smtp": {"Host": "m", "Port": "0x19"}}'
warns yaml-octal Smtp:Port 3 values $'smtp:\n  host: m\n  port: 025'
warns yaml-bool-host Smtp:Host 2 values $'smtp:\n  host: no'
warns yaml-duplicate-key smtp.host 3 values $'smtp:\n  host: a\n  host: b'
warns yaml-duplicate-key smtp 2 values $'smtp: {host: a}\nsmtp: {host: b}'
warns yaml-case Smtp 1 values 'Smtp: {host: m}'

# And no warning where there is nothing to warn of.
put plain.json '{"Smtp": {"Host": "m", "Port": "25"}, "Smtp_Other": 1, "SmtpHost": "m"}'
put plain.yaml $'smtp:\n  host: "no"\n  port: "025"\n  existingSecret: s\n'
ask 0 --source "json:$work/plain.json" --source "values:$work/plain.yaml"
holds '.warnings == []'

# For people: the answer, the layers, what is hidden, and that failures are no answer.
stella 0 settings "${abc[@]}"
says '^Mail server  c:3$'
says "^  Smtp:Host = c  \\($work/c.env:1\\)\$"
says "^  1  ini  $work/b.ini  ok\$"
says "^    hides a  \\($work/a.json:1\\)\$"
put broken.json '{"Smtp":'
stella 3 settings --source "json:$work/broken.json" --source "env-file:$work/c.env"
says '^  0  json  .*broken.json  parse in line 1: '
says '^What the other sources say, which is not the answer$'
says '^  Smtp:Host  c  '
stella 1 settings --source "env-file:$work/two.env"
says '^    candidate y  '

# run takes the same sources to mean the same, and fails where the platform would.
run=(--format json --check check.integration.smtp --timeout 300ms)
put loop.json '{"Smtp": {"Host": "127.0.0.1", "Port": 1}}'
stella 1 run "${run[@]}" --source "json:$work/loop.json" --source "json:$work/null.json" --dotnet 8
valid run
holds '.results[0].failure == {"kind": "configuration"}'
holds '.results[0].target == {"host_from": {"source": 1, "line": 1}}'
stella 1 run "${run[@]}" --source "json:$work/broken.json"
holds '.results[0].failure.kind == "configuration"'
holds '.sources[0].error | .class == "parse" and .line == 1'
stella 3 run "${run[@]}" --source "json:$work/missing.json"
holds 'has("results") | not'
stella 3 settings --source "json:$work/missing.json"
stella 1 run "${run[@]}" --source "json:$work/a.json" --set Smtp:Host=127.0.0.1
holds '.results[0].target | .host_from == {"source": 1} and .port_from == {"source": 0, "line": 2}'

# Options that are wrong are told before anything is read.
for wrong in 'xml:file' 'json' 'json:' ':x' ''; do
    ask 3 --source "$wrong"
    holds 'has("error")'
done
ask 3 --dotnet x
ask 3 --set x

valid settings "$work/answers"
