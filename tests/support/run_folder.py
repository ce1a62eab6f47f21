"""What the processes of one run share: a folder that lies in memory where there is room, removed when the run ends.

Making and removing a database is hundreds of files: on a disk that is most of a test's time, in memory next to nothing.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "PORTFOLIO_TESTS_SHARED"
PREFIX = f"portfolio-tests-{os.getuid()}-"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30
HELD = "held"


def place() -> Path:
    """Where folders of runs lie: in memory if a run fits there, else where temporary files lie."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


def open_folder() -> "RunFolder":
    """Make the folder of this run and name it to the processes it starts; what runs ended by force left is removed."""
    base = place()
    with _locked(base / f"{PREFIX}lock"):
        for left in base.glob(f"{PREFIX}*/"):
            if _nobody_holds(left / HELD):
                shutil.rmtree(left, ignore_errors=True)
        made = RunFolder(Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)))
    os.environ[NAME] = str(made.path)
    return made


class RunFolder:
    """The folder of a run, held for as long as the process lives that made it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # The database server, which is another user's, passes through to a folder of its own.
        path.chmod(0o711)
        self._held = (path / HELD).open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()


def folder() -> Path:
    """The folder of this run, in each of its processes."""
    return Path(os.environ[NAME])


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a lock of the run: its other processes wait."""
    with _locked(folder() / f"{name}.lock"):
        yield


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _nobody_holds(path: Path) -> bool:
    """Whether the process that made a folder has ended: the lock of one that has is free."""
    try:
        with path.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
