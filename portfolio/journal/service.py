"""Write the journal. There is no other way to write it, and none to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.core.behind import Behind
from portfolio.core.clock import utc_now
from portfolio.core.database import bulk_insert
from portfolio.journal.tables import JournalEntry

NAMES = ("at", "actor", "room", "subject", "action", "before", "after", "reason", "revision")


@dataclass(frozen=True)
class Entry:
    """One change to be journalled; `before` is None for a new record, `after` for a removed one."""

    subject: str
    action: str
    before: Any = None
    after: Any = None


def record(
    session: Session,
    actor: Actor,
    room: str,
    entries: Sequence[Entry],
    reason: str | None = None,
    behind: Behind | None = None,
) -> None:
    """Journal `entries` of `room` under the transaction's revision, through `behind` when a bulk load has one."""
    if not entries:
        return
    connection, number = session.connection(), revision.bump(session)
    # The driver is given the instant as the database keeps it: with its zone where it knows zones, plain UTC elsewhere.
    now = utc_now() if connection.dialect.name == "postgresql" else utc_now().strftime("%Y-%m-%d %H:%M:%S.%f")
    rows = [
        (now, actor.name, room, entry.subject, entry.action, _text(entry.before), _text(entry.after), reason, number)
        for entry in entries
    ]
    if behind is None:
        bulk_insert(connection, _journal, NAMES, rows)
    else:
        behind.insert(_journal, NAMES, rows)


def _text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


_journal = JournalEntry.metadata.tables["journal"]
