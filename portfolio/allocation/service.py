"""Write scenarios: make, copy, change pools, pins and options, renew, drop. Every change clears the answer."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_write
from portfolio.allocation import options as asked
from portfolio.allocation.building import build, pins_of, unused_reserves
from portfolio.allocation.options import Options
from portfolio.allocation.queries import get_scenario, running_job
from portfolio.allocation.tables import (
    APPROVED,
    DRAFT,
    SUPERSEDED,
    Explanation,
    Job,
    JobProgress,
    Scenario,
    ScenarioPin,
    ScenarioPool,
    ScenarioProject,
)
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError, StaleError
from portfolio.core.units import MAX_BASE
from portfolio.finance.books import LEVELS
from portfolio.journal import service as journal
from portfolio.ledger.queries import list_pools
from portfolio.projects.queries import get_project
from portfolio.rolling.queries import get_edition
from portfolio.rolling.tables import Edition
from portfolio.screening.policies import freeze, get_policy
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

NO_ANSWER: dict[str, Any] = {
    "state": DRAFT,
    "status": "",
    "outcome": "",
    "needs_hash": "",
    "pools_hash": "",
    **dict.fromkeys(("built_revision", "value", "bound", "gap", "seconds", "greedy_value", "solved_at")),
}


@dataclass(frozen=True)
class NewScenario:
    """A scenario to be made; `maker` is the person who answers for it, the actor when empty."""

    code: str
    edition: str
    policy: str = "default"
    name: str = ""
    options: Options = field(default_factory=Options)
    maker: str = ""
    note: str = ""


@dataclass(frozen=True)
class NewPool:
    """A pool a scenario adds to those of the ledger; `quantity` in base units."""

    pool: str
    item: str
    year: int
    quantity: int
    region_code: str = "450000"
    level: str = ""


def make_scenario(session: Session, actor: Actor, data: NewScenario) -> Scenario:
    """Make a scenario with the ledger's pools as they now are; its policy version is frozen.

    Raises `NotFoundError` for an unknown edition or policy, `InvalidError` for options out of range.
    """
    require_write(actor)
    number = revision.bump(session)
    edition = get_edition(session, data.edition)
    asked.require_options(data.options)
    _require_code(session, data.code)
    policy = get_policy(session, data.policy)
    freeze(session, actor, policy)
    scenario = Scenario(
        code=data.code.strip(),
        name=data.name.strip(),
        edition_id=int(edition.id or 0),
        policy=policy.key,
        options=asked.encode(data.options),
        basis=edition.basis,
        maker=data.maker.strip() or actor.name,
        note=data.note,
        made_revision=number,
        made_at=utc_now(),
        actor=actor.name,
    )
    session.add(scenario)
    session.flush()
    rows = _ledger_pools(session, edition)
    _write_pools(session, scenario, rows)
    made = {"edition": data.edition, "policy": policy.key, "options": scenario.options, "pools": len(rows)}
    _journal(session, actor, scenario.code, "make", None, made)
    return scenario


def copy_scenario(session: Session, actor: Actor, code: str, copy: str, name: str = "", maker: str = "") -> Scenario:
    """A child of a scenario with its policy, options, pools (with their changes) and pins, not yet solved."""
    require_write(actor)
    number = revision.bump(session)
    parent = get_scenario(session, code)
    _require_code(session, copy)
    kept = {field: getattr(parent, field) for field in ("edition_id", "policy", "options", "basis", "note")}
    child = Scenario(
        code=copy.strip(),
        name=name.strip() or parent.name,
        parent_id=parent.id,
        maker=maker.strip() or actor.name,
        made_revision=number,
        made_at=utc_now(),
        actor=actor.name,
        **kept,
    )
    session.add(child)
    session.flush()
    for row in pools_of(session, parent):
        session.add(ScenarioPool(**{**row.model_dump(), "scenario_id": child.id, "used": None}))
    for pin in pins_of(session, parent):
        session.add(ScenarioPin(**{**pin.model_dump(), "scenario_id": child.id}))
    session.flush()
    _journal(session, actor, child.code, "copy", None, {"parent": code})
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
        fresh["options"] = asked.encode(options)
    if fresh.keys() - {"name"}:
        clear_answer(session, scenario)
    write_head(session, scenario, fresh)
    _journal(session, actor, code, "change", {name: before[name] for name in fresh}, fresh)
    return scenario


def set_limit(session: Session, actor: Actor, code: str, pool: str, quantity: int, version: int | None = None) -> None:
    """Give a pool of a scenario another limit (base units); the ledger's quantity stays beside it."""
    scenario = open_scenario(session, actor, code, version)
    row = session.get(ScenarioPool, (scenario.id, pool))
    if row is None:
        raise InvalidError("allocation.bad_scenario", [FieldError("pool", "ledger.pool_not_found", {"value": pool})])
    _require_quantity(quantity)
    before, row.quantity = row.quantity, quantity
    session.add(row)
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    _journal(session, actor, code, "limit", {pool: before}, {pool: quantity})


