"""Problems for the allocation bench, generated from a seed: knapsacks and programmes."""

import numpy as np

from portfolio.allocation.model.problem import EXCLUDE, REQUIRE, Group, Needs, Pool, Problem, Project, Terms

ITEMS = ("fund.local_budget.region", "fund.bond.special", "land.agri.arable.general.dry", "sea.structure.impermeable")
LEAVES = (
    "fund.central_budget",
    "fund.central_fiscal",
    "fund.local_budget.region",
    "fund.local_budget.city",
    "fund.bond.special",
)
FIRST, YEARS, DELAY, LOSS = 2026, 5, 2, 0.1


def knapsack(rows: int, columns: int, tightness: float, seed: int) -> Problem:
    """A multidimensional knapsack: weights U(0, 1000), limits a part of their sums, values tied to the weights.

    Each row is the pool of one year, so that any number of rows can be had from one leaf.
    """
    draw = np.random.default_rng(seed)
    weights = draw.integers(0, 1001, (rows, columns))
    limits = (tightness * weights.sum(1)).astype(np.int64)
    values = (weights.sum(0) / rows + 500 * draw.random(columns)).astype(np.int64)
    row, column = (axis.ravel() for axis in np.indices(weights.shape))
    leaf, year = row % len(LEAVES), FIRST + row // len(LEAVES)
    order = tuple(sorted(LEAVES))
    place = np.array([order.index(name) for name in LEAVES], np.int64)
    needs = Needs(column, place[leaf], year, weights.ravel(), np.ones_like(row))
    pools = tuple(Pool(f"R{r}", LEAVES[r % len(LEAVES)], FIRST + r // len(LEAVES), int(limits[r])) for r in range(rows))
    projects = tuple(Project(f"P{j:04d}", float(values[j])) for j in range(columns))
    return Problem(projects, order, needs, pools)


def programme(count: int, seed: int, delay: int = DELAY) -> Problem:
    """A programme of `count` projects, five years, four elements; money carries over, some need or exclude others."""
    draw = np.random.default_rng(seed)
    start = draw.integers(0, 3, count)
    length = 1 + (draw.random(count) * 3).astype(np.int64)
    size = np.exp(draw.normal(0, 0.5, count))
    asks = draw.random((count, len(ITEMS))) < np.array([0.9, 0.6, 0.7, 0.25])
    project, item, offset = (axis.ravel() for axis in np.indices((count, len(ITEMS), YEARS)))
    used = asks[project, item] & (offset >= start[project]) & (offset < (start + length)[project])
    project, item, offset = project[used], item[used], offset[used]
    scale = np.array([3e7, 2e7, 6e4, 3e4])[item]
    quantity = (np.exp(draw.normal(0, 0.6, len(item))) * scale * size[project] / length[project]).astype(np.int64) + 1
    order = tuple(sorted(ITEMS))
    place = np.array([order.index(name) for name in ITEMS], np.int64)[item]
    needs = Needs(project, place, FIRST + offset, quantity, np.ones_like(place))
    value = np.round(100 * size * draw.uniform(0.7, 1.3, count), 1)
    projects = tuple(Project(f"P{j:05d}", float(value[j])) for j in range(count))
    return Problem(projects, order, needs, _pools(needs, order), _groups(draw, count), (), Terms(delay, LOSS))


def _pools(needs: Needs, order: tuple[str, ...]) -> tuple[Pool, ...]:
    """A pool an element and year, in all four tenths of what is asked, in part spread evenly; money carries over."""
    pools = []
    for place, name in enumerate(order):
        total = int(needs.quantity[needs.item == place].sum())
        for year in range(YEARS):
            asked = int(needs.quantity[(needs.item == place) & (needs.year == FIRST + year)].sum())
            limit = int(0.2 * (asked + total / YEARS))
            pools.append(Pool(f"{name}-{FIRST + year}", name, FIRST + year, limit, carries=name.startswith("fund")))
    return tuple(pools)


def _groups(draw: np.random.Generator, count: int) -> tuple[Group, ...]:
    chosen = draw.permutation(count)[: count // 5 * 2].reshape(-1, 2)
    half = len(chosen) // 2
    excluding = [Group(f"E{n}", EXCLUDE, (f"P{a:05d}", f"P{b:05d}")) for n, (a, b) in enumerate(chosen[:half])]
    requiring = [Group(f"Q{n}", REQUIRE, (f"P{a:05d}", f"P{b:05d}")) for n, (a, b) in enumerate(chosen[half:])]
    return tuple(excluding + requiring)
