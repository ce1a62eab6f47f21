"""The projects around the cut, exactly as if all were ranked in every draw, without ranking those that cannot matter.

Of projects x and y no drawn weights give x more over y than Σ hi·max(d, 0) + lo·min(d, 0) over the groups, d being by
how much x scores above y and [lo, hi] what the draws give the group's weight. Where that is below zero, y stands before
x in every draw. Whoever stands behind `top` others in every draw is out for good; and of the projects shown only those
must be drawn whose order to them is open. An envelope pays from the first on, so there every project is ranked.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from portfolio.screening.rules.language import Floats
from portfolio.screening.rules.robust import (
    BLOCK_CELLS,
    DRAWS,
    HIGH,
    LOW,
    Drawing,
    Ints,
    Limit,
    drawn,
    factors_of,
    shaken,
    totals,
)

Bools = NDArray[np.bool_]
SURE, OUT = 0.9, 0.1
AROUND = 12
MARGIN = 1e-6  # far above what adding up may lose, far below a difference of points that means something
RIVALS = 400  # against so many of the first everybody is held; most of the others lie behind `top` of them
MOST_PAIRS = 400_000_000


@dataclass(frozen=True)
class Cut:
    """The projects shown, by their place in the ranking from 0, with share and span of ranks; how many are sure and
    open, and how many were drawn: all."""

    places: Ints
    share: Floats
    low: Ints
    high: Ints
    sure: int
    open: int
    drawn: int


@dataclass(frozen=True)
class Bounds:
    """What a group's weight is at least and at most over the draws, by profile (groups × profiles)."""

    least: Floats
    most: Floats

    def lead(self, drawing: Drawing, ones: Ints, others: Ints) -> Floats:
        """The most by which each of `ones` can stand above each of `others` (ones × others)."""
        found = np.empty((len(ones), len(others)))
        for mine in np.unique(drawing.profiles[ones]):
            rows = np.flatnonzero(drawing.profiles[ones] == mine)
            for theirs in np.unique(drawing.profiles[others]):
                columns = np.flatnonzero(drawing.profiles[others] == theirs)
                pair = drawing.scores[:, ones[rows]], drawing.scores[:, others[columns]]
                led = self._same(mine, *pair) if mine == theirs else self._other(mine, theirs, *pair)
                found[np.ix_(rows, columns)] = led
        return found

    def _same(self, profile: int, ones: Floats, others: Floats) -> Floats:
        """Σ hi·max(d, 0) + lo·min(d, 0) is Σ middle·d + half·|d|; the first part is a difference of two sums."""
        middle = (self.most[:, profile] + self.least[:, profile]) / 2
        half = (self.most[:, profile] - self.least[:, profile]) / 2
        found: Floats = (middle @ ones)[:, None] - (middle @ others)[None, :]
        for group in np.flatnonzero(half):
            found += half[group] * np.abs(ones[group][:, None] - others[group][None, :])
        return found

    def _other(self, mine: int, theirs: int, ones: Floats, others: Floats) -> Floats:
        """Of two profiles each at its own extreme: wider than need be, and never too narrow."""
        best = self.most[:, mine] @ np.maximum(ones, 0) + self.least[:, mine] @ np.minimum(ones, 0)
        worst = self.least[:, theirs] @ np.maximum(others, 0) + self.most[:, theirs] @ np.minimum(others, 0)
        found: Floats = best[:, None] - worst[None, :]
        return found

    def behind(self, drawing: Drawing, ones: Ints, others: Ints) -> Bools:
        """Which of `ones` stand behind which of `others` in every draw (ones × others).

        Under a cap both may reach it; equal points keep the order of the ranking.
        """
        found: Bools = self.lead(drawing, ones, others) < -MARGIN
        if drawing.cap is not None:
            found &= others[None, :] < ones[:, None]
        return found


