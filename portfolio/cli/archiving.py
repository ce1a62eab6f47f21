"""`portfolio backup` and `portfolio restore`."""

import errno
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from portfolio.cli.opening import require_there
from portfolio.cli.telling import AsJson, say, say_record
from portfolio.core.database import make_engine
from portfolio.core.errors import ConflictError
from portfolio.core.formatting import file_size
from portfolio.core.settings import get_settings
from portfolio.upkeep.archiving import backup as making
from portfolio.upkeep.archiving import restore as restoring
from portfolio.upkeep.archiving.manifest import ATTACHMENTS, IMPORTS, Manifest

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BARRED = (errno.EACCES, errno.EPERM, errno.EROFS)
SHOWN = 200
TOLD = 300


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    accept_missing: Annotated[bool, typer.Option("--accept-missing")] = False,
    as_json: AsJson = False,
) -> None:
    """Back up the database with its files into one archive, while the server goes on."""
    require_there()
    with _outside_causes(), _engine() as engine, _bar("backup") as tell:
        manifest = making.backup(engine, file.absolute(), accept_missing, tell)
    size = file.stat().st_size
    for name in manifest.missing:
        say("cli-backup-missing", name=name)
    say("cli-backup-done", file=file.name, size=file_size(size), **_words(manifest))
    if manifest.journal.head:
        say("cli-backup-head", rows=str(manifest.journal.rows), head=manifest.journal.head)
    say_record(as_json, {"file": str(file), "size": size, **_record(manifest)})


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    replace: Annotated[bool, typer.Option("--replace")] = False,
    accept_findings: Annotated[bool, typer.Option("--accept-findings")] = False,
    as_json: AsJson = False,
) -> None:
    """Put the library of an archive back: verified, brought to this version, checked; all of it or nothing."""
    wanted = restoring.Wanted(replace, accept_findings)
    with _outside_causes(), _engine() as engine, _bar("restore") as tell:
        done = restoring.restore(engine, file, wanted, tell)
    for finding in done.findings[:SHOWN]:
        say(f"check-{finding.code}", subject=finding.subject)
    if done.done:
        say("cli-restore-done", file=file.name, made=done.manifest.made_at, **_words(done.manifest))
    else:
        say("cli-restore-refused", count=str(done.failed))
    told = [{"code": one.code, "subject": one.subject, "warning": one.warning} for one in done.findings]
    say_record(as_json, {"file": str(file), "restored": done.done, "findings": told, **_record(done.manifest)})
    raise typer.Exit(0 if done.done else 1)


def _words(manifest: Manifest) -> dict[str, str]:
    return {
        "schema": manifest.schema,
        "revision": str(manifest.revision),
        "attachments": str(len(manifest.files(ATTACHMENTS))),
        "imports": str(len(manifest.files(IMPORTS))),
    }


def _record(manifest: Manifest) -> dict[str, Any]:
    """The manifest without its list of members, with how many there are."""
    told: dict[str, Any] = msgspec.to_builtins(manifest)
    counts = {folder: len(manifest.files(folder)) for folder in (ATTACHMENTS, IMPORTS)}
    return {**{name: value for name, value in told.items() if name != "members"}, **counts}


@contextmanager
def _engine() -> Iterator[Engine]:
    engine = make_engine(get_settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int], None]]:
    bar: tqdm[NoReturn] = tqdm(desc=name, unit="B", unit_scale=True, disable=not sys.stderr.isatty())
    with bar:
        yield lambda count: _advance(bar, count)


def _advance(bar: "tqdm[NoReturn]", count: int) -> None:
    bar.update(count)


@contextmanager
def _outside_causes() -> Iterator[None]:
    """What the machine or the database refuses is told in words; nothing was written then."""
    try:
        yield
    except OSError as error:
        raise _of_the_machine(error) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        told = str(getattr(error, "orig", None) or error).strip()[:TOLD]
        raise ConflictError("backup.database_refused", reason=told) from error


def _of_the_machine(error: OSError) -> ConflictError:
    place = str(error.filename or "")
    if error.errno in FULL:
        return ConflictError("backup.disk_full", place=place)
    if error.errno in BARRED:
        return ConflictError("backup.not_allowed", place=place)
    return ConflictError("backup.machine_refused", reason=str(error)[:TOLD])
