"""Bring a database's schema up to date: all of the way or none of it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, Engine, create_engine, inspect

from portfolio.core.database import make_engine
from portfolio.core.errors import NotReadyError
from portfolio.core.safety_copy import keep_copy
from portfolio.core.schema import config_for, head, held, held_by, revisions
from portfolio.core.schema_change import changing, take_over
from portfolio.upkeep.half_done import Shape, clear_half_done, shape_of

Told = Callable[[Path | None], None]


def upgrade(url: str, revision: str = "head", told: Told = lambda _copy: None) -> None:
    """Migrate the database at `url` up to `revision`: all of the way or, ended at any point, none of it.

    Before the first step of a database that is not empty `told` is given the copy that was made (SQLite), or None where
    whoever runs it keeps the copies (PostgreSQL). Nothing to do, nothing done. Raises `NotReadyError` when the database
    is newer than this program, when there is no room for the copy, or when an earlier attempt left data half way.
    """
    target = _target(revision)
    engine = make_engine(url)
    there = held(engine)
    engine.dispose()
    if there == target:
        return
    with changing(url) as connection:
        there = held_by(connection)
        _refuse_unknown(there)
        if _place(there) < _place(target):
            _step_up(connection, there, target, told)


def _step_up(connection: Connection, there: str | None, target: str, told: Told) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if there is not None:
        told(_copied(connection.engine) if sqlite else None)
    if sqlite and inspect(connection).get_table_names():
        _clear(connection, there)
    command.upgrade(config_for(connection), target)


def _copied(engine: Engine) -> Path | None:
    """The copy of a database in a file; what lies in memory has none."""
    database = engine.url.database
    return keep_copy(Path(database)) if database and database != ":memory:" else None


def _clear(connection: Connection, there: str | None) -> None:
    """Clear away what an earlier version left half done, or take it as done."""
    following = revisions()[_place(there) + 1]
    if clear_half_done(connection, _shapes()[there], _shapes()[following]):
        command.stamp(config_for(connection), following)


@lru_cache(1)
def _shapes() -> Mapping[str | None, Shape]:
    """The shape of an SQLite database at every revision (None: empty), from one that is made in memory."""
    engine = create_engine("sqlite://")
    take_over(engine)
    found: dict[str | None, Shape] = {}
    with engine.begin() as connection:
        found[None] = shape_of(connection)
        for revision in revisions():
            command.upgrade(config_for(connection), revision)
            found[revision] = shape_of(connection)
    engine.dispose()
    return found


def upgrade_within(connection: Connection) -> None:
    """Migrate the connection's database up to the newest revision in the transaction it is in."""
    command.upgrade(config_for(connection), "head")


def _target(revision: str) -> str:
    return head() if revision == "head" else revision


def _place(revision: str | None) -> int:
    """Which of the revisions it is, the first one is 0; an empty database comes before it."""
    return -1 if revision is None else revisions().index(revision)


def _refuse_unknown(there: str | None) -> None:
    if there is not None and there not in revisions():
        raise NotReadyError("schema.newer", held=there, own=head())
