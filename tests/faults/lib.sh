# shellcheck shell=bash
# What the scripts of the fault laboratory share: a network of its own, servers, and
# looking at what the program says. A script sources it and calls enter "$@" first.
#
#   here (192.0.2.1, 2001:db8:1::1) -- router (.254, ::fe) -- server (198.51.100.7,
#   2001:db8:2::7). Nobody has 192.0.2.99 and 198.51.100.99.
# /etc/hosts: mail.test, hooks.test the server's IPv4 address, both.test both of its own,
# dead.test two that nobody has.
set -euo pipefail

here=$(realpath "$(dirname "$0")")
script=${0##*/}
# shellcheck disable=SC2034 # the scripts use it
server=198.51.100.7
passed=0
failed=0
servers=()

cannot_run() {
    echo "$script: $1" >&2
    exit 77
}

make_etc() {
    mount -t tmpfs none /mnt
    cp -R /etc/alternatives /mnt/
    echo 'hosts: files dns' >/mnt/nsswitch.conf
    echo 'multi on' >/mnt/host.conf
    printf '%s\n' '127.0.0.1 localhost' '198.51.100.7 both.test' '2001:db8:2::7 both.test' \
        '192.0.2.98 dead.test' '2001:db8:1::98 dead.test' '198.51.100.7 mail.test hooks.test' \
        >/mnt/hosts
    mount --bind /mnt /etc
    mount -t tmpfs none /run
    mkdir /run/netns
}

on() { # on NAMESPACE COMMAND...
    local name=$1
    shift
    if [ "$name" = here ]; then "$@"; else ip netns exec "$name" "$@"; fi
}

make_network() {
    local name
    ip link set lo up
    for name in router server; do
        ip netns add $name || return
        on $name ip link set lo up
    done
    ip link add near type veth peer name r0 netns router
    ip -n router link add r1 type veth peer name far netns server
    ip addr add 192.0.2.1/24 dev near
    ip addr add 2001:db8:1::1/64 dev near nodad
    on router ip addr add 192.0.2.254/24 dev r0
    on router ip addr add 2001:db8:1::fe/64 dev r0 nodad
    on router ip addr add 198.51.100.254/24 dev r1
    on router ip addr add 2001:db8:2::fe/64 dev r1 nodad
    on server ip addr add 198.51.100.7/24 dev far
    on server ip addr add 2001:db8:2::7/64 dev far nodad
    ip link set near up
    on router ip link set r0 up
    on router ip link set r1 up
    on server ip link set far up
    ip route add 198.51.100.0/24 via 192.0.2.254
    ip route add 2001:db8:2::/64 via 2001:db8:1::fe
    ip route add 203.0.113.0/24 via 192.0.2.254
    on server ip route add default via 198.51.100.254
    on server ip route add 2001:db8:1::/64 via 2001:db8:2::fe
    on router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    # Errors are the facts here: none may be held back.
    on router sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    on server sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
}

# enter [STELLA]: goes on in namespaces of its own, with that network; sets stella.
enter() {
    local tool kind
    if [ "${1-}" != --inside ]; then
        stella=$(realpath "${1-$here/../../build/stella}")
        PATH=$PATH:/usr/sbin:/sbin
        for tool in ip nft jq openssl /usr/bin/python3; do
            command -v $tool >/dev/null || cannot_run "no $tool"
        done
        for kind in -nm -Urnm; do
            unshare "$kind" true 2>/dev/null && exec unshare "$kind" "$0" --inside "$stella"
        done
        cannot_run 'neither root nor allowed to make a user namespace'
    fi
    stella=$2
    trap '((${#servers[@]} == 0)) || kill "${servers[@]}"' EXIT
    make_etc
    make_network || cannot_run 'no network namespaces or no veth here'
}

# filter NAMESPACE HOOK RULE: the one rule set there until the next scenario.
filter() {
    printf 'table inet lab {\n chain c {\n  type filter hook %s priority 0;\n  %s\n }\n}\n' \
        "$2" "$3" | on "$1" nft -f -
}

serve() { # serve NAMESPACE WHAT ARGUMENT...: a scripted server, once it is ready
    ip netns exec "$1" /usr/bin/python3 -W ignore "$here/server.py" "${@:2}" >"/run/said.${#servers[@]}" &
    servers+=($!)
    until [ -s "/run/said.$((${#servers[@]} - 1))" ]; do kill -0 $!; done
}

resolvers() { printf 'nameserver %s\n' "$@" >/etc/resolv.conf; }

check=check.integration.smtp
environment=()
doctor() { # doctor FORMAT ARGUMENT...
    env -i PATH="$PATH" LC_ALL=C.UTF-8 "${environment[@]}" "$stella" doctor run --no-journal --format "$1" \
        --check "$check" --source environ "${@:2}"
}

now_ms() {
    local us=${EPOCHREALTIME/[.,]/}
    echo $((us / 1000))
}

ask() { jq -r ".results[0] | $1" <<<"$output"; }

# look ARGUMENT...: runs the check within budget and sets what the scenarios look at.
# causes are those of rank 1 with blanks between; because, the sentences of all causes,
# and texts, those of all findings, have a line each.
budget=3000
# shellcheck disable=SC2034 # the scripts use them
look() {
    local start
    faults=()
    status=0
    start=$(now_ms)
    output=$(doctor json --timeout "${budget}ms" "$@") || status=$?
    whole_ms=$(($(now_ms) - start))
    ms=$(ask '.duration_ms | floor')
    kind=$(ask '.failure.kind // "none"')
    causes=$(ask '[.causes[] | select(.rank == 1) | .id] | join(" ")')
    because=$(ask '[.causes[] | .because // empty] | join("\n")')
    ids=$(ask '[.findings[].id] | sort | join(" ")')
    texts=$(ask '[.findings[].text] | join("\n")')
    [ "$ms" -le $((budget + 200)) ] || wrong "took $ms ms"
}

wrong() { faults+=("$1"); }

# is WHAT FOUND WANTED; matches WHAT LINES PATTERN: else the scenario fails.
is() { [ "$2" = "$3" ] || wrong "$1: '$2', not '$3'"; }
matches() { grep -Eq -- "$3" <<<"$2" || wrong "no $1 matches '$3'"; }

clean() {
    local name
    for name in here router server; do on $name nft flush ruleset; done
    ((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    servers=()
    rm -f /run/said.* /run/printed.*
    : >/etc/resolv.conf
    ip neigh flush all
    on router ip neigh flush all
}

# Ends the scenario NAME and removes its servers, filters and all that was learned.
end() { # end NAME
    if ((${#faults[@]} == 0)); then
        echo "ok   $1 ($ms ms)"
        passed=$((passed + 1))
    else
        printf "FAIL $1: %s\n" "${faults[@]}"
        ask '{failure, summary, duration_ms, attempts, phases, findings,
            causes: [.causes[] | {id, rank, because, ruled_out}]} | tojson' | sed 's/^/     | /'
        failed=$((failed + 1))
    fi
    clean
}

report() {
    echo "$script: $passed passed, $failed failed"
    ((failed == 0))
}
