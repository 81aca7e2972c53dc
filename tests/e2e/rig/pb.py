"""Just enough protobuf to build and read stride.v1 messages without generated code.

A second, independent reading of proto/stridehub.proto: a mistake in the C encoder does not hide
behind the same mistake here. Messages are dicts of field number -> value."""
import struct

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(value):
    """Unsigned base-128."""
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return (value << 1) ^ (value >> 63)


def unzigzag(value):
    return (value >> 1) ^ -(value & 1)


def field(number, value):
    """One field: int as varint, float as double, bytes or str as length-delimited."""
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | FIXED64) + struct.pack("<d", value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | BYTES) + varint(len(value)) + value


def message(fields):
    """`fields`: list of (number, value); a list value repeats the field."""
    out = b""
    for number, value in fields:
        for item in value if isinstance(value, list) else [value]:
            out += field(number, item)
    return out


def packed_sint32(values):
    return b"".join(varint(zigzag(v)) for v in values)


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("varint too long")


def fields(data):
    """Yields (number, wire type, value, start, end) of each field, in order."""
    at = 0
    while at < len(data):
        start = at
        key, at = read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = read_varint(data, at)
        elif wire == FIXED64:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif wire == BYTES:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
            if len(value) != size:
                raise ValueError("truncated")
        elif wire == FIXED32:
            value, at = data[at:at + 4], at + 4
        else:
            raise ValueError("wire type %d" % wire)
        yield number, wire, value, start, at


def read(data):
    """number -> list of values."""
    out = {}
    for number, _, value, _, _ in fields(data):
        out.setdefault(number, []).append(value)
    return out


def place(data):
    """(boot, seq) of a frame, report or feedback: fields 2 and 3, which encoders write first."""
    boot = seq = 0
    for number, _, value, _, _ in fields(data):
        if number == 2:
            boot = value
        elif number == 3:
            seq = value
        if boot and seq:
            break
    return boot, seq


def without_resend_marks(data):
    """The bytes without oldest_kept_seq (4) and late (12): what sending again may change."""
    return b"".join(data[start:end] for number, _, _, start, end in fields(data)
                    if number not in (4, 12))


# ---- messages of stride.v1

QUANTITY_FOOT_FORCE = 1
BUTTON_OK, BUTTON_HELP = 1, 2
KIND_INSOLE, KIND_WRIST = 1, 2


def channel(quantity, scale=1.0, axis=None):
    parts = [(1, quantity), (4, float(scale))]
    if axis:
        parts.append((2, axis))
    return message(parts)


def hello(device, kind, side, boot, streams):
    """`streams`: list of (period_us, [channel bytes])."""
    body = [message([(1, period), (2, channels)]) for period, channels in streams]
    return message([(1, 1), (2, device), (3, kind), (4, side), (5, "rig"), (6, "1"), (7, boot),
                    (8, body), (9, 4096)])


def frame(boot, seq, t0_us, period_us, channels, version=1, oldest=1, stream=0):
    """`channels`: list of equally long lists of counts."""
    counts = []
    for values in channels:
        counts.append(values[0])
        counts += [b - a for a, b in zip(values, values[1:])]
    return message([(1, version), (2, boot), (3, seq), (4, oldest), (5, stream), (6, t0_us),
                    (7, period_us), (8, len(channels[0]) if channels else 0),
                    (9, packed_sint32(counts))])


SYMPTOM_COLD, HEART_RATE = 5, 5  # enum Symptom, enum Quantity


def report(boot, seq, t_us, button=0, press_ms=0, oldest=1, late=False, symptom=0):
    parts = [(1, 1), (2, boot), (3, seq), (4, oldest), (5, t_us)]
    if button:
        parts += [(6, button), (7, press_ms)]
    if late:
        parts.append((12, True))
    if symptom:
        parts.append((18, symptom))
    return message(parts)


def stored(data):
    """dict of a Stored message."""
    got = read(data)
    first = lambda number: got.get(number, [0])[0]
    resend = [(read(r).get(1, [0])[0], read(r).get(2, [0])[0]) for r in got.get(3, [])]
    return {"boot": first(1), "through": first(2), "resend": resend, "control": first(4)}
