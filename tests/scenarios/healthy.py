"""Healthy walkers for whole days: nobody has to warn them.

Each is seeded: height, age, speed, and several walks a day with turns, bags, prams, stairs, phone
calls and stops. Idle time between walks is left out. False is every prompt beyond tips, questions and
praise (severity info), every notice and every request to a belt; R03 is none below 95 steps/min."""
import argparse
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile

import compose
import judge
import script

FIRST_S, LAST_S = 8 * 3600, 20 * 3600  # when walks begin
BRISK_SPM = 95
WALK_RATIO = 0.0065 / 1.68              # rule book M08: at 1.68 m
DAY_S = 86400


class Walker:
    """One seeded person. WALK_RATIO spreads as the rule book's simulation of R01 says."""

    def __init__(self, seed):
        rng = self.rng = random.Random(seed)
        self.height_m = min(max(rng.gauss(1.70, 0.09), 1.50), 1.95)
        self.birth_year = rng.randint(1944, 2000)
        old = self.birth_year < 1961
        self.speed = min(max(rng.gauss(1.12 if old else 1.30, 0.12), 0.85), 1.65)
        self.ratio = WALK_RATIO * self.height_m * rng.gauss(1.0, 0.05)
        self.cv = rng.uniform(1.6, 2.6)
        self.arm = rng.uniform(30, 50)
        self.fsa = rng.uniform(-2, 3)
        self.mass_kg = 23.5 * self.height_m ** 2 * rng.uniform(0.85, 1.25)

    def head(self):
        return ["wearer height_m=%.2f mass_kg=%.0f birth_year=%d stage=K" %
                (self.height_m, self.mass_kg, self.birth_year),
                "devices left right wrist",
                "at 0:00 reply question=p01_nrs pain=%d delay=5" % self.rng.randint(0, 2),
                "at 0:00 reply question=p01_place place=back delay=5",
                "at 0:00 stand"]

    def gait(self, factor=1.0):
        speed = self.speed * factor
        cadence = (60 * speed / self.ratio) ** 0.5
        return "speed=%.2f cadence=%.0f cv=%.1f arm=%.0f fsa=%.1f" % (
            speed, cadence, self.cv, self.arm, 8 + 9 * speed + self.fsa)

    def walk(self, minutes):
        """Lines of a walk: what happens, drawn until its time is over."""
        rng, at_s, end_s = self.rng, rng_start(self.rng), minutes * 60
        out = self.head() + ["at %s walk %s" % (clock(at_s), self.gait())]
        at_s += rng.uniform(40, 120)
        while at_s < end_s - 60:
            lines, took_s = rng.choice(EVENTS)(self, at_s)
            if at_s + took_s > end_s - 20:
                break
            out += lines
            at_s += took_s + rng.uniform(30, 150)
        out += ["at %s stand" % clock(end_s), "at %s button stop" % clock(end_s + 5),
                "at %s end" % clock(end_s + 60)]
        return "\n".join(out) + "\n"


