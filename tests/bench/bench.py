#!/usr/bin/env -S python3 -B
"""The benchmarks: tables of what is true on this machine, each figure beside
its goal. Nothing here fails because a machine is slow; README.md says how to read the tables."""
import argparse
import json
import os
import statistics
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
sys.path.insert(0, HERE)
import latency  # noqa: E402
import load_build  # noqa: E402
import redflag  # noqa: E402
from rig import home as rig  # noqa: E402
from rig.home import say  # noqa: E402

WALK = os.path.join(HERE, "bench.walk")
BASE_WEARERS = 4       # walks computed; more wearers replay them, each at its own start
REAL_TIME_RATE = 4     # frames/s of one insole: 25 samples at 100 Hz
WINDOW = 12000         # frames sent ahead; below the broker's max_queued_messages
CONNECTIONS = 4
USERS = ["bench-%d" % i for i in range(CONNECTIONS)] + ["bench-rx", "bench-probe"] + redflag.USERS
GRANTS = ["user %s\ntopic readwrite %s#\n" % (user, rig.ROOT) for user in USERS]

# mosquitto 2.0.11 never takes a message that it has delivered off a connected subscriber's count of
# queued ones: once max_queued_messages (or _bytes) have passed through the queue, everything beyond
# the inflight window is dropped. A flat-out run passes that in two seconds, for A and for B alike.
BROKER = {"max_queued_messages": "10000000", "max_queued_bytes": "0"}

# The rules as shipped, but often: the latency needs many prompts, not well spaced ones.
EAGER = ["[rules]", "g0.session = 0", "r11.d = 10", "r11.refractory = 10", "r11.max = 20",
         "prompt.gap = 5", "prompt.per_10min = 12", "prompt.per_session = 200",
         "prompt.per_day = 200"]


def heading(text):
    say("\n" + text)
    say("-" * len(text))


def goal(name, value, goal_text, reached):
    say("%-34s %-26s goal %-14s %s" % (name, value, goal_text,
                                        "reached" if reached else "NOT reached"))


def make_journal(directory):
    path = os.path.join(directory, "bench.journal")
    rig.run([rig.program("stridesim"), "walk", WALK, "--journal", path, "--wearers",
             str(BASE_WEARERS), "--seed", "1"])
    return path


# ---- (a)

def core(journal, options):
    heading("(a) core alone, decode included, one core")
    passes = "2" if options.short else "20"
    say(rig.run([rig.program("bench_core"), journal, "--passes", passes]).rstrip())
    say("")
    say("the same for 100 wearers in turn, whose states do not fit the cache together:")
    say(rig.run([rig.program("bench_core"), journal, "--passes", "1", "--wearers", "100"]).rstrip())


# ---- (b) and (d): a home under load

class Field:
    """A home with a load file: many wearers, of which each replays one of the base walks."""

    def __init__(self, walks, wearers, frames_n, hub_lines=(), stagger=1, with_wrists=False):
        self.home = rig.Home(wearers, users=USERS, hub_lines=hub_lines, script=WALK)
        self.home.grant(*GRANTS)
        self.home.edit_broker(BROKER)
        self.load = self.home.path("load")
        self.wearers = wearer_ids(self.home)
        self.frames_n = load_build.write(self.load, walks, self.wearers, frames_n, stagger,
                                         with_wrists)
        self.wrist_boots = load_build.wrist_boots(walks, wearers)
        self.devices_n = (3 if with_wrists else 2) * wearers

    def command(self, *options):
        return [rig.program("bench_load"), "--load", self.load, "--port", str(self.home.port),
                "--password-file", self.home.path("home.passwords"), "--window", str(WINDOW),
                "--connections", str(CONNECTIONS), *options]

    def generate(self, *options):
        """Runs the load generator to its end; its result is its last line."""
        return json.loads(rig.run(self.command(*options), 900, check=False).splitlines()[-1])


def wearer_ids(home):
    """[(left insole, right insole, wrist)] of every wearer."""
    out = {}
    for device, keys in home.devices().items():
        out.setdefault(keys["wearer"], []).append(device)
    return [tuple(devices[:3]) for devices in out.values()]


def spent(process, before):
    return process.cpu_s() - before


def run_counter(field):
    """One A run: the Paho subscriber that counts."""
    home = field.home
    count_file = home.path("count")
    counter = home.start([rig.program("bench_counter"), str(home.port), "hub-0",
                          home.passwords["hub-0"], rig.ROOT + "d/+/frame", count_file], "counter")
    if not (counter.ready.wait(10) and counter.running()):
        raise rig.Failed("the counting subscriber did not get ready")
    before = counter.cpu_s(), home.broker.cpu_s()
    result = field.generate("--count-file", count_file)
    result["cpu"], result["broker_cpu"] = (spent(counter, before[0]),
                                           spent(home.broker, before[1]))
    counter.stop()
    return result


