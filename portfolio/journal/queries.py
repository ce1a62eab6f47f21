"""Read the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.journal.tables import JournalEntry


@dataclass(frozen=True)
class HistoryEntry:
    """One journalled change, with its values decoded."""

    id: int
    at: datetime
    actor: str
    room: str
    subject: str
    action: str
    before: Any
    after: Any
    reason: str | None


def history(session: Session, subject: str, limit: int = 100, before_id: int | None = None) -> list[HistoryEntry]:
    """The changes of one record, newest first. The caller has checked that the record is within the reader's scope."""
    statement = select(JournalEntry).where(col(JournalEntry.subject) == subject)
    if before_id is not None:
        statement = statement.where(col(JournalEntry.id) < before_id)
    rows = session.execute(statement.order_by(col(JournalEntry.id).desc()).limit(limit)).scalars()
    return [_entry(row) for row in rows]


def count_history(session: Session, subject: str) -> int:
    """How many changes of one record are journalled."""
    statement = select(func.count()).select_from(JournalEntry).where(col(JournalEntry.subject) == subject)
    return int(session.execute(statement).scalar_one())


def _entry(row: JournalEntry) -> HistoryEntry:
    return HistoryEntry(
        id=row.id or 0,
        at=row.at,
        actor=row.actor,
        room=row.room,
        subject=row.subject,
        action=row.action,
        before=orjson.loads(row.before) if row.before else None,
        after=orjson.loads(row.after) if row.after else None,
        reason=row.reason,
    )
