"""Scenarios of crossed.txt: the walk of another scenario, with what forbids its rule or nearly does.

In: the table, and the folder of walks. Out: walk scripts of their own, loaded as Scenarios."""
import os
import re

import script

AT = re.compile(r"^at (\d+):(\d\d(?:\.\d+)?) ")


class Case:
    def __init__(self, number, base, title):
        self.number, self.base, self.title, self.lines = number, base, title, []


def read(path):
    """A case begins with `= NUMBER BASE what is crossed`; its lines follow."""
    cases = []
    with open(path) as lines:
        for line in (line.strip() for line in lines):
            if line.startswith("= "):
                cases.append(Case(*line[2:].split(None, 2)))
            elif line and not (line.startswith("#") and not line.startswith("#>")):
                cases[-1].lines.append(line)
    return cases


def time_of(line):
    minutes, seconds = AT.match(line).groups()
    return int(minutes) * 60 + float(seconds)


def crossed(base_lines, case):
    """The base's walk without its wishes; `without WORD...` takes away its lines that begin so."""
    gone = tuple(line[len("without "):] for line in case.lines if line.startswith("without "))
    mine = [line for line in case.lines if not line.startswith("without ")]
    kept = [line for line in base_lines if line and not line.startswith("#") and
            not (gone and line.startswith(gone))]
    head = ["#> title " + case.title, "#> slow"]
    head += [line for line in mine if line.startswith("#>")]
    head += [line for line in kept + mine if not AT.match(line) and not line.startswith("#")]
    return head + sorted((line for line in kept + mine if AT.match(line)), key=time_of)


def load(table, walks, work):
    """All cases, in the table's order."""
    out = []
    files = {name.split("-")[0].lstrip("0"): name for name in os.listdir(walks)}
    for case in read(table):
        with open(os.path.join(walks, files[case.base])) as lines:
            base = [line.strip() for line in lines]
        path = os.path.join(work, "%s-crossed.walk" % case.number)
        with open(path, "w") as out_file:
            out_file.write("\n".join(crossed(base, case)) + "\n")
        out.append(script.Scenario(path))
    return out
