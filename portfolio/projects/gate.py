"""The one gate before every change of a record: a submitted or locked one is not changed from below.

What an office changes in an accepted record makes it a draft again, and what it said when it was accepted is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, allows, row_of
from portfolio.core.errors import ConflictError
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState
from portfolio.projects.states import LIBRARY, Standing, keep_part, move, standing, standing_and_kept, standings
from portfolio.projects.tables import Project


def above(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """Whether the actor has the last word on a record, so that what they write needs no review."""
    return allows(actor, "project.review", workflow.steps(facts)[-1].row)


def bar(actor: Actor, project: Mapping[str, Any], held: Standing) -> str:
    """The code of what keeps the actor from changing the record; empty when nothing does."""
    if held.state == workflow.EXITED:
        return "workflow.exited"
    if held.state == workflow.DEFERRED and not above(actor, project):
        return "workflow.deferred"
    if held.locked and not allows(actor, "project.lock", None if held.locked == "all" else row_of(project)):
        return "workflow.locked"
    if held.state in workflow.WAITING and not allows(actor, "project.review", held.row):
        return "workflow.submitted"
    return ""


def begin(session: Session, actor: Actor, project: Mapping[str, Any]) -> None:
    """A new record of someone without the last word begins as a draft; any other is in the library at once."""
    if not above(actor, project):
        fresh = Standing(state=workflow.DRAFT, accepted=False)
        move(session, actor, project, LIBRARY, fresh, "create")


def pass_gate(
    session: Session, actor: Actor, project: Mapping[str, Any], part: str, content: Callable[[], Any]
) -> None:
    """To be asked before `part` of a record is changed; `content` gives the part as it still is.

    Raises `ConflictError` (`workflow.submitted`, `.locked`, `.exited`). An accepted record becomes a draft when the
    actor has not the last word on it.
    """
    held, kept = standing_and_kept(session, project["id"], part)
    _pass(session, actor, project, held, part, content, kept)


def require_open(session: Session, actor: Actor, project: Mapping[str, Any]) -> None:
    """The gate for what goes on beside the reviewed record (steps, financing): barred alike, but no new draft."""
    barred = bar(actor, project, standing(session, project["id"]))
    if barred:
        raise ConflictError(barred, project=project["code"])


def pass_many(
    session: Session, actor: Actor, project_ids: Iterable[int], part: str, content: Callable[[int], Any]
) -> dict[int, str]:
    """The gate for the projects of a bulk load: project id → code of what bars it; the others may be written."""
    ids, barred = list(project_ids), {}
    held = standings(session, ids)
    for start in range(0, len(ids), 500):
        for project in _facts(session, ids[start : start + 500]):
            key, stands = project["id"], held.get(project["id"], LIBRARY)
            found = bar(actor, project, stands)
            if found:
                barred[key] = found
            else:
                _pass(session, actor, project, stands, part, partial(content, key))
    return barred


def ever_moved(session: Session) -> set[int]:
    """The ids of the records that ever left the library or have not entered it."""
    return set(session.execute(select(col(ProjectState.project_id))).scalars())


def _pass(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    held: Standing,
    part: str,
    content: Callable[[], Any],
    kept: bool = False,
) -> None:
    barred = bar(actor, project, held)
    if barred:
        raise ConflictError(barred, project=project["code"])
    if held.state == workflow.ACCEPTED:
        if above(actor, project):
            return
        move(session, actor, project, held, replace(held, state=workflow.DRAFT), "amend")
    if held.accepted and not kept:
        keep_part(session, project["id"], part, content)


def _facts(session: Session, ids: list[int]) -> list[dict[str, Any]]:
    columns: list[Any] = [Project.id, Project.code, Project.office_unit, Project.lead_unit, Project.city_code]
    return [dict(row) for row in session.execute(select(*columns).where(col(Project.id).in_(ids))).mappings()]
