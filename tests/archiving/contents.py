"""All that a library holds, to be compared."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text

# What a restoration itself moves: the revision and its log, the journal's end, sessions of browsers.
MOVED = {"revision", "changes", "journal", "journal_head", "sign_ins"}


def rows_of(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    """Every row of a table, in an order that says nothing of how it is stored."""
    with engine.connect() as connection:
        columns = sorted(column["name"] for column in inspect(connection).get_columns(name))
        quoted = ", ".join(f'"{column}"' for column in columns)
        return sorted((tuple(row) for row in connection.execute(text(f"SELECT {quoted} FROM {name}"))), key=repr)


def contents(engine: Engine, without: set[str] = MOVED) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table but those named."""
    return {name: rows_of(engine, name) for name in sorted(set(inspect(engine).get_table_names()) - without)}


def journal_of(engine: Engine) -> list[tuple[Any, ...]]:
    """The journal's rows by number: time, hash."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT id, hash FROM journal ORDER BY id"))]


def files_in(*folders: Path) -> dict[str, str]:
    """The files below folders with their SHA-256."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
