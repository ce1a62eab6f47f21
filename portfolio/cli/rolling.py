"""`portfolio roll` and `portfolio edition …`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.core.schema import own_engine
from portfolio.core.settings import get_settings
from portfolio.core.units import outer_text
from portfolio.exchange.rows.edition_import import ForeignEdition, import_edition, imported_record
from portfolio.rolling.approval import approve
from portfolio.rolling.queries import compare, list_editions, totals_by
from portfolio.rolling.service import NewEdition, roll_edition

editions = typer.Typer(no_args_is_help=True, help="List, show, approve and compare editions.")
PUBLISHED = {".xlsx": write_annual_book, ".docx": write_annual_document}
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object last")]


def _engine() -> Engine:
    return own_engine(get_settings().database_url)


def _say(key: str, **params: object) -> None:
    typer.echo(t(key, get_settings().language, **params))


def _wan(yuan: int) -> str:
    return outer_text(int(yuan), "money")


def roll(
    to: Annotated[int, typer.Option("--to", metavar="YEAR")],
    parent: Annotated[str | None, typer.Option("--from", metavar="EDITION", help="none founds the first")] = None,
    code: Annotated[str | None, typer.Option(help="of the new edition; its year by default")] = None,
    years: Annotated[int, typer.Option(help="the window")] = 3,
    batch: Annotated[str, typer.Option(help="annual, midyear, supplement-1 …")] = "annual",
    later_years: Annotated[
        bool, typer.Option("--later-years", help="running projects may need money after it")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """A new draft edition."""
    name = code or str(to)
    with transaction(_engine()) as session:
        count = roll_edition(
            session, LOCAL_OWNER, EVERYTHING, NewEdition(name, to, years, batch, parent, "", later_years)
        )
    _say("cli-rolled", code=name, count=str(count))
    if as_json:
        typer.echo(orjson.dumps({"edition": name, "entries": count}).decode())


@editions.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every edition."""
    with Session(_engine()) as session:
        held = list_editions(session, EVERYTHING)
        for one in held:
            state = t(f"edition-{one['state']}", get_settings().language)
            window = f"{one['base_year']}—{one['base_year'] + one['years'] - 1}"
            typer.echo(
                f"{one['code']}  {window}  {one['batch']}  {state}  {one['entries']}  {_wan(one['annual_yuan'])}"
            )
    if as_json:
        names = ("code", "base_year", "years", "batch", "state", "parent", "doc_no", "entries", "annual_yuan")
        typer.echo(orjson.dumps({"editions": [{name: one[name] for name in names} for one in held]}).decode())


@editions.command()
def show(code: str, as_json: AsJson = False) -> None:
    """An edition by category."""
    with Session(_engine()) as session:
        rows = records(totals_by(session, EVERYTHING, code, "category"))
    for row in rows:
        name = t(f"category-{row['category']}", get_settings().language)
        typer.echo(f"{name}  {row['projects']}  {_wan(row['total_yuan'])}  {_wan(row['annual_yuan'])}")
    if as_json:
        typer.echo(orjson.dumps({"edition": code, "categories": rows}).decode())


@editions.command("publish")
def publish(
    code: str,
    output: Annotated[Path, typer.Option("-o", "--output", help=".xlsx or .docx")],
    lang: Annotated[str | None, typer.Option(help="zh or en")] = None,
) -> None:
    """Write the annual list of an edition as a workbook or a document."""
    write = PUBLISHED.get(output.suffix.lower())
    if write is None:
        raise typer.BadParameter("--output: " + ", ".join(PUBLISHED))
    with Session(_engine()) as session:
        count = write(session, EVERYTHING, output, code, lang or get_settings().language)
    _say("cli-exported", count=str(count), file=output.name)


@editions.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="entries, needs and milestones")],
    code: Annotated[str, typer.Option(help="of the edition")],
    year: Annotated[int, typer.Option(help="its base year")],
    doc_no: Annotated[str, typer.Option("--doc", help="the document it was published under")],
    on: Annotated[str, typer.Option(help="YYYY-MM-DD")],
    years: Annotated[int, typer.Option(help="the window")] = 3,
    batch: Annotated[str, typer.Option(help="annual, midyear, supplement-1 …")] = "annual",
    parent: Annotated[str | None, typer.Option("--from", metavar="EDITION", help="the edition it replaces")] = None,
    create: Annotated[bool, typer.Option("--create", help="put unknown projects into the library")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a whole edition that was published elsewhere; all of it or nothing."""
    settings = get_settings()
    day = date.fromisoformat(on).isoformat()
    head = ForeignEdition(code, year, doc_no, day, years, batch, parent, create, settings.max_import_mb)
    with Session(_engine(), expire_on_commit=False) as session:
        outcome = import_edition(session, LOCAL_OWNER, EVERYTHING, files, head)
        if not outcome.findings:
            session.commit()
    for finding in outcome.findings:
        place = ":".join(
            str(part) for part in (finding.file, finding.sheet, finding.row, finding.head(settings.language)) if part
        )
        typer.echo(f"{place}  {finding.reason(settings.language)}  →  {finding.remedy(settings.language)}")
    if outcome.findings:
        _say("cli-nothing-written")
    else:
        _say("cli-imported", code=code, count=str(outcome.entries), dropped=str(outcome.dropped))
    if as_json:
        typer.echo(orjson.dumps(imported_record(outcome, settings.language)).decode())
    raise typer.Exit(1 if outcome.findings else 0)


@editions.command("approve")
def approve_(
    code: str,
    doc_no: Annotated[str, typer.Option("--doc", help="document number")],
    on: Annotated[str | None, typer.Option(help="YYYY-MM-DD, today by default")] = None,
) -> None:
    """Approve a draft under a document; it is frozen."""
    day = date.fromisoformat(on) if on else today()
    with transaction(_engine()) as session:
        approve(session, LOCAL_OWNER, EVERYTHING, code, doc_no, day.isoformat())
    _say("cli-approved", code=code)


@editions.command()
def diff(before: str, after: str, as_json: AsJson = False) -> None:
    """What changed from one edition to another, and where the money went."""
    with Session(_engine()) as session:
        found, money = compare(session, EVERYTHING, before, after)
    lang = get_settings().language
    changed = [one for one in found if one.kinds != ("kept",)]
    for one in changed:
        kinds = " ".join(t(f"difference-{kind}", lang) for kind in one.kinds)
        typer.echo(f"{one.code}  {kinds}  {_wan(one.before)} → {_wan(one.after)}")
    for cause, amount in money.causes.items():
        typer.echo(f"{t(f'cause-{cause}', lang)}  {_wan(amount)}")
    _say("cli-bridge", before=_wan(money.before), after=_wan(money.after), remainder=_wan(money.remainder))
    if as_json:
        typer.echo(orjson.dumps(_record(before, after, changed, money)).decode())


def _record(before: str, after: str, changed: list[Any], money: Any) -> dict[str, Any]:
    bridge = {"before_yuan": money.before, "after_yuan": money.after, **money.causes, "remainder_yuan": money.remainder}
    return {"before": before, "after": after, "changed": [vars(one) for one in changed], "bridge": bridge}
