"""CP-SAT on a small program: a second way to search and prove, one thread, always the same."""

from collections.abc import Callable
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from portfolio.allocation.model.constraints import FREE_ABOVE, FREE_BELOW
from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program
from portfolio.allocation.search.watching import Found, Watcher

MOST_COLUMNS, LARGEST_SUM = 4_000, 2**53
FULL_RELAXATION, NO_CUTS, SEED = 2, 0, 1


def search(program: Program, start: Ints | None, seconds: float, gap: float, watcher: Watcher) -> Found:
    """Search within the seconds; the columns found are feasible in whole numbers."""
    model, x = model_of(program)
    if start is not None:
        taken = set(start.tolist())
        for column, variable in enumerate(x):
            model.add_hint(variable, column in taken)
    solver = cp_model.CpSolver()
    told = _Told(x, watcher, solver.stop_search)
    solver.best_bound_callback = told.bound
    chosen = {
        "num_workers": 1,
        "random_seed": SEED,
        "linearization_level": FULL_RELAXATION,
        "cut_level": NO_CUTS,
        "max_time_in_seconds": max(seconds, 0.01),
        "relative_gap_limit": gap,
    }
    for name, value in chosen.items():
        setattr(solver.parameters, name, value)
    status = solver.solve(model, told)
    infeasible = status == cp_model.INFEASIBLE
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    point = np.flatnonzero([solver.boolean_value(variable) for variable in x]) if found else None
    bound = -np.inf if infeasible else solver.best_objective_bound
    return Found(point, bound, infeasible or status == cp_model.OPTIMAL, infeasible)


def model_of(program: Program) -> tuple[Any, list[Any]]:
    """The program as CP-SAT takes it, and its columns."""
    model = cp_model.CpModel()
    x = [model.new_int_var(int(low), int(high), "") for low, high in zip(program.floor, program.ceiling, strict=True)]
    for row in range(len(program.lower)):
        span = slice(program.starts[row], program.starts[row + 1])
        terms = [x[column] for column in program.columns[span]]
        total = cp_model.LinearExpr.weighted_sum(terms, program.weights[span].tolist())
        low, high = int(program.lower[row]), int(program.upper[row])
        if low > FREE_BELOW or high < FREE_ABOVE:
            model.add_linear_constraint(total, max(low, -LARGEST_SUM), min(high, LARGEST_SUM))
    model.maximize(cp_model.LinearExpr.weighted_sum(x, program.gain.tolist()))
    return model, x


class _Told(cp_model.CpSolverSolutionCallback):
    """Passes on better points and bounds, and stops the solver when the watcher says so."""

    def __init__(self, x: list[Any], watcher: Watcher, stop: Callable[[], None]) -> None:
        super().__init__()
        # A callback of solutions can stop the solver only once there was one; the solver itself always can.
        self._x, self._watcher, self._stop = x, watcher, stop

    def on_solution_callback(self) -> None:
        """Called by the solver with each better point."""
        self._watcher.better(np.flatnonzero([self.boolean_value(variable) for variable in self._x]))
        if self._watcher.stopping():
            self._stop()

    def bound(self, value: float) -> None:
        """Called by the solver with each tighter bound."""
        self._watcher.bound(value)
        if self._watcher.stopping():
            self._stop()
