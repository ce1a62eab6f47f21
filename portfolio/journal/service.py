"""Write the journal. There is no other way to write it, and none to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert
from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.journal.tables import JournalEntry


@dataclass(frozen=True)
class Entry:
    """One change to be journalled; `before` is None for a new record, `after` for a removed one."""

    subject: str
    action: str
    before: Any = None
    after: Any = None


def record(session: Session, actor: Actor, room: str, entries: Sequence[Entry], reason: str | None = None) -> None:
    """Journal `entries` of `room` under the transaction's revision."""
    if not entries:
        return
    now, number = utc_now(), revision.bump(session)
    rows = [
        {
            "at": now,
            "actor": actor.name,
            "room": room,
            "subject": entry.subject,
            "action": entry.action,
            "before": _text(entry.before),
            "after": _text(entry.after),
            "reason": reason,
            "revision": number,
        }
        for entry in entries
    ]
    session.connection().execute(insert(_journal), rows)


def _text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


_journal = JournalEntry.metadata.tables["journal"]
