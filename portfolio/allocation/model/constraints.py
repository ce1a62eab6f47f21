"""The rules of an allocation, each one function that returns its rows.

x_w is 1 when way w is taken (a project with a delay and a number of phases), and x_p stands for the sum of x_w over the
ways of project p. Quantities are whole yuan or m². Clauses are those of 桂政发〔2018〕2号.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from portfolio.allocation.model.binding import binds_item, in_region, under
from portfolio.allocation.model.chain import homes, last_pools, sets_with
from portfolio.allocation.model.problem import EXCLUDE, REQUIRE, TOGETHER, Ints, Pool, Problem
from portfolio.allocation.model.ways import Ways

FREE_BELOW, FREE_ABOVE = -(2**62), 2**62


@dataclass(frozen=True)
class Rows:
    """Rows of one rule in compressed form: lower ≤ Σ weight · x ≤ upper; each row bears the name of what it is for."""

    rule: str
    names: tuple[str, ...]
    sizes: Ints
    columns: Ints
    weights: Ints
    lower: Ints
    upper: Ints


Entry = tuple[str, Ints, Ints, int, int]


def _rows(rule: str, entries: Sequence[Entry]) -> Rows:
    none = np.zeros(0, np.int64)
    return Rows(
        rule,
        tuple(entry[0] for entry in entries),
        np.array([len(entry[1]) for entry in entries], np.int64),
        np.concatenate([entry[1] for entry in entries]) if entries else none,
        np.concatenate([entry[2] for entry in entries]) if entries else none,
        np.array([entry[3] for entry in entries], np.int64),
        np.array([entry[4] for entry in entries], np.int64),
    )


def one_way_each(problem: Problem, ways: Ways) -> Rows:
    """A project is supported in one way at most: x_p ≤ 1 (projects with one way need no row)."""
    counts = np.bincount(ways.project, minlength=len(problem.projects))
    several = np.flatnonzero(counts > 1)
    columns = np.flatnonzero(counts[ways.project] > 1)
    ones = np.ones(len(several), np.int64)
    names = tuple(problem.projects[place].code for place in several)
    return Rows("way", names, counts[several], columns, np.ones(len(columns), np.int64), ones * FREE_BELOW, ones)


def pools_hold(problem: Problem, ways: Ways) -> Rows:
    """No pool is exceeded: Σ over bound needs of a_{p,i,t} · x_w ≤ L_k, a need of way w coming in year t + delay.

    Clause 三(三): 优先保障资金、用地、用海、用林等要素需求, within what there is.
    """
    book = _NeedBook(problem, ways)
    entries = []
    for pool in problem.pools:
        columns, amounts = book.bound_by(pool)
        entries.append((pool.code, columns, amounts, FREE_BELOW, pool.limit))
    return _rows("pool", entries)


def chained_pools_hold(problem: Problem, ways: Ways) -> Rows:
    """Separate accounts hold, a wide one giving what the narrow ones before it lack.

    With d_k what needs draw on pool k first and o_k ≥ 0 what k passes on to the pool behind it:
    d_k + Σ_{j before k} o_j ≤ L_k + o_k, and o_k = 0 where nobody stands behind k. Such o exist if and only if, for
    every set S that holds the last pool and with each of its pools all behind it, Σ_{k in S} d_k ≤ Σ_{k in S} L_k.
    A pool that carries stands behind that of the next year: o is then what the later year takes of its rest.
    These are the rows, so that all columns stay yes or no and all numbers whole. Clause 三(三), and 计划指标分解下达.
    """
    book, entries = _NeedBook(problem, ways), list[Entry]()
    at_home = [homes(problem, delay) for delay in range(problem.terms.max_delay + 1)]
    draws = [book.drawn_at(at_home, place) for place in range(len(problem.pools))]
    for last in last_pools(problem):
        for chosen in sets_with(problem, last):
            drawn = sum((draws[place] for place in chosen), np.zeros(len(ways), np.int64))
            columns = np.flatnonzero(drawn)
            limit = sum(problem.pools[place].limit for place in chosen)
            entries.append((problem.pools[chosen[-1]].code, columns, drawn[columns], FREE_BELOW, limit))
    return _rows("pool", entries)


def limits_of_sets(problem: Problem) -> Ints:
    """The upper sides of the rows of `chained_pools_hold`, in their order."""
    limits = [pool.limit for pool in problem.pools]
    sets = (chosen for last in last_pools(problem) for chosen in sets_with(problem, last))
    return np.array([sum(limits[place] for place in chosen) for chosen in sets], np.int64)


class _NeedBook:
    """Needs sorted by item and year, so that a pool finds its own without a look at the others."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem, self.ways = problem, ways
        needs = problem.needs
        self.first = int(needs.year.min()) if len(needs) else 0
        self.years = int(needs.year.max()) - self.first + 1 if len(needs) else 1
        key = needs.item * self.years + needs.year - self.first
        order = np.argsort(key, kind="stable")
        self.key = key[order]
        self.project, self.quantity, self.phase = needs.project[order], needs.quantity[order], needs.phase[order]
        self.touched: dict[str, np.ndarray] = {}

    def bound_by(self, pool: Pool) -> tuple[Ints, Ints]:
        """The columns that draw on a pool, and how much each draws."""
        if pool.region not in self.touched:
            self.touched[pool.region] = in_region(self.problem, pool.region)
        drawn = np.zeros(len(self.ways), np.int64)
        for item, code in enumerate(self.problem.items):
            if binds_item(pool, code):
                for delay in range(self.problem.terms.max_delay + 1):
                    self._draw(drawn, item, pool.year - delay, delay, self.touched[pool.region])
        columns = np.flatnonzero(drawn)
        return columns, drawn[columns]

    def drawn_at(self, at_home: Sequence[Ints], place: int) -> Ints:
        """How much each column draws on a pool first, where pools are separate accounts."""
        drawn, needs, problem = np.zeros(len(self.ways), np.int64), self.problem.needs, self.problem
        for delay in range(problem.terms.max_delay + 1):
            mine = np.flatnonzero(at_home[delay] == place)
            project, quantity, phase = needs.project[mine], needs.quantity[mine], needs.phase[mine]
            for phases in range(1, self.ways.at.shape[2] + 1):
                column = self.ways.at[project, delay, phases - 1]
                counts = (column >= 0) & (phase <= phases)
                np.add.at(drawn, column[counts], quantity[counts])
        return drawn

    def _draw(self, drawn: Ints, item: int, year: int, delay: int, touched: np.ndarray) -> None:
        if not 0 <= year - self.first < self.years:
            return
        key = item * self.years + year - self.first
        first, last = np.searchsorted(self.key, (key, key + 1))
        mine = touched[self.project[first:last]]
        project, quantity = self.project[first:last][mine], self.quantity[first:last][mine]
        phase = self.phase[first:last][mine]
        for phases in range(1, self.ways.at.shape[2] + 1):
            column = self.ways.at[project, delay, phases - 1]
            counts = (column >= 0) & (phase <= phases)
            np.add.at(drawn, column[counts], quantity[counts])


