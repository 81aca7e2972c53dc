#!/bin/bash
# The smoke of benchmark (a): 22 x 25 frames of the simulated body through the core without one
# malloc, in a state of at most 64 KiB. No time is judged.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
journal=$(mktemp)
trap 'rm -f "$journal"' EXIT
"$STRIDEHUB_BIN/stridesim" walk "$here/bench.walk" --journal "$journal" --wearers 1 --seed 1
"$STRIDEHUB_BIN/bench_core" "$journal" --passes 1 --check
