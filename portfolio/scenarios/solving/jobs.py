"""Jobs: queued by a person, claimed by one worker, proved by its heartbeat, stopped or finished.

A claim takes the row lock of the revision, so that of two workers one sees what the other claimed. A running job whose
worker has been silent for `LEASE` seconds is taken up anew by the next worker, at most `ATTEMPTS` times.
"""

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require
from portfolio.allocation.model.answer import Progress
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError
from portfolio.journal import service as journal
from portfolio.scenarios.queries import (
    FAILED,
    LINE,
    QUEUED,
    RUNNING,
    STOPPED,
    UNDER_WAY,
    get_scenario,
    running_job,
)
from portfolio.scenarios.tables import APPROVED, DRAFT, SUPERSEDED, Job, JobProgress, Scenario

SOLVE, PROJECT, POOL, FRONTIER = "solve", "project", "pool", "frontier"
KINDS = (SOLVE, PROJECT, POOL, FRONTIER, LINE)
LEASE = 15
ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """A job a worker has taken."""

    job: int
    scenario: str
    kind: str
    subject: str


def worker_name() -> str:
    """A name no other worker bears."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def ask(session: Session, actor: Actor, code: str, kind: str = SOLVE, subject: str = "") -> int:
    """Queue a job; asked again while it waits or runs, the same job is answered.

    Raises `ConflictError` for solving an approved scenario, and for explaining one that has no answer.
    """
    require(actor, "scenario.make" if kind == SOLVE else "scenario.read")
    revision.aside(session)
    if kind not in KINDS:
        raise InvalidError("allocation.bad_job", value=kind)
    scenario = get_scenario(session, code)
    if kind == SOLVE and scenario.state in (APPROVED, SUPERSEDED):
        raise ConflictError("allocation.approved", code=code)
    if kind != SOLVE and (scenario.state == DRAFT or scenario.value is None):
        raise ConflictError("allocation.not_solved", code=code)
    same = running_job(session, scenario, kind)
    if same is not None and same.subject == subject:
        return int(same.id or 0)
    values: dict[str, Any] = {
        "scenario_id": scenario.id,
        "kind": kind,
        "subject": subject,
        "state": QUEUED,
        "stopping": False,
    }
    values |= {"attempts": 0, "worker": "", "fault": "", "detail": "", "made_at": utc_now(), "actor": actor.name}
    made: CursorResult[Any] = session.connection().execute(insert(_jobs).values(**values))
    number = int(next(iter(made.inserted_primary_key or ())))
    journal.record(session, actor, "allocation", [journal.Entry(code, kind, None, {"job": number, "of": subject})])
    return number


def stop(session: Session, actor: Actor, number: int) -> str:
    """Ask a job to stop: a waiting one does at once, a running one keeps the best it has found. Returns its state."""
    require(actor, "scenario.make")
    revision.aside(session)
    job = session.get(Job, number)
    if job is None:
        raise NotFoundError("allocation.no_job", id=str(number))
    session.refresh(job)
    if job.state not in UNDER_WAY:
        raise ConflictError("allocation.job_ended", id=str(number))
    waits = job.state == QUEUED
    fresh: dict[str, Any] = {"stopping": True}
    if waits:
        fresh |= {"state": STOPPED, "ended_at": utc_now()}
    session.connection().execute(update(_jobs).where(_jobs.c.id == number).values(**fresh))
    journal.record(session, actor, "allocation", [journal.Entry(str(number), "stop", None, {"state": job.state})])
    return STOPPED if waits else RUNNING


def claimable(session: Session, most: int) -> bool:
    """Whether a job waits or was left by a worker that is gone, and fewer than `most` are being worked on."""
    now = utc_now()
    if session.execute(select(col(Job.id)).where(_open(now)).limit(1)).first() is None:
        return False
    return _busy(session, now) < most


def _busy(session: Session, now: datetime) -> int:
    busy = select(func.count()).select_from(_jobs).where(_jobs.c.state == RUNNING, _jobs.c.beat_at >= _stale(now))
    return int(session.execute(busy).scalar_one())


def claim(session: Session, worker: str, most: int) -> Claim | None:
    """Take the oldest job that waits or was left, lines last, unless `most` are being worked on; one transaction."""
    revision.aside(session)
    now = utc_now()
    _give_up(session, now)
    if _busy(session, now) >= most:
        return None
    # Nobody waits for the line of those next in line: it comes after what somebody asked for.
    order = (col(Job.kind) == LINE, col(Job.id))
    job = session.execute(select(Job).where(_open(now)).order_by(*order).limit(1)).scalars().first()
    if job is None:
        return None
    fresh = {"state": RUNNING, "worker": worker, "beat_at": now, "started_at": job.started_at or now}
    statement = update(_jobs).where(_jobs.c.id == job.id).values(**fresh, attempts=_jobs.c.attempts + 1)
    session.connection().execute(statement)
    scenario = session.get_one(Scenario, job.scenario_id)
    return Claim(int(job.id or 0), scenario.code, job.kind, job.subject)


def _stale(now: datetime) -> datetime:
    return now - timedelta(seconds=LEASE)


def _open(now: datetime) -> ColumnElement[bool]:
    left = and_(col(Job.state) == RUNNING, col(Job.beat_at) < _stale(now))
    return or_(col(Job.state) == QUEUED, left)


def _give_up(session: Session, now: datetime) -> None:
    """A job that lost its worker too often ends as failed; one that was to be stopped ends as stopped."""
    left = and_(_jobs.c.state == RUNNING, _jobs.c.beat_at < _stale(now))
    ended: dict[str, Any] = {"ended_at": now, "worker": ""}
    connection = session.connection()
    connection.execute(update(_jobs).where(left, _jobs.c.stopping).values(state=STOPPED, **ended))
    tired = and_(left, _jobs.c.attempts >= ATTEMPTS)
    connection.execute(update(_jobs).where(tired).values(state=FAILED, fault="allocation.worker_lost", **ended))


def beat(session: Session, claimed: Claim, worker: str) -> tuple[bool, bool]:
    """Prove that the worker lives; returns whether the job is still its own, and whether it is to stop."""
    mine = (_jobs.c.id == claimed.job, _jobs.c.worker == worker, _jobs.c.state == RUNNING)
    changed = session.connection().execute(update(_jobs).where(*mine).values(beat_at=utc_now())).rowcount == 1
    stopping = session.execute(select(_jobs.c.stopping).where(_jobs.c.id == claimed.job)).scalar()
    return changed, bool(stopping)


def somebody_waits(session: Session) -> bool:
    """Whether a job waits that somebody asked for."""
    waiting = select(col(Job.id)).where(col(Job.state) == QUEUED, col(Job.kind) != LINE)
    return session.execute(waiting.limit(1)).first() is not None


def note(session: Session, claimed: Claim, step: Progress) -> None:
    """Write down how far a job has come."""
    rows = select(func.coalesce(func.max(_progress.c.place), 0)).where(_progress.c.job_id == claimed.job)
    place = int(session.execute(rows).scalar_one()) + 1
    values = {"rung": step.rung, "value": step.value, "bound": step.bound, "gap": step.gap, "seconds": step.seconds}
    session.connection().execute(insert(_progress).values(job_id=claimed.job, place=place, **values))


def begin_anew(session: Session, claimed: Claim) -> None:
    """Forget the progress of an earlier worker: the search starts again."""
    session.connection().execute(_progress.delete().where(_progress.c.job_id == claimed.job))


def own(session: Session, claimed: Claim, worker: str) -> bool:
    """Whether the job is still the worker's, under the row lock of the revision."""
    revision.aside(session)
    statement = select(_jobs.c.worker, _jobs.c.state).where(_jobs.c.id == claimed.job)
    row = session.execute(statement).one_or_none()
    return row is not None and tuple(row) == (worker, RUNNING)


def end(session: Session, claimed: Claim, state: str, fault: str = "", detail: str = "") -> None:
    """End a job as done, stopped or failed."""
    values = {"state": state, "fault": fault, "detail": detail[:500], "ended_at": utc_now(), "worker": ""}
    session.connection().execute(update(_jobs).where(_jobs.c.id == claimed.job).values(**values))


_jobs = Job.metadata.tables["allocation_jobs"]
_progress = JobProgress.metadata.tables["allocation_progress"]
