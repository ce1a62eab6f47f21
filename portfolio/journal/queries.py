"""Read the journal: one record's history, the auditors' list, the chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, require_read
from portfolio.core.clock import LOCAL_ZONE
from portfolio.journal.chain import COVERED, START, Link, instant, verify
from portfolio.journal.tables import JournalEntry, JournalHead

BATCH = 5_000


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
    address: str = ""
    request_id: str = ""
    import_id: str | None = None


@dataclass(frozen=True)
class JournalFilters:
    """Which entries to list: `subject` and `import_id` by their beginning, `actor` by a part; days as offices count."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    room: str = ""
    first: date | None = None
    last: date | None = None
    import_id: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class ChainStatus:
    """What a check of the chain found: rows there are and should be, rows checked, the first broken one (none: whole).

    `cut` says that the last row is not the one the head names: the end of the journal has been cut off or changed.
    """

    rows: int
    expected: int
    checked: int
    broken: int | None
    cut: bool
    head: str

    @property
    def whole(self) -> bool:
        """Whether nothing amiss was found."""
        return self.broken is None and not self.cut


def history(
    session: Session,
    subject: str,
    limit: int = 100,
    before_id: int | None = None,
    until: datetime | None = None,
    without: tuple[str, ...] = (),
) -> list[HistoryEntry]:
    """The changes of one record, newest first, on request those up to an instant, and `without` those of some rooms.

    The caller has checked that the record is within the reader's scope.
    """
    statement = select(JournalEntry).where(*_of(subject, without))
    if before_id is not None:
        statement = statement.where(col(JournalEntry.id) < before_id)
    if until is not None:
        statement = statement.where(col(JournalEntry.at) <= until)
    rows = session.execute(statement.order_by(col(JournalEntry.id).desc()).limit(limit)).scalars()
    return [_entry(row) for row in rows]


def count_history(session: Session, subject: str, without: tuple[str, ...] = ()) -> int:
    """How many changes of one record are journalled, `without` those of some rooms."""
    statement = select(func.count()).select_from(JournalEntry).where(*_of(subject, without))
    return int(session.execute(statement).scalar_one())


def _of(subject: str, without: tuple[str, ...]) -> list[ColumnElement[bool]]:
    found = [col(JournalEntry.subject) == subject]
    return [*found, col(JournalEntry.room).not_in(without)] if without else found


def later_changes(session: Session, subject: str, rooms: Sequence[str], after: datetime) -> list[HistoryEntry]:
    """What some rooms journalled of a record after an instant, newest first: what is undone to see it as it stood."""
    statement = select(JournalEntry).where(
        col(JournalEntry.subject).in_((subject, "*")),
        col(JournalEntry.room).in_(rooms),
        col(JournalEntry.at) > after,
    )
    return [_entry(row) for row in session.execute(statement.order_by(col(JournalEntry.id).desc())).scalars()]


def actors_of(session: Session, room: str, subject: str, actions: Sequence[str], since: int) -> frozenset[str]:
    """Who did any of `actions` to a subject of a room from revision `since` on, by the names in the journal."""
    entry = JournalEntry
    wanted = (col(entry.room) == room, col(entry.subject) == subject, col(entry.revision) >= since)
    statement = select(col(entry.actor)).where(*wanted, col(entry.action).in_(actions)).distinct()
    return frozenset(session.execute(statement).scalars())


def created_at(session: Session, subject: str, room: str) -> datetime | None:
    """When a record was last made, as far as the journal knows."""
    made = (col(JournalEntry.subject) == subject, col(JournalEntry.room) == room, col(JournalEntry.action) == "create")
    return session.execute(select(func.min(col(JournalEntry.at))).where(*made)).scalar_one_or_none()


def begins_at(session: Session) -> datetime | None:
    """When the journal begins."""
    first = select(col(JournalEntry.at)).order_by(col(JournalEntry.id)).limit(1)
    return session.execute(first).scalar_one_or_none()


def slice_journal(
    session: Session, scope: Scope, filters: JournalFilters, start: int, stop: int
) -> tuple[list[HistoryEntry], int]:
    """Entries `start` to `stop` of the list, newest first, and how many there are; for who may read the journal."""
    require_read(scope, "journal.read")
    statement = _filtered(select(JournalEntry), filters).order_by(col(JournalEntry.id).desc())
    rows = session.execute(statement.offset(start).limit(max(0, stop - start))).scalars()
    total = session.execute(_filtered(select(func.count()).select_from(JournalEntry), filters)).scalar_one()
    return [_entry(row) for row in rows], int(total)


