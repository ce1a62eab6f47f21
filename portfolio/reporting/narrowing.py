"""What a home page counts, as narrowings of the library: a record's state, how complete it is, when it could begin.

A figure and the list behind it are the same condition, so that they cannot differ.
"""

from datetime import date
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import Boolean, ColumnElement, case, exists, func, literal_column, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.projects.filters import NO_FILTERS, Narrowing, conditions, ever_accepted
from portfolio.projects.rules import workflow
from portfolio.projects.rules.facts import COMPLETE
from portfolio.projects.state_tables import ProjectState, ProposedPart
from portfolio.projects.tables import Project, ProjectRegion, ProjectTask, ProjectUnit
from portfolio.readiness.queries import readiness_frame

BANDS = (50, 80, 100)
COMPLETE_BANDS = (*(f"below_{limit}" for limit in BANDS), "full")
STANDINGS = ("new", "changing")
READY = ("begun", "soon", "year", "later")
ANY_STEP = "any"
QUARTER_DAYS, YEAR_DAYS = 91, 365
_NUMBERS = ("total_investment_yuan", "lon", "lat")
_LINKED: dict[str, Any] = {"region_codes": ProjectRegion, "task_ids": ProjectTask, "units": ProjectUnit}


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
        found.append(in_band(_known("complete", complete, COMPLETE_BANDS)))
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


def in_band(band: str) -> Narrowing:
    """The records in a band of completeness."""
    return Narrowing(("complete", band), band_of() == COMPLETE_BANDS.index(band))


def band_of() -> ColumnElement[int]:
    """The place of a record among the bands of completeness."""
    share = 100 * reduce(add, (case((_stated(name), 1), else_=0) for name in COMPLETE))
    return case(*((share < limit * len(COMPLETE), place) for place, limit in enumerate(BANDS)), else_=len(BANDS))


def _stated(name: str) -> ColumnElement[bool]:
    """Whether a record states one of the facts that make it complete. Zero is a statement."""
    if name in _LINKED:
        return exists().where(_LINKED[name].project_id == Project.id)
    column = col(getattr(Project, name))
    there: ColumnElement[bool] = column.is_not(None)
    return there if name in _NUMBERS else there & (column != "")


def count_bands(session: Session, scope: Scope) -> list[int]:
    """How many records of a scope are in each band of completeness."""
    band = band_of()
    counted = select(band, func.count()).where(*conditions(NO_FILTERS, scope)).group_by(band)
    found = {int(place): int(count) for place, count in session.execute(counted)}
    return [found.get(place, 0) for place in range(len(BANDS) + 1)]


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


def _among(ids: Any) -> ColumnElement[bool]:
    # Written out, since a driver takes fewer parameters than a large library has projects; they are our own numbers.
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
