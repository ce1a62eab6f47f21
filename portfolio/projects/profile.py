"""Read and write what an office states of a project beside its facts: basis, scale, people, single facts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, allows, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import InvalidError, StaleError
from portfolio.core.plain_text import stated
from portfolio.journal import service as journal
from portfolio.projects import proposals
from portfolio.projects.accepting import accepts
from portfolio.projects.gate import pass_gate, proposes
from portfolio.projects.profile_tables import ProjectBasis, ProjectContact, ProjectProfile, ProjectScale
from portfolio.projects.proposals import Part, laid_over, propose, proposed
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.profile import (
    BLANK,
    CONTACT_ROLES,
    SINGLE,
    masked,
    plain_quantity,
    profile_faults,
    thousandths,
)
from portfolio.projects.states import standing
from portfolio.projects.tables import Project


def project_profile(session: Session, scope: Scope, code: str, beside: bool = False) -> dict[str, Any]:
    """A project's profile (the keys of `profile_rules.BLANK`); contacts are masked for those who only read.

    `beside` lays what is proposed over it; the caller has checked that the reader may see that.
    """
    project = get_project(session, scope, code)
    found = stored_profile(session, project["id"])
    if beside:
        found = profile_proposed(session, project["id"], found)
    reader = scope.reader
    if reader is None or any(allows(reader, action, row_of(project)) for action in ("project.edit", "project.review")):
        return found
    return {**found, "contacts": [masked(contact) for contact in found["contacts"]]}


def stored_profile(session: Session, project_id: int) -> dict[str, Any]:
    """The profile as stored, people in full. The caller has checked who asks."""
    single = session.execute(select(*_SINGLE).where(col(ProjectProfile.project_id) == project_id)).mappings().first()
    bases = session.execute(_BASES.where(col(ProjectBasis.project_id) == project_id))
    scales = session.execute(_SCALES.where(col(ProjectScale.project_id) == project_id))
    contacts = session.execute(_CONTACTS.where(col(ProjectContact.project_id) == project_id)).mappings()
    return {
        **{name: single[name] if single else "" for name in SINGLE},
        "bases": {kind: {"words": words, "doc_no": doc_no} for kind, words, doc_no in bases},
        "scales": [{"name": name, "quantity": plain_quantity(number), "unit": unit} for name, number, unit in scales],
        "contacts": [dict(row) for row in contacts],
    }


def save_profile(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    changes: Mapping[str, Any],
    reason: str | None = None,
    version: int | None = None,
) -> bool:
    """Change the named parts of a project's profile; returns whether anything changed.

    Raises `InvalidError` (`profile.invalid`) with every fault, `StaleError` when `version` is not the project's any
    more. The journal keeps people masked.
    """
    require_some(actor, "project.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "project.edit", row_of(project))
    if version is not None and version != project["version"]:
        raise StaleError("project.stale", project, code=code)
    stands, accepted = standing(session, project["id"]), stored_profile(session, project["id"])
    before = profile_proposed(session, project["id"], accepted) if proposes(actor, project, stands) else accepted
    fresh = tidy({**before, **changes})
    found = profile_faults(fresh)
    if found:
        raise InvalidError("profile.invalid", found)
    changed = [name for name in BLANK if fresh[name] != before[name]]
    if not changed:
        return False
    if pass_gate(session, actor, project, stands, reason):
        entry = journal.Entry(code, proposals.PROFILE, _told(before, changed), _told(fresh, changed))
        wanted = {name: fresh[name] for name in changed}
        propose(session, actor, project, proposals.PROFILE, accepted, wanted, entry, reason)
    else:
        _store(session, actor, project, before, fresh, changed, reason)
    return True


def profile_proposed(session: Session, project_id: int, accepted: Mapping[str, Any]) -> dict[str, Any]:
    """A profile with what is proposed laid over it, people in full."""
    return laid_over(accepted, proposed(session, project_id, proposals.PROFILE))


@accepts(proposals.PROFILE)
def accept_profile(session: Session, actor: Actor, project: ProjectRecord, part: Part, reason: str | None) -> None:
    """Write a proposed profile into a record that is being accepted; the caller has checked that the actor may."""
    before = stored_profile(session, project["id"])
    fresh = tidy(laid_over(before, part))
    found = profile_faults(fresh)
    if found:
        raise InvalidError("profile.invalid", found)
    changed = [name for name in BLANK if fresh[name] != before[name]]
    if changed:
        _store(session, actor, project, before, fresh, changed, reason)


def _store(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    before: Mapping[str, Any],
    fresh: Mapping[str, Any],
    changed: list[str],
    reason: str | None,
) -> None:
    _write(session, project["id"], fresh, changed)
    table = Project.metadata.tables["projects"]
    raised = {"version": table.c.version + 1, "revision": revision.bump(session)}
    session.connection().execute(update(table).where(table.c.id == project["id"]).values(**raised))
    revision.touch(session, [project["id"]])
    entry = journal.Entry(project["code"], "profile", _told(before, changed), _told(fresh, changed))
    journal.record(session, actor, "reporting", [entry], reason)
    session.expire_all()


def tidy(profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile with its texts trimmed and its empty rows left out."""
    found: dict[str, Any] = {name: stated(str(profile[name] or "")) for name in SINGLE}
    found["owner_credit_code"] = found["owner_credit_code"].upper()
    bases = {kind: _trimmed(basis, ("words", "doc_no")) for kind, basis in profile["bases"].items()}
    found["bases"] = {kind: basis for kind, basis in sorted(bases.items()) if any(basis.values())}
    scales = [_trimmed(scale, ("name", "quantity", "unit")) for scale in profile["scales"]]
    found["scales"] = [_plain(scale) for scale in scales if scale["name"] or scale["quantity"]]
    contacts = [_trimmed(contact, ("role", "name", "phone", "landline", "email")) for contact in profile["contacts"]]
    for contact in contacts:
        contact["role"] = contact["role"] or CONTACT_ROLES[1]
    found["contacts"] = [one for one in contacts if one["name"] or one["phone"] or one["landline"] or one["email"]]
    return found


