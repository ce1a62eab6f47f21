"""A file is read apart from everybody else: nobody waits, nothing is left behind, no mutated file is a fault."""

import zipfile
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.core.settings import get_settings
from portfolio.exchange.rows.importing import Options, import_read
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from tests.exchange.conftest import CODE, Desk
from tests.exchange.test_reader import take
from tests.support.api import api_client
from tests.support.hostile import Report, assess
from tests.support.mutations import ROWS, good_csv


def test_nobody_waits_for_a_check(engine: Engine, tmp_path: Path) -> None:
    """While a check has done all its writing, a colleague saves a need of the very project it names, at once."""
    path = tmp_path / "needs.csv"
    path.write_text(good_csv(CODE))
    impatient = {"sqlite": "PRAGMA busy_timeout=0", "postgresql": "SET LOCAL lock_timeout = '50ms'"}
    with spooled([path], [path.name], 50) as sources, private_copy(engine) as session:
        outcome = import_read(session, LOCAL_OWNER, EVERYTHING, sources, Options(kind="needs", check=True))
        assert (outcome.tally.new, list(outcome.findings)) == (ROWS, [])
        with transaction(engine) as other:
            other.execute(text(impatient[engine.dialect.name]))
            assert save_needs(other, replace(LOCAL_OWNER, name="li"), EVERYTHING, CODE, [NeedEdit("fund.tbd", 2030, 7)])
    with Session(engine) as after:
        names = ("journal", "needs")
        written = [after.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names]
    assert written[1] == 1


def test_a_private_copy_leaves_nothing_behind(sqlite_engine: Engine, tmp_path: Path) -> None:
    left: list[Path] = []

    def within() -> None:
        with private_copy(sqlite_engine) as session:
            session.execute(text("DELETE FROM needs"))
            left.extend(Path(str(sqlite_engine.url.database)).parent.glob("*-imports/copy-*"))

    worker = Thread(target=within)
    worker.start()
    worker.join()
    assert left
    assert not any(folder.exists() for folder in left)


def test_files_in_no_known_format_are_told(light_desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "not-a-zip.xlsx"
    path.write_bytes(b"plain text")
    _, findings = take(path)
    assert [one.code for one in findings] == ["bad_workbook"]
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w:document/>")
    _, findings = take(path)
    assert [one.code for one in findings] == ["bad_workbook"]


def test_mutated_files_give_no_fault(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of the thousands that `python -m tests.support.hostile` sends."""
    monkeypatch.setattr(get_settings(), "imports_per_hour", 1000)
    report = Report()
    with api_client(sqlite_engine) as api:
        assess(api, range(5000, 5040), report)
    assert report.faults == []
    assert report.accepted > 3
