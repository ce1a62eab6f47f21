"""Exact units by value and by property: what is typed, kept and written again is the same quantity."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core.units import (
    MAX_BASE,
    MOST_DIGITS,
    OUTER_UNIT,
    UNIT_WORDS,
    UNITS,
    NotExactError,
    from_base,
    outer_number,
    outer_text,
    to_base,
)

BASES = st.integers(-MAX_BASE, MAX_BASE)
EXACT = st.sampled_from([code for code, unit in UNITS.items() if unit.exact])


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        ("1", "yuan", 1),
        ("1", "wan_yuan", 10_000),
        ("1", "yi_yuan", 100_000_000),
        ("12.6", "wan_yuan", 126_000),
        ("0.0001", "wan_yuan", 1),
        ("1", "m2", 1),
        ("1", "ha", 10_000),
        ("15", "mu", 10_000),
        ("1", "mu", 667),
        ("1", "km2", 1_000_000),
        ("-3", "ha", -30_000),
        (7, "m", 7),
        (Decimal("2.5"), "yi_yuan", 250_000_000),
    ],
)
def test_a_quantity_in_base_units(value: Decimal | int | str, unit: str, base: int) -> None:
    assert to_base(value, unit) == base


@given(BASES, EXACT)
def test_there_and_back_is_the_same_quantity(base: int, unit: str) -> None:
    assert to_base(from_base(base, unit), unit) == base


@given(BASES, st.sampled_from(["money", "area", "length"]))
def test_what_is_written_is_read_again(base: int, dimension: str) -> None:
    assert to_base(outer_text(base, dimension), OUTER_UNIT[dimension]) == base


@given(st.integers(-(10**9), 10**9))
def test_mu_is_read_to_the_nearest_square_metre(thousandths: int) -> None:
    mu = Decimal(thousandths) / 1000
    assert abs(Fraction(mu) * UNITS["mu"].factor - to_base(mu, "mu")) <= Fraction(1, 2)


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_beyond_nine_quadrillion_on_either_side(unit: str) -> None:
    most = int(MAX_BASE / UNITS[unit].factor)
    assert abs(to_base(most, unit)) <= MAX_BASE
    assert to_base(-most, unit) == -to_base(most, unit)
    for beyond in (most + 1, -most - 1):
        with pytest.raises(ValueError, match=str(beyond)):
            to_base(beyond, unit)


@pytest.mark.parametrize("value", ["0.00001", "1.23456"])
def test_a_part_of_a_yuan_is_not_exact(value: str) -> None:
    with pytest.raises(NotExactError):
        to_base(value, "wan_yuan")


@pytest.mark.parametrize("value", ["", "甲", "NaN", "Infinity", "1e999999999", "1e-999999999", "1" * (MOST_DIGITS + 1)])
def test_what_is_no_number_of_a_plan_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        to_base(value, "wan_yuan")


@pytest.mark.parametrize(
    ("base", "dimension", "number", "text"),
    [
        (None, "money", None, ""),
        (0, "money", 0, "0"),
        (10_000, "money", 1, "1"),
        (12_345, "area", 1.2345, "1.2345"),
        (5_000, "area", 0.5, "0.5"),
        (-5_000, "money", -0.5, "-0.5"),
        (-12_000, "money", -1.2, "-1.2"),
        (7, "length", 7, "7"),
    ],
)
def test_the_outside_unit_as_number_and_text(base: int | None, dimension: str, number: float | None, text: str) -> None:
    assert outer_number(base, dimension) == number
    assert outer_text(base, dimension) == text


def test_hectares_and_mu_as_they_are_shown() -> None:
    assert from_base(10_000, "mu") == 15
    assert from_base(1, "mu") == Decimal("0.0015")
    assert from_base(5_000, "ha") == Decimal("0.5")
    assert set(UNIT_WORDS.values()) <= UNITS.keys()
    assert {dimension: UNITS[unit].dimension for dimension, unit in OUTER_UNIT.items()} == {
        dimension: dimension for dimension in OUTER_UNIT
    }
