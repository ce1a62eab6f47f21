"""What a project lacks beside an answer, and which rules it would break there: estimates to begin with, and names.

What would admit it is found by solving (`search.admitting`).
"""

import math
from collections.abc import Mapping

import numpy as np

from portfolio.allocation.model.chain import draws
from portfolio.allocation.model.problem import EXCLUDE, REQUIRE, TOGETHER, Problem
from portfolio.allocation.model.verify import Breach, Plan, rule_breaches


def barring(problem: Problem, delays: Mapping[str, int], project: str, delay: int = 0) -> tuple[Breach, ...]:
    """The rules that a project would break by joining an answer (project → delay) as it stands: lists, groups, shares
    of regions."""
    joined = {**delays, project: delay}
    of_project = np.array([joined.get(one.code, -1) for one in problem.projects], np.int64)
    return rule_breaches(problem, Plan(of_project, (of_project >= 0).astype(np.int64)))


def lacking_beside(problem: Problem, delays: Mapping[str, int], project: str) -> dict[str, int]:
    """What a project and those it cannot be without lack, undelayed, beside an answer less those it excludes: base
    units by the pool that stands last."""
    joined, out = _bound_to(problem, project)
    kept = {code: delay for code, delay in delays.items() if code not in out}
    return draws(problem, {**kept, **{code: kept.get(code, 0) for code in joined}})[1]


def _bound_to(problem: Problem, project: str) -> tuple[set[str], set[str]]:
    """A project with all that it needs beside it, and all that those exclude."""
    joined, waiting = {project}, [project]
    while waiting:
        here = waiting.pop()
        for group in problem.groups:
            leads = group.kind == TOGETHER or (group.kind == REQUIRE and group.projects[0] == here)
            fresh = set(group.projects) - joined if leads and here in group.projects else set[str]()
            joined |= fresh
            waiting += sorted(fresh)
    out = {
        code
        for group in problem.groups
        if group.kind == EXCLUDE and joined.intersection(group.projects)
        for code in group.projects
    }
    return joined, out - joined


def size_of(addition: Mapping[str, int], project: str, problem: Problem) -> tuple[int, float, str]:
    """For an order by size: one pool before several; then by the largest part that the addition is of a pool's own
    limit; then by code."""
    limits = {pool: problem.pools[problem.pool_place[pool]].limit for pool in addition}
    parts = (more / limits[pool] if limits[pool] else math.inf for pool, more in addition.items())
    return len(addition), max(parts, default=0.0), project
