"""What waits for those who neither enter nor review: review lines, reserves to take back, locked accounts, entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from dashboard.data import may, me, mine, read
from dashboard.questions.consultation import owed
from dashboard.questions.journal import journal_rows
from portfolio.access.rules import ELEMENTS
from portfolio.core.clock import today
from portfolio.finance.lines import list_rounds
from portfolio.journal.queries import JournalFilters
from portfolio.ledger.recovery import due
from portfolio.people.queries import list_users


@dataclass(frozen=True)
class Duty:
    """A figure of the home page: its name in the catalogue, how many, and what the list it counts is narrowed by."""

    name: str
    count: int
    by: Mapping[str, Any]
    symbol: str


def duties() -> list[Duty]:
    """The figures of whoever is signed in, beyond their own records."""
    found: list[Duty | None] = [_consultations()] if may("edition.comment") else []
    if may("review.decide"):
        found.append(_asked())
    if me().element in ELEMENTS:
        found.append(_recovery(str(me().element)))
    if may("user.manage"):
        found.append(_locked())
    if may("journal.read"):
        found.append(_journal())
    return [duty for duty in found if duty is not None]


def _consultations() -> Duty | None:
    """The editions under consultation that one's unit is asked about and has not answered."""
    asked = owed()
    if not asked:
        return None
    return Duty("consultation", len(asked), {}, "inbox")


def _asked() -> Duty | None:
    """The lines not yet decided of the newest round that is open."""
    rounds = [one for one in read(lambda session: list_rounds(session, mine())) if one["state"] == "open"]
    if not rounds:
        return None
    return Duty("asked", rounds[0]["states"]["asked"], {"round": rounds[0]["code"], "state": "asked"}, "coin")


def _recovery(element: str) -> Duty:
    """The reserves of one's element that are due to be taken back today."""

    def question(session: Session) -> int:
        return len(due(session, mine(), today().isoformat(), element))

    return Duty("recovery", read(question), {"element": element}, "map-2")


def _locked() -> Duty:
    """The accounts that failed too often just now."""
    users = read(lambda session: list_users(session, me()))
    return Duty("locked", sum(bool(one["locked"]) for one in users), {"state": "locked"}, "users")


def _journal() -> Duty:
    """What was journalled today."""
    total = journal_rows(JournalFilters(first=today()), 0, 0).total
    return Duty("journal", total, {"first": today().isoformat()}, "history")
