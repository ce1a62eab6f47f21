"""The store and the service: one content once, whole or not at all, outside the database, compared when read."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.attachments import store
from portfolio.attachments.queries import attachment, attachments_of, content_of
from portfolio.attachments.rules import MAX_SIZE
from portfolio.attachments.service import attach, detach
from portfolio.core.database import make_engine
from portfolio.core.errors import ConflictError, InvalidError, PortfolioError, TooLargeError
from portfolio.core.settings import get_settings
from portfolio.journal.queries import history
from portfolio.needs.removal import remove_project
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from tests.attachments import files
from tests.support.databases import Databases
from tests.support.downgrading import downgrade

PROJECT = "GX-2018-0207"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(get_settings(), "attachments_dir", str(tmp_path / "files"))
    return tmp_path / "files"


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def laid(session: Session, name: str = "批复.pdf", content: bytes = files.PDF, code: str = PROJECT) -> int:
    return attach(session, LOCAL_OWNER, "project", code, name, content)


def test_one_content_lies_once_under_its_hash(session: Session, folder: Path) -> None:
    first, second = laid(session), laid(session, "同一文件.pdf", code="GX-2018-0206")
    digest = hashlib.sha256(files.PDF).hexdigest()
    assert stored(folder) == [folder / digest[:2] / digest]
    assert content_of(session, attachment(session, first)) == content_of(session, attachment(session, second))
    (held,) = attachments_of(session, "project", PROJECT)
    assert (held["name"], held["size"], held["sha256"]) == ("批复.pdf", len(files.PDF), digest)


def test_laying_and_taking_away_are_journalled(session: Session) -> None:
    detach(session, LOCAL_OWNER, laid(session), "错发")
    taken, given = history(session, PROJECT, 2)
    assert (given.action, given.after["name"], given.before) == ("attach", "批复.pdf", None)
    assert (taken.action, taken.before["sha256"], taken.reason) == ("detach", given.after["sha256"], "错发")
    assert attachments_of(session, "project", PROJECT) == []


def test_what_is_refused_is_not_stored(session: Session, folder: Path) -> None:
    with pytest.raises(InvalidError):
        laid(session, "run.exe", files.PROGRAM)
    with pytest.raises(InvalidError):
        laid(session, "批复.pdf", files.PAGE)
    with pytest.raises(TooLargeError):
        laid(session, "批复.pdf", files.PDF + bytes(MAX_SIZE))
    assert stored(folder) == []


def test_a_failed_write_leaves_nothing_half(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        store.keep(folder, files.PDF)
    assert stored(folder) == []


def test_missing_and_altered_files_are_named_and_not_given_out(engine: Engine, folder: Path) -> None:
    with Session(engine) as session:
        gone, changed = laid(session), laid(session, "图.png", files.PNG)
        session.commit()
        store.place(folder, attachment(session, gone).sha256).unlink()
        store.place(folder, attachment(session, changed).sha256).write_bytes(b"other")
        for number in (gone, changed):
            with pytest.raises(PortfolioError, match=r"attachment\.damaged"):
                content_of(session, attachment(session, number))
    found = {(one.code, one.subject) for one in breaches(engine)}
    assert {("attachment_missing", f"{gone} 批复.pdf"), ("attachment_altered", f"{changed} 图.png")} <= found


def test_an_altered_content_is_mended_by_the_next_upload_of_it(session: Session, folder: Path) -> None:
    number = laid(session)
    store.place(folder, attachment(session, number).sha256).write_bytes(b"other")
    laid(session, "再传.pdf")
    assert content_of(session, attachment(session, number)) == files.PDF


def test_a_project_with_files_is_not_removed(session: Session) -> None:
    laid(session)
    with pytest.raises(ConflictError, match="in_use"):
        remove_project(session, LOCAL_OWNER, EVERYTHING, PROJECT)


def test_content_moves_out_of_the_database_and_back(backend: str, both_databases: Databases, folder: Path) -> None:
    url = both_databases.make(backend, "scheme")
    downgrade(url, "0008")
    engine = make_engine(url)
    digest = hashlib.sha256(files.PDF).hexdigest()
    values = {"content": files.PDF, "sha256": digest, "code": PROJECT}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO attachments (project_id, step, name, media_type, size, sha256, content, at, actor)"
                " SELECT id, 'eia', '批复.pdf', 'application/pdf', 33, :sha256, :content, '2024-01-01 00:00:00', 'x'"
                " FROM projects WHERE code = :code"
            ),
            values,
        )
    migrate.upgrade(url)
    with Session(engine) as session:
        (held,) = attachments_of(session, "step", PROJECT, below=True)
        assert (held["object_code"], held["name"]) == (f"{PROJECT}/eia", "批复.pdf")
        assert content_of(session, attachment(session, held["id"])) == files.PDF
    downgrade(url, "0008")
    with engine.connect() as connection:
        row = connection.execute(text("SELECT step, content FROM attachments")).one()
    assert (row[0], bytes(row[1])) == ("eia", files.PDF)
    engine.dispose()
