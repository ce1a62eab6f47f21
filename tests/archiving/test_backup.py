"""An archive holds the library as it stands, every file with its hash; what cannot be whole is not made."""

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.attachments import store
from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.core.settings import get_settings
from portfolio.journal.queries import chain_status
from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore
from portfolio.upkeep.invariants import breaches
from tests.archiving.conftest import Elsewhere
from tests.archiving.contents import contents, files_in, journal_of
from tests.attachments.files import PDF, PNG


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_manifest_is_what_the_archive_holds(library: Engine, tmp_path: Path) -> None:
    target = tmp_path / "库.zip"
    backup(library, target)
    with zipfile.ZipFile(target) as archive:
        told = json.loads(archive.read("manifest.json"))
        held = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    assert {one["name"]: (one["size"], one["sha256"]) for one in told["members"]} == {
        name: (len(content), digest(content)) for name, content in held.items()
    }
    # The attachment that was taken away again is still named by the journal.
    assert {name for name in held if name.startswith("attachments/")} == {
        f"attachments/{digest(content)[:2]}/{digest(content)}" for content in (PDF, PNG)
    }
    assert len([name for name in held if name.startswith("imports/") and name.endswith(".csv")]) == 1
    with Session(library) as session:
        head = chain_status(session)
        needs = session.execute(text("SELECT count(*) FROM needs")).scalar_one()
    assert told["journal"] == {"rows": head.rows, "head": head.head}
    assert (told["counts"]["needs"], told["schema"], told["database"]) == (needs, schema.head(), library.dialect.name)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == set()


def test_a_library_comes_back_as_it_was(
    library: Engine, elsewhere: Elsewhere, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    backup(library, tmp_path / "b.zip")
    before, journal, here = contents(library), journal_of(library), files_in(tmp_path / "here")
    there = folders("there")
    fresh = elsewhere()
    done = restore(fresh, tmp_path / "b.zip", Wanted())
    assert (done.done, done.failed) == (True, 0)
    assert contents(fresh) == before
    assert journal_of(fresh)[:-1] == journal
    assert sorted(files_in(there).values()) == sorted(here.values())
    assert [breach for breach in breaches(fresh) if not breach.warning] == []
    with Session(fresh) as session:
        last = session.execute(text("SELECT room, action, after FROM journal ORDER BY id DESC LIMIT 1")).one()
    assert (last.room, last.action, json.loads(last.after)["file"]) == ("archiving", "restore", "b.zip")


@pytest.mark.parametrize("fault", ["missing", "altered"])
def test_a_file_that_is_lost_is_told(sqlite_library: Engine, fault: str, tmp_path: Path) -> None:
    path = store.place(get_settings_folder(), digest(PDF))
    path.unlink() if fault == "missing" else path.write_bytes(b"%PDF-9")
    with pytest.raises(ConflictError, match="files_missing") as told:
        backup(sqlite_library, tmp_path / "b.zip")
    assert (told.value.params["count"], digest(PDF) in told.value.params["names"]) == ("1", True)
    assert not (tmp_path / "b.zip").exists()
    manifest = backup(sqlite_library, tmp_path / "b.zip", accept_missing=True)
    assert manifest.missing == (f"attachments/{digest(PDF)[:2]}/{digest(PDF)}",)


def get_settings_folder() -> Path:
    return Path(get_settings().attachments_dir)


def test_only_an_archive_is_replaced(sqlite_library: Engine, tmp_path: Path) -> None:
    database = Path(str(sqlite_library.url.database))
    before = contents(sqlite_library)
    with pytest.raises(ConflictError, match="other_file"):
        backup(sqlite_library, database)
    assert contents(sqlite_library) == before
    with pytest.raises(NotFoundError, match="no_folder"):
        backup(sqlite_library, tmp_path / "no" / "b.zip")
    with pytest.raises(ConflictError, match="other_file"):
        backup(sqlite_library, tmp_path)
    first = backup(sqlite_library, tmp_path / "b.zip")
    with sqlite_library.begin() as connection:
        connection.execute(text("UPDATE projects SET owner = 'x' WHERE id = 7"))
    assert backup(sqlite_library, tmp_path / "b.zip").revision > first.revision


def test_there_must_be_a_library(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(NotFoundError, match="no_library"):
        backup(engine, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_second_at_the_same_place_is_refused(sqlite_library: Engine, tmp_path: Path) -> None:
    def again(_: int) -> None:
        with pytest.raises(ConflictError, match=r"backup\.busy"):
            backup(sqlite_library, tmp_path / "b.zip")

    backup(sqlite_library, tmp_path / "b.zip", tell=again)
    assert (tmp_path / "b.zip").is_file()


@pytest.mark.parametrize(("version", "code"), [("9.6.24", "program_old"), (None, "no_program")])
def test_the_programs_must_be_of_the_servers_version(
    library: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None, code: str
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    if version:
        for name in ("pg_dump", "pg_restore"):
            (programs / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
            (programs / name).chmod(0o755)
    monkeypatch.setenv("POSTGRES_PROGRAMS", str(programs))
    get_settings.cache_clear()
    if library.dialect.name == "sqlite":
        assert backup(library, tmp_path / "b.zip").database == "sqlite"
        return
    with pytest.raises(ConflictError, match=code) as told:
        backup(library, tmp_path / "b.zip")
    assert told.value.params["version"] == "15"
    assert not (tmp_path / "b.zip").exists()
