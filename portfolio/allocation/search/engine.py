"""Solve a problem in child processes: start, progress, stop, time limit.

with Engine(problem) as engine:
    answer = engine.solve(Settings(time_limit=30, gap=0.001), on_progress=show, stopping=event.is_set)
    after = engine.what_if({"P-2026-LAND": 1_200_000}, Settings(gap=0.005))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np

from portfolio.allocation.model.answer import (
    FAILED,
    FEASIBLE,
    INFEASIBLE,
    INVALID,
    OPTIMAL,
    STOPPED,
    TIME_LIMIT,
    Answer,
    Finding,
    Progress,
    RungResult,
    Settings,
)
from portfolio.allocation.model.check import check
from portfolio.allocation.model.problem import POINTS, Ints, Problem
from portfolio.allocation.model.program import Program
from portfolio.allocation.model.verify import Plan, verify
from portfolio.allocation.model.whole import Model, build_model
from portfolio.allocation.search.conflict import smallest_conflict
from portfolio.allocation.search.processes import Crew, Terms
from portfolio.allocation.search.ranked import ranked_cut
from portfolio.allocation.search.reasons import Reasons, plan_arrays
from portfolio.allocation.search.rounding import fill, within
from portfolio.allocation.search.rungs import Climb, Turn, climb, program_of
from portfolio.core.clock import Stopwatch
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError

Watch = Callable[[Progress], None]
Stopping = Callable[[], bool]
UNLIMITED = 1e7


def never() -> bool:
    """Nobody stops."""
    return False


@dataclass(frozen=True)
class State:
    """A model as it is asked now, its program, and the columns of the answer to it."""

    model: Model
    program: Program
    chosen: Ints | None = None


class Engine:
    """One problem with its child processes kept alive, so that a changed pool is answered from the last basis.

    Raises `InvalidError` when the problem has severe findings (`solve` below answers `invalid` instead). A `crew` of
    somebody else's is used and left running.
    """

    def __init__(self, problem: Problem, crew: Crew | None = None) -> None:
        self.problem = problem
        self.findings = tuple(check(problem))
        if any(finding.severe for finding in self.findings):
            raise InvalidError("allocation.invalid", value=self.findings[0].code)
        self.model = build_model(problem)
        self.state = State(self.model, program_of(self.model))
        self.crew, self._own = crew or Crew(), crew is None

    def solve(self, settings: Settings, on_progress: Watch | None = None, stopping: Stopping = never) -> Answer:
        """The answer within the settings; `stopping` is asked often and ends the search with the best found."""
        program = program_of(self.model)
        start = ranked_cut(self.model, program)
        answer, chosen = self._run(self.model, program, start, settings, on_progress, stopping)
        self.state = State(self.model, program, chosen)
        return answer

    def what_if(
        self,
        limits: Mapping[str, int],
        settings: Settings,
        pins: Mapping[str, bool] | None = None,
        begin: Answer | None = None,
        stopping: Stopping = never,
    ) -> Answer:
        """The answer with other limits of pools (base units) and projects pinned in (True) or out (False).

        The search begins with the answer `begin`, else with the last answer of `solve`, repaired where it no longer
        fits; what `solve` answered stays as it is.
        """
        self._require_known(limits, pins or {})
        model = self.model.with_limits(limits)
        placed = {self.problem.place[code]: inside for code, inside in (pins or {}).items()}
        program = program_of(model, placed)
        start = self.repaired(program, placed, self.state.chosen if begin is None else self.columns(begin))
        return self._run(model, program, start, settings, None, stopping)[0]

    def close(self) -> None:
        """End the child processes."""
        if self._own:
            self.crew.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def columns(self, answer: Answer) -> Ints:
        """The ways an answer takes, as columns of the model."""
        at = self.model.ways.at
        taken = [
            at[self.problem.place[one.project], one.delay, one.phases - 1]
            for one in answer.decisions
            if one.delay is not None
        ]
        return np.sort(np.array(taken, np.int64))

    def _require_known(self, limits: Mapping[str, int], pins: Mapping[str, bool]) -> None:
        for code in limits:
            if code not in self.problem.pool_place:
                raise NotFoundError("allocation.no_pool", value=code)
        for code in pins:
            if code not in self.problem.place:
                raise NotFoundError("allocation.no_project", value=code)

    def repaired(self, program: Program, pins: Mapping[int, bool], begin: Ints | None) -> Ints:
        """Columns to begin with: those of `begin` that fit a program with pins (place → in or out), and what else fits
        beside them; the ranked list's without `begin`."""
        if begin is None:
            return ranked_cut(self.model, program)
        ways = self.model.ways
        kept = begin[~np.isin(ways.project[begin], [place for place, inside in pins.items() if not inside])]
        pins = {place: inside for place, inside in pins.items() if place not in set(ways.project[kept].tolist())}
        forced = [int(self.model.ways.at[place, 0].max()) for place, inside in pins.items() if inside]
        worth = program.gain.astype(np.float64)
        worth[forced] = np.inf
        base = within(program, np.sort(np.append(kept, np.array(forced, np.int64))), worth)
        order = np.argsort(-program.gain, kind="stable")
        return fill(program, base, order[program.gain[order] > 0])

    def _run(
        self,
        model: Model,
        program: Program,
        start: Ints,
        settings: Settings,
        on_progress: Watch | None,
        stopping: Stopping,
    ) -> tuple[Answer, Ints | None]:
        clock = Stopwatch()
        seconds = UNLIMITED if settings.time_limit is None else settings.time_limit
        terms = Terms(seconds, settings.gap, settings.processes, lambda outcome, spent: None, stopping)
        told = _Told(model, on_progress)
        reached = climb(self.crew, model, program, start, terms, told)
        ranked = _points(model, program, ranked_cut(model, program))
        conflict = smallest_conflict(self.crew, model, stopping) if reached.infeasible else ()
        if reached.chosen is None:
            status = INFEASIBLE if reached.infeasible else _ended(reached) or TIME_LIMIT
            empty = Answer(
                status, None, None, None, clock.seconds, "", ranked, findings=self.findings, conflict=conflict
            )
            return empty, None
        return self._answer(model, program, reached, settings, clock.seconds, ranked), reached.chosen

    def _answer(
        self, model: Model, program: Program, reached: Climb, settings: Settings, seconds: float, ranked: float
    ) -> Answer:
        chosen = np.zeros(0, np.int64) if reached.chosen is None else reached.chosen
        uses, breaches = verify(model.problem, Plan(*plan_arrays(model, chosen)))
        if breaches:
            raise ConflictError("allocation.unverified", value=f"{breaches[0].rule} {breaches[0].name}")
        value = _points(model, program, chosen)
        bound = (sum(turn.bound for turn in reached.turns) - model.ways.lost) / POINTS
        gap = relative_gap(value, bound)
        proven = all(turn.proven and _close(turn, settings.gap) for turn in reached.turns)
        return Answer(
            OPTIMAL if proven else _ended(reached) or FEASIBLE,
            value,
            bound,
            gap,
            round(seconds, 3),
            "+".join(dict.fromkeys(turn.engine for turn in reached.turns)),
            ranked,
            Reasons(model, program, chosen).decisions(),
            uses,
            tuple(_rung(model, turn) for turn in reached.turns),
            self.findings,
        )


