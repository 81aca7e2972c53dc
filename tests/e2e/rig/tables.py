"""The hub's printed tables (`replay --events`, `--strides`, `--sessions`) and how two are compared."""
import csv
import io
import json


def rows(text):
    """csv with a header -> list of dicts."""
    return list(csv.DictReader(io.StringIO(text)))


def column(row, *names):
    """The first of `names` that the row has."""
    for name in names:
        if name in row:
            return row[name]
    raise KeyError("none of the columns %s in %s" % (", ".join(names), ", ".join(row)))


def device_events(events):
    """Sorted (device, foot, kind, t_device_s) as printed: equal text is equal bits."""
    return sorted((e["device"], e["foot"], e["kind"], e["t_device_s"]) for e in events)


def foot_events(events):
    """foot -> kind -> list of device times in order, as printed."""
    out = {}
    for event in events:
        out.setdefault(event["foot"], {}).setdefault(event["kind"], []).append(event["t_device_s"])
    return out


def difference(ours, theirs):
    """How many items of two multisets differ."""
    from collections import Counter
    a, b = Counter(ours), Counter(theirs)
    return sum((a - b).values()) + sum((b - a).values())


def records(text):
    """`--format json` output: one array, or one object per line."""
    text = text.strip()
    if not text:
        return []
    try:
        got = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return got if isinstance(got, list) else [got]
