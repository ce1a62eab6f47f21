"""The bridge as plain as it can be written, one project and one cell at a time: what the fast one is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portfolio.rolling.rules.carrying import spread

Cell = tuple[int, int]
Cells = Mapping[Cell, int]


@dataclass(frozen=True)
class Side:
    """A project in one edition; needs by (item id, year)."""

    number: int
    category: str = "continuing"
    start_month: str | None = "2024-03"
    finish_month: str | None = "2028-06"
    needs: Cells = field(default_factory=dict)
    change: str = "kept"
    annual_yuan: int = 0


def total(
    before: Mapping[int, Side],
    after: Mapping[int, Side],
    closed_before: int,
    items: set[int],
    years: tuple[int, int] | None,
) -> dict[str, int]:
    """The sum of each cause over `items` and `years`."""
    causes: dict[str, int] = {}
    for number in sorted(before.keys() | after.keys()):
        parts = explained(_only(before.get(number), items), _only(after.get(number), items), closed_before)
        for cause, cells in parts.items():
            kept = (a for (_, year), a in cells.items() if years is None or years[0] <= year <= years[1])
            causes[cause] = causes.get(cause, 0) + sum(kept)
    return {cause: amount for cause, amount in causes.items() if amount}


def _only(side: Side | None, items: set[int]) -> Side | None:
    if side is None:
        return None
    return Side(side.number, needs={cell: amount for cell, amount in side.needs.items() if cell[0] in items})


def explained(old: Side | None, new: Side | None, closed_before: int) -> dict[str, dict[Cell, int]]:
    """Each cause's cells for one project; together they are the change of every cell."""
    if old is None or new is None:
        side, sign, cause = (new, 1, "additions") if old is None else (old, -1, "exits")
        cells = side.needs if side else {}
        return {cause: {cell: sign * amount for cell, amount in cells.items()}}
    was, now = old.needs, new.needs
    delta = {cell: now.get(cell, 0) - was.get(cell, 0) for cell in was.keys() | now.keys()}
    actuals = {cell: amount for cell, amount in delta.items() if cell[1] < closed_before and amount}
    opened = {cell: amount for cell, amount in delta.items() if cell[1] >= closed_before}
    cost = sum(now.values()) - sum(was.values())
    cost_cells = _shared(now, closed_before, cost, min((item for item, _ in delta), default=0))
    resourced = _resourcing(was, now, cost_cells, closed_before)
    timing = {
        cell: amount - cost_cells.get(cell, 0) - resourced.get(cell, 0)
        for cell, amount in {**dict.fromkeys((*cost_cells, *resourced), 0), **opened}.items()
    }
    return {"actuals": actuals, "cost": cost_cells, "resourcing": resourced, "timing": timing}


def _shared(now: Cells, closed_before: int, amount: int, item: int) -> dict[Cell, int]:
    """`amount` over the open cells in proportion to what they hold; else in `item`'s first open year."""
    weights = {cell: held for cell, held in now.items() if cell[1] >= closed_before and held > 0}
    if not amount:
        return {}
    if not weights:
        return {(item, closed_before): amount}
    order = sorted(weights)
    parts = spread(dict(enumerate(weights[cell] for cell in order)), abs(amount), "pro_rata", 0, len(order) - 1)
    sign = 1 if amount > 0 else -1
    return {cell: sign * (parts[n] - weights[cell]) for n, cell in enumerate(order)}


def _resourcing(was: Cells, now: Cells, cost: Cells, closed_before: int) -> dict[Cell, int]:
    """What went from one item to another: each item's change beyond its share of the cost change; sums to zero."""
    found: dict[Cell, int] = {}
    for item in sorted({item for item, _ in (*was, *now, *cost)}):
        change = sum(a for c, a in now.items() if c[0] == item) - sum(a for c, a in was.items() if c[0] == item)
        beyond = change - sum(a for c, a in cost.items() if c[0] == item)
        if beyond:
            own = {cell: amount for cell, amount in now.items() if cell[0] == item}
            for cell, amount in _shared(own, closed_before, beyond, item).items():
                found[cell] = found.get(cell, 0) + amount
    return found
