"""Inserts that run behind their caller, so that a file is read while the database writes."""

import sqlite3
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Table
from sqlmodel import Session

from portfolio.core.database import bulk_insert

PENDING = 2
MOST_VALUES = 30_000


class Behind:
    """Bulk inserts of one transaction, in their order, on a thread of their own.

    SQLite takes thousands of rows in one statement and works on them outside the interpreter's lock. While inserts are
    under way nobody else may use the session: whoever needs it calls `settle()` first. Other databases insert at once.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._thread = ThreadPoolExecutor(1, "insert")
        self._pending: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._thread.shutdown(wait=True)
        if error is None:
            self.settle()

    def insert(self, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Insert `rows` of numbers and text; an error of the database is raised here or by a later call."""
        connection = self._session.connection()
        if connection.dialect.name != "sqlite":
            bulk_insert(connection, table, names, rows)
            return
        raw = connection.connection.dbapi_connection
        while len(self._pending) >= PENDING:
            self._pending.popleft().result()
        self._pending.append(self._thread.submit(_run, raw, table.name, tuple(names), rows))

    def settle(self) -> None:
        """Wait until every insert is done."""
        while self._pending:
            self._pending.popleft().result()


def _run(raw: Any, table: str, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    most = min(MOST_VALUES, raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)) // len(names)
    for start in range(0, len(rows), most):
        part = rows[start : start + most]
        raw.execute(_insertion(table, names, len(part)), list(chain.from_iterable(part))).close()


@lru_cache(16)
def _insertion(table: str, names: tuple[str, ...], count: int) -> str:
    """One insertion of `count` rows; the names are the schema's own."""
    row = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * count)}"
