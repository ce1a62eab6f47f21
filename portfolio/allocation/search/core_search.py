"""The search for large programs: relax, round, solve the doubtful part in whole numbers, then prove on what is left."""

from dataclasses import replace

import numpy as np

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program, restricted
from portfolio.allocation.search.relaxation import Limits, Relaxation, Relaxed, search
from portfolio.allocation.search.rounding import rounded
from portfolio.allocation.search.watching import Found, Watcher
from portfolio.core.clock import Stopwatch

CORES = (120, 400, 1200)
CORE_NODES = 400
DOUBTFUL = 1e-6


class CoreSearch:
    """One program searched; `Relaxation` is kept between programs of the same matrix."""

    def __init__(self, relaxation: Relaxation, program: Program, seconds: float, gap: float, watcher: Watcher) -> None:
        self.relaxation, self.program, self.gap, self.watcher = relaxation, program, gap, watcher
        self.clock, self.seconds = Stopwatch(), seconds
        self.best: Ints | None = None
        self.bound = np.inf

    def run(self, start: Ints | None) -> Found:
        """Search until the gap is closed, the time is over or the watcher stops."""
        self.offer(start)
        relaxed = self.relaxation.solve(self.program, self.left, self.watcher.stopping)
        if relaxed is None:
            return Found(self.best, self.bound, self.relaxation.infeasible, self.relaxation.infeasible)
        self.lower_bound(relaxed.bound)
        self.offer(rounded(self.program, relaxed.x, relaxed.reduced))
        for size in CORES:
            if not self.over and 2 * size <= len(self.program.gain):
                self._core(relaxed, size)
        return self._prove(relaxed)

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.seconds - self.clock.seconds

    @property
    def value(self) -> float:
        """The best value so far."""
        return -np.inf if self.best is None else float(self.program.value(self.best))

    @property
    def closed(self) -> bool:
        """Whether the gap asked for is reached; a value is a whole number, so a bound less than one above proves it."""
        return self.best is not None and np.floor(self.bound + DOUBTFUL) - self.value <= self.gap * abs(self.value)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.closed or self.left <= 0 or self.watcher.stopping()

    def offer(self, chosen: Ints | None) -> None:
        """Take a point if it is feasible in whole numbers and better."""
        if chosen is not None and self.program.feasible(chosen) and self.program.value(chosen) > self.value:
            self.best = np.sort(chosen)
            self.watcher.better(self.best)

    def lower_bound(self, bound: float) -> None:
        """Take a bound of the whole program if it is tighter."""
        if bound < self.bound:
            self.bound = bound
            self.watcher.bound(bound)

    def _core(self, relaxed: Relaxed, size: int) -> None:
        """Solve over the `size` columns the relaxation is least sure of, the others as it has them."""
        sure = np.minimum(relaxed.x, 1 - relaxed.x) < DOUBTFUL
        doubt = np.where(sure, np.abs(relaxed.reduced), -1.0)
        free = np.sort(np.argsort(doubt, kind="stable")[:size])
        self._part(free, relaxed.x > 0.5, CORE_NODES)

    def _part(self, free: Ints, taken: np.ndarray, nodes: int | None) -> None:
        fixed = taken.copy()
        fixed[free] = False
        at_one = np.flatnonzero(fixed)
        part = restricted(self.program, free, at_one)
        enough = self.bound - self.gap * abs(self.bound) if np.isfinite(self.bound) else None
        limits = Limits(self.left, self.gap / 2, nodes, None if enough is None else enough - self._value_of(at_one))
        found = search(part, self._start_in(free, at_one), limits, _Part(self, free, at_one))
        if found.chosen is not None:
            self.offer(np.concatenate([free[found.chosen], at_one]))

    def _value_of(self, chosen: Ints) -> int:
        return self.program.value(chosen)

    def _start_in(self, free: Ints, at_one: Ints) -> Ints | None:
        """The best point so far as one of the part, if it is one."""
        if self.best is None or not np.array_equal(np.setdiff1d(self.best, free), at_one):
            return None
        return np.searchsorted(free, np.intersect1d(self.best, free))

    def _prove(self, relaxed: Relaxed) -> Found:
        """Branch and bound over every column that could still be otherwise in a better answer.

        A column whose reduced cost alone takes the bound down to the best value keeps the relaxation's value.
        """
        while not self.over:
            slack = relaxed.bound - self.value - (1 - DOUBTFUL)
            fixed = np.abs(relaxed.reduced) > slack if np.isfinite(slack) else np.zeros(len(relaxed.x), np.bool_)
            ones = fixed & ((relaxed.reduced > 0) | (self.program.floor > 0)) & (self.program.ceiling > 0)
            free = np.flatnonzero(~fixed)
            part = restricted(self.program, free, np.flatnonzero(ones))
            watcher = _Part(self, free, np.flatnonzero(ones), whole=True)
            found = search(part, self._start_in(free, np.flatnonzero(ones)), Limits(self.left, self.gap), watcher)
            if found.infeasible:
                return Found(self.best, self.value, True, self.best is None)
            rejected = self._settle(found, free, np.flatnonzero(ones))
            if not found.complete or rejected is None:
                break
            self.program = with_cover(self.program, rejected)
        return Found(self.best, self.bound, self.closed, False)

    def _settle(self, found: Found, free: Ints, at_one: Ints) -> Ints | None:
        """Take what was found; a point that breaks a row by less than the solver can see is returned."""
        base = self.program.value(at_one)
        self.lower_bound(max(found.bound + base, self.value))
        if found.chosen is None:
            return None
        chosen = np.concatenate([free[found.chosen], at_one])
        self.offer(chosen)
        return None if self.program.feasible(chosen) else chosen


def with_cover(program: Program, chosen: Ints) -> Program:
    """The program with one more row, Σ x over the columns chosen less Σ x over the others ≤ n - 1, which forbids
    exactly this point."""
    weights = -np.ones(len(program.gain), np.int64)
    weights[chosen] = 1
    return replace(
        program,
        starts=np.append(program.starts, program.starts[-1] + len(weights)),
        columns=np.append(program.columns, np.arange(len(weights))),
        weights=np.append(program.weights, weights),
        lower=np.append(program.lower, -(2**62)),
        upper=np.append(program.upper, len(chosen) - 1),
    )


class _Part(Watcher):
    """Hears a search of a part and tells the whole; only a part that holds every better answer speaks of bounds."""

    def __init__(self, whole_search: CoreSearch, free: Ints, at_one: Ints, whole: bool = False) -> None:
        self._search, self._free, self._at_one, self._whole = whole_search, free, at_one, whole
        self._base = whole_search.program.value(at_one)

    def better(self, chosen: Ints) -> None:
        self._search.offer(np.concatenate([self._free[chosen], self._at_one]))

    def bound(self, value: float) -> None:
        if self._whole and np.isfinite(value):
            self._search.lower_bound(max(value + self._base, self._search.value))

    def stopping(self) -> bool:
        return self._search.watcher.stopping()
