"""Read editions as columns. A frozen edition never changes, so its columns are held in memory once read.

They are held with the revision they were read at: of another library, put in this one's place, they say nothing.
"""

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, case, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core import revision
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import project_ids
from portfolio.rolling.rules.editions import FROZEN
from portfolio.rolling.rules.programme import BASES, Facts, Ints, Programme, Span
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed

HELD = 8
ROLLED = "rolled"
_BATCH = 50_000

_held: "WeakKeyDictionary[Engine, dict[tuple[int, str], tuple[int, Programme]]]" = WeakKeyDictionary()
_lock = Lock()


def programme(session: Session, scope: Scope, edition: Edition) -> Programme:
    """The columns of an edition, of the projects in the scope."""
    found = _whole(session, edition)
    return found if scope.everything else found.of(project_ids(session, scope, NO_FILTERS))


def _whole(session: Session, edition: Edition) -> Programme:
    if edition.state not in FROZEN:
        return _read(session, edition)
    engine, key = session.get_bind().engine, (int(edition.id or 0), edition.inputs_hash)
    with _lock:
        held = _held.setdefault(engine, {}).get(key)
    if held is not None and revision.unbroken_since(session, held[0]):
        return held[1]
    now = revision.current(session)
    found = _read(session, edition)
    with _lock:
        kept = _held.setdefault(engine, {})
        kept[key] = (now, found)
        while len(kept) > HELD:
            kept.pop(next(iter(kept)))
    return found


def _read(session: Session, edition: Edition) -> Programme:
    names = ("project_id", "code", "category", "start_month", "finish_month", "total_yuan", "rung")
    columns: list[Any] = [getattr(EditionEntry, name) for name in names]
    columns.append(case((col(EditionEntry.decision) == "rejected", ""), else_=col(EditionEntry.change)))
    columns.append(EditionEntry.annual_yuan)
    own = col(EditionEntry.edition_id) == edition.id
    facts = {row[0]: Facts(*row[1:]) for row in session.execute(select(*columns).where(own, standing()))}
    left = select(col(EditionEntry.project_id), col(EditionEntry.change)).where(own, ~standing())
    gone = {number: change for number, change in session.execute(left)}
    needs = _needs(session, int(edition.id or 0))
    here = np.isin(needs[0], np.array(sorted(facts), np.int64))
    span = Span(edition.base_year, edition.years, edition.open_year, edition.origin == ROLLED)
    return Programme(facts, span, gone, *(column[here] for column in needs))


def _needs(session: Session, edition: int) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """All needs of an edition, straight from the driver."""
    names = ("project_id", "item_id", "year", "required", "carried")
    columns: list[Any] = [getattr(EditionNeed, name) for name in names]
    places = {basis: place for place, basis in enumerate(BASES)}
    columns.append(case(places, value=col(EditionNeed.basis), else_=0))
    statement = select(*columns).where(col(EditionNeed.edition_id) == edition)
    connection = session.connection()
    cursor = connection.connection.cursor()
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    cursor.execute(str(compiled))
    parts = [np.array(list(zip(*rows, strict=True)), np.int64) for rows in iter(lambda: cursor.fetchmany(_BATCH), [])]
    cursor.close()
    joined = np.concatenate(parts, axis=1) if parts else np.zeros((6, 0), np.int64)
    return joined[0], joined[1], joined[2], joined[3], joined[4], joined[5]
