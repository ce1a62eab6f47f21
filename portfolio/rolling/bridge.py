"""The difference of two editions, and the bridge that says where every yuan went.

An edition here is project → facts and needs by (item, year), base units. A cell's change is explained in this order:
additions and exits (the project is only in one), replaced by actuals (the year is closed in the later edition), cost
change, re-sourcing (between items), timing (between years). The remainder is computed, and zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portfolio.rolling.roll import spread

Cell = tuple[str, int]
Cells = Mapping[Cell, int]
CAUSES = ("additions", "exits", "actuals", "cost", "resourcing", "timing")
LEAVING = ("exited", "completed")


@dataclass(frozen=True)
class Side:
    """A project in one edition."""

    code: str
    category: str
    start_month: str | None
    finish_month: str | None
    needs: Cells = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """What happened to a project between two editions; months of slip are positive when later."""

    code: str
    kinds: tuple[str, ...]
    before: int
    after: int
    start_slip: int | None
    finish_slip: int | None


def differences(before: Iterable[Side], after: Iterable[Side], items: str = "fund") -> list[Difference]:
    """Every project of either edition by code: kept, added, dropped, promoted, delayed, dearer, cheaper, resourced."""
    old, new = {side.code: side for side in before}, {side.code: side for side in after}
    return [_difference(code, old.get(code), new.get(code), items) for code in sorted(old.keys() | new.keys())]


def _difference(code: str, old: Side | None, new: Side | None, items: str) -> Difference:
    before, after = (_total(side, items) for side in (old, new))
    if old is None or new is None:
        return Difference(code, ("added" if old is None else "dropped",), before, after, None, None)
    start, finish = _slip(old.start_month, new.start_month), _slip(old.finish_month, new.finish_month)
    kinds = []
    if old.category == "preparatory" and new.category != "preparatory":
        kinds.append("promoted")
    if (start or 0) > 0 or (finish or 0) > 0:
        kinds.append("delayed")
    if before != after:
        kinds.append("dearer" if after > before else "cheaper")
    if _by_item(old, items) != _by_item(new, items) and before == after:
        kinds.append("resourced")
    return Difference(code, tuple(kinds) or ("kept",), before, after, start, finish)


def _total(side: Side | None, items: str) -> int:
    return 0 if side is None else sum(_by_item(side, items).values())


def _by_item(side: Side, items: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (item, _), amount in side.needs.items():
        if _under(item, items) and amount:
            sums[item] = sums.get(item, 0) + amount
    return sums


def _under(item: str, top: str) -> bool:
    return item == top or item.startswith(top + ".")


def _slip(old: str | None, new: str | None) -> int | None:
    if not old or not new:
        return None
    years, months = int(new[:4]) - int(old[:4]), int(new[5:7]) - int(old[5:7])
    return years * 12 + months


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


def bridge(
    before: Iterable[Side],
    after: Iterable[Side],
    closed_before: int,
    items: str = "fund",
    years: tuple[int, int] | None = None,
) -> Bridge:
    """The bridge of what lies under `items` in `years` (both included); years below `closed_before` are actuals."""
    old, new = {side.code: side for side in before}, {side.code: side for side in after}
    causes = dict.fromkeys(CAUSES, 0)

    def counts(cell: Cell) -> bool:
        return _under(cell[0], items) and (years is None or years[0] <= cell[1] <= years[1])

    for code in sorted(old.keys() | new.keys()):
        parts = explained(old.get(code), new.get(code), closed_before, items)
        for cause, cells in parts.items():
            causes[cause] += sum(amount for cell, amount in cells.items() if counts(cell))
    totals = [
        sum(a for side in sides.values() for cell, a in side.needs.items() if counts(cell)) for sides in (old, new)
    ]
    return Bridge(totals[0], totals[1], causes)


def explained(
    old: Side | None, new: Side | None, closed_before: int, items: str = "fund"
) -> dict[str, dict[Cell, int]]:
    """Each cause's cells for one project; together they are the change of every cell under `items`."""
    if old is None or new is None:
        side, sign, cause = (new, 1, "additions") if old is None else (old, -1, "exits")
        cells = side.needs if side else {}
        return {cause: {cell: sign * amount for cell, amount in cells.items() if _under(cell[0], items)}}
    was = {cell: amount for cell, amount in old.needs.items() if _under(cell[0], items)}
    now = {cell: amount for cell, amount in new.needs.items() if _under(cell[0], items)}
    delta = {cell: now.get(cell, 0) - was.get(cell, 0) for cell in was.keys() | now.keys()}
    actuals = {cell: amount for cell, amount in delta.items() if cell[1] < closed_before and amount}
    opened = {cell: amount for cell, amount in delta.items() if cell[1] >= closed_before}
    cost = sum(now.values()) - sum(was.values())
    cost_cells = _shared(now, closed_before, cost, min((item for item, _ in delta), default=items))
    resourced = _resourcing(was, now, cost_cells, closed_before)
    timing = {
        cell: amount - cost_cells.get(cell, 0) - resourced.get(cell, 0)
        for cell, amount in {**dict.fromkeys((*cost_cells, *resourced), 0), **opened}.items()
    }
    return {"actuals": actuals, "cost": cost_cells, "resourcing": resourced, "timing": timing}


def _shared(now: Cells, closed_before: int, amount: int, item: str) -> dict[Cell, int]:
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
