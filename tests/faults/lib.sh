# shellcheck shell=bash
# What the scripts of the fault laboratory share: a network of its own, servers, and
# looking at what the program says. A script sources it and calls enter "$@" first.
# All that the program says of a scenario must be what expected/SCRIPT has below its
# name: there it stands to be read, and to be held against what was done here. RECORD=yes
# writes that file anew; then read it.
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
expected=$here/expected/$script
passed=0
failed=0
skipped=0
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
    [ -z "${RECORD-}" ] || : >"$expected"
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

# look ARGUMENT...: runs the check within the budget (none: the program's own, 5 s) and
# sets what the scenarios look at. causes are those of rank 1 with blanks between.
budget=3000
# shellcheck disable=SC2034 # the scripts use them
look() {
    local start limit=${budget:-5000}
    faults=()
    status=0
    start=$(now_ms)
    output=$(doctor json ${budget:+--timeout "${budget}ms"} "$@") || status=$?
    whole_ms=$(($(now_ms) - start))
    ms=$(ask '.duration_ms | floor')
    kind=$(ask '.failure.kind // "none"')
    causes=$(ask '[.causes[] | select(.rank == 1) | .id] | join(" ")')
    ids=$(ask '[.findings[].id] | sort | join(" ")')
    [ "$ms" -le $((limit + 200)) ] || wrong "took $ms ms"
    # To start and to print takes time too; digging deeper 5 s, waiting for a pass 10 s.
    [[ " $* " != *' --deep '* ]] || limit=$((limit + 5000))
    [[ " $* " != *' --until-pass '* ]] || limit=$((limit + 10000))
    [ "$whole_ms" -le $((limit + 1000)) ] || wrong "took $whole_ms ms in all"
}

# What was said, with only what changes from run to run taken out: times (up to a second,
# or more), ports of our own, dates.
story() {
    ask '"failure: \(.failure.kind // "none")", "summary: \(.summary)",
        (.causes[] | if .rank then "\(.rank) \(.id): \(.because // "no observation")"
                     else "ruled out \(.id): \(.ruled_out)" end),
        (.separate // empty | "to tell apart: \(.)"),
        (.findings[] | "found \(.id): \(.text)")' |
        sed -E 's/\b[0-9]{1,3} ms\b/{short} ms/g; s/\b[0-9]{4} ms\b/{long} ms/g
            s/\b0\.[0-9]+ s\b/{short} s/g; s/\b[1-9]\.[0-9]+ s\b/{long} s/g
            s/^(found tls-(stalled|tried): .*)\b[0-9]+ bytes were/\1{n} bytes were/; s/\b20[0-9-]{8}T[0-9:]{8}Z/{date}/g; s/\b(in|,) [0-9]+ days/\1 {n} days/g'
}

wanted_story() { sed -n "/^== $1\$/,/^== /{/^== /d;/^\$/d;p}" "$expected"; }

wrong() { faults+=("$1"); }

# is WHAT FOUND WANTED: else the scenario fails.
is() { [ "$2" = "$3" ] || wrong "$1: '$2', not '$3'"; }

# injected CAUSE: it must be of the first rank; none for a healthy server.
injected() {
    if [ -z "$1" ]; then
        is 'the first causes' "$causes" ''
    elif [[ " $causes " != *" $1 "* ]]; then
        wrong "first are '$causes': $1 is not among them"
    fi
}

# The complete set: nothing is missing, nothing is said besides.
compare() { # compare NAME
    local difference
    if [ -n "${RECORD-}" ]; then
        printf '== %s\n%s\n\n' "$1" "$(story)" >>"$expected"
    elif ! difference=$(diff <(wanted_story "$1") <(story)); then
        wrong "what it says is not what $expected has (< wanted, > said):"$'\n'"$difference"
    fi
}

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
    compare "$1"
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

# A scenario that cannot be had here.
skip() { # skip NAME REASON
    echo "skip $1: $2"
    skipped=$((skipped + 1))
    [ -z "${RECORD-}" ] || cannot_run "without it $expected would not be whole"
}

# The exit status of the script: 77 where some could not be had, and the others passed.
report() {
    echo "$script: $passed passed, $failed failed, $skipped skipped"
    ((failed == 0)) || return 1
    ((skipped == 0)) || return 77
}
