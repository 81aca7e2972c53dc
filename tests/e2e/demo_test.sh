#!/usr/bin/env bash
# The demo does what its help says, and leaves nothing running however it ends.
# Ends in a line "N passed, N failed".
set -u
. "$(dirname "$0")/../../deploy/lib.sh"
cd "$STRIDE_TOP" || exit 2

scratch=$(mktemp -d) || exit 2
demo=''
clean_up() {
    stop_pid "$demo" 20
    # What a failed check left behind; only ours has our directory among its arguments.
    leftovers | cut -d' ' -f1 | xargs -r kill
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
export XDG_RUNTIME_DIR=$scratch TMPDIR=$scratch

passed=0 failed=0
check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$scratch/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        say "FAILED: $name"
        tail -n 140 "$scratch/out" | sed 's/^/    /'
    fi
}

# Whatever the demo starts has a file below its directory among its arguments, or the broker's URI.
leftovers() { pgrep -u "$(id -u)" -af "$scratch" | grep -E '(mosquitto|stridehub|stridesim) '; }
nothing_runs() { ! leftovers; }

start_live() {
    # Emptied here: the child may get to it only after the wait below has read an earlier demo's lines.
    : >"$scratch/live"
    # Job control gives it a process group of its own, as a terminal would.
    set -m
    deploy/demo.sh --speed 4 >"$scratch/live" 2>&1 </dev/null &
    demo=$!
    set +m
    wait_until 240 _walking_or_gone && grep -q 'files in' "$scratch/live"
}
_walking_or_gone() { grep -q 'spm\|steps/min' "$scratch/live" || _pid_gone_or_zombie "$demo"; }

help_says_all() {
    local text option
    text=$(deploy/demo.sh --help) || return 1
    for option in --once --script --stop --help; do
        grep -q -- "$option" <<<"$text" || return 1
    done
}
refuses() { ! deploy/demo.sh "$@"; }
once() {
    local result=0
    timeout 200 deploy/demo.sh --once >"$scratch/once" 2>&1 </dev/null || result=$?
    cat "$scratch/once"
    [ $result = 0 ] && grep -qi 'not a medical device' "$scratch/once" &&
        grep -qi 'cadence' "$scratch/once"
}
# What the walker does and what the hub says about it, then why.
story() {
    local result=0 words missing=''
    timeout 200 deploy/demo.sh --script bad-day >"$scratch/story" 2>&1 </dev/null || result=$?
    cat "$scratch/story"
    [ $result = 0 ] || return 1
    for words in 'THE WALKER      falls' 'R11' 'Pain moving down the leg' '^ALERT' 'WHAT HAPPENED'; do
        grep -q -- "$words" "$scratch/story" || missing+=" \"$words\""
    done
    [ -z "$missing" ] || { say "not told:$missing"; return 1; }
    ! awk 'length > 100 { print "too long: " $0 }' "$scratch/story" | grep -v 'files in'
}
interrupted() {
    start_live || { cat "$scratch/live"; return 1; }
    kill -INT -- "-$demo"
    wait_until 20 _pid_gone_or_zombie "$demo" || return 1
    wait "$demo"
    [ $? = 130 ] && nothing_runs
}
kill_outright() {
    kill -KILL "$demo"
    wait "$demo" 2>/dev/null
    wait_until 10 nothing_runs >/dev/null || nothing_runs
}
killed() {
    start_live || { cat "$scratch/live"; return 1; }
    kill_outright
}
# At the worst moment: what the demo is about to start is not yet tied to it.
killed_early() {
    mkdir -p "$scratch/late" || return 1
    cat >"$scratch/late/setpriv" <<'WAITS'
#!/bin/bash
case "$*" in *"stridesim walk "*) while kill -0 $PPID; do sleep 0.05; done ;; esac
PATH=${PATH#*:} exec setpriv "$@"
WAITS
    chmod +x "$scratch/late/setpriv"
    PATH=$scratch/late:$PATH start_live || { cat "$scratch/live"; return 1; }
    wait_until 20 home_begins && kill_outright
}
home_begins() { leftovers | grep -q 'stridesim walk '; }
# The words of a story end with it too: at this speed the limp would begin 2.5 s later.
story_killed() {
    : >"$scratch/killed"
    deploy/demo.sh --script bad-day --speed 60 >"$scratch/killed" 2>&1 </dev/null &
    demo=$!
    wait_until 60 grep -q 'THE WALKER .* sets off' "$scratch/killed" && kill_outright || return 1
    sleep 4
    cat "$scratch/killed"
    ! grep -q 'begins to limp' "$scratch/killed"
}
stopped() {
    start_live || { cat "$scratch/live"; return 1; }
    # A second one must not take the first one's place.
    refuses --speed 4 && deploy/demo.sh --stop && _pid_gone_or_zombie "$demo" && nothing_runs
}
stop_without_demo() { deploy/demo.sh --stop | grep -q 'No demo'; }
# A number in a stale file must never be killed: it belongs to somebody else by now.
stale_pid_is_left_alone() {
    local dir
    dir=$scratch/stridehub-demo-$(id -u)
    (umask 077 && mkdir -p "$dir")
    echo "$$ 1" >"$dir/pid"
    stop_without_demo
}

check "help names every way" help_says_all
check "an unknown option is refused" refuses --frobnicate
check "a speed that is no number is refused" refuses --speed fast
check "--once prints a record and succeeds" once
check "--once leaves nothing running" nothing_runs
check "--script tells a bad day as a story" story
check "and leaves nothing running" nothing_runs
check "an unknown script is refused" refuses --script nobody
check "Ctrl-C ends the demo and all it started" interrupted
check "a demo that is killed outright leaves nothing running" killed
check "and one that is killed before its home walks" killed_early
check "and a story that is killed tells no more" story_killed
check "--stop ends a demo in the background" stopped
check "--stop without a demo says so" stop_without_demo
check "--stop leaves a stranger's process alone" stale_pid_is_left_alone
say "$passed passed, $failed failed"
[ $failed = 0 ]
