"""What the transaction of an import wrote, told by its revision; and who touched the same rows afterwards.

The journal and the ledger carry the revision of the transaction that wrote them, and no two transactions share one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from portfolio.exchange.uploads.tables import Import
from portfolio.journal.tables import JournalEntry
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.projects.tables import Project

WHOLE = ("*",)
NAMED = 5
LEDGER, POSTED = "ledger", ("post", "reverse")
REPORTING, AMENDED = "reporting", "amend"
LOOKED_AT = ("room", "subject", "action", "before", "after")


@dataclass(frozen=True)
class Written:
    """A journalled change: its room, the record, what was done, and the values before and after."""

    room: str
    subject: str
    action: str
    before: Any
    after: Any

    @property
    def keys(self) -> set[tuple[Any, ...]]:
        """The rows of the record that changed: (item, year) of needs, (step,), (criterion,), (kind and year,).

        Of any other room it is the whole record.
        """
        if self.room in ("needs", "proposals") and isinstance(self.after, list):
            return {(change["item"], change["year"]) for change in self.after}
        if self.room == "readiness" and self.action == "step":
            return {(step,) for step in self.after or {}}
        if self.room == "screening" and self.action == "criteria":
            return {(criterion,) for criterion in self.after or {}}
        if self.room == "finance" and self.action == "yearly":
            return {(figure,) for figure in self.after or {}}
        return {WHOLE}


@dataclass(frozen=True)
class Later:
    """Somebody else's change of a row that an import wrote."""

    subject: str
    actor: str
    at: Any


def written(session: Session, revision: int, room: str | None = None) -> Iterator[Written]:
    """What a revision journalled, the newest first."""
    columns = [getattr(JournalEntry, name) for name in LOOKED_AT]
    statement = select(*columns).where(col(JournalEntry.revision) == revision)
    if room is not None:
        statement = statement.where(col(JournalEntry.room) == room)
    ordered = statement.order_by(col(JournalEntry.id).desc()).execution_options(yield_per=2000)
    for place, subject, action, before, after in session.execute(ordered):
        yield Written(place, subject, action, _value(before), _value(after))


def amended(session: Session, revision: int) -> int:
    """How many accepted records a revision made drafts."""
    entry = JournalEntry
    here = (col(entry.revision) == revision, col(entry.room) == REPORTING, col(entry.action) == AMENDED)
    return int(session.execute(select(func.count()).select_from(entry).where(*here)).scalar_one())


def entries_of(session: Session, revision: int) -> list[LedgerEntry]:
    """The ledger entries a revision posted, the newest first."""
    statement = select(LedgerEntry).where(col(LedgerEntry.revision) == revision).order_by(col(LedgerEntry.id).desc())
    return list(session.execute(statement).scalars())


def digest(session: Session, revision: int) -> str:
    """A SHA-256 that stands for all a revision wrote, whatever internal codes it gave to new projects."""
    whole = hashlib.sha256()
    created: dict[str, str] = {}
    columns = [getattr(JournalEntry, name) for name in LOOKED_AT]
    # A posting is journalled under its number, which a rolled-back check has used up; its content is told below.
    told = (
        col(JournalEntry.revision) == revision,
        or_(col(JournalEntry.room) != LEDGER, col(JournalEntry.action).not_in(POSTED)),
    )
    statement = select(*columns).where(*told).order_by(col(JournalEntry.id))
    for room, subject, action, before, after in session.execute(statement.execution_options(yield_per=2000)):
        if (room, action) == ("projects", "create"):
            created[subject] = f"new {len(created)}"
            after = after.replace(subject, created[subject])
        parts = (room, created.get(subject, subject), action, before or "", after or "")
        whole.update("\x1f".join(parts).encode() + b"\x1e")
    for line in _ledger_lines(session, revision, created):
        whole.update(line.encode() + b"\x1e")
    return whole.hexdigest()


