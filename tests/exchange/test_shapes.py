"""Periods, places, sums and headings of offices' tables, each by value; sums by property too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.exchange.shapes.layout import regions
from portfolio.exchange.shapes.periods import read_month, read_period
from portfolio.exchange.shapes.places import Gazetteer, Known
from portfolio.exchange.shapes.sums import Sums
from portfolio.exchange.shapes.words import Words, fact_of, read_words, units_of_line

PLACES = Gazetteer(
    [
        Known("450700", "钦州市", "450700"),
        Known("450702", "钦南区", "450700"),
        Known("450721", "灵山县", "450700"),
        Known("450600", "防城港市", "450600"),
        Known("450603", "城中区", "450600"),
        Known("450105", "城中区", "450100"),
    ],
    "450000",
)


@pytest.mark.parametrize(
    ("cell", "start", "finish"),
    [
        ("2024-2027", "2024-01", "2027-12"),
        ("2025—2028年", "2025-01", "2028-12"),
        ("2023.06-2027.12", "2023-06", "2027-12"),
        ("2024.6～2026.3", "2024-06", "2026-03"),
        ("2025年3月至2026年10月", "2025-03", "2026-10"),
        ("202403-202605", "2024-03", "2026-05"),
        ("2024-03-2026-05", "2024-03", "2026-05"),
    ],
)
def test_a_period_is_its_first_and_last_month(cell: str, start: str, finish: str) -> None:
    period = read_period(cell)
    assert period is not None
    assert (period.start.text, period.finish.text) == (start, finish)


@pytest.mark.parametrize(
    "cell", ["", "2026年", "2026年（三季度开工）", "2027-2024", "2024.13-2026.1", "三年", "2024-27"]
)
def test_what_is_no_period_is_none(cell: str) -> None:
    assert read_period(cell) is None


@pytest.mark.parametrize("cell", ["2018.1", "2018.10", "2018-13", "明年", ""])
def test_a_month_that_may_be_two_or_none_is_not_read(cell: str) -> None:
    assert read_month(cell) is None


def test_a_year_alone_is_its_first_or_its_last_month() -> None:
    assert read_month("2026") == ("2026-01", True)
    assert read_month("2026年", last=True) == ("2026-12", True)
    assert read_month("2026年9月") == ("2026-09", False)


@pytest.mark.parametrize(
    ("cell", "codes", "guessed", "lost"),
    [
        ("钦州市钦南区", ("450702",), (), ()),
        ("广西钦州市", ("450700",), (), ()),
        ("钦州市、防城港市", ("450700", "450600"), (), ()),
        ("钦州", ("450700",), (("钦州", "钦州市"),), ()),
        ("钦州灵山", ("450721",), (("钦州灵山", "灵山县"),), ()),
        ("钦州港片区", ("450700",), (("钦州港片区", "钦州市"),), ()),
        ("自治区本级", ("450000",), (), ()),
        ("城中区", (), (), ("城中区",)),
        ("跨市", (), (), ("跨市",)),
    ],
)
def test_a_place_is_what_only_one_bears(
    cell: str, codes: tuple[str, ...], guessed: tuple[tuple[str, str], ...], lost: tuple[str, ...]
) -> None:
    placed = PLACES.read(cell)
    assert (placed.codes, placed.guessed, placed.lost) == (codes, guessed, lost)


def test_a_heading_is_taken_apart() -> None:
    assert read_words("至2025年底累计完成投资\n（万元）") == Words("至Y年底累计完成投资", 2025, "wan_yuan")
    assert read_words("2026年一般耕地（水田）（亩）") == Words("Y年一般耕地(水田)", 2026, "mu")
    assert fact_of(read_words("所在县（市、区）")) == "region_codes"
    assert units_of_line("单位：万元、亩") == ["wan_yuan", "mu"]
    assert units_of_line("填报单位：某局") == []


def test_a_row_that_only_looks_like_a_heading_begins_no_table() -> None:
    rows = [(1, ["项目名称", "总投资"]), (2, ["甲码头", "5"]), (3, ["项目名称", "6"]), (4, ["乙", "总投资"])]
    (region,) = regions(None, rows, [])
    assert (region.first, region.last) == (2, 4)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(-(10**6), 10**6))
def test_a_total_is_wrong_exactly_when_it_is_not_that_of_its_rows(amounts: list[int], error: int) -> None:
    sums = Sums()
    for amount in amounts:
        sums.record({6: Decimal(amount) + Decimal("0.4")})
    sums.total(99, "合计", {6: Decimal(sum(amounts) + error)})
    sums.end()
    off = abs(Decimal(sum(amounts)) + Decimal("0.4") * len(amounts) - Decimal(sum(amounts) + error))
    assert bool(sums.differences) == (off > Decimal("0.5") * (len(amounts) + 1))


def test_groups_end_at_the_next_of_their_rank_and_subtotals_begin_anew() -> None:
    sums = Sums()
    sums.group(1, "一、交通", {0: Decimal(6)})
    sums.group(2, "(一)港口", {0: Decimal(3)})
    sums.record({0: Decimal(3)})
    sums.group(4, "(二)公路", {0: Decimal(9)})
    sums.record({0: Decimal(3)})
    sums.group(6, "二、水利", {0: Decimal(4)})
    sums.record({0: Decimal(4)})
    sums.total(8, "小计", {0: Decimal(4)})
    sums.total(9, "合计", {0: Decimal(10)})
    sums.end()
    assert [(one.line, int(one.stated), int(one.counted)) for one in sums.differences] == [(4, 9, 3)]
