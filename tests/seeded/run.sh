#!/usr/bin/env bash
# Seeded bugs: each must be caught by the test that bugs.txt names. tests/seeded/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case " $* " in
*" --help "* | *" -h "* | *" --list "*) ;;
*)
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    need_packages "${STRIDE_PACKAGES_TEST[@]}"
    ;;
esac
exec python3 -B "$here/seeded.py" "$@"
