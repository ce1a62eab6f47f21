"""Libraries of earlier schemas: made by that schema's own migrations, filled with rows of one of today."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, inspect, select, text
from sqlmodel import SQLModel

from portfolio.core.database import make_engine
from portfolio.upkeep import migrate
from tests.attachments.files import PDF

# Made by the migrations themselves, or said anew below.
OWN = {"alembic_version", "revision", "changes", "journal_head"}


def rows_of_today(source: Engine) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of the library, parents first."""
    with source.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in OWN
        }


def make_at(url: str, revision: str, rows: dict[str, list[dict[str, Any]]]) -> Engine:
    """A library at `revision` with as much of `rows` as that schema has a place for."""
    migrate.upgrade(url, revision)
    engine = make_engine(url)
    with engine.begin() as connection:
        begun = text("UPDATE revision SET value = 500, changes_from = 500, service_open = :on")
        connection.execute(begun, {"on": True})
        inspector = inspect(connection)
        there = set(inspector.get_table_names())
        # Attachments named a project then.
        for name in sorted(rows, key=lambda name: name == "attachments"):
            if name in there and rows[name]:
                columns = {column["name"] for column in inspector.get_columns(name)}
                _put(connection, SQLModel.metadata.tables[name], columns, rows[name])
        if inspector.has_table("journal_head"):
            end = {"rows": len(rows["journal"]), "hash": rows["journal"][-1]["hash"]}
            connection.execute(text("UPDATE journal_head SET rows = :rows, hash = :hash"), end)
        connection.execute(text("UPDATE revision SET service_open = :off"), {"off": False})
    return engine


def _put(connection: Connection, table: Table, columns: set[str], rows: list[dict[str, Any]]) -> None:
    kept = [{name: value for name, value in row.items() if name in columns} for row in rows]
    if table.name == "attachments" and "content" in columns:
        _put_inside(connection, rows)
        return
    # Of today's table only the columns, not their defaults: those may be of columns that are not there yet.
    then = sa.table(table.name, *(sa.column(one.name, one.type) for one in table.columns if one.name in columns))
    connection.execute(then.insert(), kept)
    if connection.dialect.name == "postgresql" and "id" in columns:
        name = connection.execute(text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')")).scalar()
        if name is not None:
            connection.execute(text(f"SELECT setval('{name}', max(id)) FROM {table.name}"))


def _put_inside(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Attachments as they were before 0012: of a step, their content in the row."""
    (row,) = rows
    assert row["sha256"] == hashlib.sha256(PDF).hexdigest()
    old = {name: row[name] for name in ("id", "name", "media_type", "size", "sha256", "at", "actor")}
    old |= {"project_id": 1, "step": "eia", "content": PDF}
    if connection.dialect.name == "sqlite":
        old["at"] = row["at"].strftime("%Y-%m-%d %H:%M:%S.%f")
    names = ", ".join(old)
    marks = ", ".join(f":{name}" for name in old)
    connection.execute(text(f"INSERT INTO attachments ({names}) VALUES ({marks})"), old)


def columns_of(engine: Engine) -> dict[str, list[str]]:
    """The columns of every table that was filled, by its name."""
    inspector = inspect(engine)
    names = set(inspector.get_table_names()) - OWN
    return {name: sorted(column["name"] for column in inspector.get_columns(name)) for name in sorted(names)}


def told(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows of some columns, in an order that says nothing of how they are stored."""
    with engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(text(f"SELECT {_listed(names)} FROM {name}")))
            for name, names in columns.items()
        }


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
