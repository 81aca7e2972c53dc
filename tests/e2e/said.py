#!/usr/bin/env -S python3 -B
"""What accounts report, end to end: F01 by an app becomes a caregiver's notice that tells nothing,
and what the wearer is asked goes to the wearer's own devices only."""
import json
import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import home as rig, pb  # noqa: E402
from rig.mqtt import RESPONSE_TOPIC  # noqa: E402
from help_button import Watch, Wrist, ack  # noqa: E402

NOTICE_LIMIT_S = 2.0  # rule book 5.2: hub to caregiver p95
SAID = 12  # enum input_kind
PRIVATE = ("F01", "f01", "urine", "saddle", "bowel", "bladder", "sexual")


def ask(client, account, what, **said):
    got = client.request(rig.ROOT + "a/%s/request/%s" % (account, what),
                         rig.ROOT + "a/%s/response/%s" % (account, what), json.dumps(said))
    return json.loads(got.payload) if got else {}


def report(client, account, **said):
    return ask(client, account, "report", **said)


def prompt(wrist, limit_s, want):
    """The next prompt with these fields: rule, text id, question, what it expects."""
    def read(message):
        fields = pb.read(message.payload)
        word = lambda number: fields.get(number, [b""])[0].decode()  # noqa: E731
        return {"rule": word(6), "text_id": word(2), "question": word(8),
                "expects": fields.get(9, [0])[0]}
    got = wrist.client.get(limit_s, lambda m: m.topic.endswith("/prompt") and want(read(m)))
    return read(got) if got else None


def private_words(messages):
    found = []
    for message in messages:
        text = message.payload.decode("utf-8", "replace")
        # A session names every rule that was watched for, said or not.
        text = text.split('"coverage"')[0]
        found += ["%s: %s" % (message.topic, word) for word in PRIVATE if word in text]
    return found


def refused(checks, home, watch):
    checks.that("an account of another wearer is not heard",
                report(watch.notices["c2"], "c2", wearer="w1", pain=3).get("error") == "not_entitled")
    wrong = report(watch.notices["c1"], "c1", wearer="w1", pane=3)
    checks.that("what is not understood is said to be so", wrong.get("ok") is False and
                "pane" in wrong.get("error", ""), str(wrong))
    nothing = watch.notices["c1"].request(rig.ROOT + "a/c1/request/report",
                                          rig.ROOT + "a/c1/response/report", "{")
    checks.that("and so is what is no JSON", nothing is not None and
                json.loads(nothing.payload).get("ok") is False)


def programme(checks, watch, own):
    c1, c2 = watch.notices["c1"], watch.notices["c2"]
    checks.that("the programme of another wearer is not theirs to change",
                ask(c2, "c2", "plan", wearer="w1", rest_days=2).get("error") == "not_entitled")
    wrong = ask(own, "w1", "plan", rest_days=2, stage="P1")
    checks.that("a request for the programme asks one thing", wrong.get("ok") is False, str(wrong))
    rest = ask(own, "w1", "plan", rest_days=2)
    checks.that("days of rest are explained", rest.get("ok") is True and
                "2 days" in rest.get("explained", ""), str(rest))
    stage = ask(c1, "c1", "plan", wearer="w1", stage="M2")
    checks.that("so is a stage by a clinician's word", stage.get("ok") is True and
                "M2" in stage.get("explained", ""), str(stage))
    checks.that("a limit is not the wearer's own to set",
                ask(own, "w1", "plan", limit_min=20, where="ground").get("error") == "not_entitled")
    limit = ask(c1, "c1", "plan", wearer="w1", limit_min=300, where="treadmill")
    checks.that("a clinician's limit of a walk is taken", limit.get("ok") is True and
                "300 minutes" in limit.get("explained", ""), str(limit))


def legs_by_own_account(checks, wrist, own):
    said = report(own, "w1", symptom="heavy", symptom_side="left")
    checks.that("the wearer's own account is heard", said.get("ok") is True, str(said))
    asked = prompt(wrist, 15, lambda p: p["question"] != "")
    checks.that("the wrist is asked, and told what answers", asked is not None and
                asked["question"] == "t1_weak" and asked["expects"] == 3, str(asked))


