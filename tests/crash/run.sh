#!/bin/bash
# Kills the hub and the broker at random moments while simulated wearers walk, and proves that
# nothing receipted was lost, doubled or reordered, and that the records equal an undisturbed run's.
# tests/crash/run.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec python3 -B "$here/crash.py" "$@"
