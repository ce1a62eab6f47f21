"""`/scenarios`: make, copy and change scenarios of an edition, their pools and pins; compare, approve, drop."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import UNIT, answer, base, page
from api.schemas.answers.listed import Listed
from api.schemas.answers.scenarios import (
    ApprovalOut,
    ApprovalPlan,
    CandidateOut,
    LimitSet,
    PinOut,
    PinSet,
    PoolAdded,
    PoolsRenewed,
    ScenarioCopied,
    ScenarioDiff,
    ScenarioLine,
    ScenarioMade,
    ScenarioOut,
    ScenarioPool,
)
from api.schemas.values import Day, Strict, Year
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.i18n import error_text
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.approval.plan import Hold, plan_approval
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.comparing import ChangedLimit, compare_scenarios
from portfolio.scenarios.options import options_of
from portfolio.scenarios.queries import AREAS, list_scenarios, pin_rows, pool_rows, project_frame, scenario_head
from portfolio.scenarios.records import JobRecord, ScenarioRecord
from portfolio.vocabulary.codes import WHOLE_REGION
from portfolio.vocabulary.elements import element_tree

router = APIRouter(prefix="/scenarios", tags=["scenarios"])
POOL_AMOUNTS = ("original", "quantity", "used", "left", "carried_in")


class ScenarioIn(Strict):
    """A scenario to make, `options` as in its own record. Who is signed in answers for it; `maker` names somebody only
    where nobody signs in."""

    code: str = Field(min_length=1, max_length=40)
    edition: str
    policy: str = "default"
    name: str = Field("", max_length=120)
    options: dict[str, Any] = Field(default_factory=dict)
    maker: str = Field("", max_length=80)
    note: str = Field("", max_length=500)


class CopyIn(Strict):
    """A copy of a scenario, its child."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field("", max_length=120)
    maker: str = Field("", max_length=80)


class ScenarioChangeIn(Strict):
    """Another policy, other options, another name; what is not named stays."""

    policy: str | None = None
    options: dict[str, Any] | None = None
    name: str | None = Field(None, max_length=120)


class LimitIn(Strict):
    """A pool's limit in this scenario, in 万元 or 公顷."""

    quantity: float = Field(ge=0)


class ScenarioPoolIn(Strict):
    """A pool the ledger does not have, in 万元 or 公顷."""

    pool: str = Field(min_length=1, max_length=40)
    item: str
    year: Year
    quantity: float = Field(ge=0)
    region_code: str = WHOLE_REGION
    level: str = ""
    carries: bool = Field(False, description="whether what is left may be carried over to the next year")


class PinIn(Strict):
    """A project put in or out by hand."""

    inside: bool
    reason: str = Field(max_length=500)


class ScenarioApprovalIn(Strict):
    """The document and its day. Who is signed in approves; `person` names them only where nobody signs in."""

    person: str = Field("", max_length=80)
    doc_no: str = Field(max_length=80)
    on_date: Day


@router.get("", response_model=Listed[ScenarioLine], operation_id="list_scenarios")
@reads
def index(session: Reading, scope: Within, edition: str | None = None) -> Response:
    """Every scenario, the newest first, with its answer's figures and its newest solve."""
    rows = [head_json(one) for one in list_scenarios(session, scope, edition)]
    return page(rows, None, len(rows))


@router.post("", status_code=201, response_model=ScenarioMade, operation_id="make_scenario")
def make(body: ScenarioIn, session: Writing, actor: By) -> Response:
    """Make a scenario with the ledger's pools as they now are."""
    values = {**body.model_dump(), "options": options_of(body.options)}
    made = service.make_scenario(session, actor, service.NewScenario(**values))
    return answer({"code": made.code, "policy": made.policy}, 201, {"ETag": etag(made.version)})


@router.get("/comparison", response_model=ScenarioDiff, operation_id="compare_scenarios")
@reads
def compare(codes: Annotated[list[str], Query(alias="code")], session: Reading, scope: Within) -> Response:
    """Two to four scenarios side by side: value by rung, limits that differ, who changes, totals by city, sector and
    year, the use of pools."""
    found = compare_scenarios(session, scope, codes)
    pools = [_pool_json(row) | {"scenario": row["scenario"]} for row in records(found.pools)]
    years = [_year_json(row) for row in records(found.years)]
    totals = {"by_city": found.by_city, "by_sector": found.by_sector}
    return answer(
        {
            "scenarios": [head_json(head) for head in found.heads.values()],
            "rungs": records(found.rungs),
            "limits": [_limit_json(one) for one in found.limits],
            "precedence": [asdict(one) for one in found.precedence],
            "changes": records(found.changes),
            **{name: [_total_json(row) for row in records(frame)] for name, frame in totals.items()},
            "years": years,
            "pools": pools,
        }
    )


@router.get("/{code}", response_model=ScenarioOut, operation_id="get_scenario")
@reads
def show(code: str, session: Reading, scope: Within) -> Response:
    """One scenario with its outcome."""
    head = scenario_head(session, scope, code)
    return answer(head_json(head), headers={"ETag": etag(head["version"])})


