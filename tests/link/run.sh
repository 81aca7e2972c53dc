#!/bin/sh
# Reconnects of the link in bounded memory, in full.
set -eu

usage()
{
    cat <<END
usage: tests/link/run.sh [--reconnects N] [--limit-kib K] [--build DIR]
Reconnects the link N times (default 10000) against a private mosquitto, prints the resident memory
at 10 %, 50 % and 100 %, and fails when it grew by more than K KiB (default 1024) in between.
DIR is a build directory (default: build/dev, built if needed).
END
}

root=$(cd "$(dirname "$0")/../.." && pwd)
reconnects=10000
limit_kib=1024
build=
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage; exit 0 ;;
    --reconnects | --limit-kib | --build)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        case $1 in
        --reconnects) reconnects=$2 ;;
        --limit-kib) limit_kib=$2 ;;
        --build) build=$2 ;;
        esac
        shift 2 ;;
    *) usage >&2; exit 2 ;;
    esac
done
if [ -z "$build" ]; then
    build=$root/build/dev
    (cd "$root" && cmake --preset dev >/dev/null && cmake --build "$build" --target link_reconnect)
fi
exec "$build/bin/link_reconnect" "$reconnects" "$limit_kib"
