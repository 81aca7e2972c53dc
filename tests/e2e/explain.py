#!/usr/bin/env -S python3 -B
"""Why an alert was raised can be told from the database alone, to the hub's owner; a caregiver reads
nothing private of it."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from help_button import Wrist  # noqa: E402
from rig import home as rig, pb  # noqa: E402

# Of the hub's clock: 40 s to the local alarm pass in 4 s. Faster, a pause of a busy machine is a
# silent device to the hub, and a rule of strides rightly says nothing.
SPEED = 10
WIDE = 100  # columns
# The limp has to be told, whatever the programme says in a walker's first minutes.
TALKATIVE = ["[rules]", "prompt.per_10min = 12", "prompt.per_session = 50", "prompt.gap = 5"]
ALARM_S = 40
LADDER = ["ladder.emergency_1 = 20", "ladder.emergency_2 = %d" % ALARM_S, "ladder.emergency_3 = 60"]
PRIVATE = ("F01", "f01", "bladder", "urin", "bowel", "saddle", "sexual", "numb")


def hub(home, *arguments, check=True):
    return rig.run([rig.program("stridehub"), *arguments, "--config", home.config], check=check)


def answer(wrist, question, yes):
    """Yes or no to a question, as an app or a wrist reports it."""
    wrist.seq += 1
    wrist.client.publish(wrist.topic + "report", pb.message(
        [(1, 1), (2, wrist.boot), (3, wrist.seq), (4, 1), (5, int(time.monotonic() * 1e6)),
         (14, question), (15, 1 if yes else 2)]))


def feedback(wrist, prompt, kind):
    wrist.seq += 1
    wrist.client.publish(wrist.topic + "feedback", pb.message(
        [(1, 1), (2, wrist.boot), (3, wrist.seq), (4, 1), (5, int(time.monotonic() * 1e6)),
         (6, prompt), (7, kind)]))


def alert_in(watch, wearer, state, limit_s):
    got = watch.get(limit_s, lambda m: "/w/%s/alert/" % wearer in m.topic and m.payload and
                    json.loads(m.payload)["state"] == state)
    return json.loads(got.payload) if got else None


def page_is_fit(checks, name, page):
    wide = [line for line in page.splitlines() if len(line) > WIDE]
    checks.that("%s fits %d columns" % (name, WIDE), not wide, str(wide[:1]))


def help_call(checks, home, watch):
    """Nobody accepts before the local alarm; then the second contact does."""
    wrist = Wrist(home, "w1", 11)
    wrist.press(pb.BUTTON_HELP, 2500)
    got = wrist.client.get(3, lambda m: m.topic.endswith("/prompt"))
    feedback(wrist, pb.read(got.payload)[1][0].decode(), 1)
    alarm = watch.get(20 * rig.PATIENCE, lambda m: b'"local_alarm":true' in m.payload)
    checks.that("nobody answers: the local alarm sounds", alarm is not None)
    alert = json.loads(alarm.payload)["alert_id"]
    second = home.client("c1")
    second.request(rig.ROOT + "a/c1/request/ack", rig.ROOT + "a/c1/response/ack",
                   json.dumps({"alert": alert}))
    checks.that("a contact accepts", alert_in(watch, "w1", "ACCEPTED", 3) is not None)
    second.close()
    wrist.client.close()
    return alert


def taken_back(checks, home, watch):
    """OK within the five seconds, with a contact: nobody was told, and nothing sounded."""
    wrist = Wrist(home, "w3", 31)
    wrist.press(pb.BUTTON_HELP, 2500)
    wrist.press(pb.BUTTON_OK)
    checks.that("help is taken back", alert_in(watch, "w3", "CANCELLED", 3) is not None)
    page = hub(home, "explain", "last")
    checks.that("who took help back is told", "taken back by w3-wrist" in page, page)
    checks.that("no alarm is told that never sounded", "local alarm" not in page and
                "No caregiver was told." in page, page)
    wrist.client.close()


def second_of(page, words):
    """Of the day, of the story's line with these words."""
    line = next(line for line in page.splitlines() if words in line)
    hours, minutes, seconds = line.split()[0].split(":")
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds)


