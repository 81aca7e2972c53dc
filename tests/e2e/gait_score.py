"""Scores contacts and foot-offs against the yardsticks of the recordings folder.

gaitpdb: strides that start from 10 s after the recording's start to 10 s before its end, kept within
3 x 1.4826 MAD and within 30 % of the median, SD with n - 1. (The folder's README speaks of 5 s. With
10 s the yardstick's own contacts in events/ give 37 of the 40 rows of reference.csv @20N to the last
digit; with 5 s none, and up to 0.0145 s off.) Swings are those of the strides kept, once more within
3 x 1.4826 MAD of their own, and not within 30 %: this gives the same 37 rows, with the 30 % 36. Run
this file to see it. The yardstick's threshold is the 5th percentile of the whole recording plus 20 N,
or plus 5 % of what the 95th lies above it. gaitndd: strides within 30 % of the median with double
support above 0."""
import csv
import gzip
import os
import statistics
import sys


def intervals(contacts):
    return [(a, b, b - a) for a, b in zip(contacts, contacts[1:])]


EDGE_S = 10  # left out at either end of a recording


def duration_s(path):
    """Time of a gaitpdb recording's last sample."""
    with gzip.open(path, "rt") as lines:
        return float([line for line in lines if line.strip()][-1].split()[0])


def near_middle(values, of=lambda value: value):
    """Those whose `of` lies within 3 MAD of the median."""
    if not values:
        return []
    middle = statistics.median(of(value) for value in values)
    spread = 3 * 1.4826 * statistics.median(abs(of(value) - middle) for value in values)
    return [value for value in values if abs(of(value) - middle) <= spread]


def length(stride):
    return stride[-1] - stride[0]


def kept(strides, end_s):
    """Of strides (contact, ..., next contact): those that the reference would have kept."""
    inside = [s for s in strides if EDGE_S <= s[0] <= end_s - EDGE_S]
    if not inside:
        return []
    middle = statistics.median(length(s) for s in inside)
    return [s for s in near_middle(inside, length) if abs(length(s) - middle) <= 0.3 * middle]


def cv_pct(values):
    return 100 * statistics.stdev(values) / statistics.fmean(values)


def mean_and_cv(contacts, end_s):
    """(mean stride time s, CV %) or None."""
    times = [length(s) for s in kept(list(zip(contacts, contacts[1:])), end_s)]
    return (statistics.fmean(times), cv_pct(times)) if len(times) >= 3 else None


def swing_cv(steps, end_s):
    """CV % of the swings of [(contact, foot-off or None)], or None."""
    strides = kept([(a, off, b) for (a, off), (b, _) in zip(steps, steps[1:])], end_s)
    swings = near_middle([b - off for _, off, b in strides if off is not None])
    return cv_pct(swings) if len(swings) >= 3 else None


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


def check_yardstick(folder):
    """How many rows of reference.csv @20N these definitions make of the yardstick's own events."""
    stride_n = swing_n = 0
    for name, row in sorted(reference(folder).items()):
        end_s = duration_s(os.path.join(folder, "gaitpdb", name + ".txt.gz"))
        with open(os.path.join(folder, "gaitpdb", "events", name + "_20N.csv")) as lines:
            events = list(csv.DictReader(lines))
        for letter in "LR":
            steps = [(float(e["ic_s"]), float(e["fo_s"])) for e in events if e["foot"] == letter]
            _, stride_cv = mean_and_cv([ic for ic, _ in steps], end_s)
            stride_n += abs(stride_cv - float(row["stride_cv_%s@20N" % letter])) < 0.005
            swing_n += abs(swing_cv(steps, end_s) - float(row["swing_cv_%s@20N" % letter])) < 0.005
    print("stride CV %d of 40, swing CV %d of 40" % (stride_n, swing_n))


if __name__ == "__main__":
    check_yardstick(os.environ.get("STRIDEHUB_RECORDINGS") or sys.argv[1])
