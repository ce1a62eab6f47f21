"""What the routes of finance take; money in 万元."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.values import Asked, Count, Day, Number, Strict, Year, left_out


class ReviewRoundIn(Strict):
    """A round to open."""

    code: str = Field(min_length=1, max_length=40)
    year: int = Field(ge=2000, le=2060)
    last_year: int | None = Field(None, ge=2000, le=2060)
    name: str = Field("", max_length=120)


class FilterIn(Asked):
    """A filtered set of a round's lines."""

    state: str = ""
    item: str = ""
    year: Year | None = None
    city: list[str] = []
    kind: list[str] = []
    sector: list[str] = []
    code: list[str] = []
    lead_unit: list[str] = []


class ChosenIn(FilterIn):
    """A filtered set named in a body."""

    model_config = ConfigDict(strict=True)


class LinesIn(Strict):
    """Which lines: their numbers, or a filtered set with the number of lines it held when it was looked at."""

    lines: list[Number] = Field([], max_length=5000)
    filter: ChosenIn | None = None
    expected: Count | None = None


class VerdictIn(LinesIn):
    """Propose (an amount or a percentage, or `arranged`: as the approved scenario says), return or comment."""

    kind: Literal["propose", "return", "comment", "arranged"]
    amount_wan: float | None = Field(None, ge=0)
    percent: float | None = None
    reason: str = Field("", max_length=24)
    note: str = Field("", max_length=500)
    version: Count | None = None


class GrantIn(LinesIn):
    """Grant lines by a document; without an amount all that was proposed, without a pool from reserves alone."""

    pool: str = ""
    doc_no: str = Field(max_length=80)
    on_date: Day
    amount_wan: float | None = Field(None, gt=0)
    note: str = Field("", max_length=500)
    confirmed: bool = False


class NoteIn(Strict):
    """A word of the project office."""

    note: str = Field("", max_length=500)


class EnvelopeIn(Strict):
    """A level's own budget of a year."""

    own_wan: float = Field(ge=0)
    doc_no: str = Field(max_length=80)
    note: str = Field("", max_length=500)


class FinancingIn(Strict):
    """A financing record; fields left out of a change stay."""

    instrument: str = left_out()
    amount_wan: Annotated[float, Field(gt=0)] = left_out()
    first_year: Year = left_out()
    term_years: int | None = Field(None, ge=1, le=60)
    partner: Annotated[str, Field(max_length=120)] = left_out()
    status: str = left_out()
    regime: str = left_out()
    bond_use: str = left_out()
    cover: float | None = Field(None, ge=0, le=1000)
    in_national_library: bool | None = None
    in_debt_library: bool | None = None
    annual_payment_wan: float | None = Field(None, ge=0)
    doc_no: Annotated[str, Field(max_length=80)] = left_out()
    note: Annotated[str, Field(max_length=500)] = left_out()


class YearlyFigureIn(Strict):
    """A figure of a year: completed in it, to date at its end, or expected by its end; null takes it back."""

    year: Year
    kind: Literal["completed", "to_date", "expected"]
    amount_wan: float | None = Field(ge=0)


class YearlyIn(Strict):
    """Figures to state, all or none; what is not named stays."""

    figures: list[YearlyFigureIn] = Field(min_length=1, max_length=200)
    note: str = Field("", max_length=200)


class ClosingIn(Strict):
    """Who declares a running year closed, and why; without it the year must be over."""

    closed_by: str = Field("", max_length=80)
    closed_reason: str = Field("", max_length=300)


class CapacityIn(Strict):
    """A region's general public budget expenditure of a year."""

    budget_wan: float = Field(gt=0)
    doc_no: str = Field(max_length=80)


class WorkFundIn(Strict):
    """A unit's cooperation work funds of a year and purpose."""

    unit_code: str
    year: Year
    purpose: str = Field(max_length=120)
    asked_wan: Annotated[float, Field(ge=0)] = left_out()
    granted_wan: float | None = Field(None, ge=0)
    doc_no: Annotated[str, Field(max_length=80)] = left_out()
    note: Annotated[str, Field(max_length=500)] = left_out()


class DetailIn(Strict):
    """One attribute of an item: its value as text (公顷 for areas, m, years …), null to take it back."""

    item: str
    attribute: str
    value: str | None


class DetailBatchIn(Strict):
    """Attributes to set, all or none."""

    edits: list[DetailIn] = Field(min_length=1, max_length=500)
    reason: str | None = Field(None, max_length=500, description="asked of who corrects an accepted record")
