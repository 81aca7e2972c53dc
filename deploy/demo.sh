#!/usr/bin/env bash
# A home that walks: a private broker, the hub, and simulated people in their shoes.
set -u
. "$(dirname "$0")/lib.sh"
cd "$STRIDE_TOP" || exit 2

usage() {
    cat <<'TEXT'
Usage: deploy/demo.sh [--once] [--wearers N] [--speed N]
       deploy/demo.sh --script NAME [--speed N]
       deploy/demo.sh --stop

Shows a simulated home: installs the Debian packages that are missing, builds, starts a broker of
its own and the hub, and lets two people walk. One line for each wearer tells cadence, symmetry,
time, pain and the last prompt; then comes the finished session as a table. Ctrl-C ends it and
leaves nothing running.

  --once       one walk in accelerated time, without a terminal; prints the record and ends
  --script NAME  plays devices/sim/walks/NAME.walk and tells it as a story: what the walker does, what
               the hub says to whom, and why the last alert was raised. Try bad-day
  --stop       end a demo that runs in the background (deploy/demo.sh >demo.log 2>&1 &)
  --wearers N  how many people walk, 1 to 20 (default 2; 1 with --once)
  --speed N    how many times faster than life (default 4; 60 with --once, 20 with --script)
  --help       this text
TEXT
}

once=0 stop=0 wearers='' speed='' script=demo story=0
number() { # number OPTION VALUE MAX
    if ! [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || [ "$2" -gt "$3" ]; then
        die "$1 needs a number from 1 to $3"
    fi
}
while [ $# -gt 0 ]; do
    case $1 in
    --once) once=1 ;;
    --stop) stop=1 ;;
    --script)
        if ! [[ ${2:-} =~ ^[a-z0-9-]+$ ]] || [ ! -f "devices/sim/walks/$2.walk" ]; then
            die "--script needs the name of a file in devices/sim/walks, without .walk"
        fi
        script=$2 story=1 once=1
        shift
        ;;
    --wearers)
        number "$1" "${2:-}" 20
        wearers=$2
        shift
        ;;
    --speed)
        number "$1" "${2:-}" 200
        speed=$2
        shift
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) die "unknown option $1; see --help" ;;
    esac
    shift
done

# ---- the place where it runs ----------------------------------------------------------------------
live_dir=${XDG_RUNTIME_DIR:-/tmp}/stridehub-demo-$(id -u)

# own_dir DIR: a private directory of ours, not somebody's trap in a shared /tmp.
own_dir() {
    mkdir -m 700 "$1" 2>/dev/null
    [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] && chmod 700 "$1"
}

# started PID: when that process started, in ticks since boot; a number is reused, a start is not.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# running_demo: the number of the demo that runs from live_dir; fails when none does.
running_demo() {
    local pid start
    [ -d "$live_dir" ] && [ -O "$live_dir" ] && read -r pid start 2>/dev/null <"$live_dir/pid" &&
        [[ $pid =~ ^[0-9]+$ ]] && [ -n "$start" ] && [ "$(started "$pid")" = "$start" ] &&
        echo "$pid"
}

if [ $stop = 1 ]; then
    if ! pid=$(running_demo); then
        say "No demo is running."
        exit 0
    fi
    kill -TERM "$pid"
    wait_until 20 _pid_gone_or_zombie "$pid" || die "the demo, process $pid, did not end"
    say "The demo has ended."
    exit 0
fi

# ---- say what it is, get what it needs ------------------------------------------------------------
bold='' dim='' plain=''
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
fi
say "${bold}Stridehub${plain}  a home hub for people with lower back pain who get better by walking"
say
say "This helps you walk comfortably. It is not a medical device, does not diagnose or treat, and"
say "cannot replace care. In an emergency call your local emergency number."
say "What it does about red flags (help button, alerts) is experimental: do not rely on it."
say

if [ $once = 0 ] && pid=$(running_demo); then
    die "a demo is running already (process $pid); deploy/demo.sh --stop ends it"
