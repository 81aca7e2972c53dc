#!/usr/bin/env bash
# One heavy kind of test, shortened to what a continuous run can afford.
# Usage: stage.sh clang|asan|tsan|fuzz|bench|demo    Exit 77: skipped, with the reason.
set -u
. "$(dirname "$0")/../../deploy/lib.sh"
cd "$STRIDE_TOP" || exit 2

need() { command -v "$1" >/dev/null || { say "skipped: no $1"; exit 77; }; }
entry() { [ -x "$1" ] || { say "skipped: no $1"; exit 77; }; }

# The tests of another build. Left out: tidy, which reads sources and needs no second opinion, and
# what is labelled heavy.
again() {
    build_preset "$1" || exit 1
    shift
    "${wrapper[@]}" ctest --test-dir "build/$stage" --output-on-failure --no-tests=error -j"$(nproc)" "$@"
}

stage=${1:?} wrapper=()
# Judged by the gcc build alone: what another build or a sanitizer would only repeat, slowly.
long='tidy|heavy|bench|crash|sim|seeded|accuracy|scenarios'
# detect_stack_use_after_return finds what a plain run does not; a sanitizer's word is a failure.
# Paho forgets what was queued when a connection went (proto/link_paho.c): bounded, known, not ours.
export ASAN_OPTIONS=detect_stack_use_after_return=1:abort_on_error=0:fast_unwind_on_malloc=0
export LSAN_OPTIONS=suppressions=$STRIDE_TOP/tests/link/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
case $stage in
clang)
    need clang
    again clang -LE "$long|e2e"
    ;;
# The long recordings and the gigabyte journal are for speed and size, which a sanitizer changes. An
# end-to-end test waits more than it computes: each runs under the sanitizer that can find something
# in it. Threads meet in the link and at the hub's door, in every test; who only reads the database, a
# full disk and what the wire refuses add none. Ladders and restarts add memory that the unit tests
# and the other drivers use as well.
asan) again asan -LE "$long" -E 'e2e/(recordings|big_journal|escalation|restart_one_session)' ;;
tsan)
    # gcc 12's runtime does not know the wider address randomisation of newer kernels.
    ! setarch -R true 2>/dev/null || wrapper=(setarch -R)
    again tsan -LE "$long|golden" \
        -E 'e2e/(recordings|big_journal|bad_input|explain|disk_full)|safety/'
    ;;
fuzz)
    need clang
    entry tests/fuzz/run.sh
    tests/fuzz/run.sh --seconds 30
    ;;
bench)
    entry tests/bench/run.sh
    tests/bench/run.sh --short
    ;;
demo)
    entry tests/e2e/demo_test.sh
    tests/e2e/demo_test.sh
    ;;
*) die "no stage $stage" ;;
esac
