"""A copy of an SQLite database beside it, made before its schema changes and kept until the next one."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from portfolio.core.errors import NotReadyError

ROOM = 2  # times the size of the database: once for the copy, once for tables that are rebuilt


def copy_place(database: Path) -> Path:
    """Where the copy of `database` lies."""
    return database.with_name(f"{database.stem}.before-upgrade{database.suffix}")


def keep_copy(database: Path) -> Path:
    """Copy what is committed in `database`, one whole file, in place of the copy before; returns where it lies.

    Raises `NotReadyError` (`schema.no_room`) when the disk has too little room; the copy before is then kept.
    """
    _demand_room(database)
    place = copy_place(database)
    making = place.with_name(place.name + ".making")
    making.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(making)) as target:
        source.backup(target)
        # The copy is one file, not one with a log beside it that somebody may forget.
        target.execute("PRAGMA journal_mode=DELETE")
    shutil.copymode(database, making)
    with making.open("rb") as written:
        os.fsync(written.fileno())
    making.replace(place)
    return place


def _demand_room(database: Path) -> None:
    beside = [Path(f"{database}{suffix}") for suffix in ("", "-wal")]
    needed = ROOM * sum(part.stat().st_size for part in beside if part.exists())
    free = shutil.disk_usage(database.parent).free
    if free < needed:
        wanted, left = str((needed >> 20) + 1), str(free >> 20)
        raise NotReadyError("schema.no_room", folder=str(database.parent), needed=wanted, free=left)
