"""Read and write what offices say of items beside their quantities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.journal import service as journal
from portfolio.needs.changes import held_needs, proposed_over
from portfolio.needs.rules.attributes import Details, attributes, findings, value_faults
from portfolio.needs.tables import NeedDetail
from portfolio.projects import proposals
from portfolio.projects.accepting import accepts
from portfolio.projects.gate import pass_gate, proposes
from portfolio.projects.proposals import Part, propose, proposed
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import mark_needs_changed
from portfolio.projects.states import standing
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class DetailEdit:
    """Set an attribute of an item to `value` (base units as text), or take it back with None."""

    item: str
    attribute: str
    value: str | None
    basis: str = "reported"


def project_details(session: Session, scope: Scope, code: str) -> dict[tuple[str, str], str]:
    """(item, attribute) → value of a project; raises `NotFoundError`."""
    project, tree = get_project(session, scope, code), element_tree(session)
    rows = session.execute(select(NeedDetail).where(col(NeedDetail.project_id) == project["id"])).scalars()
    order = list(attributes())
    found = {(tree.by_id[row.item_id].code, row.attribute): row.value for row in rows}
    return dict(sorted(found.items(), key=lambda pair: (order.index(pair[0][1]), pair[0][0])))


def made_up_details(session: Session, project_id: int) -> frozenset[tuple[str, str]]:
    """(item, attribute) of the details of a project that are illustrative."""
    here = (col(NeedDetail.project_id) == project_id, col(NeedDetail.basis) == "illustrative")
    tree = element_tree(session)
    rows = session.execute(select(col(NeedDetail.item_id), col(NeedDetail.attribute)).where(*here))
    return frozenset((tree.by_id[item].code, attribute) for item, attribute in rows)


def detail_findings(session: Session, scope: Scope, code: str, beside: bool = False) -> list[FieldError]:
    """Where a project's details and quantities contradict each other, with what is proposed when `beside`."""
    project, details = get_project(session, scope, code), project_details(session, scope, code)
    tree, held = element_tree(session), held_needs(session, project["id"])
    if beside:
        details = details_proposed(session, project["id"], details)
        held = proposed_over(session, tree, project["id"], held)
    sums: dict[str, int] = {}
    for (item, _), (required, _) in held.needs.items():
        sums[tree.by_id[item].code] = sums.get(tree.by_id[item].code, 0) + required
    return findings(details, sums, {node.code: node.flags for node in element_tree(session).nodes})


def save_details(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    edits: Sequence[DetailEdit],
    version: int | None = None,
    reason: str | None = None,
) -> bool:
    """Apply edits, all or none; `version` is the project's `needs_version`. Returns whether anything changed.

    Raises `InvalidError` (`need.invalid`) with the fault of each edit, `StaleError` when the needs have changed since.
    """
    require_some(actor, "need.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "need.edit", row_of(project))
    if version is not None and version != project["needs_version"]:
        raise StaleError("need.stale", project, code=code)
    faults = [fault for place, edit in enumerate(edits) for fault in _faults(session, place, edit)]
    if faults:
        raise InvalidError("need.invalid", faults)
    stands, accepted = standing(session, project["id"]), project_details(session, scope, code)
    before = details_proposed(session, project["id"], accepted) if proposes(actor, project, stands) else accepted
    differing = [edit for edit in edits if before.get((edit.item, edit.attribute)) != edit.value]
    changed = {(edit.item, edit.attribute): edit.value for edit in differing}
    if not changed:
        return False
    if pass_gate(session, actor, project, stands, reason):
        was, now = _told(before, changed)
        entry = journal.Entry(code, proposals.DETAILS, was, now)
        stored = {_key(*key): value for key, value in accepted.items()}
        propose(session, actor, project, proposals.DETAILS, stored, now, entry, reason)
    else:
        _write(session, actor, project, before, differing, reason)
    return True


def details_proposed(session: Session, project_id: int, accepted: Details) -> dict[tuple[str, str], str]:
    """Details with what is proposed laid over them."""
    part = _by_pair(proposed(session, project_id, proposals.DETAILS))
    over: dict[tuple[str, str], str | None] = {**accepted, **{key: now for key, (_, now) in part.items()}}
    return {key: value for key, value in over.items() if value is not None}


@accepts(proposals.DETAILS)
def accept_details(session: Session, actor: Actor, project: ProjectRecord, part: Part, reason: str | None) -> None:
    """Write proposed details into a record that is being accepted; the caller has checked that the actor may accept."""
    before = project_details(session, EVERYTHING, project["code"])
    edits = [DetailEdit(item, name, now) for (item, name), (_, now) in _by_pair(part).items()]
    faults = [fault for place, edit in enumerate(edits) for fault in _faults(session, place, edit)]
    if faults:
        raise InvalidError("need.invalid", faults)
    differing = [edit for edit in edits if before.get((edit.item, edit.attribute)) != edit.value]
    _write(session, actor, project, before, differing, reason)


def _write(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    before: Details,
    edits: Sequence[DetailEdit],
    reason: str | None,
) -> None:
    if not edits:
        return
    for edit in edits:
        _store(session, project["id"], element_tree(session).by_code[edit.item].id, edit)
    session.expire_all()
    mark_needs_changed(session, [project["id"]])
    was, now = _told(before, {(edit.item, edit.attribute): edit.value for edit in edits})
    journal.record(session, actor, "needs", [journal.Entry(project["code"], "details", was, now)], reason)


def _told(before: Details, changed: Mapping[tuple[str, str], str | None]) -> tuple[dict[str, Any], dict[str, Any]]:
    was = {_key(*key): before.get(key) for key in changed}
    return was, {_key(*key): value for key, value in changed.items()}


def _key(item: str, attribute: str) -> str:
    return f"{item} {attribute}"


def _by_pair(part: Part) -> dict[tuple[str, str], list[Any]]:
    pairs = ((key.partition(" "), sides) for key, sides in part.items())
    return {(item, attribute): sides for (item, _, attribute), sides in pairs}


def _faults(session: Session, place: int, edit: DetailEdit) -> list[FieldError]:
    node = element_tree(session).by_code.get(edit.item)
    if node is None:
        return [FieldError(f"{place}.item", "item.not_found", {"value": edit.item})]
    if edit.value is None:
        return []
    found = value_faults(edit.attribute, edit.item, node.leaf, edit.value)
    return [FieldError(f"{place}.{fault.field}", fault.code, fault.params) for fault in found]


def _store(session: Session, project_id: int, item_id: int, edit: DetailEdit) -> None:
    key: dict[str, Any] = {"project_id": project_id, "item_id": item_id, "attribute": edit.attribute}
    here = [_table.c[name] == part for name, part in key.items()]
    session.connection().execute(delete(_table).where(*here))
    if edit.value is not None:
        session.connection().execute(insert(_table).values(**key, value=edit.value, basis=edit.basis))


_table = NeedDetail.metadata.tables["need_details"]
