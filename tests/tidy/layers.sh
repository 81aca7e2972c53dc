#!/usr/bin/env bash
# The include graph is the architecture: floors point down only, core stages point back only.
# Usage: layers.sh TOP    Prints every line that breaks a rule; exit 1 if there is one.
set -u
shopt -s lastpipe # `complain` is the end of its pipes and sets `found` here
cd "$1" || exit 2

# The stages of hub/core in their order; before them what any stage may use. A file belongs to the
# stage its name starts with (gait_foot.c is gait's) or, if PART_OF says so, to another.
ORDER="params local_time ident text window vec plan align gait stride signals context coverage baseline rules safety pain effect alert session pipeline"
PART_OF="level=gait ring=gait rule=rules moments=session wrist=gait fall=gait foot=gait sole=gait triage=pain screen=pain"

folders=()
for folder in proto hub devices tests; do
    [ -d "$folder" ] && folders+=("$folder")
done
found=0
complain() { # stdin: file:line:text
    local lines
    lines=$(cat)
    if [ -n "$lines" ]; then
        found=1
        printf '%s:\n' "$1"
        printf '    %s\n' "${lines//$'\n'/$'\n'    }"
    fi
}
sources() { find "$@" -name '*.[ch]' | sort; }

# 1. Floors, and the order of the stages in hub/core: a stage sees itself and what is before it.
sources "${folders[@]}" | xargs grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
    awk -v order_text="$ORDER" -v parts_text="$PART_OF" '
    function floor(path) {
        if (path ~ /^proto\//) return 0
        if (path ~ /^hub\/core\//) return 1
        if (path ~ /^hub\/io\//) return 2
        if (path ~ /^hub\/app\//) return 3
        return -1
    }
    function stage(path,   name, i) {
        name = path; sub(/.*\//, "", name); sub(/\.[ch]$/, "", name)
        for (i = 1; i <= parts; i++)
            if (name == part_name[i] || index(name, part_name[i] "_") == 1) name = part_of[i]
        for (i = stages; i >= 1; i--)
            if (name == order[i] || index(name, order[i] "_") == 1) return i
        return 0
    }
    function tell(why) { print $0 "   <- " why }
    BEGIN {
        stages = split(order_text, order, " ")
        parts = split(parts_text, pairs, " ")
        for (i = 1; i <= parts; i++) {
            split(pairs[i], pair, "="); part_name[i] = pair[1]; part_of[i] = pair[2]
        }
    }
    {
        split($0, place, ":"); from = place[1]
        match($0, /"[^"]*"/); to = substr($0, RSTART + 1, RLENGTH - 2)
        if (from ~ /^tests\//) next
        if (from ~ /^devices\//) {
            if (to !~ /^(proto|devices)\//) tell("devices sees only proto and devices")
            else if (from ~ /^devices\/lib\// && to ~ /^devices\// && to !~ /^devices\/lib\//)
                tell("the device library sees only itself and proto")
            next
        }
        if (floor(to) < 0) { tell("not a path from the top folder, or no floor of the hub"); next }
        if (floor(to) > floor(from)) tell("points up")
        if (floor(from) == 1 && floor(to) == 1) {
            if (!stage(from)) tell("a file of hub/core without a place in the order")
            else if (!stage(to) || stage(to) > stage(from)) tell("a later stage")
        }
    }' | complain "includes against the floors"

known=$(tr ' ' '|' <<<"$ORDER $(sed 's/=[a-z]*//g' <<<"$PART_OF")")
sources hub/core 2>/dev/null | sed 's|.*/||; s|\.[ch]$||' | grep -vE "^($known)(_.*)?\$" |
    complain "files of hub/core without a place in the order of the stages (see ORDER in layers.sh)"

# 2. Foreign libraries: one door each.
sources "${folders[@]}" | grep -vE '^proto/link[a-z_]*\.[ch]$|^tests/bench/' |
    xargs grep -HnE '#[[:space:]]*include[[:space:]]*[<"]MQTT' /dev/null |
    complain "Paho outside proto/link (and the bench's counting subscriber)"
sources "${folders[@]}" | grep -vE '^hub/io/(store_[a-z_]*\.[ch]|json[a-z_]*\.c)$|^tests/' |
    xargs grep -HnE '#[[:space:]]*include[[:space:]]*[<"]sqlite3' /dev/null |
    complain "SQLite outside the store (and hub/io/json, which has it read JSON)"
sources hub devices proto 2>/dev/null | grep -vE '^hub/io/(store_[a-z_]*\.[ch]|json[a-z_]*\.c)$' |
    xargs grep -HnE '"[[:space:]]*(SELECT .*FROM|INSERT +INTO|UPDATE .*SET|DELETE +FROM|CREATE +TABLE|PRAGMA) *' /dev/null |
    complain "SQL outside the store"
sources proto hub devices 2>/dev/null | xargs grep -HnE '#[[:space:]]*include[[:space:]]*[<"][^>"]*pb-c\.h' /dev/null |
    grep -vE '^(proto/|devices/lib/)' | complain "generated messages outside proto and the device library"

# 3. Topic strings: one place where a '/' is written. A text with a blank is prose.
sources hub devices proto 2>/dev/null | grep -v '^proto/topic\.c$' |
    xargs grep -HnE '"[^" ]*(stride/1|/(hello|frame|report|feedback|link|stored|prompt|request|live|state|session|alert|notice|response)(/[^" ]*)?")' /dev/null |
    grep -vE '#[[:space:]]*include|:[0-9]+:[[:space:]]*(/?\*|//)' |
    complain "topic strings outside proto/topic.c"

exit $found
