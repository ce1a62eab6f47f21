"""`portfolio backup` or `restore` ended by SIGKILL at a named point."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portfolio.upkeep.archiving import backup, container, postgresql, restore, sqlite


def kill() -> None:
    """End this process as a lack of power does: nothing more is run."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_after(owner: Any, name: str, calls: int = 1) -> None:
    """End the process after a function was called so many times."""
    whole: Callable[..., Any] = getattr(owner, name)
    count = 0

    def called(*args: Any, **named: Any) -> Any:
        nonlocal count
        answer = whole(*args, **named)
        count += 1
        if count == calls:
            kill()
        return answer

    setattr(owner, name, called)


def kill_before(owner: Any, name: str) -> None:
    """End the process where a function would be called."""
    setattr(owner, name, lambda *_, **__: kill())


def _points() -> dict[str, Callable[[], None]]:
    """Backup: the database is in the archive; the archive is whole but has not its name yet. Restoration: the archive
    was verified; the files are in their folders; the library was checked; a part of the pages, or of the statements,
    was written; all that is wanted was done but not committed.
    """
    return {
        "backup: database written": lambda: kill_before(backup, "put_in"),
        "backup: whole, unnamed": lambda: kill_before(os, "replace"),
        "restore: verified": lambda: kill_after(container.Archive, "verify"),
        "restore: files put back": lambda: kill_before(restore, "_require_schema"),
        "restore: checked": lambda: kill_before(restore, "renewed"),
        "restore: half of the pages": lambda: kill_after(sqlite._Watch, "__call__", 2),
        "restore: half of the statements": lambda: kill_after(postgresql, "_copy", 20),
        "restore: uncommitted": lambda: kill_after(restore, "renewed"),
    }


POINTS = tuple(_points())


@dataclass(frozen=True)
class Killer:
    """Has the process end at a point; may be handed to a new process."""

    point: str

    def __call__(self) -> None:
        """Arm the point."""
        _points()[self.point]()
