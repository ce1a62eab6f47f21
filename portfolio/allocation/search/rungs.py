"""Rung by rung: the value of a higher rung is settled first and then held while the next one is maximised.

With rungs 1 … R and v_r(x) = Σ gain_w x_w over the ways of rung r, the value settled for rung r is
max v_r(x) subject to all rules and v_s(x) ≥ settled value of s for every s < r. A project of a lower rung takes part
in a higher rung's turn only where it can help it (it must be supported, belongs to a group, or a region's share depends
on it); otherwise it is left out of it. So a lower rung never displaces a higher one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portfolio.allocation.model.constraints import FREE_ABOVE
from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program, without_common_factors
from portfolio.allocation.model.whole import Model
from portfolio.allocation.search.processes import Crew, Outcome, Terms
from portfolio.allocation.search.rounding import fill
from portfolio.core.clock import Stopwatch


@dataclass(frozen=True)
class Turn:
    """What one rung's turn came to, in millionths of a point."""

    rung: int
    value: int
    bound: int
    proven: bool
    ended: str
    engine: str


@dataclass(frozen=True)
class Climb:
    """What all turns came to; `chosen` None where nothing is feasible (`infeasible`) or was found in time."""

    chosen: Ints | None
    turns: tuple[Turn, ...]
    infeasible: bool


def program_of(model: Model, pins: dict[int, bool] | None = None) -> Program:
    """The model as a program over all rungs; `pins` (place of project → in or out) are bounds, not rows."""
    count = len(model.ways)
    floor, ceiling = np.zeros(count, np.int64), np.ones(count, np.int64)
    lower = model.lower.copy()
    for place, inside in (pins or {}).items():
        columns = np.flatnonzero(model.ways.project == place)
        row = model.row_at.get(("way", model.problem.projects[place].code))
        if not inside:
            ceiling[columns] = 0
        elif row is not None:
            lower[row] = 1
        else:
            floor[columns] = 1
    return Program(model.starts, model.columns, model.weights, lower, model.upper, model.ways.gain, floor, ceiling)


def climb(
    crew: Crew,
    model: Model,
    whole: Program,
    start: Ints | None,
    terms: Terms,
    watch: Callable[[Turn, float], None] = lambda turn, seconds: None,
    target: Sequence[int] | None = None,
) -> Climb:
    """Take the turns of all rungs in their order; what time a rung leaves goes to the next.

    With a `target` (a value for every rung) the climb ends at the first rung that comes to another value than that:
    it is then known which of the two is the better answer.
    """
    clock, turns = Stopwatch(), list[Turn]()
    rungs = sorted({int(rung) for rung in model.rung})
    held, chosen = whole, start if start is not None and whole.feasible(start) else None
    for place, rung in enumerate(rungs):
        program = _turn_program(model, held, rung)
        reduced, unit = without_common_factors(program)
        begin = _begin(program, chosen, first=place == 0)
        seconds = (terms.seconds - clock.seconds) / (len(rungs) - place) if len(rungs) > 1 else terms.seconds
        mine = replace(terms, seconds=seconds, watch=_relay(reduced, unit, rung, clock, watch))
        outcome = crew.race(reduced, begin, mine)
        if outcome.chosen is None:
            return Climb(None, tuple(turns), outcome.infeasible)
        chosen = outcome.chosen
        turns.append(_turn(reduced, unit, rung, outcome))
        held = _hold(held, model, rung, turns[-1].value)
        if target is not None and turns[-1].value != target[place]:
            return Climb(chosen, tuple(turns), False)
        if outcome.ended == "stopped":
            return Climb(_fill_lower(model, whole, chosen, rungs[place + 1 :], turns), tuple(turns), False)
    return Climb(chosen, tuple(turns), False)


def _turn_program(model: Model, held: Program, rung: int) -> Program:
    mine = model.rung[model.ways.project] == rung
    lower = (model.rung[model.ways.project] > rung) & ~_may_help(model, held)
    ceiling = np.where(lower, 0, held.ceiling)
    ceiling = np.maximum(ceiling, held.floor)
    return replace(held, gain=np.where(mine, model.ways.gain, 0), ceiling=ceiling)


def _may_help(model: Model, held: Program) -> NDArray[np.bool_]:
    """Which ways belong to projects that a higher rung may depend on."""
    if model.problem.shares:
        return np.ones(len(model.ways), np.bool_)
    helpful = np.array([project.must is True for project in model.problem.projects], np.bool_)
    for group in model.problem.groups:
        for code in group.projects:
            helpful[model.problem.place[code]] = True
    pinned = [model.problem.place[name] for rule, name in _pinned(model, held)]
    helpful[pinned] = True
    return helpful[model.ways.project]


def _pinned(model: Model, held: Program) -> list[tuple[str, str]]:
    # Pins are bounds of the program (`program_of`), which the model's own rows know nothing of.
    return [key for key, row in model.row_at.items() if key[0] == "way" and held.lower[row] == 1]


def _begin(program: Program, chosen: Ints | None, first: bool) -> Ints | None:
    """The last turn's answer with this rung's best filled in; in the first turn the start less the lower rungs."""
    if chosen is None:
        return None
    base = chosen[program.ceiling[chosen] > 0]
    order = np.argsort(-program.gain, kind="stable")
    filled = fill(program, base, order[program.gain[order] > 0])
    if program.feasible(filled):
        return filled
    return base if program.feasible(base) else None


def _hold(held: Program, model: Model, rung: int, value: int) -> Program:
    """One more row: the rung's value stays at least what it is."""
    columns = np.flatnonzero((model.rung[model.ways.project] == rung) & (model.ways.gain != 0))
    if not len(columns):
        return held
    return replace(
        held,
        starts=np.append(held.starts, held.starts[-1] + len(columns)),
        columns=np.append(held.columns, columns),
        weights=np.append(held.weights, model.ways.gain[columns]),
        lower=np.append(held.lower, value),
        upper=np.append(held.upper, FREE_ABOVE),
    )


def _turn(program: Program, unit: int, rung: int, outcome: Outcome) -> Turn:
    value = int(outcome.value(program))
    bound = whole_bound(outcome.bound, value)
    return Turn(rung, value * unit, bound * unit, outcome.proven, outcome.ended, outcome.engine)


def whole_bound(bound: float, value: int) -> int:
    """The bound in whole units. A solver's bound is a float: what it may err by proves nothing above the value."""
    err = 1e-6 + 1e-9 * abs(bound)
    most = int(np.floor(bound + err))
    return value if bound - value <= err else most


def _relay(
    program: Program, unit: int, rung: int, clock: Stopwatch, watch: Callable[[Turn, float], None]
) -> Callable[[Outcome, float], None]:
    def tell(outcome: Outcome, seconds: float) -> None:
        if outcome.chosen is not None:
            watch(_turn(program, unit, rung, outcome), clock.seconds)

    return tell


def _fill_lower(model: Model, whole: Program, chosen: Ints, rungs: list[int], turns: list[Turn]) -> Ints:
    """After a stop the rungs that had no turn get what fits, by value; their bound is all they could have."""
    for rung in rungs:
        program = _turn_program(model, whole, rung)
        order = np.argsort(-program.gain, kind="stable")
        filled = fill(program, chosen, order[program.gain[order] > 0])
        chosen = filled if whole.feasible(filled) else chosen
        bound = int(np.maximum(program.gain, 0).sum())
        turns.append(Turn(rung, program.value(chosen), bound, False, "stopped", "ranked"))
    return chosen
