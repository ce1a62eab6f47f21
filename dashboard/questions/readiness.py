"""What the readiness pages ask, and what offices say of steps and details."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.core.clock import today
from portfolio.filing import service as attaching
from portfolio.readiness.project import ProjectReadiness, project_readiness
from portfolio.readiness.queries import (
    Expiry,
    attachments,
    expiries,
    expiries_by_month,
    named_readiness,
    readiness_frame,
)
from portfolio.readiness.records import StepFile
from portfolio.readiness.service import save_step

NEAREST = 40
IN_LANE = 6
IN_MONTH = 20


@dataclass(frozen=True)
class BoardPage:
    """Projects not yet begun by the step that holds them up, those nearest to a start, and what runs out."""

    as_of: date
    waiting: pd.DataFrame
    lanes: dict[tuple[str, int], pd.DataFrame]
    nearest: pd.DataFrame
    months: dict[str, int]
    expiries: dict[str, list[Expiry]]
    begun: int


def board_page() -> BoardPage:
    """The board as of today."""

    def question(session: Session) -> BoardPage:
        day = today()
        frame = readiness_frame(session, mine(), day)
        waiting = frame[~frame["started"]].sort_values(["days_left", "project_id"])
        lanes = {}
        for step, authority in dict.fromkeys(zip(waiting["holding"], waiting["authority"], strict=True)):
            rows = waiting[(waiting["holding"] == step) & (waiting["authority"] == authority)]
            lanes[str(step), int(authority)] = named_readiness(session, rows.head(IN_LANE))
        first, last = date(day.year, day.month, 1), date(day.year + 2, 12, 31)
        months = expiries_by_month(session, mine(), first, last)
        return BoardPage(
            day,
            waiting,
            lanes,
            named_readiness(session, waiting.head(NEAREST)),
            months,
            {name: _of_month(session, name) for name in months},
            int(frame["started"].sum()),
        )

    return read(question)


def _of_month(session: Session, name: str) -> list[Expiry]:
    year, number = (int(part) for part in name.split("-"))
    last = date(year, number, monthrange(year, number)[1])
    return expiries(session, mine(), date(year, number, 1), last, IN_MONTH)


@dataclass(frozen=True)
class ReadinessTab:
    """One project's checklist with the files beside it."""

    ready: ProjectReadiness
    files: list[StepFile]


def readiness_tab(code: str) -> ReadinessTab:
    """The checklist as of today."""

    def question(session: Session) -> ReadinessTab:
        ready = project_readiness(session, mine(), code, today())
        return ReadinessTab(ready, attachments(session, ready.project["code"]))

    return read(question)


def change_step(code: str, step: str, values: Mapping[str, Any]) -> bool:
    """Set what a project says of a step."""
    return write(lambda session: save_step(session, me(), mine(), code, step, values))


def add_file(code: str, step: str, name: str, content: bytes) -> int:
    """Lay a file beside a step."""
    return write(lambda session: attaching.lay(session, me(), mine(), "step", f"{code}/{step}", name, content))
