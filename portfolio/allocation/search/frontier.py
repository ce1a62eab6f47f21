"""What more would buy: curves over one pool or all money, who is next in line, and what the ranked list would give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portfolio.allocation.model.answer import Answer, Settings
from portfolio.allocation.model.binding import elements
from portfolio.allocation.model.constraints import needed_under
from portfolio.allocation.model.problem import POINTS, Ints
from portfolio.allocation.search.admission import QUICK
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.ranked import FIRST_REFUSAL_ENDS, FIRST_THAT_FITS, ranked_cut
from portfolio.allocation.search.rungs import program_of
from portfolio.core.errors import NotFoundError

MONEY_STEP, AREA_STEP = 100_000_000, 1_000_000
MONEY = "fund"
FRONTIER = (100, 105, 110, 120, 135, 150)


@dataclass(frozen=True)
class Step:
    """Pools with more (pool → limit in base units), and what could then be reached.

    `value` and `bound` are of a solve within the settings; `entering` and `leaving` compare with the answer as it is.
    """

    limits: Mapping[str, int]
    status: str
    value: float
    bound: float
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """One way of choosing: value in points, projects supported, base units supported by element."""

    how: str
    value: float
    projects: int
    quantities: Mapping[str, int]


def pool_curve(
    engine: Engine, answer: Answer, pool: str, steps: int = 5, step: int | None = None, settings: Settings = QUICK
) -> tuple[Step, ...]:
    """What a pool's next steps would buy: 1 亿元 or 100 公顷 each unless another step (base units) is given.

    Each step begins with the answer of the step before, so the values never fall. Raises `NotFoundError`.
    """
    if pool not in engine.problem.pool_place:
        raise NotFoundError("allocation.no_pool", value=pool)
    one = engine.problem.pools[engine.problem.pool_place[pool]]
    size = step or (MONEY_STEP if one.item.split(".", 1)[0] == MONEY else AREA_STEP)
    return tuple(_climb(engine, answer, [{pool: one.limit + size * place} for place in range(1, steps + 1)], settings))


def money_frontier(
    engine: Engine,
    answer: Answer,
    percents: tuple[int, ...] = FRONTIER,
    settings: Settings = QUICK,
) -> tuple[Step, ...]:
    """Value against money: all pools of funds at these rising percentages of what they are."""
    pools = [pool for pool in engine.problem.pools if pool.item.split(".", 1)[0] == MONEY]
    return tuple(
        _climb(engine, answer, [{pool.code: pool.limit * part // 100 for pool in pools} for part in percents], settings)
    )


def next_in_line(
    engine: Engine, answer: Answer, percents: tuple[int, ...] = (102, 105, 110, 120), settings: Settings = QUICK
) -> tuple[tuple[str, int], ...]:
    """The projects that are out, in the order in which they enter as all pools grow to these percentages: each with the
    first percentage at which it is in."""
    grown = [{pool.code: pool.limit * part // 100 for pool in engine.problem.pools} for part in percents]
    first: dict[str, int] = {}
    for part, step in zip(percents, _climb(engine, answer, grown, settings), strict=True):
        for code in step.entering:
            first.setdefault(code, part)
    return tuple(first.items())


def _climb(engine: Engine, answer: Answer, grown: list[dict[str, int]], settings: Settings) -> Iterator[Step]:
    before, last = set(answer.supported), answer
    for limits in grown:
        last = engine.what_if(limits, settings, begin=last)
        inside = set(last.supported)
        yield Step(
            limits,
            last.status,
            last.value or 0.0,
            last.bound or 0.0,
            tuple(code for code in last.supported if code not in before),
            tuple(code for code in answer.supported if code not in inside),
        )


def compared(engine: Engine, answer: Answer) -> tuple[Outcome, ...]:
    """The answer beside what offices do by hand: down the list by points (rung by rung) taking each project that fits,
    and the pure cut, which ends at the first that does not."""
    program = program_of(engine.model)
    lists = [(how, ranked_cut(engine.model, program, how)) for how in (FIRST_THAT_FITS, FIRST_REFUSAL_ENDS)]
    return tuple(_outcome(engine, how, columns) for how, columns in [("optimised", engine.columns(answer)), *lists])


def _outcome(engine: Engine, how: str, columns: Ints) -> Outcome:
    ways = engine.model.ways
    value = (int(ways.gain[columns].sum()) - ways.lost) / POINTS
    needed = {element: needed_under(engine.problem, ways, element) for element in elements()}
    return Outcome(how, value, len(columns), {one: int(amount[columns].sum()) for one, amount in needed.items()})