def add_pool(session: Session, actor: Actor, code: str, data: NewPool, version: int | None = None) -> None:
    """Add a pool that the ledger does not have: what if there were one."""
    scenario = open_scenario(session, actor, code, version)
    _require_pool(session, scenario, data)
    item = element_tree(session).by_code[data.item].id
    values = {name: getattr(data, name) for name in ("pool", "year", "quantity", "region_code", "level")}
    session.add(ScenarioPool(scenario_id=int(scenario.id or 0), item_id=item, original=0, **values))
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    _journal(session, actor, code, "add_pool", None, dict(data.__dict__))


def remove_pool(session: Session, actor: Actor, code: str, pool: str, version: int | None = None) -> None:
    """Take an added pool away again; those of the ledger stay (a limit of 0 closes one)."""
    scenario = open_scenario(session, actor, code, version)
    row = session.get(ScenarioPool, (scenario.id, pool))
    if row is None or row.pool_id is not None:
        raise InvalidError(
            "allocation.bad_scenario", [FieldError("pool", "allocation.pool_not_added", {"value": pool})]
        )
    before = {"pool": pool, "quantity": row.quantity}
    session.delete(row)
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    _journal(session, actor, code, "remove_pool", before, None)


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
    scenario = open_scenario(session, actor, code, version)
    number = int(get_project(session, scope, project)["id"])
    if inside is not None:
        _require_pin(session, scenario, number, project, inside, reason)
    held = session.get(ScenarioPin, (scenario.id, number))
    before = None if held is None else {"project": project, "inside": held.inside, "reason": held.reason}
    if held is not None:
        session.delete(held)
        session.flush()
    if inside is not None:
        values: dict[str, Any] = {"inside": inside, "reason": reason.strip(), "actor": actor.name, "at": utc_now()}
        session.add(ScenarioPin(scenario_id=int(scenario.id or 0), project_id=number, **values))
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    after = None if inside is None else {"project": project, "inside": inside, "reason": reason.strip()}
    _journal(session, actor, code, "pin", before, after)


def renew_pools(session: Session, actor: Actor, code: str, version: int | None = None) -> int:
    """Read the ledger's pools again; limits that were changed by hand stay. Returns how many pools differ now."""
    scenario = open_scenario(session, actor, code, version)
    edition, held = (
        session.get_one(Edition, scenario.edition_id),
        {row.pool: row for row in pools_of(session, scenario)},
    )
    fresh = {row["pool"]: row for row in _ledger_pools(session, edition)}
    moved = 0
    for name, row in held.items():
        now = fresh.pop(name, None)
        original = now["original"] if now else 0
        if row.pool_id is not None and original != row.original:
            row.quantity = original if row.quantity == row.original else row.quantity
            row.original = original
            moved += 1
    _write_pools(session, scenario, list(fresh.values()))
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    _journal(session, actor, code, "renew", None, {"moved": moved, "new": len(fresh)})
    return moved + len(fresh)


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
    _journal(session, actor, code, "drop", before, None)


