"""HiGHS behind two functions: the linear relaxation, kept with its basis, and a program solved in whole numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from portfolio.allocation.model.constraints import FREE_ABOVE, FREE_BELOW
from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program
from portfolio.allocation.search.watching import Found, Watcher

Floats = NDArray[np.float64]
LARGE, SCALED_TO = 1e5, 2.0**10
SEED = 1
# Every column has bounds, so what is "unbounded or infeasible" is infeasible.
INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class Relaxed:
    """The relaxation's point, its reduced costs in units of gain (positive: worth raising) and its bound."""

    x: Floats
    reduced: Floats
    bound: float


@dataclass(frozen=True)
class Limits:
    """Where a search stops: seconds, nodes, relative gap, a value that is good enough."""

    seconds: float
    gap: float
    nodes: int | None = None
    enough: float | None = None


def quiet() -> Any:
    """A solver that prints nothing and always does the same."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("random_seed", SEED)
    solver.setOptionValue("threads", 1)
    return solver


def scales(program: Program) -> tuple[Floats, float]:
    """Factors (powers of two) that bring the weights of each row, and the gains, into a range a solver can hold."""
    top = np.ones(len(program.lower))
    np.maximum.at(top, program.row_of, np.abs(program.weights).astype(np.float64))
    rows = np.where(top > LARGE, 2.0 ** -np.ceil(np.log2(np.maximum(top, 1) / SCALED_TO)), 1.0)
    best = float(np.abs(program.gain).max()) if len(program.gain) else 1.0
    return rows, 2.0 ** -np.ceil(np.log2(best / SCALED_TO)) if best > LARGE else 1.0


def as_lp(program: Program, rows: Floats, gains: float, whole: bool) -> Any:
    """The program as HiGHS takes it, arrays passed whole."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.gain), len(program.lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.asarray(program.gain * gains, np.float64)
    lp.col_lower_, lp.col_upper_ = program.floor.astype(np.float64), program.ceiling.astype(np.float64)
    lp.row_lower_, lp.row_upper_ = row_bounds(program, rows)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.starts.astype(np.int32)
    lp.a_matrix_.index_ = program.columns.astype(np.int32)
    lp.a_matrix_.value_ = np.asarray(program.weights * np.repeat(rows, np.diff(program.starts)), np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(program.gain)
    return lp


def row_bounds(program: Program, rows: Floats) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the rows, scaled."""
    lower = np.where(program.lower > FREE_BELOW, program.lower * rows, -highspy.kHighsInf)
    upper = np.where(program.upper < FREE_ABOVE, program.upper * rows, highspy.kHighsInf)
    return lower, upper


class Relaxation:
    """The linear relaxation of one program; asked again with other limits it starts from its last basis."""

    def __init__(self) -> None:
        self.infeasible = False
        self._solver: Any = None
        self._held: Program | None = None
        self._scales: tuple[Floats, float] = (np.ones(0), 1.0)

    def solve(self, program: Program, seconds: float, stopping: Callable[[], bool]) -> Relaxed | None:
        """The relaxation's optimum; None when it is infeasible or was not reached in time (see `infeasible`)."""
        if self._held is None or not _same_matrix(self._held, program):
            self._scales = scales(program)
            self._solver = quiet()
            self._solver.passModel(as_lp(program, *self._scales, whole=False))
        else:
            self._change(program)
        self._held = program
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + seconds)
        _watch(self._solver, Watcher(), stopping)
        self._solver.run()
        self.infeasible = self._solver.getModelStatus() in INFEASIBLE
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._read(program)

    def _change(self, program: Program) -> None:
        rows, gains = self._scales
        lower, upper = row_bounds(program, rows)
        count, width = len(program.lower), len(program.gain)
        self._solver.changeRowsBounds(count, np.arange(count, dtype=np.int32), lower, upper)
        places = np.arange(width, dtype=np.int32)
        floor, ceiling = program.floor.astype(np.float64), program.ceiling.astype(np.float64)
        self._solver.changeColsBounds(width, places, floor, ceiling)
        self._solver.changeColsCost(width, places, program.gain * gains)

    def _read(self, program: Program) -> Relaxed:
        """The point, and a bound made from the duals alone, which holds however exactly the solver stopped."""
        rows, gains = self._scales
        solution = self._solver.getSolution()
        dual = np.array(solution.row_dual) * rows / gains
        dual = np.where((program.upper >= FREE_ABOVE) & (dual > 0), 0.0, dual)
        dual = np.where((program.lower <= FREE_BELOW) & (dual < 0), 0.0, dual)
        priced = np.zeros(len(program.gain))
        np.add.at(priced, program.columns, program.weights * dual[program.row_of])
        reduced = program.gain - priced
        side = np.where(dual > 0, program.upper, np.where(dual < 0, program.lower, 0))
        bound = float(dual @ side + np.maximum(reduced * program.ceiling, reduced * program.floor).sum())
        return Relaxed(np.array(solution.col_value), reduced, bound)


