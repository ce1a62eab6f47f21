"""What is wrong with a problem before it is solved, each finding with its remedy in the catalogues."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import numpy as np

from portfolio.allocation.model.answer import Finding
from portfolio.allocation.model.binding import covered
from portfolio.allocation.model.chain import MOST_SETS, count_sets, last_pools, narrowest_first
from portfolio.allocation.model.problem import GROUP_KINDS, MAX_DELAY, Pool, Problem
from portfolio.core.units import MAX_BASE
from portfolio.finance.rules.paying import known_items

LISTED_UNCOVERED = 200


def check(problem: Problem) -> list[Finding]:
    """Every finding; `severe` ones stop the solving, the others (`uncovered`) are told beside the answer."""
    severe = [finding for rule in SEVERE for finding in rule(problem)]
    return severe or list(uncovered(problem))


def doubled(problem: Problem) -> Iterator[Finding]:
    """A project, pool or group named twice."""
    for kind, codes in (
        ("project", [one.code for one in problem.projects]),
        ("pool", [one.code for one in problem.pools]),
        ("group", [one.code for one in problem.groups]),
    ):
        for code, count in Counter(codes).items():
            if count > 1:
                yield Finding(f"allocation_doubled_{kind}", {"value": code})


def doubled_needs(problem: Problem) -> Iterator[Finding]:
    """A project's need of one item in one year (and phase) stated twice."""
    needs = problem.needs
    keys = np.stack([needs.project, needs.item, needs.year, needs.phase], axis=1)
    unique, counts = np.unique(keys, axis=0, return_counts=True)
    for project, item, year, _ in unique[counts > 1].tolist():
        yield Finding("allocation_doubled_need", _need_named(problem, project, item, year))


def values(problem: Problem) -> Iterator[Finding]:
    """A value that is no number, infinite, negative or beyond what the model holds."""
    for project in problem.projects:
        if not math.isfinite(project.value) or not 0 <= project.value <= 1e9:
            yield Finding("allocation_bad_value", {"project": project.code, "value": str(project.value)})


def quantities(problem: Problem) -> Iterator[Finding]:
    """A need or a limit below nothing, or beyond what a whole number of base units holds."""
    for row in np.flatnonzero((problem.needs.quantity < 0) | (problem.needs.quantity > MAX_BASE)).tolist():
        needs = problem.needs
        named = _need_named(problem, int(needs.project[row]), int(needs.item[row]), int(needs.year[row]))
        yield Finding("allocation_bad_need", named)
    for pool in problem.pools:
        if not 0 <= pool.limit <= MAX_BASE:
            yield Finding("allocation_bad_limit", {"value": pool.code})


def items(problem: Problem) -> Iterator[Finding]:
    """An item that the element tree does not know."""
    for item in [*problem.items, *(pool.item for pool in problem.pools), *(share.item for share in problem.shares)]:
        if item not in known_items():
            yield Finding("allocation_unknown_item", {"value": item})


def groups(problem: Problem) -> Iterator[Finding]:
    """A group of an unknown kind, with fewer than two projects, with one twice or with one that does not ask."""
    for group in problem.groups:
        unknown = [code for code in group.projects if code not in problem.place]
        if group.kind not in GROUP_KINDS or len(group.projects) < 2 or len(set(group.projects)) < len(group.projects):
            yield Finding("allocation_bad_group", {"value": group.code})
        for code in unknown:
            yield Finding("allocation_unknown_project", {"group": group.code, "value": code})


def musts_with_needs(problem: Problem) -> Iterator[Finding]:
    """A project of the must-support list that has stated no needs: what it would take is not known."""
    stated = set(problem.needs.project.tolist())
    for place, project in enumerate(problem.projects):
        if project.must is True and place not in stated:
            yield Finding("allocation_must_without_needs", {"project": project.code})


def terms(problem: Problem) -> Iterator[Finding]:
    """A delay, a loss, a share, phases or a cost of changes out of range."""
    if not 0 <= problem.terms.max_delay <= MAX_DELAY:
        yield Finding("allocation_bad_delay", {"value": str(problem.terms.max_delay), "most": str(MAX_DELAY)})
    if not 0 <= problem.terms.delay_loss < 1:
        yield Finding("allocation_bad_loss", {"value": str(problem.terms.delay_loss)})
    for project in problem.projects:
        if project.max_delay is not None and not 0 <= project.max_delay <= MAX_DELAY:
            named = {"project": project.code, "value": str(project.max_delay), "most": str(MAX_DELAY)}
            yield Finding("allocation_bad_own_delay", named)
    for share in problem.shares:
        if not 0 <= share.percent <= 100:
            yield Finding("allocation_bad_share", {"region": share.region, "value": str(share.percent)})
    if problem.stability is not None and not 0 <= problem.stability.cost < 1e9:
        yield Finding("allocation_bad_cost", {"value": str(problem.stability.cost)})


