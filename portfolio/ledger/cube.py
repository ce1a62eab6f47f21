"""The resident copy of accounts: what every project holds in every pool, following each commit by its entries.

Entries are appended in the order of commits, so a copy that has seen entry n is brought up by those after n. Numbers
of entries say nothing once another library was put in this one's place, so the copy also knows the revision it is of.
A `Holdings` is never changed after it was built: readers need no lock.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from portfolio.core import revision
from portfolio.ledger.rules import HELD
from portfolio.ledger.tables import Account, LedgerEntry, Pool

Ints = NDArray[np.int64]
PLACE = {bucket: place for place, bucket in enumerate(HELD)}
PROJECT_BITS = 31
_BATCH = 50_000


@dataclass(frozen=True)
class Holdings:
    """Rows by pool and project (`key` = pool · 2³¹ + project, rising); `held` is rows × `HELD`; pools by id."""

    last_entry: int
    revision: int
    key: Ints
    held: Ints
    pool_item: Ints
    pool_year: Ints

    @property
    def pool(self) -> Ints:
        """The pool's id of each row."""
        return self.key >> PROJECT_BITS

    @property
    def project(self) -> Ints:
        """The project's id of each row."""
        ids: Ints = self.key & (2**PROJECT_BITS - 1)
        return ids


_kept: "WeakKeyDictionary[Engine, Holdings]" = WeakKeyDictionary()
_lock = Lock()


def holdings(session: Session) -> Holdings:
    """The copy as the session's transaction sees the ledger."""
    engine, sight = session.get_bind().engine, seen(session)
    kept = _kept.get(engine)
    if kept is not None and sight.follows(kept) and kept.last_entry == sight.entry and not revision.writing(session):
        return kept
    if revision.writing(session):
        return _renewed(session, kept, sight)
    with _lock:
        fresh = _renewed(session, _kept.get(engine), sight)
        _kept[engine] = fresh
        return fresh


def _renewed(session: Session, kept: Holdings | None, sight: "Sight") -> Holdings:
    if kept is None or not sight.follows(kept) or kept.last_entry > sight.entry:
        return load(session)
    return kept if kept.last_entry == sight.entry else _patched(session, kept, sight)


def load(session: Session) -> Holdings:
    """The whole copy, read from the accounts; read again when an entry was committed meanwhile."""
    sight = seen(session)
    found = _loaded(session, sight)
    return found if seen(session).entry == sight.entry else load(session)


class Copy(Protocol):
    """What was brought up by entries: the revision it is of."""

    @property
    def revision(self) -> int:
        """The revision."""


@dataclass(frozen=True)
class Sight:
    """What a transaction sees of the ledger: the newest entry, the revision, and since which one it is this library."""

    entry: int
    revision: int
    since: int

    def follows(self, kept: Copy) -> bool:
        """Whether a copy was read from this library and not from one in whose place it was put."""
        return kept.revision >= self.since


def seen(session: Session) -> Sight:
    """What the session's transaction sees of the ledger."""
    entry, now, since = session.connection().execute(_SEEN).one()
    return Sight(int(entry or 0), int(now), int(since))


def _loaded(session: Session, sight: Sight) -> Holdings:
    names: list[Any] = [Account.pool_id, Account.project_id, *(getattr(Account, bucket) for bucket in HELD)]
    cursor = session.connection().connection.cursor()
    cursor.execute(str(select(*names).compile(session.connection())))
    parts = [np.array(rows, np.int64) for rows in iter(lambda: cursor.fetchmany(_BATCH), [])]
    cursor.close()
    rows = np.concatenate(parts) if parts else np.zeros((0, 2 + len(HELD)), np.int64)
    key = (rows[:, 0] << PROJECT_BITS) | rows[:, 1]
    order = np.argsort(key, kind="stable")
    return Holdings(sight.entry, sight.revision, key[order], np.ascontiguousarray(rows[order, 2:]), *_pools(session))


def _pools(session: Session) -> tuple[Ints, Ints]:
    columns: list[Any] = [Pool.id, Pool.item_id, Pool.year]
    found: list[Any] = [(0, 0, 0), *session.execute(select(*columns))]
    rows = np.array(found, np.int64)
    item, year = np.zeros(rows[:, 0].max() + 1, np.int64), np.zeros(rows[:, 0].max() + 1, np.int64)
    item[rows[:, 0]], year[rows[:, 0]] = rows[:, 1], rows[:, 2]
    return item, year


def _patched(session: Session, kept: Holdings, sight: Sight) -> Holdings:
    entry = LedgerEntry
    columns: list[Any] = [entry.pool_id, entry.project_id, entry.source, entry.target, entry.quantity]
    wanted = (col(entry.id) > kept.last_entry, col(entry.id) <= sight.entry, col(entry.project_id).is_not(None))
    rows = session.execute(select(*columns).where(*wanted)).all()
    if not rows:
        return Holdings(sight.entry, sight.revision, kept.key, kept.held, *_pools(session))
    keys = np.array([(pool << PROJECT_BITS) | project for pool, project, *_ in rows], np.int64)
    key, held = _with_rows(kept, np.unique(keys))
    places = np.searchsorted(key, keys)
    for place, (_, _, source, target, quantity) in zip(places, rows, strict=True):
        if source in PLACE:
            held[place, PLACE[source]] -= quantity
        if target in PLACE:
            held[place, PLACE[target]] += quantity
    return Holdings(sight.entry, sight.revision, key, held, *_pools(session))


def _with_rows(kept: Holdings, keys: Ints) -> tuple[Ints, Ints]:
    """A copy of the rows in which every one of `keys` has its place."""
    places = np.searchsorted(kept.key, keys)
    there = np.zeros(len(keys), np.bool_)
    within = places < len(kept.key)
    there[within] = kept.key[places[within]] == keys[within]
    if there.all():
        return kept.key, kept.held.copy()
    new, at = keys[~there], places[~there]
    return np.insert(kept.key, at, new), np.insert(kept.held, at, 0, axis=0)


_entries = LedgerEntry.metadata.tables["ledger_entries"]
_SEEN = select(
    select(func.max(_entries.c.id)).scalar_subquery(), col(revision.Revision.value), col(revision.Revision.changes_from)
)
