#!/usr/bin/env -S python3 -B
"""Every recording of people walking, through the real way, against its truth: one table.

Frames -> journal -> `stridehub replay` -> figure -> goal (goals.csv). A second table has the walks
of the simulated body, whose truth is known: what comes from it is called scripted. Exit status 0
unless a goal marked `must` is not reached or a run breaks; a goal out of reach is marked `open` and
its reason is printed. Ends with "N passed, N failed": goals reached and not reached."""
import argparse
import concurrent.futures
import csv
import math
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import goals as goal_table  # noqa: E402
import sets  # noqa: E402
from way import rig  # noqa: E402

WORST = 5  # files told per figure with --verbose
BROKEN_TOLD = 3  # of a set; the rest is counted
BROKEN = (rig.Failed, subprocess.TimeoutExpired, OSError, KeyError, ValueError)


def parse():
    parser = argparse.ArgumentParser(
        prog="tests/accuracy/run.sh", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", metavar="DIR", default=os.environ.get(
        "STRIDEHUB_RECORDINGS") or os.path.join(rig.TOP, "..", "shared", "recordings"),
        help="the recordings ($STRIDEHUB_RECORDINGS, else ../shared/recordings)")
    parser.add_argument("--bin", metavar="DIR", help="where stridehub and stridesim are"
                        " ($STRIDEHUB_BIN, else the dev build)")
    parser.add_argument("--only", metavar="SET", action="append",
                        help="only this set, or `recordings`; may be given again: " +
                        ", ".join(one.name for one in sets.ALL))
    parser.add_argument("--csv", metavar="FILE", help="write the table to FILE too")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1,
                        help="recordings at a time (%(default)s)")
    parser.add_argument("--short", action="store_true", help="a few recordings of the large sets; goals are for the whole ones, so"
                        " then only a run that breaks fails")
    parser.add_argument("--verbose", action="store_true",
                        help="under each figure the %d worst recordings" % WORST)
    options = parser.parse_args()
    names = [one.name for one in sets.ALL]
    for name in options.only or []:
        if name not in names and name != "recordings":
            parser.error("no set %s; there are recordings, %s" % (name, ", ".join(names)))
    return options


def chosen(options):
    return [one for one in sets.ALL if not options.only or one.name in options.only or
            ("recordings" in options.only and not one.scripted)]


# ---- running

def timed(task):
    start = time.monotonic()
    try:
        return task.run(*task.arguments), None, time.monotonic() - start
    except BROKEN as error:
        words = "%s: %s" % (type(error).__name__, str(error).split("\n")[0])
        return None, words, time.monotonic() - start


class Run:
    """All sets that were asked for: figures, and what broke or was skipped."""

    def __init__(self, options):
        self.figures, self.broken, self.skipped, self.times = [], [], [], []
        self.people = False  # a recording was scored
        with concurrent.futures.ProcessPoolExecutor(max(1, options.jobs)) as pool:
            started = [(one, self._start(pool, one, options)) for one in chosen(options)]
            for one, tasks in started:
                if tasks:
                    self._end(one, tasks, options.recordings)

    def _start(self, pool, one, options):
        missing = one.missing(options.recordings)
        if missing:
            self.skipped.append("%s: %s" % (one.name, missing))
            return []
        return [(task.name, pool.submit(timed, task))
                for task in one.tasks(options.recordings, options.short)]

    def _end(self, one, tasks, folder):
        results, seconds, broken = {}, 0.0, []
        for name, future in tasks:
            result, error, taken_s = future.result()
            seconds += taken_s
            if error:
                broken.append("%s %s: %s" % (one.name, name, error))
            else:
                results[name] = result
        if len(broken) > BROKEN_TOLD:
            broken[BROKEN_TOLD:] = ["%s: and %d more of %d" % (one.name, len(broken) - BROKEN_TOLD,
                                                               len(tasks))]
        self.broken += broken
        self.times.append("%s %.1f s (%d runs)" % (one.name, seconds, len(tasks)))
        self.people |= bool(results) and not one.scripted
        try:
            self.figures += one.score(results, folder) if results else []
        except BROKEN as error:
            self.broken.append("%s: cannot be scored: %s: %s" % (one.name, type(error).__name__,
                                                                 error))


# ---- telling

HEAD = ("metric", "set", "n", "figure", "unit", "goal", "reached")
LINE = "%-24s %-26s %6s %9s %-8s %-9s %s"


def figure_text(value):
    return "-" if math.isnan(value) else "%.*f" % (1 if abs(value) >= 100 else 2, value)


class Report:
    def __init__(self, run, table, verbose):
        self.run, self.table, self.verbose = run, table, verbose
        self.passed = self.failed = self.must_failed = 0
        self.open, self.rows = [], []

    def tell(self):
        for title, mine in (("Recordings of people, 100 Hz, streaming", False),
                            ("Scripted: walks of the simulated body", True)):
            figures = [figure for figure in self.run.figures
                       if figure.set.startswith("scripted ") == mine]
            if figures:
                print("\n%s\n%s" % (title, LINE % HEAD))
            for figure in figures:
                self._line(figure)
        print()
        for words in self.open:
            print("open: " + words)
        if self.run.people:
            for words in sets.NOT_SCORED:
                print("not scored: " + words)
        for words in self.run.skipped:
            print("skipped: " + words)
        for words in self.run.broken:
            print("BROKEN: " + words)
        if self.run.times:
            print("time: " + ", ".join(self.run.times))
        print("%d passed, %d failed" % (self.passed, self.failed + len(self.run.broken)))

    def _line(self, figure):
        goal = self.table.get((figure.set, figure.metric))
        if goal is None:
            self.run.broken.append("%s, %s (%s) has no line in goals.csv" % (
                figure.set, figure.metric, figure_text(figure.value)))
            return
        reached = goal.reached(figure.value)
        words = "-" if reached is None else "yes" if reached else "NO"
        if reached is False and goal.status == "open":
            words = "no (open)"
            self.open.append("%s, %s: %s" % (figure.set, figure.metric, goal.reason))
        elif reached is False:
            self.must_failed += 1
        elif reached and goal.status == "open":
            self.open.append("%s, %s: reached now, make it a must" % (figure.set, figure.metric))
        self.passed += reached is True
        self.failed += reached is False
        self.rows.append((figure.metric, figure.set, figure.n, figure.value, goal.unit,
                          goal.direction, goal.goal, goal.status, words, goal.source))
        print(LINE % (figure.metric, figure.set, figure.n, figure_text(figure.value), goal.unit,
                      goal.words(), words))
        for _, name, what in sorted(figure.files, reverse=True)[:WORST if self.verbose else 0]:
            print("    %-40s %s" % (name, what))

    def write(self, path):
        with open(path, "w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(("metric", "set", "n", "figure", "unit", "direction", "goal", "status",
                           "reached", "source"))
            rows.writerows(self.rows)


def main():
    options = parse()
    if options.bin:
        os.environ["STRIDEHUB_BIN"] = os.path.abspath(options.bin)
    table = goal_table.read()
    report = Report(Run(options), table, options.verbose)
    report.tell()
    if options.csv:
        report.write(options.csv)
    if not report.rows and not report.run.broken:
        print("skipped: nothing was scored")
        return 0
    failed = report.run.broken or (report.must_failed and not options.short)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
