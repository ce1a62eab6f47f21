"""Rolling forward as a pure function: nothing lost, sums kept, the same inputs the same edition."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.projects.rules.works import Works
from portfolio.rolling.rules.carrying import spread
from portfolio.rolling.rules.closing import Past
from portfolio.rolling.rules.editions import CARRIES, batch_fits, category, rule_values, rung
from portfolio.rolling.rules.roll import Calendar, Inputs, ParentEntry, ProjectFacts
from tests.rolling.whole import roll

RULES = rule_values()
FUND, LAND = "fund.own", "land.built"


def facts(code: str = "P1", **given: Any) -> ProjectFacts:
    values = {"stage": "under_construction", "start_month": "2024-03", "finish_month": "2028-06", "total_yuan": 100}
    return ProjectFacts(code, **{**values, **given})


def entry(code: str = "P1", needs: dict[tuple[str, int], int] | None = None, **given: Any) -> ParentEntry:
    values = {"category": "continuing", "start_month": "2024-03", "finish_month": "2028-06", "total_yuan": 100}
    return ParentEntry(code, **{**values, **given}, needs=needs or {})


def rolled(parent: list[ParentEntry], library: list[ProjectFacts], **given: Any) -> dict[str, Any]:
    calendar = Calendar(2027, 3, 2026)
    past = {code: Past(cells) for code, cells in given.get("actuals", {}).items()}
    inputs = Inputs(calendar, RULES, parent, library, given.get("needs", {}), past)
    return {one.code: one for one in roll(inputs)}


@pytest.mark.parametrize(
    ("stage", "start", "finish", "expected"),
    [
        ("under_construction", "2024-03", "2028-06", "continuing"),
        ("under_construction", "2024-03", "2027-12", "completing"),
        ("under_construction", "2024-03", "2026-12", "completing"),
        ("ready", "2027-01", "2029-06", "new_start"),
        ("ready", "2027-01", "2027-12", "completing"),
        ("ready", "2028-01", "2029-06", "preparatory"),
        ("preliminary", None, None, "preparatory"),
        ("reserve", "2025-01", "2030-01", "preparatory"),
        (None, "2027-05", None, "new_start"),
    ],
)
def test_category_of_2027(stage: str | None, start: str | None, finish: str | None, expected: str) -> None:
    assert category(2027, Works(stage, start, finish)) == expected


def test_an_unreadied_preparatory_project_is_an_idea() -> None:
    assert [rung("preparatory", stage) for stage in (None, "planning", "preliminary")] == [
        "idea",
        "idea",
        "preparatory",
    ]


def test_actuals_replace_the_closed_year_and_the_rest_moves_pro_rata() -> None:
    needs = {(FUND, 2026): 100, (FUND, 2027): 30, (FUND, 2028): 60}
    one = rolled([entry(needs=needs)], [facts()], needs={"P1": needs}, actuals={"P1": {(FUND, 2026): 40}})["P1"]
    assert dict(one.needs) == {(FUND, 2026): 40, (FUND, 2027): 50, (FUND, 2028): 100}
    assert (one.change, one.rule, one.annual_yuan) == ("adjusted", "money_moved", 50)


def test_hectares_not_taken_move_to_the_next_year() -> None:
    needs = {(LAND, 2026): 70, (LAND, 2028): 30}
    one = rolled([entry(needs=needs)], [facts()], needs={"P1": needs}, actuals={"P1": {(LAND, 2026): 0}})["P1"]
    assert dict(one.needs) == {(LAND, 2027): 70, (LAND, 2028): 30}


@pytest.mark.parametrize(
    ("given", "change", "rule"),
    [
        ({"stage": "completed"}, "completed", "finished"),
        ({"stage": "withdrawn"}, "exited", "exit_withdrawn"),
        ({"stage": "suspended"}, "suspended", "suspended_by_stage"),
        ({"finish_month": "2029-06"}, "adjusted", "facts_changed"),
        ({"total_yuan": 120}, "adjusted", "facts_changed"),
    ],
)
def test_what_happened_to_a_project_says_which_rule(given: dict[str, Any], change: str, rule: str) -> None:
    one = rolled([entry()], [facts(**given)])["P1"]
    assert (one.change, one.rule) == (change, rule)


def test_two_years_without_start_or_progress_propose_an_exit() -> None:
    waiting = facts(stage="preliminary", start_month="2028-01")
    once = rolled([entry(category="preparatory", start_month="2028-01")], [waiting])["P1"]
    assert (once.change, once.idle_years) == ("kept", 1)
    parent = entry(category="preparatory", start_month="2028-01", idle_years=1)
    assert rolled([parent], [waiting])["P1"].rule == "exit_idle_years"
    moved = rolled([parent], [waiting], actuals={"P1": {(FUND, 2026): 1}})["P1"]
    assert (moved.change, moved.idle_years) == ("kept", 0)


def test_who_joins_is_ready_and_complete_or_under_way() -> None:
    ready = facts("R", stage="ready", start_month="2027-02", ready_percent=80, complete_percent=90)
    found = rolled([], [ready, replace(ready, code="S", ready_percent=49), facts("T"), facts("U", stage="completed")])
    assert {code: one.rule for code, one in found.items()} == {"R": "join_ready", "T": "join_under_way"}
    parent = entry("R", category="preparatory", start_month="2027-02")
    assert rolled([parent], [ready])["R"].change == "promoted"


def test_what_joins_brings_what_is_ahead_and_what_was_delivered() -> None:
    asked = {(FUND, 2025): 90, (FUND, 2027): 30}
    one = rolled([], [facts()], needs={"P1": asked}, actuals={"P1": {(FUND, 2025): 20}})["P1"]
    assert dict(one.needs) == {(FUND, 2025): 20, (FUND, 2027): 30}


def test_a_preparatory_project_has_no_annual_investment() -> None:
    waiting = facts(stage="preliminary", start_month="2028-01")
    needs = {(FUND, 2027): 50}
    one = rolled([entry(category="preparatory")], [waiting], needs={"P1": needs})["P1"]
    assert (one.category, one.annual_yuan, dict(one.needs)) == ("preparatory", 0, needs)


YEARS = st.integers(2024, 2031)
CELLS = st.dictionaries(st.tuples(st.sampled_from([FUND, "fund.tbd", LAND]), YEARS), st.integers(0, 10**12), max_size=8)


@given(CELLS, CELLS, st.sampled_from(CARRIES), st.sampled_from(CARRIES))
def test_what_was_planned_is_delivered_or_still_ahead(plan: Any, actual: Any, money: str, area: str) -> None:
    rules = {**RULES, "carry_money": money, "carry_area": area}
    inputs = Inputs(Calendar(2027, 3, 2026), rules, [entry(needs=plan)], [facts()], {"P1": plan}, {"P1": Past(actual)})
    (one,) = roll(inputs)
    for item in (FUND, "fund.tbd", LAND):
        planned = sum(a for (name, _), a in plan.items() if name == item)
        happened = sum(a for (name, year), a in actual.items() if name == item and year < 2027)
        closed = sum(a for (name, year), a in plan.items() if name == item and year < 2027 and (name, year) in actual)
        found = sum(a for (name, _), a in one.needs.items() if name == item)
        assert found == planned + max(0, happened - closed)
    assert all(amount > 0 for amount in one.needs.values())


@given(st.lists(st.sampled_from("ABCDEFG"), unique=True), st.lists(st.sampled_from("ABCDEFG"), unique=True), st.data())
def test_nothing_is_lost_and_order_does_not_matter(parent: list[str], library: list[str], data: st.DataObject) -> None:
    stages = st.sampled_from(["under_construction", "completed", "withdrawn", "suspended", "ready", "planning", None])
    entries = [entry(code, idle_years=data.draw(st.integers(0, 2))) for code in parent]
    known = [facts(code, stage=data.draw(stages), ready_percent=data.draw(st.integers(0, 100))) for code in library]
    first = Inputs(Calendar(2027, 3, 2026), RULES, entries, known, {}, {})
    second = Inputs(Calendar(2027, 3, 2026), RULES, entries[::-1], known[::-1], {}, {})
    assert roll(first) == roll(second)
    assert first.digest() == second.digest()
    found = roll(first)
    assert set(parent) <= {one.code for one in found}
    assert len({one.code for one in found}) == len(found)
    assert all(one.rule for one in found)


@given(CELLS)
def test_a_year_without_news_changes_only_the_calendar(plan: Any) -> None:
    ahead = {cell: amount for cell, amount in plan.items() if cell[1] >= 2027 and amount}
    one = rolled([entry(needs=ahead)], [facts()], needs={"P1": ahead})["P1"]
    assert (one.change, dict(one.needs)) == ("kept", ahead)


@given(st.dictionaries(YEARS, st.integers(0, 10**13), max_size=6), st.integers(0, 10**13), st.sampled_from(CARRIES))
def test_a_spread_is_exact(ahead: dict[int, int], rest: int, rule: str) -> None:
    found = spread(ahead, rest, rule, 2024, 2031)
    assert sum(found.values()) == sum(ahead.values()) + rest
    assert all(found[year] >= amount for year, amount in ahead.items())


def test_batches_have_their_names() -> None:
    assert all(batch_fits(batch) for batch in ("annual", "midyear", "supplement-1", "supplement-12"))
    assert not any(batch_fits(batch) for batch in ("", "supplement-0", "supplement-x", "weekly"))
