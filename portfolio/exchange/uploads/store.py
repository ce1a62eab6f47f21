"""Files of imports, kept outside the database under their SHA-256, and who is at work on which import."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from portfolio.core import durable
from portfolio.core.errors import ConflictError, UnreadableError
from portfolio.core.settings import get_settings

PIECE = 1 << 20
TELL_EVERY = 0.3
TRIES = 5


@dataclass(frozen=True)
class StoredFile:
    """A kept file: the name it came under, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    size: int


def folder_of(engine: Engine) -> Path:
    """The folder of the database's imports: the setting's, else one beside the SQLite file, else under `var`."""
    chosen = get_settings().imports_dir
    if chosen:
        folder = Path(chosen)
    elif engine.dialect.name == "sqlite":
        database = Path(engine.url.database or "portfolio.db")
        folder = database.with_name(f"{database.stem}-imports")
    else:
        folder = Path("var") / f"{engine.url.database}-imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(folder: Path, source: Path, name: str) -> StoredFile:
    """Keep a copy of `source`: whole or not at all, once however often it comes, on the disk with its name."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as target:
        try:
            stored = _copied(source, target, name)
            path = path_of(folder, stored)
            durable.make_folder(path.parent)
            Path(target.name).replace(path)
        except OSError:
            Path(target.name).unlink(missing_ok=True)
            raise
    durable.sync_folder(path.parent)
    return stored


def _copied(source: Path, target: IO[bytes], name: str) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    target.flush()
    os.fsync(target.fileno())
    return StoredFile(name, digest.hexdigest(), size)


def path_of(folder: Path, stored: StoredFile) -> Path:
    """Where a file is kept; its suffix stays, since it says how to read it."""
    return folder / stored.sha256[:2] / f"{stored.sha256}{Path(stored.name).suffix.lower()}"


def verified(folder: Path, stored: StoredFile) -> Path:
    """The kept file, read through; raises `UnreadableError` when it is gone or no longer what it was."""
    path = path_of(folder, stored)
    if not path.is_file():
        raise UnreadableError("import.file_gone", name=stored.name)
    if not holds(folder, stored):
        raise UnreadableError("import.file_altered", name=stored.name)
    return path


def holds(folder: Path, stored: StoredFile) -> bool:
    """Whether the kept file is there and what it was."""
    path = path_of(folder, stored)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == stored.sha256


class Attendance:
    """Being at work on an import: a lock the system takes back when the process ends, however it ends.

    The locked file holds how far the work is, since the database is busy with the import itself. A file beside it is
    how any process asks the one at work to stop.
    """

    def __init__(self, folder: Path, import_id: int) -> None:
        """Take the lock; raises `ConflictError` (`import.busy`) when somebody has it."""
        self._file: IO[bytes] = _work_file(folder, import_id).open("a+b")
        if not self._taken():
            self._file.close()
            raise ConflictError("import.busy", id=str(import_id))
        self._stop = _stop_file(folder, import_id)
        self._stop.unlink(missing_ok=True)
        self._told = 0.0
        self._done = 0
        self.size = 0

    def _taken(self) -> bool:
        """A look whether somebody is at work holds the lock for an instant, so it is tried a few times."""
        for _ in range(TRIES):
            if _lock(self._file):
                return True
            time.sleep(0.02)
        return False

    def stopped(self) -> bool:
        """Whether somebody asked for the work to stop."""
        return self._stop.exists()

    def advance(self, piece: int) -> None:
        """Tell that `piece` more bytes of the files were read; raises `ConflictError` (`import.cancelled`) if asked."""
        if self.stopped():
            raise ConflictError("import.cancelled")
        self._done += piece
        if time.monotonic() - self._told > TELL_EVERY:
            self._told = time.monotonic()
            share = min(100, 100 * self._done // self.size) if self.size else 0
            self._file.truncate(0)
            self._file.write(str(share).encode())
            self._file.flush()

    def leave(self) -> None:
        """Give the lock back."""
        self._stop.unlink(missing_ok=True)
        self._file.truncate(0)
        self._file.close()


def attended(folder: Path, import_id: int) -> bool:
    """Whether a running process is at work on the import."""
    path = _work_file(folder, import_id)
    if not path.exists():
        return False
    with path.open("a+b") as file:
        return not _lock(file)


def ask_to_stop(folder: Path, import_id: int) -> bool:
    """Ask whoever is at work on the import to stop; whether anybody was."""
    if not attended(folder, import_id):
        return False
    _stop_file(folder, import_id).touch()
    return True


def progress(folder: Path, import_id: int) -> int:
    """How much of the files was read, in percent."""
    path = _work_file(folder, import_id)
    told = path.read_bytes() if path.exists() else b""
    return int(told) if told.isdigit() else 0


def _work_file(folder: Path, import_id: int) -> Path:
    return folder / f"{import_id}.work"


@contextmanager
def held_alone(path: Path) -> Iterator[bool]:
    """Hold a file's lock for the block, and whether that was possible; a folder that is gone cannot be held."""
    try:
        file = path.open("a+b")
    except FileNotFoundError:
        yield False
        return
    with file:
        yield _lock(file)


def _stop_file(folder: Path, import_id: int) -> Path:
    return folder / f"{import_id}.stop"


def _lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
