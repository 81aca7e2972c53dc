#!/usr/bin/env bash
# Healthy walkers, whom nobody has to warn. See --help.
exec python3 -B "$(dirname "$(readlink -f "$0")")/healthy.py" "$@"
