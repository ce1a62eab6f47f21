"""Roll an edition forward: a pure function of the parent, the library, what really happened and the rules.

Values in, values out: no session, no clock. Amounts are base units (yuan, m²); keys of needs are (item, year). Each
project is rolled by itself, so a programme of any size can be rolled in chunks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from portfolio.rolling.rules.carrying import Carried, Cells, carry, closed_actuals
from portfolio.rolling.rules.editions import category, is_supplement, rung, within_year

STARTED = ("under_construction", "completed")


@dataclass(frozen=True)
class ProjectFacts:
    """A project as the library has it, with how ready and complete its record is (per cent) and its score, if any."""

    code: str
    stage: str | None
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None
    ready_percent: int = 0
    complete_percent: int = 0
    marks: tuple[str, ...] = ()
    points_milli: int | None = None


@dataclass(frozen=True)
class ParentEntry:
    """A project as the parent edition has it; `carried` is the part of `needs` that came over from closed years."""

    code: str
    category: str
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None
    idle_years: int = 0
    needs: Cells = field(default_factory=dict)
    carried: Cells = field(default_factory=dict)
    annual_yuan: int = 0
    stage: str | None = None
    rung: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """The new edition's base year, window and batch, and the first year that is not closed in the parent."""

    base_year: int
    years: int
    parent_year: int | None = None
    batch: str = "annual"


@dataclass(frozen=True)
class Proposal:
    """One entry of the new edition, with the rule that made it; `held` says its facts are those of the parent."""

    code: str
    change: str
    rule: str
    category: str
    rung: str
    idle_years: int
    annual_yuan: int
    needs: Cells
    carried: Cells
    marks: tuple[str, ...]
    held: bool = False


@dataclass(frozen=True)
class Case:
    """One project: what the parent has of it, what the library says, what it asks and what it was given."""

    entry: ParentEntry | None
    facts: ProjectFacts | None
    needs: Cells
    actuals: Cells

    @property
    def code(self) -> str:
        """The project's code."""
        known = self.entry or self.facts
        return known.code if known else ""


@dataclass(frozen=True)
class Inputs:
    """Everything a roll depends on; `actuals` by project, then (item, year): what the ledger has delivered."""

    calendar: Calendar
    rules: Mapping[str, str]
    parent: Sequence[ParentEntry]
    library: Sequence[ProjectFacts]
    needs: Mapping[str, Cells]
    actuals: Mapping[str, Cells]

    def cases(self) -> list[Case]:
        """One case a project, in the order of codes."""
        entries = {entry.code: entry for entry in self.parent}
        known = {facts.code: facts for facts in self.library}
        return [
            Case(entries.get(code), known.get(code), self.needs.get(code, {}), self.actuals.get(code, {}))
            for code in sorted(entries.keys() | known.keys())
        ]

    def digest(self) -> str:
        """The SHA-256 of the inputs in a canonical form: the same inputs give the same digest on every machine."""
        sum_ = hashlib.sha256(head(self.calendar, self.rules))
        for line in lines(self.cases()):
            sum_.update(line)
        return sum_.hexdigest()


def head(calendar: Calendar, rules: Mapping[str, str]) -> bytes:
    """What a digest begins with: the calendar and the rules."""
    plain = {"calendar": asdict(calendar), "rules": dict(rules)}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def lines(cases: Iterable[Case]) -> Iterator[bytes]:
    """Each case in a canonical form, for a digest."""
    for case in cases:
        entry = case.entry and {
            **_plain_facts(replace(case.entry, needs={}, carried={})),
            "needs": _plain(case.entry.needs),
            "carried": _plain(case.entry.carried),
        }
        facts = case.facts and _plain_facts(case.facts)
        yield orjson.dumps([entry, facts, _plain(case.needs), _plain(case.actuals)], option=orjson.OPT_SORT_KEYS)


def _plain_facts(of: ParentEntry | ProjectFacts) -> dict[str, Any]:
    return dict(vars(of))


def _plain(cells: Cells) -> list[list[Any]]:
    return [[item, year, amount] for (item, year), amount in sorted(cells.items())]


def roll_case(calendar: Calendar, rules: Mapping[str, str], case: Case) -> Proposal | None:
    """What the next edition should have of one project; None when it is in neither the parent nor ready to join."""
    if case.entry is None:
        return _join(calendar, rules, case)
    if is_supplement(calendar.batch):
        return _copied(case.entry)
    if case.facts is None:
        return _left(case.entry, "exited", "exit_removed")
    if case.facts.stage == "completed":
        return _left(case.entry, "completed", "finished")
    if case.facts.stage == "withdrawn":
        return _left(case.entry, "exited", "exit_withdrawn")
    return _going_on(calendar, rules, case, case.entry, case.facts)


