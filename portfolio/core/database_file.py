"""An SQLite file that is taken away, or exchanged, beneath a running process.

An open connection keeps the old file though it has no name any more: what it wrote would be lost, and what it read
would be stale. A new connection would make an empty database in its place. Both are refused.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

_KEY = "portfolio.file"
Identity = tuple[int, int]


def watch_file(engine: Engine, path: str) -> None:
    """Let every connection of `engine` be to the file that lies at `path` now; once seen, it is never made anew."""
    seen = list[bool]()

    def connecting(_dialect: Any, _record: Any, _arguments: Any, _named: Any) -> None:
        if seen and _identity(path) is None:
            fault = sqlite3.OperationalError("the database file is gone")
            fault.sqlite_errorname = "SQLITE_CANTOPEN"
            raise fault

    def connected(_connection: Any, record: Any) -> None:
        record.info[_KEY] = _identity(path)
        seen[:] = [True]

    def taken(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(_KEY) != _identity(path):
            raise DisconnectionError

    event.listen(engine, "do_connect", connecting)
    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", taken)


def _identity(path: str) -> Identity | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
