#!/usr/bin/env python3
"""Draws the pictures of hub/core/README.md: one stride of a scripted walk, as the engine saw it.

Usage: hub/core/pictures/draw.py [--bin DIR] [--out DIR]

The samples come out of the walk's journal, frame by frame; contacts, foot-offs, strides and steps
out of `stridehub replay`. Nothing is drawn by hand."""
import argparse
import csv
import io
import math
import os
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
sys.path.insert(0, os.path.join(TOP, "tests", "e2e"))
from rig import journal, pb  # noqa: E402

WALK = os.path.join(TOP, "devices", "sim", "walks", "normal.walk")
FOOT_FORCE, CELL_FORCE, ACCELERATION, RATE = 1, 2, 3, 4
FORWARD, LEFT, UP = 1, 2, 3
WIDTH, HEIGHT, EDGE_LEFT, EDGE_RIGHT, EDGE_TOP, EDGE_BOTTOM = 760, 300, 64, 16, 34, 40
INK, GRID, LEFT_INK, RIGHT_INK, THIRD_INK, SHADE = (
    "#20303c", "#d8dee3", "#0b6e99", "#c2571a", "#5b8c3a", "#f1ead9")


# ---- samples

def channels_of(hello):
    """Per stream: period and (quantity, axis, scale with sign, forward, lateral) of each channel."""
    streams = []
    for data in pb.read(hello)[8]:
        stream = pb.read(data)
        channels = []
        for one in stream[2]:
            field = pb.read(one)
            sign = pb.unzigzag(field.get(3, [pb.zigzag(1)])[0])
            channels.append((field.get(1, [0])[0], field.get(2, [0])[0], sign * field[4][0],
                             pb.unzigzag(field.get(8, [0])[0]), pb.unzigzag(field.get(9, [0])[0]),
                             field.get(5, [0.0])[0]))
        streams.append(channels)
    return streams


def counts_of(packed, samples_n):
    """Channel-major differences to absolute counts."""
    at, flat = 0, []
    while at < len(packed):
        value, at = pb.read_varint(packed, at)
        flat.append(pb.unzigzag(value))
    rows = []
    for start in range(0, len(flat), samples_n):
        value, row = 0, []
        for difference in flat[start:start + samples_n]:
            value += difference
            row.append(value)
        rows.append(row)
    return rows


class Samples:
    """Of one device's first stream: seconds on its clock, and a list a channel."""

    def __init__(self):
        self.channels, self.t_s, self.rows = None, [], None

    def take(self, frame):
        field = pb.read(frame)
        if field.get(5, [0])[0] != 0:
            return
        n = field[8][0]
        rows = counts_of(field[9][0], n)
        self.rows = self.rows or [[] for _ in rows]
        self.t_s += [(field[6][0] + i * field[7][0]) * 1e-6 for i in range(n)]
        for row, counts, channel in zip(self.rows, rows, self.channels):
            row += [channel[5] + channel[2] * count for count in counts]

    def axis(self, quantity, axis):
        for channel, row in zip(self.channels, self.rows):
            if channel[0] == quantity and channel[1] == axis:
                return row
        raise SystemExit("the walk's device lacks a channel")

    def cells(self):
        """(forward mm, lateral mm, N list) of each cell."""
        return [(channel[3], channel[4], row) for channel, row in zip(self.channels, self.rows)
                if channel[0] == CELL_FORCE]

    def force(self):
        rows = [row for channel, row in zip(self.channels, self.rows)
                if channel[0] in (FOOT_FORCE, CELL_FORCE)]
        return [sum(values) for values in zip(*rows)]


def samples_of(path):
    devices = {}
    for row in journal.file_rows(path):
        if row.kind == journal.HELLO:
            device = devices.setdefault(row.slot, Samples())
            device.channels = device.channels or channels_of(row.bytes)[0]
        elif row.kind == journal.FRAME and row.slot in devices:
            devices[row.slot].take(row.bytes)
    return devices


