"""From the annual plan of one edition to the annual plan of another: the figure that is published, and why it moved.

A project is told by what became of it: it joined, left, was finished, begins, or its category took it in or out. What
runs in both plans moves with the years (what the first edition had planned for the later year, less what it had for its
own), by what was carried over, by its cost, by being timed anew, and by targets that were set by hand. Whole base
units; the parts of every project sum to its change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.rolling.rules.bridge import Bridge, Comparison
from portfolio.rolling.rules.programme import Facts, Ints

ANNUAL_CAUSES = (
    *("joined", "left", "begun", "finished", "category", "course"),
    *("carried", "dearer", "cheaper", "retimed", "target"),
)
PREPARATORY = "preparatory"
_NOT_TIMED = ("carried", "cost")


@dataclass(frozen=True)
class Headline:
    """The annual plan of two editions and each project's part (id) in every cause, in base units."""

    before: int
    after: int
    parts: Mapping[str, Mapping[int, int]]
    codes: Mapping[int, str]

    def bridge(self) -> Bridge:
        """The sum of every cause."""
        return Bridge(self.before, self.after, {cause: sum(self.parts[cause].values()) for cause in ANNUAL_CAUSES})

    def shares(self, cause: str) -> dict[str, int]:
        """Each project's part of a cause, by code."""
        return {self.codes[number]: amount for number, amount in self.parts[cause].items()}


@dataclass(frozen=True)
class _Year:
    """A project's place in an annual plan: what its target is, and what its needs ask in the year of the plan."""

    target: int
    asked: int
    facts: Facts

    @property
    def runs(self) -> bool:
        """Whether money of the year is counted: preparation and a suspended project have none."""
        return self.facts.category != PREPARATORY and self.facts.change != "suspended"


def headline(found: Comparison, targets: bool) -> Headline:
    """The annual plans of the two editions of a comparison.

    `targets`: the comparison is of all funds, whose annual targets the entries hold; of one source or of land and sea
    the plan is what the needs ask in the year.
    """
    first, second = found.before.span.base_year, found.after.span.base_year
    was, now = _asked(found, found.was, first), _asked(found, found.now, second)
    old = {number: _year(one, was.get(number, 0), targets) for number, one in found.old.items()}
    new = {number: _year(one, now.get(number, 0), targets) for number, one in found.new.items()}
    ahead = {cause: _asked(found, amounts, second) for cause, amounts in found.parts.items()}
    planned = _asked(found, found.was, second)
    parts: dict[str, dict[int, int]] = {cause: {} for cause in ANNUAL_CAUSES}
    for number in sorted(old.keys() | new.keys()):
        moved = {cause: amounts.get(number, 0) for cause, amounts in ahead.items()}
        gone = found.after.gone.get(number)
        for cause, amount in _told(old.get(number), new.get(number), planned.get(number, 0), moved, gone).items():
            if amount:
                parts[cause][number] = amount
    codes = {number: one.facts.code for number, one in (*old.items(), *new.items())}
    return Headline(sum(one.target for one in old.values()), sum(one.target for one in new.values()), parts, codes)


def _asked(found: Comparison, amounts: Ints, year: int) -> dict[int, int]:
    """What `amounts` of the cells of a year come to, by project (id)."""
    here = (found.year == year) & (amounts != 0)
    sums: dict[int, int] = {}
    for number, amount in zip(found.project[here].tolist(), amounts[here].tolist(), strict=True):
        sums[number] = sums.get(number, 0) + amount
    return sums


def _year(facts: Facts, asked: int, targets: bool) -> _Year:
    one = _Year(facts.annual_yuan, asked, facts)
    return one if targets else _Year(asked if one.runs else 0, asked, facts)


def _told(
    old: _Year | None, new: _Year | None, planned: int, moved: Mapping[str, int], gone: str | None
) -> dict[str, int]:
    """The causes of one project; `planned`: what the first edition had for it in the year of the second."""
    if old is None or new is None:
        if old is None:
            return {"joined": new.target if new else 0}
        finished = gone == "completed" or (gone is None and old.facts.category == "completing")
        return {"finished" if finished else "left": -old.target}
    change = new.target - old.target
    if not old.runs or not new.runs:
        begun = old.facts.category == PREPARATORY and new.runs
        return {"begun" if begun else "category": change}
    cost = moved["cost"]
    told = {"course": planned - old.asked, "carried": moved["carried"]}
    told["dearer" if cost > 0 else "cheaper"] = cost
    told["retimed"] = sum(amount for cause, amount in moved.items() if cause not in _NOT_TIMED)
    told["target"] = (new.target - new.asked) - (old.target - old.asked)
    return told
