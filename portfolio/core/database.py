"""The database: engine, session and the one transaction of an edge."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Engine, make_url
from sqlmodel import Session, SQLModel, create_engine

from portfolio.core.database_file import watch_file
from portfolio.core.settings import get_settings
from portfolio.core.text_columns import require_plain_rows
from portfolio.core.waiting import patient_again

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

CONNECT_SECONDS = 5  # a server that does not answer at all is told as away, not waited for
SQLITE_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)


PARTING_MS = 3_000


def make_engine(url: str) -> Engine:
    """An engine for `url`; SQLite gets foreign keys, WAL and a busy timeout on every connection.

    A commit on SQLite is on the disk when it is answered, unless `SQLITE_SYNCHRONOUS=normal` says that the last ones
    may be lost with the power.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {
        "pool_size": 10,
        "max_overflow": 30,
        "connect_args": {"connect_timeout": CONNECT_SECONDS},
    }
    return create_engine(parsed, pool_pre_ping=True, hide_parameters=True, **options)


def _sqlite_engine(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"check_same_thread": False}, pool_size=10, max_overflow=40, hide_parameters=True
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "checkin", patient_again)
    if database and database != ":memory:":
        watch_file(engine, database)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    patient_again(connection, _record)
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.execute(f"PRAGMA synchronous={get_settings().sqlite_synchronous}")
    cursor.close()


def close_down(engine: Engine) -> None:
    """Let go of the database at a clean end. On SQLite the log is brought into the file, so that it is whole by itself.

    Who still reads or writes keeps what it needs of the log; nothing is lost then, the next to close brings it in.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={PARTING_MS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One session, one transaction: committed at the end, rolled back on any error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@lru_cache(256)
def _insertion(table: Table, names: tuple[str, ...], dialect: str) -> str:
    """The text of an insertion with `?` for its values."""
    assert dialect == "sqlite"
    return str(table.insert().compile(dialect=sqlite.dialect(), column_keys=list(names)))


def bulk_insert(
    connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]], as_given: bool = False
) -> None:
    """Insert `rows` of plain driver values (numbers and text) with nothing between them and the driver.

    On SQLite the statement is handed to `executemany` as it is; elsewhere it goes through the usual way. Texts are
    judged as everywhere unless they are `as_given`: repeated from what is stored, or judged by the caller.
    """
    if not rows:
        return
    if not as_given:
        require_plain_rows(table, names, rows)
    if connection.dialect.paramstyle == "qmark":
        connection.exec_driver_sql(_insertion(table, tuple(names), connection.dialect.name), rows)
    else:
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
