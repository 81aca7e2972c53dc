#!/usr/bin/env -S python3 -B
"""The ladder of rule book 5.2, end to end: seen is not accepted, and a hub killed at any moment of an
escalation goes on with it, no step twice and none left out."""
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from help_button import Wrist  # noqa: E402
from rig import home as rig, journal, pb  # noqa: E402

SPEED = 20             # of the hub's clock: 300 s pass in 15 s
STEPS_S = {1: 60, 2: 120, 3: 300}
ON_S = 2.0 * rig.PATIENCE    # a killed hub goes on within this after its restart
LATE_S = 2.0 * rig.PATIENCE  # from a step's time to its notice
EARLY_S = 0.1          # what two clocks may differ by
KILLS = 12
INPUT_CLIENTS = 11
FAST, ALIVE_S = 600, 600  # a client that was silent for 10 min, in a second


def chain(sections):
    """Every wearer's own caregiver, and two more for all."""
    wearers = [line.split()[1].strip("]") for line in sections.splitlines()
               if line.startswith("[wearer ")]
    return sections + "".join(
        "\n[caregiver %s]\nwearers = %s\nscope = emergency\norder = %d\n%s\n" %
        (name, ", ".join(wearers), order, extra)
        for name, order, extra in (("second", 2, ""), ("service", 3, "monitoring = yes")))


class Accounts:
    """The caregivers of one wearer, each listening to its notices; and the alert itself."""

    def __init__(self, home, own):
        self.names = [own, "second", "service"]
        self.clients = {}
        for name in self.names:
            self.clients[name] = home.client(name)
            self.clients[name].subscribe(rig.ROOT + "a/%s/notice/+" % name)

    def ask(self, name, what, alert):
        got = self.clients[name].request(rig.ROOT + "a/%s/request/%s" % (name, what),
                                         rig.ROOT + "a/%s/response/%s" % (name, what),
                                         json.dumps({"alert": alert} if alert else {}))
        return json.loads(got.payload) if got else {}

    def notice(self, name, limit_s, want=lambda n: True):
        got = self.clients[name].get(limit_s, lambda m: m.payload and want(json.loads(m.payload)))
        return (json.loads(got.payload), got.at) if got else (None, 0)

    def close(self):
        for client in self.clients.values():
            client.close()


def seen_is_not_accepted(checks, home):
    """Scenario 49."""
    wrist, accounts = Wrist(home, "w1", 11), Accounts(home, "c1")
    start = time.monotonic()
    wrist.press(pb.BUTTON_HELP, 2500)
    notice, _ = accounts.notice("c1", rig.WAIT_S)
    checks.that("the first contact alone is told first", notice is not None and
                accounts.notice("second", 0.3)[0] is None)
    alert = notice["alert_id"] if notice else "none"
    checks.that("delivered is taken", accounts.ask("c1", "delivered", alert).get("ok") is True)
    checks.that("seen is taken", accounts.ask("c1", "seen", alert).get("ok") is True)
    checks.that("and taken once", accounts.ask("c1", "seen", alert).get("error") == "already")
    second, _ = accounts.notice("second", rig.WAIT_S)
    took = time.monotonic() - start
    checks.that("the second contact is told at 60 s all the same", second is not None and
                second["level"] == 1 and second["state"] == "SEEN" and
                -EARLY_S < took - STEPS_S[1] / SPEED < LATE_S,
                "%.0f s of the hub's clock" % (took * SPEED))
    checks.that("who has seen it may resolve it", accounts.ask("second", "resolve",
                                                               alert).get("ok") is True)
    over, _ = accounts.notice("c1", rig.WAIT_S, lambda n: n["state"] == "RESOLVED")
    checks.that("everyone told hears that it is over", over is not None)
    checks.that("what is over stays over",
                accounts.ask("c1", "ack", alert).get("error") == "over")
    checks.that("an unknown word is refused", accounts.ask("c1", "shrug", alert).get("ok") is False)
    accounts.close()
    wrist.client.close()


