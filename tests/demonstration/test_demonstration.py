"""Illustrative figures: repeatable, exact, marked, and all removed at one call with the reported ones left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Scope
from portfolio.core.database import transaction
from portfolio.demonstration.rules import Parameters, figures, split
from portfolio.demonstration.service import REMOVED, add_figures, remove_figures, status
from portfolio.finance.envelopes import EnvelopeData, envelope_rows, newest, set_envelope
from portfolio.finance.lines import list_rounds
from portfolio.ledger.queries import list_pools
from portfolio.ledger.service import PoolData, Posting, open_pool, post
from portfolio.needs.changes import NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import ProjectData
from portfolio.screening.criteria import save_criteria
from portfolio.screening.gates import gate_sheet, gate_totals, project_gates
from portfolio.upkeep.invariants import breaches
from portfolio.upkeep.setup import initialise

CODE = "GX-2018-0207"
PORT = Parameters(
    (80_000, 420_000), (24, 42), (("fund.own", 60), ("fund.tbd", 40)), (12, 70), (0, 5), (18, 95), "sea.open.channel"
)


@given(st.text("GX0123456789-", min_size=1))
def test_figures_are_repeatable_and_add_up(code: str) -> None:
    made = figures(code, PORT, True)
    assert made == figures(code, PORT, True)
    funds = sum(value for (item, _), value in made.needs.items() if item.startswith("fund"))
    assert funds in (0, made.total_investment_yuan)
    assert made.start_month <= made.finish_month


@given(st.integers(0, 10**13), st.lists(st.integers(1, 99), min_size=1, max_size=9), st.sampled_from([1, 100, 10**6]))
def test_parts_add_up(total: int, shares: list[int], step: int) -> None:
    parts = split(total, [(str(place), share) for place, share in enumerate(shares)], step)
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0


def test_every_figure_is_marked(demo_engine: Engine) -> None:
    with Session(demo_engine) as session:
        assert set(session.execute(text("SELECT DISTINCT basis FROM needs")).scalars()) == {"illustrative"}
        unmarked = "SELECT count(*) FROM projects WHERE total_investment_yuan > 0 AND investment_basis = 'reported'"
        assert session.execute(text(unmarked)).scalar_one() == 0


def test_illustrative_criteria_are_marked_and_leave_what_was_stated(
    demo_engine: Engine, actor: Actor, scope: Scope
) -> None:
    with transaction(demo_engine) as session:
        assert set(session.execute(text("SELECT DISTINCT basis FROM criteria")).scalars()) == {"illustrative"}
        save_criteria(session, actor, scope, CODE, {"panel": 11})
        remove_figures(session, actor, scope)
    with Session(demo_engine) as session:
        rows = session.execute(text("SELECT criterion, value, basis FROM criteria")).all()
        assert [tuple(row) for row in rows] == [("panel", 11, "reported")]


def test_illustrative_details_are_marked_and_every_veto_of_land_sea_and_forest_is_shown(
    demo_engine: Engine, actor: Actor, scope: Scope
) -> None:
    with transaction(demo_engine) as session:
        assert set(session.execute(text("SELECT DISTINCT basis FROM need_details")).scalars()) == {"illustrative"}
        totals = gate_totals(gate_sheet(session, scope)).set_index("gate")
        shown = totals.loc[["basic_farmland", "redline", "reclamation"], ["pass", "explain", "veto"]]
        assert (shown > 0).all(axis=None)
        assert (totals.loc[["protected_core", "forest_grade1"], ["pass", "veto"]] > 0).all(axis=None)
        vetoed = gate_sheet(session, scope).where("redline", "veto").codes[0]
        held = next(one for one in project_gates(session, scope, vetoed) if one["gate"] == "redline")
        assert "redline_ha" in held["illustrative"]
        save_details(session, actor, scope, vetoed, [DetailEdit("land", "ecological_redline", "0")])
        held = next(one for one in project_gates(session, scope, vetoed) if one["gate"] == "redline")
        assert (held["state"], "redline_ha" in held["illustrative"]) == ("pass", False)
        assert remove_figures(session, actor, scope)["details"] > 0
        rows = session.execute(text("SELECT attribute, value, basis FROM need_details")).all()
        assert [tuple(row) for row in rows] == [("ecological_redline", "0", "reported")]


def test_removal_leaves_what_was_reported(demo_engine: Engine, actor: Actor, scope: Scope) -> None:
    with transaction(demo_engine) as session:
        update_project(session, actor, scope, CODE, {"total_investment_yuan": 7})
        save_needs(session, actor, scope, CODE, [NeedEdit("fund.own", 2029, 8)])
    with transaction(demo_engine) as session:
        removed = remove_figures(session, actor, scope)
    assert removed["needs"] > 10_000
    with Session(demo_engine) as session:
        needs = session.execute(text("SELECT required, basis FROM needs")).all()
        assert [tuple(row) for row in needs] == [(8, "reported")]
        project = get_project(session, scope, CODE)
        assert (project["total_investment_yuan"], project["start_month"], project["stage"]) == (7, None, None)
        assert session.execute(text("SELECT count(*) FROM projects WHERE stage_basis = 'reported'")).scalar_one() == 16
        assert status(session) == REMOVED


def test_removal_empties_the_accounts_and_leaves_their_trail(demo_engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(demo_engine) as session:
        pools = list_pools(session, scope)
        assert {pool["basis"] for pool in pools} == {"illustrative"}
        assert min(sum(pool[bucket] for pool in pools) for bucket in ("free", "locked", "granted", "used")) > 0
        entries = session.execute(text("SELECT count(*) FROM ledger_entries")).scalar_one()
    with transaction(demo_engine) as session:
        own = PoolData("OWN", "land", 2026, "450000", "region", "quota", 500, "实", "2026-01-01")
        open_pool(session, actor, scope, own)
        post(session, actor, scope, [Posting("lock", "OWN", 50, "2026-02-01", CODE)])
        removed = remove_figures(session, actor, scope)
    with Session(demo_engine) as session:
        assert [(pool["code"], pool["locked"]) for pool in list_pools(session, scope)] == [("OWN", 50)]
        assert envelope_rows(session, scope) == [] == list_rounds(session, scope)
        assert session.execute(text("SELECT count(*) FROM project_steps")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM ledger_entries")).scalar_one() > entries
    assert min(removed["entries"], removed["pools"], removed["steps"], removed["criteria"]) > 0
    assert [one.code for one in breaches(demo_engine) if not one.warning] == []


def test_init_does_not_bring_removed_figures_back(demo_engine: Engine, actor: Actor, scope: Scope) -> None:
    with transaction(demo_engine) as session:
        remove_figures(session, actor, scope)
    initialise(demo_engine, "demo")
    with Session(demo_engine) as session:
        assert session.execute(text("SELECT count(*) FROM needs")).scalar_one() == 0


BUCKETS = ("free", "locked", "granted", "delivered", "used")
ON = (
    "SELECT COALESCE(SUM(CASE WHEN target = :bucket THEN quantity WHEN source = :bucket THEN -quantity END), 0)"
    " FROM ledger_entries WHERE on_date <= :day"
)


def _standing(session: Session) -> tuple[object, ...]:
    """What the figures come to: pools with what they hold, also on days that are past, envelopes, needs, steps."""
    pools = [
        {name: value for name, value in row.items() if name != "revision"} for row in list_pools(session, EVERYTHING)
    ]
    past = [
        session.execute(text(ON), {"bucket": bucket, "day": day}).scalar_one()
        for bucket in BUCKETS
        for day in ("2025-07-01", "2026-04-01")
    ]
    envelopes = envelope_rows(session, EVERYTHING)
    counted = ("SELECT count(*), sum(required) FROM needs", "SELECT count(*), count(actual_on) FROM project_steps")
    sums = [tuple(session.execute(text(statement)).one()) for statement in counted]
    return pools, past, envelopes, sums, [row["states"] for row in list_rounds(session, EVERYTHING)]


@pytest.fixture
def few(sqlite_engine: Engine, actor: Actor, scope: Scope) -> Engine:
    """A small library with illustrative figures."""
    with transaction(sqlite_engine) as session:
        session.execute(text("DELETE FROM projects WHERE id % 12 <> 0 AND code <> :code"), {"code": CODE})
    with transaction(sqlite_engine) as session:
        assert add_figures(session, actor, scope) > 25
    return sqlite_engine


def test_removed_figures_are_added_again_as_they_were(few: Engine, actor: Actor, scope: Scope) -> None:
    with Session(few) as session:
        first, then = _standing(session), status(session)
    for _ in range(2):
        with transaction(few) as session:
            remove_figures(session, actor, scope)
            assert session.execute(text(ON), {"bucket": "free", "day": "2026-04-01"}).scalar_one() == 0
        with transaction(few) as session:
            assert add_figures(session, actor, scope) > 25
        with Session(few) as session:
            assert (_standing(session), status(session)) == (first, then)
    assert [one.code for one in breaches(few) if not one.warning] == []


def test_figures_are_added_beside_what_is_there(few: Engine, actor: Actor, scope: Scope) -> None:
    """A project without figures gets some; what the others hold, and what was reported, stays as it is."""
    with transaction(few) as session:
        used = sum(row["used"] for row in list_pools(session, scope))
        set_envelope(session, actor, EnvelopeData("region", 2026, 77, "实"))
        fresh = ProjectData(code="GX-2026-0900", name_zh="新建泊位", kind="berth", region_codes=("450600",))
        create_project(session, actor, fresh)
    with transaction(few) as session:
        assert add_figures(session, actor, scope) == 1
    with Session(few) as session:
        assert sum(row["used"] for row in list_pools(session, scope)) == used > 0
        assert newest(session)["region", 2026].own_yuan == 77
        assert len(list_rounds(session, scope)) == 1
    assert [one.code for one in breaches(few) if not one.warning] == []
