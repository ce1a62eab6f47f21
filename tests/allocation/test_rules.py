"""Each rule by a small named case, read as what it means for an office."""

import random
from dataclasses import replace
from typing import Any

import pytest

from portfolio.allocation.model.answer import FAILED, INFEASIBLE, INVALID, OPTIMAL, STOPPED, Answer, Progress, Settings
from portfolio.allocation.model.check import check
from portfolio.allocation.model.problem import (
    EXCLUDE,
    REQUIRE,
    TOGETHER,
    Group,
    Need,
    Pool,
    Problem,
    Project,
    Share,
    Stability,
    Terms,
    make_problem,
)
from portfolio.allocation.search import processes
from portfolio.allocation.search.engine import Engine, solve
from portfolio.allocation.search.processes import Crew
from portfolio.allocation.search.rungs import whole_bound

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
MONEY, CITY, LAND = "fund.local_budget.region", "fund.local_budget.city", "land.agri.garden"
QINZHOU = frozenset({"450700"})


def two(first: float = 3.0, second: float = 2.0, **rest: Any) -> Problem:
    """Two projects that ask for one pool, which has room for either."""
    needs = [Need("A", MONEY, 2026, 10), Need("B", MONEY, 2026, 10)]
    return make_problem([Project("A", first), Project("B", second)], needs, [Pool("K", MONEY, 2026, 10)], **rest)


def reasons(answer: Answer) -> dict[str, str]:
    return {one.project: one.reason.code for one in answer.decisions}


def test_the_pool_has_room_for_the_better_one(crew: Crew) -> None:
    answer = solve(two(), EXACT, crew=crew)
    assert (answer.supported, answer.value, reasons(answer)["B"]) == (("A",), 3.0, "pools")
    assert (answer.pools[0].used, answer.pools[0].left) == (10, 0)


def test_what_a_float_may_err_by_is_no_gap() -> None:
    """At thousands of points a bound's error is worth more than the last unit of a value; a unit more is a gap."""
    assert whole_bound(2_890_410_137.4, 2_890_410_135) == 2_890_410_135
    assert whole_bound(2_890_410_145.0, 2_890_410_135) == 2_890_410_147
    assert whole_bound(11.0, 10) == 11
    assert whole_bound(10.9999, 10) == 10


def test_what_is_put_off_loses_its_part_and_says_which_pool_was_full(crew: Crew) -> None:
    problem = two(terms=Terms(1, 0.1))
    later = replace(problem, pools=(*problem.pools, Pool("K27", MONEY, 2027, 10)))
    answer = solve(later, EXACT, crew=crew)
    put_off = answer.decisions[1]
    assert (answer.value, put_off.delay, put_off.reason.params["pools"]) == (4.8, 1, "K")


def test_a_year_without_pools_is_not_a_way_out(crew: Crew) -> None:
    answer = solve(two(terms=Terms(3, 0.1)), EXACT, crew=crew)
    assert answer.supported == ("A",)


def test_a_rest_is_carried_over_and_only_forward(crew: Crew) -> None:
    projects, pools = [Project("A", 1.0)], [Pool("K26", MONEY, 2026, 6, carries=True), Pool("K27", MONEY, 2027, 5)]
    forward = make_problem(projects, [Need("A", MONEY, 2027, 11)], pools)
    back = make_problem(projects, [Need("A", MONEY, 2026, 7)], pools)
    kept = replace(forward, pools=(replace(pools[0], carries=False), pools[1]))
    assert [solve(one, EXACT, crew=crew).supported for one in (forward, back, kept)] == [("A",), (), ()]
    assert solve(forward, EXACT, crew=crew).pools[1].carried_in == 6


