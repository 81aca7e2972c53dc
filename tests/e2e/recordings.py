#!/usr/bin/env -S python3 -B
"""Recorded feet through the whole way: every gaitpdb recording through a private broker and the hub
at 20 times real time, and the gaitndd controls at 100 Hz offline. Prints a table of each."""
import concurrent.futures
import glob
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gait_score as score  # noqa: E402
from rig import home as rig, tables  # noqa: E402

FOLDER = os.environ.get("STRIDEHUB_RECORDINGS") or os.path.join(rig.TOP, "..", "shared",
                                                               "recordings")
SPEED = 20
AT_ONCE = 4  # recordings, each with a broker and a hub of its own
FEET = (("left", "L"), ("right", "R"))


def replay_events(path):
    return tables.rows(rig.run([rig.program("stridehub"), "replay", path, "--events", "--format",
                                "csv"]))


def contacts(events, foot):
    return [float(e["t_device_s"]) for e in events if e["foot"] == foot and e["kind"] == "ic"]


class Played:
    """One gaitpdb recording, played through the broker and offline."""

    def __init__(self, path, reference):
        self.name = os.path.basename(path).split(".")[0]
        self.error = None
        self.replays = self.same_events = False
        self.differ = 0
        self.feet = {}
        try:
            self._play(path)
            self._score(reference[self.name], score.duration_s(path))
        except rig.Failed as error:
            self.error = str(error)

    def _play(self, path):
        with rig.Home(1) as home:
            offline = home.path("offline.journal")
            rig.run([rig.program("stridesim"), "play", "--format", "gaitpdb", path, "--journal",
                     offline])
            home.start_broker()
            home.start_hub(SPEED)
            play = home.start([rig.program("stridesim"), "play", "--format", "gaitpdb", path,
                               "--broker", home.uri, "--password-file",
                               home.path("home.passwords"), "--speed", str(SPEED), "--ring-kib",
                               "8192", "--quiet", "--exit-when-stored"], "play")
            if not rig.wait_until(lambda: not play.running(), 90) or play.child.returncode != 0:
                raise rig.Failed("stridesim play did not end with everything stored")
            if home.hub.stop() != 0:
                raise rig.Failed("the hub did not end in good order")
            home.replay_check()
            self.replays = True
            self.events = replay_events(home.database)
            ours, theirs = (tables.device_events(e) for e in (self.events, replay_events(offline)))
            self.differ = tables.difference(ours, theirs)
            self.same_events = self.differ == 0 and len(ours) > 0

    def _score(self, row, end_s):
        for foot, letter in FEET:
            got = score.mean_and_cv(contacts(self.events, foot), end_s)
            if got:
                self.feet[foot] = (got[0] - float(row["stride_%s@5pct" % letter]),
                                   got[1] - float(row["stride_cv_%s@5pct" % letter]))

    def good(self):
        return len(self.feet) == 2 and all(abs(mean) <= 0.01 and abs(cv) <= 0.3
                                           for mean, cv in self.feet.values())

    def line(self):
        if self.error:
            return "%-12s %s" % (self.name, self.error)
        feet = "   ".join("%+8.4f %+7.2f" % self.feet.get(foot, (float("nan"),) * 2)
                          for foot, _ in FEET)
        return "%-12s %8d   %-5s %8d   %s   %s" % (
            self.name, len(self.events), "yes" if self.replays else "NO", self.differ, feet,
            "ok" if self.good() else "OFF")


def play_all(checks):
    reference = score.reference(FOLDER)
    paths = sorted(glob.glob(os.path.join(FOLDER, "gaitpdb", "*_[0-9][0-9].txt.gz")))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        played = list(pool.map(lambda path: Played(path, reference), paths))
    rig.say("gaitpdb through the broker at %d x; difference to reference.csv @5pct" % SPEED)
    rig.say("%-12s %8s   %-5s %8s   %s" % ("recording", "events", "check", "differ",
                                          "L mean s, CV pts   R mean s, CV pts"))
    for one in played:
        rig.say(one.line())
    good = sum(one.good() for one in played)
    checks.that("every recording went through the broker", all(not p.error for p in played) and
                len(played) >= 20, "%d of %d" % (sum(not p.error for p in played), len(played)))
    checks.that("every run's own journal replays bit for bit", all(p.replays for p in played))
    checks.that("per-foot events in device time equal the offline journal's bit for bit",
                all(p.same_events for p in played), "%d events differ" %
                sum(p.differ for p in played))
    checks.that("stride time within 0.01 s and CV within 0.3 points in 95 % of the recordings",
                good >= 0.95 * len(played), "%d of %d" % (good, len(played)))


def controls(checks):
    names = sorted(os.path.basename(p)[:-len(".ts.gz")] for p in
                   glob.glob(os.path.join(FOLDER, "gaitndd", "control*.ts.gz")))
    rig.say("gaitndd controls at 100 Hz, offline")
    rig.say("%-12s %8s %8s %8s %10s" % ("record", "clean", "found", "%", "MAE ms"))
    all_clean, all_found, all_errors = 0, 0, []
    with rig.tempfile.TemporaryDirectory() as directory:
        for name in names:
            path = os.path.join(directory, name + ".journal")
            rig.run([rig.program("stridesim"), "play", "--format", "gaitndd",
                     os.path.join(FOLDER, "gaitndd", name), "--rate", "100", "--journal", path])
            events, rows = replay_events(path), score.read_ts(FOLDER, name)
            clean, errors = 0, []
            for foot, (side, _) in enumerate(FEET):
                fit = score.clean(rows, foot)
                pairs = score.match(fit, score.intervals(contacts(events, side)), foot)
                clean += len(fit)
                errors += [abs(s[2] - row.stride[foot]) for row, s in pairs]
            found = len(errors)
            rig.say("%-12s %8d %8d %8.2f %10.2f" % (name, clean, found, 100.0 * found / clean,
                                                   1e3 * statistics.fmean(errors or [9.999])))
            all_clean, all_found = all_clean + clean, all_found + found
            all_errors += errors
    checks.that("at least 99 % of the clean strides are found", all_found >= 0.99 * all_clean > 0,
                "%d of %d" % (all_found, all_clean))
    mae_ms = 1e3 * statistics.fmean(all_errors or [9.999])
    checks.that("stride time MAE at most 5 ms", mae_ms <= 5, "%.2f ms" % mae_ms)


def test(checks):
    if not os.path.exists(os.path.join(FOLDER, "gaitpdb", "reference.csv")):
        rig.skip("no recordings in %s; set STRIDEHUB_RECORDINGS" % FOLDER)
    controls(checks)
    play_all(checks)


if __name__ == "__main__":
    rig.main(test)
