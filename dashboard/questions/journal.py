"""What the history of a project and the auditors' page ask of the journal."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dashboard.data import me, mine, read
from portfolio.access.rules import require
from portfolio.finance.as_of import MoneyThen, money_as_of
from portfolio.journal.queries import (
    ChainStatus,
    HistoryEntry,
    JournalFilters,
    chain_status,
    distinct_values,
    history,
    slice_journal,
)
from portfolio.needs.as_of import Standing, project_as_of
from portfolio.projects.beside import hidden_rooms
from portfolio.projects.queries import get_project, known_codes
from portfolio.readiness.as_of import steps_as_of
from portfolio.readiness.records import StepSaid

RECENT = 10_000


@dataclass(frozen=True)
class ThenPage:
    """A project as it stood, with what was said of its steps, its money, and its history up to then."""

    standing: Standing
    history: list[HistoryEntry]
    steps: dict[str, StepSaid]
    money: MoneyThen


def then_page(code: str, at: datetime) -> ThenPage:
    """A project as it stood at `at`; raises `NotFoundError` when there is none now."""

    def question(session: Session) -> ThenPage:
        without = hidden_rooms(session, mine(), get_project(session, mine(), code))
        return ThenPage(
            project_as_of(session, mine(), code, at),
            history(session, code, 60, until=at, without=without),
            steps_as_of(session, mine(), code, at),
            money_as_of(session, mine(), code, at),
        )

    return read(question)


@dataclass(frozen=True)
class JournalPage:
    """The auditors' page: how many entries fit, the choices of its filters, the state of the chain's last links."""

    total: int
    rooms: list[str]
    actions: list[str]
    chain: ChainStatus


def journal_page(filters: JournalFilters) -> JournalPage:
    """The page's frame, without its rows; raises `ForbiddenError` for whoever may not read the journal."""
    require(me(), "journal.read")

    def question(session: Session) -> JournalPage:
        _, total = slice_journal(session, mine(), filters, 0, 0)
        rooms, actions = distinct_values(session, mine())
        return JournalPage(total, rooms, actions, chain_status(session, RECENT))

    return read(question)


@dataclass(frozen=True)
class JournalBlock:
    """Some entries, how many there are in all, and which of their objects are projects."""

    entries: list[HistoryEntry]
    total: int
    projects: frozenset[str]


def journal_rows(filters: JournalFilters, start: int, stop: int) -> JournalBlock:
    """Entries `start` to `stop`, newest first; raises `ForbiddenError` for whoever may not read the journal."""

    def question(session: Session) -> JournalBlock:
        found, total = slice_journal(session, mine(), filters, start, stop)
        return JournalBlock(found, total, known_codes(session, mine(), {entry.subject for entry in found}))

    return read(question)
