"""Force under the feet: gaitndd (a table of every stride) and gaitpdb (a yardstick a recording)."""
import glob
import gzip
import math
import os

from way import (FEET, Figure, Journal, RATE_HZ, Task, deviation, largest, mean, mean_abs, percent)
import gait_score as score  # beside rig, which `way` found

# ---- gaitndd

GROUPS = (("control", "controls"), ("park", "Parkinson's"), ("hunt", "Huntington's"),
          ("als", "ALS"))


def ndd_group(name):
    return next(words for prefix, words in GROUPS if name.startswith(prefix))


def ndd_tasks(folder, short):
    names = sorted(os.path.basename(path)[:-len(".ts.gz")]
                   for path in glob.glob(os.path.join(folder, "gaitndd", "*.ts.gz")))
    if short:
        names = [next(n for n in names if n.startswith(prefix)) for prefix, _ in GROUPS
                 if any(n.startswith(prefix) for n in names)]
    return [Task(name, ndd_measure, (folder, name)) for name in names]


def ndd_false(rows, contacts):
    """Contacts too many: inside a clean left stride no left one and no second right one belongs."""
    wrong = 0
    for row in score.clean(rows, 0):
        from_s, to_s = row.elapsed - row.stride[0], row.elapsed
        wrong += sum(from_s + score.NEAR_S < t < to_s - score.NEAR_S for t in contacts["left"])
        wrong += max(0, sum(from_s < t <= to_s for t in contacts["right"]) - 1)
    return wrong


def ndd_measure(folder, name):
    rows = score.read_ts(folder, name)
    with Journal().play("gaitndd", os.path.join(folder, "gaitndd", name), RATE_HZ) as journal:
        return ndd_compare(rows, journal.events(), journal.strides())


def ndd_compare(rows, events, strides):
    """Counts, and {side: errors in ms} by what was measured."""
    out = {"clean": 0, "found": 0, "false": ndd_false(rows, {f: events[f]["ic"] for f in FEET}),
           "errors": {what: {side: [] for side in FEET} for what in
                      ("contact", "foot_off", "stride", "stance", "double")}}
    for foot, side in enumerate(FEET):
        fit = score.clean(rows, foot)
        ours = [(s["start_device_s"], s["end_device_s"], s) for s in strides if s["foot"] == side]
        pairs = score.match(fit, ours, foot)
        out["clean"] += len(fit)
        out["found"] += len(pairs)
        out["true_ms"] = out.get("true_ms", 0) + 1e3 * sum(row.stride[foot] for row, _ in pairs)
        mine = {what: errors[side] for what, errors in out["errors"].items()}
        for row, (start_s, end_s, stride) in pairs:
            if foot == 0:  # the table has no time of the right foot's events
                swing_s = row.stride[0] - row.stance[0]
                mine["contact"].append(1e3 * (end_s - row.elapsed))
                mine["foot_off"].append(1e3 * (stride["foot_off_device_s"] - row.elapsed + swing_s))
            mine["stride"].append(1e3 * (end_s - start_s - row.stride[foot]))
            mine["stance"].append(1e3 * (stride["stance_s"] - row.stance[foot]))
            if not math.isnan(stride["double_support_s"]):
                mine["double"].append(1e3 * (stride["double_support_s"] - row.double_support))
    return out


