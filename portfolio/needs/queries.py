"""Read needs: of one project, as long rows, and which projects need an item."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.kept import Kept
from portfolio.core.paging import DEFAULT_LIMIT, Page
from portfolio.core.records import record_of
from portfolio.needs.records import NeedRecord
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects.filters import NO_FILTERS, Narrowing, ProjectFilters, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Item
from portfolio.vocabulary.tree import ElementTree

COLUMNS = ["project", "item", "year", "required", "basis", "dimension", "revision"]
_KEY = (col(Need.project_id), col(Need.item_id), col(Need.year))
_counts = Kept()


def project_needs(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """The needs of one project as `COLUMNS` by item and year; raises `NotFoundError` for a project out of scope."""
    project = get_project(session, scope, code)
    statement = _rows().where(col(Need.project_id) == project["id"]).order_by(col(Item.position), col(Need.year))
    return pd.DataFrame([_record(row) for row in session.execute(statement)], columns=COLUMNS, dtype=object)


def not_applicable(session: Session, scope: Scope, code: str) -> list[str]:
    """The item codes a project declared 不涉及, in the tree's order."""
    project = get_project(session, scope, code)
    statement = (
        select(col(Item.code))
        .join(NotApplicable, col(NotApplicable.item_id) == col(Item.id))
        .where(col(NotApplicable.project_id) == project["id"])
        .order_by(col(Item.position))
    )
    return list(session.execute(statement).scalars())


def get_need(session: Session, scope: Scope, code: str, item: str, year: int) -> NeedRecord:
    """One need as a mapping of `COLUMNS`; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    statement = _rows().where(col(Need.project_id) == project["id"], col(Item.code) == item, col(Need.year) == year)
    row = session.execute(statement).first()
    if row is None:
        raise NotFoundError("need.not_found", code=code, item=item, year=str(year))
    return _record(row)


def list_needs(
    session: Session,
    scope: Scope,
    filters: ProjectFilters = NO_FILTERS,
    item: str | None = None,
    years: tuple[int, ...] = (),
    basis: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: tuple[int, int, int] | None = None,
) -> Page[NeedRecord]:
    """A page of needs in the order project, item, year; `after` is the key of the last row read."""
    wanted = [*conditions(filters, scope), *need_conditions(session, item, years, basis)]
    total = _counts.get(session, (scope, filters, item, years, basis), lambda: _count(session, wanted))
    statement = _rows().where(*wanted)
    if after is not None:
        statement = statement.where(_beyond(after))
    rows = session.execute(statement.order_by(*_KEY).limit(limit + 1)).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    cursor = f"{last.project_id}.{last.item_id}.{last.year}" if last else None
    return Page([_record(row) for row in rows[:limit]], cursor, total)


def iterate_needs(
    session: Session,
    scope: Scope,
    filters: ProjectFilters = NO_FILTERS,
    item: str | None = None,
    years: tuple[int, ...] = (),
    basis: str | None = None,
) -> Iterator[NeedRecord]:
    """Every need of the list, streamed in the order project, item, year."""
    wanted = [*conditions(filters, scope), *need_conditions(session, item, years, basis)]
    result = session.execute(_rows().where(*wanted).order_by(*_KEY).execution_options(yield_per=5000))
    for row in result:
        yield _record(row)


def iterate_not_applicable(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS
) -> Iterator[tuple[str, str, str]]:
    """Every 不涉及 statement as (project code, item code, basis)."""
    statement = (
        select(col(Project.code), col(Item.code), col(NotApplicable.basis))
        .join(Project, col(NotApplicable.project_id) == col(Project.id))
        .join(Item, col(NotApplicable.item_id) == col(Item.id))
        .where(*conditions(filters, scope))
        .order_by(col(Project.id), col(Item.id))
    )
    for code, item, basis in session.execute(statement):
        yield code, item, basis


def needing(session: Session, item: str, years: tuple[int, ...] = ()) -> Narrowing:
    """The narrowing to projects that need something above zero of `item` (all under it) in `years` (any when empty)."""
    leaves = _leaf_ids(element_tree(session), item)
    wanted = [col(Need.project_id) == col(Project.id), col(Need.item_id).in_(leaves), col(Need.required) > 0]
    if years:
        wanted.append(col(Need.year).in_(years))
    return Narrowing(("needing", item, years), exists().where(and_(*wanted)))


def parse_key(text: str) -> tuple[int, int, int]:
    """The key a cursor of `list_needs` holds; raises `InvalidError`."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise InvalidError("list.bad_cursor")
    return int(parts[0]), int(parts[1]), int(parts[2])


def _leaf_ids(tree: ElementTree, item: str) -> list[int]:
    if item not in tree.by_code:
        raise InvalidError("item.not_found", value=item)
    return [leaf.id for leaf in tree.leaves_under(item)]


def need_conditions(session: Session, item: str | None, years: tuple[int, ...], basis: str | None) -> list[Any]:
    """The WHERE conditions on `needs`: an item with all under it, years, a basis; what is empty does not narrow."""
    found: list[Any] = []
    if item is not None:
        found.append(col(Need.item_id).in_(_leaf_ids(element_tree(session), item)))
    if years:
        found.append(col(Need.year).in_(years))
    if basis is not None:
        found.append(col(Need.basis) == basis)
    return found


def _beyond(after: tuple[int, int, int]) -> Any:
    project, item, year = after
    same_project = and_(col(Need.project_id) == project, _later(item, year))
    return and_(col(Need.project_id) >= project, or_(col(Need.project_id) > project, same_project))


def _later(item: int, year: int) -> Any:
    return or_(col(Need.item_id) > item, and_(col(Need.item_id) == item, col(Need.year) > year))


def _rows() -> Select[Any]:
    named: Any = col(Item.code).label("item")
    columns: list[Any] = [Project.code, named, Need.year, Need.required, Need.basis, Item.dimension, Need.revision]
    return (
        select(*columns, col(Need.project_id), col(Need.item_id))
        .join(Project, col(Need.project_id) == col(Project.id))
        .join(Item, col(Need.item_id) == col(Item.id))
    )


def _record(row: Any) -> NeedRecord:
    return record_of(NeedRecord, dict(zip(COLUMNS, row[: len(COLUMNS)], strict=True)))


def _count(session: Session, wanted: list[Any]) -> int:
    statement = (
        select(func.count()).select_from(Need).join(Project, col(Need.project_id) == col(Project.id)).where(*wanted)
    )
    return int(session.execute(statement).scalar_one())
