"""Small problems whose pools are separate accounts, and what fits into them by the definition."""

import random
from collections.abc import Iterator
from typing import Any

from portfolio.allocation.model.linking import linked
from portfolio.allocation.model.problem import Need, Pool, Problem, Project, Terms, make_problem

PATHS = {
    "450000": ("450000",),
    "450700": ("450700", "450000"),
    "450500": ("450500", "450000"),
    "450702": ("450702", "450700", "450000"),
}
HOMES = {"450700": {"450700"}, "450500": {"450500"}, "450702": {"450702", "450700"}, "": set[str]()}


def small(seed: int, delay: int = 1, **rules: Any) -> Problem:
    """Six projects with land in two years; county, city and region pools, one of them on a leaf."""
    draw = random.Random(seed)
    projects, needs = [], []
    for place in range(6):
        code, home = f"P{place}", draw.choice(["450700", "450500", "450702", ""])
        held = frozenset(HOMES[home])
        projects.append(Project(code, float(draw.randint(1, 20)), "", regions=held, within=held))
        for year in (2026, 2027):
            if draw.random() < 0.7:
                item = draw.choice(["land.built", "land.unused"])
                needs.append(Need(code, item, year, draw.randint(1, 9)))
    pools = [
        Pool(f"{name}-{year}", item, year, draw.randint(0, 12), region, "region")
        for year in (2026, 2027, 2028)
        for name, item, region in (
            ("county", "land", "450702"),
            ("city", "land", "450700"),
            ("other", "land", "450500"),
            ("built", "land.built", "450000"),
            ("all", "land", "450000"),
        )
    ]
    return make_problem(projects, needs, linked(pools, PATHS), terms=Terms(delay, 0.1), chained=True, **rules)


def needs_of(problem: Problem, plan: dict[str, int]) -> Iterator[tuple[Project, str, int, int]]:
    for row in range(len(problem.needs)):
        project = problem.projects[int(problem.needs.project[row])]
        if project.code in plan:
            year = int(problem.needs.year[row]) + plan[project.code]
            yield project, problem.items[int(problem.needs.item[row])], year, int(problem.needs.quantity[row])


def fits(problem: Problem, plan: dict[str, int]) -> bool:
    """By the definition: each need on the narrowest pool that may pay it, the overflow on the pool behind."""
    order = sorted(
        problem.pools,
        key=lambda pool: (-pool.item.count("."), pool.region == "450000", -len(pool.region.rstrip("0")), pool.code),
    )
    wanted = {pool.code: 0 for pool in problem.pools}
    for project, item, year, quantity in needs_of(problem, plan):
        may = (
            pool
            for pool in order
            if pool.year == year
            and (item == pool.item or item.startswith(pool.item + "."))
            and (pool.region == "450000" or pool.region in project.within)
        )
        home = next(may, None)
        if home is not None:
            wanted[home.code] += quantity
    for pool in order:
        over = wanted[pool.code] - pool.limit
        if over > 0:
            if not pool.behind:
                return False
            wanted[pool.behind] += over
    return True
