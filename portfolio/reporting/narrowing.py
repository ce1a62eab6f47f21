"""What a home page counts, as narrowings of the library: a record's state, how complete it is, when it could begin.

A figure and the list behind it are the same condition, so that they cannot differ.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal_column, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.projects.filters import NO_FILTERS, Narrowing, ever_accepted
from portfolio.projects.queries import project_ids
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState, ProposedPart
from portfolio.projects.tables import Project
from portfolio.readiness.queries import readiness_frame
from portfolio.reporting.complete import complete_percents

BANDS = (50, 80, 100)
COMPLETE_BANDS = (*(f"below_{limit}" for limit in BANDS), "full")
STANDINGS = ("new", "changing")
READY = ("begun", "soon", "year", "later")
ANY_STEP = "any"
QUARTER_DAYS, YEAR_DAYS = 91, 365


def narrowings(
    session: Session, state: str = "", complete: str = "", ready: str = "", standing: str = "", waits: str = ""
) -> list[Narrowing]:
    """The narrowings asked for, as `STATES`, `COMPLETE_BANDS`, `READY`, `STANDINGS` name them; empty narrows nothing.

    `waits` is `any` for what has not begun, else the step that holds it up and who approves that step (`step.place`).

    Raises `InvalidError` (`list.bad_choice`) for a value that is none.
    """
    found = []
    if state:
        found.append(in_state(_known("state", state, workflow.STATES)))
    if complete:
        found.append(in_band(session, _known("complete", complete, COMPLETE_BANDS)))
    if ready:
        found.append(could_begin(session, _known("ready", ready, READY)))
    if standing:
        found.append(proposed_as(_known("standing", standing, STANDINGS)))
    if waits:
        found.append(waiting_for(session, waits))
    return found


def proposed_as(standing: str) -> Narrowing:
    """The projects that were never accepted (`new`), or those of which something is to change (`changing`)."""
    if standing == STANDINGS[0]:
        return Narrowing(("standing", standing), ~ever_accepted(), proposed=True)
    return Narrowing(("standing", standing), col(Project.id).in_(select(col(ProposedPart.project_id))))


def _known(name: str, value: str, allowed: Any) -> str:
    if value not in allowed:
        raise InvalidError("list.bad_choice", name=name, value=value, allowed=" ".join(allowed))
    return value


def in_state(state: str) -> Narrowing:
    """The records that stand in a state; one that never left the library stands accepted."""
    held = select(col(ProjectState.project_id))
    if state == workflow.ACCEPTED:
        elsewhere = held.where(col(ProjectState.state) != state)
        return Narrowing(("state", state), col(Project.id).not_in(elsewhere))
    return Narrowing(("state", state), col(Project.id).in_(held.where(col(ProjectState.state) == state)), proposed=True)


def in_band(session: Session, band: str) -> Narrowing:
    """The records in a band of completeness."""
    place = COMPLETE_BANDS.index(band)
    ids = [project for project, percent in complete_percents(session).items() if band_of(percent) == place]
    return Narrowing(("complete", band), _among(ids))


def band_of(percent: int) -> int:
    """The place of a record among the bands of completeness."""
    return bisect_right(BANDS, percent)


def count_bands(session: Session, scope: Scope) -> list[int]:
    """How many records of a scope are in each band of completeness."""
    found, percents = [0] * len(COMPLETE_BANDS), complete_percents(session)
    for project in project_ids(session, scope, NO_FILTERS):
        found[band_of(percents[project])] += 1
    return found


def could_begin(session: Session, when: str, day: date | None = None) -> Narrowing:
    """The projects by when works could begin: have begun, within a quarter, within a year, later."""
    as_of = day or today()
    frame = readiness_frame(session, Scope(everything=True), as_of)
    return Narrowing(("ready", when, as_of), _among(frame["project_id"][_when(frame) == when]))


def waiting_for(session: Session, waits: str, day: date | None = None) -> Narrowing:
    """The projects not yet begun: every one (`any`), or those a step holds up that one authority approves."""
    as_of = day or today()
    frame = readiness_frame(session, Scope(everything=True), as_of)
    there = ~frame["started"].astype(bool)
    if waits != ANY_STEP:
        step, _, place = waits.rpartition(".")
        held = {waiting_key(step, int(place)) for step, place in zip(frame["holding"], frame["authority"], strict=True)}
        _known("waits", waits, (ANY_STEP, *sorted(held)))
        there &= (frame["holding"] == step) & (frame["authority"] == int(place))
    return Narrowing(("waits", waits, as_of), _among(frame["project_id"][there]))


def waiting_key(step: str, authority: int) -> str:
    """The value of `waits` for a step and the place of who approves it among the authorities (-1: its office)."""
    return f"{step}.{authority}"


def _among(ids: Iterable[Any]) -> ColumnElement[bool]:
    """That a project is one of `ids`.

    Written out, since a driver takes fewer parameters than a large library has projects; they are our own numbers.
    """
    listed = ",".join(str(int(one)) for one in ids)
    return literal_column(f"projects.id IN ({listed or 'NULL'})", Boolean())


def count_ready(session: Session, scope: Scope, day: date | None = None) -> dict[str, int]:
    """How many projects of a scope could begin when."""
    counts = _when(readiness_frame(session, scope, day or today())).value_counts()
    return {when: int(counts.get(when, 0)) for when in READY}


def _when(frame: Any) -> Any:
    """Per row of a readiness frame which of `READY` holds."""
    days = frame["days_left"].astype(float)
    found = days.map(lambda left: "soon" if left <= QUARTER_DAYS else "year" if left <= YEAR_DAYS else "later")
    return found.mask(frame["started"].astype(bool), "begun")
