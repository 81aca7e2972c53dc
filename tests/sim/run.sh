#!/usr/bin/env bash
# Whole homes on a simulated clock, with all kinds of faults. tests/sim/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=../../deploy/lib.sh
. "$top/deploy/lib.sh"
need_programs stride_sim_home
case " $* " in
*" --jobs "* | *" --trace "* | *" --help "* | *" -h "*) exec "$STRIDEHUB_BIN/stride_sim_home" "$@" ;;
*) exec "$STRIDEHUB_BIN/stride_sim_home" --jobs "$(nproc)" "$@" ;;
esac
