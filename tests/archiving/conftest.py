"""A library with something in it, its folders apart from everybody's, and empty places to restore into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.attachments.queries import attachments_of
from portfolio.attachments.service import attach, detach
from portfolio.core.database import make_engine, transaction
from portfolio.core.settings import get_settings
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import store as imports_store
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from tests.attachments.files import PDF, PNG
from tests.ledger.conftest import LAND, PROJECT, entry, pool, posted
from tests.support.databases import Databases

Elsewhere = Callable[[], Engine]


def point_at(patch: pytest.MonkeyPatch, base: Path) -> None:
    """Have the settings name the folders below `base`."""
    patch.setenv("ATTACHMENTS_DIR", str(base / "attachments"))
    patch.setenv("IMPORTS_DIR", str(base / "imports"))
    get_settings.cache_clear()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Makes the folders of the settings those of a place; the first place is `here`."""

    def move_to(place: str) -> Path:
        base = tmp_path / place
        point_at(monkeypatch, base)
        return base

    move_to("here")
    yield move_to
    get_settings.cache_clear()


def fill(engine: Engine, folder: Path) -> Engine:
    """Put a need, entries in the ledger, two attachments (one taken away again) and an import into a library."""
    with transaction(engine) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2026, 100)])
        open_pool(session, LOCAL_OWNER, EVERYTHING, pool(LAND, "land", 100))
        posted(session, entry("grant", 30), entry("lock", 7))
        attach(session, LOCAL_OWNER, "project", PROJECT, "批复.pdf", PDF)
        attach(session, LOCAL_OWNER, "project", PROJECT, "图.png", PNG)
        detach(session, LOCAL_OWNER, attachments_of(session, "project", PROJECT)[1]["id"])
    import_needs(engine, folder / "要素.csv", 2027, 5)
    return engine


@pytest.fixture
def library(engine: Engine, folders: Callable[[str], Path], tmp_path: Path) -> Engine:
    """The scheme with something in it, on each database."""
    return fill(engine, tmp_path)


@pytest.fixture
def sqlite_library(sqlite_engine: Engine, folders: Callable[[str], Path], tmp_path: Path) -> Engine:
    """The same on SQLite alone."""
    return fill(sqlite_engine, tmp_path)


def import_needs(engine: Engine, path: Path, year: int, wan: int) -> None:
    """Apply a table of one need as a recorded import."""
    path.write_text(f"project,item,year,required\n{PROJECT},fund.own,{year},{wan}\n", encoding="utf-8")
    with Session(engine, expire_on_commit=False) as session:
        outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options(kind="needs"))
        assert outcome.applied
        stored = imports_store.keep(imports_store.folder_of(engine), path, path.name)
        imports.record_applied(session, LOCAL_OWNER, [stored], outcome)
        session.commit()


@pytest.fixture
def elsewhere(backend: str, both_databases: Databases) -> Iterator[Elsewhere]:
    """Makes empty databases of the same kind."""
    made: list[tuple[Engine, str]] = []

    def make() -> Engine:
        url = both_databases.empty(backend)
        made.append((make_engine(url), url))
        return made[-1][0]

    yield make
    for engine, url in made:
        engine.dispose()
        both_databases.drop(url)
