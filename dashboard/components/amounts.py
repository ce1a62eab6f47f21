"""Quantities in cells: 万元 and 公顷, exact, with a dash for nothing stated."""

from collections.abc import Iterable

from portfolio.core.formatting import NONE_MARK, number
from portfolio.core.units import OUTER_UNIT, from_base


def amount(base: int | None, lang: str, dimension: str = "money") -> str:
    """`base` units in the outside unit, to the last figure that says something."""
    if base is None:
        return NONE_MARK
    return number(from_base(int(base), OUTER_UNIT[dimension]), lang, 4)


def amounts(bases: Iterable[int | None], lang: str, dimension: str = "money") -> list[str]:
    """Several of them."""
    return [amount(base, lang, dimension) for base in bases]
