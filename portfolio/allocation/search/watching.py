"""What a search tells while it runs, and what it has found at its end."""

from dataclasses import dataclass

from portfolio.allocation.model.problem import Ints


@dataclass(frozen=True)
class Found:
    """What a search in whole numbers found: the columns at 1 (None: nothing feasible) and a bound in units of gain."""

    chosen: Ints | None
    bound: float
    complete: bool
    infeasible: bool


class Watcher:
    """Told of better points and bounds as they come; says when to stop."""

    def better(self, chosen: Ints) -> None:
        """A feasible point."""

    def bound(self, value: float) -> None:
        """A bound of the whole program searched."""

    def stopping(self) -> bool:
        """Whether to give up."""
        return False
