"""The `portfolio` command. Exit codes: 0 done, 1 findings or refused (then nothing was written), 2 wrong usage."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from sqlalchemy import Engine
from sqlmodel import Session
from tqdm import tqdm

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.cli import allocation, archiving, exchange, people, rolling, screening
from portfolio.core import schema
from portfolio.core.database import make_engine, transaction
from portfolio.core.errors import ForbiddenError, PortfolioError
from portfolio.core.i18n import error_text, t
from portfolio.core.settings import get_settings
from portfolio.demonstration import service as demonstration
from portfolio.demonstration.people import PASSWORD
from portfolio.exchange.rows.exporting import ExportQuery
from portfolio.exchange.rows.exporting import export as write_export
from portfolio.exchange.sheets.columns import KINDS
from portfolio.people.identity import demonstration_people, sign_in_required
from portfolio.people.sign_in import on_this_machine
from portfolio.projects.filters import ProjectFilters
from portfolio.upkeep.invariants import breaches
from portfolio.upkeep.setup import bring_up, initialise

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("backup")(archiving.backup)
app.command("restore")(archiving.restore)
app.command("import")(exchange.import_)
app.command("template")(exchange.template)
app.command("roll")(rolling.roll)
app.command("screen")(screening.screen)
app.command("allocate")(allocation.allocate)
app.add_typer(people.people, name="user")
app.add_typer(people.tokens, name="token")
app.add_typer(rolling.editions, name="edition")


def _engine() -> Engine:
    return schema.own_engine(get_settings().database_url)


def _say(key: str, **params: object) -> None:
    typer.echo(t(key, get_settings().language, **params))


@app.command()
def init(
    demo: Annotated[bool, typer.Option("--demo", help="with illustrative figures")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="code lists only")] = False,
) -> None:
    """Schema up to date, scheme loaded."""
    if demo and bare:
        raise typer.BadParameter("--demo, --bare")
    with tqdm(desc="init", unit="", disable=not sys.stderr.isatty()) as bar:
        engine = make_engine(get_settings().database_url)
        initialise(engine, "bare" if bare else "demo" if demo else "scheme", lambda: _advance(bar, 1), _tell_copy)
    _say("cli-init-done")


@app.command()
def migrate() -> None:
    """Schema up to date, data as it is."""
    engine = make_engine(get_settings().database_url)
    bring_up(engine, told=_tell_copy)
    engine.dispose()
    _say("cli-migrated", version=schema.head())


def _tell_copy(copy: Path | None) -> None:
    _say("cli-migrate-copied", file=str(copy)) if copy else _say("cli-migrate-not-copied")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option()] = None,
    port: Annotated[int | None, typer.Option()] = None,
) -> None:
    """Start the product."""
    settings = get_settings()
    address, number = host or settings.host, port or settings.port
    _tell_and_guard(address)
    _say("cli-serving", url=f"http://{address}:{number}/", docs=f"http://{address}:{number}/api/docs")
    proxies = settings.trusted_proxies
    uvicorn.run(
        "asgi:create_app",
        factory=True,
        # The one beside this package: an installed copy of an earlier day must not come first.
        app_dir=str(Path(__file__).resolve().parents[2]),
        host=address,
        port=number,
        log_level=settings.log_level.lower(),
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )


def _tell_and_guard(host: str) -> None:
    """Say the demonstration accounts; refuse to show them, or the local owner, to other machines."""
    with Session(_engine()) as session:
        shown, open_door = demonstration_people(session), not sign_in_required(session)
    if (shown or open_door) and not on_this_machine(host):
        raise ForbiddenError("people.exposed", host=host)
    if shown and not open_door:
        _say("cli-demo-accounts", password=PASSWORD)
        for person in shown:
            typer.echo(f"  {person.name}\t{t(f'role-{person.role}', get_settings().language)}")


@app.command()
def export(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=", ".join(KINDS))],
    output: Annotated[Path, typer.Option("-o", "--output")],
    q: Annotated[str, typer.Option(help="search")] = "",
    project_kind: Annotated[list[str] | None, typer.Option("--kind")] = None,
    stage: Annotated[list[str] | None, typer.Option()] = None,
    city: Annotated[list[str] | None, typer.Option()] = None,
    region: Annotated[list[str] | None, typer.Option()] = None,
    lead_unit: Annotated[list[str] | None, typer.Option()] = None,
    task: Annotated[list[str] | None, typer.Option()] = None,
    item: Annotated[str | None, typer.Option()] = None,
    year: Annotated[list[int] | None, typer.Option()] = None,
    sort: Annotated[str, typer.Option()] = "code",
    lang: Annotated[str | None, typer.Option(help="zh or en headings for people")] = None,
) -> None:
    """Write a table out; the suffix decides: .csv .xlsx .json."""
    filters = ProjectFilters(
        q=q,
        kind=tuple(project_kind or ()),
        stage=tuple(stage or ()),
        city=tuple(city or ()),
        region=tuple(region or ()),
        lead_unit=tuple(lead_unit or ()),
        task=tuple(task or ()),
    )
    query = ExportQuery(filters, sort, item, tuple(year or ()), lang=lang)
    with Session(_engine()) as session, tqdm(desc="export", unit="", disable=not sys.stderr.isatty()) as bar:
        count = write_export(session, EVERYTHING, kind, output, query, lambda: _advance(bar, 1))
    _say("cli-exported", count=str(count), file=output.name)


@app.command()
def check() -> None:
    """Recompute every invariant of the database."""
    failed = 0
    for breach in breaches(make_engine(get_settings().database_url)):
        _say(f"check-{breach.code}", subject=breach.subject)
        failed += not breach.warning
    _say("cli-check-failed" if failed else "cli-check-passed", count=str(failed))
    raise typer.Exit(1 if failed else 0)


@app.command()
def illustrative(action: Annotated[str, typer.Argument(metavar="status|remove|add")] = "status") -> None:
    """Show, remove or add the illustrative figures; what was reported stays as it is."""
    if action not in ("status", "remove", "add"):
        raise typer.BadParameter("status, remove, add")
    with transaction(_engine()) as session:
        if action == "remove":
            removed = demonstration.remove_figures(session, LOCAL_OWNER, EVERYTHING)
            _say("cli-illustrative-removed", **{name: str(count) for name, count in removed.items()})
        elif action == "add":
            count = demonstration.add_figures(session, LOCAL_OWNER, EVERYTHING)
            _say("cli-illustrative-added", count=str(count))
        else:
            _say("cli-illustrative-status", version=demonstration.status(session) or "-")


def _advance(bar: "tqdm[NoReturn]", pieces: int) -> None:
    bar.update(pieces)


def main() -> None:
    """Run the command; the product's own errors are told in one line."""
    try:
        app()
    except PortfolioError as error:
        lang = get_settings().language
        typer.echo(error_text(error.code, lang, error.params), err=True)
        for fault in error.fields:
            typer.echo(f"  {fault.field}: {error_text(fault.code, lang, fault.params)}", err=True)
        sys.exit(1)
