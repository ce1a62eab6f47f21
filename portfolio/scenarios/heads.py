"""The head of a scenario: whether it may be changed, its answer forgotten, its next version, its journal."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require
from portfolio.core import revision
from portfolio.core.errors import ConflictError, StaleError
from portfolio.journal import service as journal
from portfolio.scenarios.queries import get_scenario, running_job
from portfolio.scenarios.tables import (
    APPROVED,
    DRAFT,
    SUPERSEDED,
    Explanation,
    Scenario,
    ScenarioPool,
    ScenarioProject,
)

NO_ANSWER: dict[str, Any] = {
    "state": DRAFT,
    "status": "",
    "outcome": "",
    "needs_hash": "",
    "pools_hash": "",
    **dict.fromkeys(("built_revision", "value", "bound", "gap", "seconds", "greedy_value", "solved_at")),
}


def open_scenario(session: Session, actor: Actor, code: str, version: int | None = None) -> Scenario:
    """A scenario that may be changed; raises `ConflictError` for one that was approved or is being solved."""
    require(actor, "scenario.make")
    revision.aside(session)
    scenario = get_scenario(session, code)
    session.refresh(scenario)
    if version is not None and scenario.version != version:
        raise StaleError("allocation.stale", {"code": code, "version": scenario.version}, code=code)
    if scenario.state in (APPROVED, SUPERSEDED):
        raise ConflictError("allocation.approved", code=code)
    if running_job(session, scenario, "solve") is not None:
        raise ConflictError("allocation.busy", code=code)
    return scenario


def clear_answer(session: Session, scenario: Scenario) -> None:
    """Forget the answer and what was found out about it."""
    for table in (ScenarioProject, Explanation):
        session.execute(delete(table).where(col(table.scenario_id) == scenario.id))
    statement = update(_pools).where(_pools.c.scenario_id == scenario.id).values(used=None, carried_in=None)
    session.connection().execute(statement)
    for name, value in NO_ANSWER.items():
        setattr(scenario, name, value)


def write_head(session: Session, scenario: Scenario, fresh: dict[str, Any]) -> None:
    """Write a scenario's head with `fresh` values, as its next version."""
    for name, value in fresh.items():
        setattr(scenario, name, value)
    scenario.version += 1
    session.add(scenario)
    session.flush()


def pools_of(session: Session, scenario: Scenario) -> list[ScenarioPool]:
    """A scenario's pools as rows."""
    statement = select(ScenarioPool).where(col(ScenarioPool.scenario_id) == scenario.id)
    return list(session.execute(statement.order_by(col(ScenarioPool.pool))).scalars())


def record(session: Session, actor: Actor, code: str, action: str, before: Any, after: Any) -> None:
    """Journal one act on a scenario."""
    journal.record(session, actor, "allocation", [journal.Entry(code, action, before, after)])


_pools = ScenarioPool.metadata.tables["scenario_pools"]
