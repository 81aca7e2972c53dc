#!/usr/bin/env python3
"""What the gait rules say of people whose walk is known, and of healthy scripted walks: a false
prompt is worse than a missed one. Recordings that are absent are skipped by name.

Usage: rules_on_people.py [--recordings DIR] [--seeds N]"""
import argparse
import glob
import json
import os
import sys

import way
from way import Journal, rig

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
WALKS = os.path.join(ROOT, "devices", "sim", "walks")
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", default=os.environ.get(
        "STRIDEHUB_RECORDINGS", os.path.join(ROOT, "..", "shared", "recordings")))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    score = Score()
    people(score, options.recordings)
    scripted(score, options.seeds)
    print(f"{score.passed} passed, {score.failed} failed, {score.skipped} skipped")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
