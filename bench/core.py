"""The robust core: few drawn against all, and what a reader notices of it; answers kept beside a sign-in."""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core import revision
from portfolio.core.database import make_engine, transaction
from portfolio.people import sign_in
from portfolio.people.service import NewUser, add_user
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import slice_projects
from portfolio.screening.facts import fact_frame
from portfolio.screening.policies import get_policy
from portfolio.screening.queries import scores
from portfolio.screening.rules.cut import around_cut
from portfolio.screening.rules.robust import DRAWS, Drawing, Limit, drawing_of, drawn, factors_of
from portfolio.screening.sureness import AROUND_CUT, apart

FEW, TOP, READS = 1_000, 50, 150
PASSWORD, HOME = "correct horse battery", "127.0.0.1"


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    engine = make_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        found = scores(session, EVERYTHING, get_policy(session, "default"))
    # The generator's projects are much alike; shaken scores leave more of them open around the cut.
    plain = drawing_of(found.sheet, found.order)
    shaken = plain.scores * np.random.default_rng(7).uniform(0.75, 1.0, plain.scores.shape)
    order = np.argsort(-(plain.weights[:, 0] @ shaken))
    drawing = Drawing(shaken[:, order], plain.profiles[order], plain.weights, plain.hundred, plain.cap, None)
    rows = [_few_against_all(drawing), _beside(engine, drawing), _after_a_sign_in(engine)]
    engine.dispose()
    return rows


def _few_against_all(drawing: Drawing) -> tuple[str, ...]:
    few, cut = _spent(lambda: around_cut(drawing, Limit(TOP), FEW))
    every, (share, low, high) = _spent(lambda: drawn(drawing, Limit(TOP), factors_of(drawing, FEW)))
    same = all(
        np.array_equal(one, other[cut.places]) for one, other in ((cut.share, share), (cut.low, low), (cut.high, high))
    )
    whole, _ = _spent(lambda: around_cut(drawing, Limit(TOP)))
    told = "equal" if same else "DIFFERENT"
    what = f"robust core of {drawing.size:,}, {FEW:,} draws, cpu; {told} answers ({DRAWS:,} draws: {whole:.1f} s)"
    met = same and every / few >= 2
    return (what, f"{few:.2f} s", f"all ranked: {every:.2f} s", f"{every / few:.1f}×", "≥ 2×", "yes" if met else "no")


def _beside(engine: Engine, drawing: Drawing) -> tuple[str, ...]:
    """A page of the list, alone and while cores are being drawn in their process."""
    alone = _reading(engine, lambda: None)

    def keep_busy() -> None:
        if not apart.working():
            apart.ask(("bench", time.perf_counter()), "bench", AROUND_CUT, lambda: (drawing, Limit(TOP, 1e12), 2_000))

    beside = _reading(engine, keep_busy)
    apart.leave("bench")
    ratio = beside / alone
    what = "a page of the list while a core is drawn, median"
    return (what, f"{beside:.2f} ms", f"alone: {alone:.2f} ms", f"{ratio:.1f}×", "≤ 3×", "yes" if ratio <= 3 else "no")


def _reading(engine: Engine, beside: Callable[[], None]) -> float:
    times = []
    with Session(engine) as session:
        for _ in range(READS):
            beside()
            started = time.perf_counter()
            slice_projects(session, EVERYTHING, NO_FILTERS, "code", 0, 50)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _after_a_sign_in(engine: Engine) -> tuple[str, ...]:
    with transaction(engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("bench", "planner", password=PASSWORD, must_change=False))
    with Session(engine) as session:
        fact_frame(session, EVERYTHING)
    with transaction(engine) as session:
        sign_in.by_password(session, "bench", PASSWORD, HOME)
    with Session(engine) as session:
        after, _ = _spent(lambda: fact_frame(session, EVERYTHING))
    with transaction(engine) as session:
        from_scratch = _touched(session)
    ratio = from_scratch / max(after, 1e-5)
    what = "facts of all projects after somebody signed in, cpu"
    told = (f"{after * 1000:.2f} ms", f"after a change: {from_scratch * 1000:.0f} ms", f"{ratio:,.0f}×")
    return (what, *told, "≥ 100×", "yes" if ratio >= 100 else "no")


def _touched(session: Session) -> float:
    """What the facts cost when nothing may be kept: in a transaction that writes."""
    revision.bump(session)
    return _spent(lambda: fact_frame(session, EVERYTHING))[0]


def _spent(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    answer = work()
    return time.process_time() - started, answer
