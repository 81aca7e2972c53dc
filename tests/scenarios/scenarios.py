"""Runs the scenarios of rule book 7 and further ones, and prints a table: scenario, expected, seen, ok."""
import argparse
import concurrent.futures
import os
import shutil
import sys
import tempfile

import compose
import crossed
import judge
import script

HERE = os.path.dirname(os.path.abspath(__file__))


def options():
    parser = argparse.ArgumentParser(
        prog="tests/scenarios/run.sh", description=__doc__,
        epilog="Without --replay or --broker: both. Programs are those of $STRIDEHUB_BIN, else of "
               "build/dev. Exit status: 0 all passed, 1 some failed, 2 wrong usage.")
    parser.add_argument("--only", metavar="N", help="these scenarios: 12, 30b, or 1,5,37b")
    parser.add_argument("--replay", action="store_true", help="as journals through stridehub replay")
    parser.add_argument("--broker", action="store_true",
                        help="through a private broker and a real hub in accelerated time")
    parser.add_argument("--speed", type=float, default=10, help="of the hub's clock (10)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="replays at once (2)")
    parser.add_argument("--keep", metavar="DIR", help="leave journals there")
    parser.add_argument("--short", action="store_true",
                        help="of --broker: a few scenarios of each kind only")
    parser.add_argument("--verbose", "-v", action="store_true", help="print all that was said")
    parser.add_argument("--list", action="store_true", help="numbers and titles, and nothing else")
    return parser.parse_args()


class Table:
    def __init__(self, verbose):
        self.verbose, self.passed, self.failed = verbose, 0, []
        print("%-5s %-4s %-50s %-40s %s" % ("way", "no", "expected", "seen", "ok"), flush=True)

    def add(self, way, scenario, rows, complaints):
        print("%-5s %-4s %-50.50s %-40.40s %s" %
              (way, scenario.number, judge.expected(scenario), judge.seen(rows),
               "ok" if not complaints else "NO"), flush=True)
        for complaint in complaints:
            print("           %s" % complaint, flush=True)
        if self.verbose:
            for row in rows:
                if row["what"] != "walk":
                    print("      %8s  %s %s  %s" % (judge.clock(row["t"]), judge.brief(row),
                                                    row["note"], row["text"]), flush=True)
        if complaints:
            self.failed.append("%s %s" % (way, scenario.name))
        else:
            self.passed += 1


def by_replay(scenarios, table, work, keep, jobs):
    def one(scenario):
        folder = os.path.join(work, scenario.name)
        os.makedirs(folder)
        try:
            return compose.play(
                scenario, folder, os.path.join(keep, scenario.name + ".journal") if keep else None)
        except compose.rig.Failed as error:
            return error
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for scenario, played in zip(scenarios, pool.map(one, scenarios)):
            if isinstance(played, Exception):
                table.add("file", scenario, [], [str(played)])
            else:
                rows, records, _ = played
                table.add("file", scenario, rows, judge.judge(scenario, rows, records))


def main():
    wanted = options()
    work = tempfile.mkdtemp(prefix="scenarios-")
    try:
        return run(wanted, work)
    finally:
        shutil.rmtree(work)


def run(wanted, work):
    walks = os.path.join(HERE, "walks")
    scenarios = script.load(walks) + crossed.load(os.path.join(HERE, "crossed.txt"), walks, work)
    if wanted.only:
        numbers = wanted.only.lower().split(",")
        scenarios = [s for s in scenarios if s.number in numbers]
        if not scenarios:
            print("no scenario %s" % wanted.only, file=sys.stderr)
            return 2
    if wanted.list:
        for scenario in scenarios:
            print("%-4s %s" % (scenario.number, scenario.title))
        return 0
    both = not wanted.replay and not wanted.broker
    if wanted.keep:
        os.makedirs(wanted.keep, exist_ok=True)
    table = Table(wanted.verbose)
    if wanted.replay or both:
        by_replay(scenarios, table, work, wanted.keep, wanted.jobs)
    if wanted.broker or both:
        import live
        live.by_broker(scenarios, table, wanted)
    for name in table.failed:
        print("failed: %s" % name)
    print("%d passed, %d failed" % (table.passed, len(table.failed)))
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
