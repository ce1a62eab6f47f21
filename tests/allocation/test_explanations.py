"""Explanations hold when solved again or checked in whole numbers by plain arithmetic."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from portfolio.allocation.model.answer import Settings
from portfolio.allocation.model.problem import EXCLUDE, Group, Need, Pool, Project
from portfolio.allocation.search.admission import explain, smallest_additions
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.frontier import compared, money_frontier, next_in_line, pool_curve
from portfolio.allocation.search.processes import Crew
from portfolio.core.errors import NotFoundError
from portfolio.scenarios.solving.explaining import admission
from tests.allocation.plain_checker import Rows, faults
from tests.allocation.problems import plan_of, problem_of, rows

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LAND, FIRST = "land.agri.garden", "continuing"

THREE = Rows(
    (Project("PORT", 10.0), Project("ROAD", 8.0), Project("RAIL", 6.0)),
    (
        Need("PORT", LAND, 2026, 60),
        Need("ROAD", LAND, 2026, 50),
        Need("RAIL", LAND, 2026, 40),
    ),
    (Pool("LAND-26", LAND, 2026, 100), Pool("LAND-27", LAND, 2027, 45)),
)


def grown(case: Rows, added: dict[str, int]) -> Rows:
    return replace(case, pools=tuple(replace(pool, limit=pool.limit + added.get(pool.code, 0)) for pool in case.pools))


def test_what_keeps_a_project_out_and_what_lets_it_in(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        answer = engine.solve(EXACT)
        told = explain(engine, answer, "ROAD", EXACT)
    assert answer.supported == ("PORT", "RAIL")
    assert (told.refusing, told.addition, told.earliest_delay) == ({"LAND-26": 50}, {"LAND-26": 50}, None)
    assert (told.leaving, told.entering, told.loss) == (("PORT",), (), 2.0)


def test_what_a_higher_rung_would_lose_is_told_beside_what_lower_ones_gain(crew: Crew) -> None:
    case = replace(
        THREE,
        projects=tuple(Project(*one) for one in (("PORT", 10.0, FIRST), ("ROAD", 9.0, FIRST), ("RAIL", 6.0, "ready"))),
        rungs=(FIRST, "ready"),
        needs=(Need("PORT", LAND, 2026, 100), Need("ROAD", LAND, 2026, 50), Need("RAIL", LAND, 2026, 50)),
    )
    with Engine(problem_of(case), crew) as engine:
        answer = engine.solve(EXACT)
        stood = (10.0, {FIRST: 10.0})
        told = admission(engine, problem_of(case), {"PORT": 0}, stood, "ROAD", EXACT, lambda: False)
    assert answer.supported == ("PORT",)
    assert (told["leaving"], told["entering"], told["loss"]) == (["PORT"], ["RAIL"], -5.0)
    assert told["rungs"] == [(FIRST, -1.0), ("ready", 6.0)]


def test_the_earliest_year_in_which_it_fits(crew: Crew) -> None:
    later = replace(THREE, max_delay=1, loss=0.95, pools=(THREE.pools[0], Pool("LAND-27", LAND, 2027, 50)))
    with Engine(problem_of(later), crew) as engine:
        answer = engine.solve(EXACT)
        pinned = engine.what_if({}, EXACT, {"ROAD": False})
        told = explain(engine, pinned, "ROAD", EXACT)
    assert answer.supported == ("PORT", "ROAD", "RAIL")
    assert told.earliest_delay == 1


def test_no_quota_helps_against_an_exclusion(crew: Crew) -> None:
    excluded = replace(THREE, groups=(Group("BANK", EXCLUDE, ("PORT", "ROAD")),))
    with Engine(problem_of(excluded), crew) as engine:
        answer = engine.solve(EXACT)
        told = explain(engine, answer, "ROAD", EXACT)
    assert {one.project: one.reason.code for one in answer.decisions}["ROAD"] == "excluded"
    assert told.addition is None


@LAW
@given(rows(pins=False))
def test_the_addition_admits_and_one_unit_less_does_not(crew: Crew, case: Rows) -> None:
    with Engine(problem_of(case), crew) as engine:
        answer = engine.solve(EXACT)
        for project in case.projects:
            plan = plan_of(answer)
            if plan[project.code] is not None:
                continue
            addition = dict(explain(engine, answer, project.code, EXACT).addition or {})
            joined = {**plan, project.code: (0, project.least_phases)}
            assert faults(grown(case, addition), joined) == []
            for pool in addition:
                assert faults(grown(case, {**addition, pool: addition[pool] - 1}), joined) != []


@LAW
@given(rows(pins=False))
def test_the_refusing_pools_are_those_that_would_be_exceeded(crew: Crew, case: Rows) -> None:
    with Engine(problem_of(case), crew) as engine:
        answer = engine.solve(EXACT)
        plan = plan_of(answer)
        for project in case.projects:
            if plan[project.code] is None:
                refusing = explain(engine, answer, project.code, EXACT).refusing
                joined = {**plan, project.code: (0, project.least_phases)}
                assert {f"pool {pool} by {over}" for pool, over in refusing.items()} == set(faults(case, joined))


def test_a_pools_curve_rises_with_what_it_buys(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        answer = engine.solve(EXACT)
        curve = pool_curve(engine, answer, "LAND-26", steps=3, step=10, settings=EXACT)
        line = next_in_line(engine, answer, (110, 150), EXACT)
    assert [(step.value, step.entering) for step in curve] == [(18.0, ("ROAD",)), (18.0, ("ROAD",)), (18.0, ("ROAD",))]
    assert line == (("ROAD", 110),)


def test_the_next_in_line_is_let_in_by_the_smallest_addition(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        answer = engine.solve(EXACT)
        line = smallest_additions(engine, answer)
        for one in line:
            (pool, more) = next(iter(one.addition.items()))
            held = engine.problem.pools[engine.problem.pool_place[pool]].limit
            pins = dict.fromkeys(answer.supported, True) | {one.project: True}
            assert engine.what_if({pool: held + more}, EXACT, pins).value is not None
            assert engine.what_if({pool: held + more - 1}, EXACT, pins).value is None
    assert [one.project for one in line] == ["ROAD"]


def test_the_frontier_of_money_never_falls(crew: Crew) -> None:
    money = replace(
        THREE,
        needs=tuple(replace(need, item="fund.own") for need in THREE.needs),
        pools=(Pool("OWN", "fund.own", 2026, 100),),
    )
    with Engine(problem_of(money), crew) as engine:
        answer = engine.solve(EXACT)
        steps = money_frontier(engine, answer, (100, 110, 150), EXACT)
    assert [step.value for step in steps] == [16.0, 18.0, 24.0]


def test_compared_with_the_ranked_list(crew: Crew) -> None:
    tight = replace(THREE, pools=(Pool("LAND-26", LAND, 2026, 105),))
    with Engine(problem_of(tight), crew) as engine:
        answer = engine.solve(EXACT)
        found = compared(engine, answer)
    assert [(one.how, one.value, one.projects, one.quantities["land"]) for one in found] == [
        ("optimised", 16.0, 2, 100),
        ("skip", 16.0, 2, 100),
        ("stop", 10.0, 1, 60),
    ]


def test_an_unknown_project_or_pool_is_refused_by_name(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        answer = engine.solve(EXACT)
        with pytest.raises(NotFoundError):
            explain(engine, answer, "NONE", EXACT)
        with pytest.raises(NotFoundError):
            pool_curve(engine, answer, "NONE")
