"""Scores initial contacts against the yardsticks of the recordings folder.

gaitpdb: strides that start from 10 s after the recording's start to 10 s before its end, kept
within 3 x 1.4826 MAD and within 30 % of the median, SD with n - 1. (The folder's README speaks of
5 s. With 10 s the yardstick's own contacts in events/ give 37 of the 40 rows of reference.csv @20N
to the last digit; with 5 s none, and up to 0.0145 s off.) Swing CV is that of the kept strides'
swings within 3 x 1.4826 MAD of theirs (37 of 40 within 0.01 points), swing asymmetry that of all
the kept strides' (18 of 20 within 0.01). The yardstick's
threshold is the 5th percentile of the whole recording plus 20 N, or plus 5 % of what the 95th lies
above it.
gaitndd: strides within 30 % of the median with double support above 0."""
import csv
import gzip
import os
import statistics
from typing import NamedTuple


def intervals(contacts):
    return [(a, b, b - a) for a, b in zip(contacts, contacts[1:])]


EDGE_S = 10  # left out at either end of a recording


def duration_s(path):
    """Time of a gaitpdb recording's last sample."""
    with gzip.open(path, "rt") as lines:
        return float([line for line in lines if line.strip()][-1].split()[0])


def within_mad(values):
    """The values within 3 x 1.4826 MAD of their median."""
    middle = statistics.median(values)
    spread = 3 * 1.4826 * statistics.median([abs(value - middle) for value in values])
    return [value for value in values if abs(value - middle) <= spread]


def kept_strides(strides, end_s):
    """The strides (start s, ..., end s) that the reference would have kept."""
    inside = [s for s in strides if EDGE_S <= s[0] <= end_s - EDGE_S]
    if not inside:
        return []
    times = [s[-1] - s[0] for s in inside]
    middle, fit = statistics.median(times), set(within_mad(times))
    return [s for s, time in zip(inside, times)
            if time in fit and abs(time - middle) <= 0.3 * middle]


def mean_and_cv(contacts, end_s):
    """(mean stride time s, CV %) or None."""
    kept = [b - a for a, b in kept_strides(list(zip(contacts, contacts[1:])), end_s)]
    if len(kept) < 3:
        return None
    mean = statistics.fmean(kept)
    return mean, 100 * statistics.stdev(kept) / mean


def reference(folder):
    """name -> row of reference.csv."""
    with open(os.path.join(folder, "gaitpdb", "reference.csv")) as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


class Row(NamedTuple):
    """A stride of gaitndd: the left contact that ends it, and times in s, left then right."""
    elapsed: float
    stride: tuple
    stance: tuple
    double_support: float


def read_ts(folder, name):
    """[Row] of a gaitndd record."""
    out = []
    with gzip.open(os.path.join(folder, "gaitndd", name + ".ts.gz"), "rt") as lines:
        for line in lines:
            values = [float(word) for word in line.split()]
            if len(values) >= 12:
                out.append(Row(values[0], tuple(values[1:3]), tuple(values[7:9]), values[11]))
    return out


def clean(rows, foot):
    """Rows whose stride of `foot` (0 left, 1 right) is fit to score."""
    middle = statistics.median(row.stride[foot] for row in rows)
    return [row for row in rows
            if abs(row.stride[foot] - middle) <= 0.3 * middle and row.double_support > 0]


NEAR_S = 0.2  # a contact is the yardstick's contact when it is that near


def match_left(rows, strides):
    """[(row, stride)] of strides (start s, end s, ...): a row's elapsed time is the left contact
    that ends its stride."""
    pairs = []
    for row in rows:
        ends = [(abs(s[1] - row.elapsed), i) for i, s in enumerate(strides)
                if abs(s[1] - row.elapsed) <= NEAR_S and
                abs(s[0] - (row.elapsed - row.stride[0])) <= NEAR_S]
        if ends:
            pairs.append((row, strides[min(ends)[1]]))
    return pairs


def match_right(rows, strides):
    """The table gives no time for the right foot: its stride is the one that ends at a fixed phase
    before or after the left contact. The phase with the smaller error over the whole record is
    taken; it is one choice in a record, not one in a stride."""
    best, least = [], None
    for before in (True, False):
        pairs = []
        for row in rows:
            stride = row.stride[1]
            from_s, to_s = (row.elapsed - 1.2 * stride, row.elapsed) if before else \
                (row.elapsed, row.elapsed + 1.2 * stride)
            inside = [s for s in strides if from_s < s[1] <= to_s]
            if inside:
                got = inside[-1] if before else inside[0]
                if abs(got[1] - got[0] - stride) <= NEAR_S:
                    pairs.append((row, got))
        if pairs:
            error = statistics.fmean(abs(s[1] - s[0] - row.stride[1]) for row, s in pairs)
            if least is None or error < least:
                best, least = pairs, error
    return best


def match(rows, strides, foot):
    return match_right(rows, strides) if foot else match_left(rows, strides)
