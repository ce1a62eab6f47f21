"""What the routes of the library answer: tasks, units, regions, items, totals, the journal, files."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.records import FieldProblem


class TaskOut(BaseModel):
    """A task of the plan with the units in charge."""

    id: str
    section: str
    part: str
    title_zh: str
    title_en: str
    bracket_zh: str
    lead_unit: str | None
    lead_note_zh: str
    lead_by: str
    lead_reason: str
    units: list[str]


class LeadSet(BaseModel):
    """Who leads the task now, and the projects that follow."""

    task: str
    unit: str
    projects: list[str]


class TaskDetail(BaseModel):
    """A task, and how many projects serve it."""

    id: str
    section: str
    part: str
    title_zh: str
    title_en: str
    bracket_zh: str
    lead_unit: str | None
    lead_note_zh: str
    lead_by: str
    lead_reason: str
    units: list[str]
    projects: int


class UnitOut(BaseModel):
    """A unit with how many tasks it leads or shares."""

    code: str
    name_zh: str
    full_name_zh: str
    name_en: str
    kind: str
    region_code: str
    credit_code: str | None
    valid_from: str | None
    valid_to: str | None
    successor: str | None
    note_zh: str
    aliases_zh: str
    tasks_led: int
    tasks: int


class UnitDetail(BaseModel):
    """A unit, and how many projects it leads or shares."""

    code: str
    name_zh: str
    full_name_zh: str
    name_en: str
    kind: str
    region_code: str
    credit_code: str | None
    valid_from: str | None
    valid_to: str | None
    successor: str | None
    note_zh: str
    aliases_zh: str
    tasks_led: int
    tasks: int
    projects_led: int
    projects: int


class RegionOut(BaseModel):
    """A region with the city it is counted under."""

    parent: str | None
    code: str
    city_code: str | None
    valid_to: str | None
    source: str
    name_en: str
    level: str
    name_zh: str
    valid_from: str | None
    successor: str | None


class ItemOut(BaseModel):
    """An item of the element tree."""

    code: str
    parent: str | None
    dimension: str
    unit: str
    name_zh: str
    name_en: str
    depth: int
    leaf: bool
    flags: list[str]
    national_threshold_ha: float | None


class ItemDetail(BaseModel):
    """An item with the items below it and the path down to it."""

    code: str
    parent: str | None
    dimension: str
    unit: str
    name_zh: str
    name_en: str
    depth: int
    leaf: bool
    flags: list[str]
    national_threshold_ha: float | None
    children: list[str]
    path: list[str]


class CodeOut(BaseModel):
    """A code of a list with its names."""

    code: str
    sector: str
    name_zh: str
    name_en: str


class NeedTotal(BaseModel):
    """What is needed of an item, within the groups that were asked for."""

    item: str
    required: float
    projects: int
    needs: int
    illustrative: bool
    unit: str
    proposed_required: float | None = Field(None, description="with `include=proposed`: what acceptance would add")
    proposed_projects: int | None = Field(None, description="… and of how many projects")
    city: str | None = None
    sector: str | None = None
    year: int | None = None
    kind: str | None = None


class ProjectTotal(BaseModel):
    """Projects and their investment, within the groups that were asked for."""

    projects: int
    stated: int
    illustrative: bool
    total_investment_wan: float
    proposed_investment_wan: float | None = Field(None, description="with `include=proposed`: what it would add")
    proposed_projects: int | None = Field(None, description="… and of how many projects")
    stage: str | None = None
    city: str | None = None


class AttributeOut(BaseModel):
    """An attribute of land, sea or forest that may be stated."""

    code: str
    element: str | None
    place: str
    type: str
    choices: list[str]
    name_zh: str
    name_en: str
    source: str
    version: str


class DetailOut(BaseModel):
    """A stated attribute of an item."""

    item: str
    attribute: str
    value: str
    basis: str


class DetailsOut(BaseModel):
    """The attributes of a project, and what is wrong with them together."""

    items: list[DetailOut]
    findings: list[FieldProblem]


class JournalEntryOut(BaseModel):
    """A change: who, when, of what, from what to what."""

    id: int
    at: str
    actor: str
    room: str
    subject: str
    action: str
    before: dict[str, Any] | list[dict[str, Any]] | None
    after: dict[str, Any] | list[dict[str, Any]] | None
    reason: str | None
    address: str
    request_id: str
    import_id: str | None


class ChainOut(BaseModel):
    """Whether the chain of the journal is whole."""

    rows: int
    expected: int
    checked: int
    broken: int | None
    cut: bool
    head: str
    whole: bool


class AttachmentOut(BaseModel):
    """An attached file without its content."""

    id: int
    object_kind: str
    object_code: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: str
    actor: str


class AttachedOut(BaseModel):
    """The number of the attached file."""

    id: int