def iterate_journal(session: Session, scope: Scope, filters: JournalFilters) -> Iterator[JournalEntry]:
    """Every entry of the list as it is stored, oldest first; for who may read the journal."""
    require_read(scope, "journal.read")
    statement = _filtered(select(JournalEntry), filters).order_by(col(JournalEntry.id))
    yield from session.execute(statement.execution_options(yield_per=BATCH)).scalars()


def distinct_values(session: Session, scope: Scope) -> tuple[list[str], list[str]]:
    """The rooms and the actions the journal holds, for choices; for who may read the journal."""
    require_read(scope, "journal.read")
    rooms = session.execute(select(col(JournalEntry.room)).distinct()).scalars()
    actions = session.execute(select(col(JournalEntry.action)).distinct()).scalars()
    return sorted(rooms), sorted(actions)


def chain_status(session: Session, recent: int | None = None) -> ChainStatus:
    """Recompute the chain, or only its `recent` last links, and compare its end with the head."""
    head = session.execute(select(JournalHead)).scalar_one()
    count = int(session.execute(select(func.count()).select_from(JournalEntry)).scalar_one())
    after, previous = _anchor(session, recent)
    found = verify(_links(session, after), previous)
    ended = found.broken is None and (found.last != head.hash or count != head.rows)
    return ChainStatus(count, int(head.rows), found.rows, found.broken, ended, head.hash)


def _anchor(session: Session, recent: int | None) -> tuple[int, str]:
    """The row after which to begin: its number and hash."""
    if recent is None:
        return 0, START
    newest = select(col(JournalEntry.id), col(JournalEntry.hash)).order_by(col(JournalEntry.id).desc())
    row = session.execute(newest.offset(recent).limit(1)).one_or_none()
    return (int(row[0] or 0), row[1]) if row else (0, START)


def _links(session: Session, after: int) -> Iterator[Link]:
    columns = [_journal.c.id, *(_journal.c[name] for name in COVERED), _journal.c.hash]
    statement = select(*columns).where(_journal.c.id > after).order_by(_journal.c.id)
    for row in session.connection().execute(statement.execution_options(yield_per=BATCH)):
        yield Link(int(row[0]), (instant(row[1]), *row[2:-1]), row[-1])


def _filtered(statement: Select[Any], filters: JournalFilters) -> Select[Any]:
    wanted = []
    if filters.subject:
        wanted.append(col(JournalEntry.subject).startswith(filters.subject, autoescape=True))
    if filters.actor:
        wanted.append(col(JournalEntry.actor).contains(filters.actor, autoescape=True))
    if filters.import_id:
        wanted.append(_journal.c.import_id.startswith(filters.import_id, autoescape=True))
    for name in ("action", "room", "request_id"):
        if getattr(filters, name):
            wanted.append(_journal.c[name] == getattr(filters, name))
    if filters.first:
        wanted.append(col(JournalEntry.at) >= _midnight(filters.first))
    if filters.last:
        wanted.append(col(JournalEntry.at) < _midnight(filters.last + timedelta(days=1)))
    return statement.where(*wanted)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


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
        address=row.address,
        request_id=row.request_id,
        import_id=row.import_id,
    )


_journal = JournalEntry.metadata.tables["journal"]


def done_at(session: Session, room: str, subject: str, action: str) -> datetime | None:
    """When `action` was last done to a record of a room; None when the journal does not say."""
    entry = JournalEntry
    wanted = (col(entry.room) == room, col(entry.subject) == subject, col(entry.action) == action)
    return session.execute(select(func.max(col(entry.at))).where(*wanted)).scalar_one_or_none()


def changed_since(session: Session, room: str, after: datetime, without: str = "") -> dict[str, datetime]:
    """Record of a room → when it was changed last, of those changed after an instant; `without` one action."""
    entry = JournalEntry
    wanted = (col(entry.room) == room, col(entry.at) > after, col(entry.action) != without)
    statement = select(col(entry.subject), func.max(col(entry.at))).where(*wanted).group_by(col(entry.subject))
    return {subject: at for subject, at in session.execute(statement)}


def done_with(session: Session, room: str, subject: str, action: str) -> list[dict[str, Any]]:
    """What each doing of `action` to a record of a room left behind, the oldest first."""
    entry = JournalEntry
    wanted = (col(entry.room) == room, col(entry.subject) == subject, col(entry.action) == action)
    rows = session.execute(select(col(entry.after)).where(*wanted).order_by(col(entry.id))).scalars()
    return [orjson.loads(after) for after in rows if after]
