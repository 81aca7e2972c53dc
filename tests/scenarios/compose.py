"""Journals of scenarios: walks put one after another in simulated time, idle time left out, and
people who answer what the hub asks.

A journal knows nobody who answers, so the loop is closed here: replay, see what is asked, put the
answer in at its time, replay again. What came before an answer stays as it was (replay is exact),
so this ends with the last question."""
import csv
import io
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from rig import home as rig, journal, pb  # noqa: E402

START_NS = 1_000_000_000
START_DAY_MS = 1767571200000  # 2026-01-05, a Monday, 00:00 UTC: stridesim's own day
DAY_S = 86400
TICK_S = 3600            # between walks; deadlines fall due in between at their own time
SIT_S = 60               # sat before something is said
SETTLE_S = 605           # a walk closes after 10 min without a step
ANSWERS_MAX = 60
CLIENTS = 11             # enum input_kind
TZ_OFFSET = 15           # fields of WearerConfig; sint32
CONSENT = {"coaching": 11, "caregivers": 12}


def walk_rows(script, seed, work, extra=()):
    """A walk's journal as rows, from 0 s."""
    path = os.path.join(work, "part-%d.journal" % seed)
    rig.run([rig.program("stridesim"), "walk", script, "--journal", path, "--seed", str(seed),
             "--start-wall-ms", "0", "--quiet", *extra])
    rows = list(journal.file_rows(path))
    os.unlink(path)
    return [row._replace(at_mono_ns=row.at_mono_ns - START_NS) for row in rows]


def with_field(row, field, value):
    """A row's message with another value of one field."""
    kept = b"".join(row.bytes[start:end] for number, _, _, start, end in pb.fields(row.bytes)
                    if number != field)
    return kept + pb.message([(field, value)])


