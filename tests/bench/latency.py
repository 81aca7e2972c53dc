"""Benchmark (c): how long from the publish that completes a condition to the prompt at the wrist.

Two ways, both at 10, 50 and 90 % of the frames/s that (b) stored:
  help   a help button's report on the control lane; the RED prompt comes back to the wrist
  frame  coaching (R11, R03) over real frames: the hub's own journal, replayed, names the frame whose step made each
         prompt; the time runs from that frame's publish. Prompts that a deadline made are left out:
         no frame carried their last sample."""
import math
import os
import subprocess
import threading
import time

from rig import home as rig
from rig import journal, pb
from rig.home import say

REAL_TIME_RATE = 4
SHARES = (10, 50, 90)


def percentile(values, share):
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(round(share * len(ordered), 6)) - 1)]


def line(name, share, milliseconds):
    if not milliseconds:
        say("%-28s %3d %%   no sample" % (name, share))
        return
    text = "n %5d   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms" % (
        len(milliseconds), percentile(milliseconds, 0.5), percentile(milliseconds, 0.99),
        max(milliseconds))
    if share == 50:
        text += "   goal p99 <= 50 ms  %s" % (
            "reached" if percentile(milliseconds, 0.99) <= 50 else "NOT reached")
    say("%-28s %3d %%   %s" % (name, share, text))


class HelpProbe(threading.Thread):
    """Presses each wearer's help button once, one after the other, while the load runs."""

    def __init__(self, home, wrists, boots, gap_s):
        super().__init__(daemon=True)
        self._home, self._wrists, self._gap_s = home, list(zip(wrists, boots)), gap_s
        self.milliseconds, self.unanswered = [], 0
        self._end = threading.Event()

    def run(self):
        client = self._home.client("bench-probe")
        client.subscribe(rig.ROOT + "d/+/prompt")
        for wrist, boot in self._wrists:
            if self._end.wait(self._gap_s):
                break
            self._press(client, wrist, boot)
        client.close()

    def _press(self, client, wrist, boot):
        report = pb.report(boot, 1, 1000000, pb.BUTTON_HELP, 2500)
        while not client.inbox.empty():
            client.inbox.get()
        start = time.monotonic()
        client.publish(rig.ROOT + "d/%s/report" % wrist, report, wait=False)
        got = client.get(5, lambda m: m.topic.split("/")[5] == wrist and is_help(m.payload))
        if got:
            self.milliseconds.append(1e3 * (got.at - start))
        else:
            self.unanswered += 1

    def finish(self):
        self._end.set()
        self.join()


def is_help(payload):
    return pb.read(payload).get(6, [b""])[0] == b"F07"


def read_log(path):
    """((device, seq) -> publish ns, prompt id -> receive ns) of bench_load --log."""
    frames, prompts = {}, {}
    with open(path) as lines:
        for text in lines:
            parts = text.split()
            if parts[0] == "frame":
                frames.setdefault((parts[1], int(parts[2])), int(parts[3]))
            else:
                prompts.setdefault(parts[2], int(parts[4]))
    return frames, prompts


def frame_latencies(home, log):
    """Milliseconds of every prompt that a frame made; how many a deadline made."""
    frames, prompts = read_log(log)
    exported = home.path("own.journal")
    names = journal.Names()

    def rows():
        for row in journal.database_rows(home.database):
            names.see(row)
            yield row

    journal.write_file(exported, rows())
    out, by_time = [], 0
    for text in rig.run([rig.program("bench_trigger"), exported], 300).splitlines():
        _, id_, rule, wearer, slot, kind, seq, how = text.split()
        if int(kind) != journal.FRAME or rule == "F07" or id_ not in prompts:
            continue
        if how != "on_time":
            by_time += 1
            continue
        device = names.device(journal.Row(0, 0, 0, int(wearer), int(slot), 0, 0, b""))
        out.append((prompts[id_] - frames[device, int(seq)]) / 1e6)
    os.remove(exported)
    return out, by_time


def one_share(field, share, most):
    home = field.home
    rate = most * share / 100.0
    home.start_broker()
    home.start_hub(max(1, round(rate / (field.devices_n * REAL_TIME_RATE))), 60)
    log = home.path("log")
    seconds = field.frames_n / rate
    # An open RED silences coaching, so the pressers are every third wearer and the rest are coached.
    wrists = [ids[2] for ids in field.wearers[::3]]
    probe = HelpProbe(home, wrists, field.wrist_boots[::3], max(0.02, 0.8 * seconds / len(wrists)))
    generator = subprocess.Popen(field.command("--rate", "%.0f" % rate, "--log", log),
                                 stdout=subprocess.PIPE, text=True)
    generator.stdout.readline()  # "ready": every device has said hello
    probe.start()
    generator.communicate(timeout=max(60, 5 * seconds))
    probe.finish()
    home.hub.stop()
    home.broker.stop()
    line("help button -> RED prompt", share, probe.milliseconds)
    if probe.unanswered:
        say("  %d presses were not answered within 5 s" % probe.unanswered)
    frames, by_time = frame_latencies(home, log)
    line("frame -> coaching prompt", share, frames)
    say("  %.0f frames/s asked for; %d prompts were made by a deadline and are left out" %
        (rate, by_time))


FRAMES_N = 600  # of a device, 150 s: R11's windows fill in about 50


def run(walks, field_type, rules, most, options):
    shares = (50,) if options.short else SHARES
    say("at a share of %.0f stored frames/s, the median of (b)" % most)
    for share in shares:
        seconds = 8 if options.short else 20
        wearers = int(most * share / 100.0 * seconds / (3 * FRAMES_N))
        field = field_type(walks, max(8, min(150, wearers)), FRAMES_N, rules,
                           with_wrists=True)
        with field.home:
            one_share(field, share, most)
