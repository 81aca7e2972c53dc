#!/usr/bin/env -S python3 -B
"""kill -9 of the hub and the broker at random moments while simulated wearers walk.

One undisturbed run of the seed per broker setting, then rounds of the same walk with kills until the
asked-for numbers are reached. Every round's journal and records are held against the undisturbed
run's. Prints each round's counts; ends with "N passed, N failed"."""
import argparse
import os
import random
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
sys.path.insert(0, HERE)
from compare import CROSS_FOOT_LIMIT_S, Comparison, Records  # noqa: E402
from rig import home as rig  # noqa: E402
from rig.home import say  # noqa: E402

WALK = os.path.join(rig.TOP, "devices", "sim", "walks", "crash.walk")
DRAIN_LIMIT_S = 180  # from the last kill until every device says that all is stored

# Life of a process between kills, s. A hub that is killed while it starts is worth as much as one
# that is killed at work; a broker must live long enough for the devices' back-off (up to 5 s).
HUB_LIFE_S = ((0.25, 0.0, 0.2), (0.75, 0.2, 1.6))
BROKER_LIFE_S = ((0.3, 0.5, 2.0), (0.7, 3.0, 9.0))


def life(generator, table):
    pick = generator.random()
    for share, low, high in table:
        if pick < share:
            return generator.uniform(low, high)
        pick -= share
    return generator.uniform(table[-1][1], table[-1][2])


class Killer(threading.Thread):
    """Kills and restarts one process of the home at random moments until told to stop."""

    def __init__(self, kill, start, table, kills_max, seed):
        super().__init__(daemon=True)
        self._kill, self._start_again, self._table = kill, start, table
        self._generator = random.Random(seed)
        self._end = threading.Event()
        self.kills_max, self.kills, self.error = kills_max, 0, None

    def run(self):
        try:
            while self.kills < self.kills_max and \
                    not self._end.wait(life(self._generator, self._table)):
                self._kill()
                self.kills += 1
                self._start_again()
        except rig.Failed as error:
            self.error = error

    def finish(self):
        self._end.set()
        self.join()
        if self.error:
            raise self.error


def walk_once(options, persistence, seed_of_kills=None, hub_kills=0, broker_kills=0, walk_s=None):
    """One run of the walk; (Records, wall seconds, hub kills, broker kills, replays bit for bit)."""
    with rig.Home(options.wearers, persistence, keep=options.keep, script=options.walk) as home:
        receipts = home.path("receipts")
        home.start_broker()
        home.start_hub(options.speed)
        start = time.monotonic()
        walk = home.walk(options.walk, options.speed, options.seed,
                         ["--receipts", receipts, "--stats", home.path("stats")])
        killers = []
        if seed_of_kills is not None:
            killers = start_killers(home, options, seed_of_kills, hub_kills, broker_kills)
        wait_for_walk(home, walk, killers, walk_s)
        seconds = time.monotonic() - start
        if home.hub.stop() != 0:
            raise rig.Failed("the hub did not end in good order; see %s" % home.path("hub.log"))
        home.broker.stop()
        replays = replay_agrees(home)
        kills = [killer.kills for killer in killers] or [0, 0]
        return Records(home, receipts), seconds, kills[0], kills[1], replays


def kill_running(process, name):
    if not process.running():
        raise rig.Failed("the %s had ended by itself with %d" % (name, process.child.returncode))
    process.kill()


def start_killers(home, options, seed, hub_kills, broker_kills):
    hub = Killer(lambda: kill_running(home.hub, "hub"), lambda: home.start_hub(options.speed, wait=False),
                 HUB_LIFE_S, hub_kills, seed)
    broker = Killer(lambda: kill_running(home.broker, "broker"), home.start_broker, BROKER_LIFE_S, broker_kills,
                    seed + 1)
    hub.start()
    broker.start()
    return [hub, broker]


def wait_for_walk(home, walk, killers, walk_s):
    """Kills go on while the wearers walk; then everything drains."""
    if killers:
        rig.wait_until(lambda: not walk.running(), walk_s, 0.1)
        for killer in killers:
            killer.finish()
        if not home.hub.running():
            raise rig.Failed("the hub ended by itself with %d; see %s" %
                             (home.hub.child.returncode, home.path("hub.log")))
    limit_s = DRAIN_LIMIT_S if killers else 900
    if rig.wait_until(lambda: not walk.running(), limit_s, 0.1) is None:
        raise rig.Failed("the devices still wait for receipts after %d s; see %s" %
                         (limit_s, home.dir))
    if walk.child.returncode != 0:
        raise rig.Failed("stridesim walk ended with %d; see %s" %
                         (walk.child.returncode, home.path("walk.log")))


def replay_agrees(home):
    try:
        home.replay_check()
    except rig.Failed as error:
        say(str(error))
        return False
    return True


