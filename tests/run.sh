#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test; ends with ctest's own summary.
set -u
. "$(dirname "$0")/../deploy/lib.sh"
cd "$STRIDE_TOP" || exit 2

usage() {
    cat <<'TEXT'
Usage: tests/run.sh [--quick] [--only NAME] [--list]

Installs the Debian packages that are missing, builds with gcc and runs everything: unit tests,
tidy tests (layers, purity, format, clang-tidy), end-to-end tests over a private broker, and as
stages of their own the same tests built with clang, with ASan+UBSan and with TSan, the fuzzers
(30 s each), a shortened crash test and a shortened benchmark. Needs about half an hour on two
cores. Exit status 0 only if nothing failed; what was skipped is listed with its reason.

  --quick      only the gcc build's unit and tidy tests without clang-tidy (about two minutes)
  --only NAME  only tests whose name matches the regular expression, e.g. 'unit/core' or stage/asan
  --list       print the names of all tests and stop
  --help       this text

Whole versions of what is shortened here: tests/fuzz/run.sh, tests/crash/run.sh, tests/bench/run.sh,
tests/bare/run.sh, tests/sim/run.sh, tests/scenarios/run.sh, tests/seeded/run.sh (each has --help).
The table of figures against people's recordings: tests/accuracy/run.sh.
TEXT
}

select=() list=0
while [ $# -gt 0 ]; do
    case $1 in
    --quick) select=(-L 'unit|tidy' -LE heavy) ;;
    --only)
        [ $# -ge 2 ] || die "--only needs a name"
        select=(-R "$2")
        shift
        ;;
    --list) list=1 ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) die "unknown option $1; see --help" ;;
    esac
    shift
done

need_packages "${STRIDE_PACKAGES_TEST[@]}"
no_proxies
say "Building (gcc, build/dev)"
build_preset dev || exit 1
if [ $list = 1 ]; then
    exec ctest --test-dir build/dev -C full -N
fi
[ -d "${STRIDEHUB_RECORDINGS:-../shared/recordings}" ] ||
    say "No recordings in ../shared/recordings: tests that play them are skipped."
# The figures belong into the log, reached or not; ctest's accuracy tests below judge these tables.
if [ ${#select[@]} = 0 ]; then
    export STRIDEHUB_TABLES=$STRIDE_TOP/build/dev/tables
    rm -rf "$STRIDEHUB_TABLES" && mkdir -p "$STRIDEHUB_TABLES" || exit 1
    for table in recordings scripted; do
        STRIDEHUB_BIN=build/dev/bin tests/accuracy/table.sh $table
    done
fi
# -C full adds the stages of tests/tidy/stages.cmake. What failed is told in full before the summary.
exec ctest --test-dir build/dev -C full -j"$(nproc)" --output-on-failure \
    --no-tests=error "${select[@]}"
