"""Write needs: set, clear, declare not applicable; a batch of edits is one transaction and one journal entry."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.needs.changes import (
    NOT_APPLICABLE,
    Held,
    NeedEdit,
    as_edits,
    changes_in,
    changes_of,
    held_needs,
    propose_needs,
    proposed_over,
    write_needs,
)
from portfolio.needs.rules import items as rules
from portfolio.needs.tables import Need
from portfolio.projects.accepting import accepts
from portfolio.projects.gate import pass_gate, proposes
from portfolio.projects.proposals import NEEDS, Part
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.states import standing
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree


def save_needs(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    edits: Sequence[NeedEdit],
    reason: str | None = None,
    needs_version: int | None = None,
) -> int:
    """Apply `edits` to a project's needs; returns how many answers changed. All of them or, with any fault, none.

    A `needs_version` that is no longer the project's raises `StaleError` with the project.
    """
    require_some(actor, "need.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "need.edit", row_of(project))
    if needs_version is not None and needs_version != project["needs_version"]:
        raise StaleError("need.stale", project, code=code)
    tree, stands = element_tree(session), standing(session, project["id"])
    accepted = held_needs(session, project["id"])
    held = proposed_over(session, tree, project["id"], accepted) if proposes(actor, project, stands) else accepted
    _require_valid(tree, edits, _closed_after(tree, held, edits))
    if all(_stands(tree, edit, held) for edit in edits):
        return 0  # what says only what stands is no change: it asks nothing of the gate and makes no draft
    changes = changes_of(tree, edits, held.copy())
    if pass_gate(session, actor, project, stands, reason):
        propose_needs(session, actor, project, tree, accepted, changes, reason)
    else:
        write_needs(session, actor, project, changes, reason)
    return len(changes)


@accepts(NEEDS)
def accept_needs(session: Session, actor: Actor, project: ProjectRecord, part: Part, reason: str | None) -> None:
    """Write proposed needs into a record that is being accepted; the caller has checked that the actor may accept.

    Raises `InvalidError` (`need.invalid`) when they no longer fit beside what the record says now.
    """
    tree = element_tree(session)
    held, edits = held_needs(session, project["id"]), as_edits(changes_in(tree, part))
    _require_valid(tree, edits, _closed_after(tree, held, edits))
    write_needs(session, actor, project, changes_of(tree, edits, held), reason)


def set_need(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    edit: NeedEdit,
    reason: str | None = None,
    held_revision: int | None = None,
) -> None:
    """Set or clear one need; `held_revision` is the revision the writer read (None: it must not exist yet, or any)."""
    require_some(actor, "need.edit")
    revision.bump(session)
    if held_revision is not None:
        _require_current(session, scope, code, edit, held_revision)
    save_needs(session, actor, scope, code, [edit], reason)


def _require_current(session: Session, scope: Scope, code: str, edit: NeedEdit, held_revision: int) -> None:
    project = get_project(session, scope, code)
    node = element_tree(session).by_code.get(edit.item)
    statement = select(col(Need.revision), col(Need.required), col(Need.basis)).where(
        col(Need.project_id) == project["id"],
        col(Need.item_id) == (node.id if node else -1),
        col(Need.year) == edit.year,
    )
    row = session.execute(statement).first()
    if row is None or (row[0] or 0) != held_revision:
        current = {"required": row[1], "basis": row[2], "revision": row[0]} if row else None
        raise StaleError("need.stale", current, code=code)


def _closed_after(tree: ElementTree, held: Held, edits: Iterable[NeedEdit]) -> set[str]:
    closed = {tree.by_id[item].code for item in held.closed}
    for edit in edits:
        if edit.required == NOT_APPLICABLE:
            closed.add(edit.item)
        elif edit.year is None and edit.required is None:
            closed.discard(edit.item)
    return closed


def _require_valid(tree: ElementTree, edits: Sequence[NeedEdit], closed: set[str]) -> None:
    found: list[FieldError] = []
    for place, edit in enumerate(edits):
        for fault in _edit_faults(tree, edit, closed):
            found.append(FieldError(f"{place}.{fault.field}", fault.code, fault.params))
    if found:
        raise InvalidError("need.invalid", found)


def _edit_faults(tree: ElementTree, edit: NeedEdit, closed: set[str]) -> list[FieldError]:
    if edit.item not in tree.by_code:
        return [FieldError("item", "item.not_found", {"value": edit.item})]
    if edit.basis not in rules.BASES:
        return [FieldError("basis", "field.unknown_code", {"value": edit.basis})]
    if isinstance(edit.required, int):
        if edit.year is None:
            return [FieldError("year", "field.required")]
        return rules.faults(tree, edit.item, edit.year, edit.required, closed)
    if edit.required == NOT_APPLICABLE and edit.year is not None:
        return [FieldError("year", "need.not_applicable_has_no_year")]
    return []


def _stands(tree: ElementTree, edit: NeedEdit, held: Held) -> bool:
    """Whether an edit says what is stored already."""
    item_id = tree.by_code[edit.item].id
    if edit.year is None:
        return held.closed.get(item_id) == (edit.basis if edit.required == NOT_APPLICABLE else None)
    after = (edit.required, edit.basis) if isinstance(edit.required, int) else None
    return held.needs.get((item_id, edit.year)) == after
