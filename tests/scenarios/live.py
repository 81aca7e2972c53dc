"""Scenarios through a private broker and a real hub: several wearers at once, each with a script of
its own, the hub's clock made faster. What was said is read from the hub's own journal afterwards,
which also proves that the replay decides the same."""
import json
import threading
import time

import compose
import judge
from compose import journal, rig

BATCH = 12          # wearers in one hub: two cores keep up with them at 10 times
SHORT = ("8", "12", "21", "25", "28", "31", "35", "39")
LATE_REAL_S = 0.4   # what scheduling may delay a device, the hub or an answer
MORE_REAL_S = 2.0   # after the last script's end


def section(scenario, number):
    """The wearer's sections, its local clock set to the script's."""
    text = rig.run([rig.program("stridesim"), "config", scenario.path, "--first", str(number)])
    now_min = int(time.time() // 60) % 1440
    offset = int(scenario.first_clock_s() // 60) - now_min
    offset += 1440 if offset < -720 else -1440 if offset > 720 else 0
    return text.replace("quiet_hours = none\n", "tz_offset_min = %d\n" % offset)


class Caregivers(threading.Thread):
    """The accounts of one wearer that answer."""

    def __init__(self, home, scenario, number, speed):
        super().__init__(daemon=True)
        self.scenario, self.speed, self.over = scenario, speed, threading.Event()
        self.clients, self.told, self.due = {}, {}, []
        for account in {ack[0] for ack in scenario.acks}:
            name = account.replace("c1", "c%d" % number, 1)
            client = home.client(name)
            client.subscribe(rig.ROOT + "a/%s/notice/+" % name)
            self.clients[account] = (name, client)

    def run(self):
        while self.clients and not self.over.is_set():
            for account, (name, client) in self.clients.items():
                got = client.get(0.02, lambda m: bool(m.payload) and "/notice/" in m.topic)
                if got:
                    self._told(account, name, json.loads(got.payload))
            self._answer()

    def _told(self, account, name, notice):
        if notice.get("resend"):
            return
        self.told[account] = self.told.get(account, 0) + 1
        for who, verb, delay_s, nth in self.scenario.acks:
            if who == account and nth == self.told[account]:
                self.due.append((time.monotonic() + delay_s / self.speed, account, name,
                                 "ack" if verb == "accept" else verb, notice["alert_id"]))

    def _answer(self):
        for item in [item for item in self.due if item[0] <= time.monotonic()]:
            self.due.remove(item)
            _, account, name, what, alert = item
            self.clients[account][1].request(
                rig.ROOT + "a/%s/request/%s" % (name, what),
                rig.ROOT + "a/%s/response/%s" % (name, what), json.dumps({"alert": alert}))

    def close(self):
        self.over.set()
        if self.is_alive():
            self.join(10)
        for _, client in self.clients.values():
            client.close()


def zeros(database):
    """wearer id -> hub's time of its first hello, in seconds: 0:00 of its script."""
    names, out = journal.Names(), {}
    for row in journal.database_rows(database):
        names.see(row)
        if row.kind == journal.HELLO:
            out.setdefault(names.wearers[row.wearer], row.at_mono_ns / 1e9)
    return out


def play(batch, speed):
    """One hub, one broker, a wearer for each scenario; (effects, records) of each."""
    sections = "".join(section(scenario, n) for n, scenario in enumerate(batch, 1))
    with rig.Home(sections=sections) as home:
        home.start_broker()
        home.start_hub(clock_speed=speed)
        people = [Caregivers(home, scenario, n, speed) for n, scenario in enumerate(batch, 1)]
        for one in people:
            one.start()
        begin = time.monotonic()
        walks = [home.start([rig.program("stridesim"), "walk", scenario.path, "--broker", home.uri,
                             "--password-file", home.path("home.passwords"), "--first", str(n),
                             "--seed", str(n), "--speed", str(speed), "--ring-kib", "8192",
                             "--quiet", "--exit-when-stored", "--stored-timeout", "60"],
                            "walk-%d" % n) for n, scenario in enumerate(batch, 1)]
        end = begin + max(scenario.until_s for scenario in batch) / speed + MORE_REAL_S
        if not rig.wait_until(lambda: time.monotonic() > end and
                              not any(walk.running() for walk in walks), end - begin + 90, 0.2):
            raise rig.Failed("the walks do not end")
        for one in people:
            one.close()
        home.hub.stop()
        home.replay_check()
        begun = zeros(home.database)
        said, records = compose.effects(home.database, 0.0), compose.records(home.database)
        out = []
        for n in range(1, len(batch) + 1):
            wearer = "w%d" % n
            rows = [row for row in said if row["wearer"] == wearer]
            for row in rows:  # as the script names them
                row["t"] -= begun.get(wearer, 0.0)
                if row["to"].startswith("c%d" % n):
                    row["to"] = "c1" + row["to"][len("c%d" % n):]
            out.append((rows, [one for one in records if one["wearer_id"] == wearer]))
        return out


def by_broker(scenarios, table, wanted):
    """All that do not take days, the longest together."""
    fit = [scenario for scenario in scenarios if not scenario.slow]
    if wanted.short:
        fit = [scenario for scenario in fit if scenario.number in SHORT]
    fit.sort(key=lambda scenario: -scenario.until_s)
    for at in range(0, len(fit), BATCH):
        batch = fit[at:at + BATCH]
        try:
            played = play(batch, wanted.speed)
        except (rig.Failed, OSError, TimeoutError) as error:
            for scenario in batch:
                table.add("hub", scenario, [], [str(error)])
            continue
        for scenario, (rows, records) in zip(batch, played):
            rows = [row for row in rows if row["t"] <= scenario.until_s + 1]
            table.add("hub", scenario, rows,
                      judge.judge(scenario, rows, records, LATE_REAL_S * wanted.speed))
