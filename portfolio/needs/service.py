"""Write needs: set, clear, declare not applicable; a batch of edits is one transaction and one journal entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.journal import service as journal
from portfolio.needs.keeping import kept_needs
from portfolio.needs.rules import items as rules
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects.gate import pass_gate
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import mark_needs_changed
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

NOT_APPLICABLE: Literal["not_applicable"] = "not_applicable"


@dataclass(frozen=True)
class NeedEdit:
    """One cell: `required` in base units, None to take the answer back, `NOT_APPLICABLE` (year None) for 不涉及."""

    item: str
    year: int | None
    required: int | None | Literal["not_applicable"]
    basis: str = "reported"


@dataclass(frozen=True)
class _Held:
    needs: dict[tuple[int, int], tuple[int, str]]
    closed: dict[int, str]


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
    tree = element_tree(session)
    held = _held(session, project["id"])
    _require_valid(tree, edits, _closed_after(tree, held, edits))
    if all(_stands(tree, edit, held) for edit in edits):
        return 0  # what says only what stands is no change: it asks nothing of the gate and makes no draft
    pass_gate(session, actor, project, "needs", lambda: kept_needs(session, project["id"]))
    changes = [change for edit in edits for change in [_apply(session, project["id"], tree, edit, held)] if change]
    if changes:
        _conclude(session, actor, project, changes, reason)
    return len(changes)


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


def _held(session: Session, project_id: int) -> _Held:
    needs = session.execute(
        select(col(Need.item_id), col(Need.year), col(Need.required), col(Need.basis)).where(
            col(Need.project_id) == project_id
        )
    )
    closed = session.execute(
        select(col(NotApplicable.item_id), col(NotApplicable.basis)).where(col(NotApplicable.project_id) == project_id)
    )
    return _Held(
        {(item, year): (required, basis) for item, year, required, basis in needs},
        {item: basis for item, basis in closed},
    )


def _closed_after(tree: ElementTree, held: _Held, edits: Iterable[NeedEdit]) -> set[str]:
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


def _stands(tree: ElementTree, edit: NeedEdit, held: _Held) -> bool:
    """Whether an edit says what is stored already."""
    item_id = tree.by_code[edit.item].id
    if edit.year is None:
        return held.closed.get(item_id) == (edit.basis if edit.required == NOT_APPLICABLE else None)
    after = (edit.required, edit.basis) if isinstance(edit.required, int) else None
    return held.needs.get((item_id, edit.year)) == after


def _apply(session: Session, project_id: int, tree: ElementTree, edit: NeedEdit, held: _Held) -> dict[str, Any] | None:
    """Write one edit; returns the change for the journal, or None when nothing changes."""
    item_id = tree.by_code[edit.item].id
    if edit.year is None:
        return _apply_not_applicable(session, project_id, tree, edit, held)
    before = held.needs.get((item_id, edit.year))
    after = (edit.required, edit.basis) if isinstance(edit.required, int) else None
    if before == after:
        return None
    key = {"project_id": project_id, "item_id": item_id, "year": edit.year}
    _store_need(session, key, before, after)
    held.needs.pop((item_id, edit.year), None)
    if isinstance(edit.required, int):
        held.needs[item_id, edit.year] = (edit.required, edit.basis)
    return {"item": edit.item, "year": edit.year, "before": _shown(before), "after": _shown(after)}


def _store_need(session: Session, key: dict[str, int], before: Any, after: Any) -> None:
    table = Need.metadata.tables["needs"]
    same = [table.c[name] == value for name, value in key.items()]
    if after is None:
        session.execute(delete(table).where(*same))
        return
    values = {"required": after[0], "basis": after[1], "revision": revision.bump(session)}
    if before is None:
        session.execute(insert(table).values(**key, **values))
    else:
        session.execute(update(table).where(*same).values(**values))


def _apply_not_applicable(
    session: Session, project_id: int, tree: ElementTree, edit: NeedEdit, held: _Held
) -> dict[str, Any] | None:
    item_id = tree.by_code[edit.item].id
    if edit.required == NOT_APPLICABLE:
        return _close(session, project_id, tree, edit, held)
    if item_id not in held.closed:
        return None
    del held.closed[item_id]
    session.execute(
        delete(NotApplicable).where(col(NotApplicable.project_id) == project_id, col(NotApplicable.item_id) == item_id)
    )
    return {"item": edit.item, "year": None, "before": NOT_APPLICABLE, "after": None}


def _close(session: Session, project_id: int, tree: ElementTree, edit: NeedEdit, held: _Held) -> dict[str, Any] | None:
    item_id = tree.by_code[edit.item].id
    under = {leaf.id for leaf in tree.leaves_under(edit.item)}
    answered = [tree.by_id[item].code for item, _ in held.needs if item in under]
    if answered:
        raise InvalidError("need.invalid", [FieldError("item", "need.has_answers", {"value": answered[0]})])
    was = NOT_APPLICABLE if item_id in held.closed else None
    if held.closed.get(item_id) == edit.basis:
        return None
    session.merge(
        NotApplicable(project_id=project_id, item_id=item_id, basis=edit.basis, revision=revision.bump(session))
    )
    session.flush()
    held.closed[item_id] = edit.basis
    return {"item": edit.item, "year": None, "before": was, "after": NOT_APPLICABLE}


def _shown(value: Any) -> dict[str, Any] | None:
    return {"required": value[0], "basis": value[1]} if value is not None else None


def _conclude(
    session: Session, actor: Actor, project: ProjectRecord, changes: list[dict[str, Any]], reason: str | None
) -> None:
    mark_needs_changed(session, [project["id"]])
    revision.touch(session, [project["id"]])
    before = [{"item": c["item"], "year": c["year"], "value": c["before"]} for c in changes]
    after = [{"item": c["item"], "year": c["year"], "value": c["after"]} for c in changes]
    journal.record(session, actor, "needs", [journal.Entry(project["code"], "update", before, after)], reason)
