"""What of an approved scenario holds, by value: each state, and each default of a review line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.scenarios.rules.holding import (
    ARRANGED,
    CAPPED,
    CHANGED,
    DELAYED,
    HOLDS,
    LEFT,
    REFUSED,
    VETOED,
    Decision,
    Default,
    Now,
    default_of,
    state_of,
)

CELL = ("fund.own", 2027)
IN = Decision(True, 0, {CELL: 60}, (2027, 2029))
OUT = Decision(False, 0, {}, (2027, 2029))
LATER = Decision(True, 1, {("fund.own", 2028): 60}, (2027, 2029))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (Now("under_construction", True, False, False), HOLDS),
        (Now(None, True, False, True), CHANGED),
        (Now("reserve", True, True, True), VETOED),
        (Now("reserve", False, True, True), LEFT),
        (Now("withdrawn", True, False, False), LEFT),
        (Now("suspended", True, False, False), HOLDS),
    ],
)
def test_what_holds_today(now: Now, state: str) -> None:
    assert state_of(now) == state


def test_a_veto_takes_nothing_from_a_refused_project() -> None:
    assert state_of(Now(None, True, True, False), supported=False) == HOLDS
    assert state_of(Now("withdrawn", True, True, False), supported=False) == LEFT


@pytest.mark.parametrize(
    ("decision", "state", "cell", "asked", "before", "default"),
    [
        (IN, HOLDS, CELL, 100, 0, Default(60, ARRANGED)),
        (IN, CHANGED, CELL, 100, 0, Default(60, ARRANGED)),
        (IN, HOLDS, CELL, 100, 40, Default(100, ARRANGED)),
        (IN, HOLDS, CELL, 50, 0, Default(50, CAPPED)),
        (IN, VETOED, CELL, 100, 0, None),
        (IN, LEFT, CELL, 100, 0, None),
        (IN, HOLDS, ("fund.own", 2026), 100, 0, None),
        (IN, HOLDS, ("fund.own", 2030), 100, 0, None),
        (IN, HOLDS, ("fund.loan", 2027), 100, 0, None),
        (IN, HOLDS, ("fund.loan", 2027), 100, 30, Default(30, ARRANGED)),
        (OUT, HOLDS, CELL, 100, 0, Default(0, REFUSED)),
        (OUT, HOLDS, CELL, 100, 25, Default(25, REFUSED)),
        (LATER, HOLDS, CELL, 100, 0, Default(0, DELAYED)),
        (LATER, HOLDS, ("fund.own", 2028), 100, 0, Default(60, ARRANGED)),
    ],
)
def test_the_default_of_a_line(
    decision: Decision, state: str, cell: tuple[str, int], asked: int, before: int, default: Default | None
) -> None:
    assert default_of(decision, state, cell, asked, before) == default


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.booleans())
def test_a_default_is_within_what_is_asked_and_above_what_was_granted(
    asked: int, before: int, amount: int, supported: bool
) -> None:
    before = min(before, asked)
    found = default_of(Decision(supported, 0, {CELL: amount}, (2027, 2027)), HOLDS, CELL, asked, before)
    assert found is None or before <= found.amount <= asked