def clock(at_s):
    tenths = round(at_s * 10)  # first: 59.96 s are a minute
    return "%d:%04.1f" % (tenths // 600, tenths % 600 / 10)


def rng_start(rng):
    return rng.uniform(4, 12)


# ---- what happens on a walk: (lines, seconds it takes)

def turn(walker, at_s):
    rng = walker.rng
    return ["at %s turn deg=%d s=%.1f" % (clock(at_s), rng.choice((-180, -90, 90, 180)),
                                          rng.uniform(2, 4))], 6


def change(walker, at_s):
    return ["at %s walk %s" % (clock(at_s), walker.gait(walker.rng.uniform(0.9, 1.12)))], 20


def crossing(walker, at_s):
    took_s = walker.rng.uniform(8, 40)
    return ["at %s stand" % clock(at_s),
            "at %s walk %s" % (clock(at_s + took_s), walker.gait())], took_s + 10


def hands(words):
    def event(walker, at_s):
        took_s = walker.rng.uniform(60, 240)
        return ["at %s hands %s" % (clock(at_s), words),
                "at %s hands free" % clock(at_s + took_s)], took_s
    return event


def bag(walker, at_s):
    rng, took_s = walker.rng, walker.rng.uniform(90, 300)
    side, other = rng.choice((("left", "right"), ("right", "left")))
    return ["at %s limp side=%s load=%.0f" % (clock(at_s), other, rng.uniform(5, 15)),
            "at %s hands bag side=%s" % (clock(at_s), side),
            "at %s limp" % clock(at_s + took_s),
            "at %s hands free" % clock(at_s + took_s)], took_s


def stairs(walker, at_s):
    took_s = walker.rng.uniform(6, 14)
    return ["at %s stairs dir=%s" % (clock(at_s), walker.rng.choice(("up", "down"))),
            "at %s walk %s" % (clock(at_s + took_s), walker.gait())], took_s + 15


# The simulated body sits without moving a hair: after 120 s of that S03 has to ask, and it would be no
# false prompt.
def sits(walker, at_s):
    took_s = walker.rng.uniform(40, 110)
    return ["at %s sit load=%.0f" % (clock(at_s), walker.rng.uniform(12, 30)),
            "at %s walk %s" % (clock(at_s + took_s), walker.gait())], took_s + 10


EVENTS = (turn, turn, turn, change, change, crossing, crossing, hands("call"), hands("fixed"),
          hands("pockets"), bag, stairs, sits)


# ---- a day

def plan(walker, hours):
    """Walks of the simulated time as (seconds from midnight of the first day, minutes)."""
    out, day = [], 0
    while day * 24 < hours:
        n = walker.rng.randint(3, 5)
        for i in range(n):
            slot_s = (LAST_S - FIRST_S) / n
            out.append((day * DAY_S + FIRST_S + slot_s * i + walker.rng.uniform(0, slot_s / 3),
                        walker.rng.uniform(8, 22)))
        day += 1
    return out


def live(seed, hours, work):
    """(rows, records, path of the journal) of one walker."""
    walker = Walker(seed)
    out = compose.Journal(0)
    begins, replies = [], []
    for number, (from_s, minutes) in enumerate(plan(walker, hours), 1):
        path = os.path.join(work, "healthy-%d-%d.walk" % (seed, number))
        with open(path, "w") as text:
            text.write(walker.walk(minutes))
        out.add_walk(compose.walk_rows(path, seed * 1000 + number, work), from_s)
        begins.append(from_s)
        replies = script.Scenario(path).replies
    end_s = max(hours * 3600, begins[-1] + 3600)
    for at_s in range(compose.TICK_S, int(end_s), compose.TICK_S):
        out.add(at_s, compose.journal.TICK)
    path = os.path.join(work, "healthy-%d.journal" % seed)
    answers = compose.Answerer(type("", (), {"replies": replies, "acks": []}))
    for _ in range(compose.ANSWERS_MAX):
        out.write(path)
        rows = compose.effects(path)
        if not answers.step(rows, begins, out):
            break
    return rows, compose.records(path), path


def false(row, records):
    """Would a healthy walker call it a false alarm?"""
    if row["what"] in ("notice", "belt"):
        return "clear" not in row["note"]
    if row["what"] != "prompt" or row["severity"] == "info":
        return False
    if row["rule"] == "R03":
        at_ms = int(float(row["utc_ms"]))
        slow = [r for r in records if r["start_utc_ms"] <= at_ms <= r["end_utc_ms"] + 60000]
        return not (slow and slow[0]["v_p10"] < 1.15)  # its own walk was below the pace somewhere
    return True


def options():
    parser = argparse.ArgumentParser(
        prog="tests/scenarios/healthy.sh", description=__doc__,
        epilog="Exit status: 0 no false prompt, 1 some, 2 wrong usage.")
    parser.add_argument("--walkers", type=int, default=20, metavar="N", help="how many (20)")
    parser.add_argument("--hours", type=float, default=24, metavar="N", help="simulated (24)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first (1)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="at once (2)")
    parser.add_argument("--keep", metavar="DIR", help="leave walks and journals there")
    return parser.parse_args()


def main():
    wanted = options()
    work = wanted.keep or tempfile.mkdtemp(prefix="healthy-")
    os.makedirs(work, exist_ok=True)
    counts, wrong, walked_s = {}, [], 0.0
    try:
        with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
            seeds = range(wanted.seed, wanted.seed + wanted.walkers)
            for seed, (rows, records, path) in zip(
                    seeds, pool.map(lambda seed: live(seed, wanted.hours, work), seeds)):
                walked_s += sum(record["walk_s"] for record in records)
                for row in rows:
                    if row["what"] in ("walk", "alert") or "repeat" in row["note"]:
                        continue
                    bad = false(row, records)
                    key = (row["rule"] or row["what"], row["severity"] or row["state"])
                    all_n, bad_n = counts.get(key, (0, 0))
                    counts[key] = (all_n + 1, bad_n + bad)
                    if bad:
                        wrong.append((seed, row))
                if not wanted.keep:
                    os.unlink(path)
    finally:
        if not wanted.keep:
            shutil.rmtree(work)
    print("%-6s %-9s %6s %6s" % ("rule", "severity", "said", "false"))
    for (rule, severity), (all_n, bad_n) in sorted(counts.items()):
        print("%-6s %-9s %6d %6d" % (rule, severity, all_n, bad_n))
    print("%d walkers, %g hours each, %.1f hours of walking" %
          (wanted.walkers, wanted.hours, walked_s / 3600))
    for seed, row in wrong[:40]:
        print("false: %s (%s); again: tests/scenarios/healthy.sh --walkers 1 --seed %d --hours %g "
              "--keep DIR" % (judge.brief(row), row["text"], seed, wanted.hours))
    print("%d passed, %d failed" % (wanted.walkers - len({seed for seed, _ in wrong}),
                                    len({seed for seed, _ in wrong})))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
