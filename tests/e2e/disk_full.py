#!/usr/bin/env -S python3 -B
"""Disk full: no receipt is given, a call for help still gets out, and all is stored once there is
space again. The database lies on a small tmpfs, so this needs root."""
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, journal, pb  # noqa: E402
from help_button import SPEED, Watch, Wrist  # noqa: E402

WALK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "crash", "short.walk")
DISK_MB = 40


class Disk:
    """A tmpfs of our own that can be filled."""

    def __init__(self, path):
        os.mkdir(path)
        self.path = path
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % DISK_MB, "tmpfs", path],
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            rig.skip("cannot mount a tmpfs here: " + done.stderr.strip())

    def fill(self):
        """Takes whatever is free, down to the last byte."""
        with open(os.path.join(self.path, "filler"), "ab", 0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while filler.write(bytes(size)):
                        pass
                except OSError:
                    pass

    def clear(self):
        os.remove(os.path.join(self.path, "filler"))

    def unmount(self):
        subprocess.run(["umount", "-l", self.path], check=False)


class Greedy:
    """Whatever comes free on the disk is gone at once."""

    def __init__(self, disk):
        self.disk = disk
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.eat)
        self.thread.start()

    def eat(self):
        while not self.done.wait(0.02):
            self.disk.fill()

    def stop(self):
        self.done.set()
        self.thread.join()


def receipts_now(path):
    return sum(journal.read_receipts(path).values())


def state(watch, limit_s=5):
    got = watch.client.get(limit_s, lambda m: m.topic.endswith("hub/state"))
    return got.payload.decode() if got else ""


def start_walk(home, wearer, receipts):
    return home.start([rig.program("stridesim"), "walk", WALK, "--broker", home.uri,
                       "--password-file", home.path("home.passwords"), "--first", str(wearer),
                       "--seed", "1", "--speed", str(SPEED), "--ring-kib", "8192", "--quiet",
                       "--exit-when-stored", "--stored-timeout", "600", "--receipts", receipts],
                      "walk-%d" % wearer)


def run(checks, home, disk):
    receipts = home.path("receipts")
    home.start_broker()
    home.start_hub(SPEED)
    watch = Watch(home, ["c2", "c3"])
    watch.client.subscribe(rig.ROOT + "hub/state")
    # the wrists of w2 and, at first, w3 are ours, so that we can press their buttons by hand
    walk = start_walk(home, 1, receipts)
    checks.that("receipts before the disk is full",
                rig.wait_until(lambda: receipts_now(receipts) > 50, 20))
    disk.fill()
    # Filled once: the space that the hub then gives up from its reserve is for the alerts.
    full = rig.wait_until(lambda: "not_storing" in state(watch, 2), 30)
    checks.that("the hub says that it does not store", full)
    state(watch, 3)  # receipts of what was stored before are on their way
    before = receipts_now(receipts)
    for _ in range(4):  # four heartbeats of one second
        state(watch, 3)
    checks.that("no receipt while the disk is full", receipts_now(receipts) == before,
                "%d frames receipted meanwhile" % (receipts_now(receipts) - before))
    wrist = Wrist(home, "w2", 91)
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("a call for help still reaches the caregiver", watch.notice("c2", 6) is not None)
    wrist.client.abort()
    # Now something eats every byte that the reserve gives up: nothing can be written any more.
    greedy = Greedy(disk)
    last = Wrist(home, "w3", 92)
    last.press(pb.BUTTON_HELP, 2500)
    checks.that("even when nothing at all can be written", watch.notice("c3", 6) is not None)
    last.client.abort()
    late = start_walk(home, 3, receipts)  # whose devices say once who they are, just now
    time.sleep(3)
    greedy.stop()
    disk.clear()
    checks.that("space again: the hub stores again",
                rig.wait_until(lambda: '"online"' in state(watch, 2), 30))
    checks.that("and every frame is receipted in the end",
                rig.wait_until(lambda: not walk.running(), 120) and walk.child.returncode == 0)
    checks.that("those of devices that came meanwhile too",
                rig.wait_until(lambda: not late.running(), 60) and late.child.returncode == 0)
    checks.that("the hub ends in good order", home.hub.stop() == 0)
    home.replay_check()
    ledger = journal.Ledger(journal.database_rows(home.database))
    lost = ledger.lost(journal.read_receipts(receipts))
    checks.that("nothing receipted is missing, twice or out of order",
                not lost and ledger.twice == 0 and ledger.disorder == 0, "%d lost" % len(lost))


def test(checks):
    if os.geteuid() != 0:
        rig.skip("mounting a small disk needs root")
    with rig.Home(3, users=("watch",), hub_lines=["heartbeat_s = 1"]) as home:
        disk = Disk(home.path("small"))
        try:
            home.database = os.path.join(disk.path, "hub.db")
            home.write_config(["heartbeat_s = 1"])
            home.grant("user watch", "topic read %s#" % rig.ROOT)
            run(checks, home, disk)
        finally:
            home.stop_all()
            disk.unmount()


if __name__ == "__main__":
    rig.main(test)
