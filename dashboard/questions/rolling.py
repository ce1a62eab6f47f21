"""What the pages of all editions ask: the list, a new draft, and two of them compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from dashboard.data import me, mine, read, write
from portfolio.rolling import service
from portfolio.rolling.bridge import Comparison
from portfolio.rolling.queries import comparison, list_editions
from portfolio.rolling.tables import Edition, EditionEntry


def editions() -> list[dict[str, Any]]:
    """Every edition."""
    return read(lambda session: list_editions(session, mine()))


def make_draft(data: service.NewEdition) -> int:
    """Roll a draft."""
    return write(lambda session: service.roll_edition(session, me(), mine(), data))


@dataclass(frozen=True)
class Compared:
    """Every edition, and two of them cell by cell."""

    editions: list[dict[str, Any]]
    found: Comparison


def compared(before: str, after: str, item: str) -> Compared:
    """Two editions over the leaves under `item`; raises `NotFoundError`."""

    def question(session: Session) -> Compared:
        return Compared(list_editions(session, mine()), comparison(session, mine(), before, after, item))

    return read(question)


def names(editions_: Sequence[str], projects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The names of projects by code, as the later of two editions has them."""

    def question(session: Session) -> dict[str, dict[str, Any]]:
        columns: list[Any] = [Edition.code, EditionEntry.code, EditionEntry.name_zh, EditionEntry.name_en]
        statement = (
            select(*columns)
            .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
            .where(col(Edition.code).in_(editions_), col(EditionEntry.code).in_(projects))
        )
        rows = sorted(session.execute(statement), key=lambda row: editions_.index(row[0]))
        return {row[1]: {"name_zh": row[2], "name_en": row[3]} for row in rows}

    return read(question)
