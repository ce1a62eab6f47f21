"""How sure a ranking is: the robust core under shaken weights, the span of ranks, and which weight moves a project."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.screening.rules.language import Floats
from portfolio.screening.rules.policy import Policy
from portfolio.screening.rules.scoring import Sheet, group_weights

Ints = NDArray[np.int64]
DRAWS, SPREAD, SEED = 10_000, 0.2, 2018
BLOCK_CELLS = 4_000_000
# above the noise of adding up weighed scores, below any difference of points that is one
TIE_STEP = 1e-12
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Limit:
    """What makes the cut: the first `top`, or (with `envelope_wan`) as many from the first on as the money carries."""

    top: int
    envelope_wan: float | None = None


@dataclass(frozen=True)
class Drawing:
    """What a ranking is drawn from, as plain arrays in its order: a child process takes it as it is.

    `scores` (groups × projects) between 0 and 1, `profiles` (place in the policy) of the projects, `weights` (groups ×
    profiles) with those that add up to `hundred`, the policy's `cap`, and the `money` (万元) an envelope pays.
    """

    scores: Floats
    profiles: Ints
    weights: Floats
    hundred: NDArray[np.bool_]
    cap: float | None
    money: Floats | None

    @property
    def size(self) -> int:
        """How many projects are ranked."""
        return int(self.scores.shape[1])


@dataclass(frozen=True)
class Bar:
    """A group whose weight is lowered and raised by the spread: the project's points and rank at either end."""

    group: str
    low_points: float
    high_points: float
    low_rank: int
    high_rank: int

    @property
    def swing(self) -> float:
        """By how many points the project moves between both ends."""
        return abs(self.high_points - self.low_points)


def drawing_of(sheet: Sheet, order: Ints, amounts: Floats | None = None) -> Drawing:
    """The arrays of the projects of `order`."""
    hundred = np.array([group.bonus is None for group in sheet.policy.groups])
    money = None if amounts is None else np.nan_to_num(amounts[order])
    scores, profiles = _group_scores(sheet)[:, order], sheet.profiles[order]
    return Drawing(scores, profiles, _weights(sheet.policy), hundred, sheet.policy.cap, money)


def factors_of(drawing: Drawing, draws: int = DRAWS, seed: int = SEED, spread: float = SPREAD) -> Floats:
    """Draws × groups: by what each weight is shaken."""
    return np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, len(drawing.weights)))


def drawn(drawing: Drawing, limit: Limit, factors: Floats) -> tuple[Floats, Ints, Ints]:
    """Share, 5 % and 95 % rank of every project: all of them are ranked in every draw."""
    size, draws = drawing.size, len(factors)
    ends, inside = Ends(size, draws), np.zeros(size, np.int64)
    block = max(1, BLOCK_CELLS // max(1, size))
    for start in range(0, draws, block):
        ranked = np.argsort(-totals(drawing, shaken(drawing, factors[start : start + block])), axis=1)
        ends.add(_ranks(ranked))
        inside += _inside(ranked, limit, drawing.money)
    low, high = ends.quantiles()
    return inside / draws, low, high


class Ends:
    """The lowest and highest ranks of every project over all draws: all that its 5 % and 95 % ranks need.

    What lies between is dropped as draws come in, so that memory is a tenth of projects × draws at most.
    """

    def __init__(self, size: int, draws: int) -> None:
        self.least, self.most = ceil(LOW * draws), draws - ceil(HIGH * draws) + 1
        self.type = np.min_scalar_type(size)
        self.parts: list[NDArray[Any]] = [np.empty((size, 0), self.type)]

    def add(self, ranks: NDArray[Any]) -> None:
        """Take the ranks of more draws (draws × projects)."""
        self.parts.append(np.ascontiguousarray(ranks.T, self.type))
        if sum(part.shape[1] for part in self.parts) > 2 * (self.least + self.most):
            self.parts = [self._kept()]

    def quantiles(self) -> tuple[Ints, Ints]:
        """The rank each project reaches or betters in 5 % of the draws, and in 95 %."""
        held = np.concatenate(self.parts, axis=1)
        places = (self.least - 1, held.shape[1] - self.most)
        held.partition(places, axis=1)
        low, high = (held[:, place].astype(np.int64) for place in places)
        return low, high

    def _kept(self) -> NDArray[Any]:
        held = np.concatenate(self.parts, axis=1)
        held.partition((self.least - 1, held.shape[1] - self.most), axis=1)
        return np.concatenate((held[:, : self.least], held[:, -self.most :]), axis=1)


def _group_scores(sheet: Sheet) -> Floats:
    """Each group's score of each project between 0 and 1 of its weight."""
    places = {group.code: place for place, group in enumerate(sheet.policy.groups)}
    found = np.zeros((len(places), len(sheet.points)))
    of_group = _weights(sheet.policy)[:, sheet.profiles]
    for number, criterion in enumerate(sheet.policy.criteria):
        place = places[criterion.group]
        whole = of_group[place]
        found[place] += np.divide(sheet.parts[number], whole, out=np.zeros_like(whole), where=whole != 0)
    return found


def _weights(policy: Policy) -> Floats:
    """Groups × profiles."""
    columns = [list(group_weights(policy, profile.weights).values()) for profile in policy.profiles]
    return np.array(columns).T


def shaken(drawing: Drawing, factors: Floats) -> Floats:
    """Draws × groups × profiles: weights times their factors, those of the hundred brought back to 100."""
    found = factors[:, :, None] * drawing.weights[None, :, :]
    hundred = drawing.hundred
    sums = found[:, hundred, :].sum(axis=1, keepdims=True)
    found[:, hundred, :] *= np.divide(100.0, sums, out=np.ones_like(sums), where=sums != 0)
    found[:, ~hundred, :] = drawing.weights[None, ~hundred, :]
    return found


def totals(drawing: Drawing, weights: Floats, places: Ints | None = None) -> Floats:
    """Draws × projects (all, or those at `places`): points under the cap, equal ones told apart by the order."""
    at = np.arange(drawing.size) if places is None else places
    found, profiles = np.empty((len(weights), len(at))), drawing.profiles[at]
    for profile in range(weights.shape[2]):
        mine = np.flatnonzero(profiles == profile)
        found[:, mine] = weights[:, :, profile] @ drawing.scores[:, at[mine]]
    if drawing.cap is not None:
        np.minimum(found, drawing.cap, out=found)
    found -= TIE_STEP * at
    return found


def _ranks(ranked: Ints) -> NDArray[Any]:
    """Draws × projects: the rank (from 1) of each project."""
    found = np.empty(ranked.shape, np.int32)
    np.put_along_axis(found, ranked, np.arange(1, ranked.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    return found


def _inside(ranked: Ints, limit: Limit, money: Floats | None) -> Ints:
    size = ranked.shape[1]
    if limit.envelope_wan is None or money is None:
        return np.bincount(ranked[:, : limit.top].ravel(), minlength=size)
    fits = money[ranked].cumsum(axis=1) <= limit.envelope_wan
    return np.bincount(ranked[fits], minlength=size)


def tornado(sheet: Sheet, order: Ints, project: int, spread: float = SPREAD) -> list[Bar]:
    """For every weighed group, where `project` (place in the sheet) ends when its weight is `spread` lower or higher.

    The other weights of the profile give or take in proportion; the widest swing comes first.
    """
    drawing = drawing_of(sheet, order)
    at = int(np.flatnonzero(order == project)[0])
    places = np.flatnonzero(drawing.hundred)
    factors = np.ones((2 * len(places), len(drawing.weights)))
    for number, place in enumerate(places):
        factors[2 * number, place], factors[2 * number + 1, place] = 1 - spread, 1 + spread
    reached = totals(drawing, shaken(drawing, factors))
    ranks = (reached > reached[:, [at]]).sum(axis=1) + 1
    points = reached[:, at] + TIE_STEP * at
    found = [
        Bar(
            sheet.policy.groups[place].code,
            float(points[2 * number]),
            float(points[2 * number + 1]),
            int(ranks[2 * number]),
            int(ranks[2 * number + 1]),
        )
        for number, place in enumerate(places)
    ]
    return sorted(found, key=lambda bar: (-bar.swing, bar.group))
