#!/bin/sh
# Builds the fuzz targets (preset `fuzz`: clang, ASan, UBSan) and runs each for a while.
set -eu

usage() {
    echo "usage: tests/fuzz/run.sh [--seconds N] [--help]"
    echo "Runs every tests/fuzz/fuzz_*.c for N seconds (default 60), two at a time, from a small corpus"
    echo "that it makes itself. An input that fails is kept and its path printed. Exit status 0 when all pass."
}

seconds=60
while [ $# -gt 0 ]; do
    case $1 in
    --seconds)
        seconds=${2:-}
        case $seconds in '' | *[!0-9]* | 0*) usage >&2; exit 2 ;; esac
        shift 2 ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/fuzz
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

if ! { cmake --preset fuzz && cmake --build "$build" --target fuzzers; } >"$work/build.log" 2>&1; then
    tail -n 40 "$work/build.log"
    echo "the fuzz targets do not build"
    echo "0 passed, 1 failed"
    exit 1
fi

mkdir "$work/wire" "$work/topic" "$work/journal" "$work/config"
"$build/bin/fuzz_seeds" "$work"

# A failing input goes where it outlives this run.
fuzz() {
    mkdir -p "$work/${1#fuzz_}"
    if "$build/bin/$1" -max_total_time="$seconds" -max_len=5000 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/$1-" "$work/${1#fuzz_}" \
        >"$work/$1.log" 2>&1; then
        : >"$work/$1.ok"
    fi
}

tell() {
    if [ -f "$work/$1.ok" ]; then
        passed=$((passed + 1))
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1.log")
        echo "ok   $1: ${runs:-?} inputs in $seconds s"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        tail -n 40 "$work/$1.log"
    fi
}

passed=0
failed=0
set -- tests/fuzz/fuzz_*.c
while [ $# -gt 0 ]; do
    first=$(basename "$1" .c)
    second=
    fuzz "$first" &
    if [ $# -gt 1 ]; then
        shift
        second=$(basename "$1" .c)
        fuzz "$second" &
    fi
    shift
    wait
    tell "$first"
    [ -z "$second" ] || tell "$second"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
