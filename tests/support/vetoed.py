"""A library of projects that are all under a veto, each under way and asking money: as soon as one looks, it shows."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.finance.rounds import open_round
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.rolling.vetoes import Choice, decide_veto, vetoed_entries

ME = (LOCAL_OWNER, EVERYTHING)
YEAR = today().year
CODES = tuple(f"VT-2018-000{number}" for number in range(1, 8))
TOTAL = 123_000_000
EDITION, REVIEW, FARMLAND = "2026", "否审", "land.agri.arable.pbf.dry"
HA = 10_000


def fill(engine: Engine) -> None:
    """Make seven projects on permanent basic farmland, an edition that takes them all in, and a review of money."""
    known: dict[str, Any] = {"stage": "under_construction", "start_month": "2025-03", "finish_month": "2028-06"}
    with transaction(engine) as session:
        for code in CODES:
            facts = {**known, "region_codes": ("450500",), "total_investment_yuan": TOTAL}
            create_project(session, LOCAL_OWNER, ProjectData(code=code, name_zh=f"占田项目{code[-1]}", **facts))
            save_needs(session, *ME, code, [NeedEdit("fund.own", YEAR, 1_000_000), NeedEdit(FARMLAND, YEAR, 2 * HA)])
        roll_edition(session, *ME, NewEdition(EDITION, YEAR, later_years=True))
        open_round(session, *ME, REVIEW, YEAR)


def keep_vetoed(session: Session, code: str) -> int:
    """Decide that every vetoed entry of a draft stays that nobody decided on; returns how many."""
    waiting = [one.code for one in vetoed_entries(session, EVERYTHING, code) if one.undecided]
    for project in waiting:
        decide_veto(session, *ME, code, project, Choice("keep", "李明", "自治区重大事项", "桂发改函〔2026〕8号"))
    return len(waiting)
