"""What a scenario's walk script says beside the walk: lines that begin with `#>` (README.md).

In: the text of a .walk file. Out: a Scenario: how it is played, what must and must not be said."""
import os
import re

TIME = re.compile(r"^(\d+):(\d\d(?:\.\d+)?)$")
DAY_TIME = re.compile(r"^d(\d+)@(\d+):(\d\d)$")


class Wrong(Exception):
    """A line that is none, in words."""


def seconds(text):
    """M:SS, or plain seconds."""
    got = TIME.match(text)
    if got:
        return int(got[1]) * 60 + float(got[2])
    return float(text)


def span(text, number=float):
    """`A..B`, `A..`, `..B` or `A` as (least, most)."""
    least, dots, most = text.partition("..")
    if not dots:
        return number(least), number(least)
    return (number(least) if least else float("-inf"), number(most) if most else float("inf"))


def _day_time(text):
    """`dN@HH:MM` as seconds from the first day's midnight."""
    day, hour, minute = DAY_TIME.match(text).groups()
    return int(day) * 86400 + int(hour) * 3600 + int(minute) * 60


class Wish:
    """One line: what it wants to see, or not. Columns are those of `stridehub replay --effects`."""

    def __init__(self, kind, words, line):
        self.kind, self.line = kind, line
        self.what = words[0]
        self.columns, self.at, self.n, self.gap_s, self.at_text = {}, None, None, None, None
        for word in words[1:]:
            key, _, value = word.partition("=")
            if not value:
                raise Wrong("'%s' is not key=value" % word)
            if key == "at":
                self.at_text = value
            elif key == "n":
                self.n = span(value, int)
            elif key == "gap":
                self.gap_s = seconds(value)
            else:
                self.columns[key] = value

    def fits(self, row):
        """Is this what it speaks of, whenever it was said?"""
        if row["what"] != self.what:
            return False
        for key, value in self.columns.items():
            told = row.get(key, "")
            if value.startswith("~"):
                if not re.search(value[1:], told):
                    return False
            elif told not in value.split("|"):
                return False
        return True

    def in_time(self, row):
        return self.at is None or self.at[0] <= row["t"] <= self.at[1]


class Play:
    """The script, played once: a local day from the first, and a time of that day."""

    def __init__(self, day, clock_s):
        self.day, self.clock_s = day, clock_s


