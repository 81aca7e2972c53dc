"""Walks of the simulated body, whose truth is known: `stridesim walk SCRIPT --truth FILE`.

The truth's columns are read from its header; what either side does not have is not scored. A row is
a stride: `former_us`, `off_us` and `contact_us` are its contacts and foot-off by the foot's own
clock, so that no clock is guessed. How plausible the body is, is the simulator's business: what comes out
is called scripted, and tells whether the way from sensor to figure is right, not how well real
people are measured."""
import glob
import math
import os
import re
from typing import NamedTuple

from way import (FEET, Figure, HERE, Journal, Task, deviation, known, largest, match, mean, median,
                 numbers, percent, tables)

SEEDS = (1, 2)
NEAR_S = 0.15
GRAVITY = 9.81  # as the body's


class Measure(NamedTuple):
    metric: str
    ours: str  # column of `replay --strides`
    truth: str  # column of the truth, or of derive()
    times: float  # to the table's unit
    per_weight: bool = False  # ours is in N, the truth in body weights


MEASURES = (
    Measure("contact", "end_device_s", "contact_device_s", 1e3),
    Measure("foot_off", "foot_off_device_s", "off_device_s", 1e3),
    Measure("stride_time", "stride_s", "stride_s", 1e3),
    Measure("step_time", "step_s", "step_s", 1e3),
    Measure("stance", "stance_pct", "stance_pct", 1),
    Measure("double_support", "double_support_pct", "double_support_pct", 1),
    Measure("stride_length", "stride_length_m", "length_m", 1e2),
    Measure("speed", "speed_mps", "speed_mps", 1e2),
    Measure("foot_angle", "foot_angle_deg", "foot_angle_deg", 1),
    Measure("clearance", "clearance_mm", "clearance_mm", 1),
    Measure("height", "height_m", "height_m", 1e2),
    Measure("turn", "turn_deg", "turn_deg", 1),
    Measure("peak_force", "peak_force_n", "peak_bw", 1e2, True),
    Measure("loading", "loading_n_s", "loading_bw_s", 1, True),
    Measure("forefoot", "forefoot_share", "forefoot", 1e2),
    Measure("medial", "medial_index", "medial", 1e2),
)
ASYMMETRIES = (("step_asymmetry", "step_s", "step_s"), ("stance_asymmetry", "stance_s", "stance_s"))
# What a walk is there for, by the first word of its name; the others are there for all but the
# asymmetries, which are nothing in an even walk.
FOCUS = {
    "arm": ("arm_swing", "cadence"),
    "limp": ("step_asymmetry", "stance_asymmetry", "step_time", "stance", "double_support"),
}


def tasks(_, short):
    paths = sorted(glob.glob(os.path.join(HERE, "walks", "*.walk")))
    return [Task("%s/%d" % (os.path.basename(path)[:-len(".walk")], seed), measure, (path, seed))
            for path in paths for seed in SEEDS[:1 if short else None]]


def group(name):
    """speed-1.2/1 -> speed"""
    return re.split("[-/]", name)[0]


def get(row, name):
    return row.get(name, math.nan)


def derive(rows):
    """Whole strides, with what follows from the columns that there are."""
    for row in rows:
        row["contact_device_s"] = get(row, "contact_us") / 1e6
        row["off_device_s"] = get(row, "off_us") / 1e6
        row["stance_s"] = get(row, "stance_pct") / 100 * get(row, "stride_s")
        row["speed_mps"] = get(row, "length_m") / get(row, "stride_s")
    return [row for row in rows if not math.isnan(get(row, "former_us"))]


def read_truth(path):
    with open(path) as lines:
        return derive([numbers(row) for row in tables.rows(lines.read())])


def weight_of(script):
    """N, from the script's `wearer` line."""
    with open(script) as lines:
        return GRAVITY * float(re.search(r"\bmass_kg=([0-9.]+)", lines.read()).group(1))


def index(values):
    """Symmetry index of {foot: values}, %: left minus right over their mean."""
    left, right = (mean(known(values[foot])) for foot in FEET)
    return 200 * (left - right) / (left + right)


def measure(script, seed):
    with Journal() as journal:
        path = journal.beside("truth.csv")
        journal.walk(script, seed, path)
        return compare(read_truth(path), journal.strides(), journal.wrist(), weight_of(script))


def paired(truth, strides):
    """[(our stride, the truth's)] of both feet, by the contacts that end them."""
    pairs = []
    for foot in FEET:
        true = {t["contact_device_s"]: t for t in truth if t["foot"] == foot}
        ours = {s["end_device_s"]: s for s in strides if s["foot"] == foot}
        pairs += [(ours[a], true[b]) for a, b in match(sorted(ours), sorted(true), NEAR_S)]
    return pairs


def compare(truth, strides, wrist, weight_n):
    """Errors by metric, in the table's units."""
    pairs, errors = paired(truth, strides), {}
    for one in MEASURES:
        unit = weight_n if one.per_weight else 1
        errors[one.metric] = known([one.times * (get(ours, one.ours) / unit - get(true, one.truth))
                                    for ours, true in pairs])
    for metric, ours, true in ASYMMETRIES:
        got = {foot: [get(a, ours) for a, _ in pairs if a["foot"] == foot] for foot in FEET}
        want = {foot: [get(b, true) for a, b in pairs if a["foot"] == foot] for foot in FEET}
        errors[metric] = known([index(got) - index(want)])
    steps = [event for event in wrist if event["kind"] == "step"]
    step_s = median(known([get(t, "step_s") for t in truth]))
    errors["cadence"] = known([100 * (e["cadence_spm"] * step_s / 60 - 1) for e in steps])
    # The arms of these walks swing alike: which of them wears the wrist makes no difference.
    swing_deg = median(known([get(t, "arm_left_deg") for t in truth]))
    errors["arm_swing"] = known([e["arm_swing_deg"] - swing_deg for e in steps])
    return {"strides": len(truth), "found": len(pairs), "errors": errors}


def score(results, _):
    for name in sorted({group(key) for key in results}):
        walks = {key: one for key, one in results.items() if group(key) == name}
        words = "scripted " + name
        n = sum(one["strides"] for one in walks.values())
        yield Figure("strides_found", words, n,
                     percent(sum(one["found"] for one in walks.values()), n),
                     [(one["strides"] - one["found"], key,
                       "%d of %d" % (one["found"], one["strides"])) for key, one in walks.items()])
        for metric in FOCUS.get(name, [m.metric for m in MEASURES] + ["cadence"]):
            told = {key: one["errors"][metric] for key, one in walks.items()
                    if one["errors"][metric]}
            n = sum(map(len, told.values()))
            files = [(abs(mean(errors)), key, "bias %+.2f, SD %.2f, n %d" % (
                mean(errors), deviation(errors), len(errors))) for key, errors in told.items()]
            yield Figure(metric + "_bias", words, n,
                         largest([mean(errors) for errors in told.values()]), files)
            if metric not in [a[0] for a in ASYMMETRIES]:
                yield Figure(metric + "_sd", words, n,
                             largest(known([deviation(errors) for errors in told.values()])))
