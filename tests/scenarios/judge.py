"""What was said against what a scenario wants: a list of complaints, empty when it is as it must."""
import re


def clock(at_s):
    tenths = round(at_s * 10)  # first: 59.96 s are a minute
    return "%d:%04.1f" % (tenths // 600, tenths % 600 / 10)


def brief(row):
    """A row in a few words."""
    parts = [row["what"], row["rule"], row["severity"], row["text_id"], row["to"], row["state"]]
    return " ".join(part for part in parts if part) + " at " + clock(row["t"])


def check_must(wish, rows, slack_s, others=()):
    """`slack_s`: how much later something may come (times of a hub under a fast clock). With both
    `n` and `at`, nothing of it comes at another time either, unless one of `others` speaks of it."""
    fitting = [row for row in rows if wish.fits(row)]
    if "repeat" not in wish.columns.get("note", ""):
        fitting = [row for row in fitting if "repeat" not in row["note"].split() and
                   ("resend" not in row["note"].split() or "note" in wish.columns)]
    least, most = wish.n or (1, float("inf"))
    timely = [row for row in fitting if wish.at is None or
              wish.at[0] - slack_s <= row["t"] <= wish.at[1] + slack_s]
    out = []
    if not least <= len(timely) <= most:
        seen = "; ".join(brief(row) for row in fitting[:4]) or "never"
        out.append("%s: seen %d (%s)" % (wish.line, len(timely), seen))
    if wish.n and wish.at and len(fitting) > most:
        late = [row for row in fitting if row not in timely and not any(
            other is not wish and other.fits(row) for other in others)]
        out += ["%s: again, %s" % (wish.line, brief(row)) for row in late[:2]]
    if wish.gap_s is not None:
        for one, other in zip(fitting, fitting[1:]):
            if other["t"] - one["t"] < wish.gap_s - 0.5:
                out.append("%s: %s only %.0f s before the next" %
                           (wish.line, brief(one), other["t"] - one["t"]))
    return out


def allowed(row, scenario):
    """Tips and questions may always be said; the rest must be wished for or named in a `may`."""
    wanted = [wish for wish in scenario.wishes if wish.kind in ("must", "may")]
    if any(wish.fits(row) for wish in wanted):
        return True
    if row["what"] == "prompt":
        return row["severity"] == "info"
    if row["what"] == "alert":  # of what is wished for, or nobody's business but the wearer's
        return any(wish.columns.get("rule") == row["rule"] for wish in wanted)
    return row["what"] in ("walk", "plan")


def value_of(record, path):
    """`a.b.c` in the record; `a[0].b` too. None where it is absent."""
    for part in path.replace("[", ".").replace("]", "").split("."):
        try:
            record = record[int(part)] if isinstance(record, list) else record.get(part)
        except (AttributeError, IndexError, ValueError):
            return None
        if record is None:
            return None
    return record


def check_record(path, wanted, records):
    """`number:path` picks a walk, from 0; else the last."""
    got = re.match(r"(\d+):(.*)", path)
    at = int(got[1]) if got else len(records) - 1
    if not 0 <= at < len(records):
        return "record %s: there are %d walks" % (path, len(records))
    told = value_of(records[at], got[2] if got else path)
    if wanted == "absent":
        return None if told is None else "record %s=%s, should be absent" % (path, told)
    if wanted == "any":
        return None if told is not None else "record %s is absent" % path
    if ".." in wanted:
        least, _, most = wanted.partition("..")
        if not isinstance(told, (int, float)) or (least and told < float(least)) or \
                (most and told > float(most)):
            return "record %s=%s, should be %s" % (path, told, wanted)
        return None
    if wanted.startswith("~"):
        return None if re.search(wanted[1:], str(told)) else \
            "record %s=%s, should have %s" % (path, told, wanted[1:])
    return None if str(told).lower() in wanted.split("|") else \
        "record %s=%s, should be %s" % (path, told, wanted)


def held_back(records):
    """Prompts that were not said, as rows."""
    out = []
    for record in records:
        for alert in record.get("alerts", []):
            if "suppressed_reason" not in alert:
                continue
            out.append({"what": "suppressed", "rule": alert.get("rule_id", ""),
                        "severity": alert.get("severity", ""),
                        "text_id": alert.get("text_id", ""), "to": "", "note": "",
                        "state": alert["suppressed_reason"],
                        "t": (alert["t_utc_ms"] - records[0]["start_utc_ms"]) / 1000})
    return out


def judge(scenario, rows, records, slack_s=0.0):
    """Complaints in words."""
    out = []
    everything = rows + held_back(records)
    for wish in scenario.wishes:
        if wish.kind == "must":
            out += check_must(wish, everything, slack_s,
                              [other for other in scenario.wishes if other.kind in ("must", "may")])
        elif wish.kind == "must_not":
            out += ["%s: %s" % (wish.line, brief(row)) for row in everything
                    if wish.fits(row) and wish.in_time(row) and
                    ("praise" not in row["note"] or "note" in wish.columns)][:3]
    out += ["not wished for: %s" % brief(row) for row in rows if not allowed(row, scenario)][:6]
    for path, wanted, _ in scenario.records:
        complaint = check_record(path, wanted, records)
        if complaint:
            out.append(complaint)
    return out


def expected(scenario):
    """The musts in a few words, for the table."""
    words = []
    for wish in scenario.wishes:
        if wish.kind == "must":
            name = wish.columns.get("rule") or wish.columns.get("text_id") or \
                wish.columns.get("to") or ""
            more = wish.columns.get("severity") or wish.columns.get("state") or ""
            words.append(" ".join(part for part in (
                wish.what if wish.what != "prompt" else "", name, more) if part))
    return ", ".join(dict.fromkeys(words)) or "nothing"


def seen(rows):
    """What was said beside tips and questions, in a few words."""
    words = {}
    for row in rows:
        if row["what"] == "walk" or (row["what"] == "prompt" and "repeat" in row["note"]):
            continue
        if row["what"] == "prompt":
            name = row["rule"] + ("" if row["severity"] == "info" else " " + row["severity"])
        elif row["what"] == "belt":
            name = "belt " + row["state"]
        elif row["what"] == "notice":
            name = "notice " + row["to"]
        else:
            continue
        words[name] = words.get(name, 0) + 1
    return ", ".join(name + (" x%d" % n if n > 1 else "") for name, n in words.items()) or "nothing"
