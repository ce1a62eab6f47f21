"""A folder beside the target in which half-made things lie: one at work there at a time, nothing left for long."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portfolio.core import durable
from portfolio.core.errors import ConflictError

LOCK = "lock"


@contextmanager
def alone_in(folder: Path) -> Iterator[Path]:
    """`folder`, empty and of this process alone, and gone afterwards; raises `ConflictError` when another is at work.

    What a process left that was ended by force is cleared away: its lock went with it.
    """
    durable.make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / LOCK).open("a+b") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError("backup.busy") from error
        _clear(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _clear(folder: Path) -> None:
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        elif left.name != LOCK:
            left.unlink()
