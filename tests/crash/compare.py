"""A run's records against an undisturbed run's of the same seed: what must be equal, and is it?"""
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from rig import journal, tables  # noqa: E402

CROSS_FOOT_LIMIT_S = 0.002  # cross-foot times may differ by that much, and nothing else

# Columns of `replay --strides` that say when something happened on the hub's clock; arrival decides
# them, so they are not compared.
ARRIVAL = ("session", "start_session", "end_session")
CROSS_FOOT = ("step_s", "double_support", "flight")
# From the treadmill, whose samples are placed by its own clock's map.
OTHER_DEVICE = ("belt", "incline", "stride_length", "speed_mps")


class Records:
    """What one finished run left behind."""

    def __init__(self, home, receipts_file):
        self.receipts = journal.read_receipts(receipts_file)
        self.ledger = journal.Ledger(journal.database_rows(home.database))
        self.events = tables.device_events(
            tables.rows(home.replay("--events", "--format", "csv")))
        self.strides = {}
        for stride in tables.rows(home.replay("--strides", "--format", "csv")):
            self.strides[stride_key(stride)] = stride
        self.counts = sorted(session_counts(record) for record in tables.records(
            home.replay("--sessions", "--format", "json")))


def stride_key(stride):
    """A stride is known by its foot's own device time, which no arrival changes."""
    return stride["device"], stride["foot"], stride["start_device_s"]


def session_counts(record):
    """What must be equal of a session however it was disturbed."""
    return tuple(str(record.get(name)) for name in ("wearer_id", "steps", "steady_strides_n",
                                                    "loading_cycles"))


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


class Comparison:
    """Figures of `run` against `still` (the undisturbed one); each is a count of differences."""

    def __init__(self, run, still):
        self.frames = len(run.ledger.frames)
        self.receipted = sum(run.receipts.values())
        self.lost = len(run.ledger.lost(run.receipts))
        self.twice = run.ledger.twice + run.ledger.control_twice
        self.disorder = run.ledger.disorder
        self.bytes = _bytes_that_differ(run.ledger.frames, still.ledger.frames)
        self.events = tables.difference(run.events, still.events)
        self.counts = tables.difference(run.counts, still.counts)
        self.strides_missing = len(set(run.strides) ^ set(still.strides))
        self.cross_foot_s, self.unknown_cross_foot = _cross_foot(run.strides, still.strides)
        self.other_columns = _other_columns(run.strides, still.strides)


def _bytes_that_differ(ours, theirs):
    return sum(ours.get(key) != theirs.get(key) for key in set(ours) | set(theirs))


def _is(column, prefixes):
    return any(column.startswith(prefix) for prefix in prefixes)


def _cross_foot(ours, theirs):
    """Worst difference of a cross-foot time, s; and how many are known in one run only."""
    worst, one_sided = 0.0, 0
    for key in set(ours) & set(theirs):
        for column in ours[key]:
            if not (_is(column, CROSS_FOOT) and column.endswith("_s")):
                continue
            a, b = number(ours[key][column]), number(theirs[key][column])
            if math.isnan(a) != math.isnan(b):
                one_sided += 1
            elif not math.isnan(a):
                worst = max(worst, abs(a - b))
    return worst, one_sided


def _other_columns(ours, theirs):
    """Per-foot features must be the same text: column -> how many strides differ."""
    out = {}
    for key in set(ours) & set(theirs):
        for column, text in ours[key].items():
            if _is(column, ARRIVAL + CROSS_FOOT + OTHER_DEVICE):
                continue
            if text != theirs[key].get(column):
                out[column] = out.get(column, 0) + 1
    return out
