"""Files that are on the disk, and found there by their names, before anything speaks of them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def put(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written that stands at `path` once it is whole: its content and its name are on the disk then.

    Whoever looks at `path` sees what was there before or all of the new. When writing fails nothing of it is left.
    """
    make_folder(path.parent)
    handle, written = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(path)
    except BaseException:  # an interrupt as well: nothing half written stays beside the file, and it goes on
        Path(written).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it; each new name is on the disk then."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
