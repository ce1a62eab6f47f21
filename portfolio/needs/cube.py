"""The resident copy of needs and project attributes: integer columns, renewed in the reader's own transaction.

See docs/decisions/0002. A `Snapshot` is never changed after it was built, so readers need no lock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, select
from sqlmodel import Session, col

from portfolio.core import revision
from portfolio.needs.tables import Need
from portfolio.projects.filters import ever_accepted
from portfolio.projects.tables import Project
from portfolio.scheme.heirs import unit_heirs
from portfolio.vocabulary.codes import sector_of

Ints = NDArray[np.int64]
ATTRIBUTES = ("city", "kind", "sector", "stage", "lead_unit", "nature", "approval_type")
_SOURCES = {"city": "city_code"}
NO_AMOUNT = -1
_BATCH = 50_000


@dataclass(frozen=True)
class Category:
    """One attribute of every project: `codes[p]` is a place in `labels` (None: not stated)."""

    codes: NDArray[np.int32]
    labels: tuple[str | None, ...]


@dataclass(frozen=True)
class Snapshot:
    """All needs and projects as of `revision`, the same since `content`; `project` of a need is a place in `ids`.

    What is not `alive` was removed, or never accepted: it has a place, for what refers to it, and no need.
    """

    revision: int
    content: int
    ids: Ints
    alive: NDArray[np.bool_]
    amount_yuan: Ints
    amount_illustrative: NDArray[np.bool_]
    attributes: dict[str, Category]
    project: NDArray[np.int32]
    item: NDArray[np.int32]
    year: NDArray[np.int32]
    required: Ints
    illustrative: NDArray[np.bool_]


_held: "WeakKeyDictionary[Engine, Snapshot]" = WeakKeyDictionary()
_lock = Lock()


def snapshot(session: Session) -> Snapshot:
    """The cube as the session's transaction sees the database; only what changed since the last read is reloaded."""
    engine = session.get_bind().engine
    held = _held.get(engine)
    if revision.writing(session):
        return _renewed(session, held)
    if held is not None and held.revision == revision.current(session):
        return held
    with _lock:
        fresh = _renewed(session, _held.get(engine))
        _held[engine] = fresh
        return fresh


def _renewed(session: Session, held: Snapshot | None) -> Snapshot:
    now = revision.current(session)
    changed = None if held is None else revision.changed_since(session, held.revision)
    if held is None or changed is None:
        return load(session, now)
    return _patched(session, held, changed, now) if changed else _stamped(held, now)


def _stamped(held: Snapshot, now: int) -> Snapshot:
    return Snapshot(**{**held.__dict__, "revision": now})


def category_of(name: str, said: Callable[[str], Any], heirs: Mapping[str, str]) -> Any:
    """What a project is counted under: its sector by its kind, its lead unit by who stands for that today.

    `said` gives a fact of the project by its name.
    """
    if name == "sector":
        return sector_of(said("kind"))
    value = said(_SOURCES.get(name, name))
    return heirs.get(value, value) if name == "lead_unit" else value


def load(session: Session, now: int) -> Snapshot:
    """The whole cube, read from the tables."""
    projects = session.execute(_project_rows()).all()
    ids = np.array([row.id for row in projects], dtype=np.int64)
    cursor = session.connection().connection.cursor()
    cursor.execute(str(_need_rows().compile(session.connection())))
    parts = [_need_columns(rows, ids) for rows in iter(lambda: cursor.fetchmany(_BATCH), [])]
    cursor.close()
    columns = [np.concatenate([part[place] for part in parts]) if parts else empty for place, empty in enumerate(_NONE)]
    return Snapshot(now, now, ids, *_amounts(projects), _categories(projects, {}, unit_heirs(session)), *columns)


def _project_rows() -> Select[Any]:
    names = [_SOURCES.get(name, name) for name in ATTRIBUTES if name != "sector"]
    figures: tuple[Any, ...] = (col(Project.total_investment_yuan), col(Project.investment_basis))
    columns = (col(Project.id), *figures, *(getattr(Project, name) for name in names))
    return select(*columns, ever_accepted().label("accepted")).order_by(col(Project.id))


def _need_rows() -> Select[Any]:
    columns: list[Any] = [Need.project_id, Need.item_id, Need.year, Need.required, Need.basis]
    return select(*columns).where(ever_accepted(col(Need.project_id))).order_by(col(Need.project_id))


_NONE: tuple[NDArray[Any], ...] = (
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros(0, np.int64),
    np.zeros(0, np.bool_),
)


