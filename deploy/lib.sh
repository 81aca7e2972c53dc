# What the demo, the tests and the benchmarks share: packages, builds, and a private broker.
# Source it from bash:  . deploy/lib.sh
#
# Rules: everything runs in a directory of its own; only processes started here are ended, by their
# number; the machine's own mosquitto service is never started, stopped or configured.
# shellcheck shell=bash

STRIDE_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian packages, by name. The demo needs the first list; the whole test run needs both.
STRIDE_PACKAGES_DEMO=(gcc libc6-dev cmake ninja-build pkg-config protobuf-c-compiler
    libprotobuf-c-dev libpaho-mqtt-dev libsqlite3-dev zlib1g-dev libcmocka-dev mosquitto)
# shellcheck disable=SC2034 # used by tests/run.sh
STRIDE_PACKAGES_TEST=("${STRIDE_PACKAGES_DEMO[@]}" clang clang-format clang-tidy libclang-rt-14-dev
    mosquitto-clients python3 python3-jsonschema binutils git)

# Debian keeps the broker where a plain user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# ---- packages -----------------------------------------------------------------------------------

_as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root to install packages, and there is no sudo; as root: apt-get install $*"
    fi
}

_package_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Debian starts a service when its package is installed. This program says no while we install, so
# that port 1883 and the machine's services stay as they were.
_POLICY=/usr/sbin/policy-rc.d
_guard_services() {
    if [ -e $_POLICY ]; then
        _as_root cp -a $_POLICY $_POLICY.stridehub
    fi
    printf '#!/bin/sh\nexit 101\n' | _as_root tee $_POLICY.new >/dev/null &&
        _as_root chmod 755 $_POLICY.new && _as_root mv -f $_POLICY.new $_POLICY
}
_unguard_services() {
    if [ -e $_POLICY.stridehub ]; then
        _as_root mv -f $_POLICY.stridehub $_POLICY
    else
        _as_root rm -f $_POLICY
    fi
}

# need_packages NAME...: installs those that are missing, and says which. Does nothing, and asks for
# no rights, when none is.
need_packages() {
    local name missing=()
    for name in "$@"; do
        _package_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        die "not a Debian machine; install by hand what these packages hold: ${missing[*]}"
    say "Installing with apt-get: ${missing[*]}"
    local log result=0
    log=$(mktemp)
    _install_guarded "${missing[@]}" >"$log" 2>&1 </dev/null || result=$?
    if [ $result != 0 ]; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt-get could not install: ${missing[*]}"
    fi
    rm -f "$log"
    case " ${missing[*]} " in
    *" mosquitto "*)
        # The package was not here before us, so nobody waits for its service at the next boot.
        _as_root update-rc.d mosquitto disable >/dev/null 2>&1 || true
        say "The package mosquitto is new here; its system service was not started, and not enabled."
        ;;
    esac
}

_install_guarded() (
    trap _unguard_services EXIT
    _guard_services
    export DEBIAN_FRONTEND=noninteractive
    _as_root apt-get -q update &&
        _as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
            --no-upgrade install "$@"
)

# no_proxies: forgets the proxies that apt-get may have needed. Paho takes http_proxy from the
# environment and would look for a broker on the loopback address behind it.
no_proxies() {
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
}

# ---- builds -------------------------------------------------------------------------------------

# build_preset PRESET [TARGET...]: configures and builds into build/PRESET; prints the compiler's
# words only when something fails.
build_preset() {
    local preset=$1 log
    shift
    log=$(mktemp)
    local targets=()
    [ $# = 0 ] || targets=(--target "$@")
    if ! (cd "$STRIDE_TOP" && cmake --preset "$preset" &&
        cmake --build "build/$preset" -j"$(nproc)" "${targets[@]}") >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        say "the $preset build failed" >&2
        return 1
    fi
    rm -f "$log"
}

# need_programs TARGET...: where STRIDEHUB_BIN names no folder of programs, builds these with the dev
# preset and lets it name that one.
need_programs() {
    [ -z "${STRIDEHUB_BIN:-}" ] || return 0
    need_packages "${STRIDE_PACKAGES_TEST[@]}"
    no_proxies
    build_preset dev "$@" || exit 1
    export STRIDEHUB_BIN=$STRIDE_TOP/build/dev/bin
}

# ---- processes ----------------------------------------------------------------------------------

# free_port: a TCP port on which nothing listens now. Two callers could still be given the same one;
# broker_start therefore tries again when the broker finds its port taken.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return 0
        fi
    done
}

