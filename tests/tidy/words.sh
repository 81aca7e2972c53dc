#!/usr/bin/env bash
# No left-over notes, and no paths of somebody's machine, in what is published.
# Usage: words.sh TOP    Prints every such line; exit 1 if there is one.
set -u
cd "$1" || exit 2
if [ -e .git ] && command -v git >/dev/null && git rev-parse HEAD >/dev/null 2>&1; then
    files=$(git -c safe.directory="$PWD" ls-files --cached --others --exclude-standard)
else
    files=$(find . -path ./build -prune -o -path ./.git -prune -o -type f -print | sed 's|^\./||')
fi
# Brackets keep this line from finding itself.
notes='\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b'
paths='(^|[^A-Za-z0-9_.~-])/(wo[r]k|ro[o]t|ho[m]e/[a-z]+|tmp/buil[d])/'
found=0
while IFS= read -r file; do
    if [ ! -f "$file" ] || [ "$file" = LICENSE ]; then
        continue
    fi
    if grep -InE --with-filename -- "$notes|$paths" "$file"; then
        found=1
    fi
done <<<"$files"
exit $found
