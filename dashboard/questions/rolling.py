"""What the pages of all editions ask: the list, a new draft, and two of them compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.rolling import service
from portfolio.rolling.queries import compare, entry_names, list_editions
from portfolio.rolling.records import EditionRecord, NamesRecord
from portfolio.rolling.rules.bridge import Comparison
from portfolio.rolling.rules.headline import Headline


def editions() -> list[EditionRecord]:
    """Every edition."""
    return read(lambda session: list_editions(session, mine()))


def make_draft(data: service.NewEdition) -> int:
    """Roll a draft."""
    return write(lambda session: service.roll_edition(session, me(), mine(), data))


@dataclass(frozen=True)
class Compared:
    """Every edition, and two of them cell by cell and by their annual plans."""

    editions: list[EditionRecord]
    found: Comparison
    plan: Headline


def compared(before: str, after: str, item: str) -> Compared:
    """Two editions over the leaves under `item`; raises `NotFoundError`."""

    def question(session: Session) -> Compared:
        return Compared(list_editions(session, mine()), *compare(session, mine(), before, after, item))

    return read(question)


def names(editions_: Sequence[str], projects: Sequence[str]) -> dict[str, NamesRecord]:
    """The names of projects by code, as the later of two editions has them."""
    return read(lambda session: entry_names(session, mine(), editions_, projects))
