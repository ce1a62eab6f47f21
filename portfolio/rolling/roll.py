"""Roll an edition forward: a pure function of the parent, the library, what really happened and the rules.

Values in, values out: no session, no clock. Amounts are base units (yuan, m²); keys of needs are (item, year).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

import orjson

from portfolio.rolling.rules import category, rung

Cells = Mapping[tuple[str, int], int]
STARTED = ("under_construction", "completed")


@dataclass(frozen=True)
class ProjectFacts:
    """A project as the library has it, with how ready and how complete its record is (per cent)."""

    code: str
    stage: str | None
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None
    ready_percent: int = 0
    complete_percent: int = 0
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParentEntry:
    """A project as the parent edition has it."""

    code: str
    category: str
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None
    idle_years: int = 0
    needs: Cells = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """The new edition's base year and window, and the first year that is not closed in the parent."""

    base_year: int
    years: int
    parent_year: int | None = None


@dataclass(frozen=True)
class Proposal:
    """One entry of the new edition, with the rule that made it; `moved` is what was carried over by cell."""

    code: str
    change: str
    rule: str
    category: str
    rung: str
    idle_years: int
    annual_yuan: int
    needs: Cells
    actuals: Cells
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """Everything a roll depends on; `actuals` by project, then (item, year): what the ledger has delivered."""

    calendar: Calendar
    rules: Mapping[str, str]
    parent: Sequence[ParentEntry]
    library: Sequence[ProjectFacts]
    needs: Mapping[str, Cells]
    actuals: Mapping[str, Cells]

    def digest(self) -> str:
        """The SHA-256 of the inputs in a canonical form: the same inputs give the same digest on every machine."""
        plain = {
            "calendar": asdict(self.calendar),
            "rules": dict(sorted(self.rules.items())),
            "parent": [{**asdict(replace(e, needs={})), "needs": _plain(e.needs)} for e in _sorted(self.parent)],
            "library": [asdict(facts) for facts in _sorted(self.library)],
            "needs": {code: _plain(cells) for code, cells in sorted(self.needs.items())},
            "actuals": {code: _plain(cells) for code, cells in sorted(self.actuals.items())},
        }
        return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(cells: Cells) -> list[list[Any]]:
    return [[item, year, amount] for (item, year), amount in sorted(cells.items())]


def _sorted(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.code)


def roll(inputs: Inputs) -> list[Proposal]:
    """The proposed entries of the next edition by project code: every parent entry once, and who should join."""
    library = {facts.code: facts for facts in inputs.library}
    kept = [_roll_entry(inputs, entry, library.get(entry.code)) for entry in _sorted(inputs.parent)]
    known = {entry.code for entry in inputs.parent}
    joined = [_join(inputs, facts) for facts in _sorted(inputs.library) if facts.code not in known]
    return sorted([*kept, *(one for one in joined if one is not None)], key=lambda one: one.code)


def _roll_entry(inputs: Inputs, entry: ParentEntry, facts: ProjectFacts | None) -> Proposal:
    year, actuals = inputs.calendar.base_year, inputs.actuals.get(entry.code, {})
    if facts is None:
        return _left(entry, "exited", "exit_removed", actuals)
    if facts.stage == "completed":
        return _left(entry, "completed", "finished", actuals)
    if facts.stage == "withdrawn":
        return _left(entry, "exited", "exit_withdrawn", actuals)
    idle = _idle_years(inputs, entry, facts)
    cells = _carried(inputs, _current(inputs, entry), actuals)
    now = category(year, facts.stage, facts.start_month, facts.finish_month)
    change, rule = _change(inputs, entry, facts, now, idle)
    return _proposal(facts, change, rule, now, idle, cells, _closed(actuals, year), year)


def _current(inputs: Inputs, entry: ParentEntry) -> dict[tuple[str, int], int]:
    """What the project asks now: the closed years as the parent planned them, the open ones as the library has them."""
    year, asked = inputs.calendar.base_year, inputs.needs.get(entry.code, {})
    closed = {cell: amount for cell, amount in entry.needs.items() if cell[1] < year}
    return closed | {cell: amount for cell, amount in asked.items() if cell[1] >= year}


def _closed(actuals: Cells, year: int) -> dict[tuple[str, int], int]:
    return {cell: amount for cell, amount in actuals.items() if cell[1] < year}


def _left(entry: ParentEntry, change: str, rule: str, actuals: Cells) -> Proposal:
    return Proposal(entry.code, change, rule, entry.category, rung(entry.category, None), 0, 0, {}, dict(actuals), ())


