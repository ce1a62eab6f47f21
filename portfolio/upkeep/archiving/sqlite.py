"""SQLite: a snapshot while others write, and a library put in the place of another while others read."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from portfolio.core.errors import ConflictError, UnreadableError

VERSION = sqlite3.sqlite_version
WAIT_SECONDS = 60
PAGES = 64
LEAD = 1_000


@contextmanager
def _connected(path: Path, create: bool = False) -> Iterator[sqlite3.Connection]:
    mode = "rwc" if create else "rw"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)) as opened:
        opened.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
        yield opened


def snapshot(source: Path, target: Path) -> None:
    """A copy of the database as one moment had it, whole in one file; writers need not wait meanwhile."""
    with _connected(source) as held, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # a half copy is thrown away
        held.backup(copy)  # all pages in one step: one reading transaction
        copy.execute("PRAGMA journal_mode=DELETE")


def require_sound(path: Path) -> None:
    """Raise `UnreadableError` unless the file is a database whose pages hold together."""
    try:
        with _connected(path) as held:
            found = held.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise UnreadableError("restore.unsound") from error
    if found[0] != "ok":
        raise UnreadableError("restore.unsound")


def revision_of(path: Path) -> int:
    """The revision of the library at `path`; 0 where there is none."""
    if not path.exists():
        return 0
    with _connected(path) as held:
        return _revision(held)


def _revision(held: sqlite3.Connection) -> int:
    if held.execute("SELECT 1 FROM sqlite_master WHERE name = 'revision'").fetchone() is None:
        return 0
    row = held.execute("SELECT value FROM revision").fetchone()
    return int(row[0]) if row else 0


def put_in_place(staged: Path, target: Path, tell: Callable[[int], None]) -> bool:
    """Put the library of `staged` where `target` is, in one transaction that open connections see; False: not done.

    It is not done when the target's revision has come past that of `staged` meanwhile: who holds something of the old
    library would take it for something of the new. Raises `ConflictError` (`restore.locked`) when others do not let go.
    """
    with _connected(staged) as source, _connected(target, create=True) as held, _connected(target) as beside:
        limit, deadline = _revision(source), time.monotonic() + WAIT_SECONDS
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("PRAGMA synchronous=FULL")
        size, count = (int(source.execute(f"PRAGMA page_{of}").fetchone()[0]) for of in ("size", "count"))
        step = max(1, min(PAGES, count // 2))  # never all at once: the look comes between the first and the last
        try:
            source.backup(held, pages=step, progress=_Watch(beside, limit, deadline, step * size, tell), sleep=0.05)
        except _Overtaken:
            return False
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


class _Overtaken(Exception):
    """The library that is to be replaced has a later revision than the one that is to replace it."""


class _Watch:
    """Called after each step of the copying. From the first page on nobody else can write in the target."""

    def __init__(
        self, beside: sqlite3.Connection, limit: int, deadline: float, piece: int, tell: Callable[[int], None]
    ) -> None:
        self._beside, self._limit, self._deadline, self._piece, self._tell = beside, limit, deadline, piece, tell
        self._begun = False

    def __call__(self, status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > self._deadline:
                raise ConflictError("restore.locked")
            return
        if not self._begun:
            self._begun = True
            if _revision(self._beside) >= self._limit:
                raise _Overtaken
        self._tell(self._piece)
