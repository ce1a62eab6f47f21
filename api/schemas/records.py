"""The shapes of the API: money in 万元, areas in 公顷, the unit in the field's name or beside it."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.answers.accounts import EntryOut, FinancingThen
from api.schemas.answers.review import DecisionOut
from api.schemas.values import Strict, Year
from portfolio.projects.tables import PlainFacts

Basis = Literal["reported", "illustrative"]


class ProjectFields(PlainFacts, Strict):
    """The facts of a project that can be written; amounts in 万元 (four decimals hold a yuan)."""

    model_config = {"extra": "forbid", "strict": True, "allow_inf_nan": False}  # as `Strict` has it, of SQLModel's kind

    stage_basis: Basis | None = None
    start_month: str | None = Field(None, description="2024-03")
    finish_month: str | None = Field(None, description="2026-12")
    actual_start_month: str | None = Field(None, description="2024-05, when works did begin")
    actual_finish_month: str | None = Field(None, description="2027-01, when works did end")
    schedule_basis: Basis | None = None
    total_investment_wan: float | None = Field(None, description="万元")
    investment_basis: Basis | None = None
    region_codes: list[str] = []
    task_ids: list[str] = []
    units: list[str] = []


class ProjectIn(ProjectFields):
    """A new project; without a code it is given the next one."""

    code: str = ""
    reason: str | None = Field(None, max_length=500)


class ProjectChange(ProjectFields):
    """A change: only the fields that are sent are changed; null takes an answer back."""

    reason: str | None = Field(None, max_length=500)


class ProjectOut(ProjectFields):
    """A project as stored."""

    code: str
    city_code: str | None = Field(description="reporting city of sums; 450000 for cross-city")
    version: int
    needs_version: int


class Proposed(BaseModel):
    """What is said of a project beside its facts when what is proposed is asked for, or was just written."""

    accepted: bool = Field(description="false for a project that was never accepted")
    proposed: list[str] = Field(description="what is proposed: `facts.owner`, `needs.fund.own 2026`")


class ProjectBeside(ProjectOut, Proposed):
    """A project with what is proposed laid over it."""


class ProjectMade(ProjectOut):
    """A new project; `warnings` of units and places that others took over."""

    warnings: list["FieldProblem"]


class ProjectWritten(ProjectBeside):
    """A project as it was changed; `warnings` of units and places named anew that others took over."""

    warnings: list["FieldProblem"]


class ProjectBesideList(BaseModel):
    """A page of projects with what is proposed laid over them."""

    items: list[ProjectBeside]
    next: str | None
    total: int


class ProjectDetail(ProjectOut):
    """A project with what is still missing and what deserves a look."""

    complete_percent: int = Field(description="of what an annual plan asks, in whole per cent")
    missing: list[str] = Field(description="what of it does not count, not stated or wrong: `lon`, `bases.plan`")
    not_applicable: list[str]
    warnings: list["FieldProblem"]


class ProjectBesideDetail(ProjectDetail, Proposed):
    """The same with what is proposed laid over it."""


class AsItStood(BaseModel):
    """What an answer of then says beside it: the instant, and the changes since whose values nobody kept."""

    as_of: datetime
    not_reconstructed: list[str] = Field(description="room and action of each change that could not be undone")


class StepThen(BaseModel):
    """What had been said of a preparatory step."""

    step: str
    status: str
    planned_on: date | None
    actual_on: date | None
    valid_until: date | None
    doc_no: str | None
    authority: str | None
    note: str | None
    basis: Basis | None


class ProjectThen(ProjectFields, AsItStood):
    """A project as it stood, with its steps, financing records, decisions and ledger entries up to then."""

    code: str
    city_code: str | None = Field(description="reporting city of sums; 450000 for cross-city")
    not_applicable: list[str]
    steps: list[StepThen]
    financing: list[FinancingThen]
    decisions: list[DecisionOut]
    ledger_entries: list[EntryOut]


class FieldProblem(BaseModel):
    """A fault of one field."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """An RFC 9457 problem document with a stable code."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str = ""
    errors: list[FieldProblem] | None = None
    current: dict[str, Any] | None = None


class ProjectList(BaseModel):
    """A page of projects."""

    items: list[ProjectOut]
    next: str | None
    total: int


class NeedThen(BaseModel):
    """A need as it stood; `required` in `unit`."""

    project: str
    item: str
    year: int
    required: float
    unit: Literal["万元", "公顷"]
    basis: Basis


class NeedOut(NeedThen):
    """A need; `required` in `unit`."""

    version: int


class NeedList(BaseModel):
    """A page of needs."""

    items: list[NeedOut]
    next: str | None
    total: int


class ProjectNeeds(NeedList):
    """All needs of one project, and the items it says it needs none of."""

    not_applicable: list[str]
    proposed: list[str] = Field([], description="what is proposed: `fund.own 2026`, or an item for 不涉及")


class NeedsThen(AsItStood):
    """All needs of one project as they stood."""

    items: list[NeedThen]
    next: None
    total: int
    not_applicable: list[str]


class NeedIn(Strict):
    """What is required, in 万元 or 公顷 by the item's dimension. Zero is an answer."""

    required: float = Field(ge=0)
    basis: Basis = "reported"
    reason: str | None = Field(None, max_length=500)


class NeedEditIn(Strict):
    """One cell of a batch: a number, null to take it back, or `not_applicable` with no year."""

    item: str
    year: Year | None = None
    required: float | None | Literal["not_applicable"]
    basis: Basis = "reported"


class NeedBatchIn(Strict):
    """A batch of edits of one project's needs: all of them or none."""

    edits: list[NeedEditIn] = Field(max_length=2000)
    reason: str | None = Field(None, max_length=500)