def check_still(checks, options, persistence):
    name = "persistence %s" % ("on" if persistence else "off")
    say("undisturbed run, broker %s, seed %d ..." % (name, options.seed))
    still, seconds, _, _, replays = walk_once(options, persistence)
    say("  %.0f s, %d frames, %d events, %d strides, %d sessions" %
        (seconds, len(still.ledger.frames), len(still.events), len(still.strides),
         len(still.counts)))
    checks.that("undisturbed run (%s) replays bit for bit" % name, replays)
    checks.that("undisturbed run (%s) has frames, events, strides and a session a wearer" % name,
                still.ledger.frames and still.events and still.strides and
                len(still.counts) >= options.wearers)
    own = Comparison(still, still)
    checks.that("undisturbed run (%s): nothing lost, twice, out of order" % name,
                own.lost == own.twice == own.disorder == 0 and own.receipted > 0)
    return still, seconds


def check_round(checks, name, found, replays, speed):
    checks.that(name + ": receipted frames lost", found.lost == 0,
                "%d of %d" % (found.lost, found.receipted))
    checks.that(name + ": counted twice", found.twice == 0, str(found.twice))
    checks.that(name + ": out of order", found.disorder == 0, str(found.disorder))
    checks.that(name + ": own journal replays bit for bit", replays)
    checks.that(name + ": stored frames that differ", found.bytes == 0,
                "%d of %d" % (found.bytes, found.frames))
    checks.that(name + ": per-foot events that differ", found.events == 0, str(found.events))
    checks.that(name + ": sessions whose counts differ", found.counts == 0, str(found.counts))
    checks.that(name + ": strides in one run only", found.strides_missing == 0,
                str(found.strides_missing))
    checks.that(name + ": per-foot stride features that differ", not found.other_columns,
                str(found.other_columns or 0))
    # A clock N times faster turns a millisecond of this machine's delay into N of the walk's.
    faster = max(1.0, speed)
    checks.that(name + ": cross-foot times within 2 ms of machine time",
                found.cross_foot_s <= CROSS_FOOT_LIMIT_S * faster and
                found.unknown_cross_foot == 0,
                "worst %.3f ms of walking, %.3f ms of machine time; %d known in one run only" %
                (1e3 * found.cross_foot_s, 1e3 * found.cross_foot_s / faster,
                 found.unknown_cross_foot))


def crash_rounds(checks, options, persistence, hub_kills, broker_kills):
    still, walk_s = check_still(checks, options, persistence)
    number = 0
    hub_done = broker_done = 0
    while (hub_done < hub_kills or broker_done < broker_kills) and number < options.rounds_max:
        number += 1
        seed = options.seed * 1000 + number + (500 if persistence else 0)
        run, seconds, hub, broker, replays = walk_once(
            options, persistence, seed, hub_kills - hub_done, broker_kills - broker_done, walk_s)
        hub_done, broker_done = hub_done + hub, broker_done + broker
        found = Comparison(run, still)
        name = "persistence %s, round %d" % ("on" if persistence else "off", number)
        say("%s: %d hub kills, %d broker kills, %.0f s, kill seed %d, %d frames stored" %
            (name, hub, broker, seconds, seed, found.frames))
        check_round(checks, name, found, replays, options.speed)
    checks.that("kills made with persistence %s" % ("on" if persistence else "off"),
                hub_done >= hub_kills and broker_done >= broker_kills,
                "hub %d of %d, broker %d of %d" % (hub_done, hub_kills, broker_done, broker_kills))
    return hub_done, broker_done


def parse():
    parser = argparse.ArgumentParser(prog="tests/crash/run.sh", description=__doc__)
    parser.add_argument("--hub-kills", type=int, default=200, metavar="N")
    parser.add_argument("--broker-kills", type=int, default=50, metavar="N")
    parser.add_argument("--wearers", type=int, default=20, metavar="N")
    parser.add_argument("--speed", type=float, default=5, metavar="N",
                        help="times real time, for devices and hub (default 5); at 1 the"
                        " cross-foot limit is 2 ms of walking")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--no-persistence", choices=("both", "on", "off"), default="both",
                        help="broker persistence off: in half of the kills (both, the default), in"
                        " all (on), never (off)")
    parser.add_argument("--walk", default=WALK, metavar="FILE")
    parser.add_argument("--rounds-max", type=int, default=40, metavar="N")
    parser.add_argument("--keep", action="store_true", help="keep the runs' directories")
    options = parser.parse_args()
    options.speed = int(options.speed) if options.speed == int(options.speed) else options.speed
    return options


def shares(options):
    """[(persistence, hub kills, broker kills)]"""
    if options.no_persistence == "off":
        return [(True, options.hub_kills, options.broker_kills)]
    if options.no_persistence == "on":
        return [(False, options.hub_kills, options.broker_kills)]
    hub, broker = options.hub_kills // 2, options.broker_kills // 2
    return [(True, options.hub_kills - hub, options.broker_kills - broker), (False, hub, broker)]


def test(checks, options):
    hub = broker = 0
    for persistence, hub_kills, broker_kills in shares(options):
        done = crash_rounds(checks, options, persistence, hub_kills, broker_kills)
        hub, broker = hub + done[0], broker + done[1]
    say("total: %d hub kills, %d broker kills, %d wearers" % (hub, broker, options.wearers))


if __name__ == "__main__":
    OPTIONS = parse()
    rig.main(lambda checks: test(checks, OPTIONS))
