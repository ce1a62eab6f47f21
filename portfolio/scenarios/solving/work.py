"""The worker that computes jobs: `python -m portfolio.scenarios.solving.work`, in a process of its own.

It outlives the page and the server that started it, and ends when nothing is left to do.
"""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from portfolio.access.local import SYSTEM
from portfolio.allocation.model.answer import STOPPED as STOPPED_ANSWER
from portfolio.allocation.model.answer import Progress
from portfolio.allocation.search.engine import solve as solve_problem
from portfolio.allocation.search.processes import Crew
from portfolio.core.database import transaction
from portfolio.core.errors import PortfolioError
from portfolio.core.schema import own_engine
from portfolio.core.settings import get_settings
from portfolio.scenarios.queries import DONE, FAILED, LINE, STOPPED, get_scenario
from portfolio.scenarios.solving import jobs
from portfolio.scenarios.solving.explaining import find_out
from portfolio.scenarios.solving.jobs import Claim
from portfolio.scenarios.solving.solving import Solver, answer_problem, keep_answer, read_problem

BEAT_SECONDS = 1.0
IDLE_SECONDS = 4.0
LOOK_SECONDS = 0.5
NOTE_SECONDS = 0.25
log = logging.getLogger("portfolio.work")


class Shift:
    """One worker's hold on one job: beats until it is left, and knows whether to stop."""

    def __init__(self, engine: Engine, worker: str, claimed: Claim) -> None:
        self.engine, self.worker, self.claimed = engine, worker, claimed
        self.stopped, self.lost, self.wanted, self._over = Event(), Event(), Event(), Event()
        self._noted, self._last = 0.0, Progress("", None, None, None, -1.0)
        self._waiting: Progress | None = None
        self._beating = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Shift":
        self._beating.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._beating.join()
        if self._waiting is not None and not self.lost.is_set():
            self._write(self._waiting)

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                with transaction(self.engine) as session:
                    mine, stopping = jobs.beat(session, self.claimed, self.worker)
                    wanted = self.claimed.kind == LINE and jobs.somebody_waits(session)
            except OperationalError as error:
                log.warning("a heartbeat was not written: %s", error)
                continue
            if not mine:
                self.lost.set()
            if stopping:
                self.stopped.set()
            if wanted:
                self.wanted.set()

    def stopping(self) -> bool:
        """Whether the search is to end: a person asked for it, the job is another worker's by now, or it is the line of
        those waiting and somebody asked for something else."""
        return self.stopped.is_set() or self.lost.is_set() or self.wanted.is_set()

    def note(self, step: Progress) -> None:
        """Write down progress, at most a few times a second, and never the same twice; the last is always written."""
        same = (step.rung, step.value, step.bound) == (self._last.rung, self._last.value, self._last.bound)
        now = time.monotonic()
        if same or (now - self._noted < NOTE_SECONDS and step.rung == self._last.rung):
            self._waiting = None if same else step
            return
        self._noted = now
        self._write(step)

    def _write(self, step: Progress) -> None:
        self._last, self._waiting = step, None
        with transaction(self.engine) as session:
            jobs.note(session, self.claimed, step)


def run(engine: Engine, worker: str, claimed: Claim, solver: Solver = solve_problem, crew: Crew | None = None) -> None:
    """Compute one job and keep what came of it; what the product refuses ends the job as failed, with the reason.

    `crew` answers the questions about an answer, where somebody keeps one running.
    """
    finished = False
    with transaction(engine) as session:
        jobs.begin_anew(session, claimed)
    try:
        with Shift(engine, worker, claimed) as shift:
            _compute(engine, shift, solver, crew)
        finished = True
    except PortfolioError as error:
        named = error.fields[0] if error.fields else None
        params = named.params if named else error.params
        _fail(engine, claimed, worker, named.code if named else error.code, " ".join(map(str, params.values())))
        finished = True
    finally:
        if not finished:
            _fail(engine, claimed, worker, "allocation.worker_failed", "")


def _compute(engine: Engine, shift: Shift, solver: Solver, crew: Crew | None) -> None:
    claimed = shift.claimed
    with Session(engine, expire_on_commit=False) as session:
        built, settings = read_problem(session, claimed.scenario)
    if claimed.kind == jobs.SOLVE:
        answer = answer_problem(built, settings, shift.note, shift.stopping, solver)
        with transaction(engine) as session:
            if jobs.own(session, claimed, shift.worker):
                keep_answer(session, SYSTEM, claimed.scenario, built, answer)
                jobs.end(session, claimed, STOPPED if answer.status == STOPPED_ANSWER else DONE)
                if answer.value is not None and answer.status != STOPPED_ANSWER:
                    # Who is next in line takes solving again: the answer need not wait for it. Whoever stopped the
                    # search asks for it when wanted.
                    jobs.ask(session, SYSTEM, claimed.scenario, LINE)
        return
    find_out(engine, claimed, built, settings, shift.stopping, crew)
    with transaction(engine) as session:
        if jobs.own(session, claimed, shift.worker):
            jobs.end(session, claimed, STOPPED if shift.stopped.is_set() else DONE)
            if shift.wanted.is_set() and get_scenario(session, claimed.scenario).value is not None:
                jobs.ask(session, SYSTEM, claimed.scenario, LINE)


def _fail(engine: Engine, claimed: Claim, worker: str, fault: str, detail: str) -> None:
    with transaction(engine) as session:
        if jobs.own(session, claimed, worker):
            jobs.end(session, claimed, FAILED, fault, detail)


def work(engine: Engine, most: int, idle: float = IDLE_SECONDS, run_job: Callable[..., None] = run) -> int:
    """Compute what waits, job after job, until nothing has waited for `idle` seconds; returns how many were done."""
    worker, done = jobs.worker_name(), 0
    last = time.monotonic()
    while time.monotonic() - last < idle:
        with transaction(engine) as session:
            claimed = jobs.claim(session, worker, most) if jobs.claimable(session, most) else None
        if claimed is None:
            time.sleep(LOOK_SECONDS)
            continue
        run_job(engine, worker, claimed)
        done, last = done + 1, time.monotonic()
    return done


def main() -> None:
    """Work on the database of the settings."""
    settings = get_settings()
    logging.basicConfig(level=settings.log_level)
    work(own_engine(settings.database_url), settings.solve_workers)


if __name__ == "__main__":
    main()
