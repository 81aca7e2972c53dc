"""The real way of a recording: frames -> journal -> `stridehub replay` -> rows. And what is counted
on it: small statistics, and matching of times with times."""
import bisect
import math
import os
import statistics
import sys
import tempfile
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from rig import home as rig, tables  # noqa: E402

RATE_HZ = 100
LIMIT_S = 120


class Figure(NamedTuple):
    """One cell of the table. `files`: (how bad, name, what), of which the worst are told."""
    metric: str
    set: str
    n: int
    value: float
    files: list = []


class Task(NamedTuple):
    """One recording: `run(*arguments)` in a process of its own; its result comes back pickled."""
    name: str
    run: object
    arguments: tuple


class Journal:
    """A journal in a directory of its own, and what the hub makes of it."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="stride-accuracy-")
        self.path = self.beside("journal")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._directory.cleanup()

    def beside(self, name):
        return os.path.join(self._directory.name, name)

    def play(self, form, file, rate_hz=None):
        """Frames as the recording's device would send them."""
        rate = ["--rate", str(rate_hz)] if rate_hz else []
        rig.run([rig.program("stridesim"), "play", "--format", form, file, "--journal", self.path,
                 *rate], LIMIT_S)
        return self

    def walk(self, script, seed, truth):
        rig.run([rig.program("stridesim"), "walk", script, "--journal", self.path, "--seed",
                 str(seed), "--truth", truth], LIMIT_S)
        return self

    def _replay(self, what, *options):
        rows = tables.rows(rig.run([rig.program("stridehub"), "replay", self.path, what, "--format",
                                    "csv", *options], LIMIT_S))
        return rows

    def events(self, *options):
        """foot -> kind -> times s of the device."""
        out = {foot: {"ic": [], "fo": []} for foot in FEET}
        for row in self._replay("--events", *options):
            out[row["foot"]][row["kind"]].append(float(row["t_device_s"]))
        return {foot: {kind: sorted(times) for kind, times in kinds.items()}
                for foot, kinds in out.items()}

    def strides(self, *options):
        """Valid strides as dicts; numbers are floats, NAN where nothing was measured."""
        rows = [numbers(row) for row in self._replay("--strides", *options)]
        return [row for row in rows if row["valid"] == 1]

    def wrist(self):
        """Events of the wrist in the order of device time."""
        rows = [numbers(row) for row in self._replay("--wrist")]
        return sorted(rows, key=lambda row: row["t_device_s"])


FEET = ("left", "right")
TEXT_COLUMNS = {"session_id", "wearer", "device", "foot", "kind"}


def number(text):
    return float(text) if text not in ("", None) else math.nan


def numbers(row):
    return {key: value if key in TEXT_COLUMNS else number(value) for key, value in row.items()}


# ---- statistics; of nothing they are NAN

def known(values):
    return [value for value in values if not math.isnan(value)]


def mean(values):
    return statistics.fmean(values) if values else math.nan


def median(values):
    return statistics.median(values) if values else math.nan


def mean_abs(values):
    return mean([abs(value) for value in values])


def deviation(values):
    return statistics.stdev(values) if len(values) > 1 else math.nan


def percent(part, whole):
    return 100 * part / whole if whole else math.nan


def largest(values):
    return max(values, key=abs) if values else math.nan


# ---- times against times

def match(ours, truth, near_s):
    """One to one, nearest first: [(ours, truth)]. Both sorted."""
    found = []
    for t in truth:
        i = bisect.bisect_left(ours, t - near_s)
        while i < len(ours) and ours[i] <= t + near_s:
            found.append((abs(ours[i] - t), ours[i], t))
            i += 1
    pairs, used, taken = [], set(), set()
    for _, a, b in sorted(found):
        if a not in used and b not in taken:
            used.add(a)
            taken.add(b)
            pairs.append((a, b))
    return pairs
