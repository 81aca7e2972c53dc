"""What is worn at the wrist, or carried as if: oxford (foot switches count the steps), tug
(labels), umafall (falls and daily activities), armswing (no truth)."""
import csv
import glob
import gzip
import math
import os

from way import Figure, Journal, Task, largest, mean_abs, median, percent

# ---- oxford

BOUNCE = 0.5  # a foot that comes down again within that much of its median stride bounced
WINDOW_S = 10  # of a cadence (M01)
# Where the phone was, and how well its steps are to be counted. The front pocket is no wrist.
PLACES = (("SwingingArm", "swinging arm"), ("InHand", "hand"), ("hand", "hand"),
          ("Armband", "armband"), ("armband", "armband"), ("FrontPocket", "front pocket"))


def place_of(name):
    return next(words for part, words in PLACES if part in name)


def oxford_tasks(folder, _):
    base = os.path.join(folder, "oxford_steps")
    paths = [os.path.dirname(path) for path in glob.glob(os.path.join(base, "*",
                                                                      "accelerometer.csv.gz"))]
    paths += glob.glob(os.path.join(base, "user*.csv.gz"))
    return [Task(os.path.basename(path).split(".")[0], oxford_measure, (path,))
            for path in sorted(paths)]


def first_time_s(path):
    with gzip.open(path, "rt") as lines:
        return int(lines.readline().split(",")[0]) / 1e9


def switches(path):
    """Times of each foot's steps since the accelerometer's first row, which is our clock's 0."""
    zero_s = first_time_s(os.path.join(path, "accelerometer.csv.gz"))
    with gzip.open(os.path.join(path, "stepcounter.csv.gz"), "rt") as lines:
        rows = [line.strip().split(",") for line in lines]
    return [[int(b[0]) / 1e9 - zero_s for a, b in zip(rows, rows[1:])
             if a[foot] == "0" and b[foot] == "1"] for foot in (1, 2)]


def debounced(times):
    if len(times) < 3:
        return times
    least_s = BOUNCE * median([b - a for a, b in zip(times, times[1:])])
    kept = times[:1]
    kept += [b for a, b in zip(times, times[1:]) if b - a >= least_s]
    return kept


def counted_steps(path):
    """TRUE steps of a user*.csv at its end."""
    with gzip.open(path, "rt") as lines:
        for line in lines:
            last = line
    return int(last.split(",")[5])


def cadence_errors(events, steps):
    """Percent, at the end of each window that has walking in it from its start to its end."""
    out, cadences = [], [(e["t_device_s"], e["cadence_spm"]) for e in events if e["kind"] == "step"]
    end_s = steps[0] + WINDOW_S
    while end_s < steps[-1]:
        inside = [t for t in steps if end_s - WINDOW_S <= t <= end_s]
        ours = [c for t, c in cadences if end_s - WINDOW_S / 4 <= t <= end_s]
        gap_s = max(b - a for a, b in zip(inside, inside[1:])) if len(inside) > 2 else math.inf
        if gap_s < 1.5 and ours and not math.isnan(ours[-1]):  # gaps: WALK, rule book 2.4
            true = 60 * (len(inside) - 1) / (inside[-1] - inside[0])
            out.append(100 * (ours[-1] / true - 1))
        end_s += WINDOW_S
    return out


def viewing_s(events):
    """(seconds in viewing posture, seconds from the first step to the last)"""
    steps = [e["t_device_s"] for e in events if e["kind"] == "step"]
    if not steps:
        return 0.0, 0.0
    on_s, since = 0.0, None
    for event in events:
        if event["kind"] == "viewing_on":
            since = event["t_device_s"]
        elif event["kind"] == "viewing_off" and since is not None:
            on_s, since = on_s + event["t_device_s"] - since, None
    if since is not None:
        on_s += max(0.0, steps[-1] - since)
    return on_s, steps[-1] - steps[0]


def oxford_measure(path):
    with Journal().play("oxford", path) as journal:
        events = journal.wrist()
    out = {"ours": sum(e["kind"] == "step" for e in events), "viewing": viewing_s(events),
           "on": any(e["kind"] == "viewing_on" for e in events), "cadence": []}
    if os.path.isdir(path):
        feet = switches(path)
        clean = [debounced(times) for times in feet]
        out["raw"], out["true"] = (sum(map(len, both)) for both in (feet, clean))
        out["cadence"] = cadence_errors(events, sorted(clean[0] + clean[1]))
    else:
        out["raw"] = out["true"] = counted_steps(path)
    return out


