"""Why the answer is as it is, by solving again and never by guessing."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.allocation.answer import Answer, Settings
from portfolio.allocation.engine import Engine


@dataclass(frozen=True)
class Admission:
    """What it would take to let a project in that is out.

    `refusing`: pools exceeded when it is added to the answer with no delay (pool → base units over). `addition`: the
    smallest quota to be added, pool by pool, so that it enters with everything else kept. `leaving`: who leaves when
    it is forced in instead, what `loss` that is, by a solve. `earliest_delay`: its least delay with everything else
    kept (None: no year of the window has room).
    """

    project: str
    refusing: Mapping[str, int]
    addition: Mapping[str, int]
    addition_delay: int
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    loss: float | None
    earliest_delay: int | None


@dataclass(frozen=True)
class Step:
    """A pool's limit (base units) and what could then be reached, with its bound."""

    limit: int
    value: float
    bound: float
    entering: tuple[str, ...]


def explain(engine: Engine, answer: Answer, project: str, settings: Settings = Settings(gap=0.005)) -> Admission:
    """What keeps `project` out of `answer`, and what would let it in."""
    raise NotImplementedError


def pool_curve(
    engine: Engine, answer: Answer, pool: str, step: int, steps: int = 5, settings: Settings = Settings(gap=0.005)
) -> tuple[Step, ...]:
    """What `steps` more steps of a pool would buy, each a solve."""
    raise NotImplementedError
