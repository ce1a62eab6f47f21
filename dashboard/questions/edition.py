"""What the pages of one edition ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import or_, select
from sqlmodel import Session, col

from dashboard.data import may, mine, read
from portfolio.core.errors import FieldError
from portfolio.core.frames import records
from portfolio.ledger.records import ReserveRecord
from portfolio.ledger.reserved import reserves
from portfolio.projects.tables import Project
from portfolio.rolling import annual, consultation, schedule
from portfolio.rolling.adoption import Reserve, exit_reserves
from portfolio.rolling.approval import refusals
from portfolio.rolling.baselines import baseline_frame, count_baselines
from portfolio.rolling.closing import Untold, untold
from portfolio.rolling.detail import Detail, entry_detail
from portfolio.rolling.entry_pages import entry_slice
from portfolio.rolling.lists import COORDINATED, NEAR_TERM, list_frame
from portfolio.rolling.queries import EntryFilters, annual_sum, counts_by, edition_head, get_edition, set_mark
from portfolio.rolling.records import EditionRecord, PlacedEntry
from portfolio.rolling.rules.editions import CATEGORIES
from portfolio.rolling.vetoes import Decided, Vetoed, veto_decisions, vetoed_entries
from portfolio.scenarios.following.arranged import Arranged, Arrangements, arrangements, in_force, reasons
from portfolio.screening.gates import Vetoes, vetoes_by_project, worst_by_project

MISMATCHES = 100
Rows = list[dict[str, Any]]


def head(code: str) -> EditionRecord:
    """The edition with its parent's code and sums; raises `NotFoundError`."""
    return read(lambda session: edition_head(session, mine(), code))


def not_told(code: str) -> Untold:
    """How much of the years before the edition is not known."""
    return read(lambda session: untold(session, mine(), code))


@dataclass(frozen=True)
class Told:
    """What the approved scenario arranged for some entries, and why, by project."""

    arranged: Arrangements
    why: Mapping[str, str]


def _told(session: Session, code: str, projects: Sequence[str] | None, lang: str) -> Told:
    found = arrangements(session, mine(), code, projects)
    return Told(found, reasons(session, mine(), found, lang))


@dataclass(frozen=True)
class Board:
    """Lanes by category (the first entries of each), how many each has, the year's sums, and what was overridden.

    `gates` is the gravest state of the gates by project, of those in the lanes.
    """

    head: EditionRecord
    lanes: Mapping[str, tuple[list[PlacedEntry], int]]
    sums: Mapping[str, int]
    mismatches: tuple[list[PlacedEntry], int]
    made_up: frozenset[int]
    gates: Mapping[str, str]


def board(code: str, filters: EntryFilters, limits: Mapping[str, int]) -> Board:
    """The board of an edition."""

    def question(session: Session) -> Board:
        found = edition_head(session, mine(), code)
        lanes = {}
        for name in CATEGORIES:
            one = replace(filters, category=(name,), standing=True)
            lanes[name] = entry_slice(session, mine(), code, one, 0, limits[name], "code")
        changed = replace(filters, overridden=True, standing=True)
        mismatches = entry_slice(session, mine(), code, changed, 0, MISMATCHES, "code")
        shown = [row["project_id"] for rows, _ in lanes.values() for row in rows]
        sums = {
            name: annual_sum(session, mine(), code, replace(filters, category=(name,), standing=True))
            for name in CATEGORIES
        }
        gates = worst_by_project(session, (row["code"] for rows, _ in lanes.values() for row in rows))
        return Board(found, lanes, sums, mismatches, _made_up(session, shown), gates)

    return read(question)


def _made_up(session: Session, projects: list[int]) -> frozenset[int]:
    """Of some projects (ids), those with an illustrative stage, date or amount."""
    bases: list[Any] = [Project.stage_basis, Project.schedule_basis, Project.investment_basis]
    here = or_(*(basis == "illustrative" for basis in bases))
    return frozenset(session.execute(select(col(Project.id)).where(col(Project.id).in_(projects), here)).scalars())


@dataclass(frozen=True)
class Proposals:
    """A filtered set of entries: how many, their sum of the year, how many of it are decided together and under which
    mark, and its counts; `arranged`: an approved scenario decides on them."""

    head: EditionRecord
    total: int
    annual_yuan: int
    together: int
    waiting: int
    mark: str
    rules: Mapping[str, int]
    decisions: Mapping[str, int]
    arranged: bool


def together(filters: EntryFilters) -> EntryFilters:
    """The part of a filtered set that is decided together: what is undecided, unless the filters say otherwise."""
    return filters if filters.decision else replace(filters, decision=("proposed",))


def proposals(code: str, filters: EntryFilters) -> Proposals:
    """What there is to decide of an edition under some filters."""

    def question(session: Session) -> Proposals:
        counts = counts_by(session, mine(), code, "decision", filters)
        every = counts_by(session, mine(), code, "decision")
        chosen = together(filters)
        return Proposals(
            edition_head(session, mine(), code),
            sum(counts.values()),
            annual_sum(session, mine(), code, filters),
            sum(counts.get(name, 0) for name in chosen.decision),
            every.get("proposed", 0),
            set_mark(session, mine(), code, chosen),
            counts_by(session, mine(), code, "rule"),
            counts_by(session, mine(), code, "decision", replace(filters, decision=())),
            in_force(session, get_edition(session, code)) is not None,
        )

    return read(question)


