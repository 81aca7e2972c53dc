#!/usr/bin/env -S python3 -B
"""The help button, end to end: F07 from a wrist to a caregiver who accepts it.

The wrist is played by a bare MQTT client, so that the test decides when it speaks and when it dies."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, pb  # noqa: E402

SPEED = 5            # of the hub's clock: the 5 s to cancel pass in 1 s
CANCEL_S = 5.0 / SPEED
NOTICE_LIMIT_S = 2.0  # rule book 5.2: hub to caregiver p95
RESEND_S = 15.0 / SPEED
WALK = os.path.join(rig.TOP, "devices", "sim", "walks", "help.walk")


class Wrist:
    """A wrist that says hello and sends reports."""

    def __init__(self, home, wearer, boot, streams=None):
        self.device = wearer + "-wrist"
        self.boot, self.seq = boot, 0
        self.topic = rig.ROOT + "d/%s/" % self.device
        self.client = home.client(self.device)
        self.client.subscribe(self.topic + "stored")
        self.client.subscribe(self.topic + "prompt")
        streams = streams or [(10000, [pb.channel(3, 0.001, axis) for axis in (1, 2, 3)])]
        self.client.publish(self.topic + "hello", pb.hello(self.device, pb.KIND_WRIST, 1, boot,
                                                           streams), retain=True)

    def press(self, button, press_ms=100, wait=True, symptom=0):
        self.seq += 1
        self.client.publish(self.topic + "report", pb.report(
            self.boot, self.seq, int(time.monotonic() * 1e6), button, press_ms, symptom=symptom),
                            wait=wait)

    def prompt(self, limit_s):
        """Rule of the next prompt."""
        got = self.client.get(limit_s, lambda m: m.topic.endswith("/prompt"))
        return pb.read(got.payload).get(6, [b""])[0].decode() if got else None

    def stored_control(self, limit_s):
        """True when a receipt covers all reports so far."""
        return self.client.get(limit_s, lambda m: m.topic.endswith("/stored") and
                               pb.stored(m.payload)["boot"] == self.boot and
                               pb.stored(m.payload)["control"] >= self.seq) is not None


class Watch:
    """Somebody who may see everything: the alert topics and the notices."""

    def __init__(self, home, caregivers):
        self.client = home.client("watch")
        self.client.subscribe(rig.ROOT + "w/+/alert/+")
        self.notices = {name: home.client(name) for name in caregivers}
        for name, client in self.notices.items():
            client.subscribe(rig.ROOT + "a/%s/notice/+" % name)

    def alert(self, wearer, state, limit_s):
        """The wearer's alert when it reaches `state`; None at the limit."""
        got = self.client.get(limit_s, lambda m: "/w/%s/alert/" % wearer in m.topic and m.payload and
                              json.loads(m.payload)["state"] == state)
        return json.loads(got.payload) if got else None

    def notice(self, account, limit_s, want=lambda n: True):
        got = self.notices[account].get(limit_s, lambda m: m.payload and want(json.loads(m.payload)))
        return json.loads(got.payload) if got else None


def ack(client, account, alert):
    """The hub's answer to an acknowledgement."""
    got = client.request(rig.ROOT + "a/%s/request/ack" % account,
                         rig.ROOT + "a/%s/response/ack" % account,
                         json.dumps({"alert": alert}))
    return json.loads(got.payload) if got else {}


def kept_notice(home, account, state):
    """Is the account's retained notice in this state, and no longer asking for a call?"""
    late = home.client("late")
    late.subscribe(rig.ROOT + "a/%s/notice/+" % account)
    got = late.get(2, lambda m: m.retain and m.payload)
    late.close()
    notice = json.loads(got.payload) if got else {}
    return notice.get("state") == state and "all now" not in notice.get("text", "all now")


def says_offline(home):
    """Is what the broker keeps of the hub, after its orderly stop, that it is gone?"""
    late = home.client("late")
    late.subscribe(rig.ROOT + "hub/state")
    got = late.get(2, lambda m: m.retain)
    late.close()
    return got is not None and json.loads(got.payload).get("state") == "offline"


