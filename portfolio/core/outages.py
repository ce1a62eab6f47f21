"""What keeps a database from answering, told by its driver's own codes rather than by words."""

import errno
import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

BUSY, AWAY, NOT_WRITABLE, UNREADY = "server.busy", "server.away", "server.not_writable", "server.unready"
# The first part of SQLite's error name: SQLITE_IOERR_WRITE is an IOERR.
_SQLITE = {
    "BUSY": BUSY,
    "LOCKED": BUSY,
    "FULL": NOT_WRITABLE,
    "READONLY": NOT_WRITABLE,
    "CANTOPEN": AWAY,
    "NOTADB": AWAY,
    "CORRUPT": AWAY,
    "IOERR": AWAY,
    "PERM": AWAY,
    "AUTH": AWAY,
}
_MISSING = ("no such table", "no such column")
# The longest beginning of an SQLSTATE that is known decides.
_SQLSTATE = {
    "08": AWAY,
    "55000": AWAY,
    "57P": AWAY,
    "58": AWAY,
    "XX": AWAY,
    "28": AWAY,
    "3D": AWAY,
    "53": NOT_WRITABLE,
    "533": BUSY,
    "25006": NOT_WRITABLE,
    "55P03": BUSY,
    "57014": BUSY,
    "40": BUSY,
    "42P01": UNREADY,
    "42703": UNREADY,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def outage(error: BaseException) -> str | None:
    """The code of what keeps the database from answering or writing; None when `error` says nothing of the kind."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return NOT_WRITABLE
    if isinstance(error, PoolTimeoutError):
        return BUSY
    if isinstance(error, DisconnectionError):
        return AWAY
    if not isinstance(error, DBAPIError):
        return None
    held: Any = error.orig
    if isinstance(held, sqlite3.Error):
        return _of_sqlite(held)
    return _of_sqlstate(str(getattr(held, "sqlstate", None) or ""), error)


def driver_code(error: SQLAlchemyError) -> str:
    """The driver's own code of an error (`SQLITE_BUSY`, `23505`), which holds no data; empty when it has none."""
    held: Any = getattr(error, "orig", None)
    return str(getattr(held, "sqlite_errorname", None) or getattr(held, "sqlstate", None) or "")


def _of_sqlite(held: sqlite3.Error) -> str | None:
    name = str(getattr(held, "sqlite_errorname", "") or "")
    if str(held).startswith(_MISSING):
        return UNREADY
    return _SQLITE.get(name.removeprefix("SQLITE_").partition("_")[0])


def _of_sqlstate(state: str, error: DBAPIError) -> str | None:
    """A connection that never was, or that broke, has no code of its own."""
    known = [_SQLSTATE[state[:length]] for length in range(5, 1, -1) if state[:length] in _SQLSTATE]
    if known:
        return known[0]
    broken = error.connection_invalidated or (not state and type(error).__name__ == "OperationalError")
    return AWAY if broken else None
