"""Pools as separate accounts: which one a need draws on first, which stands behind it, and who draws how much.

The ledger's pools are disjoint: a quota that the region hands to a city has left the region's own pool. So a need is
met from its narrowest pool, and from the wider one behind that for what the narrow one lacks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from portfolio.allocation.model.binding import binds_item
from portfolio.allocation.model.problem import Ints, Pool, Problem
from portfolio.vocabulary.codes import WHOLE_REGION

# Six cities before the region in each of two years that carry over are 64 · 65 = 4,160 sets.
MOST_SETS = 5120
NOWHERE = -1


@dataclass(frozen=True)
class Draw:
    """What a need (its row in `problem.needs`) takes from a pool, in base units; `home` is the pool it asks first."""

    need: int
    pool: str
    quantity: int
    home: str


def narrowest_first(pools: Sequence[Pool]) -> list[int]:
    """Places of pools, the last year first, in it the deepest node, then the narrowest region, then by code."""
    return sorted(range(len(pools)), key=lambda place: _width(pools[place]))


def _width(pool: Pool) -> tuple[int, int, int, str]:
    # A pool that carries stands behind that of the year after: so the later year comes first.
    # A county's code is as long as its city's; a city's ends in 00 and Guangxi's in 0000.
    return (-pool.year, -pool.item.count("."), len(pool.region) - len(pool.region.rstrip("0")), pool.code)


def homes(problem: Problem, delay: int) -> Ints:
    """For every need the place of the pool it draws on first, `delay` years later; -1: no pool covers it."""
    needs = problem.needs
    found = np.full(len(needs), NOWHERE, np.int64)
    for place in narrowest_first(problem.pools):
        pool = problem.pools[place]
        items = np.array([binds_item(pool, item) for item in problem.items], np.bool_)
        if items.any():
            mine = (found == NOWHERE) & items[needs.item] & (needs.year + delay == pool.year)
            found[mine & held_in(problem, pool.region)[needs.project]] = place
    return found


def held_in(problem: Problem, region: str) -> np.ndarray:
    """Which projects lie in a region as a whole; every project does in the whole region 450000."""
    if region == WHOLE_REGION:
        return np.ones(len(problem.projects), np.bool_)
    return np.array([region in project.within for project in problem.projects], np.bool_)


def in_front(problem: Problem) -> Mapping[int, tuple[int, ...]]:
    """Place of a pool → places of those that it stands behind."""
    found: dict[int, list[int]] = {}
    for place, pool in enumerate(problem.pools):
        if pool.behind:
            found.setdefault(problem.pool_place[pool.behind], []).append(place)
    return {place: tuple(narrow) for place, narrow in found.items()}


def last_pools(problem: Problem) -> list[int]:
    """Places of the pools that nobody stands behind."""
    return [place for place, pool in enumerate(problem.pools) if not pool.behind]


def sets_with(problem: Problem, last: int) -> Iterator[tuple[int, ...]]:
    """Every set of pools that holds `last` and, with each of its pools, the pools behind it up to `last`."""
    yield from _sets(in_front(problem), last)


def _sets(front: Mapping[int, tuple[int, ...]], place: int) -> Iterator[tuple[int, ...]]:
    choices = [[(), *_sets(front, narrow)] for narrow in front.get(place, ())]
    for chosen in product(*choices):
        yield (place, *(one for part in chosen for one in part))


@lru_cache(maxsize=4096)
def _count(shape: tuple[tuple[int, tuple[int, ...]], ...], place: int) -> int:
    total = 1
    for narrow in dict(shape).get(place, ()):
        total *= 1 + _count(shape, narrow)
    return total


def count_sets(problem: Problem, last: int) -> int:
    """How many sets `sets_with` would give."""
    return _count(tuple(sorted(in_front(problem).items())), last)


def draws(problem: Problem, delays: Mapping[str, int]) -> tuple[list[Draw], dict[str, int]]:
    """Who draws what: the supported projects' needs (project → delay) in order, each from its narrowest pool first.

    The second part is what no pool had room for, by the pool that stands last in the need's year. What each pool gives
    in all does not depend on the order.
    """
    left = [pool.limit for pool in problem.pools]
    found: list[Draw] = []
    short: dict[str, int] = {}
    for row, place in _supported_needs(problem, delays):
        wanted = int(problem.needs.quantity[row])
        for here in line(problem, place):
            taken = min(wanted, left[here])
            if taken > 0:
                found.append(Draw(row, problem.pools[here].code, taken, problem.pools[place].code))
                left[here] -= taken
                wanted -= taken
        if wanted:
            last = last_of_year(problem, place)
            short[last] = short.get(last, 0) + wanted
    return found, short


def line(problem: Problem, place: int) -> Iterator[int]:
    """Places of a pool and of those behind it, the narrowest first, then those of the years before."""
    here = place
    while here != NOWHERE:
        yield here
        behind = problem.pools[here].behind
        here = problem.pool_place[behind] if behind else NOWHERE


def last_of_year(problem: Problem, place: int) -> str:
    """The code of the pool that stands last among those of a pool's year behind it."""
    year = problem.pools[place].year
    return [problem.pools[here].code for here in line(problem, place) if problem.pools[here].year == year][-1]


def carried_in(problem: Problem, found: Sequence[Draw]) -> dict[str, int]:
    """Pool that stands last in its year → what needs of that year draw on pools of the years before."""
    sums: dict[str, int] = {}
    for draw in found:
        home = problem.pool_place[draw.home]
        if problem.pools[problem.pool_place[draw.pool]].year < problem.pools[home].year:
            last = last_of_year(problem, home)
            sums[last] = sums.get(last, 0) + draw.quantity
    return sums


def _supported_needs(problem: Problem, delays: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    of_project = np.array([delays.get(project.code, NOWHERE) for project in problem.projects], np.int64)
    delay_of = of_project[problem.needs.project] if len(problem.needs) else np.zeros(0, np.int64)
    for delay in sorted(set(delay_of.tolist()) - {NOWHERE}):
        places = homes(problem, delay)
        for row in np.flatnonzero((delay_of == delay) & (places != NOWHERE)).tolist():
            yield row, int(places[row])


def rests(problem: Problem, found: Sequence[Draw]) -> list[int]:
    """What the draws leave of each pool, in the order of the pools."""
    left = [pool.limit for pool in problem.pools]
    for draw in found:
        left[problem.pool_place[draw.pool]] -= draw.quantity
    return left


def full_pools(problem: Problem, left: Sequence[int], wanted: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The pools, narrow and wide, that cannot give what `wanted` (pool a need draws on first, quantity) asks of them;
    empty when all of it fits into what is `left`."""
    found = dict[str, None]()
    for seen, short in _asked(problem, left, wanted):
        if short:
            found |= dict.fromkeys(seen)
    return tuple(found)


def _asked(problem: Problem, left: Sequence[int], wanted: Sequence[tuple[int, int]]) -> Iterator[tuple[list[str], int]]:
    """For each of `wanted` the pools it asks one after another, and what none of them had left for it."""
    rest = list(left)
    for home, asked in wanted:
        quantity, seen = asked, list[str]()
        for here in line(problem, home) if asked else ():
            part = min(quantity, rest[here])
            rest[here] -= part
            quantity -= part
            seen.append(problem.pools[here].code)
            if not quantity:
                break
        yield seen, quantity if seen else 0
