"""What the programme's pages ask, and what planners decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.rolling import approval, deciding, service
from portfolio.rolling.bridge import Bridge, Difference
from portfolio.rolling.queries import annual_totals, compare, entry_frame, get_edition, list_editions


def editions() -> list[dict[str, Any]]:
    """Every edition."""
    return read(lambda session: list_editions(session, mine()))


@dataclass(frozen=True)
class BoardPage:
    """An edition with its entries and the annual list's totals by city."""

    edition: dict[str, Any]
    entries: pd.DataFrame
    by_category: pd.DataFrame
    by_city: pd.DataFrame


def board_page(code: str) -> BoardPage:
    """The board of an edition; raises `NotFoundError`."""

    def question(session: Session) -> BoardPage:
        get_edition(session, code)
        held = next(one for one in list_editions(session, mine()) if one["code"] == code)
        frame = entry_frame(session, mine(), code)
        return BoardPage(held, frame, annual_totals(frame, "category"), annual_totals(frame, "city_code"))

    return read(question)


@dataclass(frozen=True)
class DiffPage:
    """Two editions compared, with the names of the later one's projects."""

    found: list[Difference]
    bridge: Bridge
    names: pd.DataFrame


def diff_page(before: str, after: str) -> DiffPage:
    """The difference and the bridge from one edition to another."""

    def question(session: Session) -> DiffPage:
        found, money = compare(session, mine(), before, after)
        frames = [entry_frame(session, mine(), code) for code in (before, after)]
        names = pd.concat(frames)[["code", "name_zh", "name_en"]].drop_duplicates("code", keep="last")
        return DiffPage(found, money, names.set_index("code"))

    return read(question)


def make_draft(data: service.NewEdition) -> int:
    """Roll a draft."""
    return write(lambda session: service.roll_edition(session, me(), mine(), data))


def decide(code: str, projects: Sequence[str], decision: str, reason: str) -> int:
    """Accept or reject proposals."""
    return write(lambda session: deciding.decide_entries(session, me(), mine(), code, projects, decision, reason))


def approve(code: str, doc_no: str, on_date: str) -> None:
    """Approve a draft."""
    write(lambda session: approval.approve(session, me(), mine(), code, doc_no, on_date))


def drop(code: str) -> None:
    """Drop a draft."""
    write(lambda session: service.drop_edition(session, me(), code))
