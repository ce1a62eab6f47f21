"""The ways in which each project can be supported: put off by so many years, with so many of its phases.

One way is one column of the model; its gain is a whole number of millionths of a point.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.allocation.model.binding import covered
from portfolio.allocation.model.problem import POINTS, Ints, Problem

OTHER_RUNG = ""


@dataclass(frozen=True)
class Ways:
    """Columns in the order of projects, delays, phases.

    `at[p, d, n - 1]` is the column of project p with delay d and n phases, -1 where that is not offered. `worth` is
    the value kept, `gain` the same less the cost of deciding otherwise than the approved edition does; `lost` is what
    the approved edition's projects cost in all when none of them is kept.
    """

    project: Ints
    delay: Ints
    phases: Ints
    worth: Ints
    gain: Ints
    at: Ints
    lost: int

    def __len__(self) -> int:
        return len(self.project)


def ways_of(problem: Problem) -> Ways:
    """Every way offered.

    A delay is offered only where it moves no need out of the reach of the pools: a year beyond the window in which no
    pool stands is not free, it is unknown. A must-not project keeps its ways; its row forbids them.
    """
    offered = _offered(problem)
    project, delay, phases = (axis.astype(np.int64) for axis in np.nonzero(offered))
    at = np.full(offered.shape, -1, np.int64)
    at[project, delay, phases] = np.arange(len(project))
    worth = _worth(problem, project, delay, phases)
    gain, lost = _with_stability(problem, project, delay, worth)
    return Ways(project, delay, phases + 1, worth, gain, at, lost)


def _offered(problem: Problem) -> NDArray[np.bool_]:
    projects, longest = problem.projects, problem.terms.max_delay
    most = max((len(project.phases) for project in projects), default=0) or 1
    offered = np.zeros((len(projects), longest + 1, most), np.bool_)
    if most == 1:
        offered[:] = True
    else:
        for place, project in enumerate(projects):
            last = len(project.phases) or 1
            offered[place, :, min(project.least_phases, last) - 1 : last] = True
    if longest:
        now = covered(problem, 0)
        for years in range(1, longest + 1):
            lost = now & ~covered(problem, years)
            offered[problem.needs.project[lost], years, :] = False
        own = np.array([longest if one.max_delay is None else one.max_delay for one in projects], np.int64)
        offered &= (np.arange(longest + 1) <= own[:, None])[:, :, None]
    return offered


def _worth(problem: Problem, project: Ints, delay: Ints, phases: Ints) -> Ints:
    value = np.array([one.value for one in problem.projects], np.float64)[project]
    kept = (1.0 - problem.terms.delay_loss) ** delay
    share = np.ones(len(project))
    for place, one in enumerate(problem.projects):
        if one.phases:
            mine = project == place
            share[mine] = np.cumsum(one.phases)[phases[mine]]
    return np.rint(value * kept * share * POINTS).astype(np.int64)


def _with_stability(problem: Problem, project: Ints, delay: Ints, worth: Ints) -> tuple[Ints, int]:
    """Gains with the cost of changes, and that cost for a plan that supports nothing."""
    if problem.stability is None:
        return worth, 0
    cost = round(problem.stability.cost * POINTS)
    approved = np.full(len(problem.projects), -1, np.int64)
    for code, years in problem.stability.approved.items():
        if code in problem.place:
            approved[problem.place[code]] = years
    was_in, same = approved[project] >= 0, approved[project] == delay
    # Out already costs an approved project its change, so keeping it earns the cost back.
    change = np.where(was_in, np.where(same, cost, 0), -cost)
    return worth + change, cost * int((approved >= 0).sum())


def rung_places(problem: Problem) -> Ints:
    """The place of every project's rung on the ladder; one that is not listed comes last."""
    ladder = {rung: place for place, rung in enumerate(problem.terms.rungs)}
    return np.array([ladder.get(project.rung, len(ladder)) for project in problem.projects], np.int64)
