"""Inertial sensors on the feet: ipol (hand-checked events, lost packets) and gaitmap (motion
capture)."""
import csv
import glob
import gzip
import json
import math
import os

from way import (FEET, Figure, Journal, RATE_HZ, Task, deviation, known, match, mean, mean_abs,
                 median, percent)

# ---- ipol

KINDS = (("fo", "foot_off", 0), ("ic", "contact", 1))  # [toe-off, heel-strike] in the JSON
NEAR_S = 0.15  # an event is the truth's event when it is that near, after the set's offset
ROUGH_S = 0.3  # and before the offset is known


def ipol_tasks(folder, short):
    paths = sorted(glob.glob(os.path.join(folder, "ipol_foot_imu", "*.json")))
    return [Task(os.path.basename(path)[:-len(".json")], ipol_measure, (path,))
            for path in paths[::3 if short else 1]]


def ipol_measure(path):
    """{(foot, kind): (our times, true times)}; the packet counter is the clock."""
    with open(path) as text:
        truth = json.load(text)
    with Journal().play("ipol", path[:-len(".json")]) as journal:
        events = journal.events()
    out = {}
    for foot in FEET:
        for kind, _, at in KINDS:
            times = [event[at] / RATE_HZ for event in truth[foot.capitalize() + "FootEvents"]]
            out[foot, kind] = (events[foot][kind], times)
    return out


def ipol_score(results, _):
    for kind, name, _ in KINDS:
        pairs = [(file, *one[foot, kind]) for file, one in results.items() for foot in FEET]
        offset = median([a - b for _, ours, truth in pairs for a, b in match(ours, truth, ROUGH_S)])
        offset = 0.0 if math.isnan(offset) else offset
        counts, errors = {}, {}
        for file, ours, truth in pairs:
            found = match([t - offset for t in ours], truth, NEAR_S)
            counts.setdefault(file, []).append((len(found), len(truth), len(ours)))
            errors.setdefault(file, []).extend(1e3 * abs(a - b) for a, b in found)
        found, true, told = (sum(c[i] for one in counts.values() for c in one) for i in range(3))
        every = [error for one in errors.values() for error in one]

        def files(whole, counts=counts):
            return [(1 - percent(sum(c[0] for c in one), sum(c[whole] for c in one)) / 100, file,
                     "%d of %d" % (sum(c[0] for c in one), sum(c[whole] for c in one)))
                    for file, one in counts.items() if sum(c[whole] for c in one)]

        yield Figure(name + "_recall", "ipol", true, percent(found, true), files(1))
        yield Figure(name + "_precision", "ipol", told, percent(found, told), files(2))
        yield Figure(name + "_error", "ipol", len(every), median(every),
                     [(median(one), file, "%.1f ms" % median(one)) for file, one in errors.items()])
        yield Figure(name + "_offset", "ipol", len(every), 1e3 * offset)


# ---- gaitmap

GAITMAP_HZ = 204.8  # of the IMU, whose samples the events are counted in


def rows_of(folder, name):
    with gzip.open(os.path.join(folder, "gaitmap_foot_mocap", name), "rt") as lines:
        return list(csv.DictReader(lines))


def gaitmap_truth(folder):
    """[(foot, former contact s, foot-off s, contact s, length m)] from motion capture."""
    ends = {}
    for row in rows_of(folder, "position_sample_mocap.csv.gz"):
        key = row[""].split("_")[0], row["s_id"]
        at = float(row["pos_x"]), float(row["pos_y"])
        ends[key] = (ends.get(key, (at,))[0], at)
    out = []
    for row in rows_of(folder, "stride_events_sample.csv.gz"):
        first, last = ends[row["foot"], row["s_id"]]
        times = (float(row[what]) / GAITMAP_HZ for what in ("pre_ic", "tc", "ic"))
        out.append((row["foot"], *times, math.dist(first, last)))
    return out


def gaitmap_tasks(folder, _):
    return [Task("walk", gaitmap_measure, (folder,))]


def gaitmap_measure(folder):
    file = os.path.join(folder, "gaitmap_foot_mocap", "imu_sample.csv")
    with Journal().play("gaitmap", file + ".gz", RATE_HZ) as journal:
        events, strides = journal.events(), journal.strides()
    truth = gaitmap_truth(folder)
    out = {"strides": len(truth), "length": [], "speed": [], "speed_true": [], "foot_off": [],
           "contact": []}
    for foot in FEET:
        for kind, name, at in (("fo", "foot_off", 2), ("ic", "contact", 3)):
            times = [stride[at] for stride in truth if stride[0] == foot]
            out[name] += [1e3 * (a - b) for a, b in match(events[foot][kind], times, NEAR_S)]
        ours = {stride["end_device_s"]: stride for stride in strides if stride["foot"] == foot}
        true = {stride[3]: stride for stride in truth if stride[0] == foot}
        for a, b in match(sorted(ours), sorted(true), NEAR_S):
            length_m, speed = true[b][4], true[b][4] / (true[b][3] - true[b][1])
            if math.isnan(ours[a]["stride_length_m"]) or math.isnan(ours[a]["speed_mps"]):
                continue
            out["length"].append(100 * (ours[a]["stride_length_m"] - length_m))
            out["speed"].append(ours[a]["speed_mps"] - speed)
            out["speed_true"].append(speed)
    return out


def gaitmap_score(results, _):
    one = results["walk"]
    for name in ("contact", "foot_off"):
        yield Figure(name + "_bias", "gaitmap", len(one[name]), mean(one[name]))
        yield Figure(name + "_sd", "gaitmap", len(one[name]), deviation(one[name]))
    n = len(known(one["length"]))
    yield Figure("strides_with_length", "gaitmap", one["strides"], percent(n, one["strides"]))
    yield Figure("stride_length_mae", "gaitmap", n, mean_abs(one["length"]))
    yield Figure("stride_length_bias", "gaitmap", n, mean(one["length"]))
    yield Figure("speed_bias", "gaitmap", n,
                 percent(sum(one["speed"]), sum(one["speed_true"])) if n else math.nan)
    yield Figure("speed_mae", "gaitmap", n,
                 percent(sum(map(abs, one["speed"])), sum(one["speed_true"])) if n else math.nan)
