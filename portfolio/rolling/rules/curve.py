"""The money of a year laid on its months: from the start of the works to their finish, along a curve.

A project has a curve of its own where somebody stated one (by months or by quarters); else the rule's curve of
`curve.csv` says how much of the works is done after which part of their time. Whole yuan; the parts sum to the year.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import lcm

from portfolio.projects.rules.works import Works
from portfolio.rolling.rules.editions import BOOK

Months = tuple[int, int, int, int, int, int, int, int, int, int, int, int]
Point = tuple[int, int]
QUARTERS = (3, 6, 9, 12)
_DECEMBER = 11


def rule_curve() -> tuple[Point, ...]:
    """The rule's curve as (per cent of the time, per cent done), from nothing to all."""
    return tuple((int(row["time_percent"]), int(row["done_percent"])) for row in BOOK.rows("curve"))


def span_of(year: int, works: Works) -> tuple[int, int]:
    """The first and the last month of the works in `year`, counted from 0 for January.

    A start that is due and has not come about is put off to the year. A finish that is past or not known leaves the
    whole rest of the year; money of a year before the works begin is of their preparation and has all of it.
    """
    start, finish = _place(works.start, year), _place(works.finish, year)
    first = max(0, start) if start is not None else 0
    if first > _DECEMBER:
        return 0, _DECEMBER
    last = _DECEMBER if finish is None or finish < first else min(finish, _DECEMBER)
    return first, last


def weights(year: int, works: Works, points: Sequence[Point]) -> tuple[int, ...]:
    """How much of the year's works lies in each of its months, as whole numbers in proportion."""
    first, last = span_of(year, works)
    start, finish = _place(works.start, year), _place(works.finish, year)
    if start is not None and start < 0 and not works.begun:
        start = 0
    if start is None or finish is None or finish < start or start > _DECEMBER or finish < first:
        return tuple(int(first <= month <= last) for month in range(12))
    time = finish - start + 1
    done = [_done(month - start, time, points) for month in range(13)]
    found = tuple(done[month + 1] - done[month] if first <= month <= last else 0 for month in range(12))
    return found if any(found) else tuple(int(first <= month <= last) for month in range(12))


def _place(month: str | None, year: int) -> int | None:
    """How many months `month` lies after January of `year`."""
    return None if month is None else (int(month[:4]) - year) * 12 + int(month[5:7]) - 1


def _done(months: int, time: int, points: Sequence[Point]) -> int:
    """How much is done after `months` of `time`, on one whole scale for every count of months."""
    widths = [after[0] - before[0] for before, after in pairwise(points)]
    scale, at = lcm(*widths), min(max(months, 0), time) * 100
    for before, after in pairwise(points):
        if at <= after[0] * time:
            steep = (after[1] - before[1]) * scale // (after[0] - before[0])
            return before[1] * scale * time + steep * (at - before[0] * time)
    return points[-1][1] * scale * time


def monthly(annual: int, year: int, works: Works, stated: Mapping[int, int]) -> Months:
    """What is to be done in each month, in yuan: as `stated` (by last month of each step), else by the rule's curve."""
    held = weights(year, works, rule_curve())
    if not stated:
        return _months(_laid(annual, held))
    found: list[int] = []
    for end, amount in sorted(stated.items()):
        part = held[len(found) : end]
        found += _laid(amount, part if any(part) else (1,) * len(part))
    return _months(found)


def cumulative_quarters(months: Months) -> tuple[int, int, int, int]:
    """What is to be reached by the end of each quarter, in yuan."""
    first, second, third, last = (sum(months[:end]) for end in QUARTERS)
    return first, second, third, last


def _laid(amount: int, held: Sequence[int]) -> list[int]:
    """`amount` in whole parts in proportion to `held`, in their order; the parts sum to it."""
    whole, reached, so_far = sum(held), 0, 0
    found = []
    for weight in held:
        so_far += weight
        found.append(amount * so_far // whole - reached)
        reached += found[-1]
    return found


def _months(found: Sequence[int]) -> Months:
    one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve = found
    return one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve
