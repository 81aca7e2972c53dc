#!/usr/bin/env bash
# The 57 scenarios of rule book 7. See --help.
exec python3 -B "$(dirname "$(readlink -f "$0")")/scenarios.py" "$@"
