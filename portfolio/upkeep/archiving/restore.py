"""Put a library back from an archive: verified, brought to this version and checked before anything is replaced."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlmodel import Session

from portfolio.core import schema
from portfolio.core.database import make_engine, transaction
from portfolio.core.errors import ConflictError, UnreadableError
from portfolio.core.formatting import file_size
from portfolio.upkeep import migrate
from portfolio.upkeep.archiving import postgresql, sqlite
from portfolio.upkeep.archiving.container import Archive, Tell, opened
from portfolio.upkeep.archiving.files import folders_of, put_back
from portfolio.upkeep.archiving.manifest import ATTACHMENTS, IMPORTS, Manifest
from portfolio.upkeep.archiving.renewing import renewed
from portfolio.upkeep.archiving.workplace import alone_in
from portfolio.upkeep.invariants import Breach, breaches_within

SPARE = 64 << 20


@dataclass(frozen=True)
class Wanted:
    """What whoever restores allows: to replace a library that is there, to take one that `check` finds fault with."""

    replace: bool = False
    accept_findings: bool = False


@dataclass(frozen=True)
class Restored:
    """What came of it: the archive's manifest, what `check` found, whether the library was put in its place."""

    manifest: Manifest
    findings: tuple[Breach, ...]
    done: bool

    @property
    def failed(self) -> int:
        """How many findings are more than a warning."""
        return sum(not finding.warning for finding in self.findings)


class _FindingsError(Exception):
    """`check` found fault: everything is taken back."""


def restore(engine: Engine, source: Path, wanted: Wanted, tell: Tell = lambda _: None) -> Restored:
    """Put the library of the archive `source` into the engine's database and its folders, all of it or nothing.

    Refused are: an archive that is not what its manifest says, one of the other kind of database or of a newer schema,
    a database that is not empty unless it may be replaced, and, with nothing changed, a library in which `check` finds
    fault, unless that is accepted. Servers that run on the database see the new library from the next read on; their
    people sign in again.
    """
    with opened(source) as archive:
        _require_fitting(engine, archive.manifest, wanted)
        archive.verify(tell)
        findings = list[Breach]()
        try:
            with put_back(archive, folders_of(engine), tell):
                put = _into_sqlite if engine.dialect.name == "sqlite" else _into_postgresql
                put(engine, archive, Task(source.name, wanted, findings, tell))
        except _FindingsError:
            return Restored(archive.manifest, tuple(findings), False)
    return Restored(archive.manifest, tuple(findings), True)


@dataclass(frozen=True)
class Task:
    """One restoration: the archive's file name, what is allowed, where findings are put, who is told of progress."""

    name: str
    wanted: Wanted
    findings: list[Breach]
    tell: Tell

    def require_whole(self, session: Session) -> None:
        """Check the library; raises to take everything back when a finding is not accepted."""
        self.findings.extend(breaches_within(session))
        failed = any(not finding.warning for finding in self.findings)
        if failed and not self.wanted.accept_findings:
            raise _FindingsError


def _require_fitting(engine: Engine, manifest: Manifest, wanted: Wanted) -> None:
    kind = "postgresql" if engine.dialect.name == "postgresql" else "sqlite"
    if manifest.database != kind:
        raise ConflictError("restore.other_database", held=manifest.database, wanted=kind)
    if manifest.schema not in schema.revisions():
        raise ConflictError("restore.newer", schema=manifest.schema, version=manifest.version, own=schema.head())
    if not wanted.replace and not _empty(engine):
        raise ConflictError("restore.not_empty")
    needed = manifest.size + manifest.dump.size + SPARE  # the database lies there twice for a while
    for folder in _written_to(engine):
        there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        if shutil.disk_usage(there).free < needed:
            raise ConflictError("restore.no_room", folder=str(there), size=file_size(needed))


def _written_to(engine: Engine) -> Iterator[Path]:
    yield from folders_of(engine).values()
    if engine.dialect.name == "sqlite":
        yield _file_of(engine).absolute().parent


def _file_of(engine: Engine) -> Path:
    return Path(engine.url.database or "")


def _empty(engine: Engine) -> bool:
    """Whether there is no table of ours; a file is not made only to look into it."""
    if engine.dialect.name == "sqlite" and not _file_of(engine).exists():
        return True
    with engine.connect() as connection:
        return not set(inspect(connection).get_table_names()) - {"alembic_version"}


def _into_sqlite(engine: Engine, archive: Archive, task: Task) -> None:
    """Everything is done to a file beside the target; only a sound and checked one is put in its place."""
    target = _file_of(engine)
    with alone_in(target.with_name(f".{target.name}.restoring")) as work:
        staged = work / target.name
        with staged.open("xb") as file:
            for piece in archive.pieces(archive.manifest.dump):
                file.write(piece)
        sqlite.require_sound(staged)
        _lend_folders(engine, target, work)
        with _staged(staged) as fresh:
            _require_schema(fresh, archive.manifest)
            migrate.upgrade(fresh.url.render_as_string(hide_password=False))
            with Session(fresh) as session:
                task.require_whole(session)
            done = False
            while not done:
                with transaction(fresh) as session:
                    renewed(session, sqlite.revision_of(target) + sqlite.LEAD, archive.manifest, task.name)
                fresh.dispose()
                done = sqlite.put_in_place(staged, target, task.tell)


def _lend_folders(engine: Engine, target: Path, work: Path) -> None:
    """Let the file at work find the target's folders where a database of its name looks for them: beside itself."""
    folders = folders_of(engine)
    for name, folder in (("attachments", folders[ATTACHMENTS]), (f"{target.stem}-imports", folders[IMPORTS])):
        (work / name).symlink_to(folder.absolute(), target_is_directory=True)


@contextmanager
def _staged(path: Path) -> Iterator[Engine]:
    fresh = make_engine(f"sqlite:///{path}")
    try:
        yield fresh
    finally:
        fresh.dispose()


def _into_postgresql(engine: Engine, archive: Archive, task: Task) -> None:
    """Everything is done in one transaction; readers of a server that runs on wait until it ends, and see the end."""
    fresh = make_engine(engine.url.render_as_string(hide_password=False))
    try:
        with fresh.begin() as connection:
            names = postgresql.lock_all(connection)
            above = _revision(connection, names)
            postgresql.clear(connection, names)
            postgresql.replay(connection, archive, task.tell)
            _require_schema(connection, archive.manifest)
            migrate.upgrade_within(connection)
            with Session(connection) as session:
                task.require_whole(session)
            with Session(connection, expire_on_commit=False) as session, session.begin():
                renewed(session, above, archive.manifest, task.name)
    finally:
        fresh.dispose()


def _revision(connection: Connection, names: list[str]) -> int:
    if "revision" not in names:
        return 0
    return int(connection.exec_driver_sql("SELECT coalesce(max(value), 0) FROM revision").scalar_one())


def _require_schema(held: Engine | Connection, manifest: Manifest) -> None:
    """Raise `UnreadableError` when the database is of another schema than the manifest says."""
    if isinstance(held, Engine):
        with held.connect() as connection:
            return _require_schema(connection, manifest)
    if held.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != manifest.schema:
        raise UnreadableError("restore.other_schema", schema=manifest.schema)
    return None
