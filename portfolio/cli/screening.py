"""`portfolio screen`: gates and scores of every project."""

import csv
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.cli.destination import require_destination
from portfolio.cli.opening import open_library, read_library
from portfolio.cli.telling import AsJson, language, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.core.errors import FieldError
from portfolio.core.formatting import points
from portfolio.core.frames import records
from portfolio.core.i18n import error_text, t
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import list_projects
from portfolio.screening.gates import gate_sheet, gate_totals
from portfolio.screening.policies import get_policy, policy_findings
from portfolio.screening.queries import Scores, scores
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES
from portfolio.screening.rules.policy import Policy, decode
from portfolio.screening.service import keep_scores

SHOWN = 20
COLUMNS = ("rank", "project", "points", "value", "vetoed", "missing")


def screen(
    policy: Annotated[str, typer.Option(metavar="POLICY")] = "default",
    as_json: AsJson = False,
    keep: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE")] = None,
) -> None:
    """Gates and scores: every project's points, and how many stand at each gate."""
    _require_usage(policy, keep, output)
    lang = language()
    with Session(read_library() if keep is None else open_library()) as session:
        chosen = decode(Path(policy).read_bytes()) if policy.endswith(".json") else get_policy(session, policy)
        found = policy_findings(session, chosen)
        if found:
            _tell(found, lang, as_json)
            raise typer.Exit(1)
        scored, sheet = scores(session, EVERYTHING, chosen), gate_sheet(session, EVERYTHING)
        names = _names(session, [scored.codes[place] for place in scored.order[:SHOWN].tolist()], lang)
        totals, rows = records(gate_totals(sheet)), _rows(scored)
        # The file first: where it cannot be written, nothing is kept either.
        if output is not None:
            write(output, rows, scored, sheet)
        if keep is not None:
            keep_scores(session, LOCAL_OWNER, EVERYTHING, chosen.key, note=keep)
            session.commit()
    _say(chosen, rows, totals, names, lang)
    if output is not None:
        typer.echo(t("cli-exported", lang, count=str(len(rows)), file=output.name))
    head = {"policy": chosen.key, "rules_version": books.version(), "projects": len(rows)}
    say_record(as_json, {**head, "vetoed": sum(row["vetoed"] for row in rows), "scores": rows, "gates": totals})


def _require_usage(policy: str, keep: str | None, output: Path | None) -> None:
    """Refuse what cannot be done before anything is worked out."""
    if output is not None:
        require_destination(output, (".csv",))
    if policy.endswith(".json") and not Path(policy).is_file():
        raise WrongUsage("usage.no_file", name="--policy", value=policy)
    if policy.endswith(".json") and keep is not None:
        raise WrongUsage("usage.one_of", names="--policy FILE.json, --keep")


def _tell(found: list[FieldError], lang: str, as_json: bool) -> None:
    told = [{"field": one.field, "code": one.code, "reason": error_text(one.code, lang, one.params)} for one in found]
    for one in told:
        typer.echo(t("cli-screen-finding", lang, field=one["field"], words=one["reason"]))
    typer.echo(t("cli-screen-nothing", lang))
    say_record(as_json, {"findings": told})


def _names(session: Session, codes: list[str], lang: str) -> dict[str, str]:
    """What the projects are called."""
    filters = ProjectFilters(code=tuple(codes))
    found = list_projects(session, EVERYTHING, filters, "code", SHOWN).rows if codes else []
    return {row["code"]: (row["name_en"] or row["name_zh"]) if lang == "en" else row["name_zh"] for row in found}


def _rows(found: Scores) -> list[dict[str, Any]]:
    sheet = found.sheet
    return [
        {
            "rank": rank,
            "project": found.codes[place],
            "points": round(float(sheet.points[place]), 4),
            "value": round(float(sheet.value[place]), 4),
            "vetoed": bool(found.vetoed[place]),
            "missing": int(sheet.missing[place]),
        }
        for rank, place in enumerate(found.order.tolist(), 1)
    ]


def _say(
    policy: Policy, rows: list[dict[str, Any]], totals: list[dict[str, Any]], names: dict[str, str], lang: str
) -> None:
    vetoed = sum(row["vetoed"] for row in rows)
    typer.echo(t("cli-screen-head", lang, policy=policy.key, projects=str(len(rows)), vetoed=str(vetoed)))
    for row in totals:
        counts = "  ".join(f"{books.states()[state][f'name_{lang}']} {row[state]}" for state in STATES if row[state])
        typer.echo(f"{books.gates()[row['gate']].words('name', lang)}  {counts}")
    for row in rows[:SHOWN]:
        mark = f"  {books.states()['veto'][f'name_{lang}']}" if row["vetoed"] else ""
        typer.echo(
            f"{row['rank']:>4}  {row['project']}  {points(row['points'], lang):>6}  {names[row['project']]}{mark}"
        )


def write(path: Path, rows: list[dict[str, Any]], found: Scores, sheet: Any) -> None:
    """A row a project by rank: score, points by criterion, and the state of every gate."""
    criteria = [criterion.code for criterion in found.sheet.policy.criteria]
    place_of = {int(number): place for place, number in enumerate(sheet.ids)}
    heading = [*COLUMNS, *(f"points:{code}" for code in criteria), *(f"gate:{code}" for code in sheet.gates)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for row, place in zip(rows, found.order.tolist(), strict=True):
            parts = [f"{value:g}" for value in found.sheet.parts[:, place].tolist()]
            states = [STATES[state] for state in sheet.states[:, place_of[int(found.ids[place])]].tolist()]
            writer.writerow([*(_cell(row[name]) for name in COLUMNS), *parts, *states])


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