def private_call(checks, home, watch):
    """F01: the hub's row has the rule, what leaves the home has not."""
    wrist = Wrist(home, "w2", 21)
    answer(wrist, "q_f01_urine", True)
    sent = alert_in(watch, "w2", "SENT", 3)
    checks.that("the emergency is told", sent is not None)
    if sent is None:
        return "none"
    words = json.dumps(sent)
    checks.that("a caregiver's copy has nothing private",
                not any(word in words for word in PRIVATE), words)
    wrist.client.close()
    return sent["alert_id"]


def told(checks, home, alert, private):
    page = hub(home, "explain", alert)
    rig.say(page)
    page_is_fit(checks, "the story of a help call", page)
    for what, words in (("the rule", "F07 Help button: red, emergency"),
                        ("what was measured", "2500 ms; the threshold is 2000 ms (f07.press)"),
                        ("who raised it", "it was raised by w1-wrist"),
                        ("who was told", "c1 is told (level 0)"),
                        ("the local alarm", "the local alarm begins"),
                        ("the device", "the walker's device has shown it"),
                        ("who accepted", "accepted by c1"),
                        ("the rule set", "Rule set")):
        checks.that("the story has %s" % what, words in page, words)
    after = (second_of(page, "the local alarm begins") - second_of(page, "it was raised by")) % 86400
    checks.that("the alarm began by the configured ladder", after == ALARM_S, str(after))
    page = hub(home, "explain", private)
    checks.that("the owner of the hub reads of the private rule too", "F01 " in page and ": red, emergency" in page)
    page_is_fit(checks, "the story of a private rule", page)
    checks.that("question, answer and device of it are told", "(q_f01_urine)" in page and
                "yes, on w2-wrist at " in page, page)
    got = json.loads(hub(home, "explain", "last", "--format", "json"))
    checks.that("last is the last one, as JSON too", got["alert_id"] == private and
                got["row"]["rule_id"] == "F01", got["alert_id"])


def prompts(checks, home):
    """A walk's prompt, and a rule with a walker's own normal."""
    walks = json.loads(hub(home, "sessions", "--format", "json"))
    said = [entry for walk in walks for entry in walk["alerts"]
            if entry["rule_id"] == "R11" and "suppressed_reason" not in entry]
    checks.that("the limp was told", bool(said), str(
        [[(entry["rule_id"], entry.get("suppressed_reason")) for entry in walk["alerts"]] for walk in walks]))
    page = hub(home, "explain", said[0]["alert_id"]) if said else ""
    rig.say(page)
    page_is_fit(checks, "the story of a prompt", page)
    for words in ("PROMPT", "R11 Limp: ", "threshold is", "walking on the treadmill", "left insole", "it is said on"):
        checks.that("the story of a prompt has \"%s\"" % words, words in page)
    page = hub(home, "rules", "--why", "R11", "--wearer", "w3")
    rig.say(page)
    page_is_fit(checks, "a rule and a walker", page)
    checks.that("a rule tells what is known of a walker", "Walker w3, as of" in page and
                "w3-left" in page)


def test(checks):
    with rig.Home(3, users=("watch",), hub_lines=TALKATIVE + LADDER) as home:
        home.grant("user watch", "topic read %s#" % rig.ROOT)
        home.start_broker()
        home.start_hub(SPEED)
        watch = home.client("watch")
        watch.subscribe(rig.ROOT + "w/+/alert/+")
        walk = home.walk(os.path.join(rig.TOP, "devices", "sim", "walks", "limp.walk"), SPEED)
        # the simulated wearers are w1 to w3: their devices come and go beside our own clients
        rig.wait_until(lambda: not walk.running(), 120)
        alert = help_call(checks, home, watch)
        taken_back(checks, home, watch)
        private = private_call(checks, home, watch)
        told(checks, home, alert, private)
        prompts(checks, home)
        checks.that("nobody is explained who is not there", hub(home, "explain", "nobody", check=False) == "")
        checks.that("the hub ends in good order", home.hub.stop() == 0)


if __name__ == "__main__":
    rig.main(test)
