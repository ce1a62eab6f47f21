"""Inserts that run behind their caller, so that a file is read while the database writes."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import orjson
from sqlalchemy import Table
from sqlmodel import Session

from portfolio.core.database import bulk_insert

PENDING = 2


class Behind:
    """Bulk inserts of one transaction, in their order, on a thread of their own.

    SQLite takes a whole chunk as one JSON text and works on it outside the interpreter's lock. While inserts are under
    way nobody else may use the session: whoever needs it calls `settle()` first. Other databases insert at once.
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
        payload = orjson.dumps(rows).decode()
        raw = connection.connection.dbapi_connection
        while len(self._pending) >= PENDING:
            self._pending.popleft().result()
        self._pending.append(self._thread.submit(_run, raw, _from_json(table.name, names), payload))

    def settle(self) -> None:
        """Wait until every insert is done."""
        while self._pending:
            self._pending.popleft().result()


def _run(raw: Any, statement: str, payload: str) -> None:
    raw.execute(statement, (payload,)).close()


def _from_json(table: str, names: Sequence[str]) -> str:
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM json_each(?)"  # names are the schema's own
