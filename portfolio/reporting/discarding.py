"""Take a record out of the library altogether: a planner any, its office a draft that was never accepted."""

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core import revision
from portfolio.core.errors import StaleError
from portfolio.needs.removal import remove_project
from portfolio.projects.queries import get_project
from portfolio.projects.service import removal, require_removing
from portfolio.projects.states import standing
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.service import clear_step
from portfolio.reporting.drafts import forget_everybodys


def take_out(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    reason: str | None = None,
    version: int | None = None,
    needs_version: int | None = None,
) -> None:
    """Remove a record with its needs, and what anybody typed for it and did not save; of a draft that was never
    accepted also what was said of its steps.

    Raises what `projects.service.remove_project` raises (files stay in the way: they are taken away one by one), and
    `StaleError` when the record or its needs have changed; then nothing may be committed.
    """
    require_removing(actor)
    revision.bump(session)
    held = get_project(session, scope, code)
    if needs_version is not None and needs_version != held["needs_version"]:
        raise StaleError("need.stale", held, code=code)
    if removal(standing(session, held["id"])) == "project.discard":
        for step in stored_steps(session, held["id"]):
            clear_step(session, actor, scope, code, step, reason)
    remove_project(session, actor, scope, code, reason, version)
    forget_everybodys(session, code)
