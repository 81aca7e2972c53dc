#!/usr/bin/env python3
"""Scenarios of the rule book's section 7 that are S01 to S06, as walks of the simulated body through
the whole core: what must be said and when, what must not, and that extra wake-ups change nothing.

usage: walks.py --bin FOLDER [--only NAME] [--print]"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# The cues of section 7 that go by the clock are off; the rest is as shipped.
BASE = ("wearer height_m=1.72 mass_kg=74 birth_year=1974 stage=P1\n"
        "param cue.timed=0 screen.weekly=0\n")
FEET = "devices left right wrist\n"
BELT = "devices left right wrist treadmill\n"
WALK = "at 0:00 stand\nat 0:10 walk speed=1.3 cadence=110\n"
# Seconds from what happens until the hub can know: a frame, a second of load on the device's own
# grid, and the second that waits for live strides.
LAG = 3.0


def at(kind, first, last):
    """Exactly one such line, within these seconds."""
    return lambda lines: exactly(lines, kind, first, last)


def exactly(lines, kind, first, last):
    seen = [line for line in lines if re.search(kind, line)]
    times = [float(line.split()[0]) for line in seen]
    if len(times) != 1 or not first <= times[0] <= last:
        return "%s: %s, not once in %.1f to %.1f" % (kind, times, first, last)
    return None


def some(kind):
    return lambda lines: None if any(re.search(kind, line) for line in lines) else "no " + kind


def none(kind):
    def check(lines):
        seen = [line for line in lines if re.search(kind, line)]
        return "must not: " + seen[0] if seen else None
    return check


def first(kind, earliest, latest):
    """The first such line is within these seconds."""
    def check(lines):
        times = [float(line.split()[0]) for line in lines if re.search(kind, line)]
        if not times or not earliest <= times[0] <= latest:
            return "%s: %s, not first in %.1f to %.1f" % (kind, times[:3], earliest, latest)
        return None
    return check


def after(start_s, check):
    return lambda lines: check([line for line in lines if float(line.split()[0]) >= start_s])


NO_S01 = none(r"prompt S01|notice \S+ S01|belt stop .* s01")
QUIET = none(r" (S0[1-6]|S09) |belt ")

WALKS = {
    # A fall at 2:30: still for good, nobody answers.
    "35_lies_still": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\nat 5:00 end\n", 0, [
        at(r"prompt S01 s01_ask ", 158, 164),
        at(r"prompt S01 s01_alarm severity=\d+ ?(wrist|treadmill)", 188, 194),
        at(r"session closed fall", 188, 194),
        some(r"notice \S+ S01"), none("belt"), after(150, none(r"prompt (?!S01)"))]),
    "36_gets_up": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\nat 2:50 walk\nat 4:00 end\n", 0, [
        at(r"prompt S01 s01_ask ", 158, 164), none("s01_alarm"), none("notice")]),
    "36b_says_ok": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\nat 2:50 button ok ms=300\n"
                    "at 4:00 end\n", 0, [
                        at(r"prompt S01 s01_ask ", 158, 164), none("s01_alarm"), none("notice"),
                        at("s01_cancelled", 169, 172)]),
    "36c_calls_help": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\nat 2:50 button help ms=300\n"
                       "at 4:00 end\n", 0, [
                           at(r"prompt S01 s01_alarm severity=\d+ ?(wrist|treadmill)", 169, 172),
                           some(r"notice \S+ S01")]),
    "36d_answers_no": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\n"
                       "at 2:50 answer question=s01_ask no\nat 4:00 end\n", 0, [
                           at(r"prompt S01 s01_alarm severity=\d+ ?(wrist|treadmill)", 169, 172)]),
    "35b_alarm_taken_back": (BASE + FEET + WALK + "at 2:30 fall impact=4.1\n"
                             "at 3:20 button ok ms=300\nat 4:00 end\n", 0, [
                                 some(r"notice \S+ S01 sent"), some(r"notice \S+ S01 cancelled")]),
    # The alarm closed the walk; whoever takes it back and walks on has the pain of its beginning still.
    "35j_pain_after_a_fall_taken_back": (
        BASE + FEET + "at 0:00 stand\nat 0:05 report pain=2 place=back\n"
        "at 0:10 walk speed=1.3 cadence=110\nat 1:30 fall impact=4.1\nat 2:50 button ok ms=300\n"
        "at 3:00 stand\nat 3:30 walk\nat 5:30 report pain=3 place=thigh side=left\nat 7:00 end\n", 0, [
            some(r"notice \S+ S01 cancelled"), at("prompt P02 p02_stop severity=4 wrist", 329, 333),
            some("session closed pain_stop")]),
    "35k_pain_long_after_a_fall_taken_back": (
        BASE + FEET + "at 0:00 stand\nat 0:05 report pain=2 place=back\n"
        "at 0:10 walk speed=1.3 cadence=110\nat 1:30 fall impact=4.1\nat 2:50 button ok ms=300\n"
        "at 3:00 stand\nat 14:00 walk\nat 15:00 report pain=3 place=thigh side=left\nat 16:00 end\n", 0, [
            some(r"notice \S+ S01 cancelled"), none("prompt P02")]),
    # Held back by a wrist that was out of reach: told now, as of then (5.2).
    "F07_pressed_out_of_reach": (
        BASE + FEET + WALK + "at 2:00 fault wrist offline s=1500\nat 3:00 button help ms=2500\n"
        "at 10:00 stand\nat 30:00 end\n", 0, [
            first(r"prompt F07 f07_alerting", 1619, 1640),
            first(r"notice \S+ F07 sent found=18\d\.\d+ severity=5 late", 1624, 1645),
            none(r"notice \S+ F07 sent found=1[67]"),
            none(r"notice \S+ F07 sent found=\S+ severity=5$")]),
    "35c_outside_a_walk": (BASE + FEET + "at 0:00 stand\nat 0:40 fall impact=4.5\nat 3:00 end\n", 0, [
        some("s01_ask"), some("s01_alarm"), none("session")]),
    "35d_wrist_only": (BASE + "devices wrist\n" + WALK + "at 2:30 fall impact=4.1\nat 5:00 end\n", 0, [
        at(r"prompt S01 s01_ask ", 158, 164),
        at(r"prompt S01 s01_alarm severity=\d+ ?(wrist|treadmill)", 188, 194)]),
    "35e_insoles_only": (BASE + "devices left right treadmill\n" + WALK.replace(
        "cadence=110", "cadence=110") + "at 1:00 belt speed=0\nat 2:30 fall impact=4.1\n"
        "at 6:00 end\n", 0, [
            at(r"prompt S01 s01_ask ", 178, 188),
            at(r"prompt S01 s01_alarm severity=3 ?(wrist|treadmill)", 208, 220),
            some(r"notice \S+ S01 sent found=\S+ severity=3")]),
    "35f_on_the_belt": (BASE + BELT + WALK + "at 2:20 belt speed=1.3\n"
                        "at 2:30 fall impact=4.1\nat 4:00 end\n", 0, [
                            first("belt stop .* s01_ask", 150.9, 154.5), none("belt slow"),
                            some("s01_alarm")]),
    "35g_belt_by_wrist": (BASE + "devices wrist treadmill\n" + WALK + "at 2:20 belt speed=1.3 obey=0\n"
                          "at 2:30 fall impact=4.1\nat 4:00 end\n", 0, [
                              none("belt stop .* s01"), some("belt slow 0.1388 s01_ask"),
                              some("s01_alarm")]),
    "35h_belt_by_wrist_and_key": (BASE + "devices wrist treadmill\n" + WALK +
                                  "at 2:20 belt speed=1.3\nat 2:30 fall impact=4.1\n"
                                  "at 2:31 belt speed=1.3 status=key\nat 4:00 end\n", 0, [
                                      first("belt stop .* s01_ask", 150.9, 154.5), some("s01_alarm")]),
    "35i_key_long_before": (BASE + "devices wrist treadmill\n" + WALK +
                            "at 1:50 belt speed=1.3 status=key\nat 2:30 fall impact=4.1\n"
                            "at 4:00 end\n", 0, [
                                none("belt stop .* s01"), some("belt slow 0.1388 s01_ask")]),
    # What a wrist may take for a fall and feet do not.
    "37_drops_into_a_chair": (BASE + FEET + WALK + "at 2:30 sit load=20 impact=5\nat 4:00 end\n", 0,
                              [NO_S01]),
    "37_claps": (BASE + FEET + WALK + "at 2:00 impact wrist g=4.5\nat 2:01 impact wrist g=4.5\n"
                 "at 2:02 impact wrist g=5\nat 3:00 end\n", 0, [NO_S01]),
    "37_kicks_a_shoe_off": (BASE + FEET + WALK + "at 2:30 sit load=25\n"
                            "at 2:40 impact right_insole g=5\nat 2:40 shoes off side=right\n"
                            "at 4:00 end\n", 0, [NO_S01]),
    "37b_slaps_the_rail": (BASE + BELT + WALK + "at 1:00 belt speed=1.111\n"
                           "at 2:00 impact wrist g=4.2 turn=70\nat 3:00 end\n", 0,
                           [NO_S01, none("belt")]),
    "20_runs_for_a_bus": (BASE + FEET + WALK + "at 2:00 run speed=3 cadence=165\n"
                          "at 2:30 walk speed=1.3 cadence=110\nat 3:30 end\n", 0,
                          [NO_S01, none("prompt S02")]),
    "18_stairs": (BASE + FEET + WALK + "at 2:00 stairs dir=up\nat 2:40 walk\nat 3:30 end\n", 0,
                  [NO_S01, none("prompt S02")]),
    "16_shoes_off": (BASE + FEET + WALK + "at 2:00 sit load=20\nat 2:15 shoes off\nat 2:15 hands busy\n"
                     "at 8:00 end\n", 0, [NO_S01, none("prompt S03"), none("prompt S04")]),
    "17_bus_stop": (BASE + FEET + WALK + "at 2:00 stand\nat 6:00 walk\nat 7:00 end\n", 0,
                    [NO_S01, none("prompt S03")]),
    # S02
    "38_trips_twice": (BASE + FEET + WALK + "at 2:00 stumble\nat 5:00 stumble\nat 6:00 end\n", 0, [
        at("prompt S02 s02_careful", 300, 306), none("prompt S01"),
        some("stumbles=2")]),
    "38c_plays_ball": (BASE + FEET + WALK + "at 1:00 report sport=1\nat 2:00 stumble\n"
                       "at 5:00 stumble\nat 6:00 end\n", 0, [
                           none("prompt S02"), some("stumbles=0")]),
    "38b_trips_once": (BASE + FEET + WALK + "at 2:00 stumble\nat 4:00 end\n", 0, [
        none("prompt S02"), some("stumbles=1")]),
    # S03
    "S03_lies_down_alone": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 sit load=30\n"
                            "at 8:00 end\n", 0, [
                                at("prompt S03 s03_ok severity=3", 238, 252),
                                at(r"notice \S+ S03 sent", 298, 312)]),
    # Both feet bear nothing then, as shoes that were put aside do; the wrist tells that it is a person.
    # A contact was told: the walk that ends by silence is not "well done".
    "S03_lies_flat_alone": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 stand\n"
                            "at 2:20 lie\nat 16:00 end\n", 0, [
                                at("prompt S03 s03_ok severity=3", 258, 275),
                                at(r"notice \S+ S03 sent", 318, 335),
                                some("session closed"), none("prompt C10")]),
    "S03_lies_flat_and_answers": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 lie\n"
                                  "at 4:30 button ok ms=200\nat 16:00 end\n", 0, [
                                      at("prompt S03 s03_ok severity=3", 238, 255), none("notice"),
                                      some("prompt C10")]),
    "S03_sits_still_for_good": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 sit load=30\n"
                                "at 16:00 end\n", 0, [
                                    at(r"notice \S+ S03 sent", 298, 312), some("session closed"),
                                    none("prompt C10")]),
    # The one who was told of walks on: the sum of the walk is the walk's again.
    "S03_walks_on": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 sit load=30\n"
                     "at 6:00 walk\nat 8:00 sit load=30\nat 8:10 hands phone\nat 22:00 end\n", 0, [
                         some(r"notice \S+ S03 sent"), some("prompt C10")]),
    "16b_shoes_and_wrist_off": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 sit load=20\n"
                                "at 2:15 shoes off\nat 2:15 fault wrist not_worn on=1\nat 8:00 end\n", 0, [
                                    none("prompt S03"), none("notice")]),
    "S03_not_alone": (BASE + FEET + WALK + "at 2:00 sit load=30\nat 8:00 end\n", 0, [
        at("prompt S03 s03_ok severity=3", 238, 252), none("notice")]),
    "S03_paused": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:02 button pause\n"
                   "at 2:02 sit load=30\nat 8:00 end\n", 0, [none("S03"), none("notice")]),
    "S03_answered": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 sit load=30\n"
                     "at 4:30 button ok ms=200\nat 8:00 end\n", 0, [
                         at("prompt S03 s03_ok severity=3", 238, 252), none("notice")]),
    # Whoever tells of heavy legs is meant to rest, and is asked; whoever answers neither has fallen
    # silent, and is asked whether all is well.
    "S03_heavy_legs_and_silent": (BASE + "profile lone_walker\n" + FEET + WALK +
                                  "at 2:00 button leg_heavy ms=200\nat 2:02 sit load=30\nat 14:00 end\n", 0, [
                                      first("prompt S03 s03_ok", 238, 300),
                                      first(r"notice \S+ S03 sent", 298, 380)]),
    "S03_one_heavy_leg_and_silent": (BASE + "profile lone_walker\n" + FEET + WALK +
                                     "at 2:00 report symptom=heavy symptom_side=left\n"
                                     "at 2:02 sit load=30\nat 14:00 end\n", 0, [
                                         first("prompt S03 s03_ok", 238, 300),
                                         first(r"notice \S+ S03 sent", 298, 380)]),
    # Devices that are put away with a goodbye measure nothing: that is no stillness.
    "S03_goodbye": (BASE + "profile lone_walker\n" + FEET + WALK + "at 3:00 sit load=20\n"
                    "at 3:15 shoes off\nat 3:15 fault wrist not_worn on=1\nat 9:00 end\n", 700,
                    [none("S03"), none("notice")]),
    "S03_goodbye_from_bed": (BASE + "profile lone_walker\n" + FEET + WALK + "at 3:00 lie\n"
                             "at 4:30 end\n", 700, [none("S03"), none("notice")]),
    "53_partition": (BASE + "profile lone_walker\n" + FEET + WALK + "at 2:00 fault all offline s=150\n"
                     "at 7:00 end\n", 0, [NO_S01, none("prompt S03"), none("notice")]),
    # S04
    "39_steps_off": (BASE + BELT + WALK + "at 1:00 belt speed=0.833\nat 2:00 stand\nat 3:00 end\n", 0, [
        first("prompt S04 s04_belt.*treadmill", 122, 127),
        at("belt stop .* s04_belt", 125, 130), NO_S01, after(120, none("prompt (?!S04)"))]),
    "39b_belt_does_not_obey": (BASE + BELT + WALK + "at 1:00 belt speed=0.833 obey=0\nat 2:00 stand\n"
                               "at 3:00 end\n", 0, [
                                   at("belt stop .* s04_belt", 125, 130),
                                   at(r"notice \S+ S04 sent", 137, 142)]),
    "39c_holds_the_rail": (BASE + BELT + WALK + "at 1:00 belt speed=0.833\nat 1:30 walk rail=1\n"
                           "at 1:50 walk rail=1 speed=0.8\nat 2:20 end\n", 0, [none("S04")]),
    "S04_by_wrist": (BASE + "devices wrist treadmill\n" + WALK + "at 1:00 belt speed=0.833\n"
                     "at 2:00 stand\nat 3:00 end\n", 0, [
                         at("belt text .* s04_belt", 128, 140), none("belt stop"),
                         none("prompt S04")]),
    # S05
    "40_holds_the_rail": (BASE + BELT + "at 0:00 stand\nat 0:10 walk speed=1.2 rail=1\nat 9:00 end\n", 0, [
        at("prompt S05 s05_rail", 180, 500)]),
    "41_fall_risk": (BASE + "profile fall_risk\n" + BELT +
                     "at 0:00 stand\nat 0:10 walk speed=1.2 rail=1\nat 9:00 end\n", 0, [none("S05")]),
    # S06
    "21_heart": (BASE.replace("1974", "1981") + FEET + WALK + "at 3:00 heart bpm=152\nat 4:20 heart\n"
                 "at 6:00 end\n", 0, [at("prompt S06 s06_coach", 238, 262), none("s06_stop"),
                                      none("notice")]),
    "22_cadence_lock": (BASE.replace("1974", "1936") + FEET + WALK + "at 1:00 heart lock=1\n"
                        "at 5:00 end\n", 0, [none("S06")]),
    "23_beta_blocker": (BASE.replace("1974", "1956") + "profile beta_blocker\n" + FEET + WALK +
                        "at 0:20 heart bpm=90\nat 3:00 heart bpm=101\nat 6:00 end\n", 0, [
                            at("prompt S06 s06_coach", 238, 330)]),
    "23b_no_beta_blocker": (BASE.replace("1974", "1956") + FEET + WALK +
                            "at 3:00 heart bpm=101\nat 5:00 end\n", 0, [none("S06")]),
    "S06_rest": (BASE.replace("1974", "1981") + FEET + WALK + "at 2:00 heart bpm=165\nat 2:40 stand\n"
                 "at 6:00 end\n", 0, [some("prompt S06 s06_caution"),
                                      at(r"notice \S+ S06 sent", 278, 290)]),
    "S06_pacemaker": (BASE + "profile pacemaker\n" + FEET + WALK + "at 2:00 heart bpm=190\n"
                      "at 4:00 end\n", 0, [none("S06")]),
    # S08
    "S08_blind_alone": (BASE + "profile lone_walker\ndevices left right treadmill\n" + WALK +
                        "at 3:00 fault right_insole silent\nat 6:00 end\n", 0, [
                            at("prompt S08 s08_blind", 240, 345)]),
    "15_stuck_cell": (BASE + FEET + WALK + "at 1:00 fault right_insole stuck_cell cell=6\nat 5:00 end\n",
                      0, [at("prompt S08 s08_cell", 90, 280), none("prompt R07")]),
    "54_duplicates": (BASE + FEET + WALK + "at 1:00 fault all duplicate pct=30\n"
                      "at 1:00 fault all reorder pct=30\nat 4:00 end\n", 0, [QUIET]),
    "55_clock_jump": (BASE + FEET + WALK + "at 2:00 fault right_insole clock_jump s=2\nat 4:00 end\n",
                      0, [NO_S01, none("S0[2-6] ")]),
    "42_belt_speeds_up": (BASE + BELT + "at 0:00 stand\nat 0:10 walk speed=1.11\n"
                          "at 3:00 walk speed=1.67\nat 5:00 end\n", 0, [QUIET]),
    "1_normal": (BASE + BELT + WALK + "at 6:00 end\n", 0, [QUIET]),
}


def effects(bin_folder, journal, *more):
    done = subprocess.run([os.path.join(bin_folder, "effects_of"), journal, *more], check=True,
                          capture_output=True, text=True)
    return done.stdout.splitlines()


def run(bin_folder, folder, name, show):
    script, until_s, checks = WALKS[name]
    path, journal = (os.path.join(folder, name + end) for end in (".walk", ".journal"))
    with open(path, "w") as file:
        file.write(script)
    made = subprocess.run([os.path.join(bin_folder, "stridesim"), "walk", path, "--seed", "7",
                           "--quiet", "--journal", journal], capture_output=True, text=True)
    if made.returncode != 0:
        return [made.stderr.strip()]
    until = ["--until", str(until_s)] if until_s else []
    lines = effects(bin_folder, journal, *until)
    if show:
        print("\n".join("%-24s %s" % (name, line) for line in lines))
    found = [wrong for wrong in (check(lines) for check in checks) if wrong]
    if effects(bin_folder, journal, "--ticks", "0.37", *until) != lines:
        found.append("extra wake-ups change what is said")
    os.unlink(journal)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--print", action="store_true")
    options = parser.parse_args()
    names = [name for name in WALKS if options.only in name]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        for name, wrong in zip(names, pool.map(
                lambda name: run(options.bin, folder, name, options.print), names)):
            print("%-4s %s%s" % ("FAIL" if wrong else "ok", name, "".join("\n     " + w for w in wrong)))
            failed += bool(wrong)
    print("%d passed, %d failed" % (len(names) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
