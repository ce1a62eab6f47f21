"""What a database of any schema says of itself: its revision, the end of its journal, how many rows, which files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, inspect, select, table, text

from portfolio.upkeep.archiving.manifest import ATTACHMENTS, IMPORTS, Journal


@dataclass(frozen=True)
class Facts:
    """Schema and data as one transaction saw them."""

    schema: str
    revision: int
    journal: Journal
    counts: dict[str, int]


@dataclass(frozen=True)
class Named:
    """A file that the database names: the folder it is of, its name there, its SHA-256; whether it must be there."""

    folder: str
    name: str
    digest: str
    needed: bool = True

    @property
    def member(self) -> str:
        """Its name in an archive, which is also where it lies below its folder."""
        return f"{self.folder}/{self.digest[:2]}/{self.name}"


def read_facts(connection: Connection) -> Facts:
    """The facts of the connection's database, which may be of an earlier schema; of an empty one all are nothing."""
    names = sorted(inspect(connection).get_table_names())
    counts = {name: _count(connection, name) for name in names}
    schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if counts else None
    revision = connection.execute(text("SELECT value FROM revision")).scalar() if "revision" in counts else 0
    head = connection.execute(text("SELECT hash FROM journal_head")).scalar() if "journal_head" in counts else None
    return Facts(schema or "", int(revision or 0), Journal(counts.get("journal", 0), head), counts)


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def named_files(connection: Connection) -> list[Named]:
    """The files that the database names, each once, those it needs first."""
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    found: dict[str, Named] = {}
    # Before 0012 the contents of attachments lay in the database itself.
    if "attachments" in names and "object_kind" in {one["name"] for one in inspector.get_columns("attachments")}:
        for digest in connection.execute(text("SELECT DISTINCT sha256 FROM attachments ORDER BY sha256")).scalars():
            _enter(found, Named(ATTACHMENTS, digest, digest))
    if "import_files" in names:
        rows = connection.execute(text("SELECT DISTINCT sha256, name FROM import_files ORDER BY sha256, name"))
        for digest, name in rows:
            _enter(found, Named(IMPORTS, f"{digest}{Path(name).suffix.lower()}", digest))
    if "journal" in names:
        for digest in _taken_away(connection):
            _enter(found, Named(ATTACHMENTS, digest, digest, needed=False))
    return list(found.values())


def _taken_away(connection: Connection) -> Iterator[str]:
    """Contents that were attached and taken away again: the journal still names them."""
    told = text("SELECT before FROM journal WHERE room = 'attachments' AND action = 'detach' AND before IS NOT NULL")
    for content in connection.execute(told).scalars():
        digest = orjson.loads(content).get("sha256")
        if isinstance(digest, str) and len(digest) == 64:
            yield digest


def _enter(found: dict[str, Named], one: Named) -> None:
    found.setdefault(one.member, one)
