"""What would be added to sums once what is proposed is accepted, for who enters or reviews it: figures of their own.

A figure of the record stays what was accepted; beside it stands the change, and of how many projects it comes. A
project whose place, kind or stage is proposed leaves its old group and enters its new one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.frames import absent_as_none, records
from portfolio.needs.beside import needs_beside
from portfolio.needs.cube import category_of
from portfolio.needs.queries import project_needs
from portfolio.needs.summary import PROJECT_DIMENSIONS, SummaryQuery, require_dimensions
from portfolio.projects.beside import beside
from portfolio.projects.filters import NO_FILTERS, Narrowing, ProjectFilters, ever_accepted
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.state_tables import ProposedPart
from portfolio.projects.tables import Project
from portfolio.scheme.heirs import unit_heirs
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

NEEDS_ADDED = ("proposed_required", "proposed_projects")
PROJECTS_ADDED = ("proposed_investment", "proposed_projects")
Row = dict[str, Any]


@dataclass(frozen=True)
class _Sides:
    """A record as accepted (None: never) and as it would be."""

    was: ProjectRecord | None
    now: ProjectRecord


def needs_added(session: Session, scope: Scope, query: SummaryQuery) -> pd.DataFrame:
    """Columns: `by` (with `item` always), `proposed_required` (base units, may be negative), `proposed_projects`."""
    by = tuple(dict.fromkeys((*query.by, "item")))
    tree, heirs = element_tree(session), unit_heirs(session)
    rows: list[Row] = []
    for sides in _proposing(session, scope, query.filters):
        code = sides.now["code"]
        stored = records(project_needs(session, scope, code)) if sides.was else []
        would_be = needs_beside(session, scope, code).rows
        rows += [
            *_of_needs(tree, query, by, _held(sides.was or sides.now, PROJECT_DIMENSIONS, heirs), stored, -1, code),
            *_of_needs(tree, query, by, _held(sides.now, PROJECT_DIMENSIONS, heirs), would_be, 1, code),
        ]
    return _summed(rows, by, NEEDS_ADDED)


def projects_added(
    session: Session, scope: Scope, by: tuple[str, ...], filters: ProjectFilters = NO_FILTERS
) -> pd.DataFrame:
    """Columns: `by`, `proposed_investment` (yuan, may be negative), `proposed_projects` that change it."""
    require_dimensions(by, PROJECT_DIMENSIONS)
    rows: list[Row] = []
    heirs = unit_heirs(session)
    for sides in _proposing(session, scope, filters):
        for side, sign in ((sides.was, -1), (sides.now, 1)):
            if side is not None:
                told = _held(side, by, heirs)
                amount = sign * (side["total_investment_yuan"] or 0)
                rows.append({**told, "project": side["code"], PROJECTS_ADDED[0]: amount})
    return _summed(rows, by, PROJECTS_ADDED)


def _proposing(session: Session, scope: Scope, filters: ProjectFilters) -> Iterator[_Sides]:
    """The records of the list of which anything is proposed that the reader may see."""
    waits = col(Project.id).in_(select(col(ProposedPart.project_id)))
    narrowing = Narrowing(("proposing",), or_(waits, ~ever_accepted()), proposed=True)
    wanted = replace(filters, proposed=None, narrowing=(*filters.narrowing, narrowing))
    projects = list(iterate_projects(session, scope, wanted))
    for stored, seen in zip(projects, beside(session, scope, projects), strict=True):
        if seen.keys or not seen.accepted:
            yield _Sides(stored if seen.accepted else None, seen.project)


def _of_needs(
    tree: ElementTree,
    query: SummaryQuery,
    by: tuple[str, ...],
    held: Row,
    needs: Iterable[Mapping[Any, Any]],
    sign: int,
    code: str,
) -> Iterator[Row]:
    depth = (tree.depth if query.depth is None else query.depth) if "item" in query.by else 0
    for need in needs:
        if _asked(query, need):
            item = tree.at_depth(need["item"], depth).code
            told = {**held, "year": need["year"], "basis": need["basis"], "item": item}
            kept = {name: told[name] for name in by}
            yield {**kept, "project": code, NEEDS_ADDED[0]: sign * need["required"]}


def _held(project: ProjectRecord, names: tuple[str, ...], heirs: Mapping[str, str]) -> Row:
    """What a record is counted under."""
    return {name: category_of(name, project.get, heirs) for name in names}


def _asked(query: SummaryQuery, need: Mapping[Any, Any]) -> bool:
    item, year = need["item"], need["year"]
    within = not query.item or any(item == root or item.startswith(f"{root}.") for root in query.item)
    first, last = query.first_year or year, query.last_year or year
    return within and first <= year <= last and query.basis in (None, need["basis"])


def _summed(rows: list[Row], by: tuple[str, ...], names: tuple[str, str]) -> pd.DataFrame:
    """The change of each group, and of how many projects it comes; a group in which nothing changes is absent."""
    if not rows:
        return pd.DataFrame([] if by else [(0, 0)], columns=[*by, *names], dtype=object)
    frame = pd.DataFrame(rows, columns=[*by, "project", names[0]], dtype=object)
    each = frame.groupby([*by, "project"], dropna=False, sort=False)[names[0]].sum().reset_index()
    each = each[each[names[0]] != 0]
    if not by:
        return pd.DataFrame({names[0]: [int(each[names[0]].sum())], names[1]: [len(each)]})
    grouped = each.groupby(list(by), dropna=False, sort=False)[names[0]]
    found = grouped.agg(["sum", "count"]).reset_index()
    return absent_as_none(found.set_axis([*by, *names], axis=1))
