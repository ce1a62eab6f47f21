"""The annual list as it is published: five tables, quarterly targets, and every task's items in every city's plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Scope
from portfolio.core.frames import absent_as_none, records
from portfolio.projects.rules.works import MONTHS, Works
from portfolio.rolling.queries import COLUMNS as ENTRY_COLUMNS
from portfolio.rolling.queries import EntryFilters, entry_frame, get_edition, wanted
from portfolio.rolling.rules.closing import LEDGER
from portfolio.rolling.rules.curve import Months, cumulative_quarters, monthly
from portfolio.rolling.rules.editions import published_table
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.rolling.targets import curves, milestones
from portfolio.rolling.vetoes import KEEP, Decided, newest_decisions
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.tables import Task, TaskUnit, Unit
from portfolio.screening.gates import Vetoes, vetoes_by_project, worst_by_project
from portfolio.vocabulary.codes import WHOLE_REGION, sector_of
from portfolio.vocabulary.elements import element_tree

TABLES = ("new_start", "continuing", "completing", "winding_up", "preparatory")
CITY_GOV = "CITY_GOV"


@dataclass(frozen=True)
class Row:
    """An item of the annual list. Amounts in yuan; `months` each by itself, `quarters` cumulated.

    `milestones` are (name, due, done).

    To the end of the year before: `done_yuan` is what was delivered, `completed_yuan` what was invested; None when
    that is not known. `gate` is the gravest state of its gates today, `vetoes` the gates under a veto with their
    evidence, `decided` what was decided of them last.
    """

    code: str
    name_zh: str
    name_en: str
    table: str
    city_code: str | None
    sector: str | None
    lead_unit: str | None
    owner: str
    person: str
    capacity_zh: str
    start_month: str | None
    finish_month: str | None
    actual_start_month: str | None
    actual_finish_month: str | None
    total_yuan: int | None
    done_yuan: int | None
    completed_yuan: int | None
    annual_yuan: int
    content: str
    months: Months
    milestones: tuple[tuple[str, str, str | None], ...]
    gate: str | None = None
    vetoes: Vetoes = field(default_factory=dict)
    decided: Decided | None = None

    @property
    def quarters(self) -> tuple[int, int, int, int]:
        """What is to be reached by the end of each quarter."""
        return cumulative_quarters(self.months)

    @property
    def works(self) -> Works:
        """When the works are planned and when they came about; the stage is not asked here."""
        return Works(None, *(getattr(self, name) for name in MONTHS))

    @property
    def kept_by(self) -> Decided | None:
        """The decision that keeps it in spite of vetoes, on whichever it was given."""
        return self.decided if self.decided is not None and self.decided.decision == KEEP else None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The gates under a veto that no decision answers."""
        seen = self.kept_by.vetoes if self.kept_by is not None else {}
        return tuple(gate for gate, evidence in self.vetoes.items() if seen.get(gate) != evidence)


@dataclass(frozen=True)
class Gap:
    """A task and, of the cities responsible for it, how many items each has in the year's list.

    `items` counts what the reader may see. What is lacking is judged on the whole list: `without` are responsible
    cities that have no item, of those whose items the reader may all see (a cross-city item counts for each of them);
    `nothing` says that nobody has one.
    """

    task: str
    title_zh: str
    title_en: str
    cities: tuple[str, ...]
    items: dict[str | None, int]
    without: tuple[str, ...] = ()
    nothing: bool = False

    @property
    def projects(self) -> int:
        """How many items for the task the reader may see in the year's list."""
        return sum(self.items.values())


def annual_list(session: Session, scope: Scope, code: str, filters: EntryFilters | None = None) -> list[Row]:
    """The items that stand in an edition, by table and code; each led by who stands for its unit in that year."""
    edition = get_edition(session, code)
    found = records(entry_frame(session, scope, code, filters or EntryFilters(standing=True)))
    numbers = {project: number for number, project in _ids(session, edition).items()}
    beside = _beside(session, edition, {row["code"]: numbers[row["code"]] for row in found}, _done(session, edition))
    rows = [_row(row, edition, numbers[row["code"]], beside) for row in found]
    return sorted(_signed(session, edition, rows), key=lambda row: (TABLES.index(row.table), row.code))


def _signed(session: Session, edition: Edition, rows: Iterable[Row]) -> list[Row]:
    """The items, each led by who stands for its unit in the edition's year."""
    heir, month = unit_directory(session).heir_on, f"{edition.base_year}-01"
    return [replace(row, lead_unit=heir(row.lead_unit, month)) for row in rows]


@dataclass(frozen=True)
class _Beside:
    """What stands beside the entries: by project id, gates and vetoes by code."""

    done: Mapping[int, int | None]
    absent: int | None  # what was delivered of a project of which no delivery is known
    curves: Mapping[int, dict[int, int]]
    steps: Mapping[int, list[tuple[str, str, str | None]]]
    gates: Mapping[str, str]
    vetoes: Mapping[str, Vetoes]
    decided: Mapping[int, Decided]


