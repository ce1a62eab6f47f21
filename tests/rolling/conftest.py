"""A library of one running project, and the steps of a planner."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling.approval import approve
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.queries import entry_frame
from portfolio.rolling.service import NewEdition, roll_edition
from tests.ledger.conftest import DOC, PROJECT

BUILT = {"stage": "under_construction", "start_month": "2026-03", "finish_month": "2028-06"}


@pytest.fixture
def library(session: Session) -> Session:
    """One project under way asking 100, 100 and 100 yuan from 2026 on, and one in preparation."""
    update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {**BUILT, "total_investment_yuan": 300})
    edits = [NeedEdit("fund.own", year, 100) for year in (2026, 2027, 2028)]
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, edits)
    session.execute(text("UPDATE projects SET stage = NULL WHERE code <> :code"), {"code": PROJECT})
    session.commit()
    return session


CLOSED = {"closed_by": "张三", "closed_reason": "国库已关账"}


def make(session: Session, code: str, year: int, parent: str | None = None, **given: Any) -> int:
    """A draft of a coming year declares the running one closed, so that the day does not matter."""
    coming = year > today().year and not given.get("batch", "").startswith("supplement")
    data = NewEdition(code, year, parent=parent, **{**(CLOSED if coming else {}), **given})
    return roll_edition(session, LOCAL_OWNER, EVERYTHING, data)


def accept_all(session: Session, code: str) -> None:
    frame = entry_frame(session, EVERYTHING, code)
    decide_entries(session, LOCAL_OWNER, EVERYTHING, code, frame["code"].tolist(), "accepted")


def approved(session: Session, code: str) -> None:
    accept_all(session, code)
    approve(session, LOCAL_OWNER, EVERYTHING, code, DOC, "2026-01-15", "审定人")
    session.commit()
