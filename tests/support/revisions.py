"""Databases at any released schema, given rows by plain statements over what that schema is found to hold."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlmodel import SQLModel

from portfolio.core.clock import utc_now
from portfolio.core.database import make_engine
from tests.support.lived import Lived

# Rows that the migrations themselves make; they are brought to what is wanted.
MADE = ("revision", "journal_head")
# What is not the library's: it is raised by whatever a migration writes.
COUNTERS = {"revision", "changes", "alembic_version"}
Rows = dict[str, list[dict[str, Any]]]
Content = dict[str, dict[str, list[str]]]


def give(url: str, lived: Lived, known: Collection[str] = (), sealed: bool = True) -> set[str]:
    """Give the database at `url` the rows of every table it has, but for those `known`; returns all it has now.

    Editions come to their states last, nothing can be added to them afterwards; without `sealed` they stay drafts.
    """
    engine = make_engine(url)
    held = MetaData()
    held.reflect(engine)
    tables = {table.name: _typed(table) for table in held.sorted_tables if table.name != "alembic_version"}
    # The head of a journal that was there before is what the migration made of it.
    fresh = [name for name in tables if name not in {*known, *(("journal_head",) if "journal" in known else ())}]
    with engine.begin() as connection:
        _services(connection, True)
        for name in fresh:
            _insert(connection, tables[name], _rows(tables[name], lived))
        if sealed and "editions" in tables:
            _seal(connection, tables["editions"], lived)
        _fill_up(connection, [tables[name] for name in fresh])
        _services(connection, False)
    engine.dispose()
    return set(tables)


def _typed(table: Table) -> Table:
    """The table as it was found, with today's types where they are known: values then go in as the product's do."""
    today = SQLModel.metadata.tables.get(table.name)
    columns = []
    for column in table.columns:
        known = None if today is None else today.columns.get(column.name)
        kind = column.type if known is None else known.type
        columns.append(Column(column.name, kind, primary_key=column.primary_key, nullable=column.nullable))
    typed = Table(table.name, MetaData(), *columns)
    typed.info["references"] = {
        link.parent.name: (link.column.table.name, link.column.name) for link in table.foreign_keys
    }
    typed.info["defaults"] = {column.name for column in table.columns if column.server_default is not None}
    return typed


def _services(connection: Connection, open_: bool) -> None:
    """What the triggers that watch for raw writes ask."""
    connection.execute(text("UPDATE revision SET service_open = :open"), {"open": open_})


def _rows(table: Table, lived: Lived) -> list[dict[str, Any]]:
    found = lived.rows.get(table.name, [])
    if table.name == "editions":
        return [row | {"state": "draft"} for row in found]
    if table.name == "attachments" and "content" in table.columns:
        projects = {row["code"]: row["id"] for row in lived.rows["projects"]}
        return [row | _of_old(row, projects, lived.files) for row in found if row["object_kind"] == "step"]
    return found


def _of_old(row: Mapping[str, Any], projects: Mapping[str, int], files: Mapping[str, bytes]) -> dict[str, Any]:
    """A file of a step as it lay in the database until revision 0012."""
    code, _, step = row["object_code"].rpartition("/")
    return {"project_id": projects[code], "step": step, "content": files[row["sha256"]]}


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    values = [{name: value for name, value in row.items() if name in table.columns} for row in rows]
    blanks = {
        column.name: _blank(column)
        for column in table.columns
        if not column.nullable and not column.primary_key and column.name not in table.info["defaults"]
    }
    for row in values:
        row |= {name: blank for name, blank in blanks.items() if row.get(name) is None}
    if table.name in MADE:
        connection.execute(update(table).values({k: v for k, v in values[0].items() if k != "service_open"}))
    elif values:
        connection.execute(insert(table), values)


def _seal(connection: Connection, editions: Table, lived: Lived) -> None:
    """Bring editions to the states that they had."""
    for row in lived.rows["editions"]:
        connection.execute(update(editions).where(editions.c.id == row["id"]).values(state=row["state"]))


def _fill_up(connection: Connection, tables: Iterable[Table]) -> None:
    """One made-up row for every table that has none: no table is upgraded empty, also one that is new tomorrow."""
    for table in tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            continue
        row = {column.name: _blank(column) for column in table.columns if not column.nullable}
        for name, (other, key) in table.info["references"].items():
            if name in row:
                row[name] = connection.execute(text(f"SELECT MIN({key}) FROM {other}")).scalar_one()
        connection.execute(insert(table), row)


def _blank(column: Column[Any]) -> Any:
    """Some value of the column's type."""
    kind = column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | BigInteger | Float):
        return 1 if column.primary_key else 0
    if isinstance(kind, LargeBinary):
        return b"x"
    if isinstance(kind, DateTime) or "DateTime" in type(kind).__name__:
        return utc_now()
    return "x" if column.primary_key else ""


def content(engine: Engine) -> Content:
    """Every value of every column by table, as text and in the order of the values: what a migration must keep."""
    held = MetaData()
    held.reflect(engine)
    with engine.connect() as connection:
        return {table.name: _columns(connection, table) for table in held.sorted_tables if table.name not in COUNTERS}


def _columns(connection: Connection, table: Table) -> dict[str, list[str]]:
    rows = connection.execute(select(table).order_by(*table.primary_key)).all()
    return {column.name: [_plain(row[place]) for row in rows] for place, column in enumerate(table.columns)}


def _plain(value: Any) -> str:
    return repr(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value)


def lost(before: Content, after: Content) -> list[str]:
    """Columns whose values are not what they were, those that are gone among them."""
    return [
        f"{table}.{name}"
        for table, columns in before.items()
        for name, values in columns.items()
        if after.get(table, {}).get(name) != values
    ]