def test_a_pool_of_a_node_that_spans_levels_binds_its_own_level(crew: Crew) -> None:
    needs = [Need("A", CITY, 2026, 10)]
    of_region = make_problem([Project("A", 1.0)], needs, [Pool("K", "fund.local_budget", 2026, 5, level="region")])
    of_city = replace(of_region, pools=(replace(of_region.pools[0], level="city"),))
    of_all = replace(of_region, pools=(replace(of_region.pools[0], level=""),))
    answers = [solve(one, EXACT, crew=crew) for one in (of_region, of_city, of_all)]
    assert [answer.supported for answer in answers] == [("A",), (), ()]
    assert [finding.code for finding in answers[0].findings] == ["allocation_uncovered"]


def test_a_citys_pool_and_the_regions_both_bind(crew: Crew) -> None:
    projects = [Project("A", 3.0, regions=QINZHOU), Project("B", 2.0)]
    needs = [Need("A", LAND, 2026, 10), Need("B", LAND, 2026, 10)]
    pools = [Pool("ALL", LAND, 2026, 20), Pool("CITY", LAND, 2026, 9, "450700", "city")]
    answer = solve(make_problem(projects, needs, pools), EXACT, crew=crew)
    assert (answer.supported, answer.decisions[0].reason.params["pools"]) == (("B",), "CITY")


def test_pins_come_before_value(crew: Crew) -> None:
    problem = two()
    pinned = replace(problem, projects=(problem.projects[0], replace(problem.projects[1], must=True)))
    barred = replace(problem, projects=(replace(problem.projects[0], must=False), problem.projects[1]))
    assert [solve(one, EXACT, crew=crew).supported for one in (pinned, barred)] == [("B",), ("B",)]


@pytest.mark.parametrize(("kind", "expected"), [(EXCLUDE, ("A", "C")), (TOGETHER, ("C",)), (REQUIRE, ("B", "C"))])
def test_groups(crew: Crew, kind: str, expected: tuple[str, ...]) -> None:
    needs = [Need("A", MONEY, 2026, 6), Need("B", MONEY, 2026, 6), Need("C", MONEY, 2026, 1)]
    limit = 20 if kind == EXCLUDE else 7
    projects = [Project("A", 3.0), Project("B", 2.0), Project("C", 1.0)]
    problem = make_problem(projects, needs, [Pool("K", MONEY, 2026, limit)], groups=(Group("G", kind, ("A", "B")),))
    assert solve(problem, EXACT, crew=crew).supported == expected


def test_a_city_gets_its_share(crew: Crew) -> None:
    projects = [Project("A", 9.0), Project("B", 1.0, regions=QINZHOU)]
    needs = [Need("A", MONEY, 2026, 10), Need("B", MONEY, 2026, 5)]
    shares = (Share("450700", "fund", 30),)
    problem = make_problem(projects, needs, [Pool("K", MONEY, 2026, 15)], shares=shares)
    without = replace(problem, projects=(projects[0], replace(projects[1], must=False)))
    assert [solve(one, EXACT, crew=crew).supported for one in (problem, without)] == [("A", "B"), ()]


def test_phases_are_supported_from_the_first_on(crew: Crew) -> None:
    project = Project("A", 10.0, phases=(0.6, 0.4))
    needs = [Need("A", MONEY, 2026, 6, 1), Need("A", MONEY, 2026, 6, 2)]
    problem = make_problem([project], needs, [Pool("K", MONEY, 2026, 10)])
    whole = replace(problem, projects=(replace(project, least_phases=2),))
    part = solve(problem, EXACT, crew=crew)
    assert (part.value, part.decisions[0].phases, part.decisions[0].reason.code) == (6.0, 1, "phased")
    assert solve(whole, EXACT, crew=crew).supported == ()


def test_what_was_approved_stays_unless_the_change_is_worth_it(crew: Crew) -> None:
    kept = two(stability=Stability({"B": 0}, 1.0))
    changed = two(stability=Stability({"B": 0}, 0.4))
    answers = [solve(one, EXACT, crew=crew) for one in (kept, changed)]
    assert [answer.supported for answer in answers] == [("B",), ("A",)]
    assert [answer.value for answer in answers] == [2.0, pytest.approx(2.2)]


