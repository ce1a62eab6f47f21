"""Write readiness: what a project has done of its steps, and the files that show it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import InvalidError, StaleError
from portfolio.core.plain_text import faults as text_faults
from portfolio.core.plain_text import stated
from portfolio.core.records import picked
from portfolio.journal import service as journal
from portfolio.projects.gate import require_open
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.rules import approvals as rules
from portfolio.readiness.rules.templates import step_kinds
from portfolio.readiness.tables import ProjectStep

FIELDS = ("status", "planned_on", "actual_on", "valid_until", "doc_no", "authority", "note", "basis")


def save_step(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    step: str,
    values: Mapping[str, Any],
    version: int | None = None,
) -> bool:
    """Set what a project says of a step (`FIELDS`; those left out stay); returns whether anything changed.

    An approval's end is filled in by the step's usual validity when it is not stated.
    Raises `InvalidError` (`readiness.invalid`) with every fault, `StaleError` when `version` (0: no row yet) is not the
    step's any more.
    """
    require_some(actor, "step.edit")
    number = revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "step.edit", row_of(project))
    before: Mapping[str, Any] = stored_steps(session, project["id"]).get(step) or {}
    if version is not None and version != before.get("revision", 0):
        raise StaleError("readiness.stale", before, step=step)
    fresh = {name: values.get(name, before.get(name)) for name in FIELDS}
    fresh = {**_blank(fresh), "basis": fresh["basis"] or "reported"}
    found = rules.faults(step, fresh) + text_faults(picked(fresh, ("doc_no", "authority", "note")))
    if found:
        raise InvalidError("readiness.invalid", found)
    if fresh["status"] == "approved":
        stated = fresh["valid_until"] if values.get("valid_until") else None
        kept = before.get("valid_until") if before.get("actual_on") == fresh["actual_on"] else None
        fresh["valid_until"] = rules.valid_until(step_kinds()[step], fresh["actual_on"], stated or kept)
    changed = {name: value for name, value in fresh.items() if value != before.get(name)}
    if not changed:
        return False
    require_open(session, actor, project)
    _write(session, project["id"], step, fresh | {"revision": number}, bool(before))
    entry = journal.Entry(code, "step", {step: {n: before.get(n) for n in changed}}, {step: changed})
    journal.record(session, actor, "readiness", [entry])
    return True


def _blank(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates are None when empty, texts are empty when None."""
    dates = {name: values[name] or None for name in rules.DATES}
    texts = {name: stated(str(values[name] or "")) for name in ("status", "doc_no", "authority", "note")}
    return {"basis": values["basis"], **dates, **texts}


def _write(session: Session, project_id: int, step: str, values: Mapping[str, Any], exists: bool) -> None:
    if exists:
        here = (_steps.c.project_id == project_id) & (_steps.c.step == step)
        session.connection().execute(update(_steps).where(here).values(**values))
    else:
        session.connection().execute(insert(_steps).values(project_id=project_id, step=step, **values))
    session.expire_all()


def clear_step(session: Session, actor: Actor, scope: Scope, code: str, step: str, reason: str | None = None) -> bool:
    """Take back everything a project said of a step, which then has not been started; whether there was anything."""
    require_some(actor, "step.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "step.edit", row_of(project))
    before = stored_steps(session, project["id"]).get(step)
    if before is None:
        return False
    require_open(session, actor, project)
    here = (_steps.c.project_id == project["id"]) & (_steps.c.step == step)
    session.connection().execute(delete(_steps).where(here))
    session.expire_all()
    gone = picked(before, FIELDS)
    entry = journal.Entry(code, "step", {step: gone}, {step: dict.fromkeys(FIELDS)})
    journal.record(session, actor, "readiness", [entry], reason)
    return True


def remove_illustrative_steps(session: Session, actor: Actor, reason: str | None = None) -> int:
    """Take away every illustrative step, each journalled as it was; returns how many."""
    require(actor, "demonstration.load")
    revision.bump(session)
    made_up = _steps.c.basis == "illustrative"
    statement = select(col(Project.code), ProjectStep).join(Project, col(Project.id) == col(ProjectStep.project_id))
    gone: dict[str, dict[str, Any]] = {}
    for code, row in session.execute(statement.where(made_up).order_by(col(Project.code))):
        said = row.model_dump(exclude={"project_id", "step", "revision"})
        gone.setdefault(code, {})[row.step] = {name: value for name, value in said.items() if value}
    session.connection().execute(delete(_steps).where(made_up))
    session.expire_all()
    entries = [journal.Entry(code, "step", steps, {step: {} for step in steps}) for code, steps in gone.items()]
    journal.record(session, actor, "readiness", entries, reason)
    return sum(map(len, gone.values()))


_steps = ProjectStep.metadata.tables["project_steps"]