def ndd_figures(group, results):
    words = "gaitndd " + group

    def pooled(what):
        return [value for one in results.values() for side in FEET
                for value in one["errors"][what][side]]

    def error(metric, what, how):
        return Figure(metric, words, len(pooled(what)), how(pooled(what)),
                      [(abs(how(errors)), "%s %s" % (name, side), "%.1f ms" % how(errors))
                       for name, one in results.items()
                       for side, errors in one["errors"][what].items() if errors])

    def share(metric, what, badness):
        clean = sum(one["clean"] for one in results.values())
        return Figure(metric, words, clean,
                      percent(sum(one[what] for one in results.values()), clean),
                      [(badness(one), name, "%d of %d" % (one[what], one["clean"]))
                       for name, one in results.items()])

    yield error("contact_mae", "contact", mean_abs)
    yield error("contact_bias", "contact", mean)
    yield error("foot_off_bias", "foot_off", mean)
    yield share("strides_found", "found", lambda one: 1 - one["found"] / one["clean"])
    yield share("contacts_false", "false", lambda one: one["false"] / one["clean"])
    yield error("stride_mae", "stride", mean_abs)
    off = error("stride_mean", "stride", mean)
    yield off._replace(value=percent(sum(pooled("stride")),
                                     sum(one["true_ms"] for one in results.values())))
    yield error("stance_mae", "stance", mean_abs)
    yield error("stance_bias", "stance", mean)
    yield error("double_support_mae", "double", mean_abs)
    yield error("double_support_bias", "double", mean)


def ndd_score(results, _):
    for _, group in GROUPS:
        inside = {name: one for name, one in results.items() if ndd_group(name) == group}
        if inside:
            yield from ndd_figures(group, inside)


# ---- gaitpdb

THRESHOLDS = (("20N", "20N"), ("5pct", "5pct"))  # as reference.csv and as `replay --threshold` say
LOADED, LOAD_N, CELLS = "JuPt26_03", 30.0, 8
SILENT = 10  # index of swing asymmetry that a control stays below
LETTERS = {"left": "L", "right": "R"}


def pdb_tasks(folder, short):
    paths = sorted(glob.glob(os.path.join(folder, "gaitpdb", "*_[0-9][0-9].txt.gz")))
    if short:
        paths = [path for path in paths if "Co" in path or LOADED in path or "SiPt20" in path]
    tasks = [Task(os.path.basename(path).split(".")[0], pdb_measure, (folder, path, None))
             for path in paths]
    for path in paths:
        if os.path.basename(path).startswith(LOADED):
            tasks += [Task("%s+%s" % (LOADED, side), pdb_measure, (folder, path, side))
                      for side in FEET]
    return tasks


def with_load(path, side, out):
    """The recording with LOAD_N more under one foot, in the air too: a shoe laced tighter."""
    first = 1 if side == "left" else 1 + CELLS
    with gzip.open(path, "rt") as lines, gzip.open(out, "wt", newline="") as written:
        for line in lines:
            words = line.split()
            for i in range(first, first + CELLS):
                words[i] = "%.2f" % (float(words[i]) + LOAD_N / CELLS)
            total = 1 + 2 * CELLS + (side == "right")
            words[total] = "%.2f" % (float(words[total]) + LOAD_N)
            written.write("\t".join(words) + "\r\n")


def pdb_foot(strides, side, end_s):
    """(stride CV %, swing CV %, mean swing s) as the reference makes them, or None."""
    rows = [(s["start_device_s"], s["foot_off_device_s"], s["end_device_s"]) for s in strides
            if s["foot"] == side]
    kept = score.kept_strides(rows, end_s)
    if len(kept) < 3:
        return None
    times, swings = [s[2] - s[0] for s in kept], [s[2] - s[1] for s in kept]
    fit = score.within_mad(swings)
    return (100 * deviation(times) / mean(times), 100 * deviation(fit) / mean(fit), mean(swings))


HOLD = 2  # samples on the new side, 20 ms


def plain_strides(force, threshold_n):
    """Strides of a force that is known whole, by nothing but a threshold that it crosses."""
    strides, contact_s, off_s, loaded = [], None, None, force[0] > threshold_n
    for i in range(1, len(force) - HOLD + 1):
        if any((value > threshold_n) == loaded for value in force[i:i + HOLD]):
            continue
        loaded = not loaded
        at_s = (i - (force[i] - threshold_n) / (force[i] - force[i - 1])) / RATE_HZ
        if not loaded:
            off_s = at_s
            continue
        if contact_s is not None and off_s is not None:
            strides.append((contact_s, off_s, at_s))
        contact_s = at_s
    return strides


