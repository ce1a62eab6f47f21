"""Changing the schema: one transaction in which nobody else writes, whole or not at all.

SQLite could not do that as its driver is used elsewhere: the driver opens a transaction before the first row that is
written and not before a table that is made, so a migration that was ended by force stayed half done. Here the
transaction is opened by hand. Foreign keys are off, since a table is rebuilt by dropping it, and what refers to nothing
is counted before and after instead.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect

from portfolio.core.database import make_engine
from portfolio.core.errors import NotReadyError

WAIT_MS = 600_000
TURN = 0x706F7274  # "port": the number of PostgreSQL's lock on which processes that migrate wait for each other


@contextmanager
def changing(url: str) -> Iterator[Connection]:
    """A connection in the one transaction of a change of the schema; a second process waits until it has ended.

    Committed at the end, rolled back on any error; also refused (`schema.dangling`) when more rows than before refer to
    rows that are not there.
    """
    engine = make_engine(url)
    try:
        with (_sqlite if engine.dialect.name == "sqlite" else _postgresql)(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def take_over(engine: Engine) -> None:
    """Let transactions on SQLite `engine` cover the schema: opened by hand, at once for writing, foreign keys off."""
    event.listen(engine, "connect", _by_hand)
    event.listen(engine, "begin", _begin)


def _by_hand(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("foreign_keys=OFF", "synchronous=FULL", f"busy_timeout={WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _sqlite(engine: Engine) -> Iterator[Connection]:
    take_over(engine)
    with engine.begin() as connection:
        before = _dangling(connection)
        yield connection
        more = _dangling(connection) - before
        if more:
            raise NotReadyError("schema.dangling", tables=", ".join(sorted({f"{a} → {b}" for a, b in more})))


def _dangling(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows of which table refer to which other in vain."""
    return Counter((row[0], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))


@contextmanager
def _postgresql(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
        if inspect(connection).has_table("revision"):
            # Whoever writes raises the revision first: writers wait, readers do not.
            connection.exec_driver_sql("LOCK TABLE revision IN EXCLUSIVE MODE")
        yield connection
