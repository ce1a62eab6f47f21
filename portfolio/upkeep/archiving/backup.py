"""Make a backup: one archive of the database and its files, as one moment had them, while the server goes on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

from portfolio.core import durable
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.upkeep.archiving import postgresql, sqlite
from portfolio.upkeep.archiving.container import Tell, Writer, is_archive
from portfolio.upkeep.archiving.facts import Facts, named_files, read_facts
from portfolio.upkeep.archiving.files import folders_of, put_in
from portfolio.upkeep.archiving.manifest import DATABASE, Manifest, Member
from portfolio.upkeep.archiving.workplace import alone_in


def backup(engine: Engine, target: Path, accept_missing: bool = False, tell: Tell = lambda _: None) -> Manifest:
    """Write an archive of the engine's library to `target`, whole or not at all; `tell` is given bytes as they go.

    It is the library as one moment had it: every change acknowledged before is in it, none of a later one is. The
    database is read first and its files after it: a file is on the disk before the row that names it. An archive that
    is there already is replaced by the new one once that is whole; any other file is refused.
    """
    _require_place(target)
    with alone_in(target.with_name(f".{target.name}.making")) as work:
        writer = Writer(work / "archive", tell)
        try:
            manifest = _written(engine, work, writer, accept_missing)
            writer.finish(manifest)
        except BaseException:  # an interrupt as well: the unfinished archive is let go of, and it goes on
            writer.abandon()
            raise
        os.replace(work / "archive", target)
        durable.sync_folder(target.parent)
    return manifest


def _require_place(target: Path) -> None:
    if not target.parent.is_dir():
        raise NotFoundError("backup.no_folder", folder=str(target.parent))
    if target.exists() and not (target.is_file() and is_archive(target)):
        raise ConflictError("backup.other_file", file=target.name)


def _written(engine: Engine, work: Path, writer: Writer, accept_missing: bool) -> Manifest:
    with _snapshot(engine, work, writer) as (connection, dump, server):
        facts, named = read_facts(connection), named_files(connection)
    if not facts.schema:
        raise NotFoundError("backup.no_library")
    files, missing = put_in(writer, folders_of(engine), named, accept_missing)
    return _manifest(engine, server, facts, (dump, *files), missing)


@contextmanager
def _snapshot(engine: Engine, work: Path, writer: Writer) -> Iterator[tuple[Connection, Member, str]]:
    """A connection that sees the moment which was written into the archive, that member, and the server's version."""
    if engine.dialect.name == "postgresql":
        with postgresql.snapshot(engine) as (connection, name):
            server = str(postgresql.version_of(connection))
            yield connection, postgresql.dump(connection, name, writer), server
        return
    copy = work / DATABASE["sqlite"]
    sqlite.snapshot(_file_of(engine), copy)
    with copy.open("rb") as source:
        member = writer.add(copy.name, source)
    reading = create_engine(f"sqlite:///{copy}")
    with reading.connect() as connection:
        yield connection, member, sqlite.VERSION
    reading.dispose()
    copy.unlink()


def _file_of(engine: Engine) -> Path:
    database = Path(engine.url.database or "")
    if not database.is_file():
        raise NotFoundError("backup.no_library")
    return database


def _manifest(engine: Engine, server: str, facts: Facts, members: tuple[Member, ...], missing: list[str]) -> Manifest:
    return Manifest(
        version=version("portfolio"),
        made_at=utc_now().isoformat(timespec="seconds"),
        database="postgresql" if engine.dialect.name == "postgresql" else "sqlite",
        server=server,
        schema=facts.schema,
        revision=facts.revision,
        journal=facts.journal,
        counts=facts.counts,
        members=members,
        missing=tuple(missing),
    )
