"""A smallest set of orders that cannot hold together, found by solving and proven by solving again."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from portfolio.allocation.model.answer import Reason
from portfolio.allocation.model.program import without_common_factors
from portfolio.allocation.model.whole import Model
from portfolio.allocation.search.processes import Crew, Terms
from portfolio.allocation.search.rungs import program_of

ORDERS = ("must", "require", "share", "exclude", "must_not", "pool")
SECONDS_EACH = 20.0


class Undecided(Exception):
    """A check was not finished in time, so nothing can be said about the conflict."""


def smallest_conflict(
    crew: Crew, model: Model, stopping: Callable[[], bool], pins: dict[int, bool] | None = None
) -> tuple[Reason, ...]:
    """The orders (musts, groups, shares, must-nots and the pools they meet) of one smallest conflict.

    Smallest means that leaving out any one of them resolves it: each was left out once, with all the others kept, and
    the rest could be fulfilled. `pins` (place of project → in or out) stand outside it: with them the orders are those
    that contradict the pins. Empty when a check ran out of time, or when nothing but pins contradicts the model.
    """
    rows = [row for rule in ORDERS for row in range(len(model.rule_of)) if model.rule_of[row] == rule]

    def feasible(kept: Sequence[int]) -> bool:
        return _feasible(crew, model.without_rows(set(rows) - set(kept)), stopping, pins)

    try:
        if feasible(rows):
            return ()
        needed = _divide(feasible, [], rows, changed=False)
    except Undecided:
        return ()
    named = dict.fromkeys((model.rule_of[row], model.name_of[row]) for row in needed)
    return tuple(Reason(f"conflict_{rule}", {"value": name}) for rule, name in named)


def _divide(
    feasible: Callable[[Sequence[int]], bool], background: list[int], candidates: list[int], changed: bool
) -> list[int]:
    """The part of `candidates` that a smallest conflict beside `background` needs; later ones are dropped first."""
    if changed and not feasible(background):
        return []
    if len(candidates) == 1:
        return candidates
    half = len(candidates) // 2
    first, second = candidates[:half], candidates[half:]
    of_second = _divide(feasible, background + first, second, changed=True)
    of_first = _divide(feasible, background + of_second, first, changed=bool(of_second))
    return of_first + of_second


def _feasible(crew: Crew, model: Model, stopping: Callable[[], bool], pins: dict[int, bool] | None) -> bool:
    program = program_of(model, pins)
    program = replace(program, gain=np.zeros_like(program.gain))
    reduced, _ = without_common_factors(program)
    terms = Terms(SECONDS_EACH, 0.0, 1, lambda outcome, seconds: None, stopping)
    nothing = np.zeros(0, np.int64)
    outcome = crew.race(reduced, nothing, terms)
    if outcome.chosen is not None:
        return True
    if not outcome.infeasible:
        raise Undecided
    return False
