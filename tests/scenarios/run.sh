#!/usr/bin/env bash
# The scenarios of rule book 7 and further ones. See --help.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case " $* " in
*" --help "* | *" -h "*) ;;
*)
    # shellcheck source=../../deploy/lib.sh
    . "$here/../../deploy/lib.sh"
    need_programs stridehub stridesim
    ;;
esac
exec python3 -B "$here/scenarios.py" "$@"
