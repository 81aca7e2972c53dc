#!/usr/bin/env -S python3 -B
"""The scorers themselves: what is right scores as right, and each kind of wrong shows."""
import gzip
import math
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import force_sets  # noqa: E402
import foot_sets  # noqa: E402
import goals  # noqa: E402
import scripted  # noqa: E402
import way  # noqa: E402
import wrist_sets  # noqa: E402
import gait_score as score  # noqa: E402
from way import rig  # noqa: E402


def near(value, wanted, within=1e-6):
    return abs(value - wanted) <= within


# ---- a gaitndd record that walks evenly: left contacts at 1.1 s, right ones half a stride later

STRIDE_S, STANCE_S, DOUBLE_S = 1.1, 0.7, 0.3


def stride(foot, start_s, late_s=0.0, stance_s=STANCE_S):
    return {"foot": foot, "start_device_s": start_s + late_s,
            "foot_off_device_s": start_s + stance_s + late_s,
            "end_device_s": start_s + STRIDE_S + late_s, "stance_s": stance_s,
            "double_support_s": DOUBLE_S}


def ndd(late_s=0.0, stance_s=STANCE_S, without=(), more=None):
    rows = [score.Row(20 + (i + 1) * STRIDE_S, (STRIDE_S,) * 2, (STANCE_S,) * 2, DOUBLE_S)
            for i in range(50)]
    ours = [stride(foot, 20 + half + i * STRIDE_S, late_s, stance_s) for i in range(-1, 51)
            for foot, half in (("left", 0.0), ("right", 0.55)) if (foot, i) not in without]
    events = {foot: {"ic": sorted({round(s[key], 9) for s in ours if s["foot"] == foot
                                   for key in ("start_device_s", "end_device_s")} |
                                  set((more or {}).get(foot, ()))), "fo": []} for foot in way.FEET}
    one = force_sets.ndd_compare(rows, events, ours)
    return {f.metric: f.value for f in force_sets.ndd_figures("controls", {"control1": one})}


def test_gaitndd(checks):
    right = ndd()
    checks.that("a perfect record has every stride, no error, nothing false",
                right["strides_found"] == 100 and right["contacts_false"] == 0 and
                all(near(right[m], 0) for m in ("contact_mae", "stride_mae", "stance_mae",
                                                "double_support_mae", "foot_off_bias")), right)
    late = ndd(late_s=0.004)
    checks.that("contacts 4 ms late cost 4 ms, and the strides nothing",
                near(late["contact_bias"], 4) and near(late["stride_mae"], 0), late)
    checks.that("a stance 10 ms long costs 10 ms", near(ndd(stance_s=0.71)["stance_bias"], 10))
    lost = ndd(without=[("left", 20)])
    checks.that("a lost left stride is missed: 99 of 100", near(lost["strides_found"], 99), lost)
    lost = ndd(without=[("right", 20)])
    checks.that("a lost right stride is missed", lost["strides_found"] < 100, lost)
    for foot in way.FEET:
        more = ndd(more={foot: [20 + 10 * STRIDE_S + 0.3]})
        checks.that("a %s contact too many within a stride is false" % foot,
                    near(more["contacts_false"], 1), more)
    row = score.Row(21.1, (STRIDE_S,) * 2, (STANCE_S,) * 2, DOUBLE_S)
    checks.that("a right stride of two strides' length is none of the table's",
                score.match_right([row], [(18.3, 20.5)]) == [])


def test_gaitpdb(checks):
    with tempfile.TemporaryDirectory() as directory:
        source, out = (os.path.join(directory, name) for name in ("a.gz", "b.gz"))
        with gzip.open(source, "wt") as lines:
            lines.write("\t".join(["0.01"] + ["1.00"] * 18) + "\r\n")
        force_sets.with_load(source, "right", out)
        with gzip.open(out, "rt") as lines:
            words = [float(word) for word in lines.readline().split()]
    checks.that("30 N are added to the right cells and their total, to nothing else",
                words[1:9] == [1.0] * 8 and near(sum(words[9:17]), 38) and
                words[17:] == [1.0, 31.0], words)
    checks.that("the index of swings 0.4 and 0.5 s is 100 ln 1.25",
                near(force_sets.asymmetry({"left": (0, 0, 0.4), "right": (0, 0, 0.5)}),
                     100 * math.log(1.25)))
    force = [0, 0, 100, 500, 500, 100, 0, 0, 0, 100, 0, 0, 0, 300, 600]
    got = force_sets.plain_strides(force, 50)
    checks.that("a plain crossing is interpolated and held for two samples",
                len(got) == 1 and near(got[0][0], 0.015) and near(got[0][1], 0.055) and
                near(got[0][2], 0.12 + 0.01 / 6), got)
    checks.that("a foot without strides has no index",
                math.isnan(force_sets.asymmetry({"left": None, "right": (0, 0, 0.5)})))


