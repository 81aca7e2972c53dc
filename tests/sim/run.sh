#!/usr/bin/env bash
# Whole homes on a simulated clock, with all kinds of faults. tests/sim/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
if [ -z "${STRIDEHUB_BIN:-}" ]; then
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    need_packages "${STRIDE_PACKAGES_TEST[@]}"
    build_preset dev stride_sim_home || exit 1
    STRIDEHUB_BIN=$top/build/dev/bin
fi
case " $* " in
*" --jobs "* | *" --trace "* | *" --help "* | *" -h "*) exec "$STRIDEHUB_BIN/stride_sim_home" "$@" ;;
*) exec "$STRIDEHUB_BIN/stride_sim_home" --jobs "$(nproc)" "$@" ;;
esac
