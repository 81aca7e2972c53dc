#!/usr/bin/env -S python3 -B
"""The caregivers' digest: once, at its hour, to who may read it; it outlives a killed hub and goes
with the consent. And the report of alerts per rule."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from help_button import Wrist  # noqa: E402
from rig import home as rig, pb  # noqa: E402

SPEED = 240    # of the hub's clock: 4 min a second
MINUTE_US = 60000000
AHEAD_MIN = 30  # until the digest is due: 7.5 s for a help call and its answer


def sections(text):
    """c1 reads the digest of w1; c2 is w1's as well and does not."""
    now = time.gmtime()
    minute = (now.tm_hour * 60 + now.tm_min + AHEAD_MIN) % 1440
    weekday = (int(time.time() + AHEAD_MIN * 60) // 86400 + 4) % 7
    text = text.replace("scope = emergency", "scope = emergency, daily_digest", 1)
    return text + ("\n[caregiver c2]\nwearers = w1\nscope = emergency\norder = 2\n"
                   "[rules]\ndigest.at = %d\ndigest.weekday = %d\n" % (minute, weekday))


def heard_wrist(home):
    """One that tells a pulse a minute: it counts as there, and is spoken to, for 0.75 s."""
    wrist = Wrist(home, "w1", 11, [(MINUTE_US, [pb.channel(pb.HEART_RATE)])])
    wrist.client.publish(wrist.topic + "frame", pb.frame(11, 1, MINUTE_US, MINUTE_US, [[72]]))
    time.sleep(0.1)  # frames and reports take different connections
    return wrist


def is_digest(message):
    return "/digest/" in message.topic


def listen(home, account):
    client = home.client(account)
    client.subscribe(rig.ROOT + "a/%s/digest/+" % account)
    return client


def test(checks):
    with rig.Home(1, edit=sections) as home:
        home.start_broker()
        home.start_hub(SPEED)
        reader, other = listen(home, "c1"), listen(home, "c2")
        reader.subscribe(rig.ROOT + "a/c1/notice/+")
        reader.subscribe(rig.ROOT + "a/c1/response/ack")
        wrist = heard_wrist(home)
        wrist.press(0, 0, symptom=pb.SYMPTOM_COLD)  # P05's counter-sign: a caution, and no walk
        wrist.press(pb.BUTTON_HELP, 2500)
        got = reader.get(rig.WAIT_S, lambda m: "/notice/" in m.topic and m.payload)
        alert = json.loads(got.payload)["alert_id"] if got else "none"
        reader.request(rig.ROOT + "a/c1/request/ack", rig.ROOT + "a/c1/response/ack",
                        json.dumps({"alert": alert}))
        got = reader.get(AHEAD_MIN * 60 / SPEED + rig.WAIT_S, is_digest)
        digest = json.loads(got.payload) if got else {}
        checks.that("the digest comes at its hour", got is not None and
                    digest.get("wearer_id") == "w1", str(digest))
        checks.that("and tells of the caution, of the alarm, and of the week on its day",
                    {item["rule_id"]: item["n"] for item in digest.get("items", [])} ==
                    {"P05": 1, "F07": 1} and
                    "week" in digest, str(digest))
        checks.that("who may not read it gets none", other.get(1) is None)
        home.hub.kill()
        home.start_hub(SPEED)
        checks.that("a killed hub does not say it twice", reader.get(3, is_digest) is None)
        reader.close()
        reader = listen(home, "c1")
        got = reader.get(rig.WAIT_S)
        checks.that("it is there for who looks later", got is not None and
                    json.loads(got.payload) == digest)
        words = rig.run([rig.program("stridehub"), "alerts", "--config", home.config,
                         "--format", "csv"])
        checks.that("`stridehub alerts` counts it as right", "F07,1,1,0,0,100" in words, words)
        with open(home.config) as file:
            text = file.read()
        with open(home.config, "w") as file:
            file.write(text.replace("caregiver_consent = yes", "caregiver_consent = no"))
        home.hub.child.send_signal(1)
        got = reader.get(rig.WAIT_S, lambda m: not m.payload)
        checks.that("it is taken back with the consent", got is not None)
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        home.replay_check()
        checks.that("its journal replays bit for bit", True)


if __name__ == "__main__":
    rig.main(test)
