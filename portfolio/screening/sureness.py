"""How sure a ranking is: what takes long to work out is worked out apart, and kept for what it is made from."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core import revision
from portfolio.core.apart import Apart
from portfolio.core.clock import today
from portfolio.core.kept import Kept
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.screening.queries import Scores, scores
from portfolio.screening.rules import books
from portfolio.screening.rules.cut import Cut, around_cut
from portfolio.screening.rules.policy import Policy, encode
from portfolio.screening.rules.robust import DRAWS, Drawing, Ints, Limit, drawing_of, drawn, factors_of

COLUMNS = ["project_id", "code", "rank", "points", "share", "low_rank", "high_rank"]
QUICK_CELLS = 5_000_000  # projects × draws up to which the answer is there before a process would have begun
AROUND_CUT, EVERY_SPAN = "portfolio.screening.sureness:around_cut", "portfolio.screening.sureness:spans"
apart = Apart()
_kept = Kept(64)
_rankings = Kept(3)  # each as long as the library


@dataclass(frozen=True)
class Ranked:
    """The ranking without the vetoed: ids, codes and points by rank, and what it is drawn from."""

    ids: Ints
    codes: "np.typing.NDArray[np.object_]"
    points: "np.typing.NDArray[np.float64]"
    drawing: Drawing

    def frame(self, places: Ints, share: Any, low: Ints, high: Ints) -> pd.DataFrame:
        """`COLUMNS` of the projects at `places`."""
        values = (self.ids[places], self.codes[places], places + 1, self.points[places], share, low, high)
        return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)), columns=COLUMNS)


@dataclass(frozen=True)
class Core:
    """The projects around the cut (`COLUMNS`); how many make it for sure, how many are open, how many were drawn."""

    frame: pd.DataFrame
    sure: int
    open: int
    drawn: int


def core_around(session: Session, scope: Scope, policy: Policy, limit: Limit, asker: str) -> Core | None:
    """The robust core; None while it is worked out for the `asker`, whose earlier question is dropped.

    Raises `InvalidError` (`screening.invalid_policy`), and `WorkFailedError` when the work ended without an answer.
    """
    key = ("core", *_made_from(session, policy), scope, limit)
    ranked: Ranked = _rankings.get(session, ("ranked", *key[1:-1]), lambda: _ranked(session, scope, policy))
    if ranked.drawing.size * DRAWS <= QUICK_CELLS:
        apart.leave(asker)
        cut: Cut | None = _kept.get(session, key, lambda: around_cut(ranked.drawing, limit))
    else:
        cut = apart.ask(_here(session, key), asker, AROUND_CUT, lambda: (ranked.drawing, limit))
    if cut is None:
        return None
    return Core(ranked.frame(cut.places, cut.share, cut.low, cut.high), cut.sure, cut.open, cut.drawn)


def robust_core(
    session: Session,
    scope: Scope,
    policy: Policy,
    limit: Limit,
    filters: ProjectFilters = NO_FILTERS,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """`COLUMNS` by rank, without the vetoed: in what `share` of the draws a project makes the cut, its span of ranks.

    An envelope (万元) pays each project's investment of the present year. A long list is ranked in a process of its
    own, for which the caller's thread waits; its transaction ends before.
    """
    ranked = _ranked(session, scope, policy, filters)
    size, given = ranked.drawing.size, (ranked.drawing, limit, draws)
    if not size:
        return pd.DataFrame(columns=COLUMNS)
    if size * draws <= QUICK_CELLS:
        share, low, high = spans(*given)
    else:
        key = _here(session, ("spans", *_made_from(session, policy), scope, filters, limit, draws))
        session.rollback()
        share, low, high = apart.wait(key, f"spans {hash(key)}", EVERY_SPAN, lambda: given)
    return ranked.frame(np.arange(size), share, low, high)


def spans(drawing: Drawing, limit: Limit, draws: int) -> tuple[Any, Ints, Ints]:
    """Share, 5 % and 95 % rank of every project."""
    return drawn(drawing, limit, factors_of(drawing, draws))


def _made_from(session: Session, policy: Policy) -> tuple[Hashable, ...]:
    """What a ranking is made from, beside who asks and the filters."""
    return (encode(policy), revision.answers(session), today(), books.version())


def _here(session: Session, key: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """The key among those of all databases."""
    return (str(session.get_bind().engine.url), *key)


def _ranked(session: Session, scope: Scope, policy: Policy, filters: ProjectFilters = NO_FILTERS) -> Ranked:
    found: Scores = scores(session, scope, policy, filters)
    order = found.order[~found.vetoed[found.order]]
    codes, points = np.array(found.codes, dtype=object)[order], found.sheet.points[order]
    return Ranked(found.ids[order], codes, points, drawing_of(found.sheet, order, found.facts["year_wan"]))
