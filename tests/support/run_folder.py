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
PREFIX = "portfolio-tests-"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30


def place() -> Path:
    """Where folders of runs lie: in memory if a run fits there, else where temporary files lie."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


def open_folder() -> Path:
    """Make the folder of this run and name it to the processes it starts; what runs ended by force left is removed."""
    base = place()
    for left in base.glob(f"{PREFIX}*"):
        if not _alive(int(left.name.removeprefix(PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    # The database server, which is another user's, passes through to a folder of its own.
    folder.chmod(0o711)
    os.environ[NAME] = str(folder)
    return folder


def folder() -> Path:
    """The folder of this run, in each of its processes."""
    return Path(os.environ[NAME])


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a lock of the run: its other processes wait."""
    with (folder() / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
