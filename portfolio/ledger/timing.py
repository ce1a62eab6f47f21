"""When a pool may be taken from: what a change of the pool would make untrue, and what stands in the book."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlmodel import Session, col

from portfolio.core.clock import today
from portfolio.core.errors import FieldError
from portfolio.ledger.rules import HELD, MOVES, day_faults
from portfolio.ledger.tables import LedgerEntry, Pool

TAKING = tuple(kind for kind, move in MOVES.items() if move.within_validity)
DATED = tuple(kind for kind, move in MOVES.items() if move.target in HELD or move.within_validity)


def narrowing_faults(session: Session, pool: Pool, carries: bool, valid_until: str | None) -> list[FieldError]:
    """What forbids a pool to carry over no longer, or to end at `valid_until`: it was taken from after that."""
    taken = select(func.max(col(LedgerEntry.on_date))).where(*_standing(TAKING), col(LedgerEntry.pool_id) == pool.id)
    last = session.connection().execute(taken).scalar()
    found: list[FieldError] = []
    if last is not None and pool.carries and not carries and last[:4] > f"{pool.year:04d}":
        found.append(FieldError("carries", "ledger.taken_after_year", {"value": last, "year": str(pool.year)}))
    if last is not None and valid_until and valid_until < last and valid_until < (pool.valid_until or "9999"):
        found.append(FieldError("valid_until", "ledger.taken_after", {"value": last, "until": valid_until}))
    return found


def untimely(session: Session) -> Iterator[tuple[str, str]]:
    """(`late` or `future`, entry) of what was taken after a pool's year or validity, or is dated ahead."""
    entry, day = LedgerEntry, today().isoformat()
    pool = (col(Pool.code), col(Pool.year), col(Pool.carries), col(Pool.valid_until))
    suspect = or_(
        func.substr(col(entry.on_date), 1, 4) > cast(col(Pool.year), String),
        col(entry.on_date) > col(Pool.valid_until),
        col(entry.on_date) > day,
    )
    statement = select(col(entry.id), col(entry.kind), col(entry.on_date), *pool).where(*_standing(DATED), suspect)
    joined = statement.join(Pool, col(Pool.id) == col(entry.pool_id)).order_by(col(entry.id))
    for number, kind, on_date, code, year, carries, until in session.execute(joined):
        for fault in day_faults(kind, on_date, year, carries, until, day)[:1]:
            late = fault.code != "ledger.future_day"
            yield "late" if late else "future", f"{number} {kind} {code} {on_date}"


def _standing(kinds: tuple[str, ...]) -> tuple[Any, ...]:
    """Entries of those kinds that nobody reversed."""
    undone = select(col(LedgerEntry.reverses_id)).where(col(LedgerEntry.reverses_id).is_not(None))
    return col(LedgerEntry.kind).in_(kinds), col(LedgerEntry.id).not_in(undone)
