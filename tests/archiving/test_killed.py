"""Ended by force at any point, a backup leaves no archive and a restoration leaves the library that was there."""

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore
from portfolio.upkeep.invariants import breaches
from tests.archiving.contents import contents, files_in, journal_of
from tests.archiving.killed import POINTS, Killer
from tests.support.command import run_command

ONLY = {"restore: half of the pages": "sqlite", "restore: half of the statements": "postgresql"}
RESTORING = [point for point in POINTS if point.startswith("restore")]


def ended(engine: Engine, folder: Path, point: str, *arguments: str) -> int:
    """Run the command until it ends itself at `point`; how it ended."""
    environment = {**os.environ, "DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    return run_command(arguments, environment, folder, before=Killer(point)).returncode


def test_a_killed_backup_leaves_the_one_before(library: Engine, tmp_path: Path) -> None:
    backup(library, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    for point in set(POINTS) - set(RESTORING):
        assert ended(library, tmp_path, point, "backup", "b.zip") == -signal.SIGKILL, point
        assert (tmp_path / "b.zip").read_bytes() == whole
        assert ended(library, tmp_path, point, "backup", "none.zip") == -signal.SIGKILL
        assert not (tmp_path / "none.zip").exists()
    backup(library, tmp_path / "b.zip")
    backup(library, tmp_path / "none.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_killed_restoration_leaves_what_was_there(library: Engine, tmp_path: Path) -> None:
    backup(library, tmp_path / "b.zip")
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET owner = 'later' WHERE id = 7"))
    held, journal, files = contents(library, set()), journal_of(library), files_in(tmp_path / "here")
    for point in RESTORING:
        if ONLY.get(point, library.dialect.name) != library.dialect.name:
            continue
        library.dispose()
        assert ended(library, tmp_path, point, "restore", "b.zip", "--replace") == -signal.SIGKILL, point
        assert (contents(library, set()), journal_of(library)) == (held, journal), point
        assert files_in(tmp_path / "here") == files
    assert [breach for breach in breaches(library) if not breach.warning] == []
    assert restore(library, tmp_path / "b.zip", Wanted(replace=True)).done
    assert [row for row in contents(library)["projects"] if "later" in row] == []
    left = [path for path in Path(str(library.url.database)).parent.glob(".*restoring")]
    assert left == []


@dataclass(frozen=True)
class Limit:
    """A limit on the size of files stands for a full disk."""

    size: int

    def __call__(self) -> None:
        """Set the limit; a write past it then fails as one on a full disk does."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.size))


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_full_disk_is_told_and_leaves_nothing(sqlite_library: Engine, tmp_path: Path, share: float) -> None:
    """In the middle of the database's copy, and in the archive, which is larger than the copy."""
    size = int(Path(str(sqlite_library.url.database)).stat().st_size * share)
    environment = {**os.environ, "DATABASE_URL": sqlite_library.url.render_as_string(hide_password=False)}
    environment["PORTFOLIO_LANGUAGE"] = "zh"
    told = run_command(["backup", "b.zip"], environment, tmp_path, before=Limit(size))
    assert (told.returncode, "Traceback" in told.stderr, "未生成" in told.stderr) == (1, False, True), told.stderr
    assert [path.name for path in tmp_path.iterdir() if "b.zip" in path.name] == []
