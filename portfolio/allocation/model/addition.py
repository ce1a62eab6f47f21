"""Who is next in line: the projects that the smallest addition of quota would let in, all else kept as it is.

"Lets in" is meant with every rule of the problem: where a group, a share or a list keeps a project out, no quota does.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from portfolio.allocation.model.chain import draws, homes, lacking, rests
from portfolio.allocation.model.problem import Problem
from portfolio.allocation.model.verify import Breach, Plan, rule_breaches


@dataclass(frozen=True)
class Waiting:
    """A project that is out, and what its pools lack (pool → base units): so much more lets it in, and no less."""

    project: str
    addition: Mapping[str, int]


def in_line(problem: Problem, delays: Mapping[str, int], most: int | None = None) -> tuple[Waiting, ...]:
    """Those that are out of an answer (project → delay) for want of quota alone, undelayed, where pools are separate
    accounts; smallest addition first, the first `most` of them."""
    left, home = rests(problem, draws(problem, delays)[0]), homes(problem, 0)
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, place in enumerate(problem.needs.project.tolist()):
        wanted.setdefault(place, []).append((int(home[row]), int(problem.needs.quantity[row])))
    found = [
        Waiting(project.code, lacking(problem, left, wanted.get(place, [])))
        for place, project in enumerate(problem.projects)
        if project.code not in delays and project.must is not False
    ]
    short = smallest_first((one for one in found if one.addition), problem)
    # Asked one after another, in their order: of thousands that are out only the first are wanted.
    return tuple(islice((one for one in short if not barring(problem, delays, one.project)), most))


def barring(problem: Problem, delays: Mapping[str, int], project: str, delay: int = 0) -> tuple[Breach, ...]:
    """The rules that keep a project from joining an answer (project → delay) whatever quota is added: lists, groups,
    shares of regions."""
    joined = {**delays, project: delay}
    of_project = np.array([joined.get(one.code, -1) for one in problem.projects], np.int64)
    return rule_breaches(problem, Plan(of_project, (of_project >= 0).astype(np.int64)))


def smallest_first(waiting: Iterable[Waiting], problem: Problem) -> tuple[Waiting, ...]:
    """One pool before several; then by the largest part that the addition is of a pool's own limit; then by code."""
    limits = {pool.code: pool.limit for pool in problem.pools}

    def size(one: Waiting) -> tuple[int, float, str]:
        parts = (more / limits[pool] if limits[pool] else math.inf for pool, more in one.addition.items())
        return len(one.addition), max(parts), one.project

    return tuple(sorted(waiting, key=size))
