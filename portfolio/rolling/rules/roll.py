"""Roll an edition forward: a pure function of the parent, the library, what really happened and the rules.

Values in, values out: no session, no clock. Amounts are base units (yuan, m²); keys of needs are (item, year). Each
project is rolled by itself, so a programme of any size can be rolled in chunks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from portfolio.projects.rules.works import Works
from portfolio.rolling.rules.carrying import Carried, carry
from portfolio.rolling.rules.closing import Cells, Past, happened
from portfolio.rolling.rules.editions import category, is_supplement, rung, slip, within_year

NOTHING_KNOWN = Past()


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
    actual_start: str | None = None
    actual_finish: str | None = None

    @property
    def works(self) -> Works:
        """When works are planned and when they came about."""
        return Works(self.stage, self.start_month, self.finish_month, self.actual_start, self.actual_finish)

    def finished_before(self, year: int) -> bool:
        """Whether works are over: by the stage, or since they ended before `year`."""
        ended = self.actual_finish is not None and self.actual_finish < f"{year}-01"
        return self.stage == "completed" or ended


@dataclass(frozen=True)
class ParentEntry:
    """A project as the parent has it; `carried` is the part of `needs` that came over, `basis` what they rest on."""

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
    basis: Mapping[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """The new edition's base year, window and batch, and the first year that is not closed in the parent.

    `open_year` is the first year that was not over when it was rolled, `as_of` the month of the roll; without them
    every year before the base year is over, and it is rolled as that begins.
    """

    base_year: int
    years: int
    parent_year: int | None = None
    batch: str = "annual"
    open_year: int | None = None
    as_of: str | None = None

    @property
    def first_open(self) -> int:
        """The first year that is not over."""
        return self.base_year if self.open_year is None else self.open_year

    @property
    def month(self) -> str:
        """The month of the roll."""
        return self.as_of or f"{self.base_year}-01"


@dataclass(frozen=True)
class Proposal:
    """One entry of the new edition, with the rule that made it; `held` says its facts are those of the parent.

    `late_months`: how long its planned start has been due and has not come about.
    """

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
    basis: Mapping[tuple[str, int], str] = field(default_factory=dict)
    late_months: int | None = None


@dataclass(frozen=True)
class Case:
    """One project: what the parent has of it, what the library says, what it asks and what is known of its past."""

    entry: ParentEntry | None
    facts: ProjectFacts | None
    needs: Cells
    past: Past

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
    past: Mapping[str, Past]

    def cases(self) -> list[Case]:
        """One case a project, in the order of codes."""
        entries = {entry.code: entry for entry in self.parent}
        known = {facts.code: facts for facts in self.library}
        return [
            Case(entries.get(code), known.get(code), self.needs.get(code, {}), self.past.get(code, NOTHING_KNOWN))
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
            **_plain_facts(replace(case.entry, needs={}, carried={}, basis={})),
            "needs": _plain(case.entry.needs),
            "carried": _plain(case.entry.carried),
            "basis": _plain(case.entry.basis),
        }
        facts = case.facts and _plain_facts(case.facts)
        past = case.past
        stated = [sorted(past.completed.items()), sorted(past.expected.items()), past.to_date]
        told = [entry, facts, _plain(case.needs), _plain(past.delivered), stated]
        yield orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _plain_facts(of: ParentEntry | ProjectFacts) -> dict[str, Any]:
    """Without an actual month that was not told: before they were told, the same inputs had the same digest."""
    return {name: said for name, said in vars(of).items() if said is not None or not name.startswith("actual_")}


def _plain(cells: Mapping[tuple[str, int], Any]) -> list[list[Any]]:
    return [[item, year, amount] for (item, year), amount in sorted(cells.items())]


def roll_case(calendar: Calendar, rules: Mapping[str, str], case: Case) -> Proposal | None:
    """What the next edition should have of one project; None when it is in neither the parent nor ready to join."""
    if case.entry is None:
        return _join(calendar, rules, case)
    if is_supplement(calendar.batch):
        return _copied(case.entry)
    if case.facts is None:
        return _left(case.entry, "exited", "exit_removed")
    if case.facts.finished_before(calendar.base_year):
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
    actual = (case.facts.actual_start, case.facts.actual_finish) if case.facts else (None, None)
    facts = ProjectFacts(
        *(entry.code, stage, entry.start_month, entry.finish_month, entry.total_yuan),
        marks=entry.marks,
        actual_start=actual[0],
        actual_finish=actual[1],
    )
    now = category(calendar.base_year, facts.works)
    if entry.category == "preparatory":
        now = "preparatory"
    asked = {cell: amount - entry.carried.get(cell, 0) for cell, amount in entry.needs.items()}
    found = carry(calendar, rules, entry.needs, entry.carried, asked, case.past)
    return replace(_proposal(facts, "kept", "held", now, entry.idle_years, found, calendar.base_year), held=True)


def _going_on(
    calendar: Calendar, rules: Mapping[str, str], case: Case, entry: ParentEntry, facts: ProjectFacts
) -> Proposal:
    year = calendar.base_year
    idle = _idle_years(calendar, case, entry, facts)
    late = _late_months(calendar, facts)
    missed = late is not None and _was_to_start(calendar, entry)
    now = _category(calendar, rules, facts, missed)
    change, rule = _change(rules, entry, facts, now, idle)
    if missed and change in ("kept", "adjusted", "promoted"):
        change, rule = "adjusted", "overdue_demoted" if now == "preparatory" else "overdue_start"
    found = carry(calendar, rules, entry.needs, entry.carried, case.needs, case.past)
    one = replace(_proposal(facts, change, rule, now, idle, found, year), late_months=late)
    moved = _moved(calendar, entry, one) if change == "kept" else None
    return replace(one, change="adjusted", rule=moved) if moved else one


def _late_months(calendar: Calendar, facts: ProjectFacts) -> int | None:
    """For how many months a planned start has been due; None when it came about, is still to come, or nobody told."""
    if facts.stage is None or facts.works.begun or facts.stage == "suspended":
        return None
    months = slip(facts.start_month, calendar.month)
    return months if months is not None and months > 0 else None


def _was_to_start(calendar: Calendar, entry: ParentEntry) -> bool:
    """Whether the parent counted on works: it had them under way or starting, or their start lay in its time."""
    if entry.category != "preparatory":
        return True
    first = calendar.parent_year or calendar.base_year
    return entry.start_month is not None and int(entry.start_month[:4]) >= first


def _category(calendar: Calendar, rules: Mapping[str, str], facts: ProjectFacts, missed: bool) -> str:
    """The category by the dates; a start that is still due this year is counted on, one that was missed is put off.

    It is put off to the base year where the project is as ready as one that may join, else it goes back to preparation.
    """
    year, start, works = calendar.base_year, facts.start_month, facts.works
    if missed:
        put_off = f"{year}-01" if _ready(rules, facts) else None
        return category(year, replace(works, planned_start=put_off))
    waiting = not works.begun and facts.stage != "suspended"
    due = start is not None and calendar.month <= start < f"{year}-01" and waiting
    return category(year, replace(works, stage="under_construction" if due else facts.stage))


def _moved(calendar: Calendar, entry: ParentEntry, one: Proposal) -> str | None:
    """The rule that tells what moved though the facts stayed: the category, the rung or the year's money."""
    if one.category != entry.category:
        return "category_moved"
    if entry.rung and one.rung != entry.rung:
        return "rung_moved"
    if within_year(calendar.batch):
        return "money_moved" if one.annual_yuan != entry.annual_yuan else None
    was, now = annual(entry.needs, calendar.base_year), annual(one.needs, calendar.base_year)
    return "money_moved" if was != now else None