def around_cut(drawing: Drawing, limit: Limit, draws: int = DRAWS, around: int = AROUND) -> Cut:
    """The projects around the cut under weights shaken in `draws` ways."""
    if not drawing.size:
        none = np.zeros(0, np.int64)
        return Cut(none, np.zeros(0), none, none, 0, 0, 0)
    factors = factors_of(drawing, draws)
    rivals = min(drawing.size, max(RIVALS, 2 * limit.top))
    if limit.envelope_wan is not None or drawing.size * rivals > MOST_PAIRS:
        share, low, high = drawn(drawing, limit, factors)
        places = _shown(share, limit.top, around)
        return _cut(share, places, low[places], high[places])
    weights = shaken(drawing, factors)
    bounds = Bounds(weights.min(axis=0), weights.max(axis=0))
    share = _shares(drawing, bounds, weights, limit.top, rivals)
    places = _shown(share, limit.top, around)
    return _cut(share, places, *_spans(drawing, bounds, weights, places))


def _cut(share: Floats, places: Ints, low: Ints, high: Ints) -> Cut:
    return Cut(places, share[places], low, high, int((share >= SURE).sum()), int(_undecided(share).sum()), len(share))


def _undecided(share: Floats) -> Bools:
    return (share < SURE) & (share > OUT)


def _shown(share: Floats, top: int, around: int) -> Ints:
    """The places around the middle of those that are open, else around the cut itself."""
    ranks = np.flatnonzero(_undecided(share)) + 1
    middle = int(np.median(ranks)) if len(ranks) else top
    return np.arange(max(0, middle - around), max(0, min(len(share), middle + around)))


def _shares(drawing: Drawing, bounds: Bounds, weights: Floats, top: int, rivals: int) -> Floats:
    """In what share of the draws each project makes the first `top`."""
    first, share = np.arange(rivals), np.zeros(drawing.size)
    step = max(1, BLOCK_CELLS // rivals)
    kept = []
    for start in range(0, drawing.size, step):
        ones = np.arange(start, min(start + step, drawing.size))
        kept.append(ones[bounds.behind(drawing, ones, first).sum(axis=1) < top])
    inside = np.concatenate(kept)
    counts, cut = np.zeros(len(inside), np.int64), min(top, len(inside))
    for part in _blocks(len(weights), len(inside)):
        reached = totals(drawing, weights[part], inside)
        chosen = np.argpartition(-reached, cut - 1, axis=1)[:, :cut] if cut < len(inside) else None
        counts += len(reached) if chosen is None else np.bincount(chosen.ravel(), minlength=len(inside))
    share[inside] = counts / len(weights)
    return share


def _spans(drawing: Drawing, bounds: Bounds, weights: Floats, places: Ints) -> tuple[Ints, Ints]:
    """The 5 % and 95 % ranks of the projects at `places`, over all others."""
    if not len(places):
        return places, places
    before, between = _standing(drawing, bounds, places)
    drawn_too = np.union1d(np.flatnonzero(between.any(axis=0)), places)
    own, others = np.searchsorted(drawn_too, places), between[:, drawn_too]
    ranks = np.empty((len(weights), len(places)), np.int64)
    for part in _blocks(len(weights), len(drawn_too)):
        reached = totals(drawing, weights[part], drawn_too)
        for number, place in enumerate(own):
            open_ = reached[:, others[number]]
            ranks[part, number] = 1 + before[number] + (open_ > reached[:, [place]]).sum(axis=1)
    at = (ceil(LOW * len(weights)) - 1, ceil(HIGH * len(weights)) - 1)
    ranks.partition(at, axis=0)
    return ranks[at[0]], ranks[at[1]]


def _standing(drawing: Drawing, bounds: Bounds, places: Ints) -> tuple[Ints, Bools]:
    """How many stand before each place in every draw, and whose order to it is open (places × projects)."""
    before, between = np.zeros(len(places), np.int64), np.empty((len(places), drawing.size), np.bool_)
    step = max(1, BLOCK_CELLS // len(places))
    for start in range(0, drawing.size, step):
        others = np.arange(start, min(start + step, drawing.size))
        ahead, after = bounds.behind(drawing, places, others), bounds.behind(drawing, others, places).T
        before += ahead.sum(axis=1)
        between[:, others] = ~ahead & ~after
    between[np.arange(len(places)), places] = False
    return before, between


def _blocks(draws: int, columns: int) -> list[slice]:
    """The draws in parts whose tables stay small."""
    step = max(1, BLOCK_CELLS // max(1, columns))
    return [slice(start, min(start + step, draws)) for start in range(0, draws, step)]
