"""What the review of money answers: rounds, lines, decisions, grants."""

from pydantic import BaseModel


class LineArranged(BaseModel):
    """What the approved scenario says of a line: `default_wan` in all, and why; none where it says nothing of it."""

    scenario: str
    supported: bool
    state: str
    reason: str
    default_wan: float | None
    why: str | None


class GrantedOut(BaseModel):
    """The numbers of the entries, and how much of them came out of reserves and how much was free."""

    ids: list[int]
    from_reserve_wan: float
    from_free_wan: float


class RoundOut(BaseModel):
    """A round of review with the states of its lines."""

    id: int
    last_year: int
    state: str
    opened_at: str
    code: str
    name: str
    year: int
    basis: str
    actor: str
    states: dict[str, int]


class RoundOpened(BaseModel):
    """The round, and how many lines it has."""

    code: str
    lines: int


class LineOut(BaseModel):
    """A line under review."""

    id: int
    round: str
    project: str
    name_zh: str
    city_code: str | None
    item: str
    year: int
    state: str
    version: int
    asked_wan: float
    proposed_wan: float | None
    granted_wan: float
    reserved_wan: float
    gate: str | None
    arranged: LineArranged | None


class LineTotal(BaseModel):
    """Totals of a round, by the group that was asked for."""

    city: str | None = None
    lines: int
    asked_wan: float
    proposed_wan: float
    granted_wan: float
    trimmed_wan: float
    gap_wan: float
    sector: str | None = None
    level: str | None = None


class DecisionOut(BaseModel):
    """What was decided of a line."""

    line_id: int
    kind: str
    reason: str
    doc_no: str
    at: str
    id: int
    note: str
    entry_id: int | None
    actor: str
    amount_wan: float


class ReviewedOut(BaseModel):
    """How many lines were decided, and how many were left alone."""

    decided: int
    left: int = 0


class AskedOut(BaseModel):
    """What the line asks now."""

    asked_wan: float
