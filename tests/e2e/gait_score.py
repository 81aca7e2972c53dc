"""Scores initial contacts against the yardsticks of the recordings folder.

gaitpdb: strides that start from 10 s after the recording's start to 10 s before its end, kept within
3 x 1.4826 MAD and within 30 % of the median, SD with n - 1. (The folder's README speaks of 5 s. With
10 s the yardstick's own contacts in events/ give 37 of the 40 rows of reference.csv @20N to the last
digit; with 5 s none, and up to 0.0145 s off.) gaitndd: strides within 30 % of the median with double
support above 0."""
import csv
import gzip
import os
import statistics


def intervals(contacts):
    return [(a, b, b - a) for a, b in zip(contacts, contacts[1:])]


EDGE_S = 10  # left out at either end of a recording


def duration_s(path):
    """Time of a gaitpdb recording's last sample."""
    with gzip.open(path, "rt") as lines:
        return float([line for line in lines if line.strip()][-1].split()[0])


def selected(contacts, end_s):
    """Stride times that the reference would have kept."""
    inside = [d for a, b, d in intervals(contacts) if EDGE_S <= a <= end_s - EDGE_S]
    if not inside:
        return []
    middle = statistics.median(inside)
    spread = 3 * 1.4826 * statistics.median([abs(d - middle) for d in inside])
    return [d for d in inside if abs(d - middle) <= spread and abs(d - middle) <= 0.3 * middle]


def mean_and_cv(contacts, end_s):
    """(mean stride time s, CV %) or None."""
    kept = selected(contacts, end_s)
    if len(kept) < 3:
        return None
    mean = statistics.fmean(kept)
    return mean, 100 * statistics.stdev(kept) / mean


def reference(folder):
    """name -> row of reference.csv."""
    with open(os.path.join(folder, "gaitpdb", "reference.csv")) as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def read_ts(folder, name):
    """[(elapsed s, left stride s, right stride s, double support s)] of a gaitndd record."""
    out = []
    with gzip.open(os.path.join(folder, "gaitndd", name + ".ts.gz"), "rt") as lines:
        for line in lines:
            values = [float(word) for word in line.split()]
            if len(values) >= 12:
                out.append((values[0], values[1], values[2], values[11]))
    return out


def clean(rows, column):
    """Rows whose stride is fit to score."""
    middle = statistics.median(row[column] for row in rows)
    return [row for row in rows if abs(row[column] - middle) <= 0.3 * middle and row[3] > 0]


NEAR_S = 0.2  # a contact is the yardstick's contact when it is that near


def match_left(rows, contacts):
    """(found, errors s): a row's elapsed time is the left contact that ends its stride."""
    errors = []
    for elapsed, stride, _, _ in rows:
        ends = [(abs(b - elapsed), d) for a, b, d in intervals(contacts)
                if abs(b - elapsed) <= NEAR_S and abs(a - (elapsed - stride)) <= NEAR_S]
        if ends:
            errors.append(abs(min(ends)[1] - stride))
    return len(errors), errors


def match_right(rows, contacts):
    """The table gives no time for the right foot: its stride is the one that ends at a fixed phase
    before or after the left contact. The phase with the smaller error over the whole record is
    taken; it is one choice in a record, not one in a stride."""
    best = (0, [])
    for before in (True, False):
        errors = []
        for elapsed, _, stride, _ in rows:
            ends = [(b, d) for a, b, d in intervals(contacts)
                    if (elapsed - 1.2 * stride < b <= elapsed if before
                        else elapsed < b < elapsed + 1.2 * stride)]
            if ends:
                got = (max(ends) if before else min(ends))[1]
                if abs(got - stride) <= NEAR_S:
                    errors.append(abs(got - stride))
        if errors and (not best[1] or statistics.fmean(errors) < statistics.fmean(best[1])):
            best = (len(errors), errors)
    return best
