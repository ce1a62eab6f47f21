"""A 0/1 program in whole numbers, as it travels to a child process: maximise gain · x, lower ≤ A x ≤ upper."""

import io
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from portfolio.allocation.model.constraints import FREE_ABOVE, FREE_BELOW
from portfolio.allocation.model.problem import Ints


@dataclass(frozen=True)
class Program:
    """Rows in compressed form; `floor` and `ceiling` are the least and greatest value (0 or 1) of each column."""

    starts: Ints
    columns: Ints
    weights: Ints
    lower: Ints
    upper: Ints
    gain: Ints
    floor: Ints
    ceiling: Ints

    def to_bytes(self) -> bytes:
        """For the wire."""
        buffer = io.BytesIO()
        np.savez(buffer, **{field.name: getattr(self, field.name) for field in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Program":
        """From the wire."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    @cached_property
    def row_of(self) -> Ints:
        """The row of every entry."""
        return np.repeat(np.arange(len(self.lower)), np.diff(self.starts))

    @cached_property
    def by_column(self) -> tuple[Ints, Ints, Ints]:
        """The same matrix by columns: starts, rows, weights."""
        order = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=len(self.gain))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        return starts, self.row_of[order], self.weights[order]

    def activity(self, chosen: Ints) -> Ints:
        """A x for the columns chosen, exact."""
        x = np.zeros(len(self.gain), np.int64)
        x[chosen] = 1
        total = np.zeros(len(self.lower), np.int64)
        np.add.at(total, self.row_of, self.weights * x[self.columns])
        return total

    def feasible(self, chosen: Ints) -> bool:
        """Whether the columns chosen keep every row and bound."""
        total, x = self.activity(chosen), np.zeros(len(self.gain), np.int64)
        x[chosen] = 1
        rows = bool(np.all((total >= self.lower) & (total <= self.upper)))
        return rows and bool(np.all((x >= self.floor) & (x <= self.ceiling)))

    def value(self, chosen: Ints) -> int:
        """gain · x."""
        return int(self.gain[chosen].sum())


def without_common_factors(program: Program) -> tuple[Program, int]:
    """The same program with every row and the gains divided by their greatest common factor, and that of the gains.

    Limits are rounded inwards, which changes nothing for whole numbers and takes slack off the relaxation.
    """
    common = np.ones(len(program.lower), np.int64)
    filled = np.diff(program.starts) > 0
    if len(program.weights):
        common[filled] = np.gcd.reduceat(program.weights, program.starts[:-1][filled])
    common = np.maximum(common, 1)
    lower = np.where(program.lower > FREE_BELOW, -(-program.lower // common), FREE_BELOW)
    upper = np.where(program.upper < FREE_ABOVE, program.upper // common, FREE_ABOVE)
    unit = max(int(np.gcd.reduce(program.gain)), 1) if len(program.gain) else 1
    rest = (program.floor, program.ceiling)
    weights = program.weights // np.repeat(common, np.diff(program.starts))
    return Program(program.starts, program.columns, weights, lower, upper, program.gain // unit, *rest), unit


def restricted(program: Program, free: Ints, at_one: Ints) -> Program:
    """The program over the columns `free` (in their order), those `at_one` taken and the others left out."""
    place = np.full(len(program.gain), -1, np.int64)
    place[free] = np.arange(len(free))
    keep = place[program.columns] >= 0
    taken = program.activity(at_one)
    counts = np.bincount(program.row_of[keep], minlength=len(program.lower))
    lower = np.where(program.lower > FREE_BELOW, program.lower - taken, FREE_BELOW)
    upper = np.where(program.upper < FREE_ABOVE, program.upper - taken, FREE_ABOVE)
    return Program(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        place[program.columns[keep]],
        program.weights[keep],
        lower,
        upper,
        program.gain[free],
        program.floor[free],
        program.ceiling[free],
    )
