#!/usr/bin/env bash
# settings: what the platform takes from each kind of source, by table.
# shellcheck disable=SC2016 # what is in single quotes, others are to expand
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# The answer in one line: "STATUS HOST PORT HOST_KEY PORT_KEY HOST_LINE PORT_LINE", or
# "STATUS CLASS KEY LINE" of the error; "-" where there is none.
summary='
def line: .line // "-";
[.sources[].error // empty | line] as $lines | .smtp |
if .host then [.host, .port, .host_key, .port_key // "-", (.host_from | line), (.port_from | line)]
elif $lines[0] then [.error.class, .error.key // "-", $lines[0]]
else [.error.class, .error.key // "-", .port_from.line // .host_from.line // "-"] end |
map(tostring) | join(" ")'
answers=$work/answers
misses=0

miss() {
    echo "${0##*/}:${BASH_LINENO[1]}: $1" >&2
    misses=$((misses + 1))
}

# answer EXPECTED ARGUMENT...
answer() {
    local got status=0
    "$STELLA" doctor settings --format json "${@:2}" >"$out" 2>"$err" || status=$?
    silent "$err"
    got="$status $(jq -r "$summary" "$out")"
    cat "$out" >>"$answers"
    [ "$got" = "$1" ] || miss "$got, not $1"
}

# row EXPECTED KIND TEXT [ARGUMENT...]: of a source with the text. The lines of environ and
# cmdline end with NULs.
row() {
    local source=$work/source
    case $2 in
    environ | cmdline) printf '%s\n' "$3" | tr '\n' '\0' >"$source" ;;
    *) printf '%s' "$3" >"$source" ;;
    esac
    answer "$1" --source "$2:$source" "${@:4}"
}

# host EXPECTED TEXT, port EXPECTED TEXT: of JSON strings.
host() {
    row "$1" json "{\"Smtp\": {\"Host\": \"$2\"}}"
}
port() {
    row "$1" json "{\"Smtp\": {\"Host\": \"m\", \"Port\": $2}}"
}

bom=$'\xef\xbb\xbf'
found='0 m 25 Smtp:Host Smtp:Port'
none='0 no-host Smtp:Host -'

# JSON (3.1).
row "$found 1 1" json '{"Smtp": {"Host": "m", "Port": 25}}'
row "$found 2 3" json $'{"smtp": {\n"hOST": "m", // one\n/* two */"PORT": "25",},}'
row "$found 1 3" json $'{"Smtp:Host":\n"m",\n"Smtp": {"Port": 25}}'
row "$found 2 2" json $'{"Smtp": {},\r\n"Smtp": {"Host": "m", "Port": 25}}'
row "$found 1 1" json "$bom"'{"Smtp": {"Host": "\u006d", "Port": 25}}'
row "$found 1 1" json '{"Smtp": {"Host": "m"}, "SMTP": {"port": 25}}'
row "0 m 587 Email:Smtp:Host - 2 -" json $'{"Smtp": {"Port": 25},\n"Email": {"Smtp": {"Host": "m"}}}'
row "0 m 26 Notify:Email:Host Notify:Email:Port 1 1" json '{"Notify:Email": {"Host": "m", "Port": 26}}'
row "$none" json '{}'
row "$none" json '{"Smtp__Host": "m"}'
row "3 parse - 1" json ''
row "3 parse - 2" json $'{"Smtp":\n'
row "3 parse - 1" json "$bom$bom{}"
row "3 parse - 1" json '{} {}'
row "3 parse - 1" json "{'Smtp': 1}"
row "3 parse - 1" json '{"Smtp": 01}'
row "3 parse - 1" json '{"Smtp": +1}'
row "3 parse - 1" json '{"Smtp": NaN}'
row "3 parse - 1" json '{"a": 1,,}'
row "3 parse - 1" json '{,}'
row "3 parse - 2" json $'{\n# comment\n}'
row "3 parse - 1" json '{} /* open'
row "3 parse - 1" json '{"a": "\x"}'
row "3 parse - 1" json '{"a": "\ud800"}'
row "3 parse - 1" json $'{"a": "\t"}'
row "3 top-level - 1" json '[]'
row "3 top-level - 1" json '"text"'
row "3 duplicate-key - 3" json $'{"Smtp": {\n"Host": "m",\n"HOST": "m"}}'
row "3 duplicate-key - 2" json $'{"Other": 1,\n"other": 1}'
row "3 duplicate-key - 2" json $'{"A": {"b": 1},\n"a:B": 1}'
deep() {
    printf '%.0s{"a":' $(seq "$1")
    printf 1
    printf '%.0s}' $(seq "$1")
}
row "$none" json "$(deep 64)"
row "3 depth - 1" json "$(deep 65)"

# Null and empties by runtime (1.3).
fallback=',"Email": {"Smtp": {"Host": "m"}}}'
next='0 m 587 Email:Smtp:Host - 1 -'
empty='1 empty-host Smtp:Host 1'
row "$next" json '{"Smtp": {"Host": null}'"$fallback"
row "$next" json '{"Smtp": {"Host": null}'"$fallback" --dotnet 10
row "$empty" json '{"Smtp": {"Host": null}'"$fallback" --dotnet 8
row "$empty" json '{"Smtp": {"Host": []}'"$fallback"
row "$next" json '{"Smtp": {"Host": []}'"$fallback" --dotnet 8
row "$next" json '{"Smtp": {"Host": {}}'"$fallback"
row "$next" json '{"Smtp": {"Host": {}}'"$fallback" --dotnet 8
row "$empty" json '{"Smtp": {"Host": ""}'"$fallback"
row "$empty" json '{"Smtp": {"Host": ""}'"$fallback" --dotnet 8
row "$empty" json '{"Smtp": {"Host": " \t"}'"$fallback"

# The text of a port (1.6).
port "$found 1 1" '" 25\n"'
port "$found 1 1" '"+25"'
port "$found 1 1" '"00025"'
port "$found 1 1" '"0x19"'
port "$found 1 1" '"0X19"'
port "$found 1 1" '"&h19"'
port "$found 1 1" '"#19"'
port '0 m 65535 Smtp:Host Smtp:Port 1 1' 65535
port '0 m 587 Smtp:Host - 1 -' null
for text in '""' '" "' 0 -1 65536 25.0 2.5e1 true '"25a"' '"2 5"' '"0o31"' '"0x"' '"1,000"' \
    '"٢٥"' '"smtp"' '"99999999999999999999"'; do
    port '1 bad-port Smtp:Port 1' "$text"
done

# The text of a host (1.7).
for text in mail.example MAIL m. a_b 127.0.0.1 ::1 fe80::1%eth0 münchen.example; do
    host "0 $text 587 Smtp:Host - 1 -" "$text"
done
host '0 ::1 587 Smtp:Host - 1 -' '[::1]'
host '0 ::1 587 Smtp:Host - 1 -' '[::1]:25'
host '0 587 587 Smtp:Host - 1 -' 587
for text in ' m' 'm ' 'm\n' 'a b' "'m'" '\"m\"' m:25 127.0.0.1:25 smtp://m http://m/ '${HOST}' \
    '{{ host }}' 'm#c' 'm;c' a:b 'm\u0000' 'm\u007f' 'm\u202e' '[m]' '[::1' '[::1]x' user@m \
    "$(printf 'a%.0s' {1..256})"; do
    host '1 bad-host Smtp:Host 1' "$text"
done
host "0 $(printf 'a%.0s' {1..255}) 587 Smtp:Host - 1 -" "$(printf 'a%.0s' {1..255})"

# INI (3.6).
row "$found 2 3" ini $'[Smtp]\nHost = m\n  Port=25'
row "$found 2 3" ini $'[Smtp]\rHost=m\rPort=25\r'
row "$found 2 3" ini $'[ Smtp ]\r\nHost = "m"\r\nPort = 25\r\n'
row "$found 1 2" ini $'smtp:host=m\nSMTP:PORT=25'
row "$found 5 6" ini "$bom"$'; a\n# b\n/ c\n[Smtp] ; d\nHost = m ; e\nPort = 25'
row '0 m 587 Email:Smtp:Host - 2 -' ini $'[Email:Smtp]\nHost=m'
row "$none" ini $'[Smtp__Host]\nSmtp__Host=m\nSMTP_HOST=m'
row '1 bad-host Smtp:Host 1' ini 'Smtp:Host=m;c'
row '3 parse - 1' ini 'Host: m'
row '3 parse - 1' ini $'[Smtp\nHost=m'
row '3 duplicate-key - 3' ini $'[Smtp]\nHost=m\nhost=m'
row '3 encoding - 1' ini "$(printf '\xff\xfes')"

# Process environments (3.2), and what is below all layers (1.4).
row "$found - -" environ $'Smtp__Host=m\nSMTP__PORT=25'
row "$found - -" environ $'Smtp:Host=m\nSmtp:Port=25\nnothing\n=x'
row "$none" environ $'SMTP_HOST=m\nSMTP___HOST=m\n__Smtp__Host=m\nSmtp.Host=m\nSmtp-Host=m'
row '0 m 587 Smtp:Host - - -' environ $'Smtp__Host=m\nSmtp__Host=other'
row '1 ambiguous Smtp:Host -' environ $'Smtp__Host=m\nSMTP__HOST=other'
row '1 ambiguous Smtp:Host -' environ $'Smtp__Host=m\nSmtp:Host=other'
row "$found - -" environ $'Smtp__Host=m\nSMTP__HOST=m\nSmtp__Port=25'
row '1 ambiguous Smtp:Port -' environ $'Smtp__Host=m\nSmtp__Port=25\nSMTP__PORT=26'
row '1 empty-host Smtp:Host -' environ $'Smtp__Host=\nEmail__Smtp__Host=m'
row '0 m 587 Smtp:Host - - -' environ 'DOTNET_Smtp__Host=m'
row '0 m 587 Smtp:Host - - -' environ 'ASPNETCORE_Smtp__Host=m'
row '0 m 587 Smtp:Host - - -' environ $'DOTNET_Smtp__Host=m\nASPNETCORE_Smtp__Host=other'
row "$none" environ 'CUSTOMCONNSTR_Smtp__Host=m'

# Arguments (3.4).
row "$found - -" cmdline $'--Smtp:Host=m\n/smtp:port=25'
row "$found - -" cmdline $'Smtp:Host=m\n--Smtp:Port\n25'
row "$found - -" cmdline $'word\n/Smtp:Host\nm\n-x\nSmtp:Port=24\nSmtp:Port=25\n--Smtp:Port'
row '0 --m 587 Smtp:Host - - -' cmdline $'--Smtp:Host\n--m'
row "$none" cmdline '--Smtp__Host=m'
row '3 parse - -' cmdline '-Smtp:Host=m'

# Helm's values (3.5).
for text in 0465=309 025=21 0587=587 0x24B=587 0o1113=587 5_87=587 +587=587 587.0=587 5.87e2=587 \
    '"587"=587' "'0025'=25"; do
    row "0 m ${text#*=} Smtp:Host Smtp:Port 2 3" values $'smtp:\n  host: m\n  port: '"${text%=*}"
done
for text in 1:30 1000000 yes '[]' '{}' '""'; do
    row '1 bad-port Smtp:Port 3' values $'smtp:\n  host: m\n  port: '"$text"
done
for text in no=false yes=true on=true off=false y=true n=false '"no"=no' 1.50=1.5; do
    row "0 ${text#*=} 587 Smtp:Host - 2 -" values $'smtp:\n  host: '"${text%=*}"
done
for text in '~' null ''; do
    row "$none" values $'smtp:\n  host: '"$text"
done
row "$found 2 3" values $'smtp:\n  host: m\n  port: 25'
row "$found 2 2" values $'---\nsmtp: {host: m, port: 25}\n---\nsmtp: {host: other}\n'
row "$found 2 1" values $'x: &a {port: 25}\nsmtp: {<<: *a, host: m}'
row "$found 2 4" values $'smtp:\n  host: >-\n    m\n  port: 25'
row '0 m 26 Email:Smtp:Host Email:Smtp:Port 3 4' values $'email:\n  smtp:\n    host: m\n    port: 26'
row '0 ::1 587 Smtp:Host - 1 -' values 'smtp: {host: "[::1]"}'
row '0 ::1 587 Smtp:Host - 2 -' values $'smtp:\n  host: ::1'
row "$none" values $'Smtp:\n  Host: m\nsmtp.host: m'
row '0 m 587 Smtp:Host - 2 -' values $'smtp: {host: other, port: 25}\nsmtp: {host: m}'
row '1 bad-host Smtp:Host 2' values $'smtp:\n  host: >\n    m\n'
row '1 bad-host Smtp:Host 2' values $'smtp:\n  host: "{{ .Values.x }}"'
row '3 parse - 2' values $'smtp:\n  host: [::1]'
row '3 parse - 2' values $'smtp:\n\thost: m'
row '3 parse - 1' values 'smtp: *nowhere'
row '3 top-level - 1' values '[1]'

# What does not open is no different from what does not load.
touch "$work/closed"
answer '3 unreadable - -' --source "json:$work/missing"
holds '.sources[0] | .status == "absent" and .error.class == "unreadable"'
answer '3 unreadable - -' --source "ini:$work"
holds '.sources[0].status == "error"'
printf '{"Smtp": {"Host": "m"}}' >"$work/good.json"
answer '3 parse - 1' --source "json:$work/good.json" --source "json:$work/closed"
holds '.settings == [] and ([.sources[].status] == ["ok", "error"])'
answer '3 parse - 1' --source "json:$work/closed" --set Smtp:Host=m
truncate -s 16M "$work/large"
truncate -s +1 "$work/large"
answer '3 too-large - -' --source "json:$work/large"

# The three dialects of env files (3.3): LINES COMPOSE SYSTEMD DOCKER [KEY]. A value, "?"
# for none, "!LINE" where the file does not load.
dialects() {
    local key=${5:-K} kinds=(env-file unit-env-file docker-env-file) got i
    printf '%s' "$1" >"$work/source"
    for i in 0 1 2; do
        X=shell Inherited=shell "$STELLA" doctor settings "$key" --format json \
            --source "${kinds[i]}:$work/source" >"$out" 2>"$err" || true
        cat "$out" >>"$answers"
        got=$(jq -r '.sources[0].error.line as $line | if $line then "!\($line)"
            elif .sources[0].error then "!" else .settings[0].value // "?" end' "$out")
        [ "$got" = "${*:i + 2:1}" ] || miss "${kinds[i]}: $got, not ${*:i + 2:1}"
    done
}
dialects 'K=v # c' v 'v # c' 'v # c'
dialects $'K=v\t# c' 'v\t# c' 'v\t# c' 'v\t# c'
dialects 'K=v#c' v#c v#c v#c
dialects 'K="v" # c' v 'v# c' '"v" # c'
dialects 'K="v"' v v '"v"'
dialects "K='v'" v v "'v'"
dialects 'K=$X' shell '$X' '$X'
dialects 'K=$Unset' '' '$Unset' '$Unset'
dialects "K='\$X'" '$X' '$X' "'\$X'"
dialects 'K="${X}"' shell '${X}' '"${X}"'
dialects 'K=${Unset:-d}' d '${Unset:-d}' '${Unset:-d}'
dialects $'X=earlier\nK=$X' shell '$X' '$X'
dialects $'Y=earlier\nK=$Y' earlier '$Y' '$Y'
dialects 'K=${X' '!1' '${X' '${X'
dialects 'K=a$$b' 'a$b' 'a$$b' 'a$$b'
dialects 'K = v' v v '!1'
dialects 'export K=v' v '?' '!1'
dialects 'Smtp:Host=v' '?' '?' v Smtp:Host
dialects 'Smtp:Host=v' Host=v '?' '?' Smtp
dialects 'K: v' v '?' '!1'
dialects $'Inherited\n' shell '?' shell Inherited
dialects $'Unset\n' '?' '?' '?' Unset
dialects $'; c\nK=v' '!1' v '!1'
dialects $'# c\nK=v' v v v
dialects $'# c \\\nK=v' v '?' v
dialects 'K=DOM\user' 'DOM\user' DOMuser 'DOM\user'
dialects $'K="x\nL=v' '!1' '?' v L
dialects $'K="x' '!1' x '"x'
dialects $'K="a\nb"' 'a\nb' 'a\nb' '"a'
dialects "$bom"$'K=v\nL=w' v '?' v
dialects "$bom"$'K=v\nL=w' w w w L
dialects $'K=v\r\nL=w\r\n' v v v
dialects $'K=\xff' '\xff' '!1' '!1'
dialects 'K=v  ' v v 'v  '
dialects 'A.B=v' v '?' v A.B
dialects 'A-B=v' v '?' v A-B
dialects $'K=v\nK=w' w w w
dialects 'K=' '' '' ''
dialects $'A__B=v' v v v A:B
row '1 ambiguous Smtp:Host 1' env-file $'Smtp__Host=m\nSMTP__HOST=other'
row '1 ambiguous Smtp:Host 1' unit-env-file $'Smtp__Host=m\nSMTP__HOST=other'
row "$found 2 3" unit-env-file $'# c\nSmtp__Host=m\nSmtp__Port=25'

valid settings "$answers"
[ "$misses" = 0 ] || fail "$misses rows"
