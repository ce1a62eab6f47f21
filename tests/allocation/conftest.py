"""Three projects of Qinzhou in a draft edition of 2019, a land quota of the city and one of the region behind it."""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.allocation.search.engine import solve
from portfolio.allocation.search.processes import Crew
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.queries import entry_frame
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scenarios.solving.jobs import ask
from portfolio.scenarios.solving.work import run, work
from portfolio.scenarios.tables import Scenario
from tests.ledger.conftest import pool

ME = (LOCAL_OWNER, EVERYTHING)
FIRST, SECOND, THIRD = "GX-2018-0204", "GX-2018-0205", "GX-2018-0206"
CITY, REGION, FUND = "LAND-QZ-2019", "LAND-GX-2019", "FUND-2019"
EDITION = "2019"
LEAF, MONEY = "land.built", "fund.central_budget"
FACTS = {
    "stage": "under_construction",
    "start_month": "2019-03",
    "finish_month": "2020-12",
    "total_investment_yuan": 1000,
}


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Child processes kept over the tests of the room."""
    with Crew() as kept:
        yield kept


@pytest.fixture
def edition(session: Session) -> Session:
    """Each project needs 60 m² of land and 100 yuan in 2019; the city has 50 m² and the region 80."""
    session.execute(text("UPDATE projects SET stage = NULL"))
    for code in (FIRST, SECOND, THIRD):
        update_project(session, *ME, code, {**FACTS, "region_codes": ("450700",)})
        save_needs(session, *ME, code, [NeedEdit(LEAF, 2019, 60), NeedEdit(MONEY, 2019, 100)])
    open_pool(session, *ME, pool(CITY, "land", 50, region_code="450700"))
    open_pool(session, *ME, pool(REGION, "land", 80))
    open_pool(session, *ME, pool(FUND, "fund.central_budget", 1000, kind="budget", level="national"))
    roll_edition(session, *ME, NewEdition(EDITION, 2019, years=3))
    codes = entry_frame(session, EVERYTHING, EDITION)["code"].tolist()
    decide_entries(session, *ME, EDITION, codes, "accepted")
    session.commit()
    return session


def make(session: Session, code: str = "S1", **given: Any) -> Scenario:
    """A scenario of the edition, made by Li."""
    values: dict[str, Any] = {"maker": "李某", **given}
    scenario = make_scenario(session, LOCAL_OWNER, NewScenario(code, EDITION, **values))
    session.commit()
    return scenario


@lru_cache
def _crew() -> Crew:
    """One crew of child processes for all tests."""
    return Crew()


def solved(session: Session, code: str = "S1") -> None:
    """Have a scenario solved by a worker in this process."""
    ask(session, LOCAL_OWNER, code)
    session.commit()
    run_job = partial(run, solver=partial(solve, crew=_crew()), crew=_crew())
    assert work(session.get_bind().engine, 1, idle=0.01, run_job=run_job) in (1, 2)
    session.expire_all()
