#!/usr/bin/env -S python3 -B
"""How long from start to ready when the journal is large? Goal: below 1 s with 1 GB.

The bulk is rows of a wearer who is no longer configured: what counts is that a start reads the
checkpoint and the tail, and not the journal."""
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, journal  # noqa: E402

WALK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "crash", "short.walk")
SPEED = 20
FRAME_BYTES = 640
MEGABYTES = int(os.environ.get("STRIDEHUB_JOURNAL_MB", "1024"))
GOAL_S = 1.0


def grow(path):
    """Rows behind the last one until the file has the size."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    last, mono, wall = database.execute(
        "SELECT max(seq), max(at_mono_ns), max(at_wall_ms) FROM journal").fetchone()
    rows = MEGABYTES * 1000000 // FRAME_BYTES
    database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
        " INSERT INTO journal SELECT ?2 + i, ?3, ?4, 999, 0, ?5, 0, zeroblob(?6) FROM n",
        (rows, last, mono, wall, journal.FRAME, FRAME_BYTES))
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return rows


def test(checks):
    if shutil.disk_usage("/tmp").free < 3 * MEGABYTES * 10**6:
        rig.skip("less than %d MB free for a journal of %d MB" % (3 * MEGABYTES, MEGABYTES))
    with rig.Home(1, script=WALK) as home:
        home.start_broker()
        home.start_hub(SPEED)
        checks.that("a hub with an empty journal ends in good order", home.hub.stop() == 0)
        rows = grow(home.database)
        rig.say("%d rows, %.0f MB" % (rows, os.path.getsize(home.database) / 1e6))
        seconds = home.start_hub(SPEED, limit_s=120)
        rig.say("first start, with all of it behind the checkpoint: %.2f s" % seconds)
        walk = home.walk(WALK, SPEED)
        checks.that("a walk on top of it is stored",
                    rig.wait_until(lambda: not walk.running(), 60) and walk.child.returncode == 0)
        home.hub.kill()
        seconds = home.start_hub(SPEED, limit_s=60)
        checks.that("start to ready after kill -9 below %.0f s" % GOAL_S, seconds < GOAL_S,
                    "%.3f s with %.0f MB" % (seconds, os.path.getsize(home.database) / 1e6))
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        seconds = home.start_hub(SPEED, limit_s=60)
        checks.that("start to ready after a clean stop below %.0f s" % GOAL_S, seconds < GOAL_S,
                    "%.3f s" % seconds)
        home.hub.stop()


if __name__ == "__main__":
    rig.main(test)