def block(
    code: str, filters: EntryFilters, first: int, last: int, sort: str = "", lang: str = "zh"
) -> tuple[list[PlacedEntry], int, dict[str, str], Told]:
    """Entries from place `first` up to `last`, how many there are, the gravest state of each project's gates, and what
    the approved scenario arranged for each."""

    def question(session: Session) -> tuple[list[PlacedEntry], int, dict[str, str], Told]:
        rows, total = entry_slice(session, mine(), code, filters, first, last, sort)
        codes = [row["code"] for row in rows]
        return rows, total, worst_by_project(session, codes), _told(session, code, codes, lang)

    return read(question)


@dataclass(frozen=True)
class EntryPage:
    """An entry of an edition with the comments on it, its gates' gravest state, its vetoes and what was decided; what
    the approved scenario arranged for it and why, and what is reserved for it in the edition's years.
    """

    head: EditionRecord
    held: Detail
    comments: Rows
    gate: str | None
    vetoes: Vetoes
    decided: list[Decided]
    arranged: Arranged | None
    why: str
    reserved: list[ReserveRecord]


def detail(code: str, project: str, lang: str) -> EntryPage:
    """One entry of an edition."""

    def question(session: Session) -> EntryPage:
        held = entry_detail(session, mine(), code, project)
        said = consultation.comment_frame(session, mine(), code, project)
        told = veto_decisions(session, get_edition(session, code), held.entry["project_id"])
        found, head_ = arrangements(session, mine(), code, [project]), edition_head(session, mine(), code)
        years = range(head_["base_year"], head_["base_year"] + head_["years"])
        kept = reserves(session, mine(), projects=[held.entry["project_id"]])
        return EntryPage(
            head_,
            held,
            records(said),
            worst_by_project(session, [project]).get(project),
            vetoes_by_project(session, [project]).get(project, {}),
            [one for _, one in told],
            found.projects.get(project),
            reasons(session, mine(), found, lang).get(project, ""),
            [row for row in kept if row["year"] in years],
        )

    return read(question)


@dataclass(frozen=True)
class Round:
    """The consultation: comments, what still refuses approval, what is under a veto, what adoption recovers."""

    head: EditionRecord
    comments: Rows
    waiting: int
    refusals: list[FieldError]
    reserves: list[Reserve]
    vetoed: list[Vetoed]


def consultation_round(code: str) -> Round:
    """The consultation of an edition."""

    def question(session: Session) -> Round:
        edition = get_edition(session, code)
        return Round(
            edition_head(session, mine(), code),
            records(consultation.comment_frame(session, mine(), code)),
            counts_by(session, mine(), code, "decision").get("proposed", 0),
            refusals(session, edition) if may("edition.approve") else [],
            exit_reserves(session, mine(), edition),
            vetoed_entries(session, mine(), code),
        )

    return read(question)


@dataclass(frozen=True)
class AnnualTables:
    """The list's sums, a slice of one of its tables with how many it has, the year it is of, and what is arranged."""

    sums: pd.DataFrame
    rows: list[annual.Row]
    total: int
    year: int
    told: Told


def annual_tables(code: str, by: str, table: str, first: int, last: int, lang: str) -> AnnualTables:
    """The list's sums by `by`, and places `first` up to `last` of one of its tables."""

    def question(session: Session) -> AnnualTables:
        sums = annual.annual_sums(session, mine(), code, by)
        rows, total = annual.annual_slice(session, mine(), code, table, first, last)
        year = get_edition(session, code).base_year
        return AnnualTables(sums, rows, total, year, _told(session, code, None, lang))

    return read(question)


def span(code: str) -> tuple[str, str] | None:
    """The first start and the last finish of the programme."""
    return read(lambda session: schedule.span(session, mine(), code))


def lines(code: str, filters: EntryFilters, first: int, last: int) -> tuple[list[schedule.Line], int]:
    """Entries in time from place `first` up to `last`, and how many there are."""
    return read(lambda session: schedule.schedule_slice(session, mine(), code, filters, first, last))


def tasks(code: str) -> list[annual.Gap]:
    """Every task with its items of the year; those without an item anywhere first, then those a city lacks."""
    found = read(lambda session: annual.decomposition(session, mine(), code))
    return sorted(found, key=lambda one: (bool(one.projects), not one.without, one.task))


def baselines(code: str) -> tuple[pd.DataFrame, int, list[Reserve]]:
    """Totals that left the first approved ones, how many are known, and what projects that leave still reserve."""

    def question(session: Session) -> tuple[pd.DataFrame, int, list[Reserve]]:
        frame = baseline_frame(session, mine(), code, moved=True)
        return (
            frame,
            count_baselines(session, mine(), code),
            exit_reserves(session, mine(), get_edition(session, code)),
        )

    return read(question)


def listed(code: str) -> tuple[EditionRecord, dict[str, Rows]]:
    """The edition and the two lists of its year."""

    def question(session: Session) -> tuple[EditionRecord, dict[str, Rows]]:
        held = edition_head(session, mine(), code)
        names = (COORDINATED, NEAR_TERM)
        return held, {name: records(list_frame(session, mine(), name, held["base_year"])) for name in names}

    return read(question)