def open_scenario(session: Session, actor: Actor, code: str, version: int | None = None) -> Scenario:
    """A scenario that may be changed; raises `ConflictError` for one that was approved or is being solved."""
    require_write(actor)
    revision.bump(session)
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
    statement = update(_pools).where(_pools.c.scenario_id == scenario.id).values(used=None)
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


def _ledger_pools(session: Session, edition: Edition) -> list[dict[str, Any]]:
    """The pools of the edition's years with what they could give, as rows of `scenario_pools`."""
    back: dict[int, int] = {}
    for (pool, _), quantity in unused_reserves(session, int(edition.id or 0)).items():
        back[pool] = back.get(pool, 0) + quantity
    tree, last = element_tree(session).by_code, edition.base_year + edition.years
    found = []
    for row in list_pools(session):
        if edition.base_year <= row["year"] < last:
            free = row["free"] + back.get(row["id"], 0)
            shape = {name: row[name] for name in ("year", "region_code", "level")}
            ids = {"pool": row["code"], "pool_id": row["id"], "item_id": tree[row["item"]].id}
            found.append({**ids, **shape, "original": free, "quantity": free, "used": None})
    return found


def ledger_originals(session: Session, edition: Edition) -> dict[str, int]:
    """Pool → what the ledger could give now (base units)."""
    return {row["pool"]: row["original"] for row in _ledger_pools(session, edition)}


def _write_pools(session: Session, scenario: Scenario, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(_pools), [{**row, "scenario_id": scenario.id} for row in rows])


def _require_code(session: Session, code: str) -> None:
    if not code.strip() or "/" in code or len(code) > 40:
        raise InvalidError("allocation.bad_scenario", [FieldError("code", "field.required")])
    if session.execute(select(col(Scenario.id)).where(col(Scenario.code) == code.strip())).first():
        raise ConflictError("allocation.scenario_exists", code=code)


def _require_quantity(quantity: int) -> None:
    if not 0 <= quantity <= MAX_BASE:
        code = "field.negative" if quantity < 0 else "field.too_large"
        raise InvalidError("allocation.bad_scenario", [FieldError("quantity", code)])


def _require_pool(session: Session, scenario: Scenario, data: NewPool) -> None:
    _require_quantity(data.quantity)
    found, edition = list[FieldError](), session.get_one(Edition, scenario.edition_id)
    if not data.pool.strip():
        found.append(FieldError("pool", "field.required"))
    if session.get(ScenarioPool, (scenario.id, data.pool)) is not None:
        found.append(FieldError("pool", "allocation.pool_exists", {"value": data.pool}))
    if data.item not in element_tree(session).by_code:
        found.append(FieldError("item", "item.not_found", {"value": data.item}))
    if session.get(Region, data.region_code) is None:
        found.append(FieldError("region_code", "field.unknown_code", {"value": data.region_code}))
    if data.level and data.level not in LEVELS:
        found.append(FieldError("level", "field.unknown_code", {"value": data.level}))
    if not edition.base_year <= data.year < edition.base_year + edition.years:
        found.append(FieldError("year", "allocation.year_outside", {"value": str(data.year)}))
    if found:
        raise InvalidError("allocation.bad_scenario", found)


def _require_pin(session: Session, scenario: Scenario, number: int, project: str, inside: bool, reason: str) -> None:
    found = [] if reason.strip() else [FieldError("reason", "rolling.reason_required")]
    one = next((one for one in build(session, scenario).candidates if one.project_id == number), None)
    if one is None:
        found.append(FieldError("project", "allocation.not_candidate", {"value": project}))
    elif inside and one.vetoed:
        found.append(FieldError("project", "allocation.pinned_vetoed", {"value": project}))
    elif inside and not one.needs:
        found.append(FieldError("project", "allocation.pinned_without_needs", {"value": project}))
    if found:
        raise InvalidError("allocation.bad_scenario", found)


def _journal(session: Session, actor: Actor, code: str, action: str, before: Any, after: Any) -> None:
    journal.record(session, actor, "allocation", [journal.Entry(code, action, before, after)])


_scenarios = Scenario.metadata.tables["scenarios"]
_pools = ScenarioPool.metadata.tables["scenario_pools"]
