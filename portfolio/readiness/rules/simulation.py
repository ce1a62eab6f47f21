"""How sure a start day is: the network drawn many times over the range of each step's days, from a stated seed."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.readiness.rules.network import schedule
from portfolio.readiness.rules.templates import Template

DRAWS = 10_000
PERCENTILES = (10, 50, 80, 90)


@dataclass(frozen=True)
class Outcome:
    """`end_days` of every draw in rising order, and how often each step was critical (0 to 1)."""

    seed: int
    end_days: NDArray[np.float64]
    criticality: dict[str, float]

    def percentile(self, share: int) -> int:
        """The whole days by which `share` per cent of the draws had ended."""
        place = max(0, int(np.ceil(share / 100 * len(self.end_days))) - 1)
        return int(np.ceil(self.end_days[place]))

    def chance_by(self, days: int) -> float:
        """The share of draws that had ended by `days`."""
        return float(np.searchsorted(self.end_days, days, side="right") / len(self.end_days))


def seed_of(code: str) -> int:
    """A project's own seed, the same on every machine."""
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big")


def simulate(
    template: Template, left: NDArray[np.float64], done: NDArray[np.bool_], seed: int, draws: int = DRAWS
) -> Outcome:
    """Draw each step's days from a triangle over (low, usual, high) times the share still `left` of it."""
    chance = np.random.default_rng(seed)
    days = np.array([step.days for step in template.steps], np.float64)
    drawn = chance.triangular(days[:, 0], days[:, 1], days[:, 2], size=(draws, len(days))) * left
    found = schedule(template, drawn, done)
    shares = found.critical.mean(axis=0)
    return Outcome(seed, np.sort(found.end), dict(zip(template.codes, map(float, shares), strict=True)))
