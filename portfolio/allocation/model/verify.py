"""An answer re-checked from the problem's own numbers, without the model: what each pool gives, and every breach."""

from dataclasses import dataclass

import numpy as np

from portfolio.allocation.model.answer import PoolUse
from portfolio.allocation.model.binding import binds_item, in_region, reaches, under
from portfolio.allocation.model.chain import narrowest_first
from portfolio.allocation.model.problem import EXCLUDE, TOGETHER, Ints, Pool, Problem


@dataclass(frozen=True)
class Plan:
    """For every project its delay (-1: out) and the number of phases supported."""

    delay: Ints
    phases: Ints

    def inside(self, problem: Problem) -> set[str]:
        """The codes of the supported projects."""
        return {project.code for project, delay in zip(problem.projects, self.delay, strict=True) if delay >= 0}


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold, for whom, and by how much."""

    rule: str
    name: str
    excess: int


def verify(problem: Problem, plan: Plan) -> tuple[tuple[PoolUse, ...], tuple[Breach, ...]]:
    """How the pools are used, and every breach of any rule; all in whole base units."""
    uses = pool_uses(problem, plan)
    breaches = [Breach("pool", use.pool, -use.left) for use in uses if use.left < 0]
    return uses, (*breaches, *rule_breaches(problem, plan))


def rule_breaches(problem: Problem, plan: Plan) -> tuple[Breach, ...]:
    """Every breach of a rule that no quota mends."""
    found = _delays(problem, plan) + _pins(problem, plan) + _groups(problem, plan) + _shares(problem, plan)
    return tuple(found)


def pool_uses(problem: Problem, plan: Plan) -> tuple[PoolUse, ...]:
    """What every pool has, gives and keeps; what a carrying pool keeps comes to the next year's of its kind."""
    if problem.chained:
        return _account_uses(problem, plan)
    needs = problem.needs
    delay = plan.delay[needs.project]
    counted = (delay >= 0) & (needs.phase <= plan.phases[needs.project])
    year = needs.year + delay
    rest: dict[tuple[str, str, str, int], int] = {}
    found: dict[str, PoolUse] = {}
    for pool in sorted(problem.pools, key=lambda one: one.year):
        key = (pool.item, pool.region, pool.level)
        carried = rest.get((*key, pool.year), 0)
        used = _drawn(problem, pool, counted & (year == pool.year))
        left = pool.limit + carried - used
        if pool.carries:
            rest[(*key, pool.year + 1)] = left
        found[pool.code] = PoolUse(pool.code, pool.limit, carried, used, left)
    return tuple(found[pool.code] for pool in problem.pools)


def _account_uses(problem: Problem, plan: Plan) -> tuple[PoolUse, ...]:
    """Separate accounts: needs on their narrowest pool, then what is over on the pool behind, the narrowest first.

    A pool with nobody behind it shows what is over as less than nothing left. A pool of the year before that stands
    behind one gives of its rest: `used` counts there, and `carried_in` says here what came so.
    """
    needs, order = problem.needs, narrowest_first(problem.pools)
    wanted = dict.fromkeys((pool.code for pool in problem.pools), 0)
    open_ = np.zeros(len(needs), np.bool_)
    if len(needs):
        open_ = (plan.delay[needs.project] >= 0) & (needs.phase <= plan.phases[needs.project])
    year = needs.year + plan.delay[needs.project] if len(needs) else needs.year
    for pool in (problem.pools[place] for place in order):
        items = np.array([binds_item(pool, item) for item in problem.items], np.bool_)
        if items.any():
            mine = open_ & (year == pool.year) & items[needs.item]
            mine &= reaches(problem, pool.region)[needs.project]
            wanted[pool.code], open_ = int(needs.quantity[mine].sum()), open_ & ~mine
    found: dict[str, PoolUse] = {}
    for pool in (problem.pools[place] for place in order):
        over = max(0, wanted[pool.code] - pool.limit) if pool.behind else 0
        used = wanted[pool.code] - over
        carried = 0
        if over:
            wanted[pool.behind] += over
            carried = over if problem.pools[problem.pool_place[pool.behind]].year < pool.year else 0
        found[pool.code] = PoolUse(pool.code, pool.limit, carried, used, pool.limit - used)
    return tuple(found[pool.code] for pool in problem.pools)


def _drawn(problem: Problem, pool: Pool, counted: np.ndarray) -> int:
    items = np.array([binds_item(pool, item) for item in problem.items], np.bool_)
    if not items.any() or not counted.any():
        return 0
    mine = counted & items[problem.needs.item] & in_region(problem, pool.region)[problem.needs.project]
    return int(problem.needs.quantity[mine].sum())


def _delays(problem: Problem, plan: Plan) -> list[Breach]:
    """Projects put off longer than the terms or their own limit allow."""
    longest = problem.terms.max_delay
    allowed = [longest if one.max_delay is None else min(one.max_delay, longest) for one in problem.projects]
    return [
        Breach("delay", one.code, int(delay) - most)
        for one, delay, most in zip(problem.projects, plan.delay, allowed, strict=True)
        if delay > most
    ]


def _pins(problem: Problem, plan: Plan) -> list[Breach]:
    inside = plan.inside(problem)
    found = [Breach("must", one.code, 1) for one in problem.projects if one.must is True and one.code not in inside]
    return found + [
        Breach("must_not", one.code, 1) for one in problem.projects if one.must is False and one.code in inside
    ]


def _groups(problem: Problem, plan: Plan) -> list[Breach]:
    inside, found = plan.inside(problem), list[Breach]()
    for group in problem.groups:
        count = len(inside.intersection(group.projects))
        if group.kind == EXCLUDE:
            broken = count > 1
        elif group.kind == TOGETHER:
            broken = count not in (0, len(group.projects))
        else:
            broken = group.projects[0] in inside and count < len(group.projects)
        if broken:
            found.append(Breach(group.kind, group.code, count))
    return found


def _shares(problem: Problem, plan: Plan) -> list[Breach]:
    found = list[Breach]()
    for share in problem.shares:
        total, inside = _supported_under(problem, plan, share.item, in_region(problem, share.region))
        if 100 * inside < share.percent * total:
            found.append(Breach("share", f"{share.region}/{share.item}", share.percent * total - 100 * inside))
    return found


def _supported_under(problem: Problem, plan: Plan, node: str, within: np.ndarray) -> tuple[int, int]:
    needs = problem.needs
    items = np.array([under(item, node) for item in problem.items], np.bool_)
    mine = (plan.delay[needs.project] >= 0) & (needs.phase <= plan.phases[needs.project])
    mine = mine & items[needs.item] if len(needs) else mine
    return int(needs.quantity[mine].sum()), int(needs.quantity[mine & within[needs.project]].sum())
