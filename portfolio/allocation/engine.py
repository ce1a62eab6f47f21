"""Solve a problem in child processes: start, progress, stop, time limit.

with Engine(problem) as engine:
    answer = engine.solve(Settings(time_limit=30, gap=0.001), on_progress=print, stopping=event.is_set)
    after = engine.what_if({"P-2026-LAND": 1_200_000}, Settings(gap=0.005))
"""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from portfolio.allocation.answer import Answer, Progress, Settings
from portfolio.allocation.problem import Problem

Watch = Callable[[Progress], None]


class Engine:
    """One problem with its child processes kept alive, so that a changed pool is answered from the last basis."""

    def __init__(self, problem: Problem) -> None:
        raise NotImplementedError

    def solve(
        self, settings: Settings, on_progress: Watch | None = None, stopping: Callable[[], bool] | None = None
    ) -> Answer:
        """The answer within the settings; `stopping` is asked often and ends the search with the best found."""
        raise NotImplementedError

    def what_if(self, limits: Mapping[str, int], settings: Settings, pins: Mapping[str, bool] | None = None) -> Answer:
        """The answer with other limits of pools (base units) and projects pinned in (True) or out (False)."""
        raise NotImplementedError

    def close(self) -> None:
        """End the child processes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def solve(
    problem: Problem,
    settings: Settings = Settings(),
    on_progress: Watch | None = None,
    stopping: Callable[[], bool] | None = None,
) -> Answer:
    """Check and solve a problem once (see `Engine.solve`); severe findings answer `invalid`."""
    raise NotImplementedError
