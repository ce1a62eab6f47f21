"""The pins of a scenario: projects put in or out by hand, with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.clock import utc_now
from portfolio.core.errors import FieldError, InvalidError
from portfolio.projects.queries import get_project
from portfolio.scenarios.heads import clear_answer, open_scenario, record, write_head
from portfolio.scenarios.solving.building import build
from portfolio.scenarios.tables import (
    Scenario,
    ScenarioPin,
)


def pin_project(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    project: str,
    inside: bool | None,
    reason: str,
    version: int | None = None,
) -> None:
    """Put a project in (True) or out (False) by hand with the reason, or let it go again (None).

    Raises `InvalidError` when it does not stand in the edition, and for one put in that is vetoed or stated no needs.
    """
    pin_projects(session, actor, scope, code, [project], inside, reason, version)


def pin_projects(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    projects: Sequence[str],
    inside: bool | None,
    reason: str,
    version: int | None = None,
) -> None:
    """`pin_project` for several of them at once: all, or none with every fault."""
    scenario = open_scenario(session, actor, code, version)
    numbers = {project: int(get_project(session, scope, project)["id"]) for project in projects}
    if inside is not None:
        _require_pins(session, scenario, numbers, inside, reason)
    changes = [_pin(session, actor, scenario, one, numbers[one], inside, reason) for one in numbers]
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    for before, after in changes:
        record(session, actor, code, "pin", before, after)


def _pin(
    session: Session, actor: Actor, scenario: Scenario, project: str, number: int, inside: bool | None, reason: str
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Write one pin; what stood before and stands after."""
    held = session.get(ScenarioPin, (scenario.id, number))
    before = None if held is None else {"project": project, "inside": held.inside, "reason": held.reason}
    if held is not None:
        session.delete(held)
        session.flush()
    if inside is not None:
        values: dict[str, Any] = {"inside": inside, "reason": reason.strip(), "actor": actor.name, "at": utc_now()}
        session.add(ScenarioPin(scenario_id=int(scenario.id or 0), project_id=number, **values))
    after = None if inside is None else {"project": project, "inside": inside, "reason": reason.strip()}
    return before, after


def _require_pins(session: Session, scenario: Scenario, numbers: Mapping[str, int], inside: bool, reason: str) -> None:
    found = [] if reason.strip() else [FieldError("reason", "rolling.reason_required")]
    candidates = {one.project_id: one for one in build(session, scenario).candidates}
    for project, number in numbers.items():
        one = candidates.get(number)
        if one is None:
            found.append(FieldError("project", "allocation.not_candidate", {"value": project}))
        elif inside and one.vetoed:
            found.append(FieldError("project", "allocation.pinned_vetoed", {"value": project}))
        elif inside and not one.needs:
            found.append(FieldError("project", "allocation.pinned_without_needs", {"value": project}))
    if found:
        raise InvalidError("allocation.bad_scenario", found)