# wait_until SECONDS COMMAND...: runs the command every 50 ms until it succeeds; fails at the limit.
wait_until() {
    local limit=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt "$limit" ] || return 1
        sleep 0.05
    done
}

_pid_gone() { ! kill -0 "$1" 2>/dev/null; }
_ready_or_gone() { grep -q '^ready' "$2" 2>/dev/null || _pid_gone "$1"; }

# wait_ready PID FILE SECONDS: until the hub with that number wrote its line "ready" to FILE; fails
# at the limit and when the hub ends before.
wait_ready() {
    wait_until "$3" _ready_or_gone "$1" "$2" && grep -q '^ready' "$2"
}

# stop_pid PID [SECONDS]: asks that process, a child of ours, to end; kills it after the limit.
stop_pid() {
    [ -n "${1:-}" ] && kill -TERM "$1" 2>/dev/null || return 0
    # A stopped process would not see the request.
    kill -CONT "$1" 2>/dev/null
    if ! wait_until "${2:-5}" _pid_gone_or_zombie "$1"; then
        kill -KILL "$1" 2>/dev/null
    fi
    wait "$1" 2>/dev/null
    return 0
}
_pid_gone_or_zombie() {
    local state
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null)
    [ -z "$state" ] || [ "$state" = Z ]
}

# ---- broker -------------------------------------------------------------------------------------

# config_ids FILE KIND: the ids of the sections [KIND id] of a hub's configuration.
config_ids() {
    sed -n "s/^[[:space:]]*\[$2[[:space:]]\{1,\}\([a-z0-9][a-z0-9-]*\)\][[:space:]]*$/\1/p" "$1"
}

