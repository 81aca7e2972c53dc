#!/usr/bin/env bash
# Healthy walkers, whom nobody has to warn. See --help.
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
exec python3 -B "$here/healthy.py" "$@"
