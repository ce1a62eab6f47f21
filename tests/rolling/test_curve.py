"""Money follows the works: a year's target on its months, from the start to the finish, exact to the yuan."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.projects.rules.works import Works
from portfolio.rolling.rules.curve import cumulative_quarters, monthly, rule_curve, span_of

WORKS = "under_construction"


def of(annual: int, stated: dict[int, int] | None = None, year: int = 2027, **works: Any) -> list[int]:
    return list(monthly(annual, year, Works(**works), stated or {}))


def test_the_rules_curve_rises_from_nothing_to_all() -> None:
    points = rule_curve()
    assert (points[0], points[-1]) == ((0, 0), (100, 100))
    assert list(points) == sorted(points)
    assert [done for _, done in points] == sorted(done for _, done in points)


def test_nothing_is_due_before_the_planned_start() -> None:
    months = of(1000, planned_start="2027-09", planned_finish="2029-06", stage="ready")
    assert months[:8] == [0] * 8 and all(months[8:]) and sum(months) == 1000
    assert sum(months[:6]) == 0


def test_once_begun_the_actual_start_counts() -> None:
    months = of(1000, planned_start="2027-03", planned_finish="2029-06", actual_start="2027-06", stage=WORKS)
    assert months[:5] == [0] * 5 and all(months[5:])
    early = of(1000, planned_start="2027-06", planned_finish="2029-06", actual_start="2026-11", stage=WORKS)
    assert all(early)


def test_nothing_is_due_after_the_finish() -> None:
    months = of(1000, planned_start="2025-01", planned_finish="2027-05", stage=WORKS)
    assert all(months[:5]) and months[5:] == [0] * 7
    done = of(1000, planned_start="2025-01", planned_finish="2027-10", actual_finish="2027-03", stage=WORKS)
    assert all(done[:3]) and done[3:] == [0] * 9


def test_the_middle_of_the_works_takes_more_than_their_ends() -> None:
    months = of(12_000, planned_start="2027-01", planned_finish="2027-12", stage=WORKS)
    assert sum(months[:4]) == pytest.approx(3_000, abs=150)
    assert sum(months[4:8]) == pytest.approx(6_000, abs=300)
    rising = of(1200, planned_start="2027-01", planned_finish="2032-12", stage=WORKS)
    assert max(rising) - min(rising) <= 1


def test_an_overdue_start_is_put_off_to_the_year_and_late_works_go_on_through_it() -> None:
    assert span_of(2027, Works("ready", "2025-03", "2028-01")) == (0, 11)
    assert of(1200, planned_start="2024-01", planned_finish="2026-06", stage=WORKS) == [100] * 12
    assert of(1200, planned_start="2028-06", stage="ready") == [100] * 12
    assert of(120, planned_start="2027-11", stage="ready") == [0] * 10 + [60, 60]


def test_a_stated_curve_stands_and_its_quarters_are_laid_on_months_of_works() -> None:
    quarters = {3: 0, 6: 300, 9: 0, 12: 700}
    months = of(1000, quarters, planned_start="2027-05", planned_finish="2028-12", stage="ready")
    assert months[:4] == [0] * 4 and sum(months[4:6]) == 300 and sum(months[6:9]) == 0 and sum(months[9:]) == 700
    own = {month: month for month in range(1, 13)}
    assert of(78, own, planned_start="2027-01", planned_finish="2027-12") == list(own.values())


MONTH = st.none() | st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(2020, 2035), st.integers(1, 12))
STAGE = st.sampled_from([None, "planning", "ready", WORKS, "suspended", "completed"])
ANY_WORKS = st.builds(Works, STAGE, MONTH, MONTH, MONTH, MONTH)


@given(st.integers(0, 10**13), st.integers(2024, 2030), ANY_WORKS)
def test_the_months_of_any_works_are_the_year(annual: int, year: int, works: Works) -> None:
    months = monthly(annual, year, works, {})
    first, last = span_of(year, works)
    assert sum(months) == annual and min(months) >= 0
    assert not any(months[:first]) and not any(months[last + 1 :])
    assert cumulative_quarters(months)[3] == annual


@given(st.lists(st.integers(0, 10**12), min_size=4, max_size=4), st.integers(2024, 2030), ANY_WORKS)
def test_the_months_of_a_stated_curve_are_its_quarters(parts: list[int], year: int, works: Works) -> None:
    months = monthly(sum(parts), year, works, dict(zip((3, 6, 9, 12), parts, strict=True)))
    assert [sum(months[end - 3 : end]) for end in (3, 6, 9, 12)] == parts
