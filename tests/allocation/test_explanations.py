"""Explanations hold when solved again or checked in whole numbers by plain arithmetic."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from portfolio.allocation.model.answer import Answer, Settings
from portfolio.allocation.model.problem import (
    EXCLUDE,
    Group,
    Need,
    Pool,
    Project,
)
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.processes import Crew
from portfolio.allocation.search.ranked import ranked_cut
from portfolio.core.errors import NotFoundError
from portfolio.scenarios.solving.explaining import admission, curve, money_frontier
from tests.allocation.plain_checker import Rows, faults
from tests.allocation.problems import plan_of, problem_of, rows

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LAND, FIRST = "land.agri.garden", "continuing"
HECTARES = 10_000

THREE = Rows(
    (Project("PORT", 10.0), Project("ROAD", 8.0), Project("RAIL", 6.0)),
    (
        Need("PORT", LAND, 2026, 60),
        Need("ROAD", LAND, 2026, 50),
        Need("RAIL", LAND, 2026, 40),
    ),
    (Pool("LAND-26", LAND, 2026, 100), Pool("LAND-27", LAND, 2027, 45)),
)


def delays_of(answer: Answer) -> dict[str, int]:
    return {one.project: one.delay for one in answer.decisions if one.delay is not None}


def told_of(engine: Engine, delays: dict[str, int], project: str) -> dict[str, Any]:
    value = sum(one.value for one in engine.problem.projects if one.code in delays)
    return admission(engine, engine.problem, delays, (value, {}), project, EXACT, lambda: False)


def asked_of(engine: Engine) -> tuple[dict[str, int], float]:
    """What the questions about pools and money are given after the engine and its problem."""
    answer = engine.solve(EXACT)
    assert answer.value is not None
    return delays_of(answer), answer.value


def test_what_keeps_a_project_out_and_what_lets_it_in(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        answer = engine.solve(EXACT)
        told = told_of(engine, delays_of(answer), "ROAD")
        again = told_of(engine, delays_of(answer), "PORT")
    assert answer.supported == ("PORT", "RAIL")
    assert (told["refusing"], told["admission"]["addition"], told["earliest"]) == (["LAND-26"], {"LAND-26": 10}, None)
    assert (told["admission"]["leaving"], told["admission"]["least"]) == (("RAIL",), True)
    assert (told["leaving"], told["entering"], told["loss"]) == (["PORT"], [], 2.0)
    assert again == {"project": "PORT", "inside": True}


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


@pytest.mark.parametrize("max_delay", [0, 1])
def test_a_project_of_a_lower_rung_is_forced_in_also_where_it_may_be_put_off(crew: Crew, max_delay: int) -> None:
    case = replace(
        THREE,
        projects=(Project("PORT", 10.0, FIRST), Project("ROAD", 8.0, "idea")),
        rungs=(FIRST, "idea"),
        needs=THREE.needs[:2],
        max_delay=max_delay,
    )
    with Engine(problem_of(case), crew) as engine:
        engine.solve(EXACT)
        forced = engine.what_if({}, EXACT, {"ROAD": True})
    assert (forced.status, forced.supported) == ("optimal", ("ROAD",))


def test_the_earliest_year_in_which_it_fits(crew: Crew) -> None:
    later = replace(THREE, max_delay=1, loss=0.95, pools=(THREE.pools[0], Pool("LAND-27", LAND, 2027, 50)))
    with Engine(problem_of(later), crew) as engine:
        answer = engine.solve(EXACT)
        pinned = engine.what_if({}, EXACT, {"ROAD": False})
        told = told_of(engine, delays_of(pinned), "ROAD")
    assert answer.supported == ("PORT", "ROAD", "RAIL")
    assert told["earliest"] == 1


def test_no_quota_helps_against_an_exclusion(crew: Crew) -> None:
    excluded = replace(THREE, groups=(Group("BANK", EXCLUDE, ("PORT", "ROAD")),))
    with Engine(problem_of(excluded), crew) as engine:
        answer = engine.solve(EXACT)
        told = told_of(engine, delays_of(answer), "ROAD")
    assert {one.project: one.reason.code for one in answer.decisions}["ROAD"] == "excluded"
    assert told["earliest"] is None
    assert (told["admission"]["verdict"], told["admission"]["addition"]) == ("outbid", {})
    assert told["admission"]["rules"] == ({"rule": EXCLUDE, "name": "BANK", "projects": ("PORT",)},)


@LAW
@given(rows(pins=False))
def test_the_refusing_pools_are_those_that_would_be_exceeded(crew: Crew, case: Rows) -> None:
    with Engine(problem_of(case), crew) as engine:
        answer = engine.solve(EXACT)
        plan = plan_of(answer)
        for project in case.projects:
            reason = {one.project: one.reason for one in answer.decisions}[project.code]
            if plan[project.code] is None and reason.code == "pools":
                joined = {**plan, project.code: (0, project.least_phases)}
                broken = {fault.split()[1] for fault in faults(case, joined)}
                assert set(reason.params["pools"].split(", ")) == broken


def test_a_pools_curve_rises_with_what_it_buys(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        found = curve(engine, engine.problem, *asked_of(engine), "LAND-26", EXACT, lambda: False)
    assert (found["pool"], found["step"]) == ("LAND-26", 100 * HECTARES)
    values = [(step["limit"], step["value"], step["entering"]) for step in found["steps"]]
    assert values[0] == (100, 16.0, [])
    assert values[1:] == [(100 + 1_000_000 * count, 24.0, ["ROAD"]) for count in range(1, 6)]


def test_the_frontier_of_money_never_falls_on_one_rung(crew: Crew) -> None:
    money = replace(
        THREE,
        needs=tuple(replace(need, item="fund.own") for need in THREE.needs),
        pools=(Pool("OWN", "fund.own", 2026, 100),),
    )
    with Engine(problem_of(money), crew) as engine:
        found = money_frontier(engine, engine.problem, *asked_of(engine), EXACT, lambda: False)
    points = {point["percent"]: point["value"] for point in found["points"]}
    assert [points[percent] for percent in (50, 75, 100, 110, 150)] == [8.0, 10.0, 16.0, 18.0, 24.0]


def test_the_ranked_list_takes_each_that_fits(crew: Crew) -> None:
    tight = replace(THREE, pools=(Pool("LAND-26", LAND, 2026, 105),))
    with Engine(problem_of(tight), crew) as engine:
        columns = ranked_cut(engine.model, engine.state.program)
        inside = [engine.problem.projects[place].code for place in engine.model.ways.project[columns]]
        assert engine.solve(EXACT).value == 16.0
    assert inside == ["PORT", "RAIL"]


def test_an_unknown_project_or_pool_is_refused_by_name(crew: Crew) -> None:
    with Engine(problem_of(THREE), crew) as engine:
        with pytest.raises(NotFoundError):
            told_of(engine, {}, "NONE")
        with pytest.raises(NotFoundError):
            curve(engine, engine.problem, {}, 0.0, "NONE", EXACT, lambda: False)
