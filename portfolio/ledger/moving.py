"""Move a quantity between buckets; no pool and no reserve is ever overdrawn, today or on a past day."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text, update
from sqlmodel import Session

from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.units import outer_text
from portfolio.ledger import checks, rules
from portfolio.ledger.rules import FREE, HELD, OUTSIDE
from portfolio.ledger.tables import Account, LedgerEntry, Pool
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class Step:
    """`quantity` goes from `source` to `target` in `pool`, for a project or none; with `counter`, into that pool."""

    pool: Pool
    project_id: int | None
    source: str
    target: str
    quantity: int
    counter: Pool | None = None


def move(session: Session, step: Step, kind: str, on_date: str) -> None:
    """Carry out `step`; raises `InvalidError` when its bucket lacks the quantity on `on_date` or on any day since."""
    _require_then(session, step, kind, on_date)
    taken = _shift(session, step.pool, step.source, None if step.counter else step.target, step)
    if step.project_id is not None and taken:
        session.execute(_OPEN_ACCOUNT, {"pool": step.pool.id, "project": step.project_id})
        taken = _shift_account(session, step)
    if not taken:
        _refuse(session, step, kind)
    if step.counter:
        _shift(session, step.counter, None, step.target, step)


def _shift(session: Session, pool: Pool, source: str | None, target: str | None, step: Step) -> bool:
    statement = update(_pools).where(_pools.c.id == pool.id)
    values: dict[str, Any] = {"revision": revision.bump(session)}
    if source not in (None, OUTSIDE):
        statement = statement.where(_pools.c[source] >= step.quantity)
        values[str(source)] = _pools.c[source] - step.quantity
    if target not in (None, OUTSIDE):
        values[str(target)] = _pools.c[target] + step.quantity
    return session.connection().execute(statement.values(**values)).rowcount == 1


def _shift_account(session: Session, step: Step) -> bool:
    table, statement, values = _accounts, update(_accounts), {}
    statement = statement.where(table.c.pool_id == step.pool.id, table.c.project_id == step.project_id)
    if step.source in HELD:
        statement = statement.where(table.c[step.source] >= step.quantity)
        values[step.source] = table.c[step.source] - step.quantity
    if step.target in HELD:
        values[step.target] = table.c[step.target] + step.quantity
    return session.connection().execute(statement.values(**values)).rowcount == 1


def _refuse(session: Session, step: Step, kind: str, available: int | None = None, day: str = "") -> None:
    held = checks.held(session, step.pool, step.project_id)
    dimension = element_tree(session).by_id[step.pool.item_id].dimension
    there = held.get(step.source, 0) if available is None else available
    params = {
        "bucket": step.source,
        "available": outer_text(there, dimension),
        "quantity": outer_text(step.quantity, dimension),
        "day": day,
    }
    code = "ledger.overdrawn_on_day" if day else rules.shortage_code(kind, held)
    raise InvalidError("ledger.invalid", [FieldError("quantity", code, params)])


def _require_then(session: Session, step: Step, kind: str, on_date: str) -> None:
    """An entry dated before others must leave its bucket whole on every day from its own date on."""
    for pool, project_id, bucket in _sides_taken_from(step):
        later = select(_entries.c.id).where(_entries.c.on_date > on_date, _of(pool)).limit(1)
        if session.connection().execute(later).first() is None:
            continue
        lowest, day = _lowest_since(session, pool, project_id, bucket, on_date)
        if lowest < step.quantity:
            _refuse(session, step, kind, lowest, day)


def _sides_taken_from(step: Step) -> list[tuple[Pool, int | None, str]]:
    if step.source == OUTSIDE:
        return []
    return [(step.pool, step.project_id if step.source in HELD else None, step.source)]


def _of(pool: Pool) -> ColumnElement[bool]:
    return or_(_entries.c.pool_id == pool.id, _entries.c.counter_pool_id == pool.id)


def _lowest_since(session: Session, pool: Pool, project_id: int | None, bucket: str, on_date: str) -> tuple[int, str]:
    """The least a bucket held on `on_date` or any day after, and that day."""
    signed = signed_quantity(pool.id, bucket)
    statement = select(_entries.c.on_date, func.sum(signed)).where(_of(pool))
    if project_id is not None:
        statement = statement.where(_entries.c.project_id == project_id)
    rows = session.connection().execute(statement.group_by(_entries.c.on_date).order_by(_entries.c.on_date)).all()
    days = [(day, held) for (day, _), held in zip(rows, accumulate(int(amount) for _, amount in rows), strict=True)]
    before = [held for day, held in days if day <= on_date]
    candidates = [(before[-1] if before else 0, on_date), *((held, day) for day, held in days if day > on_date)]
    return min(candidates)


def signed_quantity(pool_id: int | None, bucket: str) -> ColumnElement[int]:
    """What an entry adds to (or, below zero, takes from) `bucket` of the pool."""
    entries = _entries.c
    here, into = entries.pool_id == pool_id, entries.counter_pool_id == pool_id
    arrives = or_(and_(here, entries.counter_pool_id.is_(None)), into) if bucket == FREE else here
    gained = case((and_(entries.target == bucket, arrives), entries.quantity), else_=0)
    lost = case((and_(entries.source == bucket, here), entries.quantity), else_=0)
    return gained - lost


_pools = Pool.metadata.tables["pools"]
_accounts = Account.metadata.tables["ledger_accounts"]
_entries = LedgerEntry.metadata.tables["ledger_entries"]
_OPEN_ACCOUNT = text(
    "INSERT INTO ledger_accounts (pool_id, project_id, preallocated, locked, granted, delivered, used)"
    " VALUES (:pool, :project, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING"
)