fi
need_packages "${STRIDE_PACKAGES_DEMO[@]}"
no_proxies
[ -x build/release/bin/stridehub ] || say "Building ${dim}(build/release, about a minute)${plain}"
build_preset release stridehub stridesim || exit 1
bin=$STRIDE_TOP/build/release/bin
began=$SECONDS

BROKER_PID='' hub='' home='' acts=''
if [ $once = 1 ]; then
    [ $story = 0 ] || speed=${speed:-20} wearers=1
    wearers=${wearers:-1} speed=${speed:-60}
    dir=$(mktemp -d) || exit 2
else
    wearers=${wearers:-2} speed=${speed:-4}
    dir=$live_dir
    own_dir "$dir" || die "$dir is not a directory of ours"
    rm -rf "${dir:?}"/{broker,broker.log,hub.log,home.log,home.conf,hub.passwords,home.passwords,pid,ready}
    rm -f "${dir:?}"/home.db*
    printf '%s %s\n' $$ "$(started $$)" >"$dir/pid"
fi

# The processes that this script started, in the order in which they should go.
clean_up() {
    local result=$?
    trap '' INT TERM HUP
    [ ! -t 1 ] || printf '\e[?7h\e[?25h' # long lines and the cursor are back
    stop_pid "$acts"
    stop_pid "$home"
    stop_pid "$hub"
    stop_pid "$BROKER_PID"
    rm -f "$dir/pid" "$dir/ready"
    if [ $once = 1 ]; then
        if [ $result = 0 ]; then
            rm -rf "$dir"
        else
            say "What happened is in $dir" >&2
        fi
    fi
    exit $result
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Even if this script is killed without a chance to clean up, what it started ends with it; what finds
# it gone already does not begin.
tied=()
# shellcheck disable=SC2016 # for the inner shell
! setpriv --pdeathsig TERM true 2>/dev/null ||
    tied=(setpriv --pdeathsig TERM sh -c '[ "$PPID" = "$0" ] && exec "$@"' $$)
# shellcheck disable=SC2034 # read by broker_start
BROKER_WRAPPER=("${tied[@]}")

failed() { # failed WHAT LOG
    say "$1" >&2
    tail -n 15 "$2" >&2
    exit 1
}

# ---- broker, hub, home ----------------------------------------------------------------------------
say "${dim}$wearers simulated wearer(s), ${speed} times faster than life; files in $dir; Ctrl-C ends it${plain}"
say
home_config=$dir/home.conf
walk=devices/sim/walks/$script.walk
"$bin/stridesim" config "$walk" --wearers "$wearers" >"$home_config" || die "stridesim config failed"
broker_prepare "$dir" "$home_config" || die "could not prepare the broker"
broker_start "$dir" || die "the broker did not start"
{
    cat <<CONFIG
[hub]
site = home
part = 0
broker = $BROKER_URI
user = hub-0
password_file = $dir/hub.passwords
database = $dir/home.db

CONFIG
    # A walk ends after ten minutes without walking; who watches need not wait that long.
    [ $once = 1 ] || printf '[rules]\nwalk.close = 60\n\n'
    cat "$home_config"
} >"$dir/hub.conf"
chmod 600 "$dir/hub.conf"

# On a terminal the hub redraws a line for each wearer every second; elsewhere it writes one every
# ten seconds. It is told where to say that it is ready, so that its output can go where it likes.
serve=(serve --config "$dir/hub.conf" --clock-speed "$speed")
if [ $story = 1 ]; then
    serve+=(--story)
    exec {hub_says}> >(grep --line-buffered -v '^ready')
elif [ $once = 1 ]; then
    exec {hub_says}>/dev/null
else
    serve+=(--show)
    exec {hub_says}>&1
    # A line that is too long is cut, not wrapped: a wrapped one could not be redrawn.
    [ ! -t 1 ] || printf '\e[?7l\e[?25l'
fi
exec {ready}>"$dir/ready"
hub_began=$EPOCHREALTIME
"${tied[@]}" "$bin/stridehub" "${serve[@]}" --ready-fd "$ready" \
    1>&"$hub_says" 2>"$dir/hub.log" </dev/null &
hub=$!
exec {ready}>&-
wait_ready $hub "$dir/ready" 10 || failed "The hub did not get ready." "$dir/hub.log"

home_began=$EPOCHREALTIME
"${tied[@]}" "$bin/stridesim" walk "$walk" --broker "$BROKER_URI" \
    --password-file "$dir/home.passwords" --speed "$speed" --seed 1 --wearers "$wearers" \
    --exit-when-stored >"$dir/home.log" 2>&1 </dev/null &
home=$!

# The words behind a script's lines, at their times, by the hub's clock.
acts() {
    local second words now
    while IFS=$'\t' read -r second words; do
        now=$EPOCHREALTIME
        sleep "$(awk -v began="$home_began" -v now="$now" -v second="$second" -v speed="$speed" \
            'BEGIN { wait = began + second / speed - now; print (wait > 0 ? wait : 0) }')"
        kill -0 $$ 2>/dev/null || return
        awk -v hub="$hub_began" -v home="$home_began" -v second="$second" -v speed="$speed" \
            -v words="$words" 'BEGIN {
                at = int(hub + (home - hub) * speed + second) % 86400
                printf "%02d:%02d:%02d  %-15s %s\n", at / 3600, at % 3600 / 60, at % 60, "THE WALKER",
                    words }'
    done < <(awk '/^at / && /#/ {
        split($2, time, ":"); words = $0; sub(/^[^#]*# */, "", words)
        printf "%d\t%s\n", 60 * time[1] + time[2], words }' "$walk")
}
if [ $story = 1 ]; then
    acts &
    acts=$!
fi

# ---- the walk -------------------------------------------------------------------------------------
walk_over() { _pid_gone_or_zombie "$home" || hub_gone; }
hub_gone() { _pid_gone_or_zombie "$hub"; }
wait_until 3600 walk_over || failed "The walk took too long." "$dir/home.log"
! hub_gone || failed "The hub has ended." "$dir/hub.log"
wait "$home" || failed "The simulated home failed." "$dir/home.log"
home=''
# A walk that goes on has no end reason.
sessions_closed() {
    sleep 0.3
    "$bin/stridehub" sessions --config "$dir/hub.conf" --format csv 2>>"$dir/hub.log" |
        awk -F, -v wanted="$wearers" '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i == "end_reason") column = i; next }
            column && $column != "" { closed++ }
            END { exit closed + 0 < wanted }'
}
[ $story = 1 ] || wait_until 300 sessions_closed || failed "The session did not close." "$dir/hub.log"

# ---- what remains ---------------------------------------------------------------------------------
stop_pid "$hub"
hub=''
[ ! -t 1 ] || printf '\e[?7h\e[?25h'
say
if [ "$wearers" -gt 1 ]; then
    "$bin/stridehub" sessions --config "$dir/hub.conf"
    say
fi
if [ $story = 1 ]; then
    say "${bold}Why${plain}  ${dim}stridehub explain last${plain}"
    say
    "$bin/stridehub" explain last --config "$dir/hub.conf" || failed "Nothing was said." "$dir/hub.log"
    say "${dim}$((SECONDS - began)) s${plain}"
    exit 0
fi
"$bin/stridehub" show last --config "$dir/hub.conf" || failed "There is no record." "$dir/hub.log"
if [ $once = 0 ]; then
    say
    say "${bold}Where to look${plain}"
    say "  build/release/bin/stridehub sessions --config $dir/hub.conf"
    say "  build/release/bin/stridehub show last --format json --config $dir/hub.conf"
    say "  $dir/hub.log"
    say "The files stay until the next demo, or until you remove $dir."
fi
say "${dim}$((SECONDS - began)) s${plain}"
