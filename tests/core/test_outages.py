"""What keeps a database from answering is told by its driver's codes, brought about as it happens."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.core.outages import AWAY, BUSY, NOT_WRITABLE, UNREADY, outage
from portfolio.core.settings import get_settings
from portfolio.core.traces import trace_of
from portfolio.core.waiting import wait_at_most
from portfolio.people import identity
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from tests.support.databases import Databases


def why(engine: Engine, statement: str = "SELECT count(*) FROM projects") -> str | None:
    with pytest.raises(SQLAlchemyError) as raised, transaction(engine) as session:
        session.execute(text(statement))
    return outage(raised.value)


@pytest.fixture
def library(sqlite_databases: Databases) -> Iterator[tuple[Engine, Path]]:
    url = sqlite_databases.make("sqlite", "bare")
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    yield engine, Path(str(make_url(url).database))
    engine.dispose()


def test_a_file_that_is_taken_away_is_not_made_anew(library: tuple[Engine, Path]) -> None:
    engine, file = library
    kept = file.rename(file.with_suffix(".kept"))
    assert why(engine) == AWAY
    assert not file.exists()
    kept.rename(file)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM projects")).scalar_one() == 0


def test_a_file_that_is_exchanged_is_read_anew(library: tuple[Engine, Path], sqlite_databases: Databases) -> None:
    engine, file = library
    other = Path(str(make_url(sqlite_databases.make("sqlite", "scheme")).database))
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    other.rename(file)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM projects")).scalar_one() > 300


def test_garbage_in_the_place_of_the_file_is_told(library: tuple[Engine, Path]) -> None:
    engine, file = library
    garbage = file.with_suffix(".garbage")  # beside it: what is moved into its place must lie on the same disk
    garbage.write_bytes(b"not a database " * 1000)
    garbage.rename(file)
    assert why(engine) == AWAY


def test_a_file_cut_short_does_not_end_the_process(library: tuple[Engine, Path]) -> None:
    engine, file = library
    with engine.connect() as held:
        held.execute(text("SELECT count(*) FROM regions"))
    file.write_bytes(file.read_bytes()[:4096])
    assert why(engine) in (AWAY, UNREADY)


def test_a_writer_is_busy_while_another_process_writes(
    library: tuple[Engine, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, file = library
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write() -> None:
        with transaction(engine) as session:
            wait_at_most(session, 10)
            create_project(session, LOCAL_OWNER, ProjectData(name_zh="项目"))

    with pytest.raises(SQLAlchemyError) as raised:
        write()
    assert outage(raised.value) == BUSY
    with Session(engine) as reader:
        assert reader.execute(text("SELECT count(*) FROM projects")).scalar_one() == 0
    other.execute("ROLLBACK")
    other.close()


def test_a_connection_is_patient_again_for_whoever_takes_it_next(library: tuple[Engine, Path]) -> None:
    engine, _ = library
    with Session(engine) as session:
        wait_at_most(session, 10)
        assert session.execute(text("PRAGMA busy_timeout")).scalar_one() == 10
    with engine.connect() as connection:
        waits = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
    assert waits == get_settings().write_wait_seconds * 1000


def test_nobody_is_kept_from_reading_because_it_cannot_be_noted(
    library: tuple[Engine, Path], caplog: pytest.LogCaptureFixture
) -> None:
    engine, file = library
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.INFO, "portfolio.people"):
        identity.seen(engine, identity.Identity(LOCAL_OWNER, key="cookie"))
    assert BUSY in caplog.text
    other.execute("ROLLBACK")
    other.close()


def test_a_full_disk_is_told(library: tuple[Engine, Path]) -> None:
    engine, _ = library
    event.listen(engine, "checkout", lambda held, *_: held.execute("PRAGMA max_page_count=1"))
    assert why(engine, "CREATE TABLE big AS SELECT randomblob(100000) AS b FROM regions") == NOT_WRITABLE


def test_another_schema_is_told(engine: Engine) -> None:
    assert why(engine, "SELECT * FROM of_another_version") == UNREADY
    assert why(engine, "SELECT of_another_version FROM projects") == UNREADY


def test_a_fault_of_ours_is_no_outage(engine: Engine) -> None:
    assert why(engine, "SELEC 1") is None
    assert outage(ValueError("x")) is None


def test_a_server_that_is_away_is_told(both_databases: Databases) -> None:
    url = make_url(both_databases.make("postgresql", "bare"))
    engine = make_engine(url.render_as_string(hide_password=False))
    assert why(make_engine(url.set(port=1).render_as_string(hide_password=False))) == AWAY
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as held, admin.connect() as asked:
        held.execute(text("SELECT 1"))
        asked.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        asked.execute(ended, {"name": url.database})
        with pytest.raises(DBAPIError) as raised:
            held.execute(text("SELECT count(*) FROM projects"))
        assert outage(raised.value) == AWAY
    assert why(engine) == AWAY
    engine.dispose()
    admin.dispose()


def test_the_log_has_the_way_and_no_data(engine: Engine) -> None:
    """The driver quotes the row it refused; the log does not."""
    statement = text("INSERT INTO code_lists (name, version, loaded_at) VALUES (:n, 'v', '2026-01-01')")
    twice = [{"n": chr(31192) + chr(23494)}] * 2  # written so that no line of source quotes it
    with pytest.raises(SQLAlchemyError) as raised, transaction(engine) as session:
        session.connection().execute(statement, twice)
    told = trace_of(raised.value)
    assert "test_the_log_has_the_way_and_no_data" in told
    assert "IntegrityError" in told
    assert "秘密" not in told
