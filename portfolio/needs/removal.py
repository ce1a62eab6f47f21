"""Take needs away in numbers: with their project, or because they were only illustrative; all of it journalled."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.journal import service as journal
from portfolio.needs.changes import NOT_APPLICABLE
from portfolio.needs.details import project_details
from portfolio.needs.tables import Need, NeedDetail, NotApplicable
from portfolio.projects import service as projects
from portfolio.projects.queries import get_project
from portfolio.projects.rules.works import MONTHS
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree

FIGURES = {"investment": ["total_investment_yuan"], "schedule": list(MONTHS), "stage": ["stage"]}
Cells = dict[str, list[dict[str, Any]]]


def remove_project(
    session: Session, actor: Actor, scope: Scope, code: str, reason: str | None = None, version: int | None = None
) -> None:
    """Remove a project with its needs and details; the journal keeps what they were.

    Raises what `projects.service.remove_project` raises, and then nothing may be committed.
    """
    projects.require_removing(actor)
    revision.bump(session)
    project = get_project(session, scope, code)
    cells = _cells(session, col(Need.project_id) == project["id"], col(NotApplicable.project_id) == project["id"])
    details = {f"{item} {name}": value for (item, name), value in project_details(session, scope, code).items()}
    projects.remove_project(session, actor, scope, code, reason, version)
    entries = [journal.Entry(code, "remove", cells[code], None)] if cells else []
    if details:
        entries.append(journal.Entry(code, "details", details, dict.fromkeys(details)))
    journal.record(session, actor, "needs", entries, reason)


def remove_illustrative(session: Session, actor: Actor, reason: str | None = None) -> dict[str, int]:
    """Remove every illustrative need, 不涉及, detail, amount, schedule and stage; what was reported stays as it is."""
    require(actor, "demonstration.load")
    number = revision.touch(session, None)
    marks = (col(Need.basis) == "illustrative", col(NotApplicable.basis) == "illustrative")
    cells = _cells(session, *marks)
    connection = session.connection()
    removed = {
        "needs": connection.execute(delete(Need).where(marks[0])).rowcount,
        "not_applicable": connection.execute(delete(NotApplicable).where(marks[1])).rowcount,
    }
    entries = [journal.Entry(code, "remove", before, None) for code, before in cells.items()]
    journal.record(session, actor, "needs", entries, reason)
    removed["details"] = _remove_details(session, actor, reason)
    for name, columns in FIGURES.items():
        removed[name] = _remove_figures(session, actor, f"{name}_basis", columns, number, reason)
    return removed


def _remove_details(session: Session, actor: Actor, reason: str | None) -> int:
    """Take away illustrative details, each journalled as it was."""
    tree, marked = element_tree(session), col(NeedDetail.basis) == "illustrative"
    columns = (col(Project.code), col(NeedDetail.item_id), col(NeedDetail.attribute), col(NeedDetail.value))
    joined = select(*columns).join(NeedDetail, col(NeedDetail.project_id) == col(Project.id)).where(marked)
    gone: dict[str, dict[str, str]] = {}
    for code, item, attribute, value in session.execute(joined.order_by(col(Project.code))):
        gone.setdefault(code, {})[f"{tree.by_id[item].code} {attribute}"] = value
    session.connection().execute(delete(NeedDetail).where(marked))
    session.expire_all()
    entries = [journal.Entry(code, "details", was, dict.fromkeys(was)) for code, was in gone.items()]
    journal.record(session, actor, "needs", entries, reason)
    return sum(map(len, gone.values()))


def _remove_figures(
    session: Session, actor: Actor, basis: str, columns: list[str], number: int, reason: str | None
) -> int:
    """Take illustrative figures off every project."""
    names, marked = [*columns, basis], _projects.c[basis] == "illustrative"
    held = session.execute(select(_projects.c.code, *(_projects.c[n] for n in names)).where(marked)).all()
    blank: dict[str, Any] = dict.fromkeys(names)
    entries = [journal.Entry(row[0], "update", dict(zip(names, row[1:], strict=True)), blank) for row in held]
    fresh = {**blank, "version": _projects.c.version + 1, "revision": number}
    session.connection().execute(update(_projects).where(marked).values(**fresh))
    journal.record(session, actor, "projects", entries, reason)
    return len(held)


def _cells(session: Session, needs: Any, closed: Any) -> Cells:
    """Answers as the journal writes them, by the code of their project."""
    tree, found = element_tree(session), Cells()
    columns: list[Any] = [Project.code, Need.item_id, Need.year, Need.required, Need.basis]
    joined = select(*columns).join(Need, col(Need.project_id) == col(Project.id)).where(needs)
    for code, item, year, required, basis in session.execute(joined.order_by(col(Project.code))):
        value = {"required": required, "basis": basis}
        found.setdefault(code, []).append({"item": tree.by_id[item].code, "year": year, "value": value})
    said = select(col(Project.code), col(NotApplicable.item_id)).join(
        NotApplicable, col(NotApplicable.project_id) == col(Project.id)
    )
    for code, item in session.execute(said.where(closed).order_by(col(Project.code))):
        found.setdefault(code, []).append({"item": tree.by_id[item].code, "year": None, "value": NOT_APPLICABLE})
    return found


_projects = Project.metadata.tables["projects"]