def test_rungs_come_before_value(crew: Crew) -> None:
    problem = two(1.0, 100.0)
    ranked = replace(
        problem,
        projects=(replace(problem.projects[0], rung="continuing"), replace(problem.projects[1], rung="preparatory")),
    )
    answer = solve(ranked, EXACT, crew=crew)
    assert (answer.supported, [rung.rung for rung in answer.rungs]) == (("A",), ["continuing", "preparatory"])


def test_a_conflict_is_named_and_each_part_of_it_is_needed(crew: Crew) -> None:
    problem = two()
    asked = tuple(replace(project, must=True) for project in problem.projects)
    third = Project("C", 1.0, must=True)
    problem = make_problem(
        [*asked, third],
        [Need("A", MONEY, 2026, 10), Need("B", MONEY, 2026, 10), Need("C", MONEY, 2026, 0)],
        problem.pools,
    )
    answer = solve(problem, EXACT, crew=crew)
    named = {(reason.code, reason.params["value"]) for reason in answer.conflict}
    assert answer.status == INFEASIBLE
    assert named == {("conflict_must", "A"), ("conflict_must", "B"), ("conflict_pool", "K")}
    for code in ("A", "B"):
        freed = tuple(replace(one, must=None) if one.code == code else one for one in problem.projects)
        assert solve(replace(problem, projects=freed), EXACT, crew=crew).value is not None