def _beside(session: Session, edition: Edition, numbers: Mapping[str, int], done: Mapping[int, int | None]) -> _Beside:
    """What stands beside the entries of some projects (code → id)."""
    ids = list(numbers.values())
    gates, vetoes = worst_by_project(session, numbers), vetoes_by_project(session, numbers)
    told = (curves(session, edition, ids), milestones(session, edition, ids))
    return _Beside(done, _absent(edition), *told, gates, vetoes, newest_decisions(session, edition))


def _row(row: Mapping[Any, Any], edition: Edition, number: int, beside: _Beside) -> Row:
    plain = ("code", "name_zh", "name_en", "city_code", "lead_unit", "owner", "person", "capacity_zh", "content")
    works = Works(*(row[name] for name in ("stage", *MONTHS)))
    annual = int(row["annual_yuan"])
    return Row(
        **{name: row[name] for name in plain},
        **{name: row[name] for name in MONTHS},
        table=published_table(row["category"], works.finish, edition.base_year),
        sector=sector_of(row["kind"]),
        total_yuan=None if row["total_yuan"] is None else int(row["total_yuan"]),
        done_yuan=beside.done.get(number, beside.absent),
        completed_yuan=None if row["completed_yuan"] is None else int(row["completed_yuan"]),
        annual_yuan=annual,
        months=monthly(annual, edition.base_year, works, beside.curves.get(number, {})),
        milestones=tuple(beside.steps.get(number, [])),
        gate=beside.gates.get(row["code"]),
        vetoes=beside.vetoes.get(row["code"], {}),
        decided=beside.decided.get(number),
    )


def _ids(session: Session, edition: Edition) -> dict[int, str]:
    statement = select(col(EditionEntry.project_id), col(EditionEntry.code))
    rows = session.execute(statement.where(col(EditionEntry.edition_id) == edition.id))
    return {number: code for number, code in rows}


def _done(session: Session, edition: Edition, projects: Sequence[int] | None = None) -> dict[int, int | None]:
    """The funds delivered up to the end of the year before, by project (id; some or all of them), in yuan.

    None where years were planned of which the ledger knows nothing.
    """
    funds = [node.id for node in element_tree(session).leaves if node.element == "fund"]
    known = case((col(EditionNeed.basis).in_(("", LEDGER)), col(EditionNeed.required)))
    statement = (
        select(col(EditionNeed.project_id), func.sum(known))
        .where(
            col(EditionNeed.edition_id) == edition.id,
            col(EditionNeed.year) < edition.base_year,
            col(EditionNeed.item_id).in_(funds),
            *([] if projects is None else [col(EditionNeed.project_id).in_(projects)]),
        )
        .group_by(col(EditionNeed.project_id))
    )
    return {number: None if amount is None else int(amount) for number, amount in session.execute(statement)}


def _absent(edition: Edition) -> int | None:
    """What is known to be delivered of a project without a year before: nothing was asked then, or not known."""
    return 0 if edition.open_year is None else None


def annual_slice(session: Session, scope: Scope, code: str, table: str, first: int, last: int) -> tuple[list[Row], int]:
    """The items of one published table from place `first` up to `last` (not included), and how many it has."""
    edition = get_edition(session, code)
    here = [*wanted(edition, EntryFilters(standing=True), scope), _table_of(edition) == table]
    columns = [getattr(EditionEntry, name) for name in ("project_id", *ENTRY_COLUMNS)]
    statement = select(*columns).where(*here).order_by(col(EditionEntry.code)).offset(first).limit(max(0, last - first))
    found = [dict(row) for row in session.execute(statement).mappings()]
    numbers = {row["code"]: row["project_id"] for row in found}
    beside = _beside(session, edition, numbers, _done(session, edition, list(numbers.values())))
    rows = [_row(row, edition, row["project_id"], beside) for row in found]
    total = session.execute(select(func.count()).select_from(EditionEntry).where(*here)).scalar_one()
    return _signed(session, edition, rows), int(total)


def _table_of(edition: Edition) -> ColumnElement[str]:
    """`published_table` as SQL."""
    finish = func.coalesce(col(EditionEntry.actual_finish_month), col(EditionEntry.finish_month))
    late = (col(EditionEntry.category) == "completing") & (finish < f"{edition.base_year}-01")
    return case((late, "winding_up"), else_=col(EditionEntry.category))


