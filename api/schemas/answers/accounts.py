"""What the routes of the ledger and of finance answer; money in 万元, other quantities in `unit`."""

from pydantic import BaseModel, ConfigDict


class PlanLine(BaseModel):
    """A row of the plan in 万元; beside these fields `y2026_wan` and `granted_y2026_wan` of each of its years."""

    model_config = ConfigDict(extra="allow")

    prior_wan: float
    beyond_wan: float
    total_wan: float


class PoolOut(BaseModel):
    """A pool with its balances, in `unit`."""

    code: str
    name: str
    year: int
    region_code: str
    level: str
    kind: str
    valid_until: str | None
    carries: bool
    doc_no: str
    basis: str
    free: float
    preallocated: int
    locked: float
    granted: float
    delivered: float
    used: float
    item: str
    total: float
    unit: str
    on: str | None = None


class EntryOut(BaseModel):
    """An entry of the ledger, in `unit`."""

    id: int
    kind: str
    pool: str
    counter_pool: str | None
    project: str | None
    item: str
    year: int
    source: str
    target: str
    doc_no: str
    note: str
    quantity: float
    unit: str
    on_date: str
    posted_at: str
    actor: str
    reverses: int | None


class PostedOut(BaseModel):
    """The numbers of the entries."""

    ids: list[int]


class ReserveHeld(BaseModel):
    """What a project holds reserved in a pool (万元 or 公顷), what of the pool was granted to it, and by which document
    it was reserved last; `note` is the scenario's code where an approval reserved it."""

    project: str
    name_zh: str
    name_en: str
    pool: str
    item: str
    year: int
    level: str
    doc_no: str
    note: str
    on_date: str | None
    preallocated: float
    locked: float
    reserved: float
    granted: float


class LifeOut(BaseModel):
    """Asked, reserved, granted, delivered and used of an item and year."""

    year: int
    item: str
    asked: float
    reserved: float
    granted: float
    delivered: float
    used: float
    unit: str


class AccountOut(BaseModel):
    """Asked, reserved, granted, delivered and used, within the groups that were asked for."""

    item: str
    asked: float
    reserved: float
    granted: float
    delivered: float
    used: float
    unit: str
    city: str | None = None
    year: int | None = None


class RecoveryOut(BaseModel):
    """A reserve that falls back to its pool."""

    rule: str
    due_on: str
    pool: str
    item: str
    year: int
    project: str
    project_name: str
    project_name_en: str | None = None
    bucket: str
    quantity: float
    unit: str


class RecoveredOut(BaseModel):
    """The entries that took it back, and the version of the rules."""

    ids: list[int]
    rules: str


class StateOut(BaseModel):
    """The state it is in now."""

    code: str
    state: str


class DecidedOut(BaseModel):
    """How many were decided."""

    decided: int


class FundingOut(BaseModel):
    """How surely a project is funded."""

    project: str
    name: str
    name_en: str | None
    certainty: str
    asked_wan: float
    settled_wan: float
    granted_wan: float
    signed_wan: float
    gap_wan: float
    gate: str | None
    gap_fiscal_wan: float
    gap_other_wan: float


class MismatchOut(BaseModel):
    """Money and an element that do not meet."""

    project: str
    name: str
    name_en: str | None
    year: int
    kind: str
    element: str | None
    money_wan: float
    needed_ha: float
    granted_ha: float


class EnvelopeOut(BaseModel):
    """What a level can carry in a year."""

    level: str
    year: int
    doc_no: str
    basis: str
    own_wan: float
    carried_wan: float
    total_wan: float
    asked_wan: float
    granted_wan: float
    delivered_wan: float
    free_wan: float


class EnvelopeSet(BaseModel):
    """The own budget of a level."""

    level: str
    year: int
    own_wan: float


class RolledLevel(BaseModel):
    """What a level delivered, and what of the rest was carried; null where what was delivered is not known."""

    level: str
    year: int
    delivered: float | None
    carried: float | None


class RolledOut(BaseModel):
    """What was carried into the next year, in `unit`."""

    items: list[RolledLevel]
    unit: str


class FinancingThen(BaseModel):
    """A financing record as it stood; amounts in 万元."""

    instrument: str
    first_year: int
    partner: str
    regime: str
    in_debt_library: bool | None
    doc_no: str
    term_years: int | None
    status: str
    bond_use: str
    in_national_library: bool | None
    note: str
    amount_wan: float
    annual_payment_wan: float | None
    cover: float | None


class FinancingRecord(FinancingThen):
    """A financing record; amounts in 万元."""

    id: int
    version: int


class CheckOut(BaseModel):
    """A check of the financing; `ok` is null while it cannot be told."""

    code: str
    ok: bool | None
    value: str | None
    limit: str
    unit: str
    severity: str
    note: str
    source: str


class SuggestionOut(BaseModel):
    """An instrument with the conditions that are met, failed and not known."""

    code: str
    item: str
    met: list[str]
    failed: list[str]
    unknown: list[str]
    qualifies: bool | None


class FinancingOut(BaseModel):
    """Financing records of a project, their checks, and instruments it may ask for."""

    records: list[FinancingRecord]
    checks: list[CheckOut]
    suggestions: list[SuggestionOut]
    rules: str


class FinancingSaved(BaseModel):
    """The number of the record."""

    id: int


class YearlyFigureOut(BaseModel):
    """What was stated of a project's investment in a year: completed, to date, or expected by its end."""

    year: int
    kind: str
    amount_wan: float
    basis: str
    note: str
    at: str
    actor: str


class YearlyOut(BaseModel):
    """What was stated year by year, and what follows: completed to the end of the year before; null is not known."""

    figures: list[YearlyFigureOut]
    completed_to_last_year_wan: float | None
    expected_this_year_wan: float | None


class CapacityOut(BaseModel):
    """The public budget of a region."""

    region_code: str
    year: int
    budget_wan: float


class WorkFundOut(BaseModel):
    """Work funds of a unit."""

    purpose: str
    id: int
    note: str
    unit_code: str
    year: int
    doc_no: str
    version: int
    asked_wan: float
    granted_wan: float | None


class ChangedOut(BaseModel):
    """Whether anything changed."""

    changed: bool
