"""`portfolio import …` and `portfolio template …`."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from sqlalchemy import Engine
from sqlmodel import Session
from tqdm import tqdm

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.i18n import t
from portfolio.core.schema import own_engine
from portfolio.core.settings import Settings, get_settings
from portfolio.exchange.rows.importing import Options, Outcome, import_read, sort_by_kind
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.sheets.template_spec import TEMPLATES
from portfolio.exchange.templates.workbook import write_template
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.projects.filters import ProjectFilters

LISTED_ON_SCREEN = 200


def _engine() -> Engine:
    return own_engine(get_settings().database_url)


def _say(key: str, **params: object) -> None:
    typer.echo(t(key, get_settings().language, **params))


def import_(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...")] = None,
    kind: Annotated[str | None, typer.Option(help=", ".join(KINDS))] = None,
    check: Annotated[bool, typer.Option("--check", help="look only, write nothing")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="write the good rows")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object last")] = False,
    undo: Annotated[int | None, typer.Option("--undo", metavar="ID", help="undo an import as a whole")] = None,
) -> None:
    """Read tables in, all rows or none; what is applied is recorded as one import."""
    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"--kind: {', '.join(KINDS)}")
    if (undo is None) == (not files):
        raise typer.BadParameter("FILE... | --undo ID")
    if undo is not None:
        _undo(undo, as_json)
        return
    settings = get_settings()
    outcome, number = _run(_engine(), sort_by_kind(files or []), Options(kind, partial, check, settings.max_import_mb))
    _report(outcome, number, settings, as_json)
    raise typer.Exit(1 if outcome.findings else 0)


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
    engine = _engine()
    applying.undo(engine, LOCAL_OWNER, EVERYTHING, number)
    state = applying.ended(engine, number)
    _say("cli-import-undone", id=str(number))
    if as_json:
        typer.echo(orjson.dumps({"import": number, "state": state}).decode())


def _advance(bar: "tqdm[NoReturn]", pieces: int) -> None:
    bar.update(pieces)


def _report(outcome: Outcome, number: int | None, settings: Settings, as_json: bool) -> None:
    lang = settings.language
    told = [*list(outcome.findings)[:LISTED_ON_SCREEN], *outcome.findings.warnings[:LISTED_ON_SCREEN]]
    for finding in told if not as_json else []:
        place = ":".join(str(part) for part in (finding.file, finding.sheet, finding.row, finding.head(lang)) if part)
        typer.echo(f"{place}  {finding.reason(lang)}  →  {finding.remedy(lang)}")
    if not as_json and outcome.findings.total > LISTED_ON_SCREEN:
        _say("cli-more-findings", count=str(outcome.findings.total - LISTED_ON_SCREEN))
    if number is not None:
        _say("cli-import-recorded", id=str(number))
    typer.echo(outcome.line(lang))
    if not outcome.applied and outcome.findings:
        _say("cli-nothing-written")
    if as_json:
        typer.echo(orjson.dumps({**outcome.as_record(lang), "import": number}).decode())


def template(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=", ".join(TEMPLATES))],
    output: Annotated[Path, typer.Option("-o", "--output")],
    prefilled: Annotated[bool, typer.Option("--prefilled", help="with what is there")] = False,
    city: Annotated[list[str] | None, typer.Option()] = None,
    lead_unit: Annotated[list[str] | None, typer.Option()] = None,
    lang: Annotated[str | None, typer.Option(help="zh or en")] = None,
) -> None:
    """A workbook to fill in, with drop-downs, checks and notes."""
    filters = ProjectFilters(city=tuple(city or ()), lead_unit=tuple(lead_unit or ())) if prefilled else None
    with Session(_engine()) as session:
        count = write_template(session, EVERYTHING, kind, output, lang or get_settings().language, filters)
    _say("cli-template-written", file=output.name, count=str(count))
