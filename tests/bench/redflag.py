"""Benchmark (e): how long from a red flag at the device to the caregiver's topic.

  F01  a yes to one of its questions: from the report's publish to the notice
  F07  a help button: from the end of its time to cancel, which begins with the report's publish
Idle, and beside wearers who walk at the speed of life. The hub's clock is real time's, its rules are
the shipped ones. Each wearer raises one alert (the next of the same rule would be no news for ten
minutes); both rules go on side by side. Whoever gets a notice accepts it at once, so that neither
resends nor the ladder's next step are measured."""
import json
import subprocess
import threading
import time

from latency import percentile
from rig import home as rig
from rig import pb
from rig.home import say

CANCEL_S = 5.0  # f07.cancel as shipped
GIVE_UP_S = 10
# Idle, everything is over before the next thing begins: of each 160 ms, an answer comes at 0, a
# press at 60 and the end of an earlier press's time to cancel at 100 (5 s are 31 gaps and 40 ms).
IDLE_GAP_S = 0.16
IDLE_PRESS_S = 0.06
WORTH_A_P99 = 100  # of fewer, the highest percentile is hardly more than their maximum
USERS = ["bench-%s-%s" % (flag, way) for flag in ("f01", "f07") for way in ("tx", "rx")]
REAL_TIME_RATE = 4  # frames/s of one insole


def answer_yes(boot, seq, question):
    return pb.message([(1, 1), (2, boot), (3, seq), (4, 1), (5, 1000000), (14, question), (15, 1)])


class Probe(threading.Thread):
    """Raises one alert for each of `wearers` [(wearer, wrist, boot)], `gap_s` apart, the first of
    them after `from_s`."""

    def __init__(self, home, wearers, flag, gap_s, from_s=0.0):
        super().__init__(daemon=True)
        self._wearers, self._flag, self._gap_s, self._from_s = wearers, flag, gap_s, from_s
        self._sender = home.client("bench-%s-tx" % flag.lower())
        self._client = home.client("bench-%s-rx" % flag.lower())
        self._client.subscribe(rig.ROOT + "a/+/notice/+")
        self._raised, self._lock = {}, threading.Lock()
        self.milliseconds = []

    def run(self):
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        start = time.monotonic() + self._from_s
        for number, (wearer, wrist, boot) in enumerate(self._wearers):
            time.sleep(max(0, start + number * self._gap_s - time.monotonic()))
            report = (answer_yes(boot, 1, "q_f01_urine") if self._flag == "F01" else
                      pb.report(boot, 1, 1000000, pb.BUTTON_HELP, 2500))
            with self._lock:
                self._raised[wearer] = time.monotonic()
            self._sender.publish(rig.ROOT + "d/%s/report" % wrist, report, wait=False)
        reader.join()
        self._client.close()
        self._sender.close()

    def _read(self):
        offset_s = 0 if self._flag == "F01" else CANCEL_S
        end = time.monotonic() + len(self._wearers) * self._gap_s + offset_s + GIVE_UP_S
        while len(self.milliseconds) < len(self._wearers) and time.monotonic() < end:
            got = self._client.get(0.2, lambda m: m.payload)
            if got is None:
                continue
            notice = json.loads(got.payload)
            with self._lock:
                begun = self._raised.pop(notice.get("wearer_id"), None)
            if begun is None:
                continue
            self.milliseconds.append(1e3 * (got.at - begun - offset_s))
            account = got.topic.split("/a/")[1].split("/")[0]
            self._client.publish(rig.ROOT + "a/%s/request/ack" % account,
                                 json.dumps({"alert": notice["alert_id"]}), wait=False)

    def lost(self):
        return len(self._wearers) - len(self.milliseconds)


def line(name, probe, goals):
    values = probe.milliseconds
    if not values:
        raise rig.Failed("no red flag reached anybody within %d s" % GIVE_UP_S)
    text = "n %4d   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms" % (
        len(values), percentile(values, 0.5), percentile(values, 0.99), max(values))
    for share, limit in goals:
        text += "   goal p%g <= %g ms %s" % (100 * share, limit, "reached" if
                                             percentile(values, share) <= limit else "NOT reached")
    if len(values) < WORTH_A_P99:
        text += "   (few: p99 is no more than their maximum)"
    say("%-26s %s" % (name, text))
    if probe.lost():
        raise rig.Failed("%d of %d red flags reached nobody within %d s" %
                         (probe.lost(), len(values) + probe.lost(), GIVE_UP_S))


def both(field, n, gap_s, press_s):
    """The probes of both rules, started; each has `n` wearers of its own."""
    probes = []
    for flag, part, from_s in (("F01", range(0, n), 0), ("F07", range(n, 2 * n), press_s)):
        wearers = [("w%d" % (number + 1), field.wearers[number][2], field.wrist_boots[number])
                   for number in part]
        probes.append(Probe(field.home, wearers, flag, gap_s, from_s))
    for probe in probes:
        probe.start()
    return probes


def tell(name, probes, goals):
    for flag, probe in zip(("F01", "F07"), probes):
        probe.join()
        line("%s, %s" % (flag, name), probe, goals)


def idle(field, n):
    home = field.home
    home.start_broker()
    home.start_hub(1)
    say("%d of each rule, %.1f a second of each; F07 counts from the end of its %g s to cancel" %
        (n, 1 / IDLE_GAP_S, CANCEL_S))
    tell("idle", both(field, n, IDLE_GAP_S, IDLE_PRESS_S), ((0.5, 5), (0.99, 50)))
    home.hub.stop()
    home.broker.stop()


def beside(field, n, seconds):
    home = field.home
    home.start_broker()
    home.start_hub(1)
    rate = 2 * len(field.wearers) * REAL_TIME_RATE
    generator = subprocess.Popen(field.command("--rate", "%d" % rate), stdout=subprocess.PIPE,
                                 text=True)
    generator.stdout.readline()  # "ready": every device has said hello
    gap_s = (seconds - CANCEL_S - 1) / n  # the last time to cancel ends while they still walk
    probes = both(field, n, gap_s, gap_s / 2)
    result = json.loads(generator.communicate(timeout=20 * seconds)[0].splitlines()[-1])
    tell("%d walking" % len(field.wearers), probes, ((0.99, 1000),))
    say("  %.0f of each rule a second; %d frames/s asked for, %.0f/s stored over %.0f s" %
        (1 / gap_s, rate, result["had"] / max(result["seconds"], 0.001), result["seconds"]))
    home.hub.stop()


def run(walks, field_type, options):
    n, wearers, frames_n = (100, 200, 40) if options.short else (200, 1000, 80)
    with_field = field_type(walks, 2 * n, 1)
    with with_field.home:
        idle(with_field, n)
    with_field = field_type(walks, wearers, frames_n, stagger=0)
    with with_field.home:
        beside(with_field, n, frames_n / REAL_TIME_RATE)
