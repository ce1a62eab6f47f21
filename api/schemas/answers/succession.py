"""Answers about hand-overs."""

from pydantic import BaseModel


class EndedOut(BaseModel):
    """A unit that ended, since when, who stands for it today, and how much it still bears."""

    code: str
    since: str
    heir: str
    accounts: int
    projects: int


class BorneOut(BaseModel):
    """What a unit bears: names of accounts; codes of the projects it reports, leads or answers for, and of rounds."""

    unit: str
    accounts: list[str]
    reports: list[str]
    leads: list[str]
    responsible: list[str]
    rounds: list[str]


class AccountHandedOver(BaseModel):
    """To whom; how many drafts, and the editions that ask the other person now."""

    to: str
    drafts: int
    consultations: list[str]
