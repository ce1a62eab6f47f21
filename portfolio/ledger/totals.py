"""Sums of accounts by pool and by attributes of projects, brought up by the entries made since they were last read.

What a matrix of the whole portfolio needs is small, so it is kept as sums: a read after an entry adds that entry alone.
A `Totals` is never changed after it was built.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from portfolio.core import revision
from portfolio.ledger.cube import PLACE, Sight, holdings, seen
from portfolio.ledger.rules import HELD
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.needs.cube import Snapshot, snapshot

Ints = NDArray[np.int64]
MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Totals:
    """`sums[pool · width + code]` by `HELD`; `codes` is where each project of `ids` stands among all combinations."""

    last_entry: int
    revision: int
    ids: Ints
    codes: Ints
    width: int
    labels: tuple[tuple[Any, ...], ...]
    sums: Ints
    pool_item: Ints
    pool_year: Ints


_kept: "WeakKeyDictionary[Engine, dict[tuple[str, ...], Totals]]" = WeakKeyDictionary()
_lock = Lock()


def totals(session: Session, attributes: tuple[str, ...]) -> Totals | None:
    """The sums as the session's transaction sees the ledger; None when there are too many combinations to keep."""
    cube = snapshot(session)
    sizes = [max(1, len(cube.attributes[name].labels)) for name in attributes]
    width = int(np.prod(sizes)) if sizes else 1
    newest = int(session.execute(select(func.max(col(Pool.id)))).scalar() or 0)
    if width * (newest + 1) > MOST_CELLS:
        return None
    engine, sight = session.get_bind().engine, seen(session)
    held, codes = _kept.get(engine, {}).get(attributes), _codes(cube, attributes)
    if held is not None and _fits(held, cube.ids, codes, sight, newest):
        fresh = held if held.last_entry == sight.entry else _raised(session, held, sight)
    else:
        fresh = _built(session, cube, attributes, codes, width)
    if fresh is not held and not revision.writing(session):
        with _lock:
            _kept.setdefault(engine, {})[attributes] = fresh
    return fresh


def _fits(held: Totals, ids: Ints, codes: Ints, sight: Sight, newest: int) -> bool:
    """Whether new entries are all that is missing: no project's attributes changed, no pool was opened."""
    if not sight.follows(held) or held.last_entry > sight.entry or len(held.pool_item) != newest + 1:
        return False
    return np.array_equal(held.ids, ids) and np.array_equal(held.codes, codes)


def _codes(cube: Snapshot, attributes: tuple[str, ...]) -> Ints:
    """The place of each project's attributes among their combinations."""
    codes = np.zeros(len(cube.ids), np.int64)
    for name in attributes:
        held = cube.attributes[name]
        codes = codes * max(1, len(held.labels)) + held.codes
    return codes


def _built(session: Session, cube: Snapshot, attributes: tuple[str, ...], codes: Ints, width: int) -> Totals:
    held = holdings(session)
    size = len(held.pool_item)
    groups = held.pool * width
    if attributes and len(groups):
        groups = groups + codes[np.searchsorted(cube.ids, held.project)]
    sums = np.zeros((size * width, len(HELD)), np.int64)
    if len(groups):
        order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
        sums[groups[order][starts]] = np.add.reduceat(held.held[order], starts, axis=0)
    labels = tuple(cube.attributes[name].labels for name in attributes)
    stamp = (held.last_entry, held.revision)
    return Totals(*stamp, cube.ids, codes, width, labels, sums, held.pool_item, held.pool_year)


def _raised(session: Session, held: Totals, sight: Sight) -> Totals:
    entry = LedgerEntry
    columns: list[Any] = [entry.pool_id, entry.project_id, entry.source, entry.target, entry.quantity]
    wanted = (col(entry.id) > held.last_entry, col(entry.id) <= sight.entry, col(entry.project_id).is_not(None))
    rows = session.execute(select(*columns).where(*wanted)).all()
    sums = held.sums.copy()
    places = np.searchsorted(held.ids, np.array([row[1] for row in rows], np.int64))
    for place, (pool, _, source, target, quantity) in zip(places, rows, strict=True):
        cell = pool * held.width + int(held.codes[place])
        if source in PLACE:
            sums[cell, PLACE[source]] -= quantity
        if target in PLACE:
            sums[cell, PLACE[target]] += quantity
    stamp = (sight.entry, sight.revision)
    return Totals(*stamp, held.ids, held.codes, held.width, held.labels, sums, held.pool_item, held.pool_year)