def annual_sums(session: Session, scope: Scope, code: str, by: str) -> pd.DataFrame:
    """`group`, `table`, `projects`, `total_yuan`, `annual_yuan` of the list, as `totals` has them but summed in SQL."""
    edition = get_edition(session, code)
    name = {"city": "city_code", "unit": "lead_unit", "sector": "kind"}[by]
    column, table = getattr(EditionEntry, name), _table_of(edition)
    sums: list[Any] = [func.count(), func.sum(func.coalesce(col(EditionEntry.total_yuan), 0))]
    sums.append(func.sum(col(EditionEntry.annual_yuan)))
    here = wanted(edition, EntryFilters(standing=True), scope)
    rows = session.execute(select(column, table, *sums).where(*here).group_by(column, table)).all()
    heir, month = unit_directory(session).heir_on, f"{edition.base_year}-01"
    of: dict[str, Callable[[Any], Any]] = {"sector": sector_of, "unit": lambda code: heir(code, month)}
    group = of.get(by, lambda code: code)
    frame = pd.DataFrame(
        [(group(row[0]), row[1], *(int(value) for value in row[2:])) for row in rows],
        columns=["group", "table", "projects", "total_yuan", "annual_yuan"],
    ).astype({"group": object})
    return _ordered(frame.groupby(["group", "table"], as_index=False, dropna=False).sum())


def _ordered(found: pd.DataFrame) -> pd.DataFrame:
    """区直及跨市 after the cities, what is not stated last, the tables as they are published."""
    place = [
        (pd.isna(group), group == WHOLE_REGION, str(group), TABLES.index(table))
        for group, table in zip(found["group"], found["table"], strict=True)
    ]
    ordered = found.iloc[sorted(range(len(found)), key=lambda number: place[number])].reset_index(drop=True)
    return absent_as_none(ordered)


def group_of(row: Row, by: str) -> str | None:
    """The group of an item: its city (450000: 区直及跨市), its lead unit or its sector."""
    return {"city": row.city_code, "unit": row.lead_unit, "sector": row.sector}[by]


def totals(rows: list[Row], by: str) -> pd.DataFrame:
    """`group`, `table`, `projects`, `total_yuan`, `done_yuan`, `annual_yuan`: the list's totals, 区直及跨市 last.

    A sum is of what is known.
    """
    frame = pd.DataFrame(
        [(group_of(r, by), r.table, 1, r.total_yuan or 0, r.done_yuan or 0, r.annual_yuan) for r in rows],
        columns=["group", "table", "projects", "total_yuan", "done_yuan", "annual_yuan"],
    ).astype({"group": object})
    found = frame.groupby(["group", "table"], as_index=False, dropna=False).sum()
    return _ordered(found)


def decomposition(session: Session, scope: Scope, code: str) -> list[Gap]:
    """Every task with its items of the year by city (三(一): 分解落实到年度计划); preparatory items count."""
    whole = _items(session, EVERYTHING, code)
    seen = whole if scope.everything else _items(session, scope, code)
    cities = _responsible_cities(session)
    rows = session.execute(select(col(Task.id), col(Task.title_zh), col(Task.title_en)).order_by(col(Task.id)))
    return [
        Gap(
            task,
            zh,
            en,
            cities.get(task, ()),
            seen.get(task, {}),
            tuple(city for city in _lacking(cities.get(task, ()), whole.get(task, {})) if _sees(scope, city)),
            not whole.get(task),
        )
        for task, zh, en in rows
    ]


def _sees(scope: Scope, city: str) -> bool:
    """Whether the reader may see every item of a city, so that they can be told that it has none."""
    return scope.everything or city in scope.cities


def _lacking(cities: Iterable[str], items: Mapping[str | None, int]) -> Iterable[str]:
    return () if items.get(WHOLE_REGION) else (city for city in cities if not items.get(city))


def _items(session: Session, scope: Scope, code: str) -> dict[str, dict[str | None, int]]:
    """Task → city → how many items of the year within the scope."""
    here = wanted(get_edition(session, code), EntryFilters(standing=True), scope)
    served = select(col(EditionEntry.task_ids), col(EditionEntry.city_code), func.count()).where(*here)
    items: dict[str, dict[str | None, int]] = {}
    for tasks, city, count in session.execute(served.group_by(col(EditionEntry.task_ids), col(EditionEntry.city_code))):
        for task in tasks.split(";"):
            counts = items.setdefault(task, {})
            counts[city] = counts.get(city, 0) + int(count)
    return items


def _responsible_cities(session: Session) -> dict[str, tuple[str, ...]]:
    statement = (
        select(col(TaskUnit.task_id), col(Unit.region_code))
        .join(Unit, col(Unit.code) == col(TaskUnit.unit_code))
        .where(col(Unit.kind) == CITY_GOV, col(Unit.region_code).is_not(None))
        .order_by(col(TaskUnit.task_id), col(TaskUnit.position))
    )
    found: dict[str, tuple[str, ...]] = {}
    for task, region in session.execute(statement):
        found[task] = (*found.get(task, ()), str(region))
    return found
