#!/usr/bin/env -S python3 -B
"""Who is no longer configured: what the broker kept of a walker is taken back, at a start and at a
reload, and so is what an account was told that watches no more."""
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from help_button import Wrist  # noqa: E402
from rig import home as rig, pb  # noqa: E402

SPEED = 5


def without(text, *heads):
    """The sections but those of these heads."""
    parts = ("\n" + text).split("\n[")
    return parts[0] + "".join("\n[" + part for part in parts[1:]
                              if not any(part.startswith(head) for head in heads))


class Readers:
    """What the broker keeps of w1 and w2, and for c1 and c2."""

    def __init__(self, home):
        self.home, self.clients = home, []

    def open(self):
        for client in self.clients:
            client.close()
        self.clients = [self.home.client("watch")]
        self.clients[0].subscribe(rig.ROOT + "w/#")
        for account in ("c1", "c2"):
            self.clients.append(self.home.client(account))
            self.clients[-1].subscribe(rig.ROOT + "a/%s/notice/+" % account)

    def kept(self, ready):
        """Retained topics of a new look, once `ready` of them; the last look when the time is up."""
        last = []

        def look():
            self.open()
            last[:] = sorted({message.topic[len(rig.ROOT):] for client in self.clients
                              for message in client.drain(0.3) if message.payload})
            return ready(last)
        rig.wait_until(look, rig.WAIT_S)
        return list(last)


def edit(home, text):
    with open(home.config, "w") as file:
        file.write(text)


def of(name):
    return lambda topics: any("/%s/" % name in "/" + topic for topic in topics)


def test(checks):
    with rig.Home(2, users=["watch"]) as home:
        home.grant("user watch", "topic read %sw/#" % rig.ROOT)
        home.start_broker()
        home.start_hub(SPEED)
        readers = Readers(home)
        for boot, wearer in enumerate(("w1", "w2")):
            Wrist(home, wearer, 11 + boot).press(pb.BUTTON_HELP, 2500)
        full = readers.kept(lambda topics: of("c1")(topics) and of("c2")(topics) and
                            "w/w1/state" in topics and "w/w2/state" in topics)
        checks.that("alerts, notices and states of both are kept", len(full) == 6, str(full))
        with open(home.config) as file:
            text = file.read()
        only = without(text, "wearer w1", "device w1", "caregiver c1")
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        edit(home, only)
        home.start_hub(SPEED)
        left = readers.kept(lambda topics: not of("w1")(topics) and not of("c1")(topics))
        checks.that("at the start all of the walker who left is taken back",
                    not of("w1")(left) and not of("c1")(left), str(left))
        checks.that("and nothing of the other one", len(left) == 3, str(left))
        edit(home, text)
        home.hub.child.send_signal(signal.SIGHUP)
        back = readers.kept(of("c1"))
        checks.that("who comes back finds the alert as far as it is", of("c1")(back), str(back))
        edit(home, without(text, "caregiver c1"))
        home.hub.child.send_signal(signal.SIGHUP)
        told = readers.kept(lambda topics: not of("c1")(topics))
        checks.that("who watches no more has the notice taken back",
                    not of("c1")(told) and any("w/w1/alert/" in topic for topic in told), str(told))
        edit(home, only)
        home.hub.child.send_signal(signal.SIGHUP)
        left = readers.kept(lambda topics: not of("w1")(topics))
        checks.that("a reload takes back as a start does", not of("w1")(left) and
                    len(left) == 3, str(left))
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        checks.that("its journal replays bit for bit", True)


if __name__ == "__main__":
    rig.main(test)