def _idle_years(inputs: Inputs, entry: ParentEntry, facts: ProjectFacts) -> int:
    """Years on the list without start or progress: none once works go on or anything was delivered."""
    first = inputs.calendar.parent_year or inputs.calendar.base_year
    moved = any(
        amount
        for (_, year), amount in inputs.actuals.get(entry.code, {}).items()
        if first <= year < inputs.calendar.base_year
    )
    if facts.stage in STARTED or moved:
        return 0
    return entry.idle_years + max(0, inputs.calendar.base_year - first)


def _change(inputs: Inputs, entry: ParentEntry, facts: ProjectFacts, now: str, idle: int) -> tuple[str, str]:
    if facts.stage == "suspended":
        return "suspended", "suspended_by_stage"
    if idle >= int(inputs.rules["exit_idle_years"]):
        return "exited", "exit_idle_years"
    if entry.category == "preparatory" and now != "preparatory":
        return "promoted", "category_by_dates"
    told = (entry.start_month, entry.finish_month, entry.total_yuan)
    if told != (facts.start_month, facts.finish_month, facts.total_yuan):
        return "adjusted", "facts_changed"
    return "kept", "carried_over"


def _carried(inputs: Inputs, cells: dict[tuple[str, int], int], actuals: Cells) -> dict[tuple[str, int], int]:
    """Closed years become what was delivered; the rest of each item moves into the years still open, by its rule."""
    year, found = inputs.calendar.base_year, {}
    last = year + inputs.calendar.years - 1
    for item in sorted({item for item, _ in (*cells, *actuals)}):
        planned = {of: amount for (name, of), amount in cells.items() if name == item}
        happened = {of: amount for (name, of), amount in actuals.items() if name == item and of < year}
        rest = sum(amount for of, amount in planned.items() if of < year) - sum(happened.values())
        ahead = {of: amount for of, amount in planned.items() if of >= year}
        rule = inputs.rules["carry_money" if item.split(".")[0] == "fund" else "carry_area"]
        for of, amount in {**happened, **spread(ahead, max(0, rest), rule, year, last)}.items():
            if amount:
                found[item, of] = amount
    return found


def spread(ahead: Mapping[int, int], rest: int, rule: str, first: int, last: int) -> dict[int, int]:
    """`ahead` with `rest` added: to the next year, to the last one, or in proportion; the sum is exact."""
    found = dict(ahead)
    if not rest:
        return found
    whole = sum(ahead.values())
    if rule == "next_year" or (rule == "pro_rata" and not whole):
        found[first] = found.get(first, 0) + rest
        return found
    if rule == "end":
        end = max([last, *ahead])
        found[end] = found.get(end, 0) + rest
        return found
    left = rest
    for year in sorted(ahead)[:-1]:
        part = int(Fraction(rest) * ahead[year] / whole)
        found[year] += part
        left -= part
    found[max(ahead)] += left
    return found


def _join(inputs: Inputs, facts: ProjectFacts) -> Proposal | None:
    """Who should join: under way already, or ready and complete enough by the rule."""
    year = inputs.calendar.base_year
    now = category(year, facts.stage, facts.start_month, facts.finish_month)
    if facts.stage in ("completed", "withdrawn", "suspended"):
        return None
    if facts.stage == "under_construction":
        rule = "join_under_way"
    elif _ready(inputs, facts):
        rule = "join_ready"
    else:
        return None
    asked, actuals = inputs.needs.get(facts.code, {}), _closed(inputs.actuals.get(facts.code, {}), year)
    # No edition planned its closed years, so nothing of them is carried over.
    cells = actuals | {cell: amount for cell, amount in asked.items() if cell[1] >= year}
    return _proposal(facts, "added", rule, now, 0, cells, actuals, year)


def _ready(inputs: Inputs, facts: ProjectFacts) -> bool:
    ready = facts.ready_percent >= int(inputs.rules["join_readiness_percent"])
    return ready and facts.complete_percent >= int(inputs.rules["join_completeness_percent"])


def _proposal(
    facts: ProjectFacts, change: str, rule: str, now: str, idle: int, cells: Cells, actuals: Cells, year: int
) -> Proposal:
    leaves = change in ("exited", "completed")
    annual = sum(amount for (item, of), amount in cells.items() if of == year and item.split(".")[0] == "fund")
    none = leaves or now == "preparatory"
    return Proposal(
        facts.code,
        change,
        rule,
        now,
        rung(now, facts.stage),
        idle,
        0 if none else annual,
        dict(cells),
        actuals,
        facts.marks,
    )
