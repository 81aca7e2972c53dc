"""Builds load files for bench_load from a journal of the simulated body, and names for many wearers."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from rig import journal, pb  # noqa: E402

INSOLE, WRIST = 1, 2


class Walks:
    """The frames of each device of a journal, with its hello."""

    def __init__(self, path):
        names, self.devices = journal.Names(), {}
        for row in journal.file_rows(path):
            names.see(row)
            if row.kind == journal.HELLO:
                kind = pb.read(row.bytes)[3][0]
                self.devices[row.wearer, row.slot] = {"kind": kind, "hello": row.bytes, "frames": []}
            elif row.kind == journal.FRAME:
                self.devices[row.wearer, row.slot]["frames"].append(row.bytes)
        self.keys = sorted(self.devices)

    def of_kind(self, kind, slot_rank):
        """Keys of the `slot_rank`-th device of that kind of every wearer."""
        out = []
        for wearer in sorted({key[0] for key in self.keys}):
            mine = [key for key in self.keys
                    if key[0] == wearer and self.devices[key]["kind"] == kind]
            if slot_rank < len(mine):
                out.append(mine[slot_rank])
        return out


def rename_hello(hello, device):
    """The same hello under another device id (field 2)."""
    return b"".join(pb.field(2, device) if number == 2 else hello[start:end]
                    for number, _, _, start, end in pb.fields(hello))


def wrist_boots(walks, wearers_n):
    """The boot id that each wearer's wrist says hello with."""
    keys = walks.of_kind(WRIST, 0)
    return [pb.read(walks.devices[keys[n % len(keys)]]["hello"])[7][0] for n in range(wearers_n)]


def one_stream(frames):
    """A wrist's motion frames alone, numbered anew: one a round, as the insoles'."""
    out = []
    for frame in frames:
        got = pb.read(frame)
        if got.get(5, [0])[0] == 0:
            out.append(b"".join(pb.field(3, len(out) + 1) if number == 3 else frame[start:end]
                                for number, _, _, start, end in pb.fields(frame) if number != 4))
    return out


def write(path, walks, wearers, frames_n, stagger=0, with_wrists=False):
    """Every wearer's insoles replay a base wearer's first `frames_n` frames; the k-th wearer starts
    `stagger` * (k mod 16) rounds late. Wrists say hello; they send frames only `with_wrists`.
    Returns how many frames there are in all."""
    base = [walks.of_kind(INSOLE, 0), walks.of_kind(INSOLE, 1), walks.of_kind(WRIST, 0)]
    keys = [key for kind in base for key in kind]
    index = {key: i for i, key in enumerate(keys)}
    frames = {key: walks.devices[key]["frames"][:frames_n] for key in keys}
    for key in base[2]:
        frames[key] = one_stream(walks.devices[key]["frames"])[:frames_n] if with_wrists else []
    total, devices = 0, []
    for number, ids in enumerate(wearers):
        for part, id_ in enumerate(ids):
            key = base[part][number % len(base[part])]
            devices.append((id_, rename_hello(walks.devices[key]["hello"], id_), index[key],
                            stagger * (number % 16), number))
            total += len(frames[key])
    with open(path, "wb") as out:
        out.write(b"STRIDEL1" + struct.pack("<I", len(keys)))
        for key in keys:
            out.write(struct.pack("<I", len(frames[key])))
            for frame in frames[key]:
                out.write(struct.pack("<H", len(frame)) + frame)
        out.write(struct.pack("<I", len(devices)))
        for id_, hello, walk, start, wearer in devices:
            out.write(bytes([len(id_)]) + id_.encode() + struct.pack("<H", len(hello)) + hello +
                      struct.pack("<III", walk, start, wearer))
    return total
