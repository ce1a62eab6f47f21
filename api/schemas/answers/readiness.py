"""What the routes of readiness answer."""

from pydantic import BaseModel


class StepFile(BaseModel):
    """A file beside a step."""

    id: int
    step: str
    object_kind: str
    object_code: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: str
    actor: str


class ReadinessOut(BaseModel):
    """How far a project is from its start, and which step holds it up."""

    project: str
    name: str
    steps: int
    done: int
    days_left: int
    earliest_start: str
    holding: str
    office: str
    approval_type_assumed: bool


class HeldOut(BaseModel):
    """How many projects a step holds up."""

    step: str
    office: str
    projects: int


class ExpiryOut(BaseModel):
    """An approval that runs out."""

    project: str
    name: str
    name_en: str | None = None
    step: str
    doc_no: str
    valid_until: str | None


class TemplateUsed(BaseModel):
    """Which checklist was used; `assumed` where no approval type is stated."""

    approval_type: str | None
    sector: str
    version: str
    assumed: bool


class ChecklistStep(BaseModel):
    """A step with what was said of it and what follows from it."""

    step: str
    applies: bool
    done: bool
    status: str
    planned_on: str | None
    actual_on: str | None
    valid_until: str | None
    doc_no: str
    note: str
    basis: str | None
    after: list[str]
    days: list[int]
    authority_level: str | None
    authority_source: str
    earliest_finish: str | None
    critical: bool
    overdue: bool
    expires_soon: bool
    name: str
    authority: str


class ChecklistOut(BaseModel):
    """The checklist of a project, the earliest start and how sure it is."""

    project: str
    as_of: str
    template: TemplateUsed
    steps: list[ChecklistStep]
    days_left: int
    earliest_start: str | None
    holding: str | None
    office: str
    sureness: dict[str, str]
    seed: int | None
    criticality: dict[str, float]
    attachments: list[StepFile]


class StepOut(BaseModel):
    """What has been said of a step."""

    project: str
    step: str
    status: str
    actual_on: str | None = None
    doc_no: str | None = None
    note: str | None = None
    planned_on: str | None = None
    valid_until: str | None = None
    authority: str | None = None
    basis: str | None = None
