"""A private copy of the data to try a change on: nobody waits for it, and nothing of it stays.

An import is checked by carrying it out. Done in the database itself, that would hold SQLite's only writer for as long
as the check takes, and on PostgreSQL the revision's row and every row the file names.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, create_engine

from portfolio.core.database import make_engine
from portfolio.exchange.uploads.store import folder_of, held_alone

PREFIX = "copy-"
LOCK = "in-use"
# It is only ever added to, and nobody waits for a row that somebody else adds; what stands would be much to copy.
NOT_COPIED = frozenset(("journal",))


@contextmanager
def private_copy(engine: Engine) -> Iterator[Session]:
    """A session on a copy of the database as it is now; what it writes is gone at the end of the block."""
    if engine.dialect.name == "sqlite":
        with _file_copy(engine) as copied, Session(copied, expire_on_commit=False) as session:
            yield session
            session.rollback()
    else:
        with _shadowed(engine) as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.rollback()


@contextmanager
def _file_copy(engine: Engine) -> Iterator[Engine]:
    """An engine on a copy of the file, made at one moment without stopping a writer."""
    folder = folder_of(engine)
    _sweep(folder)
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=PREFIX, ignore_cleanup_errors=True) as place,
        held_alone(Path(place) / LOCK),
    ):
        target = Path(place) / "copy.db"
        with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA synchronous=OFF")
            source.backup(copy)
        copied = make_engine(f"sqlite:///{target}")
        try:
            yield copied
        finally:
            copied.dispose()


def _sweep(folder: Path) -> None:
    """Remove the copies of processes that are gone: their locks are free."""
    for left in folder.glob(f"{PREFIX}*"):
        with held_alone(left / LOCK) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _shadowed(engine: Engine) -> Iterator[Connection]:
    """A connection whose temporary tables stand before the real ones under the same names.

    It is a connection of its own, since a statement that was prepared before would still name the real tables.
    """
    own = create_engine(engine.url, poolclass=NullPool, isolation_level="REPEATABLE READ", hide_parameters=True)
    with own.connect() as connection:
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        quoted = own.dialect.identifier_preparer.quote
        for table in SQLModel.metadata.sorted_tables:
            if table.name in NOT_COPIED:
                continue
            real, shadow = f"{quoted(schema)}.{quoted(table.name)}", f"pg_temp.{quoted(table.name)}"
            connection.execute(text(f"CREATE TEMPORARY TABLE {shadow} (LIKE {real} INCLUDING ALL) ON COMMIT DROP"))
            connection.execute(text(f"INSERT INTO {shadow} SELECT * FROM {real}"))
        yield connection
    own.dispose()
