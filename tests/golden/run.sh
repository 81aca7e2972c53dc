#!/usr/bin/env bash
# Journal in, effects out, exactly: every shipped walk is played into a journal and replayed; the
# record must equal the golden one to the letter, events and strides to the bit (by checksum).
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
bin=
update=0

usage() {
    cat <<'TEXT'
Usage: tests/golden/run.sh [--bin DIR] [--update]

  --bin DIR  where stridehub and stridesim are (default $STRIDEHUB_BIN, else the dev build)
  --update   make what is seen now the golden truth: only after every difference was understood
  --help     this text

Ends with "N passed, N failed".
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
    --bin)
        bin=$(cd "$2" && pwd)
        shift
        ;;
    --update) update=1 ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        echo "unknown option $1; see --help" >&2
        exit 2
        ;;
    esac
    shift
done

if [ -z "$bin" ]; then
    # shellcheck source=../../deploy/lib.sh
    . "$top/deploy/lib.sh"
    need_programs stridehub stridesim
    bin=$STRIDEHUB_BIN
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
for script in "$top"/devices/sim/walks/*.walk; do
    walk=$(basename "$script" .walk)
    golden=$top/tests/golden/$walk.txt
    seen=$dir/$walk.txt
    {
        "$bin/stridesim" walk "$script" --seed 7 --quiet --journal "$dir/$walk.journal" >/dev/null &&
            echo "journal $(sha256sum <"$dir/$walk.journal" | cut -d' ' -f1)" &&
            echo "events $("$bin/stridehub" replay "$dir/$walk.journal" --events |
                sha256sum | cut -d' ' -f1)" &&
            echo "strides $("$bin/stridehub" replay "$dir/$walk.journal" --strides |
                sha256sum | cut -d' ' -f1)" &&
            "$bin/stridehub" replay "$dir/$walk.journal" --format json
    } >"$seen" || echo "the programs failed" >>"$seen"
    if [ $update = 1 ]; then
        cp "$seen" "$golden"
    fi
    if cmp -s "$golden" "$seen"; then
        passed=$((passed + 1))
        echo "ok      $walk"
    else
        failed=$((failed + 1))
        echo "FAILED  $walk: differs from tests/golden/$walk.txt"
        diff "$golden" "$seen" | head -20
    fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
