#!/usr/bin/env bash
# A server that says secrets: by their names, by their form, and those of the settings, as
# they are and encoded. No report says them on.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mark=Geheim7351
password="x&Kn0wn\"9'z"

cat >"$work/server.py" <<'EOS'
import base64, json, socket, sys, threading, urllib.parse
mark, password = sys.argv[1:]
auth = base64.b64encode(f"\0joe\0{password}".encode()).decode()
texts = [
    f"220 mail.example ESMTP password={mark} ready",
    f"220 mail.example ESMTP token: {mark}",
    f"220 mail.example ESMTP Bearer {mark}",
    f"220 mail.example ESMTP the password is {mark}",
    f"220 mail.example ESMTP joe:{mark}@mail.example",
    f"220 mail.example ESMTP {password} ready",
    f"220 mail.example ESMTP {urllib.parse.quote(password)} ready",
    f"220 mail.example ESMTP {json.dumps(password)} ready",
    f"220 mail.example ESMTP {auth} ready",
    "220 mail.example ESMTP " + "x" * 167 + password,
    f"554 mail.example {password}",
    f"SSH-2.0-{password} password={mark}",
    f"220 {'-' * 60}\x1b]52;c;{password}\x07 password={mark}",
]

def serve(listener, said):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.settimeout(5)
                connection.sendall(said.encode() + b"\r\n")
                while b"EHLO" in connection.recv(4096):
                    connection.sendall(f"250-mail.example password={mark}\r\n250-AUTH PLAIN "
                                       f"{password}\r\n250 TOKEN={mark}\r\n".encode())
                connection.sendall(b"221 bye " + password.encode() + b"\r\n")
            except OSError:
                pass

listeners = [socket.create_server(("127.0.0.1", 0)) for _ in texts]
for listener, said in zip(listeners, texts):
    threading.Thread(target=serve, args=(listener, said), daemon=True).start()
print(*[listener.getsockname()[1] for listener in listeners], flush=True)
sys.stdin.read()
EOS
coproc server { exec /usr/bin/python3 "$work/server.py" "$mark" "$password"; }
read -ra ports <&"${server[0]}"
[ "${#ports[@]}" = 13 ] || fail "no servers"

encoded=$(printf %s "$password" | jq -rR '@uri, @base64, tojson[1:-1]')
hidden=("$mark" Kn0wn "${encoded%%$'\n'*}" "$(printf '\0joe\0%s' "$password" | base64 | cut -c8-20)")
# shows_none FILE
shows_none() {
    local secret
    for secret in "${hidden[@]}"; do
        if grep -qiF -- "$secret" "$1"; then fail "$secret is in ${1##*/}: ${*:2}"; fi
    done
}

options=(--no-default-sources --check check.integration.smtp --deep)
for port in "${ports[@]}"; do
    jq -n --arg p "$password" --argjson port "$port" \
        '{Smtp: {Host: "127.0.0.1", Port: $port, Password: $p}}' >"$work/settings.json"
    for format in text json jsonl junit nagios prometheus markdown; do
        "$STELLA" doctor run "${options[@]}" --source "json:$work/settings.json" --format $format \
            >"$out" 2>"$err" </dev/null || [ $? = 1 ] || fail "run: $port $format"
        shows_none "$out" "$format"
        shows_none "$err" "$format"
        if [ $format = json ]; then cat "$out" >>"$work/all"; fi
    done
done

# What is not secret stays.
says '220 mail\.example ESMTP password=\*\*\* ready' "$work/all"
says '220 mail\.example ESMTP \*\*\* ready' "$work/all"

stella 0 report --all
shows_none "$out"
find "$HOME/.local/state" -name '*.jsonl' -exec cat {} + >"$work/journal"
[ -s "$work/journal" ] || fail "no journal"
shows_none "$work/journal"
