#!/usr/bin/env bash
# Every C file is as clang-format would write it.  Usage: format.sh TOP
set -u
cd "$1" || exit 2
command -v clang-format >/dev/null || { echo "skipped: no clang-format"; exit 77; }
folders=()
for folder in proto hub devices tests; do
    [ -d "$folder" ] && folders+=("$folder")
done
# A place for each finding is enough; `clang-format -i FILE` makes them all good.
places=$(find "${folders[@]}" -name '*.[ch]' -print0 | xargs -0 -r clang-format --dry-run 2>&1 |
    sed -n 's/^\([^ :]*:[0-9]*\):[0-9]*: warning.*/    \1/p' | uniq)
[ -n "$places" ] || exit 0
echo "not as clang-format would write it:"
echo "$places"
exit 1
