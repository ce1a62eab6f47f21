"""How criteria become a value: weights by policy, kept as data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio.core.rulebook import Rulebook

BOOK = Rulebook(Path(__file__).parents[1] / "data", ("policies",))
PANEL = "panel"


@dataclass(frozen=True)
class Policy:
    """Weights by criterion, and the part δ of its value a project loses with each year it is put off."""

    code: str
    weights: Mapping[str, float]
    delay_loss: float

    def value(self, criteria: Mapping[str, float]) -> float:
        """Σ weight · criterion; NaN when a criterion is missing."""
        return sum((weight * criteria.get(name, math.nan) for name, weight in self.weights.items()), 0.0)


def policies() -> dict[str, Policy]:
    """The policies that ship, by code."""
    found: dict[str, Policy] = {}
    for row in BOOK.rows("policies"):
        before = found.get(row["policy"], Policy(row["policy"], {}, 0.0))
        weights = {**before.weights, row["criterion"]: float(row["weight"])}
        found[row["policy"]] = Policy(row["policy"], weights, float(row["delay_loss"]))
    return found
