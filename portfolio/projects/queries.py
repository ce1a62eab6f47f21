"""Read the project library: pages, frames, single records and counts, always within a scope."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, bindparam, func, literal, select, text, union_all
from sqlmodel import Session, col

from portfolio.access.rules import Scope, row_of
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.kept import Kept
from portfolio.core.paging import DEFAULT_LIMIT, Order, Page, encode_cursor, segments
from portfolio.core.records import record_of
from portfolio.projects.filters import NO_FILTERS, WITH_PROPOSED, ProjectFilters, conditions, enters
from portfolio.projects.records import ProjectRecord
from portfolio.projects.tables import FACTS, LINKS, Project, ProjectTask

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
) -> Page[ProjectRecord]:
    """A page of projects as mappings of `COLUMNS`; the last page costs what the first does."""
    order = order_of(sort)
    total = count_projects(session, scope, filters)
    rows: list[Any] = []
    for statement in segments(_places(filters, scope, order), order, after):
        rows += session.execute(statement.limit(limit + 1 - len(rows))).all()
        if len(rows) > limit:
            break
    more = len(rows) > limit
    records = _records(session, [row[0] for row in rows[:limit]])
    last = records[-1] if more else None
    cursor = encode_cursor(order, last.get(SORTS[order.name]), last["id"]) if last else None
    return Page(records, cursor, total)


def slice_projects(
    session: Session, scope: Scope, filters: ProjectFilters, sort: str, start: int, stop: int
) -> tuple[list[ProjectRecord], int]:
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
    statement = _ordered(_places(filters, scope, order), order, flipped).offset(offset).limit(stop - start)
    ids = list(session.execute(statement).scalars())
    return _records(session, ids[::-1] if flipped else ids), total


def _places(filters: ProjectFilters, scope: Scope, order: Order) -> Select[Any]:
    """The ids of the list, which the sort's index gives without reading the rows."""
    return select(order.tie).where(*conditions(filters, scope))


def _ordered(statement: Select[Any], order: Order, flipped: bool) -> Select[Any]:
    down = order.descending != flipped
    keys = [column.desc() if down else column.asc() for column in (order.column, order.tie)]
    if not order.nullable:
        return statement.order_by(*keys)
    empty = order.column.is_(None)
    return statement.order_by(empty.desc() if flipped else empty.asc(), *keys)


def iterate_projects(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS, sort: str = "code"
) -> Iterator[ProjectRecord]:
    """Every project of the list, read in batches, so memory does not grow with the library."""
    after: str | None = None
    while True:
        page = list_projects(session, scope, filters, sort, _BATCH, after)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def get_project(session: Session, scope: Scope, code: str) -> ProjectRecord:
    """One project by code as a mapping of `COLUMNS`; raises `NotFoundError` also when out of scope."""
    row = session.connection().execute(_BY_CODE, {"asked": code}).first()
    if row is None or not _seen(session, scope, dict(row._mapping)):
        raise NotFoundError("project.not_found", code=code)
    record = _blank(row)
    links = _links(record)
    for name, _, _, linked in session.connection().execute(_LINKED_OF_ONE, {"project": record["id"]}):
        links[name].append(linked)
    return record


def _seen(session: Session, scope: Scope, project: Mapping[str, Any]) -> bool:
    """Whether the reader may see a record.

    What only waits for them (转办), and whether what they do not enter was ever accepted, is asked of the database.
    """
    row = row_of(project)
    if scope.covers(row) and enters(scope, row):
        return True
    wanted = select(_TABLE.c.id).where(_TABLE.c.id == project["id"], *conditions(WITH_PROPOSED, scope))
    return session.execute(wanted).first() is not None


def known_codes(session: Session, scope: Scope, codes: Iterable[str]) -> frozenset[str]:
    """Those of `codes` that are projects within the scope."""
    asked = tuple(codes)
    if not asked:
        return frozenset()
    wanted = conditions(ProjectFilters(code=asked), scope)
    return frozenset(session.execute(select(col(Project.code)).where(*wanted)).scalars())


def count_by_task(session: Session, scope: Scope) -> dict[str, int]:
    """How many projects serve each task."""
    task, owner = col(ProjectTask.task_id), col(ProjectTask.project_id)
    statement = select(task, func.count()).join(Project, owner == col(Project.id)).where(*conditions(NO_FILTERS, scope))
    return {code: count for code, count in session.execute(statement.group_by(task))}


def project_ids(session: Session, scope: Scope, filters: ProjectFilters) -> list[int]:
    """The ids of the projects that the scope and the filters leave."""
    return list(session.execute(select(col(Project.id)).where(*conditions(filters, scope))).scalars())


def _records(session: Session, ids: Sequence[int]) -> list[ProjectRecord]:
    """The projects of `ids`, in that order."""
    rows: list[Any] = []
    for start in range(0, len(ids), _BATCH):
        rows += session.connection().execute(_BY_ID, {"ids": ids[start : start + _BATCH]}).all()
    place = {key: number for number, key in enumerate(ids)}
    return _with_links(session, sorted(rows, key=lambda row: place[row[0]]))


def _with_links(session: Session, rows: Sequence[Any]) -> list[ProjectRecord]:
    records = [_blank(row) for row in rows]
    links = {record["id"]: _links(record) for record in records}
    ids = list(links)
    for start in range(0, len(ids), _BATCH):
        for name, project_id, _, code in session.connection().execute(_LINKED, {"ids": ids[start : start + _BATCH]}):
            links[project_id][name].append(code)
    return records


def _links(record: ProjectRecord) -> dict[str, list[str]]:
    """The lists of a record by their names."""
    return {"region_codes": record["region_codes"], "task_ids": record["task_ids"], "units": record["units"]}


def _blank(row: Sequence[Any]) -> ProjectRecord:
    """A record of `COLUMNS` whose lists are still empty."""
    record = dict(zip(_ROW, row, strict=True))
    record["region_codes"], record["task_ids"], record["units"] = [], [], []
    return record_of(ProjectRecord, record)


def _linked_codes(chosen: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Regions, tasks and units of the projects chosen, in one statement: (list, project id, position, code)."""
    links = {
        "region_codes": ("project_regions", "region_code"),
        "task_ids": ("project_tasks", "task_id"),
        "units": ("project_units", "unit_code"),
    }
    parts: list[Any] = []
    for name, (table, column) in links.items():
        columns = Project.metadata.tables[table].c
        listed = select(literal(name), columns.project_id, columns.position, columns[column])
        parts.append(listed.where(chosen(columns.project_id)))
    return union_all(*parts).order_by(text("1"), text("2"), text("3"))


_TABLE = Project.metadata.tables["projects"]
_BY_ID = select(*(_TABLE.c[name] for name in _ROW)).where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
_BY_CODE = select(*(_TABLE.c[name] for name in _ROW)).where(_TABLE.c.code == bindparam("asked", type_=String))
_LINKED = _linked_codes(lambda owner: owner.in_(bindparam("ids", expanding=True)))
_LINKED_OF_ONE = _linked_codes(lambda owner: owner == bindparam("project"))
