"""Entries of an edition a page at a time, sorted, and the ranges a scrolling grid asks for."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.paging import DEFAULT_LIMIT, Order, Page, encode_cursor, segments
from portfolio.core.records import records_of
from portfolio.rolling.queries import COLUMNS, EVERY_ENTRY, EntryFilters, get_edition, wanted
from portfolio.rolling.records import EditionEntryRecord, PlacedEntry
from portfolio.rolling.tables import EditionEntry

SORTS = {
    "code": "code",
    "name_zh": "name_zh",
    "city": "city_code",
    "category": "category",
    "change": "change",
    "rule": "rule",
    "decision": "decision",
    "start_month": "start_month",
    "finish_month": "finish_month",
    "annual": "annual_yuan",
    "total_investment": "total_yuan",
}
_EMPTY = {"city", "start_month", "finish_month", "total_investment"}


def entry_order(sort: str) -> Order:
    """The order `sort` names (`-annual`); raises `InvalidError` for an unknown one."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise InvalidError("list.bad_sort", value=sort, allowed="、".join(SORTS))
    column: Any = getattr(EditionEntry, SORTS[name])
    tie: Any = EditionEntry.code
    return Order(name, column, tie, sort.startswith("-"), nullable=name in _EMPTY)


def list_entries(
    session: Session,
    scope: Scope,
    code: str,
    filters: EntryFilters = EVERY_ENTRY,
    sort: str = "code",
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Page[EditionEntryRecord]:
    """A page of entries as mappings of `COLUMNS`; raises `NotFoundError`."""
    order, edition = entry_order(sort), get_edition(session, code)
    here = wanted(edition, filters, scope)
    statement = select(*(getattr(EditionEntry, name) for name in COLUMNS)).where(*here)
    rows: list[EditionEntryRecord] = []
    for part in segments(statement, order, after):
        rows += records_of(EditionEntryRecord, session.execute(part.limit(limit + 1 - len(rows))).mappings())
        if len(rows) > limit:
            break
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = encode_cursor(order, last.get(SORTS[order.name]), last["code"]) if last else None
    total = session.execute(select(func.count()).select_from(EditionEntry).where(*here)).scalar_one()
    return Page(rows[:limit], cursor, int(total))


def entry_slice(
    session: Session, scope: Scope, code: str, filters: EntryFilters, first: int, last: int, sort: str = ""
) -> tuple[list[PlacedEntry], int]:
    """Entries from place `first` up to `last` (not included) and how many there are; unsorted, undecided ones first."""
    here = wanted(get_edition(session, code), filters, scope)
    keys: list[Any] = [col(EditionEntry.decision) != "proposed"]
    if sort:
        order = entry_order(sort)
        keys = [order.column.is_(None), order.column.desc() if order.descending else order.column.asc()]
    columns = [getattr(EditionEntry, name) for name in ("project_id", *COLUMNS)]
    statement = select(*columns).where(*here).order_by(*keys, col(EditionEntry.code))
    rows = session.execute(statement.offset(first).limit(max(0, last - first)))
    total = session.execute(select(func.count()).select_from(EditionEntry).where(*here)).scalar_one()
    return records_of(PlacedEntry, rows.mappings()), int(total)
