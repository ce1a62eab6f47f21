"""Whether an actor may act on projects known by their ids alone."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, allows, require, require_some, row_of, scope_of
from portfolio.core.errors import NotFoundError
from portfolio.projects.tables import Project

_BATCH = 500


def require_for(session: Session, actor: Actor, action: str, project_ids: Iterable[int]) -> None:
    """Raise `ForbiddenError` unless the actor may do `action` to every one of the projects.

    A project the actor may not even read is not found.
    """
    require_some(actor, action)
    if allows(actor, action) and allows(actor, "project.read"):
        return
    readable = scope_of(actor)
    for project in _facts(session, list(project_ids)):
        if not readable.covers(row_of(project)):
            raise NotFoundError("project.not_found", code=project["code"])
        require(actor, action, row_of(project))


def _facts(session: Session, ids: list[int]) -> Iterable[dict[str, Any]]:
    columns: list[Any] = [Project.code, Project.office_unit, Project.lead_unit, Project.city_code]
    for start in range(0, len(ids), _BATCH):
        chosen = select(*columns).where(col(Project.id).in_(ids[start : start + _BATCH]))
        yield from (dict(row) for row in session.execute(chosen).mappings())