def carry_over(problem: Problem, ways: Ways, pools: Rows) -> Rows:
    """What a pool that carries has left goes to the next year's pool of the same item, region and level.

    With u_k used of pool k, along such a chain: u_1 + … + u_t ≤ L_1 + … + L_t for every year t of it (the sums say the
    same as u_t + rest_t ≤ L_t + rest_{t-1}, rest ≥ 0, without a column for the rest). Clause 三(三): 滚动调整.
    """
    if not any(pool.carries for pool in problem.pools):
        return pools
    starts = np.concatenate([[0], np.cumsum(pools.sizes)])
    entries: list[Entry] = []
    for chain in chains(problem):
        drawn, limit = np.zeros(len(ways), np.int64), 0
        for place in chain:
            span = slice(starts[place], starts[place + 1])
            drawn[pools.columns[span]] += pools.weights[span]
            limit += int(pools.upper[place])
            columns = np.flatnonzero(drawn)
            entries.append((problem.pools[place].code, columns, drawn[columns], FREE_BELOW, limit))
    order = {pool.code: place for place, pool in enumerate(problem.pools)}
    return _rows("pool", sorted(entries, key=lambda entry: order[entry[0]]))


def chains(problem: Problem) -> list[list[int]]:
    """Places of pools that pass their rest on, each chain in the order of years; a pool alone is a chain of one."""

    def passes(pool: Pool) -> bool:
        # Among separate accounts the pool itself stands behind that of the next year; its rows say so already.
        return pool.carries and not problem.chained

    following = {(pool.item, pool.region, pool.level, pool.year): place for place, pool in enumerate(problem.pools)}
    next_of = {
        place: following.get((pool.item, pool.region, pool.level, pool.year + 1)) if passes(pool) else None
        for place, pool in enumerate(problem.pools)
    }
    heads = set(next_of) - {place for place in next_of.values() if place is not None}
    found = list[list[int]]()
    for head in sorted(heads):
        chain, here = list[int](), cast(int | None, head)
        while here is not None:
            chain.append(here)
            here = next_of[here]
        found.append(chain)
    return found


