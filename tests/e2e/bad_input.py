#!/usr/bin/env -S python3 -B
"""Bad input over real MQTT: every bad frame is a counted drop, and the next good one still works."""
import json
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, journal, pb  # noqa: E402

SAMPLES = 25
FORCE = pb.channel(pb.QUANTITY_FOOT_FORCE, 0.5)


class Insole:
    """The left insole of w1: one force channel, well-formed frames on demand."""

    def __init__(self, home, boot=101):
        self.device, self.boot, self.seq = "w1-left", boot, 0
        self.topic = rig.ROOT + "d/w1-left/"
        self.client = home.client(self.device)
        self.client.subscribe(self.topic + "stored")
        self.hello(boot)

    def hello(self, boot):
        self.boot, self.seq = boot, 0
        self.client.publish(self.topic + "hello",
                            pb.hello(self.device, pb.KIND_INSOLE, 1, boot, [(10000, [FORCE])]))

    def frame(self, seq=None, **changes):
        seq = self.seq + 1 if seq is None else seq
        values = {"boot": self.boot, "seq": seq, "t0_us": 1000000 + seq * 250000,
                  "period_us": 10000, "channels": [[600] * SAMPLES]}
        values.update(changes)
        return pb.frame(**values)

    def good(self):
        """Sends the next good frame; is it receipted?"""
        self.seq += 1
        self.client.publish(self.topic + "frame", self.frame(self.seq))
        return self.client.get(5, lambda m: pb.stored(m.payload)["boot"] == self.boot and
                               pb.stored(m.payload)["through"] >= self.seq) is not None


class State:
    """hub/state, as anybody may read it."""

    def __init__(self, home):
        self.client = home.client("watch")
        self.client.subscribe(rig.ROOT + "hub/state")

    def next(self):
        """The next state; a heartbeat is one second."""
        got = self.client.get(5)
        return json.loads(got.payload) if got else {"dropped": {}, "refused": {}}

    def counted(self, before, least):
        """How much more is counted, as soon as it is `least` or after three heartbeats."""
        for _ in range(3):
            more = total(self.next()) - before
            if more >= least:
                break
        return more


def total(state):
    # "refused" among the drops is the sum of the reasons
    drops = {name: n for name, n in state["dropped"].items() if name != "refused"}
    return sum(drops.values()) + sum(state["refused"].values())


def bad_frames(insole):
    """name -> payloads on the frame topic. Each keeps the lane's next place free for a good one."""
    good = insole.frame()
    generator = random.Random(7)
    absurd = pb.frame(insole.boot, insole.seq + 1, 2000000, 10000, [[2**31 - 1] * SAMPLES])
    wrong_kind = bytes([0x2A, 0x01, 0xFF]) + good
    return {
        "empty": [b""],
        "truncated": [good[:n] for n in range(1, len(good), 7)],
        "oversized (4,097 bytes)": [good + bytes(4097 - len(good))],
        "oversized (64 KiB)": [bytes(65536)],
        "random": [generator.randbytes(generator.randint(1, 700)) for _ in range(200)],
        "one bit flipped in the head": [flip(good, bit) for bit in range(0, 8 * 6)],
        "wrong version": [insole.frame(version=2)],
        "no version": [good[2:]],
        "boot nobody said hello for": [insole.frame(boot=987654321)],
        "sequence number 0": [insole.frame(seq=0)],
        "sequence far ahead": [insole.frame(seq=2**62)],
        "more kept than sent": [insole.frame(oldest=insole.seq + 999)],
        "t0 beyond 2^53": [insole.frame(t0_us=2**60)],
        "period 1 us": [insole.frame(period_us=1)],
        "period of an hour": [insole.frame(period_us=3600 * 10**6)],
        "no samples": [insole.frame(channels=[])],
        "too few values": [insole.frame(channels=[[600] * SAMPLES])[:-10]],
        "two channels where one is described": [insole.frame(channels=[[1] * 25, [2] * 25])],
        "stream that is not described": [insole.frame(stream=3)],
        "absurd force": [absurd],
        "a string where a number belongs": [wrong_kind],
    }


