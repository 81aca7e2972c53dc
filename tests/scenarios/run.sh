#!/usr/bin/env bash
# The scenarios of rule book 7 and further ones. See --help.
exec python3 -B "$(dirname "$(readlink -f "$0")")/scenarios.py" "$@"
