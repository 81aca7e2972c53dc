#!/usr/bin/env bash
# What a pure library calls is on a short list, and it has no data that can be written.
# Usage: purity.sh INSTRUMENTED NAME LIBRARY OWN...
#   INSTRUMENTED 1: the build adds calls of its own, nothing can be said
#   NAME     stride_core, stride_proto or stride_device: which list
#   OWN      first-party libraries of floor 0 that it may call
set -u
instrumented=$1 name=$2 library=$3
shift 3
[ "$instrumented" = 0 ] || { echo "skipped: an instrumented build adds calls"; exit 77; }
command -v nm >/dev/null || { echo "skipped: no nm"; exit 77; }

# Bytes, text with a bound, and the assert. (-O2 turns bounded calls into the _chk forms where a
# distribution asks for it.)
bytes='mem(cpy|move|set|cmp|chr)|strn?len|strn?cmp|strchr|__assert_fail|__stack_chk_fail'
bytes="$bytes|__(memcpy|memmove|memset|snprintf|vsnprintf)_chk"
bytes="$bytes|_GLOBAL_OFFSET_TABLE_"
math='(sqrt|fabs|floor|ceil|round|trunc|rint|nearbyint|fmod|fmin|fmax|exp|exp2|expm1|log|log2|log10'
math="$math|log1p|pow|hypot|sin|cos|sincos|tan|asin|acos|atan|atan2|tanh|copysign|fma|ldexp|frexp|cbrt"
math="$math|lround|llround|lrint|llrint|remainder|modf|nextafter|scalbn)f?"
case $name in
stride_core) allowed="$bytes|$math" ;;
# The wire: the unpacker is given our arena, so it does not allocate by itself.
stride_proto) allowed="$bytes|$math|v?snprintf|crc32|crc32_z|protobuf_c_[a-z_]*" ;;
# What runs on a microcontroller: no text, no allocation, no system.
stride_device) allowed="$bytes|$math|protobuf_c_[a-z_]*" ;;
*) echo "no list for $name"; exit 2 ;;
esac

own=$(nm -g --defined-only "$library" "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u)
calls=$(nm -u "$library" | awk '$1 == "U" || $1 == "w" { print $2 }' | sort -u)
[ -n "$own" ] || { echo "$library defines nothing: read wrongly"; exit 1; }
failed=0
foreign=$(comm -23 <(echo "$calls") <(echo "$own") | grep -vxE "$allowed")
if [ -n "$foreign" ]; then
    failed=1
    echo "$name calls what a pure library may not:"
    while IFS= read -r symbol; do
        echo "    $symbol, from $(nm -A -u "$library" | awk -v s="$symbol" '$NF == s { print $1 }' |
            sed 's/.*\.a:\([^:]*\):.*/\1/' | sort -u | tr '\n' ' ')"
    done <<<"$foreign"
fi
# By section, not by nm's letter: a constant table of pointers is relocated once and then read-only.
writable=$(nm -f sysv "$library" | awk -F'|' 'NF >= 7 {
        section = $7; gsub(/ /, "", section); symbol = $1; gsub(/ /, "", symbol)
        if (section == "*COM*" ||
            (section ~ /^\.(data|bss|tdata|tbss|ldata|lbss)/ && section !~ /^\.data\.rel\.ro/))
            print "    " symbol " in " section }')
if [ -n "$writable" ]; then
    failed=1
    echo "$name has data that can be written:"
    echo "$writable"
fi
exit $failed
