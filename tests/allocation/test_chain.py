"""Pools as separate accounts, against plain enumeration: who may draw where, what overflows, what is best."""

import itertools

import pytest

from portfolio.allocation.model.addition import lacking_beside
from portfolio.allocation.model.answer import OPTIMAL, Settings
from portfolio.allocation.model.chain import count_sets, draws, last_pools, sets_with
from portfolio.allocation.model.check import check
from portfolio.allocation.model.linking import linked
from portfolio.allocation.model.problem import Need, Pool, Problem, Project, make_problem
from portfolio.allocation.search.engine import Engine, solve
from portfolio.allocation.search.processes import Crew
from portfolio.scenarios.solving.cut import ranked_projects, ranked_value
from tests.allocation.accounts import PATHS, fits, small

EXACT = Settings(time_limit=30.0, gap=0.0)


def best(problem: Problem) -> float:
    found = 0.0
    longest = problem.terms.max_delay
    ways = [None, *range(longest + 1)]
    for chosen in itertools.product(ways, repeat=len(problem.projects)):
        plan = {
            project.code: delay for project, delay in zip(problem.projects, chosen, strict=True) if delay is not None
        }
        worth = sum(project.value * 0.9 ** plan[project.code] for project in problem.projects if project.code in plan)
        if worth > found and fits(problem, plan):
            found = worth
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_best_is_the_best_of_all(seed: int, crew: Crew) -> None:
    problem = small(seed)
    answer = solve(problem, EXACT, crew=crew)
    assert answer.status == OPTIMAL
    assert answer.value == pytest.approx(best(problem), abs=1e-4)


@pytest.mark.parametrize("seed", range(12, 20))
def test_what_is_drawn_is_what_the_answer_says_and_nothing_is_short(seed: int, crew: Crew) -> None:
    problem = small(seed)
    answer = solve(problem, EXACT, crew=crew)
    delays = {one.project: one.delay for one in answer.decisions if one.delay is not None}
    found, short = draws(problem, delays)
    used = {pool.code: 0 for pool in problem.pools}
    for draw in found:
        used[draw.pool] += draw.quantity
    assert short == {}
    assert used == {use.pool: use.used for use in answer.pools}
    assert all(use.left >= 0 for use in answer.pools)


@pytest.mark.parametrize("seed", range(20, 26))
def test_more_of_one_pool_is_answered_as_if_it_had_been_asked_anew(seed: int, crew: Crew) -> None:
    problem = small(seed)
    limits = {"all-2026": 30, "city-2027": 0}
    pools = tuple(Pool(**{**pool.__dict__, "limit": limits.get(pool.code, pool.limit)}) for pool in problem.pools)
    anew = Problem(**{**{name: getattr(problem, name) for name in problem.__dataclass_fields__}, "pools": pools})
    with Engine(problem, crew) as engine:
        engine.solve(EXACT)
        changed = engine.what_if(limits, EXACT)
    assert changed.value == pytest.approx(best(anew), abs=1e-4)


def test_a_project_of_two_cities_draws_on_the_region_alone() -> None:
    pools = linked([Pool("city", "land", 2026, 9, "450700"), Pool("all", "land", 2026, 9)], PATHS)
    both = Project("P", 1.0, "", regions=frozenset({"450700", "450500"}))
    problem = make_problem([both], [Need("P", "land.built", 2026, 5)], pools, chained=True)
    assert [(draw.pool, draw.quantity) for draw in draws(problem, {"P": 0})[0]] == [("all", 5)]


def test_each_pool_stands_before_the_narrowest_that_holds_it() -> None:
    problem = small(1)
    behind = {pool.code: pool.behind for pool in problem.pools if pool.year == 2026}
    assert behind == {
        "county-2026": "city-2026",
        "city-2026": "all-2026",
        "other-2026": "all-2026",
        "built-2026": "all-2026",
        "all-2026": "",
    }


def test_pools_of_equal_reach_stand_in_a_row() -> None:
    pools = linked([Pool(code, "land", 2026, 1) for code in "BAC"], PATHS)
    assert {pool.code: pool.behind for pool in pools} == {"A": "B", "B": "C", "C": ""}


def test_the_sets_are_those_closed_towards_the_last_pool() -> None:
    problem = small(1)
    last = next(place for place in last_pools(problem) if problem.pools[place].year == 2026)
    found = [frozenset(problem.pools[place].code[:-5] for place in chosen) for chosen in sets_with(problem, last)]
    assert len(found) == len(set(found)) == count_sets(problem, last) == 3 * 2 * 2
    assert all("all" in one and ("county" not in one or "city" in one) for one in found)


@pytest.mark.parametrize(
    "pools",
    [
        (Pool("A", "land", 2026, 1, behind="B"),),
        (Pool("A", "land", 2026, 1, behind="B"), Pool("B", "land", 2027, 1)),
        (Pool("A", "land", 2026, 1, behind="B"), Pool("B", "land.built", 2026, 1, "450700")),
        (Pool("A", "land", 2027, 1, behind="B"), Pool("B", "land", 2026, 1)),
        (Pool("A", "land", 2028, 1, behind="B"), Pool("B", "land", 2026, 1, carries=True)),
        (Pool("A", "land.built", 2027, 1, behind="B"), Pool("B", "land", 2026, 1, carries=True)),
    ],
)
def test_pools_behind_that_do_not_fit_are_findings(pools: tuple[Pool, ...]) -> None:
    problem = make_problem([Project("P", 1.0)], [Need("P", "land.built", 2026, 1)], pools, chained=True)
    assert [one.code for one in check(problem)] == ["allocation_bad_behind"]


def test_too_many_pools_before_one_are_a_finding() -> None:
    cities = [Pool(f"C{place}", "land", 2026, 1, f"45{place:02d}00") for place in range(1, 14)]
    pools = [Pool(**{**pool.__dict__, "behind": "ALL"}) for pool in cities] + [Pool("ALL", "land", 2026, 1)]
    problem = make_problem([Project("P", 1.0)], [Need("P", "land.built", 2026, 1)], pools, chained=True)
    assert [one.code for one in check(problem)] == ["allocation_many_accounts"]


def test_the_ranked_cut_goes_down_the_list_and_skips_what_does_not_fit() -> None:
    projects = [Project("A", 9.0), Project("B", 8.0), Project("C", 7.0), Project("D", 99.0, must=False)]
    needs = [Need(code, "land.built", 2026, quantity) for code, quantity in (("A", 6), ("B", 5), ("C", 4), ("D", 1))]
    problem = make_problem(projects, needs, [Pool("all", "land", 2026, 10)], chained=True)
    assert ranked_projects(problem) == {"A", "C"}
    assert ranked_value(problem) == 16.0


@pytest.mark.parametrize("seed", range(26, 32))
def test_the_answer_is_never_below_the_ranked_cut(seed: int, crew: Crew) -> None:
    problem = small(seed, delay=0)
    answer = solve(problem, EXACT, crew=crew)
    assert answer.value is not None and answer.value >= ranked_value(problem) - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_what_one_lacks_beside_an_answer_is_what_its_draws_are_short_of(seed: int) -> None:
    problem = small(seed, delay=0)
    delays = dict.fromkeys(ranked_projects(problem), 0)
    for project in problem.projects:
        if project.code not in delays:
            assert draws(problem, {**delays, project.code: 0})[1] == lacking_beside(problem, delays, project.code)