# ---- ipol

def ipol(shift_s=0.0, drop=0, more=()):
    truth = [5 + 1.1 * i for i in range(50)]
    ours = sorted([t + shift_s for t in truth[drop:]] + list(more))
    one = {(foot, kind): (ours, truth) for foot in way.FEET for kind in ("fo", "ic")}
    return {f.metric: f.value for f in foot_sets.ipol_score({"1-1": one}, None)}


def test_ipol(checks):
    got = ipol(shift_s=0.04)
    checks.that("one offset is found and costs nothing", near(got["contact_offset"], 40) and
                near(got["contact_error"], 0) and got["contact_recall"] == 100, got)
    got = ipol(drop=5)
    checks.that("5 of 50 missed is a recall of 90, not a lower precision",
                near(got["foot_off_recall"], 90) and got["foot_off_precision"] == 100, got)
    got = ipol(more=[5.2, 1.0])
    checks.that("an event too many, before the walk too, lowers the precision",
                near(got["contact_precision"], 100 * 50 / 52) and got["contact_recall"] == 100, got)
    checks.that("two events do not both count for one of the truth",
                len(way.match([1.0, 1.01], [1.0], 0.15)) == 1)
    checks.that("one event does not count for two of the truth",
                way.match([1.0], [0.9, 1.05], 0.15) == [(1.0, 1.05)])


# ---- the wrist

def test_wrist(checks):
    steps = [1.07 * i for i in range(60)]
    checks.that("bounces are taken out and steps stay", wrist_sets.debounced(
        sorted(steps + [t + 0.27 for t in steps[::6]])) == steps)
    checks.that("a slower step stays", len(wrist_sets.debounced([0, 1, 2, 2.7, 3.8])) == 5)
    events = [{"kind": "step", "t_device_s": t, "cadence_spm": 112.0} for t in steps]
    both = sorted(steps + [t + 0.53 for t in steps])
    errors = wrist_sets.cadence_errors(events, both)
    true = 60 / 0.535
    checks.that("a cadence that is 0.1 % off scores so", errors and all(
        abs(e - 100 * (112 / true - 1)) < 0.8 for e in errors), errors)
    halted = [t for t in both if not 20 < t < 40]
    checks.that("windows with a halt are not scored",
                0 < len(wrist_sets.cadence_errors(events, halted)) < len(errors))
    pieces = [["SEATED", 0, 2], ["WALKING", 3, 6], ["TURNING", 6, 7], ["WALKING", 7, 9],
              ["TURNING", 9, 10], ["SITTING_DOWN", 10, 12]]
    got = wrist_sets.tug_judge(pieces, [3.4, 9.5])
    checks.that("lateness counts from the first walk; a bout in the last turn is wrong",
                near(got["late_s"], 0.4) and got["wrong"] == 1, got)
    checks.that("a walk without a bout is not found",
                math.isinf(wrist_sets.tug_judge(pieces, [7.5])["late_s"]))
    falls = {"S_Fall_a": {"suspect": True, "still": False},
             "S_Fall_b": {"suspect": False, "still": False},
             "S_ADL_a": {"suspect": False, "still": False}}
    got = {f.metric: f.value for f in wrist_sets.umafall_score(falls, None)}
    checks.that("one fall of two found, no false alarm", near(got["fall_suspect_sensitivity"], 0.5)
                and got["fall_suspect_specificity"] == 1, got)


# ---- scripted

