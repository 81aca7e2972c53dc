"""The hub's journal, read from its database (stopped, read-only) or a journal file, and written.

A reading of its own, so that a duplicate or a hole is found by somebody who did not write it."""
import collections
import sqlite3
import struct
import zlib

from . import pb

CONFIG, HELLO, FRAME, REPORT, FEEDBACK, LINK, ACK, TICK, SKIP, HUB = range(1, 11)
HEAD = b"STRIDEJ1" + struct.pack("<II", 1, 0)
ROW = struct.Struct("<QqqIBBH")  # behind u32 size and u32 crc

Row = collections.namedtuple("Row", "seq at_mono_ns at_wall_ms wearer slot kind flags bytes")


def open_database(path):
    return sqlite3.connect("file:%s?mode=ro" % path, uri=True)


def database_rows(path):
    """All rows in order, one at a time."""
    database = open_database(path)
    try:
        for row in database.execute("SELECT seq, at_mono_ns, at_wall_ms, wearer, slot, kind, flags,"
                                    " bytes FROM journal ORDER BY seq"):
            yield Row(*row)
    finally:
        database.close()


def file_rows(path):
    with open(path, "rb") as journal:
        data = journal.read()
    if data[:8] != HEAD[:8]:
        raise ValueError("%s is not a journal" % path)
    at = 16
    while at + 40 <= len(data):
        size, crc = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + 40 + size]
        if len(body) != 32 + size or zlib.crc32(body) != crc:
            raise ValueError("%s: bad row at byte %d" % (path, at))
        yield Row(*ROW.unpack_from(body), body[32:])
        at += 40 + size


def write_file(path, rows):
    """`rows` become a journal file; seq is numbered anew from 1."""
    with open(path, "wb", 1 << 20) as out:
        out.write(HEAD)
        for number, row in enumerate(rows, 1):
            body = ROW.pack(number, *row[1:7]) + row.bytes
            out.write(struct.pack("<II", len(row.bytes), zlib.crc32(body)) + body)


class Names:
    """(wearer, slot) -> device id, learnt from the configuration rows as they pass."""

    def __init__(self):
        self.wearers, self._devices = {}, {}

    def see(self, row):
        if row.kind != CONFIG:
            return
        got = pb.read(row.bytes)
        self.wearers[row.wearer] = got[1][0].decode()
        for device in got.get(3, []):
            parts = pb.read(device)
            self._devices[row.wearer, parts.get(2, [0])[0]] = parts[1][0].decode()

    def device(self, row):
        return self._devices.get((row.wearer, row.slot), "%d/%d" % (row.wearer, row.slot))


class Ledger:
    """What a run's journal holds of every device: frames once, in order?"""

    def __init__(self, rows):
        self.frames = {}  # (device, boot, seq) -> bytes without resend marks
        self.twice = self.disorder = self.control_twice = 0
        self.skipped = set()  # set aside as a gap, declared in the journal
        self.rows = 0
        names, last, control = Names(), {}, set()
        for row in rows:
            self.rows += 1
            names.see(row)
            if row.kind == FRAME:
                self._frame(names.device(row), row, last)
            elif row.kind in (REPORT, FEEDBACK):
                key = (names.device(row), *pb.place(row.bytes))
                self.control_twice += key in control
                control.add(key)
            elif row.kind == SKIP:
                boot, first, final = struct.unpack("<QQQ", row.bytes)
                self.skipped.update((names.device(row), boot, n) for n in range(first, final + 1))
        self.control = control

    def _frame(self, device, row, last):
        boot, seq = pb.place(row.bytes)
        key = (device, boot, seq)
        if key in self.frames:
            self.twice += 1
        elif seq <= last.get((device, boot), 0):
            self.disorder += 1
        last[device, boot] = max(seq, last.get((device, boot), 0))
        self.frames[key] = pb.without_resend_marks(row.bytes)

    def lost(self, receipts):
        """Frames covered by a receipt {(device, boot): through} that are not in the journal."""
        return [(device, boot, seq) for (device, boot), through in receipts.items()
                for seq in range(1, through + 1)
                if (device, boot, seq) not in self.frames]


def read_receipts(path):
    """The highest receipt of each (device, boot) in a --receipts file."""
    out = {}
    try:
        with open(path) as lines:
            for line in lines:
                parts = line.split()
                if len(parts) >= 3 and parts[1].isdigit() and parts[2].isdigit():
                    key = (parts[0], int(parts[1]))
                    out[key] = max(out.get(key, 0), int(parts[2]))
    except FileNotFoundError:
        pass
    return out
