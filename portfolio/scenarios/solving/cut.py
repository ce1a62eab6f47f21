"""The ranked cut, what offices do by hand: down the list by rung and value, and in goes what still fits."""

from collections.abc import Mapping

import numpy as np

from portfolio.allocation.model.chain import NOWHERE, homes
from portfolio.allocation.model.problem import Problem


def ranked_projects(problem: Problem) -> frozenset[str]:
    """The projects that a walk down the list, undelayed, lets in; those that must not are passed over."""
    left = [pool.limit for pool in problem.pools]
    place_of = {rung: place for place, rung in enumerate(problem.terms.rungs)}
    order = sorted(
        range(len(problem.projects)),
        key=lambda place: (
            problem.projects[place].must is not True,
            place_of.get(problem.projects[place].rung, len(place_of)),
            -problem.projects[place].value,
            problem.projects[place].code,
        ),
    )
    rows = _rows_of(problem)
    home = homes(problem, 0)
    inside = set()
    for place in order:
        if problem.projects[place].must is False:
            continue
        taken = _taken(problem, left, [(int(home[row]), int(problem.needs.quantity[row])) for row in rows[place]])
        if taken is not None:
            inside.add(problem.projects[place].code)
            for pool, quantity in taken.items():
                left[pool] -= quantity
    return frozenset(inside)


def ranked_value(problem: Problem) -> float:
    """What the ranked cut is worth."""
    inside = ranked_projects(problem)
    return round(sum(project.value for project in problem.projects if project.code in inside), 6)


def _rows_of(problem: Problem) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in problem.projects]
    for row, project in enumerate(np.asarray(problem.needs.project).tolist()):
        found[project].append(row)
    return found


def _taken(problem: Problem, left: list[int], wanted: list[tuple[int, int]]) -> Mapping[int, int] | None:
    """What a project would take from each pool, the narrow ones first; None when something does not fit."""
    taken: dict[int, int] = {}
    for home, quantity in wanted:
        here = home
        while quantity and here != NOWHERE:
            part = min(quantity, left[here] - taken.get(here, 0))
            taken[here] = taken.get(here, 0) + part
            quantity -= part
            behind = problem.pools[here].behind
            here = problem.pool_place[behind] if behind else NOWHERE
        if quantity and home != NOWHERE:
            return None
    return taken
