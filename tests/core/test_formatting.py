"""Numbers, quantities and days as people read them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core.formatting import (
    file_size,
    headline,
    headline_words,
    large_money,
    moment,
    month,
    number,
    percent,
    points,
    quantity,
    signed,
    with_unit,
)

YI = 100_000_000


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1, 4, "25%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (3, 2, "150%"),
        (0, 7, "0%"),
        (1, 1000, "0.1%"),
        (7, 7, "100%"),
        (None, 7, "—"),
        (7, None, "—"),
        (7, 0, "—"),
    ],
)
def test_a_part_in_per_cent(part: int | None, whole: int | None, shown: str) -> None:
    assert percent(part, whole, "zh") == shown


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_per_cent_is_within_half_a_tenth_of_the_part(part: int, whole: int) -> None:
    shown = Decimal(percent(part, whole, "zh").removesuffix("%").replace(",", ""))
    assert abs(shown * whole - 100 * part) <= Decimal("0.05") * whole


@pytest.mark.parametrize(
    ("base", "dimension", "shown"),
    [
        (YI - 10_000, "money", ("9,999", "万元")),
        (YI - 1, "money", ("10,000", "万元")),
        (YI, "money", ("1", "亿元")),
        (169_400_000_000, "money", ("1,694", "亿元")),
        (-YI, "money", ("-1", "亿元")),
        (-YI + 10_000, "money", ("-9,999", "万元")),
        (0, "money", ("0", "万元")),
        (YI, "area", ("10,000", "公顷")),
        (12_345, "area", ("1.23", "公顷")),
        (None, "money", ("—", "")),
    ],
)
def test_a_headline_says_yi_from_one_yi_up(base: int | None, dimension: str, shown: tuple[str, str]) -> None:
    assert headline(base, dimension, "zh") == shown


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        (1_980_000_000, ("CNY 1.98", "bn")),
        (999_990_000, ("CNY 999.99", "m")),
        (-1_980_000_000, ("-CNY 1.98", "bn")),
        (999_999, ("CNY 999,999", "")),
        (0, ("CNY 0", "")),
    ],
)
def test_a_headline_in_english_counts_in_billions_and_millions(base: int, shown: tuple[str, str]) -> None:
    assert headline(base, "money", "en") == shown
    assert headline_words(base, "money", "en") == " ".join(shown).strip()


def test_money_in_english_is_said_in_whole_yuan() -> None:
    assert quantity(987_654_321, "money", "en") == "CNY 987,654,321"
    assert quantity(987_654_321, "money", "zh") == "98,765.4321 万元"
    assert (large_money("zh"), large_money("en")) == ((10**8, "亿元"), (10**9, "CNY bn"))


def test_a_headline_in_one_text() -> None:
    assert headline_words(YI, "money", "zh") == "1 亿元"
    assert headline_words(YI, "money", "en") == "CNY 100 m"
    assert headline_words(None, "area", "zh") == "—"
    assert with_unit("3", "公顷") == "3 公顷"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (None, 0, "—"),
        (1234567, 0, "1,234,567"),
        (0.5, 0, "1"),
        (1.25, 1, "1.3"),
        (2.0, 2, "2"),
        (Decimal("0.00005"), 4, "0.0001"),
        (-1234.5, 1, "-1,234.5"),
    ],
)
def test_a_number_has_thousands_marks_and_no_needless_zeros(
    value: float | Decimal | None, decimals: int, shown: str
) -> None:
    assert number(value, "zh", decimals) == number(value, "en", decimals) == shown


def test_a_score_always_has_two_places() -> None:
    assert [points(value, "zh") for value in (82, 7.125, None)] == ["82.00", "7.13", "—"]


@pytest.mark.parametrize(
    ("value", "shown"), [(2, "+2"), (0.5, "+0.5"), (-2, "−2"), (0, "0"), (-0.004, "0"), (1234, "+1,234")]
)
def test_a_difference_bears_its_sign(value: float, shown: str) -> None:
    assert signed(value, "zh", 2) == shown


def test_what_asks_for_no_places_has_none() -> None:
    assert (number(1.5, "zh"), signed(1.5, "zh"), signed(-1.2, "zh")) == ("2", "+2", "−1")


@pytest.mark.parametrize(
    ("base", "dimension", "unit", "shown"),
    [
        (126_000, "money", None, "12.6 万元"),
        (126_000, "money", "yuan", "126,000 元"),
        (5_000, "area", None, "0.5 公顷"),
        (1, "area", None, "0.0001 公顷"),
        (12, "length", None, "12 米"),
        (None, "money", None, "—"),
    ],
)
def test_a_quantity_with_its_unit(base: int | None, dimension: str, unit: str | None, shown: str) -> None:
    assert quantity(base, dimension, "zh", unit) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 KB"), (1024, "1 KB"), (1024 * 1024 - 1, "1024 KB"), (1024 * 1024, "1.0 MB"), (10_485_760, "10.0 MB")],
)
def test_the_size_of_a_file(size: int, shown: str) -> None:
    assert file_size(size) == shown


def test_months_and_moments() -> None:
    assert (month("2019-03", "zh"), month("2019-03", "en"), month(None, "zh")) == ("2019年3月", "Mar 2019", "—")
    assert moment(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "zh") == "2027-01-01 00:30"
    assert moment(None, "zh") == "—"
