"""What the routes of scenarios and jobs answer."""

from typing import Any

from pydantic import BaseModel

from api.schemas.answers.jobs import JobOut


class ShareOut(BaseModel):
    """A city's least share of what is supported under an item."""

    region: str
    item: str
    percent: float


class GroupOut(BaseModel):
    """Projects that go together, exclude each other or follow."""

    code: str
    kind: str
    projects: list[str]


class OptionsOut(BaseModel):
    """What a scenario is solved with."""

    max_delay: int
    time_limit: float | None
    gap: float
    stability: float | None
    shares: list[ShareOut]
    groups: list[GroupOut]


class ScenarioTotal(BaseModel):
    """What a scenario supports of a group."""

    group: str | None
    scenario: str
    projects: int
    value: float
    fund_wan: float
    land_ha: float | None
    sea_ha: float | None
    forest_ha: float | None


class RefusalOut(BaseModel):
    """What stands against an approval."""

    field: str
    code: str
    text: str


class HoldOut(BaseModel):
    """What of a pool is held for a project, in `unit`."""

    project: str
    pool: str
    quantity: float
    unit: str


class ReasonOut(BaseModel):
    """Why a candidate is in or out."""

    code: str
    params: dict[str, Any]


class RungOut(BaseModel):
    """The answer of a rung."""

    rung: str
    value: float
    bound: float | None
    proven: bool


class ScenarioOutcome(BaseModel):
    """What the answer of a scenario says beside its projects and pools; empty before there is one."""

    rungs: list[RungOut] = []
    findings: list[dict[str, Any]] = []
    conflict: list[ReasonOut] = []
    needs: list[dict[str, Any]] = []
    next: list[dict[str, Any]] = []
    line: dict[str, int] | None = None
    engine: str = ""


class ScenarioLine(BaseModel):
    """A scenario with the figures of its answer."""

    made_revision: int
    seconds: float | None
    made_at: str
    policy: str
    built_revision: int | None
    greedy_value: float | None
    solved_at: str | None
    needs_hash: str
    actor: str
    state: str
    pools_hash: str
    doc_no: str
    version: int
    basis: str
    status: str
    approver: str
    code: str
    maker: str
    value: float | None
    name: str
    maker_id: int | None
    bound: float | None
    approver_id: int | None
    note: str
    gap: float | None
    approved_on: str | None
    options: OptionsOut
    edition: str
    base_year: int
    parent: str | None
    supported: int
    projects: int
    pins: int
    job: JobOut | None


class ScenarioOut(ScenarioLine):
    """A scenario with its outcome."""

    years: int
    edition_state: str
    outcome: ScenarioOutcome


class ScenarioMade(BaseModel):
    """The scenario and the policy version it uses."""

    code: str
    policy: str


class ScenarioCopied(BaseModel):
    """The copy and what it was made from."""

    code: str
    parent: str | None


class ScenarioYear(BaseModel):
    """What a scenario supports of an element in a year."""

    element: str | None
    year: int
    scenario: str
    quantity: float
    unit: str


class ScenarioUse(BaseModel):
    """How much of a pool a scenario uses."""

    pool: str
    item: str
    year: int
    region_code: str
    level: str
    added: bool
    carries: bool
    valid_until: str | None
    unit: str
    original: float
    quantity: float
    used: float
    left: float
    carried_in: int | None
    scenario: str


class ScenarioRung(BaseModel):
    """What a rung is worth in a scenario; `changes`: what deciding otherwise than approved took off."""

    rung: str
    scenario: str
    projects: int | None
    value: float


class ChangedLimitOut(BaseModel):
    """A pool whose limit is not the same in all scenarios, in `unit`; null where a scenario has no such pool."""

    pool: str
    item: str
    year: int
    region_code: str
    unit: str
    limits: dict[str, float | None]


class PrecedenceOut(BaseModel):
    """A scenario worth less in all though a higher rung is worth more, since rungs come one after another."""

    lower: str
    higher: str
    rung: str
    more: float
    less: float


class ScenarioDiff(BaseModel):
    """Scenarios side by side."""

    scenarios: list[ScenarioOut]
    rungs: list[ScenarioRung]
    limits: list[ChangedLimitOut]
    precedence: list[PrecedenceOut]
    changes: list[dict[str, Any]]
    by_city: list[ScenarioTotal]
    by_sector: list[ScenarioTotal]
    years: list[ScenarioYear]
    pools: list[ScenarioUse]


class ScenarioPool(BaseModel):
    """A pool of a scenario, in `unit`."""

    pool: str
    item: str
    year: int
    region_code: str
    level: str
    added: bool
    carries: bool
    valid_until: str | None
    unit: str
    original: float
    quantity: float
    used: float | None
    left: float | None
    carried_in: float | None


class PoolAdded(BaseModel):
    """The pool."""

    pool: str


class PoolsRenewed(BaseModel):
    """How many pools moved."""

    moved: int


class LimitSet(BaseModel):
    """The limit of the pool."""

    pool: str
    quantity: float


class PinOut(BaseModel):
    """A project put in or out by hand."""

    project: str
    inside: bool
    reason: str
    actor: str
    at: str


class PinSet(BaseModel):
    """Whether the project is put in."""

    project: str
    inside: bool


class CandidateOut(BaseModel):
    """A candidate as it was decided."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    city_code: str | None
    rung: str
    points: float
    vetoed: bool
    value: float
    ranked: bool
    fund_wan: float
    land_ha: float | None
    sea_ha: float | None
    forest_ha: float | None
    pin: bool | None
    pin_reason: str | None
    supported: bool
    delay: int | None
    reason: ReasonOut | None


class ProposalOut(BaseModel):
    """What an approval would propose."""

    project: str
    item: str
    year: int
    quantity: float
    delay: int
    unit: str


class ApprovalPlan(BaseModel):
    """What an approval would write."""

    code: str
    refusals: list[RefusalOut]
    projects: int
    superseded: str | None
    proposals: list[ProposalOut]
    reserves: list[HoldOut]
    returned: list[HoldOut]


class ApprovalOut(BaseModel):
    """What the approval wrote."""

    code: str
    state: str
    projects: int
    reserves: int
    returned: int
    superseded: str | None


class ExplanationOut(BaseModel):
    """What was found out about an answer."""

    kind: str
    subject: str
    words: list[str]
    content: dict[str, Any]


class ResultPool(BaseModel):
    """A pool of an answer."""

    pool: str
    item: str
    year: int
    region_code: str
    level: str
    unit: str
    limit: float
    original: float
    used: float
    left: float


class ResultOut(BaseModel):
    """The answer of a scenario."""

    scenario: str
    status: str
    value: float
    bound: float | None
    gap: float | None
    seconds: float
    greedy_value: float | None
    supported: list[str]
    delays: dict[str, int]
    rungs: list[RungOut]
    pools: list[ResultPool]
    conflict: list[dict[str, Any]]
    findings: list[dict[str, Any]]
