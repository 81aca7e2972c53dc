#!/bin/bash
# Kills the hub and the broker at random moments while simulated wearers walk, and proves that
# nothing receipted was lost, doubled or reordered, and that the records equal an undisturbed run's.
# tests/crash/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
case " $* " in
*" --help "* | *" -h "*) exec python3 -B "$here/crash.py" --help ;;
esac
# shellcheck source=../../deploy/lib.sh
. "$top/deploy/lib.sh"
need_programs stridehub stridesim
exec python3 -B "$here/crash.py" "$@"
