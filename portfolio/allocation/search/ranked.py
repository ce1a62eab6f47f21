"""What offices do without an optimiser: go down the list by points and take what still fits."""

from collections.abc import Iterator

import numpy as np

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program
from portfolio.allocation.model.whole import Model


def ranking(model: Model) -> list[int]:
    """Places of projects as a list by points has them: rung by rung, the must-support list first in each, then by
    falling value; equal ones in the order of the problem."""
    projects = model.problem.projects
    return sorted(
        range(len(projects)), key=lambda p: (projects[p].must is not True, int(model.rung[p]), -projects[p].value)
    )


def ranked_cut(model: Model, program: Program) -> Ints:
    """The columns a ranked list supports, nothing put off: each project that fits with what was taken before it, with
    as many phases as fit."""
    left = program.upper.copy()
    starts, rows, weights = program.by_column
    chosen, taken = list[int](), set[int]()
    for place in ranking(model):
        fitting = None
        for column in _undelayed(model, place):
            span = slice(starts[column], starts[column + 1])
            if program.ceiling[column] and np.all(weights[span] <= left[rows[span]]):
                fitting = column
                break
        if fitting is not None and model.problem.projects[place].value > 0:
            span = slice(starts[fitting], starts[fitting + 1])
            left[rows[span]] -= weights[span]
            chosen.append(fitting)
            taken.add(place)
    return np.sort(np.array(chosen, np.int64))


def _undelayed(model: Model, place: int) -> Iterator[int]:
    for phases in range(model.ways.at.shape[2], 0, -1):
        column = int(model.ways.at[place, 0, phases - 1])
        if column >= 0:
            yield column
