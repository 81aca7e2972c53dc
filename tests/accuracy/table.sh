#!/usr/bin/env bash
# One of the two tables, made once for a whole test run: tests/run.sh asks for it first, so that its
# figures are in the log, reached or not; ctest's test of the same name takes what was told then.
# Usage: table.sh recordings|scripted
#   STRIDEHUB_TABLES  where a run's tables are kept; absent: the table is made anew
set -u
here=$(cd "$(dirname "$0")" && pwd)
name=${1:?}
kept=${STRIDEHUB_TABLES:+$STRIDEHUB_TABLES/$name}
if [ -n "$kept" ] && [ -f "$kept.status" ]; then
    cat "$kept"
    exit "$(cat "$kept.status")"
fi
[ -n "$kept" ] || exec "$here/run.sh" --only "$name" --jobs 2
"$here/run.sh" --only "$name" --jobs 2 2>&1 | tee "$kept"
result=${PIPESTATUS[0]}
echo "$result" >"$kept.status"
exit "$result"
