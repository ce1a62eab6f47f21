"""What earlier versions left half done on SQLite is cleared away, wherever they failed or were ended by force."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.core.errors import NotReadyError
from portfolio.upkeep import migrate
from portfolio.upkeep.half_done import shape_of
from tests.support.databases import Databases
from tests.support.half_done import old_upgrade
from tests.support.lived import Lived
from tests.support.revisions import Content, content, give, lost
from tests.upgrades.test_data_is_kept import GONE

# Later versions change the schema whole or not at all; these ran statement by statement.
RELEASED = ("0001", *(f"{number:04}" for number in range(2, 18)))
POINTS = 2


def prepared(databases: Databases, lived: Lived, revision: str) -> str:
    url = databases.empty("sqlite")
    migrate.upgrade(url, revision)
    give(url, lived)
    return url


def copied(url: str, to: Path) -> str:
    """A copy of a database that nobody has open."""
    source = url.removeprefix("sqlite:///")
    for suffix in ("", "-wal"):
        if Path(source + suffix).exists():
            shutil.copy(source + suffix, f"{to}{suffix}")
    return f"sqlite:///{to}"


def seen(url: str) -> tuple[str | None, Content, object]:
    engine = make_engine(url)
    with engine.connect() as connection:
        shape = shape_of(connection)
    found = schema.held(engine), content(engine), (dict(shape.tables), set(shape.attached))
    engine.dispose()
    return found


@pytest.mark.parametrize(("before", "after"), list(pairwise(RELEASED)))
def test_a_migration_that_was_ended_half_way_is_made_whole(
    before: str, after: str, sqlite_databases: Databases, lived: Lived, files_apart: Path, tmp_path: Path
) -> None:
    url = prepared(sqlite_databases, lived, before)
    whole = copied(url, tmp_path / "whole.db")
    migrate.upgrade(whole, after)
    wanted = seen(whole)
    steps = len(old_upgrade(copied(url, tmp_path / "count.db"), after)) if after != "0016" else POINTS
    for point in sorted({max(1, steps * place // POINTS) for place in range(1, POINTS + 1)} | {1}):
        half = copied(url, tmp_path / f"half-{point}.db")
        try:
            old_upgrade(half, after, point)
        except IntegrityError:
            assert after == "0016"
        migrate.upgrade(half, after)
        assert seen(half) == wanted, point


def test_a_database_that_failed_at_scenarios_is_upgraded(
    sqlite_databases: Databases, lived: Lived, tmp_path: Path
) -> None:
    """0016 rebuilt a table with children while foreign keys were on: it failed, and every retry found its own rest."""
    url = prepared(sqlite_databases, lived, "0015")
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        old_upgrade(url, "0016")
    with pytest.raises(OperationalError, match="_alembic_tmp_scenarios already exists"):
        old_upgrade(url, "0016")
    revision, before, _ = seen(url)
    assert revision == "0015"
    assert before.pop("_alembic_tmp_scenarios") is not None
    migrate.upgrade(url)
    revision, now, _ = seen(url)
    assert (revision, set(lost(before, now)) - GONE) == (schema.head(), set())
    assert "_alembic_tmp_scenarios" not in now


def test_one_that_was_whole_but_for_its_mark_and_in_use_is_taken_as_done(
    sqlite_databases: Databases, lived: Lived, tmp_path: Path
) -> None:
    url = prepared(sqlite_databases, lived, "0014")
    old_upgrade(url, "0015", 1)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER seal_edition_entries_update"))
        connection.execute(text("DROP TRIGGER seal_edition_entries_move"))
        connection.execute(text("UPDATE edition_entries SET points_milli = 71000"))
        for name in ("seal_edition_entries_update", "seal_edition_entries_move"):
            connection.execute(text(migrate._shapes()["0015"].attached[name]))
    migrate.upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT points_milli FROM edition_entries")).scalars().all() == [71000]
    engine.dispose()


def test_one_that_was_used_half_way_is_refused_in_words(
    sqlite_databases: Databases, lived: Lived, tmp_path: Path
) -> None:
    url = prepared(sqlite_databases, lived, "0016")
    old_upgrade(url, "0017", 1)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE pools SET carries = 1"))
    before = seen(url)
    with pytest.raises(NotReadyError, match=r"schema\.half_used") as refused:
        migrate.upgrade(url)
    assert refused.value.params["names"] == "pools.carries"
    assert seen(url) == before
    engine.dispose()


def test_what_nobody_knows_is_left_alone(sqlite_databases: Databases, lived: Lived) -> None:
    url = prepared(sqlite_databases, lived, "0016")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE my_notes (words TEXT)"))
        connection.execute(text("CREATE INDEX my_index ON pools (name)"))
    migrate.upgrade(url)
    with engine.connect() as connection:
        shape = shape_of(connection)
    assert "my_notes" in shape.tables
    assert "my_index" in shape.attached
    engine.dispose()
