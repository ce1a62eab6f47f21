"""Every profile of the library at once, for what is worked out over all records."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.projects.profile_tables import ProjectBasis, ProjectContact, ProjectProfile, ProjectScale
from portfolio.projects.rules.profile import BLANK, SINGLE, plain_quantity

CONTACT = ("role", "name", "phone", "landline", "email")


def stored_profiles(session: Session) -> dict[int, dict[str, Any]]:
    """Project id → its profile as `profile.stored_profile` gives it; absent where nothing was stated.

    People are in full: it is for figures, not to be shown.
    """
    found: dict[int, dict[str, Any]] = {}
    single = [getattr(ProjectProfile, name) for name in SINGLE]
    for project, *values in session.execute(select(col(ProjectProfile.project_id), *single)):
        _of(found, project).update(zip(SINGLE, values, strict=True))
    bases = select(col(ProjectBasis.project_id), col(ProjectBasis.kind), col(ProjectBasis.words))
    for project, kind, words, doc_no in session.execute(bases.add_columns(col(ProjectBasis.doc_no))):
        _of(found, project)["bases"][kind] = {"words": words, "doc_no": doc_no}
    scales = [ProjectScale.project_id, ProjectScale.name, ProjectScale.thousandths, ProjectScale.unit]
    for project, name, number, unit in _listed(session, ProjectScale, scales):
        _of(found, project)["scales"].append({"name": name, "quantity": plain_quantity(number), "unit": unit})
    contacts = [ProjectContact.project_id, *(getattr(ProjectContact, name) for name in CONTACT)]
    for project, *values in _listed(session, ProjectContact, contacts):
        _of(found, project)["contacts"].append(dict(zip(CONTACT, values, strict=True)))
    return found


def _listed(session: Session, table: Any, columns: list[Any]) -> Any:
    """The rows of a table of lists, each project's in their order."""
    return session.execute(select(*columns).order_by(table.project_id, table.position))


def _of(found: dict[int, dict[str, Any]], project: int) -> dict[str, Any]:
    """The profile of a project, begun when nothing of it was read yet."""
    return found.setdefault(project, {**BLANK, "bases": {}, "scales": [], "contacts": []})
