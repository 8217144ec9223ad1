# shellcheck shell=bash
# What the tests of the command line share. STELLA is the program to test.
set -euo pipefail

: "${STELLA:?names the program to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/out err=$work/err

# Nothing of the machine's own: no doctor.ini, no settings in the environment or the folder.
for name in $(compgen -e); do
    case $name in
    PATH | STELLA) ;;
    *) unset "$name" 2>/dev/null || true ;;
    esac
done
export HOME=$work XDG_CONFIG_HOME=$work/config LC_ALL=C.UTF-8 TERM=dumb
mkdir "$work/folder"
cd "$work/folder"

fail() {
    echo "${0##*/}: $*" >&2
    for file in "$out" "$err"; do
        [ -s "$file" ] && sed "s,^,  ${file##*/}: ," "$file" >&2
    done
    exit 1
}

# stella STATUS ARGUMENT...: runs it, output in $out and $err.
stella() {
    local wanted=$1 status=0
    shift
    "$STELLA" doctor "$@" >"$out" 2>"$err" </dev/null || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}

# holds FILTER [FILE]: jq says true of the JSON.
holds() {
    jq -e "$1" "${2-$out}" >/dev/null || fail "not so: $1"
}

# says PATTERN [FILE]; silent FILE: it is empty.
says() {
    grep -qE -- "$1" "${2-$out}" || fail "does not say: $1"
}
silent() {
    [ ! -s "$1" ] || fail "not silent: $1"
}

# valid SCHEMA [FILE]: every JSON value in it fits data/schemas/SCHEMA.schema.json.
valid() {
    "$here/validate" "$root/data/schemas/$1.schema.json" <"${2-$out}" >&2 || fail "not valid: $1"
}

# takes_signals PID: waits until it handles SIGINT, which bash does too before it
# becomes the program.
takes_signals() {
    until [ "$(readlink "/proc/$1/exe")" = "$STELLA" ]; do :; done
    until (($(sed -n 's/^SigCgt:\t/0x/p' "/proc/$1/status") & 2)); do :; done
}

# greet LINE: a server on loopback that says LINE to each client and closes; its number is in
# $port, until kill "$server_PID".
greet() {
    coproc server {
        exec /usr/bin/python3 -c '
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    peer = listener.accept()[0]
    peer.sendall(sys.argv[1].encode() + b"\r\n")
    peer.close()' "$1"
    }
    # shellcheck disable=SC2034
    read -r port <&"${server[0]}"
}
