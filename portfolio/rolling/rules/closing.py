"""What became of the years before an edition: known, expected, not told, or still running.

A year is over by the clock or by a person's word; what nobody told of it is not nothing. Amounts are base units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Cells = Mapping[tuple[str, int], int]

LEDGER, STATED, EXPECTED, UNREPORTED, RUNNING = "ledger", "stated", "expected", "unreported", "running"
KNOWN = (LEDGER, STATED, EXPECTED)
UNKNOWN = (UNREPORTED, RUNNING)


@dataclass(frozen=True)
class Past:
    """What is known of a project: by the ledger, and what its office stated of whole years (yuan).

    `delivered` has every (item, year) that the ledger keeps, zero among them; what it lacks is not known. `completed`
    is what was invested in a year, `expected` what the office expects by its end, `to_date` all up to the base year.
    """

    delivered: Cells = field(default_factory=dict)
    completed: Mapping[int, int] = field(default_factory=dict)
    expected: Mapping[int, int] = field(default_factory=dict)
    to_date: int | None = None

    def moved(self, first: int, end: int) -> bool:
        """Whether anything was delivered or completed from `first` up to `end` (not included)."""
        by_year = [(year, amount) for (_, year), amount in self.delivered.items()]
        return any(amount and first <= year < end for year, amount in (*by_year, *self.completed.items()))


@dataclass(frozen=True)
class Fact:
    """What stands in a year before the window and what it rests on; not known, it is the plan."""

    amount: int
    basis: str


def first_open_year(base_year: int, today: date, declared: bool) -> int:
    """The first year before `base_year` that is not over; a declaration closes the running one, never a coming one."""
    return min(base_year, today.year + int(declared))


def happened(first_open: int, base_year: int, planned: Cells, past: Past) -> dict[tuple[str, int], Fact]:
    """What stands in every (item, year) before `base_year` that was planned or that anything is known of."""
    cells = {cell: amount for cell, amount in planned.items() if cell[1] < base_year}
    known = {cell: amount for cell, amount in past.delivered.items() if cell[1] < base_year}
    years = {year for _, year in (*cells, *known)} | {year for year in (*past.completed, *past.expected)}
    found: dict[tuple[str, int], Fact] = {}
    for year in sorted(year for year in years if year < base_year):
        plan, held = _in(cells, year), _in(known, year)
        whole = _in_whole(planned)
        over = year < first_open
        for item in plan.keys() | held.keys():
            found[item, year] = _untold(plan.get(item, 0), held.get(item), over)
        stated = past.completed.get(year) if over else past.expected.get(year)
        if stated is not None:
            basis = STATED if over else EXPECTED
            parts = divided(stated, _money(plan), _money(held), _money(whole), over)
            found |= {(item, year): Fact(amount, basis) for item, amount in parts.items()}
    return found


def _untold(planned: int, delivered: int | None, over: bool) -> Fact:
    if not over:
        return Fact(max(planned, delivered or 0), RUNNING)
    return Fact(planned, UNREPORTED) if delivered is None else Fact(delivered, LEDGER)


def divided(
    stated: int, planned: Mapping[str, int], delivered: Mapping[str, int], whole: Mapping[str, int], over: bool
) -> dict[str, int]:
    """What was stated of a year in one sum, on its sources: as they were planned, beside what the ledger knows.

    Of a year that is over the ledger has the last word on the sources it keeps, and the rest of the sum is for the
    others; of a running year what it delivered so far is the least. Without a plan of the year `whole` weighs.
    """
    rest = max(0, stated - sum(delivered.values()))
    if over:
        weights = {item: amount for item, amount in planned.items() if item not in delivered}
        if not any(weights.values()):
            weights |= {item: amount for item, amount in whole.items() if item not in delivered}
        return _parts(rest, weights)
    weights = {item: max(0, amount - delivered.get(item, 0)) for item, amount in planned.items()}
    if not any(weights.values()):
        weights = dict(planned) if any(planned.values()) else dict(whole)
    parts = _parts(rest, weights)
    return {item: delivered.get(item, 0) + parts.get(item, 0) for item in sorted(parts.keys() | delivered.keys())}


def _parts(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`amount` in whole parts in proportion to `weights`; without any weight there is no part."""
    sum_, left, found = sum(weights.values()), amount, dict[str, int]()
    if not sum_:
        return found
    for item in sorted(weights):
        found[item] = amount * weights[item] // sum_
        left -= found[item]
    found[max(item for item in weights if weights[item])] += left
    return found


def _in(cells: Cells, year: int) -> dict[str, int]:
    return {item: amount for (item, of), amount in cells.items() if of == year}


def _in_whole(cells: Cells) -> dict[str, int]:
    found: dict[str, int] = {}
    for (item, _), amount in cells.items():
        found[item] = found.get(item, 0) + amount
    return found


def _money(by_item: Mapping[str, int]) -> dict[str, int]:
    return {item: amount for item, amount in by_item.items() if item.split(".")[0] == "fund"}
