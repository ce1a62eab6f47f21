"""`portfolio import …`: tables in."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine
from sqlmodel import Session
from tqdm import tqdm

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.cli.opening import open_library
from portfolio.cli.telling import AsJson, finding_line, say, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.core.settings import Settings, get_settings
from portfolio.exchange.rows.importing import Options, Outcome, import_read, sort_by_kind
from portfolio.exchange.shapes.profile import Profile, read_profile
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.exchange.uploads.profiles import profile_named, remembered

LISTED_ON_SCREEN = 200


def import_(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    partial: Annotated[bool, typer.Option("--partial")] = False,
    profile: Annotated[str | None, typer.Option("--profile", metavar="NAME|FILE")] = None,
    as_json: AsJson = False,
    undo: Annotated[int | None, typer.Option("--undo", metavar="ID")] = None,
) -> None:
    """Read tables in, all rows or none; what is applied is recorded as one import."""
    if kind is not None and kind not in KINDS:
        raise WrongUsage("usage.not_of", name="--kind", value=kind, allowed=", ".join(KINDS))
    if (undo is None) == (not files):
        raise WrongUsage("usage.one_of", names="FILE..., --undo ID")
    if undo is not None:
        _undo(undo, as_json)
        return
    settings = get_settings()
    engine = open_library()
    said = _profiles(engine, profile)
    options = Options(kind, partial, check, settings.max_import_mb, profiles=said)
    outcome, number = _run(engine, sort_by_kind(files or []), options)
    _report(outcome, number, settings, as_json)
    raise typer.Exit(1 if outcome.findings else 0)


def _profiles(engine: Engine, given: str | None) -> tuple[tuple[str, Profile], ...]:
    """The profile that is kept under a name, or lies in a file of JSON; else those that are remembered."""
    if given and Path(given).is_file():
        return ((Path(given).stem, read_profile(Path(given).read_bytes())),)
    with Session(engine) as session:
        return ((given, profile_named(session, LOCAL_OWNER, given)),) if given else remembered(session, LOCAL_OWNER)


def _run(engine: Engine, files: list[Path], options: Options) -> tuple[Outcome, int | None]:
    size = sum(path.stat().st_size for path in files if path.is_file())
    bar = tqdm(total=size, unit="B", unit_scale=True, desc="import", disable=not sys.stderr.isatty())
    names = [path.name for path in files]
    with (
        bar,
        spooled(files, names, options.limit_mb) as sources,
        private_copy(engine) if options.check else Session(engine, expire_on_commit=False) as session,
    ):
        outcome = import_read(session, LOCAL_OWNER, EVERYTHING, sources, options, lambda n: _advance(bar, n))
        if not outcome.applied:
            session.rollback()
            return outcome, None
        folder = imports_store.folder_of(engine)
        stored = [imports_store.keep(folder, path, path.name) for path in files if path.is_file()]
        number = imports.record_applied(session, LOCAL_OWNER, stored, outcome)
        session.commit()
    return outcome, number


def _undo(number: int, as_json: bool) -> None:
    engine = open_library()
    applying.undo(engine, LOCAL_OWNER, EVERYTHING, number)
    state = applying.ended(engine, number)
    say("cli-import-undone", id=str(number))
    say_record(as_json, {"import": number, "state": state})


def _advance(bar: "tqdm[NoReturn]", pieces: int) -> None:
    bar.update(pieces)


def _report(outcome: Outcome, number: int | None, settings: Settings, as_json: bool) -> None:
    lang = settings.language
    told = [*list(outcome.findings)[:LISTED_ON_SCREEN], *outcome.findings.warnings[:LISTED_ON_SCREEN]]
    for finding in told if not as_json else []:
        typer.echo(finding_line(finding, lang))
    if not as_json and outcome.findings.total > LISTED_ON_SCREEN:
        say("cli-more-findings", count=str(outcome.findings.total - LISTED_ON_SCREEN))
    if number is not None:
        say("cli-import-recorded", id=str(number))
    typer.echo(outcome.line(lang))
    if not outcome.applied and outcome.findings:
        say("cli-nothing-written")
    say_record(as_json, {**outcome.as_record(lang), "import": number})
