"""What the routes of entry and review answer."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.records import FieldProblem


class DetailChanged(BaseModel):
    """An attribute that differs."""

    item: str
    attribute: str
    before: str | None
    after: str | None


class ContactOut(BaseModel):
    """A person who answers for the record; numbers are shortened for whoever may not read them."""

    role: str
    name: str
    phone: str
    landline: str
    email: str


class ProfileOut(BaseModel):
    """Who is answerable, grounds and scales of a project."""

    owner_credit_code: str
    address: str
    affiliation: str
    supervision_unit: str
    cross_province_doc: str
    bases: dict[str, dict[str, str]]
    scales: list[dict[str, str]]
    contacts: list[ContactOut]


class DuplicateOut(BaseModel):
    """A project that may be the same."""

    why: str
    score: int
    code: str
    name_zh: str
    name_en: str
    office_unit: str | None


class DraftLine(BaseModel):
    """A draft that somebody keeps."""

    subject: str
    saved_at: str


class DraftOut(BaseModel):
    """A kept draft."""

    subject: str
    content: dict[str, Any]
    base: dict[str, Any]
    saved_at: str
    version: int


class DueOut(BaseModel):
    """A round whose records are due."""

    round: str
    due_on: str
    days_left: int
    expected: int
    outstanding: int


class HomeOut(BaseModel):
    """What is expected of the caller."""

    states: dict[str, int]
    drafts: int
    returned: int
    waiting: int | None
    due: list[DueOut]
    projects: int
    proposed: int = Field(description="projects that were never accepted, and so are in no total")
    ready: dict[str, int]
    complete_below: dict[str, int]


class ActionOut(BaseModel):
    """What may be done with the record, and what it asks for."""

    action: str
    to: str
    reason: bool
    document: bool


class WorkflowOut(BaseModel):
    """Where a record stands, and what may be done with it."""

    project: str
    state: str
    step: str
    reviewer_unit: str | None
    reviewer_city: str | None
    accepted: bool
    locked: bool
    since: str | None
    version: int
    actions: list[ActionOut]
    complete_percent: int
    missing: list[FieldProblem]


class TransitionOut(BaseModel):
    """A step that a record took."""

    id: int
    at: str
    code: str
    action: str
    source: str
    target: str
    step: str
    actor: str
    actor_unit: str
    to_unit: str
    reason: str
    doc_no: str
    batch: str


class FieldChanged(BaseModel):
    """A field that differs."""

    field: str
    before: str | float | bool | list[str] | None
    after: str | float | bool | list[str] | None


class NeedChanged(BaseModel):
    """A need that differs, in 万元 or 公顷."""

    item: str
    year: int | None
    before: float | str | None
    after: float | str | None


class FinancingStated(BaseModel):
    """What a financing record states."""

    instrument: str
    amount_wan: float
    first_year: int
    term_years: int | None
    partner: str
    status: str
    regime: str
    bond_use: str
    cover_milli: int | None
    in_national_library: bool | None
    in_debt_library: bool | None
    annual_payment_wan: float | None
    doc_no: str
    note: str


class FinancingChanged(BaseModel):
    """A financing record as it was accepted and as it would be; null where there is none."""

    number: str
    before: FinancingStated | None
    after: FinancingStated | None


class ComparisonOut(BaseModel):
    """What differs from the accepted record."""

    new: bool
    fields: list[FieldChanged]
    needs: list[NeedChanged]
    details: list[DetailChanged]
    financing: list[FinancingChanged]
    overtaken: list[str] = Field(description="keys whose accepted value has changed since they were proposed")


class QueueLine(BaseModel):
    """A record that waits for review."""

    code: str
    name_zh: str
    name_en: str
    city_code: str | None
    lead_unit: str | None
    office_unit: str | None
    state: str
    step: str
    reviewer_unit: str | None
    reviewer_city: str | None
    accepted: bool
    since: str
    version: int
    total_investment_wan: float
    new: bool
    changed_fields: list[str]
    changed_needs: int
    changed_details: int
    warnings: int
    unremarkable: bool


class ManyLine(BaseModel):
    """What became of a record; with `code` and `message` where it was refused."""

    project: str
    done: bool
    code: str | None = None
    message: str | None = None
    errors: list[FieldProblem] | None = None


class ManyOut(BaseModel):
    """What became of each record."""

    items: list[ManyLine]


class BatchOut(BaseModel):
    """A batch of records."""

    code: str
    category: str
    doc_no: str
    title: str
    projects: int
    at: str
    actor: str
    actor_unit: str


class BatchDetail(BaseModel):
    """A batch with the codes of its projects."""

    code: str
    category: str
    doc_no: str
    title: str
    projects: int
    at: str
    actor: str
    actor_unit: str
    codes: list[str]


class ReportingRoundOut(BaseModel):
    """A round of reporting."""

    code: str
    title_zh: str
    title_en: str
    stage: str
    units: list[str]
    cities: list[str]
    opens_on: str
    due_on: str
    closed: bool
    version: int
    days_left: int


class ExpectedOut(BaseModel):
    """A record that a round expects."""

    code: str
    name_zh: str
    name_en: str
    office_unit: str | None
    city_code: str | None
    state: str
    submitted_at: str | None
    reported: bool
    complete_percent: int


class ReminderOut(BaseModel):
    """How many records a unit still owes a round."""

    unit: str
    city: str | None
    expected: int
    reported: int
    returned: int
    outstanding: int
    days_left: int