# secrets NAME...: a line name:secret each, 128 random bits.
secrets() {
    [ $# -gt 0 ] || return 0
    paste -d: <(printf '%s\n' "$@") \
        <(od -An -v -tx1 -w16 -N$((16 * $#)) /dev/urandom | tr -d ' ')
}

# _acl_accounts FILE ROOT: a block for each caregiver: of the wearers it watches over, the topics that
# its scope covers (emergency when it has none, as in the hub), and the hub's state, so that it
# learns when the hub is silent.
_acl_accounts() {
    awk -v root="$2" '
        function list(line) { sub(/^[^=]*=/, "", line); sub(/[#;].*/, "", line); return line }
        function may(topic) { print "topic read " root "/w/" wearer "/" topic }
        function flush_account(   i, n, ids) {
            if (account == "") return
            print "\nuser " account "\ntopic read " root "/hub/state"
            scope = " " scope " "; gsub(/[ \t,\r]+/, " ", scope)
            n = split(wearers, ids, /[ \t,\r]+/)
            for (i = 1; i <= n; i++) {
                wearer = ids[i]
                if (wearer !~ /^[a-z0-9][a-z0-9-]*$/) continue
                if (index(scope, " emergency ")) may("alert/#")
                if (index(scope, " emergency ") || index(scope, " live ")) may("state")
                if (index(scope, " live ")) may("live")
                if (index(scope, " daily_digest ")) may("session")
            }
            account = ""
        }
        /^[ \t]*\[/ { flush_account()
            if (match($0, /\[caregiver[ \t]+[a-z0-9][a-z0-9-]*\]/)) {
                account = substr($0, RSTART + 10, RLENGTH - 11); gsub(/[ \t]/, "", account)
                wearers = ""; scope = "emergency" }
            next }
        account != "" && /^[ \t]*wearers[ \t]*=/ { wearers = list($0) }
        account != "" && /^[ \t]*scope[ \t]*=/ { scope = list($0) }
        END { flush_account() }' "$1"
}

# broker_prepare DIR HOME_CONFIG [USER...]: writes into DIR (made if absent) what a private broker
# needs, with new throw-away secrets for the hub's three names, for every device and caregiver of
# HOME_CONFIG and for further USERs:
#   DIR/hub.passwords   the hub's own lines user:password (the key password_file of [hub])
#   DIR/home.passwords  everybody else's (stridesim --password-file)
#   DIR/broker/         the broker's: configuration, hashed passwords, rights, database
# Environment: BROKER_SITE (home), BROKER_PART (0), BROKER_PERSISTENCE (true), BROKER_MEMORY (bytes,
# 134217728), BROKER_PORT (a free one). Sets BROKER_PORT and BROKER_URI.
broker_prepare() {
    local dir=$1 config=$2 broker=$1/broker names
    shift 2
    mkdir -p "$dir" "$broker" && chmod 700 "$broker" || return 1
    names=$(
        config_ids "$config" device
        config_ids "$config" caregiver
        [ $# = 0 ] || printf '%s\n' "$@"
    )
    # shellcheck disable=SC2046 # names hold no blanks: config_ids lets none through
    (
        umask 077
        secrets hub-0 hub-0-control hub-0-out >"$dir/hub.passwords"
        secrets $(printf '%s\n' "$names" | grep -v '^hub-0' | sort -u) >"$dir/home.passwords"
        cat "$dir/hub.passwords" "$dir/home.passwords" >"$broker/passwd"
        mosquitto_passwd -U "$broker/passwd"
        local root=stride/1/${BROKER_PART:-0}/${BROKER_SITE:-home}
        {
            sed "s|@ROOT@|$root|g" "$STRIDE_TOP/deploy/mosquitto/acl.conf"
            _acl_accounts "$config" "$root"
        } >"$broker/acl"
    ) || return 1
    broker_configure "$dir" "${BROKER_PORT:-$(free_port)}"
}

# broker_configure DIR PORT: (re)writes DIR/broker/mosquitto.conf alone.
broker_configure() {
    local broker user
    broker=$(cd "$1/broker" && pwd) || return 1
    BROKER_PORT=$2
    # shellcheck disable=SC2034 # for the caller
    BROKER_URI=mqtt://127.0.0.1:$2
    user=$(id -un)
    sed -e "s|@PORT@|$BROKER_PORT|g; s|@DIR@|$broker|g; s|@USER@|$user|g" \
        -e "s|@MEMORY@|${BROKER_MEMORY:-134217728}|g" \
        -e "s|@PERSISTENCE@|${BROKER_PERSISTENCE:-true}|g" \
        "$STRIDE_TOP/deploy/mosquitto/private.conf" >"$broker/mosquitto.conf"
    chmod 600 "$broker/mosquitto.conf"
}

# broker_start DIR: starts the prepared broker and waits until it listens; sets BROKER_PID. Called
# again after the broker was killed, it starts with the same port, secrets and database. The array
# BROKER_WRAPPER, if set, is put before the command.
BROKER_WRAPPER=()
broker_start() {
    local dir=$1 attempt from
    for attempt in 1 2 3 4 5; do
        from=$(($(stat -c %s "$dir/broker.log" 2>/dev/null || echo 0) + 1))
        "${BROKER_WRAPPER[@]}" mosquitto -c "$dir/broker/mosquitto.conf" >>"$dir/broker.log" 2>&1 </dev/null &
        BROKER_PID=$!
        # An open port proves nothing: it may be somebody else's. The broker's own word does.
        if wait_until 10 _running_or_gone "$BROKER_PID" "$dir/broker.log" "$from" &&
            ! _pid_gone_or_zombie "$BROKER_PID"; then
            return 0
        fi
        stop_pid "$BROKER_PID"
        # Only a port that somebody else took is worth another try, and only with another port.
        tail -n 3 "$dir/broker.log" | grep -q 'in use' || break
        [ "$attempt" = 5 ] || broker_configure "$dir" "$(free_port)"
    done
    tail -n 5 "$dir/broker.log" >&2
    return 1
}
_running_or_gone() {
    _pid_gone_or_zombie "$1" || tail -c "+$3" "$2" | grep -q 'mosquitto version .* running'
}
