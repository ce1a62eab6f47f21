"""Read from the database what a roll depends on, chunk by chunk: parent, library, needs, what is past, readiness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.records import picked, record_of
from portfolio.needs.cube import snapshot
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.readiness.queries import readiness_frame
from portfolio.reporting.complete import complete_percents
from portfolio.rolling.lists import marks_of
from portfolio.rolling.past import past_of
from portfolio.rolling.records import HeldEntry
from portfolio.rolling.rules.editions import rule_values
from portfolio.rolling.rules.roll import Calendar, Inputs, ParentEntry, ProjectFacts
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.screening.queries import score_frame
from portfolio.vocabulary.elements import element_tree

CHUNK = 2_000
FLAGS = ("co_agreed", "cross_province")
VETOED = "vetoed"
Cells = dict[tuple[str, int], int]


@dataclass(frozen=True)
class HeldNeeds:
    """The needs of an entry by (item, year), what of them was carried, and what those of years before rest on."""

    needs: Cells = field(default_factory=dict)
    carried: Cells = field(default_factory=dict)
    basis: dict[tuple[str, int], str] = field(default_factory=dict)


NO_NEEDS = HeldNeeds()


@dataclass(frozen=True)
class Chunk:
    """The inputs of some projects, with the rows of the library and of the parent that their facts came from."""

    inputs: Inputs
    library: dict[str, ProjectRecord]
    parent: dict[str, HeldEntry]


def read_chunks(
    session: Session, scope: Scope, parent: Edition | None, calendar: Calendar, codes: Sequence[str] | None = None
) -> Iterator[Chunk]:
    """The inputs of a roll by code, some projects at a time; of `codes` alone when they are named."""
    reader = _Reader(session, scope, parent, calendar)
    filters = ProjectFilters(code=tuple(codes)) if codes is not None else ProjectFilters()
    rows = iterate_projects(session, scope, filters)
    while part := list(islice(rows, CHUNK)):
        yield reader.chunk(part)


class _Reader:
    """Holds what is read once for all chunks."""

    def __init__(self, session: Session, scope: Scope, parent: Edition | None, calendar: Calendar) -> None:
        self.session, self.parent, self.calendar = session, parent, calendar
        self.complete = complete_percents(session)
        self.ready = _ready_percents(session, scope, date(calendar.base_year, 1, 1))
        self.marks = marks_of(session, calendar.base_year)
        self.points, self.vetoed = _points(session, scope)
        cube = snapshot(session)
        self.cube, self.tree = cube, element_tree(session)
        self.order = np.argsort(cube.project, kind="stable")
        self.starts = np.searchsorted(cube.project[self.order], np.arange(len(cube.ids) + 1))
        self.place = {int(number): place for place, number in enumerate(cube.ids)}

    def chunk(self, rows: list[ProjectRecord]) -> Chunk:
        """The inputs of the projects of `rows`."""
        code_of = {row["id"]: row["code"] for row in rows}
        needs = {row["code"]: self._needs(row["id"]) for row in rows}
        entries, held = self._parent(code_of)
        inputs = Inputs(
            self.calendar,
            rule_values(),
            entries,
            [self._facts(row) for row in rows],
            needs,
            past_of(self.session, self.tree, code_of, needs, self.calendar),
        )
        return Chunk(inputs, {row["code"]: row for row in rows}, held)

    def _facts(self, row: ProjectRecord) -> ProjectFacts:
        flags = tuple(name for name, said in picked(row, FLAGS).items() if said)
        flags += (VETOED,) if row["id"] in self.vetoed else ()
        return ProjectFacts(
            row["code"],
            row["stage"],
            row["start_month"],
            row["finish_month"],
            row["total_investment_yuan"],
            self.ready.get(row["id"], 0),
            self.complete[row["id"]],
            (*flags, *self.marks.get(row["id"], ())),
            self.points.get(row["id"]),
            row["actual_start_month"],
            row["actual_finish_month"],
        )

    def _needs(self, project: int) -> Cells:
        place = self.place.get(project)
        if place is None:
            return {}
        mine = self.order[self.starts[place] : self.starts[place + 1]]
        columns = (self.cube.item[mine], self.cube.year[mine], self.cube.required[mine])
        by_id = self.tree.by_id
        return {
            (by_id[item].code, year): amount
            for item, year, amount in zip(*(column.tolist() for column in columns), strict=True)
            if amount
        }

    def _parent(self, code_of: dict[int, str]) -> tuple[list[ParentEntry], dict[str, HeldEntry]]:
        if self.parent is None:
            return [], {}
        held_needs = edition_needs(self.session, self.parent, list(code_of))
        names = list(EditionEntry.model_fields)
        columns = [getattr(EditionEntry, name) for name in names]
        wanted = (col(EditionEntry.edition_id) == self.parent.id, col(EditionEntry.project_id).in_(list(code_of)))
        found = self.session.execute(select(*columns).where(*wanted, standing()))
        rows = [record_of(HeldEntry, dict(zip(names, values, strict=True))) for values in found]
        held = {row["code"]: row for row in rows}
        entries = [_entry(row, held_needs.get(row["project_id"], NO_NEEDS)) for row in held.values()]
        return entries, held


def _entry(row: HeldEntry, held: HeldNeeds) -> ParentEntry:
    return ParentEntry(
        row["code"],
        row["category"],
        row["start_month"],
        row["finish_month"],
        row["total_yuan"],
        row["idle_years"],
        held.needs,
        held.carried,
        row["annual_yuan"],
        row["stage"],
        row["rung"],
        tuple(row["marks"].split(";")) if row["marks"] else (),
        held.basis,
    )


def _ready_percents(session: Session, scope: Scope, as_of: date) -> dict[int, int]:
    frame = readiness_frame(session, scope, as_of)
    rows = zip(frame["project_id"], frame["done"], frame["steps"], strict=True)
    return {int(project): int(done) * 100 // max(1, int(steps)) for project, done, steps in rows}


def _points(session: Session, scope: Scope) -> tuple[dict[int, int], frozenset[int]]:
    """Thousandths of points by project (id) under the policy of `rules.csv`, of those under no veto; and the others."""
    frame = score_frame(session, scope, rule_values()["score_policy"])
    vetoed = frame["vetoed"].astype(bool)
    open_ = frame[~vetoed]
    rows = zip(open_["project_id"], open_["points"], strict=True)
    points = {int(project): round(float(points) * 1000) for project, points in rows}
    return points, frozenset(int(project) for project in frame.loc[vetoed, "project_id"])


def edition_needs(session: Session, edition: Edition, projects: Sequence[int]) -> dict[int, HeldNeeds]:
    """The needs of some of an edition's projects, by their ids, in base units."""
    tree = element_tree(session)
    names = ("project_id", "item_id", "year", "required", "carried", "basis")
    columns: list[Any] = [getattr(EditionNeed, name) for name in names]
    wanted = (col(EditionNeed.edition_id) == edition.id, col(EditionNeed.project_id).in_(projects))
    found: dict[int, HeldNeeds] = {}
    for project, item, year, required, carried, basis in session.execute(select(*columns).where(*wanted)):
        held, cell = found.setdefault(project, HeldNeeds()), (tree.by_id[item].code, year)
        held.needs[cell] = int(required)
        if carried:
            held.carried[cell] = int(carried)
        if basis:
            held.basis[cell] = basis
    return found
