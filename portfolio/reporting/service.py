"""Move records along: submit, recall, review, pass on, lock, put off, exit; every step with who, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, allows, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import ConflictError, FieldError, InvalidError, PortfolioError, StaleError
from portfolio.projects.accepting import merge
from portfolio.projects.proposals import forget_proposal
from portfolio.projects.queries import get_project
from portfolio.projects.rules import workflow
from portfolio.projects.rules.workflow import Transition
from portfolio.projects.service import restage
from portfolio.projects.states import NOTHING_SAID, Said, Standing, move, standing
from portfolio.reporting.records import compare, whole_record
from portfolio.reporting.rounds import asked_stage
from portfolio.reporting.rules import document_number, lacking
from portfolio.scheme.directory import unit_directory

LIMITS = {"reason": 500, "doc_no": 80}


def act(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    action: str,
    said: Said = NOTHING_SAID,
    version: int | None = None,
    asked: str = "",
) -> Standing:
    """Take one step of a record's life and return where it then stands.

    `version` is the standing's as the actor read it; `asked` the stage whose required fields a submission must state;
    when empty, that of the running rounds, else the record's own. Raises `ConflictError` (`workflow.no_way`,
    `.locked`), `InvalidError` (`workflow.invalid`, `.incomplete`), `ForbiddenError`, `StaleError` (`workflow.stale`).
    """
    revision.bump(session)
    project = get_project(session, scope, code)
    held = standing(session, project["id"])
    if version is not None and version != held.version:
        raise StaleError("workflow.stale", held.__dict__ | {"since": str(held.since)}, project=code)
    following = workflow.next_step(workflow.steps(project), held.step)
    way = workflow.transition(held.state, action, last=following is None, accepted=held.accepted)
    require_some(actor, way.permission)
    require(actor, way.permission, held.row if way.permission in workflow.REVIEWING else row_of(project))
    said = replace(said, reason=said.reason.strip(), doc_no=document_number(said.doc_no))
    _require_said(session, way, said)
    _require_lock(actor, project, held, way)
    if action == "submit":
        _require_complete(session, scope, code, asked)
    fresh = _after(session, actor, project, held, way, said)
    if way.stage:
        stage = held.stage_before if way.stage == "before" else way.stage
        restage(session, actor, project, stage, said.reason)
    if action == "accept" and way.target == workflow.ACCEPTED:
        merge(session, actor, project, said.reason or None)
    elif way.target == workflow.ACCEPTED or way.target == workflow.EXITED:
        forget_proposal(session, project["id"])
    moved = move(session, actor, project, held, fresh, action, said)
    revision.touch(session, [project["id"]])
    return moved


def _after(
    session: Session, actor: Actor, project: Mapping[str, Any], held: Standing, way: Transition, said: Said
) -> Standing:
    path = workflow.steps(project)
    fresh = replace(held, state=way.target, step="", reviewer_unit=None, reviewer_city=None)
    if way.action == "submit":
        fresh = _at_step(fresh, path[0])
    elif way.action == "transfer":
        fresh = _passed_on(session, replace(fresh, step=held.step), said.unit)
    elif way.when == "more":
        following = workflow.next_step(path, held.step)
        fresh = _at_step(fresh, following) if following else fresh
    if way.lock == "on":
        fresh = replace(fresh, locked="all" if allows(actor, "project.lock") else "own")
    elif way.lock == "off":
        fresh = replace(fresh, locked="")
    if way.stage and way.stage != "before" and held.state not in (workflow.DEFERRED, workflow.EXITED):
        fresh = replace(fresh, stage_before=project["stage"])
    return replace(fresh, accepted=held.accepted or way.target == workflow.ACCEPTED)


def _at_step(fresh: Standing, step: workflow.Step) -> Standing:
    return replace(fresh, step=step.code, reviewer_unit=step.unit, reviewer_city=step.city)


def _passed_on(session: Session, fresh: Standing, code: str) -> Standing:
    unit = unit_directory(session).by_code[code]
    city = unit.region_code if unit.kind == "CITY_GOV" else None
    return replace(fresh, reviewer_unit=code, reviewer_city=city)


def _require_said(session: Session, way: Transition, said: Said) -> None:
    wanted = {"reason": way.reason, "doc_no": way.document}
    found = [
        FieldError(name, "field.required") for name, needed in wanted.items() if needed and not getattr(said, name)
    ]
    for name, limit in LIMITS.items():
        if len(getattr(said, name)) > limit:
            found.append(FieldError(name, "field.too_long", {"limit": limit}))
    if way.action == "transfer" and said.unit not in unit_directory(session).by_code:
        found.append(FieldError("unit", "field.unknown_code", {"value": said.unit}))
    if found:
        raise InvalidError("workflow.invalid", found)


def _require_lock(actor: Actor, project: Mapping[str, Any], held: Standing, way: Transition) -> None:
    """A lock holds until those who set it, or those above them, take it off; it is set once."""
    if way.lock and (way.lock == "on") == bool(held.locked) and way.action in ("lock", "unlock"):
        raise ConflictError("workflow.no_way", state=held.state, action=way.action)
    barred = bool(held.locked) and way.action in ("submit", "unlock", "amend")
    if barred and not allows(actor, "project.lock", None if held.locked == "all" else row_of(project)):
        raise ConflictError("workflow.locked", project=project["code"])


def _require_complete(session: Session, scope: Scope, code: str, asked: str) -> None:
    record = whole_record(session, scope, code)
    stage = asked or asked_stage(session, record.project) or record.project["stage"]
    found = lacking(record.stated, stage)
    if found:
        raise InvalidError("workflow.incomplete", found, project=code)


def settle(session: Session, actor: Actor, scope: Scope, code: str) -> bool:
    """Put a draft that says exactly what was accepted back where it stood; whether it was one.

    For what takes a change back as a whole. It is no way of the table, so that nobody can ask for it by name.
    """
    project = get_project(session, scope, code)
    held = standing(session, project["id"])
    if held.state != workflow.DRAFT or not compare(session, scope, code).same:
        return False
    require(actor, "project.edit", row_of(project))
    move(session, actor, project, held, replace(held, state=workflow.ACCEPTED), "settle")
    return True


def open_actions(actor: Actor, project: Mapping[str, Any], held: Standing) -> list[Transition]:
    """What the actor may do next with a record: what a page offers and the API lists."""
    found = []
    for way in workflow.ways_on(held.state, held.accepted):
        row = held.row if way.permission in workflow.REVIEWING else row_of(project)
        if (
            way.action == "amend"
            or (way.action == "lock" and held.locked)
            or (way.action == "unlock" and not held.locked)
        ):
            continue
        if allows(actor, way.permission, row):
            found.append(way)
    return found


@dataclass(frozen=True)
class Taken:
    """What became of one record of many: its code, and the error when it was left as it was."""

    code: str
    error: PortfolioError | None = None


def act_on_many(
    session: Session, actor: Actor, scope: Scope, codes: Sequence[str], action: str, said: Said = NOTHING_SAID
) -> list[Taken]:
    """Take the same step with many records, each for itself: one that is refused does not keep the others back."""
    revision.bump(session)
    taken = []
    for code in dict.fromkeys(codes):
        try:
            with session.begin_nested():
                act(session, actor, scope, code, action, said)
            taken.append(Taken(code))
        except PortfolioError as error:
            taken.append(Taken(code, error))
    return taken
