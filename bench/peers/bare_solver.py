"""A solver as it comes: `python -m bench.peers.bare_solver highs|cpsat FILE SECONDS GAP` solves a program whole and
prints its value, bound and seconds as JSON. One process an engine, since the two cannot be loaded together."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from portfolio.allocation.model.program import Program, without_common_factors

CORES = 2


def highs(program: Program, seconds: float, gap: float) -> dict[str, Any]:
    """HiGHS on the whole program, its own settings but for the limits."""
    import highspy

    from portfolio.allocation.search.relaxation import as_lp, scales

    rows, gains = scales(program)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", CORES)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.passModel(as_lp(program, rows, gains, whole=True))
    solver.run()
    info = solver.getInfo()
    found = info.objective_function_value / gains if info.primal_solution_status == 2 else None
    return {"value": found, "bound": info.mip_dual_bound / gains}


def cpsat(program: Program, seconds: float, gap: float) -> dict[str, Any]:
    """CP-SAT on the whole program, its own settings but for the limits."""
    from ortools.sat.python import cp_model

    from portfolio.allocation.search.second_engine import model_of

    model, _ = model_of(program)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = CORES
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.relative_gap_limit = gap
    status = solver.solve(model)
    found = solver.objective_value if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return {"value": found, "bound": solver.best_objective_bound}


def main() -> None:
    """Solve the file's program."""
    engine, path, seconds, gap = sys.argv[1:]
    program, unit = without_common_factors(Program.from_bytes(Path(path).read_bytes()))
    started = time.perf_counter()
    answer = {"highs": highs, "cpsat": cpsat}[engine](program, float(seconds), float(gap))
    answer["seconds"] = time.perf_counter() - started
    for name in ("value", "bound"):
        answer[name] = None if answer[name] is None else answer[name] * unit
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
