#!/usr/bin/env bash
# Plants one violation of each rule in a small tree of its own; every rule must find its own, and
# none may complain about the clean tree.  Usage: can_fail.sh TOP
set -u
tidy=$1/tests/tidy
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
failed=0

clean() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{proto,hub/core,hub/io,hub/app,devices/lib,devices/sim,tests}
    cp "$1/.clang-format" "$tree"
    printf '#include <stdio.h>\n' >"$tree/proto/banned.h"
    printf '#include <stdint.h>\nint wire_read(uint8_t *to);\n' >"$tree/proto/wire.h"
    printf '#include "proto/wire.h"\nint gait_step(int by);\n' >"$tree/hub/core/gait.h"
    printf '#include "hub/core/gait.h"\n' >"$tree/hub/core/stride.h"
    printf '#include "hub/core/stride.h"\n' >"$tree/hub/app/main.c"
    printf '#include "proto/wire.h"\n' >"$tree/devices/lib/frame.h"
}
must() { # must pass|fail NAME COMMAND...
    local want=$1 name=$2 got=pass
    shift 2
    "$@" >"$tree/out" 2>&1 || got=fail
    if [ "$got" != "$want" ]; then
        echo "$name: expected to $want"
        sed 's/^/    /' "$tree/out"
        failed=1
    fi
}
planted() { # planted NAME RULE FILE TEXT
    clean "$top"
    printf '%b' "$4" >>"$tree/$3"
    must fail "$1" "$tidy/$2.sh" "$tree" "$tree"
}

top=$1
clean "$top"
must pass "layers on a clean tree" "$tidy/layers.sh" "$tree"
must pass "words on a clean tree" "$tidy/words.sh" "$tree"
if command -v clang-format >/dev/null; then
    must pass "format on a clean tree" "$tidy/format.sh" "$tree"
    planted "a line that clang-format would change" format hub/app/main.c 'int  x ;\n'
fi
must pass "headers on a clean tree" "$tidy/headers.sh" "$tree" "$tree"

planted "core including io" layers hub/core/gait.c '#include "hub/io/store.h"\n'
planted "proto including core" layers proto/wire.c '#include "hub/core/gait.h"\n'
planted "gait including stride" layers hub/core/gait.c '#include "hub/core/stride.h"\n'
planted "a stage nobody knows" layers hub/core/extra.c 'int x;\n'
planted "devices including the hub" layers devices/sim/body.c '#include "hub/core/gait.h"\n'
planted "the device library including the simulator" layers devices/lib/a.c '#include "devices/sim/b.h"\n'
planted "an include that is not from the top" layers hub/io/store.c '#include "clock.h"\n'
planted "Paho in the hub" layers hub/app/link.c '#include <MQTTAsync.h>\n'
planted "SQLite in the hub's program" layers hub/app/a.c '#include <sqlite3.h>\n'
planted "SQL in the hub's program" layers hub/app/a.c 'char *q = "SELECT * FROM x";\n'
planted "a topic in the hub's program" layers hub/app/a.c 'char *t = "stride/1/0/home";\n'
planted "a topic's end in a device" layers devices/sim/a.c 'char *t = "%%s/frame";\n'
planted "a header that lacks an include" headers proto/a.h 'uint8_t a(void);\n'
planted "a header that cannot be read twice" headers proto/a.h 'struct a { int b; };\n'
planted "a left-over note" words hub/app/a.c '/* TO''DO */\n'
planted "a path of a machine" words hub/app/a.c 'char *p = "/ho''me/me/x";\n'

pure() { # pure WANT NAME SOURCE
    printf '%b' "$3" >"$tree/a.c"
    (cd "$tree" && rm -f liba.a && gcc -O1 -fPIC -c a.c && ar rc liba.a a.o) || exit 2
    must "$1" "$2" "$tidy/purity.sh" 0 stride_core "$tree/liba.a"
}
if command -v gcc >/dev/null && command -v nm >/dev/null; then
    pure pass "constants, tables of text and mathematics" \
        '#include <math.h>\nstatic const char *const t[] = {"a", "b"};\nconst char *f(int i) { return t[i]; }\ndouble g(double x) { return sin(x); }\n'
    pure fail "malloc in the core" '#include <stdlib.h>\nvoid *f(void) { return malloc(3); }\n'
    pure fail "a clock in the core" '#include <time.h>\nlong f(void) { return time(0); }\n'
    pure fail "a global" 'int f(void) { static int n = 3; return n++; }\n'
    pure fail "a global that starts at zero" 'int f(void) { static int n; return n++; }\n'
    pure fail "a thread's own variable" 'int f(void) { static _Thread_local int n; return n++; }\n'
    pure fail "a writable table of pointers" 'extern char *t[]; char *t[] = {"a"};\nchar *f(void) { return t[0]; }\n'
fi
exit $failed
