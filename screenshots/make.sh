#!/usr/bin/env bash
# Takes the pictures of the README from a real terminal: xterm on a display of
# its own, with tmux between it and the program to type and to know what shows.
#   screenshots/make.sh [STELLA]      build/stella by default
# Writes NAME-COLSxROWS.png beside itself. Waits for what must appear, and fails
# when it does not, or when a picture is empty.
set -euo pipefail

here=$(realpath "$(dirname "$0")")
stella=$(realpath "${1-$here/../build/stella}")
work=$(mktemp -d)
started=()

finish() {
    in_tmux kill-server 2>/dev/null || true
    kill "${started[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

in_tmux() {
    tmux -S "$work/socket" "$@"
}

# until_true COMMAND...: asks again until it succeeds, at most 15 s.
until_true() {
    local deadline=$((SECONDS + 15))
    until "$@" 2>/dev/null; do
        if ((SECONDS > deadline)); then
            echo "screenshots: $size: in vain: $*" >&2
            in_tmux capture-pane -p >&2
            exit 1
        fi
    done
}

# shows TEXT [LINES]: the screen, or these lines of it (as sed counts), has the text.
shows() {
    in_tmux capture-pane -p | sed -n "${2-1,\$}p" | grep -qF -- "$1"
}

keys() {
    in_tmux send-keys "$@"
}

# The pointer starts in the middle, which gives the terminal the focus.
start_display() {
    local number
    mkfifo "$work/display"
    Xvfb -displayfd 3 -screen 0 1440x830x24 -nolisten tcp 3<>"$work/display" 2>/dev/null &
    started+=($!)
    read -r -t 15 number <>"$work/display"
    export DISPLAY=:$number
}

# The host has the same name in every picture, where this user may give it one.
# The program is not tmux's own child, which tmux would not let stop.
write_program() {
    local namespace=
    if unshare --map-root-user --uts true 2>/dev/null; then
        namespace='unshare --map-root-user --uts'
    fi
    cat >"$work/program" <<END
[ -z '$namespace' ] || hostname release-01
echo \$\$ >'$work/pid'
cd '$work'
export XDG_STATE_HOME='$work/state'
rm -rf '$work/state'
exec '$stella' doctor --demo --source values:values.yaml --source env-file:.env
END
    printf 'smtp:\n  host: mail.example\n  port: 0465\n' >"$work/values.yaml"
    printf 'SMTP_HOST=smtp.example.com\n' >"$work/.env"
    echo "$namespace sh '$work/program'; exit" >"$work/pane"
    cat >"$work/tmux.conf" <<END
set -g default-terminal tmux-256color
set -g default-command "sh '$work/pane'"
set -g status off
END
}

start_terminal() {
    env -u TMUX -u NO_COLOR LC_ALL=C.UTF-8 xterm -title screenshot -geometry "$1" \
        -fa 'DejaVu Sans Mono' -fs 12 -bg '#16181d' -fg '#d5d8de' -b 8 +sb -uc \
        -e tmux -S "$work/socket" -f "$work/tmux.conf" new-session &
    started+=($!)
}

# The picture of now is whole when the one after it is the same.
same_twice() {
    mv -f "$work/new.png" "$work/old.png" || true
    import -silent -window screenshot -strip "$work/new.png"
    cmp -s "$work/old.png" "$work/new.png"
}

picture() {
    local file="$here/$1-$size.png" ink
    rm -f "$work/new.png"
    until_true same_twice
    ink=$(convert "$work/new.png" -colorspace gray -format '%[fx:standard_deviation>0.03]' info:)
    if [ "$ink" != 1 ]; then
        echo "screenshots: $file would be empty" >&2
        exit 1
    fi
    convert "$work/new.png" +dither -colors 64 -strip "PNG8:$file"
    echo "$file"
}

# The clock of a run goes on in a stopped program, but its screen stands still.
picture_running() {
    local pid
    keys r
    until_true shows '2.0 of 5.0 s'
    pid=$(<"$work/pid")
    kill -STOP "$pid"
    picture running
    kill -CONT "$pid"
    until_true shows 'Timed out after'
}

# picture_fix TAB NAME: the tabs are scrolled to the second line below the title.
picture_fix() {
    keys "${1%% *}"
    until_true shows "[$1]" 5
    picture "fix-$2"
}

# The step that sets the values, with the values in force accepted.
picture_walk() {
    keys w
    until_true shows 'Fix SMTP'
    keys n n n a
    until_true shows 'host: '
    keys Enter
    until_true shows 'port: '
    keys Enter
    until_true shows 'tls: '
    keys Enter
    until_true shows 'x run'
    picture walk
}

take_all() {
    start_terminal "$size"
    until_true shows 'SMTP Email Connectivity'
    picture list
    picture_running
    picture failure
    [ "$size" != 80x24 ] || keys Tab z
    picture_fix '1 Docker Compose' compose
    picture_fix '2 Bare Metal / systemd' systemd
    picture_fix '3 Kubernetes / Helm' helm
    keys s
    until_true shows 'Sources'
    picture settings
    keys q
    picture_walk
    keys q
    until_true shows 'w walk'
    keys C-c
}

write_program
start_display
for size in 80x24 140x40; do
    take_all
    wait "${started[-1]}"
    unset 'started[-1]'
done
