"""Write scenarios: make, copy, change, drop. Every change of what is asked clears the answer."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from portfolio.access.persons import person_of, typed_faults
from portfolio.access.rules import Actor, require
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.rolling.queries import get_edition
from portfolio.scenarios import options as asked
from portfolio.scenarios.heads import clear_answer, open_scenario, pools_of, record, write_head
from portfolio.scenarios.option_faults import require_known
from portfolio.scenarios.options import Options
from portfolio.scenarios.pools import ledger_pools, write_pools
from portfolio.scenarios.queries import get_scenario
from portfolio.scenarios.solving.building import pins_of
from portfolio.scenarios.tables import (
    Explanation,
    Job,
    JobProgress,
    Scenario,
    ScenarioPin,
    ScenarioPool,
    ScenarioProject,
)
from portfolio.screening.policies import freeze, get_policy


@dataclass(frozen=True)
class NewScenario:
    """A scenario to be made; `maker` names who answers for it where nobody signs in."""

    code: str
    edition: str
    policy: str = "default"
    name: str = ""
    options: Options = field(default_factory=Options)
    maker: str = ""
    note: str = ""


def make_scenario(session: Session, actor: Actor, data: NewScenario) -> Scenario:
    """Make a scenario with the ledger's pools as they now are; its policy version is frozen.

    Raises `NotFoundError` for an unknown edition or policy, `InvalidError` for options out of range.
    """
    require(actor, "scenario.make")
    number = revision.aside(session)
    edition = get_edition(session, data.edition)
    asked.require_options(data.options)
    require_known(session, int(edition.id or 0), data.options)
    _require_code(session, actor, data.code, data.maker)
    maker = person_of(actor, data.maker)
    policy = get_policy(session, data.policy)
    freeze(session, actor, policy)
    scenario = Scenario(
        code=data.code.strip(),
        name=data.name.strip(),
        edition_id=int(edition.id or 0),
        policy=policy.key,
        options=asked.encode(data.options),
        basis=edition.basis,
        maker=maker.name,
        maker_id=maker.user_id,
        note=data.note,
        made_revision=number,
        made_at=utc_now(),
        actor=actor.name,
    )
    session.add(scenario)
    session.flush()
    rows = ledger_pools(session, edition)
    write_pools(session, scenario, rows)
    made = {"edition": data.edition, "policy": policy.key, "options": scenario.options, "pools": len(rows)}
    record(session, actor, scenario.code, "make", None, made)
    return scenario


def copy_scenario(session: Session, actor: Actor, code: str, copy: str, name: str = "", maker: str = "") -> Scenario:
    """A child of a scenario with its policy, options, pools (with their changes) and pins, not yet solved."""
    require(actor, "scenario.make")
    number = revision.aside(session)
    parent = get_scenario(session, code)
    _require_code(session, actor, copy, maker)
    person = person_of(actor, maker)
    kept = {field: getattr(parent, field) for field in ("edition_id", "policy", "options", "basis", "note")}
    child = Scenario(
        code=copy.strip(),
        name=name.strip() or parent.name,
        parent_id=parent.id,
        maker=person.name,
        maker_id=person.user_id,
        made_revision=number,
        made_at=utc_now(),
        actor=actor.name,
        **kept,
    )
    session.add(child)
    session.flush()
    for row in pools_of(session, parent):
        session.add(ScenarioPool(**{**row.model_dump(), "scenario_id": child.id, "used": None, "carried_in": None}))
    for pin in pins_of(session, parent):
        session.add(ScenarioPin(**{**pin.model_dump(), "scenario_id": child.id}))
    session.flush()
    record(session, actor, child.code, "copy", None, {"parent": code})
    return child


def change_scenario(
    session: Session,
    actor: Actor,
    code: str,
    policy: str | None = None,
    options: Options | None = None,
    name: str | None = None,
    version: int | None = None,
) -> Scenario:
    """Give a scenario another policy, other options or another name; a name alone keeps the answer."""
    scenario = open_scenario(session, actor, code, version)
    before = {"policy": scenario.policy, "options": scenario.options, "name": scenario.name}
    fresh: dict[str, Any] = {} if name is None else {"name": name.strip()}
    if policy is not None:
        chosen = get_policy(session, policy)
        freeze(session, actor, chosen)
        fresh["policy"] = chosen.key
    if options is not None:
        asked.require_options(options)
        require_known(session, scenario.edition_id, options, asked.decode(scenario.options))
        fresh["options"] = asked.encode(options)
    if fresh.keys() - {"name"}:
        clear_answer(session, scenario)
    write_head(session, scenario, fresh)
    record(session, actor, code, "change", {name: before[name] for name in fresh}, fresh)
    return scenario


def drop_scenario(session: Session, actor: Actor, code: str) -> None:
    """Drop a scenario that was not approved, with its jobs; the journal keeps that it was."""
    scenario = open_scenario(session, actor, code)
    before = {"policy": scenario.policy, "options": scenario.options, "status": scenario.status}
    jobs = select(col(Job.id)).where(col(Job.scenario_id) == scenario.id)
    session.execute(delete(JobProgress).where(col(JobProgress.job_id).in_(jobs)))
    for table in (Job, Explanation, ScenarioProject, ScenarioPin, ScenarioPool):
        session.execute(delete(table).where(col(table.scenario_id) == scenario.id))
    session.connection().execute(update(_scenarios).where(_scenarios.c.parent_id == scenario.id).values(parent_id=None))
    session.connection().execute(delete(_scenarios).where(_scenarios.c.id == scenario.id))
    session.expire_all()
    record(session, actor, code, "drop", before, None)


def _require_code(session: Session, actor: Actor, code: str, maker: str) -> None:
    found = typed_faults(actor, maker, "maker")
    if not code.strip():
        found.append(FieldError("code", "field.required"))
    elif "/" in code or len(code) > 40:
        found.append(FieldError("code", "allocation.bad_code", {"value": code}))
    if found:
        raise InvalidError("allocation.bad_scenario", found)
    if session.execute(select(col(Scenario.id)).where(col(Scenario.code) == code.strip())).first():
        raise ConflictError("allocation.scenario_exists", code=code)


_scenarios = Scenario.metadata.tables["scenarios"]
