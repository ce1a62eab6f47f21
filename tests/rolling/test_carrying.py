"""What a closed year leaves, by value: to which year it goes, and what of a year came over from before."""

import pytest

from portfolio.rolling.rules.carrying import carry
from portfolio.rolling.rules.closing import Past
from portfolio.rolling.rules.roll import Calendar

WINDOW = Calendar(2027, 3, 2026)
OWN = "fund.own"


def rules(money: str) -> dict[str, str]:
    return {"carry_money": money, "carry_area": "next_year"}


def cells(**by_year: int) -> dict[tuple[str, int], int]:
    return {(OWN, int(year[1:])): amount for year, amount in by_year.items()}


@pytest.mark.parametrize(
    ("rule", "needs", "carried"),
    [
        ("next_year", cells(y2027=15, y2028=5), cells(y2027=10)),
        ("end", cells(y2027=5, y2028=5, y2029=10), cells(y2029=10)),
        ("pro_rata", cells(y2027=10, y2028=10), cells(y2027=5, y2028=5)),
    ],
)
def test_what_a_closed_year_did_not_deliver_goes_where_the_rule_says(
    rule: str, needs: dict[tuple[str, int], int], carried: dict[tuple[str, int], int]
) -> None:
    planned, asked = cells(y2026=10, y2027=5, y2028=5), cells(y2027=5, y2028=5)
    found = carry(WINDOW, rules(rule), planned, {}, asked, Past(cells(y2026=0)))
    assert (found.needs, found.carried) == (needs, carried)


def test_what_was_delivered_beyond_the_plan_is_taken_from_what_had_come_over() -> None:
    """Of 15 in 2027 ten came over; four delivered too much in 2026 leave six of them. 2028 is nobody's rest."""
    planned, came = cells(y2026=10, y2027=15, y2028=7), cells(y2027=10)
    found = carry(WINDOW, rules("next_year"), planned, came, cells(y2027=5, y2028=7), Past(cells(y2026=14)))
    assert found.needs == cells(y2026=14, y2027=11, y2028=7)
    assert found.carried == cells(y2027=6)


def test_a_single_yuan_carried_into_an_empty_year_is_carried() -> None:
    found = carry(WINDOW, rules("next_year"), cells(y2026=1), {}, {}, Past(cells(y2026=0)))
    assert (found.needs, found.carried) == (cells(y2027=1), cells(y2027=1))


def test_all_that_came_over_into_a_year_of_nothing_else_can_be_taken_off() -> None:
    found = carry(WINDOW, rules("next_year"), cells(y2026=5, y2027=3), cells(y2027=3), {}, Past(cells(y2026=9)))
    assert (found.needs, found.carried) == (cells(y2026=9), {})
