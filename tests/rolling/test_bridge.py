"""The bridge: every yuan of the change has a cause, nothing is left over, the fast one agrees with the plain one."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rolling.rules.bridge import CAUSES, WINDOW_CAUSES, Comparison, compared
from portfolio.rolling.rules.closing import EXPECTED, LEDGER, RUNNING, UNREPORTED
from portfolio.rolling.rules.headline import ANNUAL_CAUSES, Headline, headline
from portfolio.rolling.rules.programme import BASES, Facts, Programme, Span
from tests.rolling import plain_bridge
from tests.rolling.plain_bridge import Side

OWN, LOAN, TBD, LAND = 1, 2, 3, 9
FUND = {OWN, LOAN, TBD}


def side(
    code: str, needs: dict[tuple[int, int], int], category: str = "continuing", finish: str = "2028-06", **more: Any
) -> Side:
    return Side(ord(code), category, finish_month=finish, needs=needs, **more)


OLD, NEW = Span(2026, 3), Span(2027, 3)
Rests = dict[tuple[str, int, int], tuple[int, str]]  # (project, item, year): what came over, and the basis


def programme(sides: list[Side], span: Span = OLD, rests: Rests | None = None, gone: Any = None) -> Programme:
    facts = {
        s.number: Facts(
            chr(s.number), s.category, s.start_month, s.finish_month, change=s.change, annual_yuan=s.annual_yuan
        )
        for s in sides
    }
    rows = []
    for s in sides:
        for (item, year), amount in s.needs.items():
            carried, basis = (rests or {}).get((chr(s.number), item, year), (0, ""))
            rows.append((s.number, item, year, amount, carried, BASES.index(basis)))
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    return Programme(facts, span, gone or {}, *columns)


def compare(before: list[Side], after: list[Side], items: set[int] = FUND, new: Span = NEW) -> Comparison:
    return compared(programme(before), programme(after, new), items)


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


def told(before: Programme, after: Programme, years: Any = None) -> dict[str, int]:
    found = compared(before, after, FUND).bridge(years)
    assert found.remainder == 0
    return {cause: amount for cause, amount in found.causes.items() if amount}


def test_what_came_over_is_told_as_carried() -> None:
    before = programme([side("A", {(OWN, 2026): 100, (OWN, 2027): 50})])
    rests: Rests = {("A", OWN, 2026): (0, LEDGER), ("A", OWN, 2027): (60, "")}
    after = programme([side("A", {(OWN, 2026): 40, (OWN, 2027): 110})], NEW, rests)
    assert told(before, after) == {"actuals": -60, "carried": 60}
    assert told(before, after, (2027, 2027)) == {"carried": 60}


def test_a_year_that_is_not_over_is_never_told_as_actuals() -> None:
    before = programme([side("A", {(OWN, 2026): 100, (OWN, 2027): 50})])
    running = Span(2027, 3, open_year=2026)
    cells = {(OWN, 2026): 70, (OWN, 2027): 80}
    expected = programme([side("A", cells)], running, {("A", OWN, 2026): (0, EXPECTED), ("A", OWN, 2027): (30, "")})
    assert told(before, expected) == {"expected": -30, "carried": 30}
    nothing = programme([side("A", {(OWN, 2027): 150})], running, {("A", OWN, 2027): (100, "")})
    assert told(before, nothing) == {"expected": -100, "carried": 100}
    more = programme([side("A", {(OWN, 2026): 120, (OWN, 2027): 30})], running, {("A", OWN, 2026): (0, RUNNING)})
    assert told(before, more) == {}
    assert told(before, more, (2026, 2026)) == {"timing": 20}


def test_a_year_nobody_reported_is_left_as_it_was_planned_and_takes_no_share_of_the_cost() -> None:
    before = programme([side("A", {(OWN, 2026): 100, (OWN, 2027): 50})])
    after = programme([side("A", {(OWN, 2026): 100, (OWN, 2027): 90})], NEW, {("A", OWN, 2026): (0, UNREPORTED)})
    assert told(before, after) == {"cost": 40}
    assert told(before, after, (2026, 2026)) == {}


def test_an_edition_published_elsewhere_has_no_actuals() -> None:
    before = programme([side("A", {(OWN, 2026): 100, (OWN, 2027): 50})])
    after = programme([side("A", {(OWN, 2027): 150})], Span(2027, 3, closes=False))
    assert told(before, after, (2026, 2026)) == {"timing": -100}


def test_the_years_that_leave_and_enter_a_window_are_causes_of_their_own() -> None:
    before = [side("A", {(OWN, 2026): 7, (OWN, 2027): 60, (OWN, 2029): 5}), side("B", {(OWN, 2026): 1})]
    after = [side("A", {(OWN, 2027): 70, (OWN, 2029): 9, (OWN, 2030): 500}), side("C", {(OWN, 2028): 2})]
    found = compare(before, after).window_bridge()
    assert (found.before, found.after, found.remainder) == (68, 81, 0)
    assert found.causes["year_leaves"] == -8
    assert found.causes["year_enters"] == 9
    assert found.causes["additions"] == 2
    assert compare(before, after).shares("year_leaves") == {"A": -7, "B": -1}
    common = compare(before, after)
    assert common.common_years == (2027, 2028)
    assert common.bridge(common.common_years).before == 60


def plan(before: list[Side], after: list[Side], rests: Rests | None = None, gone: Any = None) -> Headline:
    return headline(compared(programme(before), programme(after, NEW, rests, gone), FUND), targets=True)


def one(before: Side | None, after: Side | None, rests: Rests | None = None, gone: Any = None) -> dict[str, int]:
    found = plan([before] if before else [], [after] if after else [], rests, gone).bridge()
    assert found.remainder == 0
    return {cause: amount for cause, amount in found.causes.items() if amount}


def test_the_annual_plan_is_told_project_by_project() -> None:
    was = side("A", {(OWN, 2026): 100, (OWN, 2027): 60}, annual_yuan=100)
    assert one(None, side("A", {(OWN, 2027): 60}, annual_yuan=60)) == {"joined": 60}
    assert one(was, None, gone={ord("A"): "exited"}) == {"left": -100}
    assert one(was, None, gone={ord("A"): "completed"}) == {"finished": -100}
    assert one(side("A", {}, "completing", annual_yuan=9), None) == {"finished": -9}
    assert one(side("A", {}, "completing", annual_yuan=9), None, gone={ord("A"): "exited"}) == {"left": -9}
    waiting = side("A", {(OWN, 2026): 5, (OWN, 2027): 80}, "preparatory")
    begun = side("A", {(OWN, 2027): 80}, "new_start", annual_yuan=80)
    assert one(waiting, begun) == {"begun": 80}
    assert one(was, side("A", {(OWN, 2027): 60}, "preparatory")) == {"category": -100}
    assert one(was, side("A", {(OWN, 2027): 60}, change="suspended")) == {"category": -100}


def test_what_runs_in_both_plans_moves_by_years_by_carrying_by_cost_by_time_and_by_hand() -> None:
    was = side("A", {(OWN, 2026): 100, (OWN, 2027): 60}, annual_yuan=100)
    same = {(OWN, 2026): 100, (OWN, 2027): 60}
    assert one(was, side("A", same, annual_yuan=60)) == {"course": -40}
    carried = side("A", {(OWN, 2026): 70, (OWN, 2027): 90}, annual_yuan=90)
    rests: Rests = {("A", OWN, 2026): (0, LEDGER), ("A", OWN, 2027): (30, "")}
    assert one(was, carried, rests) == {"course": -40, "carried": 30}
    assert one(was, side("A", same | {(OWN, 2027): 75}, annual_yuan=75)) == {"course": -40, "dearer": 15}
    assert one(was, side("A", same | {(OWN, 2027): 45}, annual_yuan=45)) == {"course": -40, "cheaper": -15}
    later = side("A", same | {(OWN, 2027): 20, (OWN, 2029): 40}, annual_yuan=20)
    assert one(was, later) == {"course": -40, "retimed": -40}
    assert one(was, side("A", same, annual_yuan=77)) == {"course": -40, "target": 17}


CATEGORY = st.sampled_from(["preparatory", "new_start", "continuing", "completing"])
CHANGE = st.sampled_from(["kept", "adjusted", "suspended"])
SIDE = st.tuples(CELLS, CATEGORY, CHANGE, st.integers(0, 10**12))
SIDES = st.dictionaries(st.sampled_from("ABCD"), SIDE, max_size=4)
SPAN = st.builds(Span, st.integers(2025, 2029), st.integers(1, 5), st.none() | st.integers(2024, 2029), st.booleans())
REST = st.tuples(st.integers(0, 10**12), st.sampled_from(BASES))
GONE = st.dictionaries(st.sampled_from([ord(code) for code in "ABCD"]), st.sampled_from(["completed", "exited"]))


@given(SIDES, SIDES, SPAN, SPAN, st.lists(REST, min_size=1, max_size=40), GONE, ITEMS, st.booleans())
def test_of_any_two_editions_every_bridge_leaves_nothing(
    old: Any, new: Any, first: Span, second: Span, rests: Any, gone: Any, items: set[int], targets: bool
) -> None:
    sides = [
        [side(code, cells, category, change=change, annual_yuan=yuan) for code, (cells, category, change, yuan) in of]
        for of in (sorted(old.items()), sorted(new.items()))
    ]
    cells = [(chr(s.number), *cell) for part in sides for s in part for cell in s.needs]
    rested = {cell: rests[place % len(rests)] for place, cell in enumerate(cells)}
    found = compared(programme(sides[0], first, rested), programme(sides[1], second, rested, gone), items)
    for bridge in (found.bridge(), found.bridge(found.common_years), found.window_bridge()):
        assert bridge.remainder == 0
    assert set(found.window_bridge().causes) == set(WINDOW_CAUSES)
    if not second.closes:
        assert found.bridge().causes["actuals"] == found.bridge().causes["expected"] == 0
    told = headline(found, targets)
    assert told.bridge().remainder == 0
    assert set(told.bridge().causes) == set(ANNUAL_CAUSES)
    for cause in ANNUAL_CAUSES:
        assert sum(told.shares(cause).values()) == told.bridge().causes[cause]
    if targets:
        assert told.bridge().before == sum(s.annual_yuan for s in sides[0])
        assert told.bridge().after == sum(s.annual_yuan for s in sides[1])
