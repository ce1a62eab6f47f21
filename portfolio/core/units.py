"""Exact units: yuan, square metres and metres inside; 万元, 公顷 and their kin outside.

1 万元 = 10,000 yuan, 1 亿元 = 10,000 万元, 1 公顷 = 10,000 m² = 15 亩. 万元 and 公顷 with four decimals
hold every integer exactly; 亩 does not (1 m² = 0.0015 亩), so areas read in 亩 are rounded to the nearest square metre.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction

BASE_PER_OUTER = 10_000
MAX_BASE = 9 * 10**15
MOST_DIGITS = 60


@dataclass(frozen=True)
class Unit:
    """A unit of a dimension: `factor` base units (yuan, m², m) make one of it."""

    code: str
    dimension: str
    factor: Fraction
    exact: bool


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("yuan", "money", Fraction(1), True),
        Unit("wan_yuan", "money", Fraction(10_000), True),
        Unit("yi_yuan", "money", Fraction(100_000_000), True),
        Unit("m2", "area", Fraction(1), True),
        Unit("ha", "area", Fraction(10_000), True),
        Unit("mu", "area", Fraction(10_000, 15), False),
        Unit("km2", "area", Fraction(1_000_000), True),
        Unit("m", "length", Fraction(1), True),
    )
}

# What headings and columns of spreadsheets call a unit, in small letters.
UNIT_WORDS = {
    "元": "yuan",
    "万元": "wan_yuan",
    "亿元": "yi_yuan",
    "yuan": "yuan",
    "10k yuan": "wan_yuan",
    "cny 10k": "wan_yuan",
    "cny": "yuan",
    "cny 100m": "yi_yuan",
    "100m yuan": "yi_yuan",
    "平方米": "m2",
    "公顷": "ha",
    "亩": "mu",
    "平方公里": "km2",
    "m2": "m2",
    "ha": "ha",
    "mu": "mu",
    "km2": "km2",
}

OUTER_UNIT = {"money": "wan_yuan", "area": "ha", "length": "m"}


class NotExactError(ValueError):
    """The quantity has more decimals than its base unit can hold."""


def to_base(value: Decimal | int | str, unit: str) -> int:
    """`value` in `unit` as an integer of base units (yuan, m², m).

    Raises `NotExactError` when an exact unit's value has a fraction of a base unit, `ValueError` when it is no number
    or beyond ±9·10¹⁵ base units.
    """
    try:
        number = value if isinstance(value, Decimal) else Decimal(value)
    except InvalidOperation:
        raise ValueError(value) from None
    # An exponent of a billion is a few letters, and a number that no memory holds once it is written out.
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(value)
    kind = UNITS[unit]
    product = Fraction(number) * kind.factor
    if kind.exact and product.denominator != 1:
        raise NotExactError(value)
    base = int(product) if product.denominator == 1 else round(product)
    if abs(base) > MAX_BASE:
        raise ValueError(value)
    return base


def from_base(base: int, unit: str) -> Decimal:
    """`base` units as a Decimal of `unit`; exact units are exact, 亩 is rounded to four decimals."""
    kind = UNITS[unit]
    ratio = Fraction(base) / kind.factor
    value = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return value if kind.exact else value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)


def outer_number(base: int | None, dimension: str) -> float | int | None:
    """`base` as the JSON number of the outside unit (万元, 公顷, m); whole numbers stay integers."""
    if base is None or dimension == "length":
        return base
    whole, rest = divmod(base, BASE_PER_OUTER)
    return whole if rest == 0 else base / BASE_PER_OUTER


def outer_text(base: int | None, dimension: str) -> str:
    """`base` as exchange text of the outside unit: no thousands marks, no trailing zeros, exact."""
    if base is None:
        return ""
    if dimension == "length":
        return str(base)
    sign = "-" if base < 0 else ""
    whole, rest = divmod(abs(base), BASE_PER_OUTER)
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}.{rest:04d}".rstrip("0")
