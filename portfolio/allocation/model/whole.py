"""The model of a problem: the rules called in order, their rows as one matrix of whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from portfolio.allocation.model import constraints as rules
from portfolio.allocation.model.problem import Ints, Problem
from portfolio.allocation.model.ways import Ways, rung_places, ways_of


@dataclass(frozen=True)
class Model:
    """lower ≤ A x ≤ upper over ways x in {0, 1}; A by rows (`starts`, `columns`, `weights`), all whole numbers.

    Row r is rule `rule_of[r]` for `name_of[r]`, so that what binds can be said by name.
    """

    problem: Problem
    ways: Ways
    rung: Ints
    starts: Ints
    columns: Ints
    weights: Ints
    lower: Ints
    upper: Ints
    rule_of: tuple[str, ...]
    name_of: tuple[str, ...]

    @cached_property
    def row_at(self) -> Mapping[tuple[str, str], int]:
        """(rule, name) → the row; the last of several."""
        return {key: row for row, key in enumerate(zip(self.rule_of, self.name_of, strict=True))}

    def with_limits(self, limits: Mapping[str, int]) -> "Model":
        """The same model with other limits of pools; a pool that carries passes the change on along its chain."""
        pools = tuple(replace(pool, limit=limits.get(pool.code, pool.limit)) for pool in self.problem.pools)
        problem, upper = replace(self.problem, pools=pools), self.upper.copy()
        if problem.chained:
            of_sets = rules.limits_of_sets(problem)
            upper[: len(of_sets)] = of_sets
            return replace(self, upper=upper, problem=problem)
        for chain in rules.chains(self.problem):
            added = 0
            for place in chain:
                pool = self.problem.pools[place]
                added += limits.get(pool.code, pool.limit) - pool.limit
                upper[self.row_at["pool", pool.code]] += added
        return replace(self, upper=upper, problem=problem)

    def without_rows(self, dropped: set[int]) -> "Model":
        """The same model with some rows made harmless."""
        lower, upper, places = self.lower.copy(), self.upper.copy(), sorted(dropped)
        lower[places], upper[places] = rules.FREE_BELOW, rules.FREE_ABOVE
        return replace(self, lower=lower, upper=upper)


def build_model(problem: Problem) -> Model:
    """The model of a problem: a table of contents of the rules."""
    ways = ways_of(problem)
    if problem.chained:
        pools = rules.chained_pools_hold(problem, ways)
    else:
        pools = rules.carry_over(problem, ways, rules.pools_hold(problem, ways))
    blocks = (
        pools,
        rules.one_way_each(problem, ways),
        rules.musts(problem, ways),
        rules.must_nots(problem, ways),
        rules.exclusions(problem, ways),
        rules.requirements(problem, ways),
        rules.shares(problem, ways),
    )
    sizes = np.concatenate([block.sizes for block in blocks])
    return Model(
        problem,
        ways,
        rung_places(problem),
        np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
        np.concatenate([block.columns for block in blocks]),
        np.concatenate([block.weights for block in blocks]),
        np.concatenate([block.lower for block in blocks]),
        np.concatenate([block.upper for block in blocks]),
        tuple(block.rule for block in blocks for _ in block.names),
        tuple(name for block in blocks for name in block.names),
    )
