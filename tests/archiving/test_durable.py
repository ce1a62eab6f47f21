"""What was acknowledged is on the disk: commits, kept files with their names, the log at a clean end."""

import hashlib
import os
import shutil
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from portfolio.attachments import store
from portfolio.core.database import make_engine
from portfolio.core.settings import Settings, get_settings
from portfolio.exchange.uploads import store as imports_store
from tests.support.databases import Databases
from tests.support.server import serving

FULL, NORMAL = 2, 1


@pytest.mark.parametrize(("chosen", "held"), [(None, FULL), ("full", FULL), ("normal", NORMAL)])
def test_a_commit_waits_for_the_disk_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None, held: int
) -> None:
    monkeypatch.delenv("SQLITE_SYNCHRONOUS")
    if chosen:
        monkeypatch.setenv("SQLITE_SYNCHRONOUS", chosen)
    get_settings.cache_clear()
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == held
    engine.dispose()
    monkeypatch.undo()
    get_settings.cache_clear()
    assert Settings.model_fields["sqlite_synchronous"].default == "full"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What was brought to the disk in its order: a folder with the names in it at that time, or a file."""
    found: list[tuple[str, list[str]]] = []
    whole = os.fsync

    def fsync(handle: int) -> None:
        place = Path(f"/proc/self/fd/{handle}").readlink()
        found.append((str(place), sorted(one.name for one in place.iterdir()) if place.is_dir() else []))
        whole(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def test_an_attachment_and_its_name_are_on_the_disk(tmp_path: Path, synced: list[tuple[str, list[str]]]) -> None:
    digest = store.keep(tmp_path / "a", b"content")
    assert (tmp_path / "a" / digest[:2] / digest).read_bytes() == b"content"
    places = [place for place, _ in synced]
    # The folders' own names, the content under a passing name, then the folder that now holds the right name.
    assert {str(tmp_path), str(tmp_path / "a")} <= set(places)
    assert synced[-1] == (str(tmp_path / "a" / digest[:2]), [digest])
    assert places[-2].startswith(str(tmp_path / "a" / digest[:2]))
    synced.clear()
    assert store.keep(tmp_path / "a", b"content") == digest
    assert synced == [(str(tmp_path / "a" / digest[:2]), [digest])]


def test_an_imported_file_and_its_name_are_on_the_disk(tmp_path: Path, synced: list[tuple[str, list[str]]]) -> None:
    (tmp_path / "t.csv").write_bytes(b"project\n")
    kept = imports_store.keep(tmp_path, tmp_path / "t.csv", "t.csv")
    folder = tmp_path / kept.sha256[:2]
    assert kept.sha256 == hashlib.sha256(b"project\n").hexdigest()
    assert synced[-1] == (str(folder), [f"{kept.sha256}.csv"])
    assert str(tmp_path) in [place for place, _ in synced]


def test_a_full_disk_leaves_no_half_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.csv").write_bytes(b"project\n")
    (tmp_path / "kept").mkdir()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        imports_store.keep(tmp_path / "kept", tmp_path / "t.csv", "t.csv")
    assert list((tmp_path / "kept").iterdir()) == []


def test_after_a_clean_stop_the_file_is_whole_by_itself(sqlite_databases: Databases, tmp_path: Path) -> None:
    url = sqlite_databases.make("sqlite", "scheme")
    path = Path(url.removeprefix("sqlite:///"))
    reader = make_engine(url)
    with serving(url, str(tmp_path / "log"), SIGN_IN="off") as server, reader.connect() as open_elsewhere:
        # Somebody else has the file open: the last to close it is not the server.
        open_elsewhere.execute(text("SELECT 1 FROM projects")).scalar()
        open_elsewhere.rollback()
        with httpx2.Client(base_url=server.address, timeout=60) as client:
            tag = client.get("/api/v1/projects/GX-2018-0206").headers["ETag"]
            saved = client.patch("/api/v1/projects/GX-2018-0206", json={"owner": "停前"}, headers={"If-Match": tag})
            assert saved.status_code == 200
        server.process.terminate()
        server.process.wait(timeout=60)
        assert Path(f"{path}-wal").stat().st_size == 0
        shutil.copy(path, tmp_path / "copy.db")
    reader.dispose()
    copy = make_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.connect() as connection:
        assert connection.execute(text("SELECT owner FROM projects WHERE code = 'GX-2018-0206'")).scalar_one() == "停前"
    copy.dispose()
