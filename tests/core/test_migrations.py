"""The schema goes up and down on both databases, matches the tables, and guards what triggers guard."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel

from portfolio.core import revision, schema
from portfolio.core.database import make_engine
from portfolio.upkeep import migrate
from tests.support.databases import Databases
from tests.support.downgrading import downgrade


def test_up_and_down(backend: str, both_databases: Databases) -> None:
    url = both_databases.empty(backend)
    migrate.upgrade(url)
    engine = make_engine(url)
    assert schema.held(engine) == schema.head()
    assert "needs" in inspect(engine).get_table_names()
    downgrade(url, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrate.upgrade(url)
    assert schema.held(engine) == schema.head()
    engine.dispose()


def test_schema_is_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    assert differences == []


@pytest.mark.parametrize(
    ("statement", "touched"),
    [
        ("UPDATE projects SET owner = 'x' WHERE id = 7", {7}),
        ("INSERT INTO needs (project_id, item_id, year, required, basis) VALUES (9, 101, 2030, 5, 'reported')", {9}),
        ("DELETE FROM project_regions WHERE project_id = 3", {3}),
        ("UPDATE items SET name_en = 'x' WHERE id = 101", {None}),
        ("DELETE FROM projects WHERE id = 11", {11}),
    ],
)
def test_raw_sql_raises_the_revision(engine: Engine, statement: str, touched: set[int | None]) -> None:
    with Session(engine) as session:
        before = revision.current(session)
    with engine.begin() as connection:
        connection.execute(text(statement))
    with Session(engine) as session:
        assert revision.current(session) > before
        rows = session.execute(text("SELECT project_id FROM changes WHERE revision > :held"), {"held": before})
        assert {row[0] for row in rows} == touched


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_journal_cannot_be_changed(engine: Engine, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_service_mark_never_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT service_open FROM revision")).scalar_one() in (0, False)