def replay(bin_dir, path, what):
    text = subprocess.run([os.path.join(bin_dir, "stridehub"), "replay", path, what, "--format",
                           "csv"], check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


# ---- drawing

class Plot:
    """One panel: time in s to the right, something with a unit upwards."""

    def __init__(self, title, unit, t0, t1, low, high, top=0):
        self.t0, self.t1, self.low, self.high, self.top = t0, t1, low, high, top
        self.out = []
        self._frame(title, unit)

    def x(self, t):
        return EDGE_LEFT + (t - self.t0) / (self.t1 - self.t0) * (WIDTH - EDGE_LEFT - EDGE_RIGHT)

    def y(self, value):
        span = HEIGHT - EDGE_TOP - EDGE_BOTTOM
        return self.top + EDGE_TOP + (self.high - value) / (self.high - self.low) * span

    def text(self, x, y, words, anchor="middle", ink=INK, size=13):
        self.out.append('<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s" font-size="%d">%s'
                        '</text>' % (x, y, anchor, ink, size, words))

    def _frame(self, title, unit):
        self.text(EDGE_LEFT, self.top + 20, title, "start", size=15)
        step = 10 ** math.floor(math.log10((self.high - self.low) / 3))
        while (self.high - self.low) / step > 6:
            step *= 2 if str(step).strip("0.").startswith(("1", "5")) else 2.5
        value = math.ceil(self.low / step) * step
        while value <= self.high + step / 1e6:
            self.line([(self.t0, value), (self.t1, value)], GRID, 1)
            self.text(EDGE_LEFT - 6, self.y(value) + 4, "%g" % (round(value / step) * step), "end",
                      size=12)
            value += step
        tick = 0.2 if self.t1 - self.t0 < 3 else 1
        for i in range(int((self.t1 - self.t0) / tick) + 1):
            self.text(self.x(self.t0 + i * tick), self.top + HEIGHT - EDGE_BOTTOM + 18,
                      "%g" % round(i * tick, 1), size=12)
        self.text(WIDTH - EDGE_RIGHT, self.top + HEIGHT - 6, "s", "end", size=12)
        self.text(EDGE_LEFT - 6, self.top + EDGE_TOP - 8, unit, "end", size=12)

    def line(self, points, ink, width=2, dash=""):
        path = " ".join("%.1f,%.1f" % (self.x(t), self.y(v)) for t, v in points)
        self.out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="%g"%s/>' %
                        (path, ink, width, ' stroke-dasharray="%s"' % dash if dash else ""))

    def curve(self, t_s, values, ink, width=2):
        self.line([(t, v) for t, v in zip(t_s, values) if self.t0 <= t <= self.t1], ink, width)

    def mark(self, t, words, ink, row=0):
        if not self.t0 < t < self.t1:
            return
        self.line([(t, self.low), (t, self.high)], ink, 1.2, "4 3")
        self.text(self.x(t) + 4, self.top + EDGE_TOP + 12 + 14 * row, words, "start", ink, 12)

    def shade(self, a, b):
        a, b = max(a, self.t0), min(b, self.t1)
        if b > a:
            self.out.insert(0, '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>' % (
                self.x(a), self.y(self.high), self.x(b) - self.x(a),
                self.y(self.low) - self.y(self.high), SHADE))


def write(path, body, height, width=WIDTH):
    with open(path, "w", encoding="utf-8") as out:
        out.write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" '
                  'height="%d" font-family="sans-serif">\n<rect width="100%%" height="100%%" '
                  'fill="white"/>\n%s\n</svg>\n' % (width, height, width, height, "\n".join(body)))
    print("wrote %s" % os.path.relpath(path))


# ---- the pictures

