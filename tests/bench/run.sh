#!/bin/bash
# The benchmarks: builds the release preset and prints the tables. tests/bench/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case " $* " in
*" --help "* | *" -h "*) exec python3 -B "$here/bench.py" --help ;;
esac
if [ -z "${STRIDEHUB_BIN:-}" ]; then
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    build_preset release stridehub stridesim bench_core bench_trigger bench_load bench_counter
    export STRIDEHUB_BIN=$top/build/release/bin
fi
exec python3 -B "$here/bench.py" "$@"
