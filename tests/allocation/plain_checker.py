"""An answer checked, and small problems solved, from the rows of a problem alone: no code is shared with the model."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from portfolio.allocation.model.problem import Group, Need, Pool, Project, Share

LEVEL_OF = {"fund.local_budget.region": "region", "fund.local_budget.city": "city", "fund.own": "market"}
Way = tuple[int, int] | None  # (delay, phases), None for out


@dataclass(frozen=True)
class Rows:
    """A problem as rows."""

    projects: tuple[Project, ...]
    needs: tuple[Need, ...]
    pools: tuple[Pool, ...]
    groups: tuple[Group, ...] = ()
    shares: tuple[Share, ...] = ()
    max_delay: int = 0
    loss: float = 0.0
    rungs: tuple[str, ...] = ("first", "second", "third")


def binds(pool: Pool, project: Project, need: Need) -> bool:
    """Whether a pool binds a need, its year aside."""
    inside = need.item == pool.item or need.item[: len(pool.item) + 1] == pool.item + "."
    here = pool.region == "450000" or pool.region in project.regions
    several = pool.item in ("fund", "fund.local_budget")
    fits = pool.level == "" or not several or LEVEL_OF.get(need.item, "market") == pool.level
    return inside and here and fits


def faults(rows: Rows, plan: dict[str, Way]) -> list[str]:
    """Every rule the plan breaks, in words."""
    return [*_pool_faults(rows, plan), *_pin_faults(rows, plan), *_group_faults(rows, plan), *_share_faults(rows, plan)]


def _supported_needs(rows: Rows, plan: dict[str, Way]) -> Iterator[tuple[Project, Need, int]]:
    named = {project.code: project for project in rows.projects}
    for need in rows.needs:
        way = plan[need.project]
        if way is not None and need.phase <= way[1]:
            yield named[need.project], need, way[0]


def _pool_faults(rows: Rows, plan: dict[str, Way]) -> Iterator[str]:
    rest: dict[tuple[str, str, str, int], int] = {}
    for pool in sorted(rows.pools, key=lambda one: one.year):
        used = 0
        for project, need, delay in _supported_needs(rows, plan):
            if need.year + delay == pool.year and binds(pool, project, need):
                used += need.quantity
        left = pool.limit + rest.get((pool.item, pool.region, pool.level, pool.year), 0) - used
        if left < 0:
            yield f"pool {pool.code} by {-left}"
        if pool.carries:
            rest[pool.item, pool.region, pool.level, pool.year + 1] = left


def account_faults(rows: Rows, plan: dict[str, Way]) -> Iterator[str]:
    """Where pools are separate accounts of one item, those of cities and one of the region a year: what the cities lack
    and what lies in none falls to the region, whose rest goes on to the next year where it carries."""
    rest = 0
    for whole in sorted((pool for pool in rows.pools if pool.region == "450000"), key=lambda one: one.year):
        cities = {pool.region: pool.limit for pool in rows.pools if pool.year == whole.year and pool is not whole}
        asked = dict.fromkeys(("", *cities), 0)
        for project, need, delay in _supported_needs(rows, plan):
            if need.year + delay == whole.year:
                asked[next((city for city in cities if city in project.within), "")] += need.quantity
        asked[""] += sum(max(0, asked[city] - limit) for city, limit in cities.items())
        left = whole.limit + rest - asked[""]
        if left < 0:
            yield f"pool {whole.code} by {-left}"
        rest = left if whole.carries else 0


def _pin_faults(rows: Rows, plan: dict[str, Way]) -> Iterator[str]:
    for project in rows.projects:
        if project.must is not None and project.must != (plan[project.code] is not None):
            yield f"pin {project.code}"


def _group_faults(rows: Rows, plan: dict[str, Way]) -> Iterator[str]:
    for group in rows.groups:
        states = [plan[code] is not None for code in group.projects]
        if group.kind == "exclude" and sum(states) > 1:
            yield f"exclude {group.code}"
        if group.kind == "together" and len(set(states)) > 1:
            yield f"together {group.code}"
        if group.kind == "require" and states[0] and not all(states):
            yield f"require {group.code}"


def _share_faults(rows: Rows, plan: dict[str, Way]) -> Iterator[str]:
    for share in rows.shares:
        asked = [
            (project, need.quantity)
            for project, need, _ in _supported_needs(rows, plan)
            if need.item == share.item or need.item.startswith(share.item + ".")
        ]
        inside = sum(quantity for project, quantity in asked if share.region in project.regions)
        if inside * 100 < share.percent * sum(quantity for _, quantity in asked):
            yield f"share {share.region}"


def worth(rows: Rows, project: Project, way: Way) -> float:
    """What a project is worth in a way."""
    if way is None:
        return 0.0
    share = sum(project.phases[: way[1]]) if project.phases else 1.0
    return project.value * share * (1 - rows.loss) ** way[0]


def ways_of(rows: Rows, project: Project) -> list[Way]:
    """Out, and every delay that keeps bound needs within the years of the pools, with every number of phases."""
    found: list[Way] = [None]
    needs = [need for need in rows.needs if need.project == project.code]
    for delay in range(rows.max_delay + 1):
        known = True
        for need in needs:
            years = {pool.year for pool in rows.pools if binds(pool, project, need)}
            known = known and (need.year not in years or need.year + delay in years)
        if known:
            last = max(len(project.phases), 1)
            found += [(delay, phases) for phases in range(project.least_phases, last + 1)]
    return found


def values_by_rung(rows: Rows, plan: dict[str, Way]) -> tuple[float, ...]:
    """The value of each rung, best first; a rung that is not listed comes last."""
    sums = dict.fromkeys((*rows.rungs, ""), 0.0)
    for project in rows.projects:
        sums[project.rung if project.rung in rows.rungs else ""] += worth(rows, project, plan[project.code])
    return tuple(round(value, 6) for value in sums.values())


def best(rows: Rows) -> tuple[float, ...] | None:
    """The best values by rung over every plan there is, None when no plan keeps the rules."""
    top: tuple[float, ...] | None = None
    for ways in product(*(ways_of(rows, project) for project in rows.projects)):
        plan = {project.code: way for project, way in zip(rows.projects, ways, strict=True)}
        values = values_by_rung(rows, plan)
        if (top is None or values > top) and not faults(rows, plan):
            top = values
    return top
