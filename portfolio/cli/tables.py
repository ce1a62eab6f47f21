"""`portfolio export …` and `portfolio template …`: tables out."""

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from sqlmodel import Session
from tqdm import tqdm

from portfolio.access.local import EVERYTHING
from portfolio.cli.choosing import chosen_item, chosen_years, project_filters
from portfolio.cli.destination import require_folder
from portfolio.cli.opening import read_library
from portfolio.cli.telling import AsJson, language, say, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.exchange.rows.exporting import ExportQuery
from portfolio.exchange.rows.exporting import export as write_export
from portfolio.exchange.templates.workbook import write_template

Texts = Annotated[list[str] | None, typer.Option(metavar="CODE")]
Languages = Annotated[Literal["zh", "en"] | None, typer.Option(metavar="zh|en")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE")]
OF_PROJECTS = {"--q", "--kind", "--stage", "--city", "--region", "--lead-unit", "--task"}
# What narrows a kind of table; the others are written whole.
TAKEN = {
    "projects": OF_PROJECTS | {"--sort"},
    "needs": OF_PROJECTS | {"--item", "--year"},
    "steps": OF_PROJECTS,
    "criteria": OF_PROJECTS,
    "yearly": OF_PROJECTS,
}


def export(
    kind_of_table: Annotated[str, typer.Argument(metavar="KIND")],
    output: Output,
    q: Annotated[str, typer.Option("-q", "--q", metavar="TEXT")] = "",
    project_kind: Annotated[list[str] | None, typer.Option("--kind", metavar="CODE")] = None,
    stage: Texts = None,
    city: Texts = None,
    region: Texts = None,
    lead_unit: Texts = None,
    task: Texts = None,
    item: Annotated[str | None, typer.Option(metavar="CODE")] = None,
    year: Annotated[list[int] | None, typer.Option(metavar="YEAR")] = None,
    sort: Annotated[str, typer.Option(metavar="FIELD")] = "code",
    lang: Languages = None,
    as_json: AsJson = False,
) -> None:
    """Write a table out; the suffix decides: .csv .xlsx .json."""
    asked = {"kind": project_kind, "stage": stage, "city": city, "region": region, "lead_unit": lead_unit, "task": task}
    given: dict[str, object] = {"--" + name.replace("_", "-"): value for name, value in asked.items()}
    given |= {"--q": q, "--item": item, "--year": year, "--sort": sort if sort != "code" else None}
    _require_taken(kind_of_table, [name for name, value in given.items() if value])
    require_folder(output)
    with Session(read_library()) as session, tqdm(desc="export", unit="", disable=not sys.stderr.isatty()) as bar:
        filters = project_filters(session, q, **asked)
        query = ExportQuery(filters, sort, chosen_item(session, item), chosen_years(year), lang=lang)
        count = write_export(session, EVERYTHING, kind_of_table, output, query, lambda: _advance(bar, 1))
    say("cli-exported", count=str(count), file=output.name)
    say_record(as_json, {"kind": kind_of_table, "file": str(output.absolute()), "rows": count})


def _require_taken(kind: str, given: list[str]) -> None:
    """Raise `WrongUsage` for a filter that would do nothing to this kind of table."""
    idle = [name for name in given if name not in TAKEN.get(kind, set())]
    if idle:
        raise WrongUsage("usage.idle_filter", kind=kind, names=", ".join(idle))


def template(
    kind_of_table: Annotated[str, typer.Argument(metavar="KIND")],
    output: Output,
    prefilled: Annotated[bool, typer.Option("--prefilled")] = False,
    city: Texts = None,
    lead_unit: Texts = None,
    lang: Languages = None,
    as_json: AsJson = False,
) -> None:
    """A workbook to fill in, with drop-downs, checks and notes."""
    if (city or lead_unit) and not prefilled:
        raise WrongUsage("usage.needs_other", name="--city, --lead-unit", other="--prefilled")
    require_folder(output)
    with Session(read_library()) as session:
        filters = project_filters(session, city=city, lead_unit=lead_unit) if prefilled else None
        count = write_template(session, EVERYTHING, kind_of_table, output, lang or language(), filters)
    say("cli-template-written", file=output.name, count=str(count))
    say_record(as_json, {"kind": kind_of_table, "file": str(output.absolute()), "rows": count})


def _advance(bar: "tqdm[NoReturn]", pieces: int) -> None:
    bar.update(pieces)
