"""What earlier versions left half done in SQLite when a migration failed or was ended by force, and how it is cleared.

They made tables, columns, indexes and triggers one by one and wrote the new revision last. Such a database says that it
is at a revision while it holds a part of the next one. Nothing of it holds data, except when a newer program wrote into
a schema that was whole but for the last line; that one is taken as done.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from portfolio.core.errors import NotReadyError

REBUILT = "_alembic_tmp_"


@dataclass(frozen=True)
class Shape:
    """Names of columns by table, and the statements that make indexes and triggers, by name."""

    tables: Mapping[str, frozenset[str]]
    attached: Mapping[str, str]


def shape_of(connection: Connection) -> Shape:
    """The shape of the SQLite database behind `connection`; what SQLite and Alembic hold for themselves is left out."""
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).all()
    tables = [name for kind, name, _ in rows if kind == "table" and name != "alembic_version"]
    return Shape(
        {name: frozenset(_columns(connection, name)) for name in tables},
        {name: sql for kind, name, sql in rows if kind in ("index", "trigger")},
    )


def clear_half_done(connection: Connection, before: Shape, after: Shape) -> bool:
    """Bring a database that stands between `before` and `after`, the shape of the next revision, back to `before`.

    Returns whether it is at `after` already but for the revision it names, and in use. Raises `NotReadyError`
    (`schema.half_used`) when a part of `after` is there and holds data; what belongs to neither shape is left alone.
    """
    _drop_rebuilt(connection, before)
    held = shape_of(connection)
    tables = sorted((held.tables.keys() & after.tables.keys()) - before.tables.keys())
    columns = [
        (table, name)
        for table in sorted(held.tables.keys() & before.tables.keys() & after.tables.keys())
        for name in sorted((held.tables[table] & after.tables[table]) - before.tables[table])
    ]
    used = [table for table in tables if _holds_rows(connection, table)]
    used += [f"{table}.{name}" for table, name in columns if _holds_values(connection, table, name)]
    if used and _whole(held, after):
        return True
    if used:
        raise NotReadyError("schema.half_used", names=", ".join(used))
    extra = (held.attached.keys() & after.attached.keys()) - before.attached.keys()
    _drop(connection, sorted(extra), tables, columns)
    for name in sorted(before.attached.keys() - shape_of(connection).attached.keys()):
        connection.exec_driver_sql(before.attached[name])
    return False


def _whole(held: Shape, after: Shape) -> bool:
    """Whether all of `after` is there."""
    return after.attached.keys() <= held.attached.keys() and all(
        columns <= held.tables.get(table, frozenset()) for table, columns in after.tables.items()
    )


def _drop_rebuilt(connection: Connection, before: Shape) -> None:
    """Drop the tables into which others were being copied: the others still stand, or the database is damaged."""
    held = shape_of(connection).tables
    for name in sorted(held):
        if name.startswith(REBUILT):
            original = name.removeprefix(REBUILT)
            if original in before.tables and original not in held:
                raise NotReadyError("schema.half_used", names=name)
            connection.exec_driver_sql(f'DROP TABLE "{name}"')


def _drop(connection: Connection, attached: list[str], tables: list[str], columns: list[tuple[str, str]]) -> None:
    kinds = {name: kind for name, kind in connection.exec_driver_sql("SELECT name, type FROM sqlite_master")}
    for name in attached:
        connection.exec_driver_sql(f'DROP {kinds[name]} "{name}"')
    for table in tables:
        connection.exec_driver_sql(f'DROP TABLE "{table}"')
    for table, name in columns:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')


def _columns(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.exec_driver_sql(f'PRAGMA table_info("{table}")')]


def _holds_rows(connection: Connection, table: str) -> bool:
    return connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first() is not None


def _holds_values(connection: Connection, table: str, column: str) -> bool:
    """Whether any row holds something else than what the column was made with."""
    found = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
    default = next(row[4] for row in found if row[1] == column)
    statement = f'SELECT 1 FROM "{table}" WHERE "{column}" IS NOT {"NULL" if default is None else default} LIMIT 1'
    return connection.exec_driver_sql(statement).first() is not None