def _same_matrix(one: Program, other: Program) -> bool:
    return (
        len(one.gain) == len(other.gain)
        and np.array_equal(one.starts, other.starts)
        and np.array_equal(one.columns, other.columns)
        and np.array_equal(one.weights, other.weights)
    )


def search(program: Program, start: Ints | None, limits: Limits, watcher: Watcher) -> Found:
    """Branch and bound by HiGHS within the limits, from a starting point if there is one."""
    if not len(program.gain):
        return _decided(program)
    rows, gains = scales(program)
    solver = quiet()
    solver.setOptionValue("time_limit", max(limits.seconds, 0.01))
    solver.setOptionValue("mip_rel_gap", limits.gap)
    solver.setOptionValue("mip_abs_gap", 0.99 * gains)
    if limits.nodes is not None:
        solver.setOptionValue("mip_max_nodes", limits.nodes)
    if limits.enough is not None:
        solver.setOptionValue("objective_target", limits.enough * gains)
    solver.passModel(as_lp(program, rows, gains, whole=True))
    if start is not None:
        solver.setSolution(len(start), start.astype(np.int32), np.ones(len(start)))
    _watch(solver, _Scaled(watcher, gains), watcher.stopping)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    infeasible = status in INFEASIBLE
    complete = infeasible or status == highspy.HighsModelStatus.kOptimal
    point = np.array(solver.getSolution().col_value) if info.primal_solution_status == 2 else None
    bound = -np.inf if infeasible else info.mip_dual_bound / gains
    return Found(None if point is None else np.flatnonzero(point > 0.5), bound, complete, infeasible)


def _decided(program: Program) -> Found:
    """A program without columns: feasible as it stands, or not at all."""
    nothing = np.zeros(0, np.int64)
    holds = program.feasible(nothing)
    return Found(nothing if holds else None, 0.0 if holds else -np.inf, True, not holds)


class _Scaled(Watcher):
    """Passes on what the solver says, in units of gain."""

    def __init__(self, inner: Watcher, gains: float) -> None:
        self._inner, self._gains = inner, gains

    def better(self, chosen: Ints) -> None:
        self._inner.better(chosen)

    def bound(self, value: float) -> None:
        self._inner.bound(value / self._gains)


def _watch(solver: Any, watcher: Watcher, stopping: Callable[[], bool]) -> None:
    """Have the solver ask whether to stop, and tell of its finds."""
    kinds = highspy.cb.HighsCallbackType

    def told(kind: Any, message: str, out: Any, back: Any, data: Any) -> None:
        if kind == kinds.kCallbackMipImprovingSolution:
            watcher.better(np.flatnonzero(np.array(out.mip_solution) > 0.5))
        elif kind in (kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt):
            back.user_interrupt = stopping()
        elif kind == kinds.kCallbackMipLogging:
            watcher.bound(out.mip_dual_bound)

    solver.setCallback(told, None)
    for kind in (
        kinds.kCallbackMipImprovingSolution,
        kinds.kCallbackMipInterrupt,
        kinds.kCallbackSimplexInterrupt,
        kinds.kCallbackIpmInterrupt,
        kinds.kCallbackMipLogging,
    ):
        solver.startCallback(kind)
