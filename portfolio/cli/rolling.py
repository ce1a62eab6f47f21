"""`portfolio roll` and `portfolio edition …`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.cli.destination import require_destination
from portfolio.cli.opening import open_library, read_library
from portfolio.cli.telling import AsJson, finding_line, language, say, say_record
from portfolio.cli.usage import read_day
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.core.records import picked
from portfolio.core.settings import get_settings
from portfolio.core.units import outer_text
from portfolio.exchange.rows.edition_import import ForeignEdition, import_edition, imported_record
from portfolio.rolling.approval import approve
from portfolio.rolling.queries import compare, list_editions, totals_by
from portfolio.rolling.rules.bridge import Bridge
from portfolio.rolling.service import NewEdition, roll_edition

PUBLISHED = {".xlsx": write_annual_book, ".docx": write_annual_document}
Code = Annotated[str, typer.Argument(metavar="EDITION")]
Document = Annotated[str, typer.Option("--doc", metavar="TEXT")]


def _wan(yuan: int) -> str:
    return outer_text(int(yuan), "money")


def roll(
    to: Annotated[int, typer.Option("--to", metavar="YEAR")],
    parent: Annotated[str | None, typer.Option("--from", metavar="EDITION")] = None,
    code: Annotated[str | None, typer.Option(metavar="CODE")] = None,
    years: Annotated[int, typer.Option(metavar="N")] = 3,
    batch: Annotated[str, typer.Option(metavar="BATCH")] = "annual",
    later_years: Annotated[bool, typer.Option("--later-years")] = False,
    closed_by: Annotated[str, typer.Option("--closed-by", metavar="NAME")] = "",
    closed_reason: Annotated[str, typer.Option("--closed-reason", metavar="TEXT")] = "",
    maker: Annotated[str, typer.Option(metavar="NAME")] = "",
    as_json: AsJson = False,
) -> None:
    """A new draft edition."""
    name = code or str(to)
    data = NewEdition(name, to, years, batch, parent, "", later_years, closed_by, closed_reason, maker)
    with transaction(open_library()) as session:
        count = roll_edition(session, LOCAL_OWNER, EVERYTHING, data)
    say("cli-rolled", code=name, count=str(count))
    say_record(as_json, {"edition": name, "entries": count})


def list_(as_json: AsJson = False) -> None:
    """Every edition."""
    with Session(read_library()) as session:
        held = list_editions(session, EVERYTHING)
        for one in held:
            state = t(f"edition-{one['state']}", language())
            window = f"{one['base_year']}—{one['base_year'] + one['years'] - 1}"
            typer.echo(
                f"{one['code']}  {window}  {one['batch']}  {state}  {one['entries']}  {_wan(one['annual_yuan'])}"
            )
    names = ("code", "base_year", "years", "batch", "state", "parent", "doc_no", "entries", "annual_yuan")
    say_record(as_json, {"editions": [picked(one, names) for one in held]})


def show(code: Code, as_json: AsJson = False) -> None:
    """An edition by category."""
    with Session(read_library()) as session:
        rows = records(totals_by(session, EVERYTHING, code, "category"))
    for row in rows:
        name = t(f"category-{row['category']}", language())
        typer.echo(f"{name}  {row['projects']}  {_wan(row['total_yuan'])}  {_wan(row['annual_yuan'])}")
    say_record(as_json, {"edition": code, "categories": rows})


def publish(
    code: Code,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")],
    lang: Annotated[Literal["zh", "en"] | None, typer.Option(metavar="zh|en")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the annual list of an edition as a workbook or a document."""
    require_destination(output, tuple(PUBLISHED))
    write = PUBLISHED[output.suffix.lower()]
    with Session(read_library()) as session:
        count = write(session, EVERYTHING, output, code, lang or language())
    say("cli-exported", count=str(count), file=output.name)
    say_record(as_json, {"edition": code, "file": str(output.absolute()), "rows": count})


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    code: Annotated[str, typer.Option(metavar="CODE")],
    year: Annotated[int, typer.Option(metavar="YEAR")],
    doc_no: Document,
    on: Annotated[str, typer.Option(metavar="YYYY-MM-DD")],
    years: Annotated[int, typer.Option(metavar="N")] = 3,
    batch: Annotated[str, typer.Option(metavar="BATCH")] = "annual",
    parent: Annotated[str | None, typer.Option("--from", metavar="EDITION")] = None,
    create: Annotated[bool, typer.Option("--create")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a whole edition that was published elsewhere; all of it or nothing."""
    settings = get_settings()
    day = read_day(on, "--on").isoformat()
    head = ForeignEdition(code, year, doc_no, day, years, batch, parent, create, settings.max_import_mb)
    with Session(open_library(), expire_on_commit=False) as session:
        outcome = import_edition(session, LOCAL_OWNER, EVERYTHING, files, head)
        if not outcome.findings:
            session.commit()
    for finding in outcome.findings:
        typer.echo(finding_line(finding, settings.language))
    if outcome.findings:
        say("cli-nothing-written")
    else:
        say("cli-imported", code=code, count=str(outcome.entries), dropped=str(outcome.dropped))
    say_record(as_json, imported_record(outcome, settings.language))
    raise typer.Exit(1 if outcome.findings else 0)


def approve_(
    code: Code,
    doc_no: Document,
    person: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    on: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")] = None,
    as_json: AsJson = False,
) -> None:
    """Approve a draft under a document; it is frozen."""
    day = read_day(on, "--on") if on else today()
    with transaction(open_library()) as session:
        approve(session, LOCAL_OWNER, EVERYTHING, code, doc_no, day.isoformat(), person)
    say("cli-approved", code=code)
    say_record(as_json, {"edition": code, "doc_no": doc_no, "on": day.isoformat(), "approver": person})


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE")],
    after: Annotated[str, typer.Argument(metavar="AFTER")],
    as_json: AsJson = False,
) -> None:
    """What changed from one edition to another, and where the money went."""
    with Session(read_library()) as session:
        cells, plan = compare(session, EVERYTHING, before, after)
    lang, found = language(), cells.differences()
    changed = [one for one in found if one.kinds != ("kept",)]
    for one in changed:
        kinds = " ".join(t(f"difference-{kind}", lang) for kind in one.kinds)
        typer.echo(f"{one.code}  {kinds}  {_wan(one.before)} → {_wan(one.after)}")
    bridges = {"annual": plan.bridge(), "window": cells.window_bridge(), "bridge": cells.bridge()}
    for name, money in bridges.items():
        typer.echo(t(f"bridge-{'all' if name == 'bridge' else name}", lang))
        for cause, amount in money.causes.items():
            typer.echo(f"{t(f'cause-{cause}', lang)}  {_wan(amount)}")
        say("cli-bridge", before=_wan(money.before), after=_wan(money.after), remainder=_wan(money.remainder))
    told = {name: _record(money) for name, money in bridges.items()}
    say_record(as_json, {"before": before, "after": after, "changed": [vars(one) for one in changed], **told})


def _record(money: Bridge) -> dict[str, int]:
    return {
        "before_yuan": money.before,
        "after_yuan": money.after,
        **money.causes,
        "remainder_yuan": money.remainder,
    }


EDITIONS: dict[str, Callable[..., None]] = {
    "list": list_,
    "show": show,
    "publish": publish,
    "import": import_,
    "approve": approve_,
    "diff": diff,
}
