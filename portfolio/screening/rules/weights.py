"""Ways to weights: by hand, from pairwise comparisons (AHP), from an order alone (rank-order centroid)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WHOLE = Decimal(100)
STEP = Decimal("0.01")
# Saaty's mean consistency index of random matrices, by size
RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
MOST = len(RANDOM_INDEX) - 1
CONSISTENT = 0.1
SCALE = 9


@dataclass(frozen=True)
class Comparison:
    """Weights from a pairwise matrix (they add up to 1) and its consistency ratio; from 0.1 on, judge anew."""

    weights: tuple[float, ...]
    ratio: float

    @property
    def consistent(self) -> bool:
        """Whether the judgements agree well enough (ratio below 0.1)."""
        return self.ratio < CONSISTENT


def matrix(size: int, judgements: Mapping[tuple[int, int], float]) -> Floats:
    """The reciprocal matrix of judgements (i, j) → how much more i weighs than j; what is not judged is equal."""
    found = np.ones((size, size))
    for (row, column), value in judgements.items():
        found[row, column], found[column, row] = value, 1.0 / value
    return found


def pairwise(matrix: Floats) -> Comparison:
    """Weights as the principal eigenvector of a positive reciprocal matrix, CR = (λmax − n)/(n − 1) / RI."""
    size = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    place = int(np.argmax(values.real))
    principal = np.abs(vectors[:, place].real)
    weights = principal / principal.sum()
    index = (float(values[place].real) - size) / (size - 1) if size > 1 else 0.0
    random = RANDOM_INDEX[min(size, MOST)]
    return Comparison(tuple(weights.tolist()), max(0.0, index / random) if random else 0.0)


def most_contrary(matrix: Floats) -> tuple[int, int, float]:
    """The judgement (row before column) that all others contradict most, and what they make of it.

    Three or more are compared. Others speak of i against j by way of each k: a_ik · a_kj, of which the geometric mean.
    """
    logs, others = np.log(matrix), len(matrix) - 2
    implied = (logs.sum(axis=1)[:, None] + logs.sum(axis=0)[None, :] - 2 * logs) / others
    off = np.triu(np.abs(logs - implied), 1)
    row, column = np.unravel_index(int(off.argmax()), off.shape)
    return int(row), int(column), float(np.exp(implied[row, column]))


def centroid(size: int) -> tuple[float, ...]:
    """Rank-order centroid weights, the weightiest first: w_i = (1/n) Σ_{k≥i} 1/k."""
    return tuple(sum(1.0 / k for k in range(place, size + 1)) / size for place in range(1, size + 1))


def hundred(weights: Sequence[float]) -> tuple[Decimal, ...]:
    """`weights` in proportion as hundredths that add up to exactly 100, the largest remainders rounded up."""
    total = Decimal(str(sum(weights)))
    exact = [Decimal(str(weight)) * WHOLE / total for weight in weights]
    found = [(value // STEP) * STEP for value in exact]
    short = int((WHOLE - sum(found)) / STEP)
    order = sorted(range(len(found)), key=lambda place: (found[place] - exact[place], place))
    for place in order[:short]:
        found[place] += STEP
    return tuple(found)