class Trail:
    """What one alert did, as the broker delivered it: levels in order, notices by account and level."""

    def __init__(self):
        self.levels, self.steps = [], {}

    def take(self, topic, notice):
        if "/alert/" in topic:
            if not self.levels or self.levels[-1] != notice["level"]:
                self.levels.append(notice["level"])
        else:
            account = topic.split("/a/")[1].split("/")[0]
            fresh = self.steps.setdefault((account, notice["level"]), set())
            # the same bytes again are the broker's or the link's second delivery of one message
            if not notice["resend"]:
                fresh.add(json.dumps(notice))


def killed_at_any_moment(checks, home, watch):
    """One wearer's whole ladder under kills at random moments."""
    rng = random.Random(7)
    wrist = Wrist(home, "w2", 21)
    watch.drain(0.2)
    start, trail, kills, slow = time.monotonic(), Trail(), 0, []
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("the press is receipted", wrist.stored_control(rig.WAIT_S))
    arrived, alert = {}, None

    def look(limit_s):
        nonlocal alert
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            got = watch.get(end - time.monotonic(), lambda m: m.payload and b'"w2"' in m.payload)
            if got is None:
                return
            notice = json.loads(got.payload)
            trail.take(got.topic, notice)
            alert = notice["alert_id"]
            arrived.setdefault(notice["level"], got.at - start)

    while (time.monotonic() - start) * SPEED < 330 and kills < 200:
        look(rng.uniform(0.05, 0.9))
        if kills < KILLS:
            home.hub.kill()
            kills += 1
            time.sleep(rng.choice((0, 0, 0.5, 2.5)))
            down = [level for level, at_s in STEPS_S.items() if level not in arrived and
                    (time.monotonic() - start) * SPEED > at_s]
            home.start_hub(SPEED)
            ready = time.monotonic()
            while down and any(level not in arrived for level in down) and \
                    time.monotonic() - ready < ON_S:
                look(0.05)
            slow += [level for level in down if level not in arrived]
    rig.wait_until(lambda: look(0.1) or 3 in arrived, rig.WAIT_S, 0)
    look(1.5)  # nothing may follow the last step
    checks.that("%d kills: levels 0 to 3, each once and in order" % kills,
                trail.levels == [0, 1, 2, 3], str(trail.levels))
    checks.that("what was due while the hub was dead came within %g s of its restart" % ON_S,
                not slow, str(slow))
    early = [level for level, at_s in STEPS_S.items()
             if arrived.get(level, 0) < at_s / SPEED - EARLY_S]
    checks.that("no step came early", not early, str(arrived))
    wanted = {("c2", level) for level in (0, 1, 2, 3)} | \
             {("second", level) for level in (1, 2, 3)} | {("service", 3)}
    # Killed between commit and sending, a hub sends the newest of what it has for an account.
    missing = [(account, level) for account, level in wanted
               if not any(who == account and at >= level for who, at in trail.steps)]
    checks.that("every step told whom it had to tell, and nobody else",
                not missing and set(trail.steps) <= wanted,
                "missing %s, too many %s" % (missing, sorted(set(trail.steps) - wanted)))
    twice = [key for key, notices in trail.steps.items() if len(notices) > 1]
    checks.that("no step was made twice", not twice, str(twice))
    # An alert that nobody accepts is sent again for good, and no account would be quiet any more.
    accounts = Accounts(home, "c2")
    checks.that("and a person ends it",
                accounts.ask("service", "ack", alert).get("ok") is True, str(alert))
    accounts.close()
    wrist.client.close()


def nobody_to_tell(checks, home):
    wrist = Wrist(home, "w3", 31)
    wrist.press(pb.BUTTON_HELP, 2500)
    got = wrist.client.get(rig.WAIT_S, lambda m: m.topic.endswith("/prompt"))
    text = pb.read(got.payload)[3][0].decode() if got else ""
    checks.that("without consent the wrist is told to call", "112" in text, text)
    again = wrist.client.get(rig.WAIT_S, lambda m: m.topic.endswith("/prompt"))
    checks.that("again and again", again is not None)
    wrist.press(pb.BUTTON_OK)
    wrist.client.close()


