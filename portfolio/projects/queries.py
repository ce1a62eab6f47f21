"""Read the project library: pages, frames, single records and counts, always within a scope."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.kept import Kept
from portfolio.core.paging import DEFAULT_LIMIT, Order, Page, encode_cursor, segments
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.tables import FACTS, LINKS, Project, ProjectRegion, ProjectTask, ProjectUnit

COLUMNS = ["id", *FACTS, *LINKS, "city_code", "version", "needs_version", "revision"]
_ROW = [name for name in COLUMNS if name not in LINKS]
SORTS = {
    "code": "code",
    "name_zh": "name_zh",
    "kind": "kind",
    "stage": "stage",
    "city": "city_code",
    "lead_unit": "lead_unit",
    "start_month": "start_month",
    "finish_month": "finish_month",
    "total_investment": "total_investment_yuan",
}
TIE = "id"
_NEVER_EMPTY = {"code", "name_zh"}
_BATCH = 500
_counts = Kept()


def _selection(filters: ProjectFilters, scope: Scope) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [getattr(Project, name) for name in _ROW]
    return select(*columns).where(*conditions(filters, scope))


def order_of(sort: str) -> Order:
    """The order `sort` names (`start_month`, `-total_investment`); raises `InvalidError` for an unknown one."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise InvalidError("list.bad_sort", value=sort, allowed="、".join(SORTS))
    column, tie = getattr(Project, SORTS[name]), getattr(Project, TIE)
    return Order(name, column, tie, sort.startswith("-"), nullable=name not in _NEVER_EMPTY)


def count_projects(session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS) -> int:
    """How many projects the scope and the filters leave."""
    statement = select(func.count()).select_from(Project).where(*conditions(filters, scope))
    return _counts.get(session, (scope, filters), lambda: int(session.execute(statement).scalar_one()))


def list_projects(
    session: Session,
    scope: Scope,
    filters: ProjectFilters = NO_FILTERS,
    sort: str = "code",
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page:
    """A page of projects as mappings of `COLUMNS`; the last page costs what the first does."""
    order = order_of(sort)
    total = count_projects(session, scope, filters)
    rows: list[Any] = []
    for statement in segments(_selection(filters, scope), order, after):
        rows += session.execute(statement.limit(limit + 1 - len(rows))).all()
        if len(rows) > limit:
            break
    more = len(rows) > limit
    records = _with_links(session, rows[:limit])
    last = records[-1] if more else None
    cursor = encode_cursor(order, last[SORTS[order.name]], last["id"]) if last else None
    return Page(records, cursor, total)


def slice_projects(
    session: Session, scope: Scope, filters: ProjectFilters, sort: str, start: int, stop: int
) -> tuple[list[dict[str, Any]], int]:
    """Rows `start` to `stop` of the sorted list and the total, for a grid that scrolls by position.

    Positions past the middle are read from the other end, so the last block costs what the first does.
    """
    order = order_of(sort)
    total = count_projects(session, scope, filters)
    start, stop = max(0, start), min(stop, total)
    if start >= stop:
        return [], total
    flipped = start > total // 2
    offset = total - stop if flipped else start
    statement = _ordered(_selection(filters, scope), order, flipped).offset(offset).limit(stop - start)
    rows = list(session.execute(statement).all())
    return _with_links(session, rows[::-1] if flipped else rows), total


def _ordered(statement: Select[Any], order: Order, flipped: bool) -> Select[Any]:
    down = order.descending != flipped
    keys = [column.desc() if down else column.asc() for column in (order.column, order.tie)]
    if not order.nullable:
        return statement.order_by(*keys)
    empty = order.column.is_(None)
    return statement.order_by(empty.desc() if flipped else empty.asc(), *keys)


def iterate_projects(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS, sort: str = "code"
) -> Iterator[dict[str, Any]]:
    """Every project of the list, read in batches, so memory does not grow with the library."""
    after: str | None = None
    while True:
        page = list_projects(session, scope, filters, sort, _BATCH, after)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def project_frame(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS, sort: str = "code"
) -> pd.DataFrame:
    """The list as a frame of `COLUMNS`, also when empty."""
    return pd.DataFrame(list(iterate_projects(session, scope, filters, sort)), columns=COLUMNS, dtype=object)


def get_project(session: Session, scope: Scope, code: str) -> dict[str, Any]:
    """One project by code as a mapping of `COLUMNS`; raises `NotFoundError` also when out of scope."""
    statement = _selection(ProjectFilters(code=(code,)), scope)
    rows = _with_links(session, session.execute(statement).all())
    if not rows:
        raise NotFoundError("project.not_found", code=code)
    return rows[0]


def count_by_task(session: Session, scope: Scope) -> dict[str, int]:
    """How many projects serve each task."""
    task, owner = col(ProjectTask.task_id), col(ProjectTask.project_id)
    statement = select(task, func.count()).join(Project, owner == col(Project.id)).where(*conditions(NO_FILTERS, scope))
    return {code: count for code, count in session.execute(statement.group_by(task))}


def project_ids(session: Session, scope: Scope, filters: ProjectFilters) -> list[int]:
    """The ids of the projects that the scope and the filters leave."""
    return list(session.execute(select(col(Project.id)).where(*conditions(filters, scope))).scalars())


def _with_links(session: Session, rows: Sequence[Any]) -> list[dict[str, Any]]:
    records = [dict(zip(_ROW, row, strict=True)) for row in rows]
    ids = [record["id"] for record in records]
    regions = links(session, ProjectRegion, ProjectRegion.region_code, ids)
    tasks = links(session, ProjectTask, ProjectTask.task_id, ids)
    units = links(session, ProjectUnit, ProjectUnit.unit_code, ids)
    for record in records:
        key = record["id"]
        record["region_codes"], record["task_ids"] = regions.get(key, []), tasks.get(key, [])
        record["units"] = units.get(key, [])
    return records


def links(session: Session, table: Any, value: Any, ids: Iterable[int]) -> dict[int, list[str]]:
    """The linked codes of each project in their order, by project id."""
    wanted = list(ids)
    if not wanted:
        return {}
    owner, place = table.project_id, table.position
    found: dict[int, list[str]] = {}
    statement = select(owner, value).where(owner.in_(wanted)).order_by(owner, place)
    for project_id, code in session.execute(statement):
        found.setdefault(project_id, []).append(code)
    return found
