#!/bin/bash
# Kills the hub and the broker at random moments while simulated wearers walk, and proves that
# nothing receipted was lost, doubled or reordered, and that the records equal an undisturbed run's.
# tests/crash/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case " $* " in
*" --help "* | *" -h "*) exec python3 -B "$here/crash.py" --help ;;
esac
if [ -z "${STRIDEHUB_BIN:-}" ]; then
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    need_packages "${STRIDE_PACKAGES_TEST[@]}"
    no_proxies
    build_preset dev stridehub stridesim || exit 1
    export STRIDEHUB_BIN=$top/build/dev/bin
fi
exec python3 -B "$here/crash.py" "$@"