class Scene:
    """A walk, and one stride of the left foot in the middle of it."""

    def __init__(self, bin_dir, path):
        self.devices = samples_of(path)
        self.events = replay(bin_dir, path, "--events")
        strides = [s for s in replay(bin_dir, path, "--strides")
                   if s["foot"] == "left" and s["steady"] == "1"]
        self.stride = strides[len(strides) // 2]
        self.contact = float(self.stride["start_device_s"])
        self.foot_off = float(self.stride["foot_off_device_s"])
        self.end = float(self.stride["end_device_s"])
        # The feet have clocks of their own: one event known on both clocks joins them.
        self.to_session = float(self.stride["start_session_s"]) - self.contact

    def other_events(self):
        """Of the right foot, on the left one's clock."""
        return [(e["kind"], float(e["t_session_s"]) - self.to_session) for e in self.events
                if e["foot"] == "right"]

    def other_shift(self):
        event = next(e for e in self.events if e["foot"] == "right" and
                     float(e["t_session_s"]) - self.to_session > self.contact - 1)
        return float(event["t_session_s"]) - self.to_session - float(event["t_device_s"])


def force_picture(scene, out):
    left, right = scene.devices[0], scene.devices[1]
    shift = scene.other_shift()
    t0, t1 = scene.contact - 0.25, scene.end + 0.25
    plot = Plot("Force under both feet: contact, foot-off, double support", "N", t0, t1, -40, 900)
    plot.curve(left.t_s, left.force(), LEFT_INK)
    plot.curve([t + shift for t in right.t_s], right.force(), RIGHT_INK)
    plot.text(plot.x(scene.contact + 0.28), plot.y(860), "left", "start", LEFT_INK)
    plot.text(plot.x(scene.foot_off + 0.12), plot.y(860), "right", "start", RIGHT_INK)
    right_events = scene.other_events()
    for kind, t in right_events:
        if kind == "ic" and scene.contact < t < scene.foot_off:
            plot.shade(t, scene.foot_off)
        if kind == "fo" and scene.contact < t < scene.end:
            plot.shade(scene.contact, t)
    inside = [f for t, f in zip(left.t_s, left.force()) if t0 <= t <= t1]
    floor = sorted(inside)[len(inside) // 20]
    stance = [f for t, f in zip(left.t_s, left.force()) if scene.contact < t < scene.foot_off]
    plateau = sorted(stance)[len(stance) // 2]
    level = floor + 0.05 * (plateau - floor)
    plot.line([(t0, level), (t1, level)], THIRD_INK, 1.2, "2 3")
    plot.text(plot.x(t1) - 4, plot.y(level) - 6, "5 % of plateau over floor", "end", THIRD_INK, 12)
    plot.mark(scene.contact, "contact", LEFT_INK, 1)
    plot.mark(scene.foot_off, "foot-off", LEFT_INK, 1)
    plot.mark(scene.end, "contact", LEFT_INK, 1)
    write(os.path.join(out, "force.svg"), plot.out, HEIGHT)


def foot_picture(scene, out):
    left = scene.devices[0]
    t0, t1 = scene.contact - 0.15, scene.end + 0.35
    rate = [-math.degrees(v) for v in left.axis(RATE, LEFT)]
    middle = (scene.contact + scene.foot_off) / 2
    pitch, angles, before = 0.0, [], None
    for t, value in zip(left.t_s, rate):
        if t >= middle:
            pitch += 0 if before is None else value * (t - before)
            before = t
            angles.append((t, pitch))
    upper = Plot("Foot: angular rate about the wearer's left, toes up positive", "deg/s", t0, t1,
                 -450, 450)
    upper.curve(left.t_s, rate, LEFT_INK)
    for t, words in ((scene.contact, "contact"), (scene.foot_off, "foot-off"),
                     (scene.end, "contact")):
        upper.mark(t, words, INK, 1)
    upper.mark(middle, "mid-stance: the path begins", THIRD_INK, 0)
    lower = Plot("Foot: angle over the ground, counted from mid-stance", "deg", t0, t1, -80, 40,
                 HEIGHT)
    lower.line([(t, v) for t, v in angles if t <= t1], RIGHT_INK)
    lower.mark(scene.end, "foot angle at contact", INK, 0)
    lower.mark(scene.foot_off, "toes push off", INK, 0)
    write(os.path.join(out, "foot_imu.svg"), upper.out + lower.out, 2 * HEIGHT)


def sole_picture(scene, out):
    cells = scene.devices[0].cells()
    t_s = scene.devices[0].t_s
    scale, x0, y0 = 1.7, 150, 470
    inside = [i for i, t in enumerate(t_s) if scene.contact <= t <= scene.foot_off]
    body = ['<text x="20" y="24" font-size="15" fill="%s">Left sole, one stance: cells and centre '
            'of pressure</text>' % INK]
    peak = max(row[i] for _, _, row in cells for i in inside)
    length = max(f for f, _, _ in cells) + min(f for f, _, _ in cells)
    line_y = y0 - 0.6 * length * scale
    body.append('<line x1="40" x2="260" y1="%.1f" y2="%.1f" stroke="%s" stroke-dasharray="4 3"/>'
                '<text x="266" y="%.1f" font-size="12" fill="%s">forefoot beyond 60 %%</text>' %
                (line_y, line_y, THIRD_INK, line_y + 4, THIRD_INK))
    for forward, lateral, row in cells:
        load = max(row[i] for i in inside) / peak
        # Lateral is to the wearer's left on a left foot.
        body.append('<circle cx="%.1f" cy="%.1f" r="14" fill="%s" fill-opacity="%.2f" stroke="%s" '
                    'stroke-width="0.7"/>' % (x0 - lateral * scale, y0 - forward * scale, LEFT_INK,
                                              0.08 + 0.8 * load, INK))
    points = []
    for i in inside:
        total = sum(row[i] for _, _, row in cells)
        if total > 60:
            points.append((x0 - scale * sum(l * row[i] for _, l, row in cells) / total,
                           y0 - scale * sum(f * row[i] for f, _, row in cells) / total))
    body.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="3"/>' % (
        " ".join("%.1f,%.1f" % p for p in points), RIGHT_INK))
    body.append('<text x="266" y="%.1f" font-size="12" fill="%s">path of the centre of pressure, '
                'heel to toes</text>' % (points[len(points) // 3][1], RIGHT_INK))
    body.append('<text x="266" y="%.1f" font-size="12" fill="%s">darker: larger peak force</text>' %
                (y0 - 20, LEFT_INK))
    write(os.path.join(out, "sole.svg"), body, 500, 560)


def wrist_picture(scene, out, steps):
    wrist = scene.devices[2]
    lengths = [math.sqrt(sum(v * v for v in xyz)) - 9.81 for xyz in zip(
        wrist.axis(ACCELERATION, FORWARD), wrist.axis(ACCELERATION, LEFT),
        wrist.axis(ACCELERATION, UP))]
    if not steps:
        return
    middle = float(steps[len(steps) // 2]["t_device_s"])
    t0, t1 = middle - 2, middle + 2
    plot = Plot("Wrist: length of the acceleration without gravity, steps told", "m/s\u00b2", t0,
                t1, -8, 8)
    plot.curve(wrist.t_s, lengths, LEFT_INK)
    for number, step in enumerate(s for s in steps if t0 < float(s["t_device_s"]) < t1):
        plot.mark(float(step["t_device_s"]), "step" if number == 0 else "", RIGHT_INK)
    write(os.path.join(out, "wrist.svg"), plot.out, HEIGHT)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", default=os.path.join(TOP, "build", "dev", "bin"))
    parser.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "walk.journal")
        subprocess.run([os.path.join(options.bin, "stridesim"), "walk", WALK, "--seed", "7",
                        "--quiet", "--journal", path], check=True, stdout=subprocess.DEVNULL)
        scene = Scene(options.bin, path)
        force_picture(scene, options.out)
        foot_picture(scene, options.out)
        sole_picture(scene, options.out)
        steps = [e for e in replay(options.bin, path, "--wrist") if e["kind"] == "step"]
        wrist_picture(scene, options.out, steps)


if __name__ == "__main__":
    main()
