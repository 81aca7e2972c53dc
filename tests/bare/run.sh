#!/usr/bin/env bash
# Proves that no installation step is hidden: a minimal Debian 12, a fresh clone, two commands.
set -u
. "$(dirname "$0")/../../deploy/lib.sh"

usage() {
    cat <<'TEXT'
Usage: tests/bare/run.sh [--full] [--worktree] [--keep]      (as root)

Makes a minimal Debian 12 with debootstrap in a temporary directory, clones this repository into it
and runs there, in mount and process namespaces of its own:
    deploy/demo.sh --once
    tests/run.sh --quick
The last line is "N passed, N failed". Packages come from where this machine's apt gets its own.

  --full      run the whole of tests/run.sh instead of --quick
  --worktree  copy the working tree, with what is not committed, instead of a clone
  --keep      leave the directory for a look, and print its name
  --help      this text
TEXT
}

full=0 worktree=0 keep=0
for argument; do
    case $argument in
    --full) full=1 ;;
    --worktree) worktree=1 ;;
    --keep) keep=1 ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) die "unknown option $argument; see --help" ;;
    esac
done
[ "$(id -u)" = 0 ] || die "needs root: it makes a chroot and mounts in it"
need_packages debootstrap util-linux git
unshare --mount --pid --fork true 2>/dev/null ||
    die "this machine does not allow mount and process namespaces (a container without rights?)"

bare=$(mktemp -d "${TMPDIR:-/var/tmp}/stridehub-bare.XXXXXX") || exit 2
# Every mount is made inside a namespace that ends with its processes, so nothing is mounted here.
clean_up() {
    if [ $keep = 1 ]; then
        say "kept: $bare"
    else
        rm -rf --one-file-system "$bare"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM
chmod 755 "$bare" # apt fetches as a user of its own

# ---- where this machine's apt gets Debian 12 from ---------------------------------------------
debian_sources() {
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets \
        --format '$(CREATED_BY)|$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)' |
        awk -F'|' '$1 == "Packages" && $2 ~ /^Debian/ && $3 ~ /^bookworm/ && $4 == "main" {
            print "deb", $5, $3, $4 }' | sort -u
}
sources=$(debian_sources)
if [ -z "$sources" ]; then # the lists were never fetched
    apt-get -q update >/dev/null 2>&1
    sources=$(debian_sources)
fi
mirror=$(awk '$3 == "bookworm" { print $2; exit }' <<<"$sources")
[ -n "$mirror" ] || die "this machine's apt knows no source of Debian 12 (bookworm)"

say "Making a minimal Debian 12 (debootstrap)"
if ! debootstrap --variant=minbase bookworm "$bare/root" "$mirror" >"$bare/debootstrap.log" 2>&1; then
    tail -n 20 "$bare/debootstrap.log"
    die "debootstrap failed"
fi
root=$bare/root
printf '%s\n' "$sources" >"$root/etc/apt/sources.list"
# How this machine reaches its source: proxies, certificates, names. Hooks of other packages stay.
apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries|ForceIPv[46])' \
    >"$root/etc/apt/apt.conf.d/90machine"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
if [ -d /etc/ssl/certs ]; then
    mkdir -p "$root/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null
fi

# ---- a fresh clone, with the recordings beside it ----------------------------------------------
mkdir -p "$root/src/shared"
if [ $worktree = 1 ]; then
    mkdir "$root/src/main"
    (cd "$STRIDE_TOP" && git ls-files -z --cached --others --exclude-standard |
        tar --null --ignore-failed-read -cf - -T -) 2>/dev/null | tar -xf - -C "$root/src/main"
else
    git clone -q --no-hardlinks "$STRIDE_TOP" "$root/src/main" || die "git clone failed"
fi

# ---- run ----------------------------------------------------------------------------------------
cat >"$bare/inside" <<'INSIDE'
root=$1 shared=$2
shift 2
set -e
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,size=16m tmpfs "$root/dev"
for node in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
    set -- $node "$@"
    mknod -m 666 "$root/dev/$1" c "$2" "$3"
    shift 3
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mkdir -m 1777 "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
if [ -d "$shared" ]; then
    mount --bind "$shared" "$root/src/shared"
    mount -o remount,ro,bind "$root/src/shared"
fi
result=0
# A proxy is passed on only where there is one: an empty one is not the same as none.
proxies=()
for variable in http_proxy https_proxy no_proxy; do
    [ -z "${!variable:-}" ] || proxies+=("$variable=${!variable}")
done
env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin CI="${CI:-}" \
    "${proxies[@]}" \
    chroot "$root" /bin/bash -c 'cd /src/main && exec "$@"' bash "$@" </dev/null || result=$?
# What is left in this process namespace is something that the command left running.
left=$(chroot "$root" /bin/bash -c 'cd /proc && for p in [0-9]*; do
    tr "\0" " " <$p/cmdline 2>/dev/null; echo; done' | grep -E '^[^ ]*(mosquitto|stridehub|stridesim)( |$)' || true)
if [ -n "$left" ]; then
    echo "left running: $left"
    result=1
fi
exit $result
INSIDE

passed=0 failed=0
check() { # check NAME COMMAND...
    local name=$1 start=$SECONDS
    shift
    say "---- $name: $*"
    if unshare --mount --pid --fork --kill-child bash "$bare/inside" "$root" \
        "$STRIDE_TOP/../shared" "$@"; then
        passed=$((passed + 1))
        say "---- $name: passed, $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        say "---- $name: FAILED, $((SECONDS - start)) s"
    fi
}

check "nothing of ours is there before" bash -c '! command -v gcc && ! command -v cmake && ! command -v mosquitto'
check "demo" deploy/demo.sh --once
if [ $full = 1 ]; then
    check "tests" tests/run.sh
else
    check "tests" tests/run.sh --quick
fi
check "no service was started or enabled" bash -c \
    '! ls /etc/rc?.d/S*mosquitto /etc/systemd/system/*/mosquitto.service 2>/dev/null && test ! -e /usr/sbin/policy-rc.d'
say "$passed passed, $failed failed"
[ $failed = 0 ]
