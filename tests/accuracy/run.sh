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
    if [ -z "${STRIDEHUB_BIN:-}" ]; then
        # shellcheck source=../../deploy/lib.sh
        . "$top/deploy/lib.sh"
        need_packages "${STRIDE_PACKAGES_TEST[@]}"
        no_proxies
        build_preset dev stridehub stridesim || exit 1
        export STRIDEHUB_BIN=$top/build/dev/bin
    fi
    ;;
esac
exec python3 -B "$here/accuracy.py" "$@"