class Scenario:
    """`number` is the rule book's ("30b"); `replies` and `clock_s` are the walk's own lines."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len(".walk")]
        self.number = self.name.split("-")[0].lstrip("0")
        self.title, self.wishes, self.acks, self.plays, self.says = "", [], [], [], []
        self.records, self.coverage = [], []
        self.until_s = self.end_s = 0.0
        self.until_text, self.shift, self.consent = None, None, {}
        self.replies, self.clock_s, self.clients = [], None, []
        self.slow = False  # too long for the clock of a hub: replay only
        self.twice = 0     # every n-th frame comes twice, in a journal
        with open(path) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    self._line(line.strip())
                except (Wrong, ValueError, IndexError) as error:
                    raise Wrong("%s:%d: %s" % (path, number, error)) from error
        if self.until_text:
            self.until_s = self.moment(self.until_text)
        for wish in self.wishes:
            wish.at = wish.at_text and span(wish.at_text, self.moment)

    def _line(self, line):
        if line.startswith("#>"):
            self._directive(line[2:].split(), line[2:].strip())
            return
        words = line.split("#")[0].split()
        if words[:1] == ["clock"]:
            self.clock_s = seconds(words[1]) * 60
        if words[:1] != ["at"]:
            return
        if words[2] == "reply":
            self.replies.append(_reply(seconds(words[1]), words[3:]))
        if words[2] == "end":
            self.end_s = seconds(words[1])
            self.until_s = max(self.until_s, self.end_s)

    def _directive(self, words, line):
        kind, rest = words[0], words[1:]
        if kind == "title":
            self.title = " ".join(rest)
        elif kind in ("must", "must_not", "may"):
            self.wishes.append(Wish(kind, rest, line))
        elif kind == "record":
            for word in rest:
                path, _, value = word.partition("=")
                self.records.append((path, value, line))
        elif kind == "until":
            self.until_text = rest[0]
        elif kind == "ack":
            keys = dict(word.split("=") for word in rest[2:])
            self.acks.append((rest[0], rest[1], seconds(keys.get("delay", "5")),
                              int(keys.get("n", "1"))))
        elif kind == "clients":
            self.clients.append((seconds(rest[0]), int(rest[1])))
        elif kind == "play":
            first, last = span(rest[0], int)
            for day in range(first, last + 1):
                self.plays += [Play(day, seconds(clock) * 60) for clock in rest[1:]]
        elif kind == "say":
            self.says.append((int(rest[0]), seconds(rest[1]) * 60, _fields(rest[2:])))
        elif kind == "offset":
            self.shift = (_day_time(rest[0]), int(rest[1]) * 60)
        elif kind == "consent":
            self.consent.update(word.split("=") for word in rest)
        elif kind == "slow":
            self.slow = True
        elif kind == "twice":
            self.twice = int(rest[0])
        else:
            raise Wrong("'%s' is no directive" % kind)

    def moment(self, text):
        """`dN@HH:MM` is the local time of a day from the first, 0; else as seconds()."""
        if not DAY_TIME.match(text):
            return seconds(text)
        return self.since(0, _day_time(text))

    def since(self, day, clock_s):
        """Seconds from the start to a local time of a day: by the new offset once it holds. Of an
        hour that comes twice it is the second."""
        local_s = day * 86400 + clock_s
        if self.shift and local_s - self.shift[1] >= self.shift[0]:
            local_s -= self.shift[1]
        return local_s - self.first_clock_s()

    def shift_s(self):
        """When the offset changes, from the start; what it is then, in minutes."""
        return self.shift[0] - self.first_clock_s(), self.shift[1] // 60

    def first_clock_s(self):
        """Local time of day when it starts."""
        if self.plays:
            return min(self.plays, key=lambda p: (p.day, p.clock_s)).clock_s
        return 9 * 3600 if self.clock_s is None else self.clock_s


# ---- what people say, by the field numbers of Report in proto/stridehub.proto

WORDS = {
    "place": (9, ["", "none", "back", "buttock", "thigh", "calf", "foot"]),
    "side": (10, ["", "left", "right", "both"]),
    "quality": (11, ["", "dull", "sharp", "electric", "warm", "tired", "ache"]),
    "symptom_side": (13, ["", "left", "right", "both"]),
    "symptom": (18, ["", "numb", "weak", "heavy", "tingling", "cold"]),
    "relief": (19, ["", "sitting", "bending", "standing", "uphill", "trolley"]),
    "aggravator": (20, ["", "standing_up", "sitting", "walking", "bending", "downhill"]),
    "button": (6, ["", "ok", "help", "stop", "moved_down", "leg_heavy", "unwell", "flare",
                   "no_coaching", "flare_over", "low", "pause"]),
    "answer": (15, ["", "yes", "no"]),
    "surface": (24, ["", "track", "trail", "treadmill", "concrete", "grass", "indoor"]),
}
NUMBERS = {"pain": 8, "mood": 16, "fear": 21, "effort": 22, "ms": 7}


def _fields(words):
    """Words of a report as [(field number, value)]."""
    out = []
    for word in words:
        key, _, value = word.partition("=")
        if key in ("yes", "no") and not value:
            out.append((15, 1 if key == "yes" else 2))
        elif key == "question":
            out.append((14, value))
        elif key in NUMBERS:
            out.append((NUMBERS[key], int(value)))
        elif key in WORDS and value in WORDS[key][1]:
            out.append((WORDS[key][0], WORDS[key][1].index(value)))
        else:
            raise Wrong("'%s' is nothing that people say" % word)
    return out


class Reply:
    """An answer that waits for its question."""

    def __init__(self, from_s, delay_s, text_id, fields):
        self.from_s, self.delay_s, self.text_id, self.fields = from_s, delay_s, text_id, fields


def _reply(from_s, words):
    delay_s, text_id, rest = 3.0, "", []
    for word in words:
        if word.startswith("delay="):
            delay_s = float(word[6:])
        else:
            text_id = word[9:] if word.startswith("question=") else text_id
            rest.append(word)
    return Reply(from_s, delay_s, text_id, _fields(rest))


def load(directory):
    """All scenarios, in the rule book's order."""
    def order(scenario):
        got = re.match(r"(\d+)(.*)", scenario.number)
        return int(got[1]), got[2]
    names = [name for name in os.listdir(directory) if name.endswith(".walk")]
    return sorted((Scenario(os.path.join(directory, name)) for name in names), key=order)