def _trimmed(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: stated(str(row.get(name) or "")) for name in names}


def _plain(scale: dict[str, str]) -> dict[str, str]:
    """A scale's quantity in its one spelling, so that 1.50 and 1.5 are no change."""
    number = thousandths(scale["quantity"])
    return scale if number is None else {**scale, "quantity": plain_quantity(number)}


def _told(profile: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    told = {name: profile[name] for name in names}
    if "contacts" in told:
        told["contacts"] = [masked(contact) for contact in told["contacts"]]
    return told


def _write(session: Session, project_id: int, profile: Mapping[str, Any], changed: list[str]) -> None:
    key = {"project_id": project_id}
    if any(name in SINGLE for name in changed):
        _replace(session, ProjectProfile, project_id, [key | {name: profile[name] for name in SINGLE}])
    if "bases" in changed:
        rows = [key | {"kind": kind, **basis} for kind, basis in profile["bases"].items()]
        _replace(session, ProjectBasis, project_id, rows)
    if "scales" in changed:
        rows = [
            key | {"position": n, "name": s["name"], "thousandths": thousandths(s["quantity"]), "unit": s["unit"]}
            for n, s in enumerate(profile["scales"], 1)
        ]
        _replace(session, ProjectScale, project_id, rows)
    if "contacts" in changed:
        rows = [key | {"position": n, **contact} for n, contact in enumerate(profile["contacts"], 1)]
        _replace(session, ProjectContact, project_id, rows)


def _replace(session: Session, table: Any, project_id: int, rows: list[dict[str, Any]]) -> None:
    session.execute(delete(table).where(table.project_id == project_id))
    if rows:
        session.execute(insert(table), rows)


_SINGLE: list[Any] = [getattr(ProjectProfile, name) for name in SINGLE]
_BASES: Any = select(col(ProjectBasis.kind), col(ProjectBasis.words), col(ProjectBasis.doc_no)).order_by(
    col(ProjectBasis.kind)
)
_SCALES: Any = select(col(ProjectScale.name), col(ProjectScale.thousandths), col(ProjectScale.unit)).order_by(
    col(ProjectScale.position)
)
_CONTACTS: Any = select(
    col(ProjectContact.role),
    col(ProjectContact.name),
    col(ProjectContact.phone),
    col(ProjectContact.landline),
    col(ProjectContact.email),
).order_by(col(ProjectContact.position))