def _need_columns(rows: Sequence[Any], ids: Ints) -> tuple[NDArray[Any], ...]:
    if not rows:
        return _NONE
    project, item, year, required, basis = zip(*rows, strict=True)
    # A project removed between the two reads has no place; its revision is yet to be read.
    places, known = _places(ids, np.array(project, dtype=np.int64))
    marks = np.array([text == "illustrative" for text in basis], dtype=np.bool_)
    columns = (
        places.astype(np.int32),
        np.array(item, np.int32),
        np.array(year, np.int32),
        np.array(required, np.int64),
    )
    return tuple(column[known] for column in (*columns, marks))


def _amounts(projects: Sequence[Any]) -> tuple[NDArray[np.bool_], Ints, NDArray[np.bool_]]:
    amounts = [NO_AMOUNT if row.total_investment_yuan is None else row.total_investment_yuan for row in projects]
    marks = [row.investment_basis == "illustrative" for row in projects]
    alive = np.array([bool(row.accepted) for row in projects], np.bool_)
    return alive, np.array(amounts, np.int64), np.array(marks, np.bool_)


def _categories(projects: Sequence[Any], held: dict[str, Category], heirs: Mapping[str, str]) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for name in ATTRIBUTES:
        places = {label: place for place, label in enumerate(held[name].labels)} if held else {}
        values = [category_of(name, partial(getattr, row), heirs) for row in projects]
        codes = [places.setdefault(value, len(places)) for value in values]
        found[name] = Category(np.array(codes, np.int32), tuple(places))
    return found


def _patched(session: Session, held: Snapshot, changed: Sequence[int], now: int) -> Snapshot:
    """`held` with the changed projects and their needs read again."""
    projects = _among(session, _project_rows(), col(Project.id), changed)
    ids, order = _grown_ids(held, [row.id for row in projects])
    patched = _patched_projects(held, ids, order, projects, changed, unit_heirs(session))
    gone = np.zeros(len(ids), np.bool_)
    places, known = _places(ids, np.array(changed, np.int64))
    gone[places[known]] = True
    moved = held.project if order is None else order[held.project].astype(np.int32)
    keep = ~gone[moved]
    fresh = _need_columns(_among(session, _need_rows(), col(Need.project_id), changed), ids)
    old: tuple[NDArray[Any], ...] = (moved, held.item, held.year, held.required, held.illustrative)
    columns = [np.concatenate([column[keep], new]) for column, new in zip(old, fresh, strict=True)]
    return Snapshot(now, now, ids, *patched, *columns)


def _among(session: Session, statement: Select[Any], column: Any, ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(ids), 500):
        found += session.execute(statement.where(column.in_(ids[start : start + 500]))).all()
    return found


def _grown_ids(held: Snapshot, read: list[int]) -> tuple[Ints, NDArray[np.int64] | None]:
    """All ids in order with the new ones among them, and each held place's new place (None when none is new)."""
    asked = np.array(read, np.int64)
    if _places(held.ids, asked)[1].all():
        return held.ids, None
    ids = np.union1d(held.ids, asked)
    return ids, np.searchsorted(ids, held.ids)


def _places(ids: Ints, asked: Ints) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each asked id stands in the sorted `ids`, and whether it is there at all."""
    if not len(ids):
        return np.zeros(len(asked), np.int64), np.zeros(len(asked), np.bool_)
    places = np.minimum(np.searchsorted(ids, asked), len(ids) - 1)
    return places, ids[places] == asked


def _patched_projects(
    held: Snapshot,
    ids: Ints,
    moved: NDArray[np.int64] | None,
    projects: list[Any],
    changed: Sequence[int],
    heirs: Mapping[str, str],
) -> tuple[NDArray[np.bool_], Ints, NDArray[np.bool_], dict[str, Category]]:
    order: Any = slice(None) if moved is None else moved
    alive, amount = np.zeros(len(ids), np.bool_), np.full(len(ids), NO_AMOUNT, np.int64)
    marks = np.zeros(len(ids), np.bool_)
    alive[order], amount[order], marks[order] = held.alive, held.amount_yuan, held.amount_illustrative
    gone, known = _places(ids, np.array(sorted(set(changed) - {row.id for row in projects}), np.int64))
    alive[gone[known]] = False
    places = np.searchsorted(ids, np.array([row.id for row in projects], np.int64))
    alive[places], amount[places], marks[places] = _amounts(projects)
    attributes = {}
    for name, fresh in _categories(projects, held.attributes, heirs).items():
        codes = np.zeros(len(ids), np.int32)
        codes[order] = held.attributes[name].codes
        codes[places] = fresh.codes
        attributes[name] = Category(codes, fresh.labels)
    return alive, amount, marks, attributes
