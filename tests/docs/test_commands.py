"""Every block of the documents that a shell reads is run as it stands, against a library with illustrative figures."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.docs.blocks import ROOT, Block, blocks, commands, documents
from tests.docs.shell import STATED, Office, office
from tests.support.databases import Databases
from tests.support.server import running

# What cannot run in a test, by document: each is marked there with its reason, and none is added unseen.
NOT_RUN = {
    "CONTRIBUTING.md": 1,
    "README.md": 2,
    "README.zh-CN.md": 2,
    "docs/install.md": 4,
    "docs/install.zh-CN.md": 4,
    "docs/programme.md": 1,
    "docs/programme.zh-CN.md": 1,
}
RUNNING = [document for document in documents() if any(not block.mark for block in commands(document))]
NOTHING = re.compile(r"(?<!\d)0 rows were written|已将 0 行|Traceback|\"total\":0\b")


def parts(document: str) -> list[Block]:
    return [block for block in commands(document) if block.mark != "not run"]


def test_what_is_not_run_is_marked_with_its_reason() -> None:
    marked = [block for document in documents() for block in commands(document) if block.mark == "not run"]
    counted: dict[str, int] = {}
    for block in marked:
        counted[block.document] = counted.get(block.document, 0) + 1
        assert len(block.reason) > 10, block
    assert counted == NOT_RUN
    assert len(RUNNING) > 8


@pytest.fixture
def library(sqlite_databases: Databases, tmp_path: Path) -> Path:
    """A library with illustrative figures where the command looks when nobody says otherwise."""
    made = Path(str(make_url(sqlite_databases.make("sqlite", "demo")).database))
    folder = tmp_path / "office"
    (folder / "var").mkdir(parents=True)
    return Path(shutil.move(made, folder / "var" / "portfolio.db"))  # the two folders may lie on two disks


@pytest.fixture
def place(library: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    """The office; the product is served where the document asks it."""
    document = request.getfixturevalue("document")
    folder = library.parents[1]
    lang = "zh" if ".zh-CN." in document else "en"
    kept = {"PORTFOLIO_LANGUAGE": lang, "ATTACHMENTS_DIR": str(folder / "var" / "attachments")}
    if any(STATED in block.text for block in parts(document)):
        log = str(tmp_path / "log")
        with running(f"sqlite:///{library}", log, SIGN_IN="auto", **kept) as address:
            with office(folder, address, **kept) as opened:
                yield opened
    else:
        with office(folder, **kept) as opened:
            yield opened


@pytest.mark.parametrize("document", RUNNING)
def test_blocks_run(document: str, place: Office, library: Path) -> None:
    before = library.with_suffix(".before")
    shutil.copy(library, before)
    together = [block for block in parts(document) if block.mark != "apart"]
    told = place.run(together)
    assert (told.returncode, NOTHING.search(told.stdout)) == (0, None), told.stdout[-1500:] + told.stderr[-1500:]
    for block in parts(document):
        if block.mark == "apart":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{library}{suffix}").unlink(missing_ok=True)
            shutil.copy(before, library)
            told = place.run([block])
            assert told.returncode == 0, f"{block.line}: {told.stdout[-1500:]}{told.stderr[-1500:]}"


@pytest.mark.parametrize("document", [one for one in documents() if any(b.language == "python" for b in blocks(one))])
def test_python_runs(document: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    for block in blocks(document):
        if block.language == "python":
            told = subprocess.run(
                [sys.executable, "-c", block.text], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert told.returncode == 0, f"{block.line}: {told.stderr[-1500:]}"
