#!/usr/bin/env python3
"""What the gait rules say of people whose walk is known, and of healthy scripted walks: a false
prompt is worse than a missed one. Recordings that are absent are skipped by name.

Usage: rules_on_people.py [--recordings DIR] [--seeds N] [--walkers N]"""
import argparse
import glob
import json
import os
import random
import sys

import way
from way import Journal, rig

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
WALKS = os.path.join(ROOT, "devices", "sim", "walks")
# An invitation to walk briskly, below 95 steps/min, is no false prompt: rule book R03.
INVITED = {("R03", "r03_brisk")}
MINUTES = 25
# Praise and the cue that comes by time are no corrections.
WELCOME = {("R03", "r03_praise"), ("R06", "r06_string")}
# Scripted walks of a healthy person, and what is meant to be said there.
HEALTHY = {"normal": set(), "turns": set(), "stairs": set(), "run": set(), "phone": {"R05"}}


def said(journal):
    """(rule, text) of every gait rule that was raised, spoken or held back."""
    text = rig.run([rig.program("stridehub"), "replay", journal.path, "--sessions", "--format",
                    "json"], way.LIMIT_S)
    records = json.loads(text)
    records = records if isinstance(records, list) else [records]
    return {(alert["rule_id"], alert["text_id"]) for record in records
            for alert in record["alerts"] if alert["rule_id"].startswith("R")} - WELCOME


class Score:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, name, good, what):
        self.passed += good
        self.failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {name}: {what}")


def names(found):
    return ", ".join(sorted({rule for rule, _ in found})) or "silent"


def people(score, folder):
    files = sorted(glob.glob(os.path.join(folder, "gaitpdb", "*.txt.gz")))
    if not files:
        score.skipped += 1
        print(f"skipped: no gaitpdb in {folder}")
    for file in files:
        name = os.path.basename(file).split(".")[0]
        control, usual = name[2:4] == "Co", name.endswith("_01")
        if not (control and usual) and name != "SiPt20_01":
            continue
        with Journal() as journal:
            found = said(journal.play("gaitpdb", file))
        rules = {rule for rule, _ in found}
        if control:
            score.check(f"gaitpdb {name} (control)", not found, names(found))
        else:
            score.check(f"gaitpdb {name} (limps)", "R11" in rules, names(found))


def scripted(score, seeds):
    for walk, meant in HEALTHY.items():
        for seed in range(1, seeds + 1):
            with Journal() as journal:
                journal.walk(os.path.join(WALKS, walk + ".walk"), seed, journal.beside("truth"))
                found = said(journal)
            rules = {rule for rule, _ in found}
            score.check(f"scripted {walk} seed {seed}", rules == meant, names(found))


def clock(t_s):
    return f"{t_s // 60}:{t_s % 60:02d}"


def varied_walk(seed):
    """A healthy walker of some height who changes speed, turns, carries, pushes, calls, climbs
    and rests: the script. Walk ratio within 5 % of what the height lets expect (M08)."""
    draw = random.Random(seed)
    height_m = draw.choice([1.55, 1.62, 1.72, 1.80, 1.92])
    lines = [f"wearer height_m={height_m} mass_kg={round(24 * height_m ** 2)} "
             f"birth_year={draw.randint(1940, 1985)} stage=P1", "devices left right wrist",
             "at 0:00 stand"]
    t_s = 10
    while t_s < MINUTES * 60:
        speed = draw.uniform(0.95, 1.7) * (height_m / 1.72) ** 0.5
        cadence = (60 * speed / (0.00387 * height_m)) ** 0.5 * draw.uniform(0.97, 1.05)
        walk = f"walk speed={speed:.2f} cadence={cadence:.0f} cv={draw.uniform(1.5, 2.8):.1f}"
        lines.append(f"at {clock(t_s)} {walk} arm={draw.randint(28, 55)} "
                     f"uneven={draw.choice([0, 0, 5])}")
        what = draw.choice(["turns", "bag side=left", "bag side=right", "fixed", "call", "pockets",
                            "stairs", "", ""])
        if what == "turns":
            lines += [f"at {clock(t_s + 20)} turn deg=90", f"at {clock(t_s + 40)} turn deg=-180"]
        elif what == "stairs":
            lines += [f"at {clock(t_s + 10)} stairs dir={draw.choice(['up', 'down'])}",
                      f"at {clock(t_s + 30)} {walk}"]
        elif what:
            lines.append(f"at {clock(t_s + 2)} hands {what}")
        t_s += draw.randint(60, 240)
        lines.append(f"at {clock(t_s)} hands free")
        if draw.random() < 0.25:
            lines.append(f"at {clock(t_s)} stand")
            t_s += draw.randint(15, 60)
    return "\n".join(lines + [f"at {clock(t_s)} stand", f"at {clock(t_s + 10)} end", ""])


def varied(score, walkers):
    for seed in range(1, walkers + 1):
        with Journal() as journal:
            script = journal.beside("varied.walk")
            with open(script, "w", encoding="utf-8") as file:
                file.write(varied_walk(seed))
            found = said(journal.walk(script, seed, journal.beside("truth"))) - INVITED
        score.check(f"varied walker {seed}, {MINUTES} min", not found, names(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", default=os.environ.get(
        "STRIDEHUB_RECORDINGS", os.path.join(ROOT, "..", "shared", "recordings")))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--walkers", type=int, default=4)
    options = parser.parse_args()
    score = Score()
    people(score, options.recordings)
    scripted(score, options.seeds)
    varied(score, options.walkers)
    print(f"{score.passed} passed, {score.failed} failed, {score.skipped} skipped")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