def flip(data, bit):
    out = bytearray(data)
    out[bit // 8 % len(out)] ^= 1 << bit % 8
    return bytes(out)


def bad_hellos(insole):
    def scale(value):
        return pb.message([(1, 1), (4, value)])
    make = lambda channel, **other: pb.hello(other.get("device", insole.device), 1, 1,
                                             other.get("boot", 555), [(10000, [channel])])
    return {
        "hello of another device": [make(FORCE, device="w2-left")],
        "hello with a scale of NaN": [make(scale(float("nan")))],
        "hello with a scale of 1e38": [make(scale(1e38))],
        "hello with an infinite scale": [make(scale(float("inf")))],
        "hello with boot 0": [make(FORCE, boot=0)],
        "hello with 1,000 channels": [pb.hello(insole.device, 1, 1, 556, [(10000, [FORCE] * 1000)])],
        "hello that is random": [random.Random(9).randbytes(300)],
        "hello with a name that is no id": [make(FORCE, device="../w1")],
    }


def throw(checks, insole, state, kind, cases):
    for name, payloads in cases.items():
        before = total(state.next())
        for payload in payloads:
            insole.client.publish(insole.topic + kind, payload)
        # some flipped bits make another valid frame; all others must be counted
        least = 1 if name.startswith("one bit") else len(payloads)
        more = state.counted(before, least)
        checks.that("%s: counted" % name, more >= least,
                    "%d sent, %d counted" % (len(payloads), more))
        checks.that("%s: the next good frame works" % name, insole.good())


def time_travel(checks, insole):
    """A clock that jumps is no reason to refuse a frame, and none to stop."""
    for t0 in (10**15, 1, 4 * 10**12, 0):
        insole.seq += 1
        insole.client.publish(insole.topic + "frame", insole.frame(insole.seq, t0_us=t0))
        checks.that("t0 = %d us: the next good frame works" % t0, insole.good())


def other_topics(checks, home, insole, state):
    before = total(state.next())
    names = home.client("anywhere")
    names.publish(rig.ROOT + "d/nobody/frame", insole.frame())
    names.publish(rig.ROOT + "d/%s/frame" % ("x" * 60), insole.frame())
    names.publish(rig.ROOT + "d/UPPER/hello", b"x")
    names.publish(rig.ROOT + "a/c1/request/ack", b"{" * 3000)
    names.publish(rig.ROOT + "a/c1/request/ack", b'{"alert": "\\u0000"}')
    names.publish(rig.ROOT + "a/c1/request/" + "y" * 40, b"{}")
    names.publish(rig.ROOT + "d/w1-left/report", bytes(2000))
    names.publish(rig.ROOT + "d/w1-left/feedback", struct.pack("<Q", 2**64 - 1) * 20)
    names.publish(rig.ROOT + "d/w1-left/link", b"\xff" * 100)
    more = state.counted(before, 5)
    checks.that("unknown names, bad requests and reports are counted", more >= 5, str(more))
    checks.that("after them the next good frame works", insole.good())


def test(checks):
    with rig.Home(2, users=("watch", "anywhere"), hub_lines=["heartbeat_s = 1"]) as home:
        home.grant("user watch", "topic read %s#" % rig.ROOT)
        home.grant("user anywhere", "topic write %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(10)
        state, insole = State(home), Insole(home)
        checks.that("a good frame is receipted", insole.good())
        throw(checks, insole, state, "frame", bad_frames(insole))
        throw(checks, insole, state, "hello", bad_hellos(insole))
        time_travel(checks, insole)
        other_topics(checks, home, insole, state)
        insole.hello(202)
        checks.that("a new boot's first frame works", insole.good())
        checks.that("the hub lived through all of it", home.hub.running())
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        ledger = journal.Ledger(journal.database_rows(home.database))
        checks.that("nothing twice, nothing out of order in the journal",
                    ledger.twice == 0 and ledger.disorder == 0)


if __name__ == "__main__":
    rig.main(test)
