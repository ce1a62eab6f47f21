"""What a person finds on arriving: drafts, what came back, what waits for them, what falls due, how far they are."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, offers, scope_of
from portfolio.core.clock import today
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects
from portfolio.projects.rules import workflow
from portfolio.reporting.drafts import KeptDraft, list_drafts
from portfolio.reporting.narrowing import count_bands, count_ready
from portfolio.reporting.queries import by_state, count_by_state, count_queue
from portfolio.reporting.rounds import Due, due
from portfolio.reporting.rules import days_to_week_end


@dataclass(frozen=True)
class Home:
    """The figures of a home page; each list behind a figure is had by the same names.

    `bands` counts the actor's records by how complete they are (`COMPLETE_BANDS`), `ready` by when works could begin
    (`READY`).
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
    proposed: int

    @property
    def week(self) -> list[Due]:
        """The rounds that are due by the end of this week, or past, and still lack something."""
        left = days_to_week_end(today())
        return [one for one in self.due if one.outstanding and one.round["days_left"] <= left]

    @property
    def expected(self) -> int:
        """How many of the actor's records are to be reported this week; one that two rounds expect counts once."""
        return len({code for one in self.week for code in one.outstanding})


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
        bands=count_bands(session, own),
        ready=count_ready(session, own),
        projects=count_projects(session, own),
        proposed=count_projects(session, own, ProjectFilters(proposed=True)),
    )


def own_scope(actor: Actor) -> Scope:
    """The records an actor answers for; for those who enter none, all they may read."""
    return scope_of(actor, "project.edit") if offers(actor, "project.edit") else scope_of(actor)
