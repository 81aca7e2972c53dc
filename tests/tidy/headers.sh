#!/usr/bin/env bash
# Every header compiles alone, twice over, with each compiler that is here.
# Usage: headers.sh TOP GENERATED
set -u
cd "$1" || exit 2
generated=$2
flags=(-std=c17 -D_GNU_SOURCE -DSTRIDEHUB_VERSION="\"0\"" -I. -isystem "$generated" -fsyntax-only
    -include proto/banned.h -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    -Wstrict-prototypes -Wundef -Wdouble-promotion -Werror)
for folder in proto hub devices; do
    [ -d "$folder" ] && folders="${folders:-} $folder"
done
# shellcheck disable=SC2086 # names of ours, without blanks
headers=$(find $folders -name '*.h' ! -name banned.h | sort)
compilers=0 failed=0
for compiler in gcc clang; do
    command -v $compiler >/dev/null || { echo "$compiler is not here: left out"; continue; }
    compilers=$((compilers + 1))
    for header in $headers; do
        printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
            $compiler "${flags[@]}" -x c - || { echo "    $header, $compiler"; failed=1; }
    done
done
[ $compilers -gt 0 ] || exit 77
exit $failed