def red_flag(checks, home, watch, everything):
    client = watch.notices["c1"]
    client.subscribe(rig.ROOT + "a/c1/response/report")
    client.drain(0.2)
    started = time.monotonic()
    client.publish(rig.ROOT + "a/c1/request/report",
                   json.dumps({"wearer": "w1", "question": "q_f01_urine", "answer": "yes"}),
                   properties={RESPONSE_TOPIC: rig.ROOT + "a/c1/response/report"})
    said, notice, took = {}, None, 0.0
    while (not said or notice is None) and time.monotonic() < started + NOTICE_LIMIT_S + 1:
        got = client.get(0.5)
        if got is not None and "/response/" in got.topic:
            said = json.loads(got.payload)
        elif got is not None and got.payload:
            notice, took = json.loads(got.payload), time.monotonic() - started
    checks.that("a caregiver's app may answer a private question", said.get("ok") is True, str(said))
    checks.that("its notice comes within 2 s", notice is not None and took <= NOTICE_LIMIT_S,
                "%.3f s" % took)
    checks.that("it is an emergency, and no more than that", notice is not None and
                notice.get("urgency") == "emergency" and "rule_id" not in notice, str(notice))
    taken = ack(watch.notices["c1"], "c1", notice["alert_id"] if notice else "none")
    checks.that("and is accepted like any other", taken.get("ok") is True, str(taken))
    time_limit = time.monotonic() + 2
    messages = []
    while time.monotonic() < time_limit:
        got = everything.get(0.2)
        if got is not None:
            messages.append(got)
    words = private_words(messages)
    checks.that("nothing that people can read names it", len(messages) > 0 and not words, str(words))


def flood(checks, watch, own):
    """10,000 reports of one account: it is held back, others are not, and it is heard again."""
    for _ in range(10000):
        own.publish(rig.ROOT + "a/w1/request/report", json.dumps({"mood": 3}), qos=0)
    before = time.monotonic()
    got = watch.notices["c1"].request(rig.ROOT + "a/c1/request/alive",
                                      rig.ROOT + "a/c1/response/alive", "")
    checks.that("an account that floods does not hold others back", got is not None and
                json.loads(got.payload).get("ok") is True and time.monotonic() - before < 5,
                "%.1f s" % (time.monotonic() - before))
    limit, heard = time.monotonic() + rig.WAIT_S, None
    while heard is None and time.monotonic() < limit:
        heard = own.request(rig.ROOT + "a/w1/request/report", rig.ROOT + "a/w1/response/report",
                            json.dumps({"mood": 3}), timeout_s=1)
    checks.that("and is heard again soon", heard is not None)


def flood_was_held_back(checks, home):
    with sqlite3.connect("file:%s?mode=ro" % home.database, uri=True) as store:
        kept = store.execute("SELECT COUNT(*) FROM journal WHERE kind = ?", (SAID,)).fetchone()[0]
    checks.that("of 10,000 reports at once no more are kept than may be", 100 < kept < 5000,
                "%d" % kept)


def test(checks):
    with rig.Home(2, users=("watch", "all", "w1")) as home:
        for user, topics in (("watch", "#"), ("all", "w/#"), ("all", "a/+/notice/#"),
                             ("all", "a/+/response/#")):
            home.grant("user " + user, "topic read %s%s" % (rig.ROOT, topics))
        home.start_broker()
        home.start_hub(1)
        watch = Watch(home, ["c1", "c2"])
        everything = home.client("all")
        for topic in ("w/#", "a/+/notice/#", "a/+/response/#"):
            everything.subscribe(rig.ROOT + topic)
        wrist = Wrist(home, "w1", 11)
        own = home.client("w1")
        refused(checks, home, watch)
        programme(checks, watch, own)
        legs_by_own_account(checks, wrist, own)
        red_flag(checks, home, watch, everything)
        flood(checks, watch, own)
        checks.that("the hub ends in good order", home.hub.stop() == 0)
        flood_was_held_back(checks, home)
        home.replay_check()
        checks.that("its own journal replays bit for bit", True)


if __name__ == "__main__":
    rig.main(test)