def plain_feet(path, end_s):
    """The measures of pdb_foot with the yardstick's own thresholds, by look-ahead."""
    with gzip.open(path, "rt") as lines:
        rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
    out = {threshold: {} for threshold, _ in THRESHOLDS}
    for column, foot in enumerate(FEET, start=1 + 2 * CELLS):
        force = [row[column] for row in rows]
        ordered = sorted(force)
        floor_n, top_n = (ordered[len(force) * share // 100] for share in (5, 95))
        over_n = {"20N": 20, "5pct": 0.05 * (top_n - floor_n)}
        for threshold, feet in out.items():
            strides = [dict(zip(("start_device_s", "foot_off_device_s", "end_device_s"),
                                [rows[0][0] + time for time in stride]), foot=foot)
                       for stride in plain_strides(force, floor_n + over_n[threshold])]
            feet[foot] = pdb_foot(strides, foot, end_s)
    return out


def pdb_measure(folder, path, side):
    """{threshold: {foot: (stride CV, swing CV, swing s)}}, and the same by plain crossings."""
    end_s = score.duration_s(path)
    plain = {"plain " + threshold: feet for threshold, feet in plain_feet(path, end_s).items()}
    with Journal() as journal:
        if side:
            with_load(path, side, journal.beside("loaded.gz"))
            path = journal.beside("loaded.gz")
        journal.play("gaitpdb", path)
        out = plain
        for name, option in THRESHOLDS:
            strides = journal.strides("--threshold", option)
            out[name] = {foot: pdb_foot(strides, foot, end_s) for foot in FEET}
    return out


def asymmetry(feet):
    if None in feet.values():
        return math.nan
    return 100 * abs(math.log(feet["left"][2] / feet["right"][2]))


def pdb_cv(results, reference, threshold, index, column, limit, how=""):
    """Share of recordings with both feet within `limit` points of the yardstick."""
    files, good = [], 0
    for name, one in results.items():
        off = []
        for foot in FEET:
            got = one[how + threshold][foot]
            truth = float(reference[name]["%s_%s@%s" % (column, LETTERS[foot], threshold)])
            off.append(got[index] - truth if got else math.inf)
        good += all(abs(value) <= limit for value in off)
        files.append((abs(largest(off)), name, "%+.2f %+.2f points" % tuple(off)))
    metric = column + how.replace("plain ", "_plain")
    return Figure(metric, "gaitpdb " + threshold, len(results), percent(good, len(results)), files)


def pdb_asymmetry(plain, results):
    index = {name: asymmetry(one["5pct"]) for name, one in results.items()}
    controls = {name: index[name] for name in plain if name[2:4] == "Co"}
    if controls:
        yield Figure("asymmetry_controls", "gaitpdb 5pct", len(controls), max(controls.values()),
                     [(value, name, "index %.1f" % value) for name, value in controls.items()])
    if "SiPt20_01" in index:
        yield Figure("asymmetry_SiPt20", "gaitpdb 5pct", 1, index["SiPt20_01"])
    if LOADED in index:
        moved = [index["%s+%s" % (LOADED, side)] - index[LOADED] for side in FEET]
        yield Figure("asymmetry_JuPt26", "gaitpdb 5pct", 1, index[LOADED])
        yield Figure("asymmetry_loaded", "gaitpdb 5pct", len(moved), abs(largest(moved)),
                     [(abs(value), LOADED + " " + side, "%+.2f" % value)
                      for side, value in zip(FEET, moved)])


def pdb_score(results, folder):
    reference = score.reference(folder)
    plain = {name: one for name, one in results.items() if name in reference}
    for threshold, _ in THRESHOLDS:
        yield pdb_cv(plain, reference, threshold, 0, "stride_cv", 0.3)
        yield pdb_cv(plain, reference, threshold, 1, "swing_cv", 0.5)
        yield pdb_cv(plain, reference, threshold, 1, "swing_cv", 0.5, "plain ")
    yield from pdb_asymmetry(plain, results)