def relative_gap(value: float, bound: float) -> float:
    """(bound - value) / |value|; 0 where they are equal, also at 0."""
    return 0.0 if bound <= value else (bound - value) / max(abs(value), 1e-9)


def _close(turn: Turn, gap: float) -> bool:
    return turn.bound - turn.value <= gap * abs(turn.value) * (1 + 1e-9) + 1


def _ended(reached: Climb) -> str:
    """What ended the first turn that did not end by itself."""
    ends = [turn.ended for turn in reached.turns if turn.ended in (STOPPED, TIME_LIMIT, FAILED, FEASIBLE)]
    return ends[0] if ends else ""


def _points(model: Model, program: Program, chosen: Ints) -> float:
    return (program.value(chosen) - model.ways.lost) / POINTS


def _rung_name(model: Model, rung: int) -> str:
    ladder = model.problem.terms.rungs
    return ladder[rung] if rung < len(ladder) else ""


def _rung(model: Model, turn: Turn) -> RungResult:
    return RungResult(_rung_name(model, turn.rung), turn.value / POINTS, turn.bound / POINTS, turn.proven)


class _Told:
    """Passes on how far the turns have come, with what the higher rungs have settled."""

    def __init__(self, model: Model, watch: Watch | None) -> None:
        self._model, self._watch = model, watch
        self._settled: dict[int, Turn] = {}

    def __call__(self, turn: Turn, seconds: float) -> None:
        self._settled[turn.rung] = turn
        if self._watch is not None:
            lost = self._model.ways.lost
            value = (sum(one.value for one in self._settled.values()) - lost) / POINTS
            bound = (sum(one.bound for one in self._settled.values()) - lost) / POINTS
            name = _rung_name(self._model, turn.rung)
            self._watch(Progress(name, value, bound, relative_gap(value, bound), round(seconds, 3)))


def solve(
    problem: Problem,
    settings: Settings | None = None,
    on_progress: Watch | None = None,
    stopping: Stopping = never,
    crew: Crew | None = None,
) -> Answer:
    """Check and solve a problem once (see `Engine.solve`); severe findings answer `invalid`."""
    found: list[Finding] = check(problem)
    if any(finding.severe for finding in found):
        return Answer(INVALID, None, None, None, 0.0, "", 0.0, findings=tuple(found))
    with Engine(problem, crew) as engine:
        return engine.solve(settings or Settings(), on_progress, stopping)
