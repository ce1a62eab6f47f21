"""The one gate before every change of a record: whether it may be made, and where it goes.

Into the record itself for who has the last word on it, and for a record that was never accepted; for everybody else,
and for a reviewer whose turn it is, beside the record as a proposal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, allows, row_of
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState
from portfolio.projects.states import LIBRARY, Standing, move, standing, standings
from portfolio.projects.tables import Project


def above(actor: Actor, facts: Mapping[str, Any]) -> bool:
    """Whether the actor has the last word on a record, so that what they write needs no review."""
    return allows(actor, "project.review", workflow.steps(facts)[-1].row)


def proposes(actor: Actor, project: Mapping[str, Any], held: Standing) -> bool:
    """Whether what the actor changes in a record is a proposal beside it."""
    if not held.accepted:
        return False
    return held.state in workflow.WAITING or not above(actor, project)


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


def corrects(actor: Actor, project: Mapping[str, Any], held: Standing) -> bool:
    """Whether what the actor changes corrects an accepted record and nobody reviews it, so that it must have a reason.

    A single office without accounts answers to nobody but itself; a file that is imported is named by its import.
    """
    return (
        held.accepted and actor.user_id is not None and actor.import_id is None and not proposes(actor, project, held)
    )


def pass_gate(
    session: Session, actor: Actor, project: Mapping[str, Any], held: Standing, reason: str | None = None
) -> bool:
    """To be asked before a record is changed: whether the change is a proposal beside it (see `proposes`).

    Raises `ConflictError` (`workflow.submitted`, `.locked`, `.exited`), and `InvalidError` (`workflow.reason_needed`)
    for a correction without one (see `corrects`). The first proposal makes an accepted record a draft.
    """
    beside = _passed(session, actor, project, held)
    if corrects(actor, project, held) and not (reason or "").strip():
        raise InvalidError("workflow.reason_needed", [FieldError("reason", "field.required")], project=project["code"])
    return beside


def _passed(session: Session, actor: Actor, project: Mapping[str, Any], held: Standing) -> bool:
    barred = bar(actor, project, held)
    if barred:
        raise ConflictError(barred, project=project["code"])
    beside = proposes(actor, project, held)
    if beside and held.state == workflow.ACCEPTED:
        move(session, actor, project, held, replace(held, state=workflow.DRAFT), "amend")
    return beside


def require_open(session: Session, actor: Actor, project: Mapping[str, Any]) -> None:
    """The gate for what goes on beside the reviewed record (steps, files): barred alike, but no proposal."""
    barred = bar(actor, project, standing(session, project["id"]))
    if barred:
        raise ConflictError(barred, project=project["code"])


@dataclass(frozen=True)
class Sorted:
    """The projects of a bulk load: `barred` id → code of what bars it; `beside` those whose changes are proposals."""

    barred: dict[int, str] = field(default_factory=dict)
    beside: set[int] = field(default_factory=set)


def pass_many(session: Session, actor: Actor, project_ids: Iterable[int]) -> Sorted:
    """The gate for the projects of a bulk load; those neither barred nor beside are written into the record."""
    ids, found = list(project_ids), Sorted()
    held = standings(session, ids)
    for start in range(0, len(ids), 500):
        for project in _facts(session, ids[start : start + 500]):
            key, stands = project["id"], held.get(project["id"], LIBRARY)
            barred = bar(actor, project, stands)
            if barred:
                found.barred[key] = barred
            elif _passed(session, actor, project, stands):
                found.beside.add(key)
    return found


def ever_moved(session: Session) -> set[int]:
    """The ids of the records that ever left the library or have not entered it."""
    return set(session.execute(select(col(ProjectState.project_id))).scalars())


def _facts(session: Session, ids: list[int]) -> list[dict[str, Any]]:
    columns: list[Any] = [Project.id, Project.code, Project.office_unit, Project.lead_unit, Project.city_code]
    return [dict(row) for row in session.execute(select(*columns).where(col(Project.id).in_(ids))).mappings()]
