"""The bridge: every yuan of the change has a cause, nothing is left over, the fast one agrees with the plain one."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rolling.rules.bridge import CAUSES, Comparison, compared
from portfolio.rolling.rules.programme import Facts, Programme
from tests.rolling import plain_bridge
from tests.rolling.plain_bridge import Side

OWN, LOAN, TBD, LAND = 1, 2, 3, 9
FUND = {OWN, LOAN, TBD}


def side(code: str, needs: dict[tuple[int, int], int], category: str = "continuing", finish: str = "2028-06") -> Side:
    return Side(ord(code), category, finish_month=finish, needs=needs)


def programme(sides: list[Side]) -> Programme:
    facts = {s.number: Facts(chr(s.number), s.category, s.start_month, s.finish_month) for s in sides}
    rows = [(s.number, item, year, amount) for s in sides for (item, year), amount in s.needs.items()]
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Programme(facts, *columns)


def compare(before: list[Side], after: list[Side], items: set[int] = FUND) -> Comparison:
    return compared(programme(before), programme(after), 2027, items)


def causes(before: list[Side], after: list[Side], items: set[int] = FUND, years: Any = None) -> dict[str, int]:
    found = compare(before, after, items).bridge(years)
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
    moved = compare([before], [side("A", {(OWN, 2027): 30, (LOAN, 2027): 70})]).by_cell()
    assert moved[["item", "resourcing"]].values.tolist() == [[OWN, -30], [LOAN, 30]]
    assert causes([before], [side("A", {(OWN, 2027): 30, (LOAN, 2027): 70})]) == {}
    assert causes([before], [side("A", {(OWN, 2027): 30, (LOAN, 2027): 70})], items={OWN}) == {"cost": -30}


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
    found = {one.code: one for one in compare(before, after).differences()}
    assert {code: one.kinds for code, one in found.items()} == {
        "A": ("delayed", "dearer"),
        "B": ("promoted", "resourced"),
        "C": ("dropped",),
        "D": ("added",),
    }
    assert (found["A"].finish_slip, found["A"].before, found["A"].after) == (7, 60, 70)


CELL = st.tuples(st.sampled_from([OWN, LOAN, TBD, LAND]), st.integers(2024, 2031))
CELLS = st.dictionaries(CELL, st.integers(0, 10**12), max_size=8)
PROGRAMME = st.dictionaries(st.sampled_from("ABCD"), CELLS, max_size=4)
ITEMS = st.sampled_from([FUND, {OWN}, {LAND}])


@given(PROGRAMME, PROGRAMME, st.integers(2024, 2031), st.integers(2024, 2031), ITEMS)
def test_the_fast_bridge_is_the_plain_one_and_leaves_nothing(
    old: Any, new: Any, first: int, last: int, items: set[int]
) -> None:
    before, after = ([side(code, cells) for code, cells in sides.items()] for sides in (old, new))
    plain, plainer = ({one.number: one for one in sides} for sides in (before, after))
    for years in (None, (first, last)):
        assert causes(before, after, items, years) == plain_bridge.total(plain, plainer, 2027, items, years)
    whole = compare(before, after, items).bridge()
    assert set(whole.causes) == set(CAUSES)
    assert whole.causes["resourcing"] == 0
    assert whole.causes["timing"] + whole.causes["actuals"] == 0


@given(PROGRAMME, PROGRAMME)
def test_every_cell_is_explained(old: Any, new: Any) -> None:
    before, after = ([side(code, cells) for code, cells in sides.items()] for sides in (old, new))
    found = compare(before, after).by_cell()
    assert (found["after"] - found["before"] == found[list(CAUSES)].sum(axis=1)).all()


@given(CELLS)
def test_an_edition_against_itself_says_nothing(cells: Any) -> None:
    one = [side("A", cells)]
    assert causes(one, one) == {}
    assert compare(one, one).differences()[0].kinds == ("kept",)