def scripted_walk(late_s=0.0, longer_m=0.0, left_longer_s=0.0):
    truth, ours = [], []
    at_s = {"left": 7e6, "right": 9e6}  # two clocks that know nothing of each other
    for i in range(60):
        for foot in way.FEET:
            former_s, length_s = at_s[foot], 1.0 + 0.02 * math.sin(i * i)
            at_s[foot] += length_s
            truth.append({"foot": foot, "former_us": former_s * 1e6, "stride_s": length_s,
                          "contact_us": at_s[foot] * 1e6, "off_us": (at_s[foot] - 0.4) * 1e6,
                          "step_s": 0.5, "length_m": 1.2, "stance_pct": 60.0, "peak_bw": 1.1,
                          "arm_left_deg": 30.0})
            ours.append({"foot": foot, "end_device_s": at_s[foot] + late_s, "stride_s": length_s,
                         "foot_off_device_s": at_s[foot] - 0.4, "peak_force_n": 880.0,
                         "step_s": 0.5 + (left_longer_s if foot == "left" else 0),
                         "stride_length_m": 1.2 + longer_m, "stance_s": 0.6 * length_s})
    truth.append({"foot": "left", "contact_us": 1.0, "off_us": 0.5, "former_us": math.nan})
    wrist = [{"kind": "step", "cadence_spm": 120.0, "arm_swing_deg": 33.0},
             {"kind": "bout_on", "cadence_spm": 1.0, "arm_swing_deg": 1.0}]
    return scripted.compare(scripted.derive(truth), ours, wrist, 800.0)


def test_scripted(checks):
    one = scripted_walk()
    checks.that("every whole stride is found, by its own foot's clock, and nothing is off",
                one["found"] == one["strides"] == 120 and
                all(near(way.mean_abs(one["errors"][m]), 0, 1e-3) for m in
                    ("contact", "foot_off", "stride_time", "peak_force", "stance_asymmetry")), one)
    checks.that("what one side does not have is not scored", one["errors"]["clearance"] == [])
    checks.that("a contact 5 ms late costs 5 ms",
                near(way.mean(scripted_walk(late_s=0.005)["errors"]["contact"]), 5, 1e-3))
    checks.that("contacts half a second off are none", scripted_walk(late_s=0.5)["found"] == 0)
    checks.that("a stride 2 cm long costs 2 cm",
                near(way.mean(scripted_walk(longer_m=0.02)["errors"]["stride_length"]), 2))
    checks.that("a left step 10 ms long is an index of 2",
                near(scripted_walk(left_longer_s=0.01)["errors"]["step_asymmetry"][0], 1.98, 0.01))
    checks.that("arm and cadence are held against the walk",
                near(one["errors"]["arm_swing"][0], 3) and near(one["errors"]["cadence"][0], 0) and
                len(one["errors"]["cadence"]) == 1)


# ---- goals

def test_goals(checks):
    def goal(direction, limit):
        return goals.Goal(direction, limit, "ms", "must", "", "")
    checks.that("what was not measured has not reached its goal",
                not any(goal(d, g).reached(math.nan) for d, g in (
                    ("at most", "4"), ("at least", "0"), ("within", "8"), ("between", "5..9"))))
    checks.that("a bias counts on both sides", not goal("within", "8").reached(-9) and
                goal("within", "8").reached(-8) and not goal("between", "5..9").reached(9.1))
    checks.that("a goal at its edge is reached", goal("at most", "4").reached(4.0) and
                goal("at least", "98").reached(98.0) and not goal("at least", "98").reached(97.9))
    checks.that("the table of goals can be read", len(goals.read()) > 50)
    head = "set,metric,direction,goal,unit,status,source,reason\n"
    for words, why in (("s,m,at most,4,ms,open,x,\n", "open without a reason"),
                       ("s,m,at most,four,ms,must,x,\n", "a goal that is no number"),
                       ("s,m,below,4,ms,must,x,\n", "a direction that is none"),
                       ("s,m,at most,4,ms,must,x,\n" * 2, "the same goal twice"),
                       ("s,m,at most,4,ms,,x,\n", "neither must nor open")):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(head + words)
            file.flush()
            try:
                goals.read(file.name)
                refused = False
            except ValueError:
                refused = True
        checks.that("refused in goals.csv: " + why, refused)


def test(checks):
    for one in (test_gaitndd, test_gaitpdb, test_ipol, test_wrist, test_scripted, test_goals):
        one(checks)


if __name__ == "__main__":
    rig.main(test)
