"""The table of goals, and what a figure is against them."""
import csv
import os
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
SIGNS = {"at most": "<=", "at least": ">=", "within": "+-", "between": "", "told": ""}


class Goal(NamedTuple):
    """`told` has no goal: the figure stands in the table to be seen."""
    direction: str
    goal: str
    unit: str
    status: str  # must: the run fails without it; open: not reached, and `reason` says why
    source: str
    reason: str

    def reached(self, value):
        """None where there is nothing to reach. NAN, what was not measured, reaches nothing."""
        if self.direction == "told":
            return None
        if self.direction == "between":
            low, high = (float(word) for word in self.goal.split(".."))
            return low <= value <= high
        goal = float(self.goal)
        if self.direction == "at least":
            return value >= goal
        return (abs(value) if self.direction == "within" else value) <= goal

    def words(self):
        return "%s %s" % (SIGNS[self.direction], self.goal) if self.goal else "-"


def read(path=os.path.join(HERE, "goals.csv")):
    """(set, metric) -> Goal, in the order of the file."""
    goals = {}
    with open(path, newline="") as lines:
        for row in csv.DictReader(lines):
            key = row.pop("set"), row.pop("metric")
            goal = Goal(**row)
            statuses = ("",) if goal.direction == "told" else ("must", "open")
            if key in goals or goal.direction not in SIGNS or goal.status not in statuses or \
                    (goal.status == "open") != bool(goal.reason):
                raise ValueError("%s: the line of %s, %s is wrong" % (path, *key))
            goal.reached(0.0)  # a number that is none is found here, not after the run
            goals[key] = goal
    return goals
