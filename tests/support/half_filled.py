"""A library as it is in its first weeks: every room has something in it, and nothing in it is whole.

Written through the product's own services, so that it holds what people can really leave behind: drafts, projects
without a region, without dates, without money or with one need; a unit that ended; an edition, a scenario, rounds,
pools and records of which only a part is known.
"""

from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.allocation.search.engine import solve
from portfolio.allocation.search.processes import Crew
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.finance import rounds as funding
from portfolio.finance.envelopes import EnvelopeData, set_envelope
from portfolio.finance.financing import save_record
from portfolio.finance.workfunds import save_work_fund
from portfolio.ledger.service import PoolData, Posting, open_pool, post
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import create_project
from portfolio.projects.states import Said
from portfolio.projects.tables import ProjectData
from portfolio.readiness.service import save_step
from portfolio.reporting import rounds as reporting
from portfolio.reporting.entry import Entered, save_entry
from portfolio.reporting.service import act
from portfolio.rolling.consultation import Said as Comment
from portfolio.rolling.consultation import comment
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.lists import Act, say
from portfolio.rolling.queries import entry_frame
from portfolio.rolling.service import NewEdition, roll_edition, send_round
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scenarios.solving.jobs import ask
from portfolio.scenarios.solving.work import run, work
from portfolio.scheme.service import save_task, save_unit
from portfolio.screening.service import keep_scores

ME = (LOCAL_OWNER, EVERYTHING)
YEAR = today().year
BARE, PLACED, DATED, ONE_NEED, MONEY, ENDED = (f"HF-2018-000{number}" for number in range(1, 7))
EDITION, SCENARIOS, ROUND, REVIEW = "半", ("半甲", "半乙"), "半批", "半审"
POOL, EMPTY_POOL = "LAND-半", "FUND-半"
DOC = "桂半〔2026〕1号"


def fill(engine: Engine) -> None:
    """Half fill a database that holds the schema and the code lists."""
    for step in (_scheme, _projects, _drafts, _ledger, _finance, _rounds, _programme, _scenarios):
        with transaction(engine) as session:
            step(session)
    _solve(engine)


def _scheme(session: Session) -> None:
    """A unit that ended without a successor, one that goes on, and a task that nobody leads."""
    save_unit(session, LOCAL_OWNER, {"code": "U-OLD", "name_zh": "旧厅", "full_name_zh": "旧厅", "kind": "DEPT"})
    save_unit(session, LOCAL_OWNER, {"code": "U-OLD", "valid_to": "2018-12-31"})
    save_unit(session, LOCAL_OWNER, {"code": "U-NEW", "name_zh": "新厅", "full_name_zh": "新厅", "kind": "DEPT"})
    save_task(session, LOCAL_OWNER, {"id": "T01", "section": "一", "part": "一", "title_zh": "无人牵头"}, ["U-OLD"])


def _projects(session: Session) -> None:
    facts: dict[str, dict[str, Any]] = {
        BARE: {},
        PLACED: {"region_codes": ("450100",), "stage": "planning", "kind": "berth"},
        DATED: {"start_month": "2026-03", "stage": "under_construction"},
        ONE_NEED: {"kind": "expressway", "start_month": "2027-01", "region_codes": ("450700",), "task_ids": ("T01",)},
        MONEY: {"total_investment_yuan": 12_345_678, "stage": "reserve", "finish_month": "2029-12"},
        ENDED: {"lead_unit": "U-OLD", "office_unit": "U-OLD", "units": ("U-OLD", "U-NEW"), "region_codes": ("450000",)},
    }
    for code, stated in facts.items():
        create_project(session, LOCAL_OWNER, ProjectData(code=code, name_zh=f"半填项目{code[-1]}", **stated))
    save_needs(session, *ME, ONE_NEED, [NeedEdit("fund.tbd", YEAR, 1_000_000)])
    save_needs(session, *ME, DATED, [NeedEdit("land.built", YEAR, 50_000)])
    save_step(session, *ME, PLACED, "proposal", {"status": "preparing"})
    save_record(
        session, *ME, MONEY, {"instrument": "special_bond", "status": "planned", "amount_yuan": 1, "first_year": YEAR}
    )


def _drafts(session: Session) -> None:
    """A draft of a name alone, and one that was submitted and sent back."""
    save_entry(session, *ME, None, Entered({"name_zh": "只有名称的草稿"}))
    facts = {"name_zh": "退回的草稿", "region_codes": ("450500",), "kind": "berth"}
    sent = save_entry(session, *ME, None, Entered(facts)).project["code"]
    act(session, *ME, sent, "submit", Said(reason="试报"))
    act(session, *ME, sent, "return", Said(reason="请补充"))


def _ledger(session: Session) -> None:
    """A pool with one entry, and one in which nothing was ever entered."""
    known: dict[str, Any] = {
        "year": YEAR,
        "region_code": "450000",
        "level": "region",
        "doc_no": DOC,
        "on_date": f"{YEAR}-01-02",
    }
    open_pool(session, *ME, PoolData(code=POOL, item="land.built", kind="quota", quantity=80_000, **known))
    open_pool(session, *ME, PoolData(code=EMPTY_POOL, item="fund.local_budget", kind="budget", quantity=0, **known))
    post(session, *ME, [Posting("lock", POOL, 10_000, f"{YEAR}-02-01", DATED, doc_no=DOC)])


def _finance(session: Session) -> None:
    funding.open_round(session, *ME, REVIEW, YEAR)
    set_envelope(session, LOCAL_OWNER, EnvelopeData("region", YEAR, 0, DOC))
    save_work_fund(session, LOCAL_OWNER, "U-OLD", YEAR, "planning", {"asked_yuan": 10_000})


def _rounds(session: Session) -> None:
    reporting.open_round(session, LOCAL_OWNER, reporting.RoundData(ROUND, "半填批次", f"{YEAR}-01-01", f"{YEAR}-12-31"))
    keep_scores(session, *ME, "default")


def _programme(session: Session) -> None:
    """An edition under consultation with one decision and one open comment."""
    roll_edition(session, *ME, NewEdition(EDITION, YEAR, later_years=True))
    codes = [code for code in entry_frame(session, EVERYTHING, EDITION)["code"] if code in (DATED, ONE_NEED)]
    decide_entries(session, *ME, EDITION, codes, "accepted")
    send_round(session, LOCAL_OWNER, EDITION)
    comment(session, LOCAL_OWNER, EDITION, Comment(codes[0], "U-NEW", "请补资料", required=True))
    say(session, *ME, Act(DATED, "coordinated", YEAR, "included", f"{YEAR}-01-10", doc_no=DOC))


def _scenarios(session: Session) -> None:
    for code in SCENARIOS:
        make_scenario(session, LOCAL_OWNER, NewScenario(code, EDITION, maker="半"))
    ask(session, LOCAL_OWNER, SCENARIOS[0])


def _solve(engine: Engine) -> None:
    """One scenario has an answer, the other has none."""
    with Crew() as crew:
        work(engine, 1, idle=0.01, run_job=partial(run, solver=partial(solve, crew=crew)))
