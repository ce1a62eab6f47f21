"""What would admit a project: the addition told admits it and one unit less does not, for every kind of rule.

Held against plain enumeration of all plans, and against what the product answers when it is solved with the addition.
"""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portfolio.allocation.model.answer import Answer, Settings
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
from portfolio.allocation.search import admitting as rules
from portfolio.allocation.search.additions import Additions
from portfolio.allocation.search.admitting import Admission, Admitting, Bar, in_line
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.processes import Crew
from tests.allocation.accounts import fits, needs_of, small

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
LAND, MONEY = "land.built", "fund.own"
POINTS = 1_000_000
Delays = dict[str, int]
Values = tuple[int, ...]
RULES = ("none", "exclude", "require", "together", "share", "must", "must_not", "rungs", "later", "stability")


def delays_of(answer: Answer) -> Delays:
    return {one.project: one.delay for one in answer.decisions if one.delay is not None}


def ask(engine: Engine) -> Admitting:
    answer = engine.solve(EXACT)
    return Admitting(Additions(engine, engine.columns(answer), lambda: False), delays_of(answer))


def with_rule(seed: int, rule: str) -> Problem:
    """Six projects over county, city and region pools of two years, and one kind of rule."""
    kinds: dict[str, dict[str, Any]] = {
        "exclude": {"groups": (Group("G", EXCLUDE, ("P0", "P1", "P2")),)},
        "require": {"groups": (Group("G", REQUIRE, ("P0", "P1")), Group("H", REQUIRE, ("P2", "P3")))},
        "together": {"groups": (Group("G", TOGETHER, ("P0", "P1")), Group("H", TOGETHER, ("P2", "P3")))},
        "share": {"shares": (Share("450700", "land", 40),)},
        "stability": {"stability": Stability({"P1": 0, "P2": 0}, 4.0)},
    }
    problem = small(seed, 1 if rule == "later" else 0, **kinds.get(rule, {}))
    changed = {"must": ("must", True), "must_not": ("must", False)}.get(rule)
    if changed:
        problem = replace(problem, projects=(replace(problem.projects[0], must=changed[1]), *problem.projects[1:]))
    if rule == "rungs":
        ladder = ("first", "second")
        projects = tuple(replace(one, rung=ladder[place % 2]) for place, one in enumerate(problem.projects))
        problem = replace(problem, projects=projects, terms=replace(problem.terms, rungs=ladder))
    return problem


def kept(problem: Problem, plan: Delays) -> bool:
    """Whether a plan keeps groups, lists and shares, by what they say."""
    for project in problem.projects:
        if project.must is not None and project.must is not (project.code in plan):
            return False
    for group in problem.groups:
        count, first = len(set(plan).intersection(group.projects)), group.projects[0] in plan
        whole = count == len(group.projects)
        if not {EXCLUDE: count <= 1, REQUIRE: whole or not first, TOGETHER: whole or not count}[group.kind]:
            return False
    for share in problem.shares:
        amounts = [(quantity, share.region in one.regions) for one, _, _, quantity in needs_of(problem, plan)]
        if 100 * sum(more for more, here in amounts if here) < share.percent * sum(more for more, _ in amounts):
            return False
    return True


def worth(problem: Problem, plan: Delays) -> Values:
    """Millionths of a point by rung, with what deciding otherwise than approved costs."""
    ladder = (*problem.terms.rungs, "")
    sums = dict.fromkeys(ladder, 0)
    for one in problem.projects:
        rung = one.rung if one.rung in problem.terms.rungs else ""
        if one.code in plan:
            sums[rung] += round(one.value * (1 - problem.terms.delay_loss) ** plan[one.code] * POINTS)
        if problem.stability is not None:
            moved = problem.stability.approved.get(one.code) != plan.get(one.code)
            sums[rung] -= round(problem.stability.cost * POINTS) * moved
    return tuple(sums.values())


