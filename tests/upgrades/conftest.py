"""What was lived, and a folder of its own for the files that a migration takes out of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.core.settings import get_settings
from tests.support.databases import Databases
from tests.support.lived import Lived, lived_in


@pytest.fixture(scope="session")
def lived(sqlite_databases: Databases) -> Lived:
    return lived_in(sqlite_databases)


@pytest.fixture
def files_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The folder of attached files, empty."""
    monkeypatch.setenv("ATTACHMENTS_DIR", str(tmp_path / "attached"))
    get_settings.cache_clear()
    yield tmp_path / "attached"
    monkeypatch.undo()
    get_settings.cache_clear()
