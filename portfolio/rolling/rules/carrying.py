"""What is still needed after a year has closed: what is known in its place, what is known to be left carried ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from portfolio.rolling.rules.closing import KNOWN, Cells, Past, happened

ByYear = Mapping[int, int]


class Window(Protocol):
    """The years of an edition."""

    @property
    def base_year(self) -> int:
        """The first year that is not closed."""

    @property
    def first_open(self) -> int:
        """The first year that is not over."""

    @property
    def years(self) -> int:
        """How many years the window has."""


@dataclass(frozen=True)
class Carried:
    """Needs by (item, year), the part of them that came over from years before, and what a year before rests on."""

    needs: dict[tuple[str, int], int]
    carried: dict[tuple[str, int], int]
    basis: dict[tuple[str, int], str]


def carry(
    window: Window, rules: Mapping[str, str], planned: Cells, carried: Cells, asked: Cells, past: Past
) -> Carried:
    """The needs after the years before the window.

    `planned` and `carried` are the parent's, `asked` what the library asks now. A closed year becomes what was done in
    it, the running one what is expected of it; what of an item is known to be left moves by its rule. Of a year nobody
    told of, the plan stays and nothing moves. An item whose coming years were restated is taken as restated.
    """
    first, last = window.base_year, window.base_year + window.years - 1
    found, before = Carried({}, {}, {}), happened(window.first_open, first, planned, past)
    for item in sorted({item for item, _ in (*planned, *asked, *before)}):
        told = {year: fact for (name, year), fact in before.items() if name == item}
        plan, came = _of(planned, item), _of(carried, item)
        was = {year: amount for year, amount in plan.items() if year >= first}
        own = {year: amount - came.get(year, 0) for year, amount in was.items()}
        now = {year: amount for year, amount in _of(asked, item).items() if year >= first}
        left_alone = _stated(own) == _stated(now)
        rest = sum(plan.get(year, 0) - fact.amount for year, fact in told.items() if fact.basis in KNOWN)
        rule = rules["carry_money" if item.split(".")[0] == "fund" else "carry_area"]
        ahead = spread(was if left_alone else now, max(0, rest), rule, first, last)
        if rest < 0 and left_alone:
            ahead = _met(ahead, now, -rest)
        for year, fact in told.items():
            if fact.amount:
                found.needs[item, year] = fact.amount
                found.basis[item, year] = fact.basis
        for year, amount in ahead.items():
            if amount:
                found.needs[item, year] = amount
            if year >= first and amount > now.get(year, 0):
                found.carried[item, year] = amount - now.get(year, 0)
    return found


def _of(cells: Cells, item: str) -> dict[int, int]:
    return {year: amount for (name, year), amount in cells.items() if name == item}


def _stated(by_year: ByYear) -> dict[int, int]:
    return {year: amount for year, amount in by_year.items() if amount}


def _met(ahead: ByYear, own: ByYear, over: int) -> dict[int, int]:
    """`ahead` without what was carried into it, as far as a closed year delivered more than it had planned."""
    found = dict(ahead)
    for year in sorted(found):
        part = min(over, max(0, found[year] - own.get(year, 0)))
        found[year] -= part
        over -= part
    return found


def spread(ahead: ByYear, rest: int, rule: str, first: int, last: int) -> dict[int, int]:
    """`ahead` with `rest` added: to the next year, to the last one, or in proportion; the sum is exact."""
    found = dict(ahead)
    if not rest:
        return found
    whole = sum(ahead.values())
    if rule == "next_year" or (rule == "pro_rata" and not whole):
        found[first] = found.get(first, 0) + rest
        return found
    if rule == "end":
        end = max([last, *ahead])
        found[end] = found.get(end, 0) + rest
        return found
    left = rest
    for year in sorted(ahead)[:-1]:
        part = rest * ahead[year] // whole
        found[year] += part
        left -= part
    found[max(ahead)] += left
    return found