def run_hub(field, clock_speed):
    """One B run: the hub, from an empty database, until it has stored everything."""
    home = field.home
    for suffix in ("", "-wal", "-shm", ".reserve"):
        if os.path.exists(home.database + suffix):
            os.remove(home.database + suffix)
    home.start_hub(clock_speed)
    before = home.hub.cpu_s(), home.broker.cpu_s()
    result = field.generate()
    result["cpu"], result["broker_cpu"] = (spent(home.hub, before[0]),
                                           spent(home.broker, before[1]))
    result["resident_mb"] = home.hub.resident_mb()
    home.hub.stop()
    return result


def rate(result):
    return result["had"] / result["seconds"] if result["seconds"] > 0 else 0.0


def per_10000(result, key):
    return result[key] * 1e4 / result["had"] if result["had"] else 0.0


def end_to_end(walks, options):
    heading("(b) stored frames/s through mosquitto, QoS 1, 22 channels x 25 samples")
    rounds = 1 if options.short else 3
    field = Field(walks, 40 if options.short else 100, 100 if options.short else 500)
    rates, ratios = [], []
    with field.home as home:
        home.start_broker()
        clock_speed = 10
        say("%d wearers, %d frames a run, A = counting Paho subscriber, B = hub until stored"
            % (len(field.wearers), field.frames_n))
        say("%-8s %12s %12s %8s %31s %31s" % ("round", "A frames/s", "B frames/s", "B/A",
                                              "CPU s/10,000: counter + broker",
                                              "hub + broker"))
        for number in range(rounds):
            a = run_counter(field)
            clock_speed = max(1, round(rate(a) * 0.8 / (field.devices_n * REAL_TIME_RATE)))
            b = run_hub(field, clock_speed)
            rates.append(rate(b))
            ratios.append(rate(b) / rate(a) if rate(a) else 0)
            say("%-8d %12.0f %12.0f %8.2f %22.3f + %6.3f %22.3f + %6.3f" %
                (number + 1, rate(a), rate(b), ratios[-1], per_10000(a, "cpu"),
                 per_10000(a, "broker_cpu"), per_10000(b, "cpu"), per_10000(b, "broker_cpu")))
            for name, result in (("A", a), ("B", b)):
                if result["had"] != field.frames_n or result["resent"] or result["refused"]:
                    say("  note, %s: %s" % (name, json.dumps(result)))
        say("the hub's clock ran at %d times real time" % clock_speed)
    goal("median ratio B/A", "%.2f" % statistics.median(ratios), ">= 0.80",
         statistics.median(ratios) >= 0.8)
    return statistics.median(rates)


# ---- (d)

def memory(walks, options):
    heading("(d) resident memory of the hub while wearers walk")
    for wearers in (1, 10, 100) if options.short else (1, 100, 1000):
        field = Field(walks, wearers, 200 if wearers < 1000 else 80, stagger=0)
        with field.home as home:
            home.start_broker()
            home.start_hub(10, 60)
            idle = home.hub.resident_mb()
            # at real time's rate times the clock's, as far as the machine goes
            result = field.generate("--rate", str(min(2 * wearers * REAL_TIME_RATE * 10, 8000)))
            name, value = "%d wearers" % wearers, "%.1f MB (idle %.1f)" % (home.hub.resident_mb(),
                                                                         idle)
            if wearers == 1:
                goal(name, value, "<= 20 MB", home.hub.resident_mb() <= 20)
            else:
                say("%-34s %s" % (name, value))
            if result["had"] != field.frames_n:
                say("  note: %s" % json.dumps(result))
            home.hub.stop()


def parse():
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small numbers: does it run at all?")
    parser.add_argument("--only", choices="abcde", help="one table")
    return parser.parse_args()


def main():
    options = parse()
    start = time.monotonic()
    with open("/proc/loadavg") as load:
        say("%d cores, load %s" % (os.cpu_count(), load.read().split()[0]))
    with tempfile.TemporaryDirectory(prefix="stridehub-bench-") as directory:
        journal = make_journal(directory)
        if options.only in (None, "a"):
            core(journal, options)
        walks = load_build.Walks(journal)
        most = None
        if options.only in (None, "b", "c"):
            most = end_to_end(walks, options)
        if options.only in (None, "c"):
            heading("(c) from publishing the frame with the last needed sample to the prompt")
            latency.run(walks, Field, EAGER, most, options)
        if options.only in (None, "d"):
            memory(walks, options)
        if options.only in (None, "e"):
            heading("(e) from a red flag at the device to the caregiver's topic")
            redflag.run(walks, Field, options)
    say("\n%.0f s" % (time.monotonic() - start))


if __name__ == "__main__":
    try:
        main()
    except rig.Failed as error:
        sys.exit("bench: %s" % error)
