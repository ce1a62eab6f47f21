"""What the routes of finance take; money in 万元."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.typed import Typed


class RoundIn(Typed):
    """A round to open."""

    code: str = Field(min_length=1, max_length=40)
    year: int = Field(ge=2000, le=2060)
    last_year: int | None = Field(None, ge=2000, le=2060)
    name: str = Field("", max_length=120)


class FilterIn(Typed):
    """A filtered set of a round's lines."""

    state: str = ""
    item: str = ""
    year: int | None = None
    city: list[str] = []
    kind: list[str] = []
    sector: list[str] = []
    code: list[str] = []
    lead_unit: list[str] = []


class LinesIn(Typed):
    """Which lines: their numbers, or a filtered set with the number of lines it held when it was looked at."""

    lines: list[int] = Field([], max_length=5000)
    filter: FilterIn | None = None
    expected: int | None = None


class VerdictIn(LinesIn):
    """Propose (an amount or a percentage), return or comment."""

    kind: Literal["propose", "return", "comment"]
    amount_wan: float | None = Field(None, ge=0)
    percent: float | None = None
    reason: str = Field("", max_length=24)
    note: str = Field("", max_length=500)
    version: int | None = None


class GrantIn(LinesIn):
    """Grant lines from a pool by a document; without an amount all that was proposed."""

    pool: str
    doc_no: str = Field(max_length=80)
    on_date: date
    amount_wan: float | None = Field(None, gt=0)
    note: str = Field("", max_length=500)
    confirmed: bool = False


class NoteIn(Typed):
    """A word of the project office."""

    note: str = Field("", max_length=500)


class EnvelopeIn(Typed):
    """A level's own budget of a year."""

    own_wan: float = Field(ge=0)
    doc_no: str = Field(max_length=80)
    note: str = Field("", max_length=500)


class FinancingIn(Typed):
    """A financing record; fields left out of a change stay."""

    instrument: str | None = None
    amount_wan: float | None = Field(None, gt=0)
    first_year: int | None = None
    term_years: int | None = Field(None, ge=1, le=60)
    partner: str | None = Field(None, max_length=120)
    status: str | None = None
    regime: str | None = None
    bond_use: str | None = None
    cover: float | None = Field(None, ge=0, le=1000)
    in_national_library: bool | None = None
    in_debt_library: bool | None = None
    annual_payment_wan: float | None = Field(None, ge=0)
    doc_no: str | None = Field(None, max_length=80)
    note: str | None = Field(None, max_length=500)


class CapacityIn(Typed):
    """A region's general public budget expenditure of a year."""

    budget_wan: float = Field(gt=0)
    doc_no: str = Field(max_length=80)


class WorkFundIn(Typed):
    """A unit's cooperation work funds of a year and purpose."""

    unit_code: str
    year: int
    purpose: str = Field(max_length=120)
    asked_wan: float | None = Field(None, ge=0)
    granted_wan: float | None = Field(None, ge=0)
    doc_no: str | None = Field(None, max_length=80)
    note: str | None = Field(None, max_length=500)


class DetailIn(Typed):
    """One attribute of an item: its value as text (公顷 for areas, m, years …), null to take it back."""

    item: str
    attribute: str
    value: str | None


class DetailBatchIn(Typed):
    """Attributes to set, all or none."""

    edits: list[DetailIn] = Field(min_length=1, max_length=500)
