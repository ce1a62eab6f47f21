"""The least additions of quota with which every best answer holds a project, found by solving.

V_in(a) and V_out(a) are the best values by rung, in millionths of a point and compared rung by rung, with and without
the project when `a` (pool → base units) is added to the limits. An addition admits the project when
V_in(a) > V_out(a): whoever solves with it then finds the project in, whatever ties there are elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.whole import Model
from portfolio.allocation.search.engine import UNLIMITED, Engine
from portfolio.allocation.search.processes import Terms
from portfolio.allocation.search.rungs import Climb, climb, program_of
from portfolio.core.clock import Stopwatch

Added = Mapping[str, int]
Values = tuple[int, ...]
Along = Callable[[int], Added]
ROUNDS = 4
NOTHING: Values = ()


class Unproven(Exception):
    """A solve was not finished in time, so nothing can be said."""


class Additions:
    """What one engine's problem answers with more quota; solves without a project are kept between questions.

    `kept` are the columns of the answer that stands, with which searches begin; `begin` bounds the solves of one
    question in time, and `stopping` ends them.
    """

    def __init__(self, engine: Engine, kept: Ints, stopping: Callable[[], bool]) -> None:
        self.engine, self.kept, self.stopping = engine, kept, stopping
        self.clock, self.seconds = Stopwatch(), UNLIMITED
        self._masks: dict[str, Ints] = {}
        self._best: dict[frozenset[tuple[str, int]], tuple[Values, Ints]] = {}

    def begin(self, seconds: float) -> None:
        """A new question, to be answered within the seconds."""
        self.clock, self.seconds = Stopwatch(), seconds

    @property
    def left(self) -> float:
        """Seconds left for the question."""
        return self.seconds - self.clock.seconds

    def over(self) -> bool:
        """Whether the question is to be given up."""
        return self.left <= 0 or self.stopping()

    def model(self, added: Added) -> Model:
        """The model with an addition."""
        upper = self.engine.model.upper.copy()
        for pool, more in added.items():
            upper += more * self._mask(pool)
        return replace(self.engine.model, upper=upper)

    def _mask(self, pool: str) -> Ints:
        """The rows that one more unit of a pool widens by one."""
        if pool not in self._masks:
            model = self.engine.model
            limit = self.engine.problem.pools[self.engine.problem.pool_place[pool]].limit
            self._masks[pool] = model.with_limits({pool: limit + 1}).upper - model.upper
        return self._masks[pool]

    def solved(self, added: Added, pins: dict[int, bool], target: Values | None = None) -> Climb:
        """Best answers rung by rung with an addition and pins (place of project → in or out), to the last unit."""
        if self.over():
            raise Unproven
        model = self.model(added)
        program = program_of(model, pins)
        start = self.engine.repaired(program, pins, self.kept)
        terms = Terms(self.left, 0.0, 2, lambda outcome, seconds: None, self.stopping)
        return climb(self.engine.crew, model, program, start, terms, target=target)

    def best(self, added: Added, pins: dict[int, bool]) -> tuple[Values, Ints] | None:
        """The proven values by rung and the columns; None where nothing is feasible."""
        found = self.solved(added, pins)
        if found.infeasible:
            return None
        if found.chosen is None or any(turn.bound > turn.value for turn in found.turns):
            raise Unproven
        return tuple(turn.value for turn in found.turns), found.chosen

    def without(self, place: int, added: Added) -> tuple[Values, Ints]:
        """V_out: the best values and columns without a project; the kept answer is one, so there are some."""
        key = frozenset((pool, more) for pool, more in added.items() if more)
        if key not in self._best:
            self._best[key] = _required(self.best(added, {}))
        values, chosen = self._best[key]
        if place not in self.engine.model.ways.project[chosen]:
            return values, chosen
        return _required(self.best(added, {place: False}))

    def beyond(self, place: int, added: Added, target: Values) -> tuple[Values, Ints | None]:
        """The first proven values of the best answer with a project, as far as they tell it from `target`, and its
        columns; None for those where it is no better than the target or where there is no such answer."""
        found = self.solved(added, {place: True}, target)
        if found.infeasible:
            return NOTHING, None
        if found.chosen is None:
            raise Unproven
        values = tuple(turn.value for turn in found.turns)
        if any(turn.bound > turn.value for turn in found.turns):
            raise Unproven
        return values, found.chosen if values > target[: len(values)] else None

    def up(self, place: int, along: Along, high: int) -> int | None:
        """The least step of a rising path of additions (0 … `high`) that admits a project; None where none does.

        For a step s every step t ≥ s has V_out(t) ≥ V_out(s), so that what admits lies at or beyond the least t with
        V_in(t) > V_out(s). From there it is asked again, until V_in and V_out belong to the same step.
        """
        low, climber = 0, _Climber(self, place, along)
        while True:
            least = climber.least(low, high, self.without(place, along(low))[0])
            if least is None or least == low:
                return least
            low = least

    def needs(self, chosen: Ints, along: Along, low: int, high: int) -> int:
        """The least step in (`low`, `high`] whose pools hold the columns chosen."""
        drawn = self.engine.state.program.activity(chosen)
        while high - low > 1:
            middle = (low + high) // 2
            if bool(np.all(drawn <= self.model(along(middle)).upper)):
                high = middle
            else:
                low = middle
        return high

    def shrunk(self, chosen: Ints, added: Added, pools: Iterable[str]) -> dict[str, int]:
        """An addition with each of the pools in turn taken down to what the columns chosen need of it."""
        drawn, kept = self.engine.state.program.activity(chosen), dict(added)
        for pool in pools:
            over = drawn - self.model({**kept, pool: 0}).upper
            mine = self._mask(pool) > 0
            kept[pool] = max(0, int(over[mine].max(initial=0)))
        return {pool: more for pool, more in kept.items() if more}

    def settled(self, place: int, added: Added, pools: Iterable[str]) -> tuple[dict[str, int], bool]:
        """An addition that admits, taken down pool by pool to the least that does with the others as they are, until no
        pool can give any more; and whether that end was reached."""
        kept, order = dict(added), list(pools)
        for _ in range(ROUNDS):
            before = dict(kept)
            for pool in order:
                held = kept.get(pool, 0)
                least = self.up(place, _of_pool(pool, kept), held) if held else 0
                kept = {**kept, pool: held if least is None else least}
            if kept == before:
                return {pool: more for pool, more in kept.items() if more}, True
        return {pool: more for pool, more in kept.items() if more}, False


def _of_pool(pool: str, others: Added) -> Along:
    """The path of one pool, the others as they are."""
    return lambda more: {**others, pool: more}


class _Climber:
    """What V_in is known to be at the steps of a path, so that a higher target asks only what it must."""

    def __init__(self, additions: Additions, place: int, along: Along) -> None:
        self.additions, self.place, self.along = additions, place, along
        self.exact, self.least_known = dict[int, Values](), dict[int, Values]()

    def least(self, low: int, high: int, target: Values) -> int | None:
        """The least step from `low` on at which the project is in an answer better than `target`.

        V_in rises with the path, so a step that fails rules out all below. Each answer found is taken down to the step
        it needs; one unit less is asked first, then the middle.
        """
        if self._better(low, low, target) is not None:
            return low
        bottom = max(step for step, values in self.exact.items() if step >= low and _no_better(values, target))
        known = [step for step, values in self.least_known.items() if step > bottom and _above(values, target)]
        top = min(known) if known else self._better(high, bottom, target)
        nearest = True
        while top is not None and top - bottom > 1:
            asked = top - 1 if nearest else (bottom + top) // 2
            found = self._better(asked, bottom, target)
            if found is None:
                bottom = asked
            else:
                top = found
            nearest = not nearest
        return top

    def _better(self, step: int, bottom: int, target: Values) -> int | None:
        """The step that an answer better than the target needs, of one found at `step`; None where none is there."""
        if step in self.exact and _no_better(self.exact[step], target):
            return None
        if step in self.exact and _above(self.exact[step], target):
            return step
        values, chosen = self.additions.beyond(self.place, self.along(step), target)
        self.exact[step] = self.least_known[step] = values
        if chosen is None:
            return None
        needed = step if step <= bottom else self.additions.needs(chosen, self.along, bottom, step)
        self.least_known[needed] = values
        return needed


def _above(values: Values, target: Values) -> bool:
    """Whether values, as far as they are known, are better than a target."""
    return values > target[: len(values)]


def _no_better(values: Values, target: Values) -> bool:
    """Whether values, as far as they are known, are those of an answer no better than a target, or of none."""
    return values in (NOTHING, target) or values < target[: len(values)]


def _required(found: tuple[Values, Ints] | None) -> tuple[Values, Ints]:
    if found is None:
        raise Unproven
    return found