def oxford_score(results, _):
    for place in dict.fromkeys(words for _, words in PLACES):
        inside = {name: one for name, one in results.items() if place_of(name) == place}
        for metric, truth in (("steps", "true"), ("steps_raw_switches", "raw")):
            off = {name: 100 * (one["ours"] / one[truth] - 1) for name, one in inside.items()}
            yield Figure(metric, "oxford " + place, sum(one[truth] for one in inside.values()),
                         largest(list(off.values())),
                         [(abs(off[name]), name, "%d of %d" % (one["ours"], one[truth]))
                          for name, one in inside.items()])
        windows = [error for one in inside.values() for error in one["cadence"]]
        yield Figure("cadence_mae", "oxford " + place, len(windows), mean_abs(windows),
                     [(mean_abs(one["cadence"]), name, "%.2f %%, worst %+.1f %%" % (
                         mean_abs(one["cadence"]), largest(one["cadence"])))
                      for name, one in inside.items() if one["cadence"]])
    hands = {name: one for name, one in results.items() if place_of(name) == "hand"}
    arms = {name: one for name, one in results.items() if place_of(name) == "swinging arm"}

    def shares(chosen):
        return [(1 - one["viewing"][0] / max(one["viewing"][1], 1e-9), name, "on %.0f of %.0f s" %
                 one["viewing"]) for name, one in chosen.items()]

    yield Figure("viewing_on", "oxford hand", len(hands),
                 percent(sum(one["on"] for one in hands.values()), len(hands)), shares(hands))
    yield Figure("viewing_share", "oxford hand", len(hands),
                 percent(sum(one["viewing"][0] for one in hands.values()),
                         sum(one["viewing"][1] for one in hands.values())), shares(hands))
    yield Figure("viewing_on", "oxford swinging arm", len(arms),
                 percent(sum(one["on"] for one in arms.values()), len(arms)), shares(arms))


# ---- tug

def tug_tasks(folder, _):
    return [Task(os.path.basename(path)[:-len("_sw.csv.gz")], tug_measure, (path,))
            for path in sorted(glob.glob(os.path.join(folder, "smartwatch_tug", "*_sw.csv.gz")))]


def tug_pieces(path):
    """[(label, from s, to s)]; the first row is our clock's 0."""
    pieces = []
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            at_s = int(row["timestamp"]) / 1e3
            if not pieces:
                zero_s = at_s
            if not pieces or pieces[-1][0] != row["label"]:
                pieces.append([row["label"], at_s - zero_s, at_s - zero_s])
            pieces[-1][2] = at_s - zero_s
    return pieces


EARLY_S = 1.5  # an onset that much before a walk is still that walk's


def tug_measure(path):
    with Journal().play("tug", path) as journal:
        return tug_judge(tug_pieces(path), [e["t_device_s"] for e in journal.wrist()
                                            if e["kind"] == "bout_on"])


def tug_judge(pieces, bouts):
    """Lateness of the first bout of the first walk, and bouts that no walk is the cause of."""
    walks = [(a, b) for label, a, b in pieces if label == "WALKING"]
    own = [t for t in bouts if walks[0][0] - EARLY_S <= t <= walks[0][1]]
    wrong = [t for t in bouts if not any(a - EARLY_S <= t <= b for a, b in walks)]
    return {"late_s": own[0] - walks[0][0] if own else math.inf, "wrong": len(wrong),
            "words": "bouts at %s; %s" % (
                " ".join("%.1f" % t for t in bouts) or "-",
                " ".join("%s %.1f-%.1f" % tuple(piece) for piece in pieces))}


def tug_score(results, _):
    def files(badness):
        return [(badness(one), name, one["words"]) for name, one in results.items()]

    late = [one["late_s"] for one in results.values()]
    found = [value for value in late if value < math.inf]
    yield Figure("bout_found", "tug", len(late), percent(len(found), len(late)),
                 files(lambda one: one["late_s"]))
    yield Figure("bout_onset_late", "tug", len(found), max(found, default=math.nan),
                 files(lambda one: one["late_s"]))
    yield Figure("bout_without_walking", "tug", len(late),
                 sum(one["wrong"] for one in results.values()), files(lambda one: one["wrong"]))


# ---- umafall

def umafall_tasks(folder, short):
    paths = sorted(glob.glob(os.path.join(folder, "umafall_wrist", "*_wrist.csv.gz")))
    return [Task(os.path.basename(path)[:-len("_wrist.csv.gz")], umafall_measure, (path,))
            for path in paths[::5 if short else 1]]


def umafall_measure(path):
    with Journal().play("umafall", path) as journal:
        kinds = {event["kind"] for event in journal.wrist()}
    return {"suspect": "fall_suspect" in kinds, "still": "fall_still" in kinds}


def umafall_score(results, _):
    falls = {name: one for name, one in results.items() if "_Fall_" in name}
    others = {name: one for name, one in results.items() if "_ADL_" in name}
    for what in ("suspect", "still"):
        missed = [(1, name, "missed") for name, one in falls.items() if not one[what]]
        wrong = [(1, name, "no fall") for name, one in others.items() if one[what]]
        yield Figure("fall_%s_sensitivity" % what, "umafall", len(falls),
                     percent(len(falls) - len(missed), len(falls)) / 100, missed)
        yield Figure("fall_%s_specificity" % what, "umafall", len(others),
                     percent(len(others) - len(wrong), len(others)) / 100, wrong)


# ---- armswing

def armswing_tasks(folder, _):
    return [Task(os.path.basename(path).split(".")[0], armswing_measure, (path,))
            for path in sorted(glob.glob(os.path.join(folder, "arm_swing", "*_gyro.csv.gz")))]


def armswing_measure(path):
    """Device -> swing at each of its events."""
    out = {}
    with Journal().play("armswing", path) as journal:
        for event in journal.wrist():
            if not math.isnan(event["arm_swing_deg"]):
                out.setdefault(event["device"], []).append(event["arm_swing_deg"])
    return out


def armswing_score(results, _):
    swings = {"%s %s" % (name, device): one[device] for name, one in results.items()
              for device in sorted(one)}
    every = [swing for one in swings.values() for swing in one]
    yield Figure("arm_swing", "armswing", len(every), median(every),
                 [(median(one), name, "%.1f deg" % median(one)) for name, one in swings.items()])
