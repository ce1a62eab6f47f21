"""Write the journal. There is no other way to write it, and none to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, event, func, select, update
from sqlmodel import Session

from portfolio.access.origin import origin_of
from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.core.behind import Behind
from portfolio.core.clock import utc_now
from portfolio.core.database import bulk_insert
from portfolio.core.text_columns import require_plain
from portfolio.journal.chain import COVERED, instant, link_hash
from portfolio.journal.tables import JournalEntry, JournalHead

NAMES = (*COVERED, "hash")
ASIDE = frozenset(("people", "allocation", "exchange"))  # an approved scenario's ledger entries are the ledger's own
_INFO_KEY, _ROLLED_KEY = "portfolio.journal", "portfolio.journal.rolled"


@dataclass(frozen=True)
class Entry:
    """One change to be journalled; `before` is None for a new record, `after` for a removed one."""

    subject: str
    action: str
    before: Any = None
    after: Any = None


@dataclass
class _End:
    """The end of the chain as the transaction has it: rows in the journal, hash of the last, whether it was moved."""

    rows: int
    hash: str
    moved: bool = False


def record(
    session: Session,
    actor: Actor,
    room: str,
    entries: Sequence[Entry],
    reason: str | None = None,
    behind: Behind | None = None,
) -> None:
    """Journal `entries` of `room` under the transaction's revision, through `behind` when a bulk load has one.

    In rooms that no kept answer reads (`ASIDE`) that revision leaves the answers be. The revision's lock is held from
    here to the end of the transaction: no other writer can follow the same row.
    """
    if not entries:
        return
    require_plain({"reason": reason})
    number = revision.aside(session) if room in ASIDE else revision.bump(session)
    connection = session.connection()
    end, origin, now = _end(session, behind), origin_of(session), utc_now()
    # The driver is given the instant as the database keeps it: with its zone where it knows zones, plain UTC elsewhere.
    stored, hashed = (now if connection.dialect.name == "postgresql" else instant(now)), instant(now)
    fixed = (
        reason,
        number,
        actor.address or origin.address,
        actor.request_id or origin.request_id,
        origin.import_id or (str(actor.import_id) if actor.import_id else None),
    )
    rows = []
    for entry in entries:
        told = (actor.name, room, entry.subject, entry.action, _text(entry.before), _text(entry.after), *fixed)
        end.hash = link_hash(end.hash, (hashed, *told))
        rows.append((stored, *told, end.hash))
    end.rows, end.moved = end.rows + len(rows), True
    if behind is None:
        # Names and facts as they stand, or stood: an earlier day's too.
        bulk_insert(connection, _journal, NAMES, rows, as_given=True)
    else:
        behind.insert(_journal, NAMES, rows)


def _end(session: Session, behind: Behind | None) -> _End:
    """The end of the chain, read once for a transaction that holds the revision's lock."""
    held = session.info.get(_INFO_KEY)
    if held is not None and held[0] is session.get_transaction():
        found: _End = held[1]
        return found
    if behind is not None:
        behind.settle()
    end = _own_end(session) if _ROLLED_KEY in session.info else None
    if end is None:
        row = session.connection().execute(_HEAD).one()
        end = _End(int(row[0]), row[1])
    session.info[_INFO_KEY] = (session.get_transaction(), end)
    return end


def _own_end(session: Session) -> _End | None:
    """The end after what this transaction itself has left in the journal, asked once a savepoint was rolled back."""
    connection, number = session.connection(), revision.aside(session)
    last = connection.execute(select(_journal.c.hash, _journal.c.revision).order_by(_journal.c.id.desc()).limit(1))
    row = last.one_or_none()
    if row is None or row[1] != number:
        return None
    own = select(func.count()).select_from(_journal).where(_journal.c.revision == number)
    before = connection.execute(select(_head.c.rows)).scalar_one()
    return _End(int(before) + int(connection.execute(own).scalar_one()), row[0], moved=True)


@event.listens_for(Session, "before_commit")
def _store_end(session: Session) -> None:
    held = session.info.get(_INFO_KEY)
    if held is None or session.in_nested_transaction():
        return
    if held[1].moved and held[0] is session.get_transaction():
        end: _End = held[1]
        session.connection().execute(_MOVE_HEAD, {"end_rows": end.rows, "end_hash": end.hash})
        end.moved = False


@event.listens_for(Session, "after_soft_rollback")
def _forget_end(session: Session, _: Any) -> None:
    session.info.pop(_INFO_KEY, None)
    session.info[_ROLLED_KEY] = True


def _text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


_journal = JournalEntry.metadata.tables["journal"]
_head = JournalHead.metadata.tables["journal_head"]
_HEAD = select(_head.c.rows, _head.c.hash)
_MOVE_HEAD = update(_head).values(rows=bindparam("end_rows"), hash=bindparam("end_hash"))
