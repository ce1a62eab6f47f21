"""Laws of every answer, on random small problems against plain enumeration."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from portfolio.allocation.model.answer import INFEASIBLE, OPTIMAL, Settings
from portfolio.allocation.search import processes
from portfolio.allocation.search.engine import Engine, solve
from portfolio.allocation.search.processes import Crew
from tests.allocation.plain_checker import Rows, best, faults, values_by_rung
from tests.allocation.problems import plan_of, problem_of, rows

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=[processes.CPSAT, processes.HIGHS])
def leading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either engine leads, also on small problems."""
    if request.param == processes.HIGHS:
        monkeypatch.setattr(processes, "SMALL_COLUMNS", 0)


@LAW
@given(rows())
def test_the_answer_is_the_best_of_all_plans(leading: None, crew: Crew, case: Rows) -> None:
    answer, top = solve(problem_of(case), EXACT, crew=crew), best(case)
    if top is None:
        assert answer.status == INFEASIBLE
        return
    plan = plan_of(answer)
    assert (answer.status, faults(case, plan), values_by_rung(case, plan)) == (OPTIMAL, [], top)


@LAW
@given(rows())
def test_value_lies_between_what_was_found_and_the_bound(crew: Crew, case: Rows) -> None:
    answer = solve(problem_of(case), EXACT, crew=crew)
    if answer.value is not None and answer.bound is not None:
        total = sum(values_by_rung(case, plan_of(answer)))
        assert abs(answer.value - total) < 1e-6
        assert answer.value <= answer.bound + 1e-9


@LAW
@given(rows(pins=False))
def test_the_ranked_cut_is_never_better(crew: Crew, case: Rows) -> None:
    one_rung = replace(case, projects=tuple(replace(project, rung="first") for project in case.projects))
    answer = solve(problem_of(one_rung), EXACT, crew=crew)
    assert answer.value is not None and answer.greedy_value <= answer.value + 1e-9


@LAW
@given(rows())
def test_value_never_falls_when_a_pool_grows(crew: Crew, case: Rows) -> None:
    one_rung = replace(case, projects=tuple(replace(project, rung="first") for project in case.projects))
    with Engine(problem_of(one_rung), crew) as engine:
        before = engine.solve(EXACT)
        pool = one_rung.pools[0]
        after = engine.what_if({pool.code: pool.limit + 4000}, EXACT)
    if before.value is not None:
        assert after.value is not None and after.value >= before.value - 1e-9


@LAW
@given(rows())
def test_value_never_falls_when_a_pin_goes(crew: Crew, case: Rows) -> None:
    one_rung = replace(case, projects=tuple(replace(project, rung="first") for project in case.projects))
    free = replace(one_rung, projects=tuple(replace(project, must=None) for project in one_rung.projects))
    before, after = (solve(problem_of(one), EXACT, crew=crew) for one in (one_rung, free))
    if before.value is not None:
        assert after.value is not None and after.value >= before.value - 1e-9


@LAW
@given(rows(pins=False))
def test_a_lower_rung_never_displaces_a_higher_one(crew: Crew, case: Rows) -> None:
    together = solve(problem_of(case), EXACT, crew=crew)
    higher = tuple(project for project in case.projects if project.rung == "first")
    codes = {project.code for project in higher}
    alone = replace(case, projects=higher, needs=tuple(need for need in case.needs if need.project in codes))
    first = values_by_rung(case, plan_of(together))[0]
    assert first == (best(alone) or (0.0,))[0]


@LAW
@given(rows())
def test_same_inputs_same_answer(crew: Crew, case: Rows) -> None:
    one, other = (solve(problem_of(case), EXACT, crew=crew) for _ in range(2))
    assert one.decisions == other.decisions


@LAW
@given(rows())
def test_time_limit_zero_answers_honestly(crew: Crew, case: Rows) -> None:
    answer = solve(problem_of(case), Settings(time_limit=0.0), crew=crew)
    assert answer.status == "time_limit"
    if answer.value is not None:
        assert faults(case, plan_of(answer)) == []
        top = best(case)
        assert top is not None and answer.bound is not None and sum(top) <= answer.bound + 1e-6
