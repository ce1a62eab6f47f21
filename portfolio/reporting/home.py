"""What a person finds on arriving: drafts, what came back, what waits for them, what falls due, how far they are."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, offers, scope_of
from portfolio.core.clock import today
from portfolio.projects import workflow
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import count_projects, iterate_projects
from portfolio.projects.rules import COMPLETE, missing
from portfolio.readiness.queries import readiness_frame
from portfolio.reporting.drafts import KeptDraft, list_drafts
from portfolio.reporting.queries import by_state, count_by_state, count_queue
from portfolio.reporting.rounds import Due, due
from portfolio.reporting.rules import SOON_DAYS

BANDS = (50, 80, 100)
QUARTER, YEAR = 91, 365


@dataclass(frozen=True)
class Home:
    """The figures of a home page; each list behind a figure is had by the same names.

    `bands` counts the actor's records by how complete they are: below 50, below 80, below 100, 100 per cent; `ready` by
    when works could begin (`begun`, `soon` within a quarter, `year`, `later`).
    """

    states: dict[str, int]
    drafts: list[KeptDraft]
    with_office: list[dict[str, Any]]
    returned: list[dict[str, Any]]
    waiting: int | None
    due: list[Due]
    bands: list[int]
    ready: dict[str, int]
    projects: int

    @property
    def soon(self) -> list[Due]:
        """The rounds that are due within a fortnight, or past, and still lack something."""
        return [one for one in self.due if one.outstanding and one.round["days_left"] <= SOON_DAYS]


def home(session: Session, actor: Actor) -> Home:
    """What the actor's home page shows. `waiting` is None for a role that reviews nothing."""
    own = own_scope(actor)
    return Home(
        states=count_by_state(session, own),
        drafts=list_drafts(session, actor),
        with_office=by_state(session, own, (workflow.DRAFT,)),
        returned=by_state(session, own, (workflow.RETURNED,)),
        waiting=count_queue(session, actor) if offers(actor, "project.review") else None,
        due=due(session, own) if offers(actor, "project.submit") else [],
        bands=_bands(session, own),
        ready=_ready(session, own),
        projects=count_projects(session, own),
    )


def completeness_of(project: dict[str, Any]) -> int:
    """How much of a complete record's facts a project states, in whole per cent."""
    return 100 * (len(COMPLETE) - len(missing(project))) // len(COMPLETE)


def band_of(project: dict[str, Any]) -> int:
    """The place of a project among the bands of completeness."""
    share = completeness_of(project)
    return next((place for place, limit in enumerate(BANDS) if share < limit), len(BANDS))


def in_band(session: Session, actor: Actor, band: int, limit: int = 200) -> list[dict[str, Any]]:
    """The actor's projects in a band of completeness, the least complete first."""
    found = [one for one in iterate_projects(session, own_scope(actor), NO_FILTERS) if band_of(one) == band]
    return sorted(found, key=lambda one: (completeness_of(one), one["code"]))[:limit]


def own_scope(actor: Actor) -> Scope:
    """The records an actor answers for; for those who enter none, all they may read."""
    return scope_of(actor, "project.edit") if offers(actor, "project.edit") else scope_of(actor)


def _bands(session: Session, own: Scope) -> list[int]:
    found = [0] * (len(BANDS) + 1)
    for project in iterate_projects(session, own, NO_FILTERS):
        found[band_of(project)] += 1
    return found


def _ready(session: Session, own: Scope) -> dict[str, int]:
    frame = readiness_frame(session, own, today())
    begun = frame["started"].astype(bool)
    days = frame["days_left"].astype(float)
    return {
        "begun": int(begun.sum()),
        "soon": int((~begun & (days <= QUARTER)).sum()),
        "year": int((~begun & (days > QUARTER) & (days <= YEAR)).sum()),
        "later": int((~begun & (days > YEAR)).sum()),
    }