def _ledger_lines(session: Session, revision: int, created: dict[str, str]) -> Iterator[str]:
    entry = LedgerEntry
    statement = (
        select(
            col(entry.kind),
            col(Pool.code),
            col(Project.code),
            *(getattr(entry, name) for name in ("item_id", "year", "quantity", "source", "target")),
            *(getattr(entry, name) for name in ("on_date", "doc_no", "note", "counter_pool_id", "reverses_id")),
        )
        .join(Pool, col(Pool.id) == col(entry.pool_id))
        .outerjoin(Project, col(Project.id) == col(entry.project_id))
        .where(col(entry.revision) == revision)
        .order_by(col(entry.id))
    )
    for row in session.execute(statement):
        yield "\x1f".join(created.get(str(value), str(value)) for value in row)


def later(session: Session, revision: int, since: int) -> list[Later]:
    """The first changes, journalled or posted after revision `since` by others, of rows that `revision` wrote."""
    undone = _undone(session)
    found = [*_later_changes(session, revision, since, undone)]
    return found or _later_postings(session, revision, since, undone)


def _undone(session: Session) -> set[int]:
    """The revisions of imports that were undone and of their undoing, which together changed nothing."""
    pairs = session.execute(select(col(Import.revision), col(Import.undone_revision)))
    return {number for pair in pairs if pair[1] is not None for number in pair}


def _later_changes(session: Session, revision: int, since: int, undone: set[int]) -> Iterator[Later]:
    subjects = select(col(JournalEntry.subject)).where(col(JournalEntry.revision) == revision).distinct()
    statement = (
        select(JournalEntry)
        .where(col(JournalEntry.revision) > since, col(JournalEntry.revision) != revision)
        .where(col(JournalEntry.subject).in_(subjects))
        .order_by(col(JournalEntry.id))
        .execution_options(yield_per=2000)
    )
    keys: dict[str, tuple[dict[str, set[tuple[Any, ...]]], bool]] = {}
    count = 0
    for row in session.execute(statement).scalars():
        if row.revision in undone:
            continue
        if row.subject not in keys:
            keys[row.subject] = _keys_of(session, revision, row.subject)
        ours, created = keys[row.subject]
        change = Written(row.room, row.subject, row.action, _value(row.before), _value(row.after))
        if created or ours.get(row.room, set()) & change.keys:
            yield Later(row.subject, row.actor, row.at)
            count += 1
            if count == NAMED:
                return


def _keys_of(session: Session, revision: int, subject: str) -> tuple[dict[str, set[tuple[Any, ...]]], bool]:
    columns = [getattr(JournalEntry, name) for name in LOOKED_AT]
    here = (col(JournalEntry.revision) == revision, col(JournalEntry.subject) == subject)
    found: dict[str, set[tuple[Any, ...]]] = {}
    created = False
    for room, _, action, before, after in session.execute(select(*columns).where(*here)):
        created |= action == "create"
        found.setdefault(room, set()).update(Written(room, subject, action, _value(before), _value(after)).keys)
    return found, created


def _later_postings(session: Session, revision: int, since: int, undone: set[int]) -> list[Later]:
    """Entries that name a pool this revision opened or amended, or that reverse one of its entries."""
    wrote = select(col(JournalEntry.subject)).where(
        col(JournalEntry.revision) == revision, col(JournalEntry.room) == "ledger"
    )
    ours = select(col(LedgerEntry.id)).where(col(LedgerEntry.revision) == revision)
    entry = LedgerEntry
    statement = (
        select(col(entry.revision), col(Pool.code), col(entry.actor), col(entry.posted_at))
        .join(Pool, col(Pool.id) == col(entry.pool_id))
        .where(col(entry.revision) > since, col(entry.revision) != revision)
        .where(col(Pool.code).in_(wrote) | col(entry.reverses_id).in_(ours))
        .order_by(col(entry.id))
    )
    rows = (row for row in session.execute(statement) if row[0] not in undone)
    return [Later(*row[1:]) for row in islice(rows, NAMED)]


def _value(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