def _copied(entry: ParentEntry) -> Proposal:
    facts = (entry.rung or rung(entry.category, entry.stage), entry.idle_years, entry.annual_yuan)
    amounts = (dict(entry.needs), dict(entry.carried))
    one = Proposal(entry.code, "kept", "carried_over", entry.category, *facts, *amounts, entry.marks, held=True)
    return replace(one, basis=dict(entry.basis))


def _left(entry: ParentEntry, change: str, rule: str) -> Proposal:
    return Proposal(entry.code, change, rule, entry.category, rung(entry.category, None), 0, 0, {}, {}, entry.marks)


def _idle_years(calendar: Calendar, case: Case, entry: ParentEntry, facts: ProjectFacts) -> int:
    """Years that are over, on the list without start or progress: none once works go on or anything was delivered."""
    first = calendar.parent_year or calendar.base_year
    if facts.works.begun or case.past.moved(first, calendar.base_year):
        return 0
    return entry.idle_years + max(0, calendar.first_open - first)


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
    if facts is None or facts.stage in ("withdrawn", "suspended") or facts.finished_before(calendar.base_year):
        return None
    if facts.works.begun:
        return join(calendar, case, "join_under_way")
    return join(calendar, case, "join_ready") if _ready(rules, facts) else None


def join(calendar: Calendar, case: Case, rule: str) -> Proposal:
    """The entry of a project that comes in by `rule`, from the library."""
    facts = case.facts
    if facts is None:
        raise ValueError(case.code)
    year = calendar.base_year
    now = _category(calendar, {}, facts, missed=False)
    # No edition planned its closed years, so nothing of them is carried over.
    open_ = {cell: amount for cell, amount in case.needs.items() if cell[1] >= calendar.first_open}
    past = happened(calendar.first_open, year, open_, replace(case.past, completed={}))
    told = {cell: fact for cell, fact in past.items() if fact.amount}
    ahead = {cell: amount for cell, amount in open_.items() if cell[1] >= year}
    amounts = {cell: fact.amount for cell, fact in told.items()}
    found = Carried(amounts | ahead, {}, {cell: fact.basis for cell, fact in told.items()})
    change = "supplemented" if within_year(calendar.batch) else "added"
    return replace(_proposal(facts, change, rule, now, 0, found, year), late_months=_late_months(calendar, facts))


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
    one = Proposal(facts.code, change, rule, now, place, idle, yuan, found.needs, found.carried, facts.marks)
    return replace(one, basis=found.basis)