def caregiver_leaves(checks, home):
    wrist, accounts = Wrist(home, "w4", 41), Accounts(home, "c4")
    accounts.clients["second"].drain(0.2)
    wrist.press(pb.BUTTON_HELP, 2500)
    notice, _ = accounts.notice("c4", rig.WAIT_S)
    checks.that("w4's contact is told", notice is not None)
    with open(home.config) as file:
        text = file.read()
    cut = text.index("[caregiver c4]")
    end = text.find("[", cut + 1)
    with open(home.config, "w") as file:
        file.write(text[:cut] + (text[end:] if end > 0 else ""))
    home.hub.child.send_signal(1)
    empty = accounts.clients["c4"].get(rig.WAIT_S, lambda m: not m.payload)
    checks.that("who leaves the configuration finds the notice taken back", empty is not None)
    other, _ = accounts.notice("second", rig.WAIT_S, lambda n: n["wearer_id"] == "w4")
    checks.that("and the next one is told at once", other is not None)
    checks.that("whoever left cannot accept",
                accounts.ask("c4", "ack", notice["alert_id"]).get("error") == "not_entitled")
    checks.that("the next one can",
                accounts.ask("second", "ack", notice["alert_id"]).get("ok") is True)
    accounts.close()
    wrist.client.close()


def away_for_20_min(checks, home):
    wrist, accounts = Wrist(home, "w1", 12), Accounts(home, "c1")
    accounts.clients["service"].drain(0.2)
    wrist.press(pb.BUTTON_HELP, 2500)
    checks.that("the press is receipted", wrist.stored_control(rig.WAIT_S))
    home.hub.kill()
    time.sleep(1200 / FAST)
    home.start_hub(FAST)
    notice, _ = accounts.notice("c1", rig.WAIT_S, lambda n: n["level"] == 3)
    checks.that("a hub that was away for 20 min says that the alarm is an earlier one",
                notice is not None and notice["late"] and "Earlier alarm" in notice["text"],
                str(notice))
    service, _ = accounts.notice("service", rig.WAIT_S, lambda n: n["state"] != "CANCELLED")
    checks.that("and tells everyone whose step was due meanwhile", service is not None)
    if notice:
        accounts.ask("service", "ack", notice["alert_id"])
    accounts.close()
    wrist.client.close()


def paths(checks, home):
    """Self-test and clients: silence is an alarm."""
    late = home.client("late")
    late.subscribe(rig.ROOT + "hub/state")
    got = late.get(rig.WAIT_S, lambda m: b"self_test" in m.payload)
    checks.that("hub/state tells of the self-test",
                got is not None and json.loads(got.payload)["self_test"]["ok"] is True)
    late.close()
    client = home.client("c1")
    client.subscribe(rig.ROOT + "a/c1/response/alive")
    got = client.request(rig.ROOT + "a/c1/request/alive", rig.ROOT + "a/c1/response/alive", "{}")
    checks.that("a client may say that it is alive", got is not None and b"true" in got.payload)
    client.close()


def nobody_alive(home):
    """Has the core been told that no caregiver's client is alive?"""
    return any(row.kind == INPUT_CLIENTS and not row.bytes[0] & 2
               for row in journal.database_rows(home.database))


def test(checks):
    def no_consent(sections):
        head, tail = sections.split("[wearer w3]")
        return head + "[wearer w3]" + tail.replace("caregiver_consent = yes",
                                                   "caregiver_consent = no", 1)

    with rig.Home(4, users=("watch", "late"), edit=lambda text: chain(no_consent(text))) as home:
        for user in ("watch", "late"):
            home.grant("user " + user, "topic read %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(SPEED)
        watch = home.client("watch")
        watch.subscribe(rig.ROOT + "w/+/alert/+")
        watch.subscribe(rig.ROOT + "a/+/notice/+")
        paths(checks, home)
        seen_is_not_accepted(checks, home)
        nobody_to_tell(checks, home)
        killed_at_any_moment(checks, home, watch)
        caregiver_leaves(checks, home)
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        checks.that("its journal replays bit for bit", True)
        home.start_hub(FAST)
        away_for_20_min(checks, home)
        checks.that("the core is told that nobody's client was alive for 10 min",
                    rig.wait_until(lambda: nobody_alive(home), ALIVE_S / FAST + rig.WAIT_S))
        checks.that("the hub ends in good order again", home.hub.stop() == 0)
        home.replay_check()
        words = rig.run([rig.program("stridehub"), "check", "--config", home.config, "--no-broker"])
        checks.that("`stridehub check` tells of the self-test", "gets through" in words)


if __name__ == "__main__":
    rig.main(test)
