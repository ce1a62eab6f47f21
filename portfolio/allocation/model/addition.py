"""Who is next in line: the projects that the smallest addition of quota would let in, all else kept as it is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.allocation.model.chain import draws, homes, lacking, rests
from portfolio.allocation.model.problem import Problem


@dataclass(frozen=True)
class Waiting:
    """A project that is out, and what its pools lack (pool → base units): so much more lets it in, and no less."""

    project: str
    addition: Mapping[str, int]


def in_line(problem: Problem, delays: Mapping[str, int]) -> tuple[Waiting, ...]:
    """Those that are out of an answer (project → delay) for want of quota alone, undelayed, where pools are separate
    accounts; smallest addition first. Projects ordered out are not in line, nor those that quota does not help."""
    left, home = rests(problem, draws(problem, delays)[0]), homes(problem, 0)
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, place in enumerate(problem.needs.project.tolist()):
        wanted.setdefault(place, []).append((int(home[row]), int(problem.needs.quantity[row])))
    found = [
        Waiting(project.code, lacking(problem, left, wanted.get(place, [])))
        for place, project in enumerate(problem.projects)
        if project.code not in delays and project.must is not False
    ]
    return smallest_first((one for one in found if one.addition), problem)


def smallest_first(waiting: Iterable[Waiting], problem: Problem) -> tuple[Waiting, ...]:
    """One pool before several; then by the largest part that the addition is of a pool's own limit; then by code."""
    limits = {pool.code: pool.limit for pool in problem.pools}

    def size(one: Waiting) -> tuple[int, float, str]:
        parts = (more / limits[pool] if limits[pool] else math.inf for pool, more in one.addition.items())
        return len(one.addition), max(parts), one.project

    return tuple(sorted(waiting, key=size))