def phases(problem: Problem) -> Iterator[Finding]:
    """Phases whose shares are not positive or do not add up to one, and needs of phases that there are not."""
    for project in problem.projects:
        sums = abs(sum(project.phases) - 1) < 1e-6 and min(project.phases) > 0 if project.phases else True
        if not sums or not 1 <= project.least_phases <= max(len(project.phases), 1):
            yield Finding("allocation_bad_phases", {"project": project.code})
    last = np.array([max(len(project.phases), 1) for project in problem.projects], np.int64)
    needs = problem.needs
    wrong = (needs.phase < 1) | (needs.phase > last[needs.project]) if len(needs) else np.zeros(0, np.bool_)
    for place in sorted(set(needs.project[wrong].tolist())):
        yield Finding("allocation_bad_phases", {"project": problem.projects[place].code})


def carrying(problem: Problem) -> Iterator[Finding]:
    """Two pools of one item, region, level and year, when a rest is to be carried to or from them; of separate accounts
    each names the one that carries to it (`Pool.behind`)."""
    if problem.chained:
        return
    keys = Counter((pool.item, pool.region, pool.level, pool.year) for pool in problem.pools)
    passing = {(pool.item, pool.region, pool.level) for pool in problem.pools if pool.carries}
    for pool in problem.pools:
        if keys[pool.item, pool.region, pool.level, pool.year] > 1 and (pool.item, pool.region, pool.level) in passing:
            yield Finding("allocation_doubtful_carry", {"value": pool.code})


def accounts(problem: Problem) -> Iterator[Finding]:
    """Pools behind each other: the one behind must be known, of the same year or one of the year before that carries,
    and not itself behind the first; and not more narrow pools before a wide one than the model can hold."""
    if not problem.chained:
        yield from (Finding("allocation_bad_behind", {"value": pool.code}) for pool in problem.pools if pool.behind)
        return
    rank = {problem.pools[place].code: order for order, place in enumerate(narrowest_first(problem.pools))}
    bad = [pool for pool in problem.pools if _bad_behind(problem, pool, rank)]
    yield from (Finding("allocation_bad_behind", {"value": pool.code}) for pool in bad)
    for last in () if bad else last_pools(problem):
        if count_sets(problem, last) > MOST_SETS:
            yield Finding("allocation_many_accounts", {"value": problem.pools[last].code})


def _bad_behind(problem: Problem, pool: Pool, rank: Mapping[str, int]) -> bool:
    """A pool that stands behind must be a wider one, or the same of the year before: the order leaves no ring."""
    if not pool.behind:
        return False
    place = problem.pool_place.get(pool.behind)
    if place is None or rank[pool.behind] <= rank[pool.code]:
        return True
    wide = problem.pools[place]
    same = (wide.item, wide.region, wide.level) == (pool.item, pool.region, pool.level)
    return wide.year != pool.year and not (wide.year == pool.year - 1 and wide.carries and same)


def uncovered(problem: Problem) -> Iterator[Finding]:
    """Needs that no pool binds, by item with its years: they limit nothing, and that is said."""
    needs = problem.needs
    open_ = ~covered(problem, 0) & (needs.quantity > 0)
    counts = Counter(zip(needs.item[open_].tolist(), needs.year[open_].tolist(), strict=True))
    years: dict[int, list[str]] = {}
    for (item, year), count in sorted(counts.items()):
        years.setdefault(item, []).append(f"{year} ({count})")
    for item, told in islice(years.items(), LISTED_UNCOVERED):
        yield Finding("allocation_uncovered", {"value": problem.items[item], "years": ", ".join(told)}, severe=False)


def _need_named(problem: Problem, project: int, item: int, year: int) -> dict[str, str]:
    return {"project": problem.projects[project].code, "value": problem.items[item], "year": str(year)}


SEVERE: tuple[Callable[[Problem], Iterator[Finding]], ...] = (
    doubled,
    doubled_needs,
    values,
    quantities,
    items,
    groups,
    musts_with_needs,
    terms,
    phases,
    carrying,
    accounts,
)
