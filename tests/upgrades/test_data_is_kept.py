"""Every released schema with data of every room in it is brought to today's, and what stood there stands there."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from tests.support.databases import Databases
from tests.support.lived import Lived
from tests.support.revisions import content, give, lost

# What a migration takes away on purpose: files went from the database into a folder, where they are looked for below;
# what was kept as accepted went back into the records (`test_drafts_turned`).
GONE = {"attachments.project_id", "attachments.step", "attachments.content"}
GONE |= {"scenario_projects.area_m2"}  # a sum of land, sea and forest, which do not add
GONE |= {f"accepted_parts.{name}" for name in ("project_id", "part", "content")}
FRESH_ON_POSTGRESQL = 3


def _cases() -> list[tuple[str, str]]:
    """Every revision on SQLite; the last ones on PostgreSQL, where one database goes through all of them below."""
    return [("sqlite", one) for one in schema.revisions()] + [
        ("postgresql", one) for one in schema.revisions()[-FRESH_ON_POSTGRESQL:]
    ]


def _sound(engine: Engine, lived: Lived, files: Path) -> None:
    """Whatever can be recomputed holds, and every attached file lies where it is looked for."""
    assert schema.held(engine) == schema.head()
    assert [(one.code, one.subject) for one in breaches(engine) if not one.warning] == []
    for said, held in lived.files.items():
        assert (files / said[:2] / said).read_bytes() == held


def _lay(lived: Lived, files: Path, revision: str) -> None:
    """The files of a database that is younger than the folder."""
    if revision >= "0012":
        for said, held in lived.files.items():
            (files / said[:2]).mkdir(parents=True, exist_ok=True)
            (files / said[:2] / said).write_bytes(held)


@pytest.mark.parametrize(("kind", "revision"), _cases())
def test_what_stood_there_stands_there(
    kind: str, revision: str, both_databases: Databases, lived: Lived, files_apart: Path
) -> None:
    url = both_databases.empty(kind)
    migrate.upgrade(url, revision)
    give(url, lived)
    _lay(lived, files_apart, revision)
    engine = make_engine(url)
    before = content(engine)
    assert all(any(columns.values()) for columns in before.values())
    told: list[Path | None] = []
    migrate.upgrade(url, told=told.append)
    assert set(lost(before, content(engine))) <= GONE
    if revision >= "0004":
        _sound(engine, lived, files_apart)
    assert len(told) == (revision != schema.head())
    engine.dispose()
    both_databases.drop(url)


def test_one_database_through_every_version(
    backend: str, both_databases: Databases, lived: Lived, files_apart: Path
) -> None:
    """Rows are added as each version brings tables for them, and all of them arrive."""
    url = both_databases.empty(backend)
    engine, known = make_engine(url), set[str]()
    for revision in schema.revisions():
        before = content(engine) if known else {}
        migrate.upgrade(url, revision)
        assert set(lost(before, content(engine))) <= GONE, revision
        known = give(url, lived, known, sealed=revision == schema.head())
    _sound(engine, lived, files_apart)
    engine.dispose()
    both_databases.drop(url)
