"""The lead of a task that clause 三(二) cannot give is set by a person, with the reason, and reaches its projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.persons import person_of, typed_faults
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.journal.queries import history
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.service import restate
from portfolio.projects.tables import Project, ProjectTask
from portfolio.scheme import queries
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.records import TaskRecord
from portfolio.scheme.rules import derive_lead_unit
from portfolio.scheme.service import save_task

LEAD = "lead"
LONGEST = {"person": 80, "reason": 500}


@dataclass(frozen=True)
class Lead:
    """Which unit is to lead, why, and who decides it where nobody signs in."""

    unit: str
    reason: str
    person: str = ""


def by_person(task: Mapping[str, Any], kind_of: Mapping[str, str]) -> bool:
    """Whether the rule gives a task no lead, so that a person sets it."""
    return bool(task["lead_by"]) or (not task["lead_unit"] and derive_lead_unit(task["units"], kind_of) is None)


def following(session: Session, scope: Scope, task: TaskRecord) -> list[str]:
    """The projects (codes) of a task that follow its lead: those that state none, and those that followed before.

    One that has stated another lead since, or stated the same by itself, does not.
    """
    followed = and_(col(Project.lead_unit) == task["lead_unit"], col(Project.code).in_(_followed(session, task["id"])))
    serving = col(Project.id).in_(select(col(ProjectTask.project_id)).where(col(ProjectTask.task_id) == task["id"]))
    here = (*conditions(WITH_PROPOSED, scope), serving, or_(col(Project.lead_unit).is_(None), followed))
    return list(session.execute(select(col(Project.code)).where(*here).order_by(col(Project.code))).scalars())


def _followed(session: Session, task_id: str) -> list[str]:
    """The projects that took over the lead a person set last, by the journal."""
    told = [one.after for one in history(session, task_id) if one.action == LEAD]
    return list(told[0]["projects"]) if told and told[0] else []


def set_task_lead(session: Session, actor: Actor, task_id: str, lead: Lead) -> list[str]:
    """Set who leads a task; returns the projects (codes) that follow, each written and journalled with the reason.

    Raises `ConflictError` (`task.rule_leads`) where the rule gives the lead, `InvalidError` (`task.invalid`) without a
    reason, without a person where nobody signs in, and for a unit nobody knows or that another took over.
    """
    require(actor, "scheme.edit")
    revision.bump(session)
    task, units = queries.task(session, EVERYTHING, task_id), unit_directory(session)
    if not by_person(task, units.kind_of):
        raise ConflictError("task.rule_leads", id=task_id, unit=units.name(task["lead_unit"]))
    found = _faults(session, actor, lead)
    if found:
        raise InvalidError("task.invalid", found)
    reached = following(session, EVERYTHING, task)
    who, reason = person_of(actor, lead.person).name, lead.reason.strip()
    stated = {"id": task_id, "lead_unit": lead.unit, "lead_by": who, "lead_reason": reason}
    save_task(session, actor, stated, None, reason)
    for code in reached:
        project = get_project(session, EVERYTHING, code)
        restate(session, actor, project, {"lead_unit": lead.unit}, f"{task_id} {reason}"[:500])
    told = journal.Entry(task_id, LEAD, None, {"lead_unit": lead.unit, "projects": reached})
    journal.record(session, actor, "scheme", [told], reason)
    session.expire_all()
    return reached


def _faults(session: Session, actor: Actor, lead: Lead) -> list[FieldError]:
    found = typed_faults(actor, lead.person, "person")
    if actor.user_id is None and not lead.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    if not lead.reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    held = unit_directory(session).by_code.get(lead.unit)
    if held is None:
        found.append(FieldError("unit", "field.unknown_code", {"value": lead.unit}))
    elif held.successor:
        heir = unit_directory(session).name(held.successor)
        found.append(FieldError("unit", "unit.ended", {"value": held.name_zh, "on": held.valid_to or "", "heir": heir}))
    return found + [
        FieldError(name, "field.too_long", {"limit": limit})
        for name, limit in LONGEST.items()
        if len(getattr(lead, name)) > limit
    ]
