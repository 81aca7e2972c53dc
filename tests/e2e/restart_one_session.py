#!/usr/bin/env -S python3 -B
"""A hub killed in the middle of a walk: one session goes on, it does not become two."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, tables  # noqa: E402

WALK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "crash", "short.walk")
SPEED = 20


def sessions(home):
    return tables.records(rig.run([rig.program("stridehub"), "sessions", "--config", home.config,
                                   "--format", "json"]))


def frames_stored(receipts):
    try:
        with open(receipts) as lines:
            return sum(1 for _ in lines)
    except FileNotFoundError:
        return 0


def test(checks):
    with rig.Home(1, script=WALK) as home:
        receipts = home.path("receipts")
        home.start_broker()
        home.start_hub(SPEED)
        walk = home.walk(WALK, SPEED, extra=["--receipts", receipts])
        for kill in range(3):
            before = frames_stored(receipts)
            more = rig.wait_until(lambda: frames_stored(receipts) > before + 30, 20)
            checks.that("frames are stored before kill %d" % (kill + 1), more)
            home.hub.kill()
            seconds = home.start_hub(SPEED)
            checks.that("ready again", seconds < 5, "%.2f s" % seconds)
        checks.that("the walk ends with everything stored",
                    rig.wait_until(lambda: not walk.running(), 90) and walk.child.returncode == 0)
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        got = sessions(home)
        checks.that("one session, not several", len(got) == 1, "%d sessions" % len(got))
        if got:
            steps = got[0].get("steps") or 0
            checks.that("with the whole walk's steps (about 110 a minute for 170 s)",
                        290 <= steps <= 330, "%s steps" % steps)


if __name__ == "__main__":
    rig.main(test)
