#!/usr/bin/env -S python3 -B
"""Hub and broker stand still for longer than the pause that ends a walk, as on a machine that froze:
the walk stays one, nobody is asked again and again, and who pressed help meanwhile is heard. Two
walks stay two, each with its own record, though the end of one and the start of the next come late
together."""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, pb, tables  # noqa: E402
from help_button import Watch, Wrist  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ONE = os.path.join(HERE, "..", "crash", "short.walk")
TWO = os.path.join(HERE, "two_walks.walk")
SPEED = 20
CLOSE_S = 120.0   # walk.close: without a step for that long a walk is over
WALKED_S = 3.0    # of this clock, before all stands still


def stand_still(home, seconds, meanwhile=lambda: None):
    """For `seconds` of the walker's time."""
    both = (home.hub.child.pid, home.broker.child.pid)
    for pid in both:
        os.kill(pid, signal.SIGSTOP)
    try:
        until = time.monotonic() + seconds / SPEED
        meanwhile()
        time.sleep(max(0, until - time.monotonic()))
    finally:
        for pid in both:
            os.kill(pid, signal.SIGCONT)


def records(home):
    return tables.records(rig.run([rig.program("stridehub"), "sessions", "--config", home.config,
                                   "--format", "json"]))


def pain_questions(path):
    """How often it was asked how much it hurts, from the hub's own log of what it said."""
    with open(path, errors="replace") as log:
        return sum("0 to 10?" in line for line in log)


def pausing_home(path, users=()):
    return rig.Home(2, users=users, script=path,
                    edit=lambda text: "[rules]\nwalk.close = %g\n%s" % (CLOSE_S, text))


def start_walk(home, path):
    return home.start([rig.program("stridesim"), "walk", path, "--broker", home.uri,
                       "--password-file", home.path("home.passwords"), "--wearers", "1",
                       "--seed", "1", "--speed", str(SPEED), "--ring-kib", "8192", "--quiet",
                       "--exit-when-stored", "--stored-timeout", "600"], "walk")


def records_at_the_end(checks, home, walk):
    checks.that("the walk ends with everything stored",
                rig.wait_until(lambda: not walk.running(), 90) and walk.child.returncode == 0)
    time.sleep((CLOSE_S + 60) / SPEED)  # until the record closes
    checks.that("the hub ends in good order", home.hub.stop() == 0)
    with open(home.path("hub.log"), errors="replace") as log:
        checks.that("the log says that it stood still", "stood-still" in log.read())
    home.replay_check()
    return [record for record in records(home) if record.get("steps")]


def one_walk(checks):
    with pausing_home(ONE, users=("watch",)) as home:
        home.grant("user watch", "topic read %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(SPEED, extra=["--story"])
        watch = Watch(home, ["c1", "c2"])
        wrist = Wrist(home, "w2", 11)
        walk = start_walk(home, ONE)
        time.sleep(WALKED_S)
        stand_still(home, 1.2 * CLOSE_S, lambda: wrist.press(pb.BUTTON_HELP, 2500, wait=False))
        notice = watch.notice("c2", 10)
        checks.that("who pressed help meanwhile is heard once it goes on",
                    notice is not None and notice["rule_id"] == "F07", str(notice))
        got = records_at_the_end(checks, home, walk)
        checks.that("one record, not several", len(got) == 1, "%d records" % len(got))
        if got:
            checks.that("with the whole walk's steps (about 110 a minute for 170 s)",
                        290 <= got[0]["steps"] <= 330, "%s steps" % got[0]["steps"])
        asked = pain_questions(home.path("hub.log"))
        checks.that("asked at its start and at its end, no more", asked <= 2, "%d times" % asked)


def two_walks(checks):
    with pausing_home(TWO) as home:
        home.start_broker()
        home.start_hub(SPEED)
        walk = start_walk(home, TWO)
        time.sleep(WALKED_S)
        stand_still(home, 1.9 * CLOSE_S)
        got = records_at_the_end(checks, home, walk)
        checks.that("two records", len(got) == 2, "%d records" % len(got))
        for record in got:
            checks.that("each with its end and its own steps (about 110 a minute for 100 s)",
                        record.get("end_utc_ms") and 165 <= record["steps"] <= 200,
                        "%s to %s, %s steps" % (
                            record.get("start_utc_ms"), record.get("end_utc_ms"), record["steps"]))


def test(checks):
    one_walk(checks)
    two_walks(checks)


if __name__ == "__main__":
    rig.main(test)