class Everything:
    """Every plan that keeps the rules, with its worth; asked which of them fit into more quota."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        ways = [None, *range(problem.terms.max_delay + 1)]
        self.plans = list[tuple[Values, Delays]]()
        for chosen in itertools.product(ways, repeat=len(problem.projects)):
            plan = {one.code: delay for one, delay in zip(problem.projects, chosen, strict=True) if delay is not None}
            if kept(problem, plan):
                self.plans.append((worth(problem, plan), plan))
        self.plans.sort(key=lambda one: one[0], reverse=True)

    def admits_any(self) -> bool:
        """Whether there is a plan that fits."""
        return any(fits(self.problem, plan) for _, plan in self.plans)

    def admits(self, project: str, added: Mapping[str, int]) -> bool:
        """Whether every best plan with an addition holds the project."""
        more = grown(self.problem, added)
        best: Values | None = None
        for value, plan in self.plans:
            if best is not None and value < best:
                break
            if fits(more, plan):
                if project not in plan:
                    return False
                best = value
        return best is not None


def problems(rule: str, count: int = 6) -> list[Problem]:
    """The first problems with a rule that have an answer."""
    drawn = (with_rule(seed, rule) for seed in itertools.count())
    sound = (one for one in drawn if not any(finding.severe for finding in check(one)))
    return list(itertools.islice((one for one in sound if Everything(one).admits_any()), count))


def grown(problem: Problem, added: Mapping[str, int]) -> Problem:
    pools = tuple(replace(pool, limit=pool.limit + added.get(pool.code, 0)) for pool in problem.pools)
    return replace(problem, pools=pools)


def less(added: Mapping[str, int]) -> list[dict[str, int]]:
    """The addition with one unit less, for each of its pools."""
    return [{**added, pool: added[pool] - 1} for pool in added]


@pytest.mark.parametrize("rule", RULES)
def test_the_addition_admits_and_one_unit_less_does_not(crew: Crew, rule: str) -> None:
    verdicts = list[str]()
    for problem in problems(rule):
        with Engine(problem, crew) as engine:
            asked = ask(engine)
            told = [asked.of(one.code, 60.0) for one in problem.projects if one.code not in asked.delays]
        every = Everything(problem)
        for one in told:
            verdicts.append(one.verdict)
            assert not every.admits(one.project, {})
            if one.verdict != rules.ADDED:
                assert not one.addition
                assert not every.admits(one.project, asked.most), one
                continue
            assert one.least
            assert every.admits(one.project, one.addition), one
            assert not any(every.admits(one.project, fewer) for fewer in less(one.addition)), one
            if len(one.addition) == 1:
                ((pool, more),) = one.addition.items()
                assert not any(every.admits(one.project, {pool: fewer}) for fewer in range(more)), one
    assert rules.ADDED in verdicts
    assert rules.OPEN not in verdicts


def values_of(answer: Answer) -> list[float]:
    return [rung.value for rung in answer.rungs]


@pytest.mark.parametrize("rule", RULES)
def test_whoever_solves_with_the_addition_finds_it_in(crew: Crew, rule: str) -> None:
    """The product's own answer to the raised limits holds the project; with one unit less one without it is as good."""
    checked = 0
    for problem in problems(rule, 3):
        limits = {pool.code: pool.limit for pool in problem.pools}
        with Engine(problem, crew) as engine:
            asked = ask(engine)
            for one in in_line(asked, 600.0).waiting:
                raised = {pool: limits[pool] + more for pool, more in one.addition.items()}
                assert one.project in engine.what_if(raised, EXACT).supported
                for pool in raised:
                    fewer = {**raised, pool: raised[pool] - 1}
                    without = engine.what_if(fewer, EXACT, {one.project: False})
                    assert values_of(engine.what_if(fewer, EXACT)) == values_of(without)
                    checked += 1
    assert checked


