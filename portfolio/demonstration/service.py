"""Add the illustrative figures to projects that state none, and take every one of them away again."""

import csv
import hashlib
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require
from portfolio.core.clock import utc_now
from portfolio.core.settings import seeds_dir
from portfolio.demonstration.criteria import add_criteria
from portfolio.demonstration.details import add_details
from portfolio.demonstration.ledger import add_accounts
from portfolio.demonstration.removal import remove_accounts
from portfolio.demonstration.rules import Figures, Parameters, figures
from portfolio.journal import service as journal
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.queries import not_applicable, project_needs
from portfolio.needs.removal import remove_illustrative
from portfolio.needs.service import save_needs
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.references import load_references
from portfolio.projects.rules.works import BUILT
from portfolio.projects.service import update_project
from portfolio.vocabulary.codes import sector_of
from portfolio.vocabulary.tables import CodeList

MARK = "demonstration"
REMOVED = "removed"
REASON = "示例数据"
NAMES = tuple(f"demonstration{part}.csv" for part in ("", "_funds", "_pools", "_criteria", "_details", "_sensitive"))
Tell = Callable[[], None]


def status(session: Session) -> str | None:
    """The version of the figures the database was given, `removed`, or None when it never had any."""
    mark = session.get(CodeList, MARK)
    return mark.version if mark else None


def add_figures(session: Session, actor: Actor, scope: Scope, tell: Tell = lambda: None) -> int:
    """Give projects that state no figures illustrative ones; what was reported is left alone. Returns how many."""
    require(actor, "demonstration.load")
    parameters, references, sensitive = _parameters(), load_references(session), _sensitive()
    count = 0
    for project in list(iterate_projects(session, scope)):
        chosen = parameters.get(f"kind:{project['kind']}") or parameters.get(f"sector:{sector_of(project['kind'])}")
        tell()
        if chosen is None:
            continue
        made = figures(project["code"], chosen, project["sea_related"], sensitive)
        facts = _blank_facts(project, made)
        if facts:
            update_project(session, actor, scope, project["code"], facts, REASON, references=references)
        edits = _edits(session, scope, project["code"], made)
        if edits:
            save_needs(session, actor, scope, project["code"], edits, REASON)
        count += bool(facts or edits)
    if count:
        add_accounts(session, actor, scope, tell)
        add_criteria(session, actor, scope, tell)
        add_details(session, actor, scope, tell)
    _mark(session, actor, _version())
    return count


def remove_figures(session: Session, actor: Actor, scope: Scope) -> dict[str, int]:
    """Remove every illustrative figure and account; returns how many of each sort."""
    accounts = remove_accounts(session, actor, scope)
    removed = accounts | remove_illustrative(session, actor, REASON)
    _mark(session, actor, REMOVED)
    return removed


def _mark(session: Session, actor: Actor, version: str) -> None:
    before = status(session)
    session.merge(CodeList(name=MARK, version=version, loaded_at=utc_now()))
    session.flush()
    if before != version:
        entry = journal.Entry(MARK, "load", before and {"version": before}, {"version": version})
        journal.record(session, actor, "vocabulary", [entry])


def _blank_facts(project: ProjectRecord, made: Figures) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if project["total_investment_yuan"] is None:
        facts |= {"total_investment_yuan": made.total_investment_yuan, "investment_basis": "illustrative"}
    if project["start_month"] is None and project["finish_month"] is None:
        facts |= {"start_month": made.start_month, "finish_month": made.finish_month, "schedule_basis": "illustrative"}
        if project["stage"] is None:
            facts |= {"stage": made.stage, "stage_basis": "illustrative", **_came_about(made)}
    return facts


def _came_about(made: Figures) -> dict[str, str]:
    """When made-up works did begin and end, as far as their stage says so: as planned."""
    found = {"actual_start_month": made.start_month} if made.stage in BUILT else {}
    return found | ({"actual_finish_month": made.finish_month} if made.stage == "completed" else {})


def _edits(session: Session, scope: Scope, code: str, made: Figures) -> list[NeedEdit]:
    """Edits for the elements on which the project has said nothing."""
    said = {item.split(".")[0] for item in not_applicable(session, scope, code)}
    said |= {item.split(".")[0] for item in project_needs(session, scope, code)["item"]}
    edits = [
        NeedEdit(item, year, required, "illustrative")
        for (item, year), required in made.needs.items()
        if item.split(".")[0] not in said
    ]
    edits += [NeedEdit(item, None, NOT_APPLICABLE, "illustrative") for item in made.not_applicable if item not in said]
    return edits


def _version() -> str:
    content = b"".join((seeds_dir() / name).read_bytes() for name in NAMES)
    return hashlib.sha256(content).hexdigest()[:12]


def _parameters() -> dict[str, Parameters]:
    funds: dict[str, list[tuple[str, int]]] = {}
    for row in _rows("demonstration_funds.csv"):
        funds.setdefault(row["profile"], []).append((row["item"], int(row["percent"])))
    return {row["match"]: _parameter(row, funds) for row in _rows("demonstration.csv")}


def _parameter(row: dict[str, str], funds: dict[str, list[tuple[str, int]]]) -> Parameters:
    def span(name: str, unit: str) -> tuple[int, int]:
        return int(row[f"{name}_low{unit}"]), int(row[f"{name}_high{unit}"])

    return Parameters(
        span("invest", "_wan"),
        span("months", ""),
        tuple(funds[row["funds"]]),
        span("land", "_ha"),
        span("forest", "_ha"),
        span("sea", "_ha"),
        row["sea_item"],
    )


def _sensitive() -> tuple[tuple[str, str, int], ...]:
    rows = _rows("demonstration_sensitive.csv")
    return tuple((row["item"], row["instead"], int(row["percent"])) for row in rows)


def _rows(name: str) -> list[dict[str, str]]:
    with (seeds_dir() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