@router.patch("/{code}", response_model=ScenarioMade, operation_id="change_scenario")
def change(code: str, body: ScenarioChangeIn, session: Writing, actor: By, expected: Expected) -> Response:
    """Change policy, options or name; the first two clear the answer. Needs If-Match."""
    options = None if body.options is None else options_of(body.options)
    changed = service.change_scenario(session, actor, code, body.policy, options, body.name, expected)
    return answer({"code": code, "policy": changed.policy}, headers={"ETag": etag(changed.version)})


@router.delete("/{code}", status_code=204, operation_id="drop_scenario")
def drop(code: str, session: Writing, actor: By) -> Response:
    """Drop a scenario that was not approved."""
    service.drop_scenario(session, actor, code)
    return Response(status_code=204)


@router.post("/{code}/copy", status_code=201, response_model=ScenarioCopied, operation_id="copy_scenario")
def copy(code: str, body: CopyIn, session: Writing, actor: By) -> Response:
    """A child with the same policy, options, pools and pins."""
    made = service.copy_scenario(session, actor, code, body.code, body.name, body.maker)
    return answer({"code": made.code, "parent": code}, 201, {"ETag": etag(made.version)})


@router.get("/{code}/pools", response_model=Listed[ScenarioPool], operation_id="list_scenario_pools")
@reads
def pool_list(code: str, session: Reading, scope: Within) -> Response:
    """The scenario's pools: what the ledger could give, its own limit, used and left, and what came from the year
    before (`carried_in`: taken from the rest of a pool that carries, where it counts as used)."""
    rows = [_pool_json(row) for row in pool_rows(session, scope, code)]
    return page(rows, None, len(rows))


@router.post("/{code}/pools", status_code=201, response_model=PoolAdded, operation_id="add_scenario_pool")
def add_pool(code: str, body: ScenarioPoolIn, session: Writing, actor: By, expected: Expected) -> Response:
    """Add a pool the ledger does not have. Needs If-Match with the scenario's version."""
    dimension = _dimension(session, body.item)
    values = {**body.model_dump(), "quantity": base(body.quantity, dimension, "quantity")}
    pools.add_pool(session, actor, code, pools.NewPool(**values), expected)
    return answer({"pool": body.pool}, 201)


@router.post("/{code}/pools/renewal", response_model=PoolsRenewed, operation_id="renew_scenario_pools")
def renew(code: str, session: Writing, actor: By, expected: Expected) -> Response:
    """Read the ledger's pools again; limits changed by hand stay. Needs If-Match."""
    return answer({"moved": pools.renew_pools(session, actor, code, expected)})


