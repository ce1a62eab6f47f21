"""What reading the money gives: rounds, lines, decisions, envelopes and records of financing (yuan)."""

from datetime import datetime
from typing import TypedDict


class RoundRecord(TypedDict):
    """A round of reviewing; `states`: how many lines of the reader's scope stand in each."""

    id: int
    code: str
    year: int
    last_year: int
    name: str
    state: str
    basis: str
    opened_at: datetime
    actor: str
    states: dict[str, int]


class LineRecord(TypedDict):
    """A line of a round: what a project asks of an item and year, with what was proposed and granted.

    `reserved` is what pools that pay the line hold for the project and did not grant yet; lines of one pool share it.
    """

    id: int
    project_id: int
    item_id: int
    year: int
    asked: int
    proposed: int | None
    state: str
    version: int
    round: str
    round_state: str
    project: str
    name_zh: str
    name_en: str
    city_code: str | None
    item: str
    granted: int
    reserved: int


class DecisionRecord(TypedDict):
    """A step of a line."""

    id: int
    line_id: int
    kind: str
    amount: int | None
    reason: str
    note: str
    doc_no: str
    entry_id: int | None
    at: datetime
    actor: str


class LineDecision(DecisionRecord):
    """A decision beside the round, item and year of its line."""

    round: str
    item: str
    year: int


class YearlyRecord(TypedDict):
    """What was stated of a project's investment in a year, who said it and when."""

    year: int
    kind: str
    amount_yuan: int
    basis: str
    note: str
    at: datetime
    actor: str


class EnvelopeRecord(TypedDict):
    """What a level's budget can carry in a year, and what of it is asked, granted, delivered and free."""

    level: str
    year: int
    own: int
    carried: int
    total: int
    asked: int
    granted: int
    delivered: int
    free: int
    doc_no: str
    basis: str


class RolledEnvelope(TypedDict):
    """What a level delivered in a year and carries into the next; None where that is not known."""

    level: str
    year: int
    delivered: int | None
    carried: int | None


class FinancingFacts(TypedDict):
    """What a record of financing states."""

    instrument: str
    amount_yuan: int
    first_year: int
    term_years: int | None
    partner: str
    status: str
    regime: str
    bond_use: str
    cover_milli: int | None
    in_national_library: bool | None
    in_debt_library: bool | None
    annual_payment_yuan: int | None
    doc_no: str
    note: str


class FinancingRecord(FinancingFacts):
    """A record of financing as it is stored."""

    id: int
    project_id: int
    version: int


class WorkFundRecord(TypedDict):
    """A unit's cooperation work funds of a year and purpose."""

    id: int
    unit_code: str
    year: int
    purpose: str
    asked_yuan: int
    granted_yuan: int | None
    doc_no: str
    note: str
    version: int
