"""The bridge: every yuan of the change has a cause, and nothing is left over."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portfolio.rolling.bridge import CAUSES, Side, bridge, differences, explained

OWN, LOAN = "fund.own", "fund.loan.commercial"


def side(code: str, needs: dict[tuple[str, int], int], category: str = "continuing", finish: str = "2028-06") -> Side:
    return Side(code, category, "2024-03", finish, needs)


def causes(before: list[Side], after: list[Side], **given: Any) -> dict[str, int]:
    found = bridge(before, after, 2027, **given)
    assert found.remainder == 0
    return {cause: amount for cause, amount in found.causes.items() if amount}


def test_additions_and_exits_are_whole_projects() -> None:
    assert causes([side("A", {(OWN, 2027): 5})], [side("B", {(OWN, 2028): 7})]) == {"additions": 7, "exits": -5}


def test_what_was_not_delivered_moves_in_time() -> None:
    before = side("A", {(OWN, 2026): 100, (OWN, 2027): 50})
    after = side("A", {(OWN, 2026): 40, (OWN, 2027): 110})
    assert causes([before], [after]) == {"actuals": -60, "timing": 60}
    assert causes([before], [after], years=(2027, 2029)) == {"timing": 60}
    assert causes([before], [after], years=(2026, 2026)) == {"actuals": -60}


def test_dearer_and_resourced_are_told_apart() -> None:
    before = side("A", {(OWN, 2027): 60, (LOAN, 2027): 40})
    assert causes([before], [side("A", {(OWN, 2027): 90, (LOAN, 2027): 60})]) == {"cost": 50}
    moved = explained(before, side("A", {(OWN, 2027): 30, (LOAN, 2027): 70}), 2027)
    assert moved["resourcing"] == {(OWN, 2027): -30, (LOAN, 2027): 30}
    assert causes([before], [side("A", {(OWN, 2027): 30, (LOAN, 2027): 70})]) == {}
    assert causes([before], [side("A", {(OWN, 2027): 30, (LOAN, 2027): 70})], items=OWN) == {"cost": -30}


def test_delayed_is_timing_alone() -> None:
    before, after = side("A", {(OWN, 2027): 60}), side("A", {(OWN, 2029): 60})
    assert causes([before], [after], years=(2027, 2027)) == {"timing": -60}
    assert causes([before], [after]) == {}


def test_differences_name_what_happened() -> None:
    before = [side("A", {(OWN, 2027): 60}), side("B", {(OWN, 2027): 5}, "preparatory"), side("C", {(OWN, 2027): 1})]
    after = [
        side("A", {(OWN, 2028): 70}, finish="2029-01"),
        side("B", {(LOAN, 2027): 5}, "new_start"),
        side("D", {(OWN, 2027): 1}),
    ]
    found = {one.code: one for one in differences(before, after)}
    assert {code: one.kinds for code, one in found.items()} == {
        "A": ("delayed", "dearer"),
        "B": ("promoted", "resourced"),
        "C": ("dropped",),
        "D": ("added",),
    }
    assert (found["A"].finish_slip, found["A"].before, found["A"].after) == (7, 60, 70)


CELL = st.tuples(st.sampled_from([OWN, LOAN, "fund.tbd", "land.built"]), st.integers(2024, 2031))
CELLS = st.dictionaries(CELL, st.integers(0, 10**12), max_size=8)
PROGRAMME = st.dictionaries(st.sampled_from("ABCD"), CELLS, max_size=4)


@given(PROGRAMME, PROGRAMME, st.integers(2024, 2031), st.integers(2024, 2031), st.sampled_from(["fund", OWN, "land"]))
def test_the_remainder_is_zero_whatever_happened(old: Any, new: Any, first: int, last: int, items: str) -> None:
    before, after = ([side(code, cells) for code, cells in sides.items()] for sides in (old, new))
    for years in (None, (first, last)):
        found = bridge(before, after, 2027, items, years)
        assert found.remainder == 0
        assert set(found.causes) == set(CAUSES)
    whole = bridge(before, after, 2027, items)
    assert whole.causes["resourcing"] == 0
    assert whole.causes["timing"] + whole.causes["actuals"] == 0


@given(CELLS)
def test_an_edition_against_itself_says_nothing(cells: Any) -> None:
    one = [side("A", cells)]
    assert causes(one, one) == {}
    assert differences(one, one)[0].kinds == ("kept",)
