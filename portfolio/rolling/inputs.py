"""Read from the database what a roll depends on: the parent, the library, needs, what was delivered, readiness."""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.ledger.tables import Account, Pool
from portfolio.needs.cube import snapshot
from portfolio.projects.queries import iterate_projects
from portfolio.projects.rules import COMPLETE
from portfolio.readiness.queries import readiness_frame
from portfolio.rolling.roll import Calendar, Inputs, ParentEntry, ProjectFacts, spread
from portfolio.rolling.rules import rule_values
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.vocabulary.elements import ElementTree, Node, element_tree

LEFT = ("exited", "completed")
Cells = dict[tuple[str, int], int]


def read_inputs(
    session: Session, scope: Scope, parent: Edition | None, base_year: int, years: int
) -> tuple[Inputs, dict[str, dict[str, Any]]]:
    """The inputs of a roll to `base_year`, and the library's projects by code."""
    projects = {project["code"]: project for project in iterate_projects(session, scope)}
    ready = _ready_percents(session, scope, date(base_year, 1, 1))
    library = [_facts(project, ready) for project in projects.values()]
    code_of = {project["id"]: code for code, project in projects.items()}
    needs = _needs(session, code_of)
    inputs = Inputs(
        Calendar(base_year, years, parent.base_year if parent else None),
        rule_values(),
        parent_entries(session, parent) if parent else [],
        library,
        needs,
        _delivered(session, code_of, needs),
    )
    return inputs, projects


def _facts(project: dict[str, Any], ready: dict[int, int]) -> ProjectFacts:
    stated = sum(project[name] not in (None, "", [], ()) for name in COMPLETE)
    marks = tuple(name for name in ("co_agreed", "cross_province") if project[name])
    return ProjectFacts(
        project["code"],
        project["stage"],
        project["start_month"],
        project["finish_month"],
        project["total_investment_yuan"],
        ready.get(project["id"], 0),
        stated * 100 // len(COMPLETE),
        marks,
    )


def _ready_percents(session: Session, scope: Scope, as_of: date) -> dict[int, int]:
    frame = readiness_frame(session, scope, as_of)
    rows = zip(frame["project_id"], frame["done"], frame["steps"], strict=True)
    return {int(project): int(done) * 100 // max(1, int(steps)) for project, done, steps in rows}


def parent_entries(session: Session, parent: Edition) -> list[ParentEntry]:
    """What goes on from an edition: its accepted entries but those that left, and those whose leaving was rejected."""
    wanted = (col(EditionEntry.edition_id) == parent.id, col(EditionEntry.decision) != "rejected")
    rows = session.execute(select(EditionEntry).where(*wanted, col(EditionEntry.change).not_in(LEFT))).scalars()
    needs = edition_needs(session, parent)
    return [
        ParentEntry(
            row.code,
            row.category,
            row.start_month,
            row.finish_month,
            row.total_yuan,
            row.idle_years,
            needs.get(row.project_id, {}),
        )
        for row in rows
    ]


def edition_needs(session: Session, edition: Edition) -> dict[int, Cells]:
    """An edition's needs by project (id): (item, year) → base units."""
    tree = element_tree(session)
    columns: list[Any] = [EditionNeed.project_id, EditionNeed.item_id, EditionNeed.year, EditionNeed.required]
    found: dict[int, Cells] = {}
    for project, item, year, required in session.execute(
        select(*columns).where(col(EditionNeed.edition_id) == edition.id)
    ):
        found.setdefault(project, {})[tree.by_id[item].code, year] = int(required)
    return found


def _needs(session: Session, code_of: dict[int, str]) -> dict[str, Cells]:
    cube, tree = snapshot(session), element_tree(session)
    found: dict[str, Cells] = {}
    projects = cube.ids[cube.project]
    order = np.argsort(projects, kind="stable")
    columns = (projects[order], cube.item[order], cube.year[order], cube.required[order])
    for project, item, year, required in zip(*(column.tolist() for column in columns), strict=True):
        if project in code_of and required:
            found.setdefault(code_of[project], {})[tree.by_id[item].code, year] = required
    return found


def _delivered(session: Session, code_of: dict[int, str], needs: dict[str, Cells]) -> dict[str, Cells]:
    """What the ledger has as delivered (used among it), by project, leaf and year."""
    tree = element_tree(session)
    amount = col(Account.delivered) + col(Account.used)
    columns: list[Any] = [Account.project_id, Pool.item_id, Pool.year]
    statement = select(*columns, amount).join(Pool, col(Pool.id) == col(Account.pool_id)).where(amount > 0)
    found: dict[str, Cells] = {}
    for project, item, year, delivered in session.execute(statement):
        code = code_of.get(project)
        if code is None:
            continue
        asked = {leaf.code: needs.get(code, {}).get((leaf.code, int(year)), 0) for leaf in _leaves(tree, item)}
        cells = found.setdefault(code, {})
        for leaf, part in on_leaves(int(delivered), asked).items():
            cells[leaf, int(year)] = cells.get((leaf, int(year)), 0) + part
    return found


def _leaves(tree: ElementTree, item_id: int) -> tuple[Node, ...]:
    return tree.leaves_under(tree.by_id[item_id].code)


def on_leaves(delivered: int, asked: dict[str, int]) -> dict[str, int]:
    """What a pool of a node delivered, on the leaves under it: as they asked that year, else on the first."""
    weights = {place: asked[leaf] for place, leaf in enumerate(asked)}
    leaves = list(asked)
    if not any(weights.values()):
        return {leaves[0]: delivered}
    held = {place: weight for place, weight in weights.items() if weight}
    parts = spread(held, delivered, "pro_rata", 0, len(leaves))
    return {leaves[place]: parts[place] - weight for place, weight in held.items() if parts[place] > weight}