def hold(calendar: Calendar, rules: Mapping[str, str], case: Case) -> Proposal:
    """The entry as the parent had it, with its facts: what stands when the change that was proposed is rejected."""
    entry = case.entry
    if entry is None:
        raise ValueError(case.code)
    if within_year(calendar.batch):
        return replace(_copied(entry), rule="held")
    stage = case.facts.stage if case.facts else entry.stage
    facts = ProjectFacts(entry.code, stage, entry.start_month, entry.finish_month, entry.total_yuan, marks=entry.marks)
    now = category(calendar.base_year, stage, entry.start_month, entry.finish_month)
    if entry.category == "preparatory":
        now = "preparatory"
    asked = {cell: amount - entry.carried.get(cell, 0) for cell, amount in entry.needs.items()}
    found = carry(calendar, rules, entry.needs, entry.carried, asked, case.actuals)
    return replace(_proposal(facts, "kept", "held", now, entry.idle_years, found, calendar.base_year), held=True)


def _going_on(
    calendar: Calendar, rules: Mapping[str, str], case: Case, entry: ParentEntry, facts: ProjectFacts
) -> Proposal:
    year = calendar.base_year
    idle = _idle_years(calendar, case, entry, facts)
    now = category(year, facts.stage, facts.start_month, facts.finish_month)
    change, rule = _change(rules, entry, facts, now, idle)
    found = carry(calendar, rules, entry.needs, entry.carried, case.needs, case.actuals)
    return _proposal(facts, change, rule, now, idle, found, year)


def _copied(entry: ParentEntry) -> Proposal:
    facts = (entry.rung or rung(entry.category, entry.stage), entry.idle_years, entry.annual_yuan)
    amounts = (dict(entry.needs), dict(entry.carried))
    return Proposal(entry.code, "kept", "carried_over", entry.category, *facts, *amounts, entry.marks, held=True)


def _left(entry: ParentEntry, change: str, rule: str) -> Proposal:
    return Proposal(entry.code, change, rule, entry.category, rung(entry.category, None), 0, 0, {}, {}, entry.marks)


def _idle_years(calendar: Calendar, case: Case, entry: ParentEntry, facts: ProjectFacts) -> int:
    """Years on the list without start or progress: none once works go on or anything was delivered."""
    first = calendar.parent_year or calendar.base_year
    moved = any(amount for (_, year), amount in case.actuals.items() if first <= year < calendar.base_year)
    if facts.stage in STARTED or moved:
        return 0
    return entry.idle_years + max(0, calendar.base_year - first)


def _change(rules: Mapping[str, str], entry: ParentEntry, facts: ProjectFacts, now: str, idle: int) -> tuple[str, str]:
    if facts.stage == "suspended":
        return "suspended", "suspended_by_stage"
    if idle >= int(rules["exit_idle_years"]):
        return "exited", "exit_idle_years"
    if entry.category == "preparatory" and now != "preparatory":
        return "promoted", "category_by_dates"
    told = (entry.start_month, entry.finish_month, entry.total_yuan)
    if told != (facts.start_month, facts.finish_month, facts.total_yuan):
        return "adjusted", "facts_changed"
    return "kept", "carried_over"


def _join(calendar: Calendar, rules: Mapping[str, str], case: Case) -> Proposal | None:
    """Who should join: under way already, or ready and complete enough by the rule."""
    facts = case.facts
    if facts is None or facts.stage in ("completed", "withdrawn", "suspended"):
        return None
    if facts.stage == "under_construction":
        return join(calendar, case, "join_under_way")
    return join(calendar, case, "join_ready") if _ready(rules, facts) else None


def join(calendar: Calendar, case: Case, rule: str) -> Proposal:
    """The entry of a project that comes in by `rule`, from the library."""
    facts = case.facts
    if facts is None:
        raise ValueError(case.code)
    year = calendar.base_year
    now = category(year, facts.stage, facts.start_month, facts.finish_month)
    # No edition planned its closed years, so nothing of them is carried over.
    ahead = {cell: amount for cell, amount in case.needs.items() if cell[1] >= year}
    found = Carried(closed_actuals(case.actuals, year) | ahead, {})
    change = "supplemented" if within_year(calendar.batch) else "added"
    return _proposal(facts, change, rule, now, 0, found, year)


def _ready(rules: Mapping[str, str], facts: ProjectFacts) -> bool:
    ready = facts.ready_percent >= int(rules["join_readiness_percent"])
    return ready and facts.complete_percent >= int(rules["join_completeness_percent"])


def annual(cells: Cells, year: int) -> int:
    """The funds that `cells` ask in `year`, in yuan."""
    return sum(amount for (item, of), amount in cells.items() if of == year and item.split(".")[0] == "fund")


def _proposal(facts: ProjectFacts, change: str, rule: str, now: str, idle: int, found: Carried, year: int) -> Proposal:
    none = change in ("exited", "completed", "suspended") or now == "preparatory"
    yuan = 0 if none else annual(found.needs, year)
    place = rung(now, facts.stage)
    return Proposal(facts.code, change, rule, now, place, idle, yuan, found.needs, found.carried, facts.marks)
