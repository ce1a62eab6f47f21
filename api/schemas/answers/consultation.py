"""Answers about a consultation and about what follows from an approval."""

from pydantic import BaseModel


class AddresseeOut(BaseModel):
    """A unit that is asked; `answer` is waiting, no_objection or commented."""

    unit: str
    person: str
    due_on: str
    days_left: int
    answer: str
    comments: int
    answered_at: str | None
    answered_by: str
    asked_at: str | None
    asked_by: str
    reminders: int
    reminded_at: str | None


class UnitsAskedOut(BaseModel):
    """The units that are asked, as they are today."""

    asked: list[str]


class RemindedOut(BaseModel):
    """The units that were reminded."""

    reminded: list[str]


class NoObjectionOut(BaseModel):
    """The unit and its answer."""

    unit: str
    answer: str


class AheadOut(BaseModel):
    """What follows from an approval; amounts in 万元, `unknown` of the entries state no total investment."""

    code: str
    entries: int
    annual_wan: float
    total_wan: float
    unknown: int
    joins: int
    leaves: int
    replaced: str | None
    stages: int
    reserves: int
    undecided: int
    vetoes: int
    kept: int
    comments: int
    silent: list[str]
    unreported: int
    unreported_years: int
    running_years: int
    illustrative: bool
    mark: str
