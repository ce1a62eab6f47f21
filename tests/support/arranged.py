"""A library in which an approved scenario supports two projects and refuses the third; and the way to such a state."""

from functools import partial
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.allocation.search.engine import solve
from portfolio.allocation.search.processes import Crew
from portfolio.core.database import transaction
from portfolio.finance.rounds import open_round
from portfolio.ledger.service import PoolData, open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.queries import entry_frame
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.options import Options
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scenarios.solving.jobs import ask
from portfolio.scenarios.solving.work import run, work

ME = (LOCAL_OWNER, EVERYTHING)
YEAR, EDITION, SCENARIO, REVIEW = 2026, "配", "情景甲", "配审"
CODES = tuple(f"AR-2018-000{number}" for number in (1, 2, 3))
FUND, LAND, MONEY, LEAF = "FUND-配", "LAND-配", "fund.central_budget", "land.built"
DOC, DAY, WAN = "桂北办〔2026〕12号", "2026-03-01", 10_000
BY_WANG = Approval("王某", DOC, DAY)
PROPOSED = (
    "SELECT i.code, a.year, a.quantity FROM allocation_proposals a JOIN items i ON i.id = a.item_id"
    " JOIN scenarios s ON s.id = a.scenario_id JOIN projects p ON p.id = a.project_id"
    " WHERE s.code = :scenario AND p.code = :project"
)
FUNDS_HELD = (
    "SELECT COALESCE(SUM(a.preallocated + a.locked), 0), COALESCE(SUM(a.granted), 0) FROM ledger_accounts a"
    " JOIN pools o ON o.id = a.pool_id JOIN items i ON i.id = o.item_id JOIN projects p ON p.id = a.project_id"
    " WHERE p.code = :project AND o.year = :year AND i.code LIKE 'fund%'"
)


def fill(engine: Engine) -> None:
    """Three projects that ask 100 万元 and 2 公顷 each, money for all and land for two; the scenario approved."""
    with transaction(engine) as session:
        for code in CODES:
            facts: dict[str, Any] = {"stage": "under_construction", "start_month": "2025-03", "finish_month": "2027-06"}
            facts |= {"region_codes": ("450700",), "total_investment_yuan": 300 * WAN}
            create_project(session, LOCAL_OWNER, ProjectData(code=code, name_zh=f"配置项目{code[-1]}", **facts))
            save_needs(session, *ME, code, [NeedEdit(MONEY, YEAR, 100 * WAN), NeedEdit(LEAF, YEAR, 2 * WAN)])
        known: dict[str, Any] = {"year": YEAR, "region_code": "450000", "doc_no": DOC, "on_date": f"{YEAR}-01-02"}
        fund = PoolData(FUND, MONEY, level="national", kind="budget", quantity=1000 * WAN, **known)
        land = PoolData(LAND, "land", level="region", kind="quota", quantity=5 * WAN, **known)
        for pool in (fund, land):
            open_pool(session, *ME, pool)
        roll_edition(session, *ME, NewEdition(EDITION, YEAR, years=3, later_years=True))
    approve(engine, EDITION, SCENARIO)
    with transaction(engine) as session:
        open_round(session, *ME, REVIEW, YEAR)


def approve(engine: Engine, edition: str, scenario: str, options: Options = Options()) -> None:
    """Accept what an edition proposes, have a scenario of it solved, and approve it as another person."""
    with transaction(engine) as session:
        codes = entry_frame(session, EVERYTHING, edition)["code"].tolist()
        decide_entries(session, *ME, edition, codes, "accepted")
        make_scenario(session, LOCAL_OWNER, NewScenario(scenario, edition, maker="李某", options=options))
        ask(session, LOCAL_OWNER, scenario)
    with Crew() as crew:
        work(engine, 1, idle=0.01, run_job=partial(run, solver=partial(solve, crew=crew)))
    with transaction(engine) as session:
        approve_scenario(session, *ME, scenario, BY_WANG)


def proposed(session: Session, scenario: str, project: str) -> dict[tuple[str, int], int]:
    """(item, year) → what a scenario proposed for a project, by SQL."""
    rows = session.execute(text(PROPOSED), {"scenario": scenario, "project": project})
    return {(row[0], int(row[1])): int(row[2]) for row in rows}


def funds_held(session: Session, project: str, year: int) -> tuple[int, int]:
    """What a project has reserved and granted of funds of a year, by SQL."""
    row = session.execute(text(FUNDS_HELD), {"project": project, "year": year}).one()
    return int(row[0]), int(row[1])
