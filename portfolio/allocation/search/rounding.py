"""Make a whole answer of a fractional one: keep what the relaxation takes whole, then fill what room is left."""

import numpy as np
from numpy.typing import NDArray

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program

WHOLE = 0.999


def fill(program: Program, chosen: Ints, order: Ints) -> Ints:
    """`chosen` with every column of `order` added, one after another, that leaves each row within its limits.

    A column whose rows are fitted only once another is in gets a second chance.
    """
    starts, rows, weights = program.by_column
    left = program.upper - program.activity(chosen)
    spare = program.activity(chosen) - program.lower
    taken = np.zeros(len(program.gain), np.bool_)
    taken[chosen] = True
    for column in np.concatenate([order, order]):
        if taken[column] or not program.ceiling[column]:
            continue
        span = slice(starts[column], starts[column + 1])
        touched, amount = rows[span], weights[span]
        if np.all(amount <= left[touched]) and np.all(spare[touched] + amount >= np.minimum(spare[touched], 0)):
            taken[column] = True
            left[touched] -= amount
            spare[touched] += amount
    return np.flatnonzero(taken)


def rounded(program: Program, x: NDArray[np.float64], reduced: NDArray[np.float64]) -> Ints | None:
    """A feasible whole point near the relaxation's, None when simple rounding finds none."""
    base = np.flatnonzero((x > WHOLE) | (program.floor > 0))
    base = within(program, base, x)
    order = np.lexsort((-reduced, -np.round(x, 6)))
    chosen = fill(program, base, order[program.gain[order] > 0])
    return chosen if program.feasible(chosen) else None


def within(program: Program, chosen: Ints, worth: NDArray[np.float64]) -> Ints:
    """`chosen` less the columns of least worth that must go until no upper limit is exceeded."""
    over = program.activity(chosen) - program.upper
    starts, rows, weights = program.by_column
    kept = list(chosen)
    for column in sorted(chosen, key=lambda c: (worth[c], -c)):
        if not np.any(over > 0):
            break
        span = slice(starts[column], starts[column + 1])
        if np.any((over[rows[span]] > 0) & (weights[span] > 0)) and not program.floor[column]:
            kept.remove(column)
            over[rows[span]] -= weights[span]
    return np.array(kept, np.int64)