class _Columns:
    """The columns of each project, asked by its place."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self._starts = np.searchsorted(ways.project, np.arange(len(problem.projects) + 1)).tolist()

    def __getitem__(self, place: int) -> Ints:
        return np.arange(self._starts[place], self._starts[place + 1])


def musts(problem: Problem, ways: Ways) -> Rows:
    """The must-support list: x_p ≥ 1, in whichever year."""
    columns = _Columns(problem, ways)
    listed = [place for place, project in enumerate(problem.projects) if project.must is True]
    return _rows("must", [(problem.projects[p].code, columns[p], np.ones_like(columns[p]), 1, 1) for p in listed])


def must_nots(problem: Problem, ways: Ways) -> Rows:
    """The must-not list: x_p ≤ 0. Clause 三(三): 投资领域负面清单管理."""
    columns = _Columns(problem, ways)
    listed = [place for place, project in enumerate(problem.projects) if project.must is False]
    return _rows("must_not", [(problem.projects[p].code, columns[p], np.ones_like(columns[p]), 0, 0) for p in listed])


def exclusions(problem: Problem, ways: Ways) -> Rows:
    """Of a group that excludes each other one at most is supported: Σ_{p in g} x_p ≤ 1."""
    columns, entries = _Columns(problem, ways), list[Entry]()
    for group in problem.groups:
        if group.kind == EXCLUDE:
            mine = np.sort(np.concatenate([columns[problem.place[code]] for code in group.projects]))
            entries.append((group.code, mine, np.ones_like(mine), FREE_BELOW, 1))
    return _rows("exclude", entries)


def requirements(problem: Problem, ways: Ways) -> Rows:
    """The first of a requiring group only with each of the others, x_first ≤ x_q; a group that stands or falls
    together likewise with equality, x_first = x_q."""
    columns, entries = _Columns(problem, ways), list[Entry]()
    for group in problem.groups:
        if group.kind in (REQUIRE, TOGETHER):
            first = columns[problem.place[group.projects[0]]]
            for code in group.projects[1:]:
                other = columns[problem.place[code]]
                weights = np.concatenate([np.ones_like(first), -np.ones_like(other)])
                least = 0 if group.kind == TOGETHER else FREE_BELOW
                entries.append((group.code, np.concatenate([first, other]), weights, least, 0))
    return _rows("require", entries)


def shares(problem: Problem, ways: Ways) -> Rows:
    """A region's projects get at least s per cent of what is supported of an item:
    Σ_w (100 · [p in region] - s) · a_w · x_w ≥ 0, a_w being all that way w needs under the item."""
    entries = list[Entry]()
    for share in problem.shares:
        amount = needed_under(problem, ways, share.item)
        inside = in_region(problem, share.region)[ways.project]
        weights = amount * (100 * inside - share.percent)
        columns = np.flatnonzero(weights)
        entries.append((f"{share.region}/{share.item}", columns, weights[columns], 0, FREE_ABOVE))
    return _rows("share", entries)


def needed_under(problem: Problem, ways: Ways, node: str) -> Ints:
    """What each way needs under a node over all years (base units)."""
    items = np.array([under(item, node) for item in problem.items], np.bool_)
    needs, total = problem.needs, np.zeros((len(problem.projects), ways.at.shape[2]), np.int64)
    for phases in range(1, ways.at.shape[2] + 1):
        mine = items[needs.item] & (needs.phase <= phases) if len(needs) else np.zeros(0, np.bool_)
        np.add.at(total[:, phases - 1], needs.project[mine], needs.quantity[mine])
    return total[ways.project, ways.phases - 1]