def pressed_and_accepted(checks, home, watch):
    wrist = Wrist(home, "w1", 11)
    start = time.monotonic()
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("the report is receipted", wrist.stored_control(3))
    raised = watch.alert("w1", "RAISED", 2)
    checks.that("the alert is raised at once", raised is not None and raised["rule_id"] == "F07",
                str(raised))
    notice = watch.notice("c1", CANCEL_S + NOTICE_LIMIT_S + 1)
    took = time.monotonic() - start
    checks.that("a notice reaches the caregiver after the 5 s to cancel",
                notice is not None and CANCEL_S * 0.9 <= took <= CANCEL_S + NOTICE_LIMIT_S,
                "%.2f s; the window is %.2f s at this clock" % (took, CANCEL_S))
    sent = watch.alert("w1", "SENT", 2)
    checks.that("the alert is SENT", sent is not None)
    late_comer = home.client("late")
    late_comer.subscribe(rig.ROOT + "w/w1/alert/+")
    kept = late_comer.get(2)
    checks.that("a late-comer finds the alert retained", kept is not None and kept.retain and
                json.loads(kept.payload)["state"] in ("SENT", "DELIVERED"))
    again = watch.notice("c1", 2 * RESEND_S + 1, lambda n: n.get("resend"))
    checks.that("the notice is sent again until accepted", again is not None)
    wrong = ack(watch.notices["c2"], "c2", sent["alert_id"] if sent else "none")
    checks.that("an account without this wearer is refused", wrong.get("ok") is False, str(wrong))
    right = ack(watch.notices["c1"], "c1", sent["alert_id"] if sent else "none")
    checks.that("the caregiver's ack is taken", right.get("ok") is True, str(right))
    accepted = watch.alert("w1", "ACCEPTED", 3)
    checks.that("the alert is ACCEPTED by c1", accepted is not None and
                accepted.get("accepted_by") == "c1", str(accepted))
    second = ack(watch.notices["c1"], "c1", sent["alert_id"] if sent else "none")
    checks.that("a second ack changes nothing and says so", second.get("ok") is False and
                watch.alert("w1", "ACCEPTED", 0.5) is None, str(second))
    watch.notices["c1"].drain(0.3)
    checks.that("no notice after the ack",
                watch.notice("c1", 1.5 * RESEND_S, lambda n: n.get("resend")) is None)
    checks.that("the caregiver's retained notice says how it ended",
                kept_notice(home, "c1", "ACCEPTED"))
    unknown = ack(watch.notices["c1"], "c1", "no-such-alert")
    checks.that("an unknown alert is refused", unknown.get("ok") is False, str(unknown))
    wrist.client.close()


def cancelled(checks, home, watch):
    wrist = Wrist(home, "w2", 21)
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("the wrist is told that help is being called", wrist.prompt(2) == "F07")
    wrist.press(pb.BUTTON_OK)
    checks.that("OK within the window leaves CANCELLED",
                watch.alert("w2", "CANCELLED", 3) is not None)
    checks.that("no notice of a cancelled alert", watch.notice("c2", CANCEL_S + 1.5) is None)
    wrist.client.close()


def short_press(checks, home, watch):
    wrist = Wrist(home, "w2", 22)
    wrist.press(pb.BUTTON_HELP, 1500)
    checks.that("a press of 1.5 s is receipted", wrist.stored_control(3))
    checks.that("and is no call for help", watch.alert("w2", "RAISED", 1) is None)
    wrist.client.close()


def dying_device(checks, home, watch):
    wrist = Wrist(home, "w3", 31)
    wrist.press(pb.BUTTON_HELP, 2500)
    wrist.client.abort()
    checks.that("a device killed right after the press still ends in SENT",
                watch.alert("w3", "SENT", CANCEL_S + NOTICE_LIMIT_S + 1) is not None)
    checks.that("and its notice reaches the caregiver",
                watch.notice("c3", NOTICE_LIMIT_S) is not None)


def dying_hub(checks, home, watch):
    wrist = Wrist(home, "w4", 41)
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("the report is receipted before the hub is killed", wrist.stored_control(3))
    home.hub.kill()
    home.start_hub(SPEED)
    checks.that("a hub killed within the window still sends it after its restart",
                watch.alert("w4", "SENT", CANCEL_S + NOTICE_LIMIT_S + 2) is not None)
    checks.that("and the notice leaves", watch.notice("c4", NOTICE_LIMIT_S) is not None)
    wrist.client.close()


def scripted_walk(checks):
    with rig.Home(1, users=("watch",)) as home:
        home.grant("user watch", "topic read %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(30)
        watch = Watch(home, ["c1"])
        walk = home.walk(WALK, 30)
        checks.that("help.walk: its press becomes a notice",
                    watch.notice("c1", 30) is not None)
        checks.that("help.walk: the walk ends with everything stored",
                    rig.wait_until(lambda: not walk.running(), 60) and walk.child.returncode == 0)
        checks.that("help.walk: the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        records = rig.run([rig.program("stridehub"), "sessions", "--config", home.config,
                           "--format", "json"])
        checks.that("help.walk: the session's record names F07", '"F07"' in records)


def test(checks):
    with rig.Home(4, users=("watch", "late")) as home:
        for user in ("watch", "late"):
            home.grant("user " + user, "topic read %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(SPEED)
        watch = Watch(home, ["c1", "c2", "c3", "c4"])
        pressed_and_accepted(checks, home, watch)
        cancelled(checks, home, watch)
        short_press(checks, home, watch)
        dying_device(checks, home, watch)
        dying_hub(checks, home, watch)
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        checks.that("and what is kept of it says offline", says_offline(home))
        home.replay_check()
        checks.that("its own journal replays bit for bit", True)
    scripted_walk(checks)


if __name__ == "__main__":
    rig.main(test)
