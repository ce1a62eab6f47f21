"""Which needs a pool binds: by item, year, region and level."""

import numpy as np
from numpy.typing import NDArray

from portfolio.allocation.model.problem import Pool, Problem
from portfolio.finance.rules.paying import pays
from portfolio.vocabulary.codes import WHOLE_REGION


def under(item: str, node: str) -> bool:
    """Whether `item` is `node` or lies under it in the element tree."""
    return item == node or item.startswith(node + ".")


def binds_item(pool: Pool, item: str) -> bool:
    """Whether a pool binds an item, region and year aside.

    The pool's node covers the item. A pool's level says who holds it. Where a node of funds spans several levels (all
    `fund`, all of `fund.local_budget`), a pool of one level binds only what that level pays; a pool without a level,
    of a node that one level pays, or of land, sea or forest binds all that lies under its node.
    """
    return pays(pool.item, pool.level, item)


def in_region(problem: Problem, region: str) -> NDArray[np.bool_]:
    """Which projects touch a region; every project lies in the whole region 450000."""
    if region == WHOLE_REGION:
        return np.ones(len(problem.projects), np.bool_)
    return np.array([region in project.regions for project in problem.projects], np.bool_)


def reaches(problem: Problem, region: str) -> NDArray[np.bool_]:
    """Which projects a pool of a region serves: those that touch it, or, where pools are separate accounts, those that
    lie in it as a whole."""
    if problem.chained and region != WHOLE_REGION:
        return np.array([region in project.within for project in problem.projects], np.bool_)
    return in_region(problem, region)


def covered(problem: Problem, delay: int) -> NDArray[np.bool_]:
    """Which needs (rows of `problem.needs`) some pool binds when they come `delay` years later."""
    needs, found = problem.needs, np.zeros(len(problem.needs), np.bool_)
    touched: dict[str, NDArray[np.bool_]] = {}
    for pool in problem.pools:
        items = np.array([binds_item(pool, item) for item in problem.items], np.bool_)
        if pool.region not in touched:
            touched[pool.region] = reaches(problem, pool.region)
        if items.any():
            found |= items[needs.item] & (needs.year + delay == pool.year) & touched[pool.region][needs.project]
    return found
