"""What the routes of the programme answer; money in 万元."""

from pydantic import BaseModel, ConfigDict

from api.schemas.imports import FindingOut


class ReserveOut(BaseModel):
    """What a project that leaves still reserves."""

    project: str
    name_zh: str
    name_en: str
    pool: str
    item: str
    year: int
    bucket: str
    quantity: float


class BaselineOut(BaseModel):
    """A total against the first approved one; `grown_permille` in thousandths."""

    code: str
    name_zh: str
    name_en: str
    baseline: str
    grown_permille: int
    reappraise: bool
    baseline_wan: float
    total_wan: float


class SaidOut(BaseModel):
    """What a unit said last, under which document, when, and who spoke for it."""

    act: str
    doc_no: str
    on_date: str
    person: str


class ListLine(BaseModel):
    """A project of a list; beside these fields one by the code of each unit, with what it said last.

    `said` has that with each unit's own document; of a list without units, under an empty code.
    """

    model_config = ConfigDict(extra="allow")

    code: str
    name_zh: str
    name_en: str
    doc_no: str | None
    said: dict[str, SaidOut]
    listed: bool


class EditionOut(BaseModel):
    """An edition of the programme."""

    years: int
    state: str
    doc_no: str
    note: str
    rules_version: str
    later_years: bool
    version: int
    batch: str
    code: str
    base_year: int
    approved_on: str | None
    inputs_hash: str
    basis: str
    origin: str
    open_year: int | None
    closed_by: str
    closed_reason: str
    actor: str
    maker: str
    approver: str
    parent: str | None
    entries: int
    annual_wan: float
    made_at: str


class EditionMade(BaseModel):
    """The draft, and how many entries it has."""

    code: str
    entries: int


class ArrangedAmount(BaseModel):
    """What is to be given of an item in a year, in 万元 or 公顷."""

    item: str
    year: int
    quantity: float


class ArrangedOut(BaseModel):
    """What the approved scenario decided on a project: its reason in words, and `state`: whether it holds, the project
    changed since, was vetoed or left."""

    scenario: str
    doc_no: str
    approved_on: str | None
    supported: bool
    delay: int
    reason: str
    state: str
    changed_at: str | None
    amounts: list[ArrangedAmount]


class WayStep(BaseModel):
    """A step of the year: done, now, open, ahead or passed; what it lacks, of how many, and who has to act."""

    name: str
    state: str
    lacks: str
    count: int
    who: str


class WayOut(BaseModel):
    """Where an edition stands, by which scenario it goes and which round reviews its first year."""

    edition: str
    scenario: str | None
    round: str | None
    next: str | None
    steps: list[WayStep]


class EditionEntryOut(BaseModel):
    """An entry of an edition."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    city_code: str | None
    lead_unit: str | None
    stage: str | None
    start_month: str | None
    finish_month: str | None
    actual_start_month: str | None
    actual_finish_month: str | None
    category: str
    derived: str
    rung: str
    change: str
    rule: str
    decision: str
    reason: str
    marks: str
    content: str
    idle_years: int
    version: int
    reason_code: str
    approver: str
    person: str
    owner: str
    capacity_zh: str
    task_ids: str
    ready_percent: int
    complete_percent: int
    total_investment_wan: float | None
    annual_wan: float
    completed_wan: float | None
    late_months: int | None
    points: float | None
    gate: str | None
    arranged: ArrangedOut | None


class VetoDecisionOut(BaseModel):
    """What was decided of an entry under a veto; `vetoes` are the gates it saw, each with its evidence."""

    id: int
    decision: str
    person: str
    reason: str
    doc_no: str
    vetoes: dict[str, str]
    at: str
    actor: str


class VetoedOut(BaseModel):
    """An entry that stands under a veto: the gates with their evidence, and the newest decision on it."""

    code: str
    name_zh: str
    name_en: str
    vetoes: dict[str, str]
    undecided: bool
    decided: VetoDecisionOut | None


class VetoDecided(BaseModel):
    """The number of the decision."""

    decision: int


class UntoldOut(BaseModel):
    """Projects with years before the edition that are not known: over and unreported, running without a figure, or
    running with an expected one; and the funds planned in those years in 万元."""

    unreported: int
    running: int
    expected: int
    unreported_wan: float
    running_wan: float


class EntryAdded(BaseModel):
    """The project that was taken in."""

    edition: str
    project: str


class EditionTotal(BaseModel):
    """Totals by category and by the group that was asked for."""

    sector: str | None = None
    category: str
    projects: int
    total_investment_wan: float
    annual_wan: float
    city_code: str | None = None


class CategorySet(BaseModel):
    """The category of the entry."""

    project: str
    category: str


class ChangeSet(BaseModel):
    """The change of the entry."""

    project: str
    change: str


class TargetSet(BaseModel):
    """The project whose target was set."""

    project: str


class CommentOut(BaseModel):
    """A comment on an entry."""

    code: str
    name_zh: str
    name_en: str
    id: int
    unit: str
    required: bool
    words: str
    state: str
    answer: str
    actor: str
    answered_by: str
    made_at: str
    answered_at: str | None


class CommentMade(BaseModel):
    """The number of the comment."""

    comment: int


class AnnualItem(BaseModel):
    """An item of the year; months are each by itself, quarters cumulated."""

    code: str
    name_zh: str
    name_en: str
    table: str
    city_code: str | None
    sector: str
    lead_unit: str | None
    owner: str
    person: str
    capacity_zh: str
    start_month: str | None
    finish_month: str | None
    actual_start_month: str | None
    actual_finish_month: str | None
    content: str
    months: list[float]
    quarters: list[float]
    milestones: list[list[str | None]]
    total_investment_wan: float | None
    done_wan: float | None
    completed_wan: float | None
    annual_wan: float
    gate: str | None
    vetoes: dict[str, str]
    decided: VetoDecisionOut | None
    arranged: ArrangedOut | None


class AnnualTotal(BaseModel):
    """Totals of the annual list."""

    group: str | None
    table: str
    projects: int
    total_wan: float
    done_wan: float
    annual_wan: float


class TaskItems(BaseModel):
    """A task with its items of the year by city."""

    task: str
    title_zh: str
    title_en: str
    projects: int
    items: dict[str, int]
    without: list[str]


class ListingOut(BaseModel):
    """What was said of a list."""

    project: str
    list: str
    year: int
    act: str
    on_date: str
    unit: str
    batch: str
    doc_no: str
    person: str


class EditionImported(BaseModel):
    """What became of the workbook."""

    applied: bool
    entries: int
    created: int
    dropped: int
    findings_total: int
    findings: list[FindingOut]
    warnings: list[FindingOut]
