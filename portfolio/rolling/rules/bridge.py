"""The difference of two editions, and the bridge that says where every yuan went.

A cell (project, item, year) changes for causes that are told apart in this order: additions and exits (the project is
only in one edition); replaced by actuals or by what is expected (a year before the later edition's window of which that
is known); carried over; cost change; re-sourcing (between items); timing (between years). From window to window the
year that leaves and the year that enters are causes too. All parts are whole base units and exact; the remainder is
computed, and zero.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portfolio.rolling.rules.closing import EXPECTED, LEDGER, STATED
from portfolio.rolling.rules.editions import slip
from portfolio.rolling.rules.programme import BASES, Facts, Ints, Programme

CAUSES = ("additions", "exits", "actuals", "expected", "carried", "cost", "resourcing", "timing")
# From one window to the next: what leaves with the years that are only in the first, and enters with the others.
WINDOW_CAUSES = ("year_leaves", "year_enters", *CAUSES)
_KNOWN = tuple(BASES.index(basis) for basis in (LEDGER, STATED))
_AWAITED = BASES.index(EXPECTED)
_ITEMS, _YEARS = 1 << 16, 1 << 12


@dataclass(frozen=True)
class Difference:
    """What happened to a project between two editions; months of slip are positive when later."""

    code: str
    kinds: tuple[str, ...]
    before: int
    after: int
    start_slip: int | None
    finish_slip: int | None


@dataclass(frozen=True)
class Bridge:
    """From `before` to `after` over some years and items: the sum of each cause, and what is left unexplained."""

    before: int
    after: int
    causes: Mapping[str, int]

    @property
    def remainder(self) -> int:
        """What no cause explains: zero, or the bridge is wrong."""
        return self.after - self.before - sum(self.causes.values())


@dataclass(frozen=True)
class Comparison:
    """Two editions cell by cell: `was` and `now` and each cause's part, for the same cells in the order of projects."""

    before: Programme
    after: Programme
    project: Ints
    item: Ints
    year: Ints
    was: Ints
    now: Ints
    parts: Mapping[str, Ints]

    @property
    def old(self) -> Mapping[int, Facts]:
        """The projects of the first edition."""
        return self.before.facts

    @property
    def new(self) -> Mapping[int, Facts]:
        """The projects of the second edition."""
        return self.after.facts

    @property
    def common_years(self) -> tuple[int, int]:
        """The first and the last year that both windows have; the last lies before the first when there is none."""
        one, other = self.before.span, self.after.span
        return max(one.base_year, other.base_year), min(one.last_year, other.last_year)

    def bridge(self, years: tuple[int, int] | None = None) -> Bridge:
        """The bridge over `years` (both included), all of them by default."""
        here = np.ones(len(self.year), np.bool_)
        if years is not None:
            here = (self.year >= years[0]) & (self.year <= years[1])
        causes = {cause: int(self.parts[cause][here].sum()) for cause in CAUSES}
        return Bridge(int(self.was[here].sum()), int(self.now[here].sum()), causes)

    def window_bridge(self) -> Bridge:
        """From the window of one edition to that of the other: over the common years, and the years of one alone."""
        common, (left, entered) = self.bridge(self.common_years), self._turned()
        leaves, enters = -int(self.was[left].sum()), int(self.now[entered].sum())
        causes = {"year_leaves": leaves, "year_enters": enters, **common.causes}
        return Bridge(common.before - leaves, common.after + enters, causes)

    def _turned(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The cells of years that only the first window has, and of those that only the second has."""
        first, second = (
            (self.year >= one.span.base_year) & (self.year <= one.span.last_year) for one in (self.before, self.after)
        )
        return first & ~second, second & ~first

    def by_cell(self) -> pd.DataFrame:
        """Sums by `item` (id) and `year`: `before`, `after` and every cause, in base units."""
        frame = pd.DataFrame(
            {"item": self.item, "year": self.year, "before": self.was, "after": self.now, **self.parts}
        )
        return frame.groupby(["item", "year"], as_index=False).sum()

    def shares(self, cause: str, item: int | None = None, years: tuple[int, int] | None = None) -> dict[str, int]:
        """Each project's part (code: base units) of a cause, of one item (id) and some years or of all."""
        left, entered = self._turned()
        turned = {"year_leaves": np.where(left, -self.was, 0), "year_enters": np.where(entered, self.now, 0)}
        amounts = turned[cause] if cause in turned else self.parts[cause]
        here = amounts != 0
        if item is not None:
            here &= self.item == item
        if years is not None:
            here &= (self.year >= years[0]) & (self.year <= years[1])
        found: dict[str, int] = {}
        for number, part in zip(self.project[here].tolist(), amounts[here].tolist(), strict=True):
            code = (self.new.get(number) or self.old[number]).code
            found[code] = found.get(code, 0) + part
        return found

    def differences(self) -> list[Difference]:
        """Every project of either edition by code, with what happened to it."""
        before, after = self._by_project(self.was), self._by_project(self.now)
        sourced, timed = (
            self._moved(_ITEMS, self.item),
            self._moved(_YEARS, self.year, self.year >= self.after.span.base_year),
        )
        found = []
        for number in self.old.keys() | self.new.keys():
            sums = (before.get(number, 0), after.get(number, 0))
            moved = (number in sourced, number in timed)
            found.append(_difference(self.old.get(number), self.new.get(number), sums, moved))
        return sorted(found, key=lambda one: one.code)

    def _by_project(self, amounts: Ints) -> dict[int, int]:
        starts = _starts(self.project)
        sums = np.add.reduceat(amounts, starts) if len(starts) else amounts
        return dict(zip(self.project[starts].tolist(), sums.tolist(), strict=True))

    def _moved(self, size: int, of: Ints, here: NDArray[np.bool_] | None = None) -> set[int]:
        """The projects of which the sum of an item, or of a year, is not what it was."""
        keys, delta = self.project * size + of, self.now - self.was
        if here is not None:
            keys, delta = keys[here], delta[here]
        order = np.argsort(keys, kind="stable")
        starts = _starts(keys[order])
        if not len(starts):
            return set()
        moved = np.add.reduceat(delta[order], starts) != 0
        return set((keys[order][starts][moved] // size).tolist())


def compared(before: Programme, after: Programme, items: Collection[int]) -> Comparison:
    """Compare two editions over the leaves `items` (ids)."""
    chosen = np.array(sorted(items), np.int64)
    first, second = _keyed(before, chosen), _keyed(after, chosen)
    both = np.array(sorted(before.facts.keys() & after.facts.keys()), np.int64)
    base_year = after.span.base_year
    keys = np.unique(np.concatenate([first.keys, second.keys, _anchors(first.keys, second.keys, both, base_year)]))
    was, now = _placed(keys, first.keys, first.required), _placed(keys, second.keys, second.required)
    carried = _placed(keys, second.keys, second.carried) - _placed(keys, first.keys, first.carried)
    project, item, year = keys // (_ITEMS * _YEARS), keys // _YEARS % _ITEMS, keys % _YEARS
    shared = np.isin(project, both)
    basis = _bases(after, year, _placed(keys, second.keys, second.basis), np.isin(keys, second.keys))
    cells = _Cells(project, item, year >= base_year, basis, np.where(shared, was, 0), np.where(shared, now, 0))
    parts = _explained(cells, np.where(shared, carried, 0))
    parts["additions"] = np.where(~shared & np.isin(project, _ids(after)), now, 0)
    parts["exits"] = np.where(~shared & np.isin(project, _ids(before)), -was, 0)
    return Comparison(before, after, project, item, year, was, now, parts)


@dataclass(frozen=True)
class _Needs:
    """The needs of an edition by the key of their cell, in order."""

    keys: Ints
    required: Ints
    carried: Ints
    basis: Ints


@dataclass(frozen=True)
class _Cells:
    """Cells in the order of projects and items; `was` and `now` are of projects in both editions, else zero.

    `ahead`: of the later edition's window or after it; there what is not told otherwise is laid.
    """

    project: Ints
    item: Ints
    ahead: NDArray[np.bool_]
    basis: Ints
    was: Ints
    now: Ints


def _bases(after: Programme, year: Ints, basis: Ints, there: NDArray[np.bool_]) -> Ints:
    """What every cell rests on in the later edition (a place in `BASES`); a year of its window rests on nothing yet.

    A cell that the edition lacks before its window is known to be nothing: what is not known stays as planned. Where
    nobody asked what was over (an edition of old), every year before the window was replaced by the ledger. An edition
    published elsewhere tells nothing of what was done.
    """
    span = after.span
    if not span.closes:
        return np.zeros(len(year), np.int64)
    over = year < (span.base_year if span.open_year is None else span.open_year)
    found = np.where(there & (basis > 0), basis, np.where(over, _KNOWN[0], _AWAITED))
    return np.where(year < span.base_year, found, 0)


def _ids(of: Programme) -> Ints:
    return np.array(sorted(of.facts), np.int64)


def _keyed(of: Programme, items: Ints) -> _Needs:
    here = np.isin(of.item, items)
    keys = (of.project[here] * _ITEMS + of.item[here]) * _YEARS + of.year[here]
    order = np.argsort(keys, kind="stable")
    return _Needs(keys[order], *(column[here][order] for column in (of.required, of.carried, of.basis)))


def _anchors(old: Ints, new: Ints, both: Ints, year: int) -> Ints:
    """A cell in the first open year of every item of the projects in both: where a change without open cells is put."""
    pairs = np.unique(np.concatenate([old, new]) // _YEARS)
    return pairs[np.isin(pairs // _ITEMS, both)] * _YEARS + year


def _placed(keys: Ints, of: Ints, amounts: Ints) -> Ints:
    found = np.zeros(len(keys), np.int64)
    found[np.searchsorted(keys, of)] = amounts
    return found


def _explained(cells: _Cells, carried: Ints) -> dict[str, Ints]:
    """The causes of the change of every cell of the projects in both editions; `carried`: how much more came over."""
    delta = cells.now - cells.was
    known, awaited = np.isin(cells.basis, _KNOWN), cells.basis == _AWAITED
    weights = np.where(cells.ahead, cells.now, 0)
    cost = _shared_out(_starts(cells.project), delta, weights, cells.ahead)
    resourcing = _shared_out(_starts(cells.project * _ITEMS + cells.item), delta - cost, weights, cells.ahead)
    over = np.where(cells.ahead, carried, 0)
    return {
        "actuals": np.where(known, delta, 0),
        "expected": np.where(awaited, delta, 0),
        "carried": over,
        "cost": cost,
        "resourcing": resourcing,
        "timing": np.where(known | awaited, 0, delta) - over - cost - resourcing,
    }


def _starts(groups: Ints) -> Ints:
    """Where each run of equal values begins."""
    if not len(groups):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))


def _shared_out(starts: Ints, amounts: Ints, weights: Ints, open_: NDArray[np.bool_]) -> Ints:
    """Each group's sum of `amounts` laid over its cells in proportion to `weights`, whole and exact.

    What rounding leaves goes to the last weighted cell; a group without weights puts it all into its first open cell.
    """
    found = np.zeros(len(amounts), np.int64)
    if not len(starts):
        return found
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(amounts))))
    sums, whole = np.add.reduceat(amounts, starts), np.add.reduceat(weights, starts)
    here = np.flatnonzero((sums[group] != 0) & (weights > 0))
    # Whole numbers without a limit: yuan times yuan does not fit 64 bits.
    part: NDArray[Any] = np.abs(sums[group[here]]).astype(object) * weights[here] // whole[group[here]]
    found[here] = part.astype(np.int64) * np.sign(sums[group[here]])
    rest = sums - np.add.reduceat(found, starts)
    places = np.arange(len(amounts))
    last = np.maximum.reduceat(np.where(weights > 0, places, -1), starts)
    first_open = np.minimum.reduceat(np.where(open_, places, len(amounts)), starts)
    target = np.where(last >= 0, last, first_open)
    moved = rest != 0
    found[target[moved]] += rest[moved]
    return found


def _difference(old: Facts | None, new: Facts | None, sums: tuple[int, int], moved: tuple[bool, bool]) -> Difference:
    """What happened to a project; `moved`: between its items, and between its years."""
    if old is None or new is None:
        code = (old or new or Facts("", "", None, None)).code
        return Difference(code, ("added" if old is None else "dropped",), *sums, None, None)
    start, finish = slip(old.start_month, new.start_month), slip(old.finish_month, new.finish_month)
    before, after = sums
    kinds = []
    if old.category == "preparatory" and new.category != "preparatory":
        kinds.append("promoted")
    if (start or 0) > 0 or (finish or 0) > 0:
        kinds.append("delayed")
    if before != after:
        kinds.append("dearer" if after > before else "cheaper")
    elif moved[0]:
        kinds.append("resourced")
    placed = (old.category, old.rung) != (new.category, new.rung) and "promoted" not in kinds
    retimed = before == after and moved[1]
    told = new.change == "adjusted" or _told_otherwise(old, new)
    if placed or retimed or new.change == "suspended" or (told and not kinds):
        kinds.append("adjusted")
    return Difference(new.code, tuple(kinds) or ("kept",), before, after, start, finish)


def _told_otherwise(old: Facts, new: Facts) -> bool:
    """Whether the months or the total are told otherwise: earlier, for the first time, or no more."""
    return (old.start_month, old.finish_month, old.total_yuan) != (new.start_month, new.finish_month, new.total_yuan)