def plain(*rows: tuple[str, float, int], limit: int, **rest: Any) -> Problem:
    """Projects with a worth and land asked of one pool of 2026."""
    projects = [Project(code, value, within=frozenset({"450700"})) for code, value, _ in rows]
    needs = [Need(code, LAND, 2026, quantity) for code, _, quantity in rows]
    return make_problem(projects, needs, [Pool("LAND", "land", 2026, limit)], chained=True, **rest)


def told(crew: Crew, problem: Problem, project: str, seconds: float = 60.0) -> Admission:
    with Engine(problem, crew) as engine:
        return ask(engine).of(project, seconds)


def test_an_equal_is_admitted_by_what_both_need(crew: Crew) -> None:
    """Of two alike either may be in the answer: the other is sure to be in only when both fit."""
    twins = plain(("A", 5.0, 4), ("B", 5.0, 4), limit=5)
    with Engine(twins, crew) as engine:
        asked = ask(engine)
        ((inside, _),) = asked.delays.items()
        found = asked.of("B" if inside == "A" else "A", 60.0)
    assert (found.verdict, found.addition, found.leaving) == (rules.ADDED, {"LAND": 3}, ())


def test_less_does_where_another_leaves_for_it(crew: Crew) -> None:
    found = told(crew, plain(("PORT", 10.0, 60), ("ROAD", 8.0, 50), ("RAIL", 6.0, 40), limit=100), "ROAD")
    assert (found.addition, found.leaving, found.entering, found.least) == ({"LAND": 10}, ("RAIL",), (), True)


def test_who_is_worth_more_takes_the_addition_first(crew: Crew) -> None:
    """PORT is in; five more units let DOCK in, and only with seven beyond that does ROAD follow."""
    found = told(crew, plain(("PORT", 20.0, 60), ("DOCK", 9.0, 5), ("ROAD", 2.0, 7), limit=60), "ROAD")
    assert (found.addition, found.entering) == ({"LAND": 12}, ("DOCK",))


def test_a_higher_rung_takes_the_addition_first(crew: Crew) -> None:
    problem = plain(("PORT", 10.0, 60), ("DOCK", 1.0, 5), ("ROAD", 90.0, 5), limit=60, terms=Terms(rungs=("a", "b")))
    ladder = {"PORT": "a", "DOCK": "a", "ROAD": "b"}
    problem = replace(problem, projects=tuple(replace(one, rung=ladder[one.code]) for one in problem.projects))
    assert told(crew, problem, "ROAD").addition == {"LAND": 10}


def test_what_excludes_it_is_named_with_what_it_would_cost(crew: Crew) -> None:
    problem = plain(("PORT", 10.0, 60), ("ROAD", 8.0, 50), limit=60, groups=(Group("BANK", EXCLUDE, ("PORT", "ROAD")),))
    found = told(crew, problem, "ROAD")
    assert (found.verdict, found.rules) == (rules.OUTBID, (Bar(EXCLUDE, "BANK", ("PORT",)),))
    assert (found.leaving, found.worth, found.addition) == (("PORT",), 2.0, {})


def test_an_exclusion_gives_way_while_its_rival_does_not_fit(crew: Crew) -> None:
    """PORT is worth more and needs more: with less than it needs ROAD is in, with all of it PORT is."""
    problem = plain(("PORT", 10.0, 60), ("ROAD", 8.0, 50), limit=40, groups=(Group("BANK", EXCLUDE, ("PORT", "ROAD")),))
    assert told(crew, problem, "ROAD").addition == {"LAND": 10}
    assert told(crew, problem, "PORT").addition == {"LAND": 20}