def hard(count: int = 100, pools: int = 30) -> Problem:
    """A knapsack that no engine proves in seconds."""
    draw = random.Random(1)
    asks = {(p, k): draw.randint(0, 1000) for p in range(count) for k in range(pools)}
    value = [sum(asks[p, k] for k in range(pools)) // pools + draw.randint(0, 500) for p in range(count)]
    limits = [Pool(f"K{k}", MONEY, 2026 + k, sum(asks[p, k] for p in range(count)) // 2) for k in range(pools)]
    needs = [Need(f"P{p}", MONEY, 2026 + k, amount) for (p, k), amount in asks.items()]
    return make_problem([Project(f"P{p}", float(value[p])) for p in range(count)], needs, limits)


def test_a_stop_keeps_the_best_found(crew: Crew) -> None:
    seen: list[Progress] = []
    answer = solve(hard(), EXACT, seen.append, lambda: len(seen) > 3, crew)
    assert answer.status == STOPPED
    assert answer.value is not None and answer.value > answer.greedy_value
    assert answer.bound is not None and answer.value < answer.bound
    assert [progress.value for progress in seen] == sorted(progress.value or 0 for progress in seen)


def test_a_child_that_is_gone_leaves_the_best_found() -> None:
    with Crew() as mortal:
        answer = solve(hard(), EXACT, lambda progress: mortal.drop("cpsat"), crew=mortal)
    assert answer.status == FAILED
    assert answer.value is not None and answer.value >= answer.greedy_value


@pytest.mark.parametrize("leading", [processes.CPSAT, processes.HIGHS])
def test_one_yuan_too_many_is_too_many(crew: Crew, monkeypatch: pytest.MonkeyPatch, leading: str) -> None:
    """Three needs exceed a pool of 9·10¹¹ yuan by six, less than a solver's tolerance."""
    if leading == processes.HIGHS:
        monkeypatch.setattr(processes, "SMALL_COLUMNS", 0)
    needs = [Need(code, MONEY, 2026, 300_000_000_001 + extra) for code, extra in (("A", 0), ("B", 1), ("C", 2))]
    projects = [Project(code, value) for code, value in (("A", 3.0), ("B", 2.0), ("C", 1.0))]
    problem = make_problem(projects, needs, [Pool("K", MONEY, 2026, 900_000_000_000)])
    answer = solve(problem, EXACT, crew=crew)
    assert (answer.status, answer.supported) == (OPTIMAL, ("A", "B"))


def test_nothing_asked_and_nothing_given(crew: Crew) -> None:
    nobody = solve(make_problem([], [], []), EXACT, crew=crew)
    unbound = solve(make_problem([Project("A", 1.0)], [], []), EXACT, crew=crew)
    assert [(one.status, one.value, one.supported) for one in (nobody, unbound)] == [
        (OPTIMAL, 0.0, ()),
        (OPTIMAL, 1.0, ("A",)),
    ]


def test_a_pin_against_an_order_is_infeasible(crew: Crew) -> None:
    problem = two()
    barred = replace(problem, projects=(replace(problem.projects[0], must=False), problem.projects[1]))
    with Engine(barred, crew) as engine:
        engine.solve(EXACT)
        pinned = engine.what_if({}, EXACT, {"A": True})
    assert (pinned.status, pinned.value, pinned.conflict) == (INFEASIBLE, None, ())


def test_two_projects_of_one_code_are_a_finding(crew: Crew) -> None:
    problem = two()
    doubled = replace(problem, projects=(problem.projects[0], replace(problem.projects[1], code="A")))
    answer = solve(doubled, EXACT, crew=crew)
    assert (answer.status, [finding.code for finding in answer.findings]) == (INVALID, ["allocation_doubled_project"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"projects": (Project("A", float("nan")), Project("B", 1.0))}, "allocation_bad_value"),
        ({"projects": (Project("A", -1.0), Project("B", 1.0))}, "allocation_bad_value"),
        ({"pools": (Pool("K", MONEY, 2026, -1),)}, "allocation_bad_limit"),
        ({"pools": (Pool("K", "fund.moon", 2026, 1),)}, "allocation_unknown_item"),
        ({"pools": (Pool("K", MONEY, 2026, 1), Pool("K", MONEY, 2027, 1))}, "allocation_doubled_pool"),
        ({"groups": (Group("G", EXCLUDE, ("A", "Z")),)}, "allocation_unknown_project"),
        ({"groups": (Group("G", "rival", ("A", "B")),)}, "allocation_bad_group"),
        ({"terms": Terms(-1)}, "allocation_bad_delay"),
        ({"terms": Terms(1, 1.0)}, "allocation_bad_loss"),
        ({"shares": (Share("450700", "fund", 101),)}, "allocation_bad_share"),
        ({"stability": Stability({}, -1.0)}, "allocation_bad_cost"),
        ({"projects": (Project("A", 1.0, phases=(0.5, 0.6)), Project("B", 1.0))}, "allocation_bad_phases"),
    ],
)
def test_bad_input_is_named(change: dict[str, Any], code: str) -> None:
    assert [finding.code for finding in check(replace(two(), **change))] == [code]


def test_a_must_project_without_needs_is_named() -> None:
    problem = make_problem([Project("A", 1.0, must=True)], [], [Pool("K", MONEY, 2026, 1)])
    assert [finding.code for finding in check(problem)] == ["allocation_must_without_needs"]


def test_doubled_needs_are_named() -> None:
    needs = [Need("A", MONEY, 2026, 1), Need("A", MONEY, 2026, 2)]
    problem = make_problem([Project("A", 1.0)], needs, [Pool("K", MONEY, 2026, 1)])
    assert [finding.code for finding in check(problem)] == ["allocation_doubled_need"]


def test_a_changed_pool_is_answered_from_the_last_answer(crew: Crew) -> None:
    with Engine(two(), crew) as engine:
        engine.solve(EXACT)
        more, less = engine.what_if({"K": 20}, EXACT), engine.what_if({"K": 9}, EXACT)
        pinned = engine.what_if({}, EXACT, {"B": True})
    assert [one.supported for one in (more, less, pinned)] == [("A", "B"), (), ("B",)]
