"""What reading scenarios gives: heads, pools, pins, candidates and jobs (base units)."""

from datetime import datetime
from typing import Any, TypedDict

from portfolio.scenarios.options import Options


class StepRecord(TypedDict):
    """How far a job had come."""

    rung: str
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float


class JobRecord(TypedDict):
    """A job with its scenario's code and its progress."""

    id: int
    kind: str
    subject: str
    state: str
    stopping: bool
    attempts: int
    worker: str
    fault: str
    detail: str
    made_at: datetime
    started_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None
    actor: str
    scenario: str
    progress: list[StepRecord]


class ScenarioRecord(TypedDict):
    """A scenario with codes of edition and parent, counts and its newest solve."""

    code: str
    name: str
    policy: str
    options: Options
    state: str
    basis: str
    maker: str
    maker_id: int | None
    note: str
    made_revision: int
    built_revision: int | None
    needs_hash: str
    pools_hash: str
    status: str
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float | None
    greedy_value: float | None
    doc_no: str
    approver: str
    approver_id: int | None
    approved_on: str | None
    made_at: datetime
    solved_at: datetime | None
    actor: str
    version: int
    edition: str
    base_year: int
    parent: str | None
    supported: int
    projects: int
    pins: int
    job: JobRecord | None


class Outcome(TypedDict):
    """What the search said beside the answer, as it was kept."""

    rungs: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    conflict: list[dict[str, Any]]
    needs: list[Any]
    next: list[Any]
    line: dict[str, int] | None


class ScenarioHead(ScenarioRecord):
    """A scenario with its edition's window and its outcome."""

    years: int
    edition_state: str
    outcome: Outcome


class LedgerPool(TypedDict):
    """A pool of the ledger as a scenario takes it over."""

    pool: str
    pool_id: int
    item_id: int
    year: int
    region_code: str
    level: str
    kind: str
    carries: bool
    valid_until: str | None
    original: int
    quantity: int
    used: int | None
    carried_in: int | None


class ScenarioPoolRecord(TypedDict):
    """A scenario's pool; `carried_in`: what needs of its year take from the year before."""

    pool: str
    pool_id: int | None
    year: int
    region_code: str
    level: str
    original: int
    quantity: int
    used: int | None
    kind: str
    carries: bool
    valid_until: str | None
    carried_in: int | None
    item: str
    element: str
    dimension: str
    left: int | None
    added: bool


class CandidateRecord(TypedDict):
    """A project that stands in a scenario's edition."""

    code: str
    name_zh: str
    name_en: str


class PinRecord(TypedDict):
    """A project that is in or out whatever the search says."""

    project: str
    inside: bool
    reason: str
    actor: str
    at: datetime