@router.put("/{code}/pools/{pool}", response_model=LimitSet, operation_id="set_scenario_limit")
def set_limit(
    code: str, pool: str, body: LimitIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Give a pool another limit in this scenario. Needs If-Match."""
    held = next((row for row in pool_rows(session, scope, code) if row["pool"] == pool), None)
    quantity = base(body.quantity, held["dimension"] if held else "money", "quantity")
    pools.set_limit(session, actor, code, pool, quantity, expected)
    return answer({"pool": pool, "quantity": body.quantity})


@router.delete("/{code}/pools/{pool}", status_code=204, operation_id="remove_scenario_pool")
def remove_pool(code: str, pool: str, session: Writing, actor: By, expected: Expected) -> Response:
    """Take an added pool away again. Needs If-Match."""
    pools.remove_pool(session, actor, code, pool, expected)
    return Response(status_code=204)


@router.get("/{code}/pins", response_model=Listed[PinOut], operation_id="list_pins")
@reads
def pin_list(code: str, session: Reading, scope: Within) -> Response:
    """Projects put in or out by hand, with who did it and why."""
    rows = [{**row, "at": row["at"].isoformat()} for row in pin_rows(session, scope, code)]
    return page(rows, None, len(rows))


@router.put("/{code}/pins/{project}", response_model=PinSet, operation_id="pin_project")
def pin(
    code: str, project: str, body: PinIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Put a project in or out by hand, with the reason. Needs If-Match."""
    pins.pin_project(session, actor, scope, code, project, body.inside, body.reason, expected)
    return answer({"project": project, "inside": body.inside})


@router.delete("/{code}/pins/{project}", status_code=204, operation_id="unpin_project")
def unpin(code: str, project: str, session: Writing, scope: Within, actor: By, expected: Expected) -> Response:
    """Let a pin go. Needs If-Match."""
    pins.pin_project(session, actor, scope, code, project, None, "", expected)
    return Response(status_code=204)


@router.get("/{code}/projects", response_model=Listed[CandidateOut], operation_id="list_scenario_projects")
@reads
def projects(code: str, session: Reading, scope: Within, supported: bool | None = None) -> Response:
    """The candidates as they were decided, those in first."""
    rows = [_project_json(row) for row in records(project_frame(session, scope, code))]
    shown = [row for row in rows if supported is None or row["supported"] is supported]
    return page(shown, None, len(shown))


@router.get("/{code}/approval", response_model=ApprovalPlan, operation_id="plan_approval")
@reads
def plan(code: str, session: Reading, scope: Within, lang: Language) -> Response:
    """What approving the scenario would write now, and what refuses it; nothing is written."""
    found = plan_approval(session, scope, code)
    tree = element_tree(session).by_code
    proposals = [vars(one) | _amount(one.quantity, tree[one.item].dimension) for one in found.proposals]
    holds = {"reserves": found.reserves, "returned": found.back}
    return answer(
        {
            "code": code,
            "refusals": [
                {"field": one.field, "code": one.code, "text": error_text(one.code, lang, dict(one.params))}
                for one in found.refusals
            ],
            "projects": len(found.delays),
            "superseded": found.earlier,
            "proposals": proposals,
            **{name: [_hold_json(one) for one in held] for name, held in holds.items()},
        }
    )


@router.post("/{code}/approval", response_model=ApprovalOut, operation_id="approve_scenario")
def approve(code: str, body: ScenarioApprovalIn, session: Writing, scope: Within, actor: By) -> Response:
    """Approve: proposals and reserves go into the ledger, all or none; by somebody who had no hand in the scenario."""
    data = Approval(body.person, body.doc_no, body.on_date.isoformat())
    return answer({"code": code, "state": "approved", **vars(approve_scenario(session, actor, scope, code, data))})


def _dimension(session: Session, item: str) -> str:
    node = element_tree(session).by_code.get(item)
    if node is None:
        raise InvalidError("item.not_found", value=item)
    return node.dimension


def head_json(head: ScenarioRecord) -> dict[str, Any]:
    """A scenario's head as JSON."""
    moments = picked(head, ("made_at", "solved_at"))
    job = head["job"]
    shown = {name: at.isoformat() if at else None for name, at in moments.items()}
    return {**head, **shown, "options": msgspec.to_builtins(head["options"]), "job": job and job_json(job)}


def job_json(job: JobRecord) -> dict[str, Any]:
    """A job as JSON."""
    times = ("made_at", "started_at", "beat_at", "ended_at")
    shown = {name: value for name, value in job.items() if name != "worker"}
    return {**shown, **{name: at.isoformat() if at else None for name, at in picked(job, times).items()}}


def _pool_json(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("pool", "item", "year", "region_code", "level", "added", "carries", "valid_until")
    numbers = {name: _outer(row[name], row["dimension"]) for name in POOL_AMOUNTS}
    return {**{name: row[name] for name in names}, "unit": UNIT[row["dimension"]], **numbers}


def _limit_json(one: ChangedLimit) -> dict[str, Any]:
    dimension = one.pool["dimension"]
    limits = {code: _outer(quantity, dimension) for code, quantity in one.quantities.items()}
    return {**picked(one.pool, ("pool", "item", "year", "region_code")), "unit": UNIT[dimension], "limits": limits}


def _outer(value: Any, dimension: str) -> float | int | None:
    return None if value is None or value != value else outer_number(int(value), dimension)


def _project_json(row: dict[str, Any]) -> dict[str, Any]:
    names = ("code", "name_zh", "name_en", "kind", "city_code", "rung", "points", "vetoed", "value", "ranked")
    shown = {name: row[name] for name in names}
    amounts = {
        "fund_wan": outer_number(int(row["fund_yuan"]), "money"),
        **_areas_json(row),
    }
    inside = row["delay"] >= 0
    reason = msgspec.json.decode(row["reason"]) if row["reason"] else None
    pin = {"pin": row["pin"], "pin_reason": row["pin_reason"]}
    return {**shown, **amounts, **pin, "supported": inside, "delay": row["delay"] if inside else None, "reason": reason}


def _areas_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Land, sea and forest in hectares, each by itself; null where an older answer does not tell them apart."""
    return {name.replace("_m2", "_ha"): _outer(row[name], "area") for name in AREAS}


def _amount(quantity: int, dimension: str) -> dict[str, Any]:
    return {"quantity": outer_number(quantity, dimension), "unit": UNIT[dimension]}


def _hold_json(one: Hold) -> dict[str, Any]:
    return {"project": one.project, "pool": one.pool, **_amount(one.quantity, one.dimension)}


def _total_json(row: dict[str, Any]) -> dict[str, Any]:
    amounts = {"fund_wan": outer_number(row["fund_yuan"], "money"), **_areas_json(row)}
    group = row["group"] if isinstance(row["group"], str) else None
    return {"group": group, "scenario": row["scenario"], "projects": row["projects"], "value": row["value"], **amounts}


def _year_json(row: dict[str, Any]) -> dict[str, Any]:
    dimension = "money" if row["element"] == "fund" else "area"
    return {**row, "quantity": outer_number(int(row["quantity"]), dimension), "unit": UNIT[dimension]}
