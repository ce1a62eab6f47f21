"""Read the ledger: pools with their buckets, entries, balances on a past day, and asked beside granted and used."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, within
from portfolio.core.errors import NotFoundError
from portfolio.core.plain_text import stated
from portfolio.core.records import record_of, records_of
from portfolio.ledger.moving import signed_quantity
from portfolio.ledger.records import EntryRecord, PoolRecord
from portfolio.ledger.rules import FREE, HELD
from portfolio.ledger.summary import asked_and_granted
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Item

BUCKETS = (FREE, *HELD)
POOL_COLUMNS = (
    "id",
    "code",
    "name",
    "item",
    "dimension",
    "year",
    "region_code",
    "level",
    "kind",
    "valid_until",
    "carries",
    "doc_no",
    "basis",
)


def list_pools(
    session: Session,
    scope: Scope,
    element: str | None = None,
    year: int | None = None,
    region: str | None = None,
) -> list[PoolRecord]:
    """Pools with their buckets (base units) and `total`, by element, year and code.

    An illustrative pool that was emptied when the illustrative figures were removed is left out.
    """
    statement = _pool_rows().where(*_pool_conditions(session, scope))
    statement = statement.order_by(_pools.c.item_id, _pools.c.year, _pools.c.code)
    if year is not None:
        statement = statement.where(_pools.c.year == year)
    if region:
        statement = statement.where(_pools.c.region_code == region)
    if element is not None:
        items = [node.id for node in element_tree(session).nodes if node.element == element]
        statement = statement.where(_pools.c.item_id.in_(items))
    rows = _pool_records(session, statement)
    return [row for row in rows if row["total"] or row["basis"] == "reported"]


def get_pool(session: Session, scope: Scope, code: str) -> PoolRecord:
    """One pool; raises `NotFoundError`."""
    found = _pool_records(session, _pool_rows().where(_pools.c.code == code, *_pool_conditions(session, scope)))
    if not found:
        raise NotFoundError("ledger.pool_not_found", value=code)
    return found[0]


def pool_on_day(session: Session, scope: Scope, code: str, day: str) -> dict[str, int]:
    """The pool's buckets at the end of `day`, by the dates of the documents (base units)."""
    pool_id = get_pool(session, scope, code)["id"]
    amounts = [func.coalesce(func.sum(signed_quantity(pool_id, bucket)), 0) for bucket in BUCKETS]
    here = or_(_entries.c.pool_id == pool_id, _entries.c.counter_pool_id == pool_id)
    row = session.execute(select(*amounts).where(here, _entries.c.on_date <= day)).one()
    return {bucket: int(amount) for bucket, amount in zip(BUCKETS, row, strict=True)}


def list_entries(
    session: Session,
    scope: Scope,
    project: str | None = None,
    pool: str | None = None,
    limit: int = 100,
    after: int | None = None,
) -> list[EntryRecord]:
    """Entries, the newest first, older than entry `after`; those of projects outside the scope are left out."""
    statement = _selection(session, scope).order_by(col(LedgerEntry.id).desc()).limit(limit)
    if project:
        statement = statement.where(col(Project.code) == project)
    if pool:
        statement = statement.where(or_(col(Pool.code) == pool, _other.c.code == pool))
    if after is not None:
        statement = statement.where(col(LedgerEntry.id) < after)
    return records_of(EntryRecord, session.execute(statement).mappings())


def _pool_conditions(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    """The WHERE conditions on `pools` for a reader's scope: their city's, or their element's."""
    allowed = within(scope, "pool.read")
    if allowed.everything:
        return []
    items = [node.id for node in element_tree(session).nodes if node.element in allowed.elements]
    return [or_(_pools.c.region_code.in_(sorted(allowed.cities)), _pools.c.item_id.in_(items))]


def _selection(session: Session, scope: Scope) -> Select[Any]:
    visible = select(col(Project.id)).where(*conditions(NO_FILTERS, scope))
    entry = LedgerEntry
    return (
        select(
            *_entries.c,
            col(Pool.code).label("pool"),
            _other.c.code.label("counter_pool"),
            col(Project.code).label("project"),
            col(Item.code).label("item"),
            col(Item.dimension),
        )
        .join(_pools, _pools.c.id == col(entry.pool_id))
        .join(Item, col(Item.id) == col(entry.item_id))
        .outerjoin(_other, _other.c.id == col(entry.counter_pool_id))
        .outerjoin(Project, col(Project.id) == col(entry.project_id))
        .where(
            or_(
                and_(col(entry.project_id).is_(None), *_pool_conditions(session, scope)),
                col(entry.project_id).in_(visible),
            )
        )
    )


def get_entry(session: Session, scope: Scope, number: str) -> EntryRecord:
    """One entry as `list_entries` gives it, of a pool or a project within the scope; raises `NotFoundError`."""
    statement = _selection(session, scope).where(col(LedgerEntry.id) == int(number if number.isdecimal() else 0))
    row = session.execute(statement).mappings().first()
    if row is None:
        raise NotFoundError("ledger.entry_not_found", id=number)
    return record_of(EntryRecord, dict(row))


def iterate_entries(session: Session, scope: Scope) -> Iterator[EntryRecord]:
    """Every entry within the scope, the oldest first."""
    statement = _selection(session, scope).order_by(col(LedgerEntry.id)).execution_options(yield_per=5000)
    for row in session.execute(statement).mappings():
        yield record_of(EntryRecord, dict(row))


def natural_keys(session: Session, scope: Scope) -> Counter[tuple[Any, ...]]:
    """How often each entry stands in the ledger, told by its content instead of its number."""
    names = ("kind", "pool", "project", "item", "quantity", "on_date", "doc_no", "note", "counter_pool")
    rows = (
        {**row, "doc_no": stated(row["doc_no"]), "note": stated(row["note"])} for row in iterate_entries(session, scope)
    )
    return Counter(tuple(row[name] or "" for name in names) for row in rows)


def project_life(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """By element and year of one project: `asked`, then `reserved`, `granted`, `delivered`, `used` (base units)."""
    get_project(session, scope, code)
    return asked_and_granted(session, scope, ("year",), filters=ProjectFilters(code=(code,)))


def _pool_rows() -> Select[Any]:
    return select(_pools.c.item_id, *(_pools.c[name] for name in _STORED))


def _pool_records(session: Session, statement: Select[Any]) -> list[PoolRecord]:
    """Pools as mappings, with the item's code and dimension and the sum of the buckets."""
    tree, first, found = element_tree(session).by_id, len(_STORED) - len(BUCKETS), []
    for item_id, *values in session.execute(statement):
        node = tree[item_id]
        record = dict(zip(_STORED, values, strict=True))
        found.append({**record, "item": node.code, "dimension": node.dimension, "total": sum(values[first:])})
    return records_of(PoolRecord, found)


_entries = LedgerEntry.metadata.tables["ledger_entries"]
_other = Pool.metadata.tables["pools"].alias()
_pools = Pool.metadata.tables["pools"]
_STORED = tuple(name for name in (*POOL_COLUMNS, *BUCKETS) if name not in ("item", "dimension"))