class Journal:
    """Rows of one wearer in the order of their time. Times are seconds from its start, which is
    `clock_s` of the first local day."""

    def __init__(self, clock_s):
        self.start_ms = START_DAY_MS + int(clock_s * 1000)
        self.rows, self.slots, self.boots = [], {}, {}
        self.config = None  # the row of the wearer's configuration

    def add(self, at_s, kind, payload=b"", slot=255, flags=0):
        at_ns = int(at_s * 1e9)
        self.rows.append(journal.Row(0, at_ns, 0, 1, slot, kind, flags, payload))

    def add_walk(self, rows, from_s):
        """A walk; the configuration is taken of the first only."""
        from_ns = int(from_s * 1e9)
        for row in rows:
            if row.kind == journal.CONFIG:
                if self.slots:
                    continue
                self._learn(row)
                self.config = row
            elif row.kind == journal.HELLO:
                self.boots.setdefault(row.slot, []).append(
                    (row.at_mono_ns + from_ns, pb.read(row.bytes)[7][0]))
            self.rows.append(row._replace(at_mono_ns=row.at_mono_ns + from_ns))

    def offset(self, at_s, minutes):
        """Local time's offset changes: the configuration comes again, as with tz_follow = yes."""
        zigzag = 2 * minutes if minutes >= 0 else -2 * minutes - 1
        self.rows.append(self.config._replace(at_mono_ns=int(at_s * 1e9),
                                              bytes=with_field(self.config, TZ_OFFSET, zigzag)))

    def consent(self, field, given):
        """What the wearer agrees to, before anything else is recorded."""
        at = self.rows.index(self.config)
        self.config = self.rows[at] = self.config._replace(
            bytes=with_field(self.config, field, 1 if given else 0))

    def double(self, every):
        """Every n-th frame comes once more, half a second later."""
        frames = [row for row in self.rows if row.kind == journal.FRAME]
        self.rows += [row._replace(at_mono_ns=row.at_mono_ns + 500_000_000)
                      for row in frames[::every]]

    def _learn(self, row):
        for device in pb.read(row.bytes).get(3, []):
            parts = pb.read(device)
            self.slots[parts[1][0].decode().split("-")[-1]] = parts.get(2, [0])[0]

    def report(self, at_s, fields, device=None):
        """Somebody says something; its numbers on the lane come with write()."""
        order = ("wrist", "wrist2", "treadmill", "left", "right")
        name = device or next(name for name in order if name in self.slots)
        slot = self.slots[name]
        boots = [boot for at_ns, boot in self.boots[slot] if at_ns <= at_s * 1e9]
        boot = boots[-1] if boots else self.boots[slot][0][1]
        fields = sorted(fields)
        self.add(at_s, journal.REPORT,
                 pb.message([(1, 1), (2, boot), (3, 1), (4, 1), *fields]), slot)

    def write(self, path):
        """Rows by time; reports and feedback of a device are numbered anew per boot."""
        seqs, out = {}, []
        for row in sorted(self.rows, key=lambda row: row.at_mono_ns):
            if row.kind in (journal.REPORT, journal.FEEDBACK):
                boot, _ = pb.place(row.bytes)
                seq = seqs[row.slot, boot] = seqs.get((row.slot, boot), 0) + 1
                rest = b"".join(row.bytes[start:end]
                                for number, _, _, start, end in pb.fields(row.bytes)
                                if number > 4)
                row = row._replace(bytes=pb.message([(1, 1), (2, boot), (3, seq), (4, seq)]) + rest)
            out.append(row._replace(at_mono_ns=row.at_mono_ns + START_NS,
                                    at_wall_ms=self.start_ms + row.at_mono_ns // 1_000_000))
        journal.write_file(path, out)


def effects(path, zero_s=START_NS / 1e9):
    """What was said, as dicts of columns; `t`: seconds since `zero_s`."""
    text = rig.run([rig.program("stridehub"), "replay", path, "--effects", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["t"] = float(row["t_session_s"]) - zero_s
    return rows


def records(path):
    """The walks' records."""
    text = rig.run([rig.program("stridehub"), "replay", path, "--format", "json"])
    out, decoder, at = [], json.JSONDecoder(), 0
    while at < len(text.rstrip()):
        record, end = decoder.raw_decode(text, at)
        out.append(record)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return out


# ---- who answers

class Answerer:
    """Replies and acknowledgements of a scenario; one more of each walk with each look at the
    effects (an answer may change what is asked next, but not in a walk hours later)."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.answered, self.acked = set(), set()

    def step(self, rows, plays_s, into):
        """Puts the earliest answers that are missing into the journal; False when none is."""
        best = {}
        for row in rows:
            walk = max((play for play in plays_s if play <= row["t"]), default=0.0)
            found = self._reply(row, walk) or self._ack(row, rows)
            if found and (walk not in best or found[0] < best[walk][0]):
                best[walk] = found
        for at_s, mark, put in best.values():
            mark()
            put(into, at_s)
        return bool(best)

    def _reply(self, row, begun):
        if row["what"] != "prompt" or row["id"] in self.answered:
            return None
        fitting = [reply for reply in self.scenario.replies
                   if reply.text_id == row["text_id"] and reply.from_s <= row["t"] - begun]
        if not fitting:
            return None
        reply = fitting[-1]  # a later line replaces an earlier one
        device = "treadmill" if row["to"] == "treadmill" else None
        return (row["t"] + reply.delay_s, lambda: self.answered.add(row["id"]),
                lambda into, at_s: into.report(at_s, reply.fields, device))

    def _ack(self, row, rows):
        if row["what"] != "notice" or "clear" in row["note"]:
            return None
        for number, (account, verb, delay_s, nth) in enumerate(self.scenario.acks):
            told = [r for r in rows if r["what"] == "notice" and r["to"] == account and
                    "clear" not in r["note"] and "resend" not in r["note"]]
            if row["to"] != account or number in self.acked or len(told) < nth or \
                    told[nth - 1] is not row:
                continue
            payload = ("%s %s%s" % (row["id"], account, "" if verb == "accept" else
                                    " " + verb)).encode()
            return (row["t"] + delay_s, lambda number=number: self.acked.add(number),
                    lambda into, at_s: into.add(at_s, journal.ACK, payload))
        return None


def sitting(scenario, work):
    """The same wearer, who sits for some minutes: what is said between walks is said then."""
    path = os.path.join(work, scenario.name + "-sits.walk")
    with open(scenario.path) as lines, open(path, "w") as out:
        out.writelines(line for line in lines if not line.startswith("at "))
        out.write("at 0:00 sit\nat 8:00 end\n")
    return path


def compose(scenario, work):
    """A journal without answers, and when its walks begin."""
    clock_s = scenario.first_clock_s()
    out = Journal(clock_s)
    begins = [scenario.since(play.day, play.clock_s) for play in scenario.plays] or [0.0]
    for number, from_s in enumerate(begins, 1):
        out.add_walk(walk_rows(scenario.path, number, work), from_s)
    if scenario.twice:
        out.double(scenario.twice)
    for number, (day, at_s, fields) in enumerate(scenario.says, 1):
        said_s = scenario.since(day, at_s)
        out.add_walk(walk_rows(sitting(scenario, work), 500 + number, work), said_s - SIT_S)
        out.report(said_s, fields)
    for what, word in scenario.consent.items():
        out.consent(CONSENT[what], word == "yes")
    if scenario.shift:
        out.offset(*scenario.shift_s())
    for at_s, n in scenario.clients:
        out.add(at_s, CLIENTS, struct.pack("<B", n))
    last_s = max(begins) + scenario.end_s
    until_s = max(scenario.until_s, last_s + SETTLE_S if scenario.plays else 0)
    at_s = TICK_S
    while at_s < until_s:
        out.add(at_s, journal.TICK)
        at_s += TICK_S
    out.add(until_s, journal.TICK)
    return out, begins


def play(scenario, work, keep=None):
    """(effects, records, journal's path) of a scenario whose people answer."""
    path = keep or os.path.join(work, scenario.name + ".journal")
    out, begins = compose(scenario, work)
    answers = Answerer(scenario)
    for _ in range(ANSWERS_MAX):
        out.write(path)
        rows = effects(path)
        if not answers.step(rows, begins, out):
            break
    return rows, records(path), path
