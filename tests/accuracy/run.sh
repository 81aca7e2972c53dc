#!/bin/bash
# Every recording of people walking, and scripted walks, through the real way against their truth:
# one table of figures and goals. tests/accuracy/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case " $* " in
*" --help "* | *" -h "*) exec python3 -B "$here/accuracy.py" --help ;;
*" --bin "* | *" --bin="*) ;;
*)
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    need_programs stridehub stridesim
    ;;
esac
exec python3 -B "$here/accuracy.py" "$@"