def test_a_rule_that_leaves_no_answer_with_it_is_named(crew: Crew) -> None:
    problem = plain(
        ("PORT", 10.0, 60), ("ROAD", 8.0, 50), limit=120, groups=(Group("BANK", EXCLUDE, ("PORT", "ROAD")),)
    )
    port, road = problem.projects
    found = told(crew, replace(problem, projects=(replace(port, must=True), road)), "ROAD")
    assert found.verdict == rules.FORBIDDEN
    assert set(found.rules) == {Bar("must", "PORT"), Bar(EXCLUDE, "BANK", ("PORT",))}
    veto = told(crew, replace(problem, projects=(port, replace(road, must=False))), "ROAD")
    assert (veto.verdict, veto.rules) == (rules.FORBIDDEN, (Bar("must_not", "ROAD"),))


def test_the_addition_of_a_pair_lets_both_in(crew: Crew) -> None:
    problem = plain(("A", 9.0, 5), ("B", 3.0, 4), ("C", 1.0, 9), limit=5, groups=(Group("G", REQUIRE, ("B", "C")),))
    found = told(crew, problem, "B")
    assert (found.addition, found.entering) == ({"LAND": 13}, ("C",))


def test_a_least_share_is_met_by_a_project_of_the_region(crew: Crew) -> None:
    """OUTER lies elsewhere: half of all land must go to the city, so it needs INNER beside it, and land for both."""
    problem = plain(("INNER", 1.0, 10), ("OUTER", 9.0, 10), limit=10, shares=(Share("450700", "land", 50),))
    inner, outer = problem.projects
    problem = replace(
        problem, projects=(replace(inner, regions=frozenset({"450700"})), replace(outer, within=frozenset()))
    )
    found = told(crew, problem, "OUTER")
    assert (found.verdict, found.addition) == (rules.ADDED, {"LAND": 10})


def test_each_of_several_pools_is_told_its_least(crew: Crew) -> None:
    needs = [Need("A", LAND, 2026, 5), Need("B", LAND, 2026, 4), Need("B", MONEY, 2026, 700)]
    pools = [Pool("LAND", "land", 2026, 6), Pool("OWN", MONEY, 2026, 100)]
    problem = make_problem([Project("A", 9.0), Project("B", 3.0)], needs, pools, chained=True)
    found = told(crew, problem, "B")
    assert (dict(found.addition), found.least) == ({"LAND": 3, "OWN": 600}, True)


def test_what_adds_no_value_needs_no_quota(crew: Crew) -> None:
    found = told(crew, plain(("A", 9.0, 5), ("B", 0.0, 4), limit=20), "B")
    assert (found.verdict, found.addition) == (rules.WORTHLESS, {})


def test_an_answer_that_missed_it_within_its_gap_needs_no_addition(crew: Crew) -> None:
    with Engine(plain(("A", 9.0, 5), ("B", 3.0, 4), limit=9), crew) as engine:
        kept = engine.columns(engine.what_if({}, EXACT, {"B": False}))
        found = Admitting(Additions(engine, kept, lambda: False), {"A": 0}).of("B", 60.0)
    assert (found.verdict, found.addition) == (rules.ENOUGH, {})


def test_without_time_nothing_is_claimed(crew: Crew) -> None:
    problem = plain(("A", 9.0, 5), ("B", 3.0, 4), limit=5)
    assert told(crew, problem, "B", 0.0) == Admission("B", rules.OPEN, {})
    with Engine(problem, crew) as engine:
        line = in_line(ask(engine), 0.0)
    assert (line.waiting, line.asked, line.open) == ((), 0, 1)


def test_only_the_first_in_line_are_asked_when_no_more_are_wanted(crew: Crew) -> None:
    problem = plain(*((f"P{place}", 1.0, 10 + place) for place in range(5)), limit=5)
    with Engine(problem, crew) as engine:
        line = in_line(ask(engine), 600.0, 2)
        whole = in_line(ask(engine), 600.0)
    assert ([one.project for one in line.waiting], line.asked, line.open) == (["P0", "P1"], 2, 3)
    assert ([one.project for one in whole.waiting], whole.open) == ([f"P{place}" for place in range(5)], 0)
