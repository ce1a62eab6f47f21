"""No pool is not a limit of zero: needs against limits by year."""

from typing import Any

from dashboard.figures.allocation import against_limits
from portfolio.scenarios.comparing import timeline

HEAD: Any = {"outcome": {"needs": [{"item": "fund.own", "year": year, "quantity": 7} for year in (2027, 2028)]}}
POOLS: Any = [
    {"element": "fund", "year": 2027, "quantity": 3, "used": 2},
    {"element": "fund", "year": 2029, "quantity": 0, "used": None},
]


def test_a_year_without_pools_has_no_line() -> None:
    frame = timeline(HEAD, POOLS)
    assert frame["limit"].isna().tolist() == [False, True, False]
    told = frame.assign(**{f"{name}_text": "" for name in ("needed", "covered", "limit")})
    names = {"needed": "needs", "covered": "covered", "limit": "limits"}
    covered, needed, limits = against_limits(told, names, "", "light").data
    assert (needed.x, needed.y) == (("2027", "2028", "2029"), (7, 7, 0))
    assert (covered.y, limits.x, limits.y) == ((2, 0, 0), ("2027", "2029"), (3.0, 0.0))
