"""What edits make of a project's needs: the answers it has, what would change, written into the record or proposed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects import proposals
from portfolio.projects.proposals import Part, propose, proposed
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
class Held:
    """A project's answers by item id: `needs` (item, year) → (base units, basis), `closed` item → basis (不涉及)."""

    needs: dict[tuple[int, int], tuple[int, str]]
    closed: dict[int, str]

    def copy(self) -> "Held":
        """The same answers, to be changed."""
        return Held(dict(self.needs), dict(self.closed))


@dataclass(frozen=True)
class Change:
    """One answer that changes: `year` None for 不涉及; a value is (base units, basis), a basis alone, or None."""

    item_id: int
    item: str
    year: int | None
    before: Any
    after: Any

    @property
    def key(self) -> str:
        """How a proposal names the answer: `fund.own 2026`, or `fund.own` for 不涉及."""
        return self.item if self.year is None else f"{self.item} {self.year}"


def held_needs(session: Session, project_id: int) -> Held:
    """The answers in the record."""
    needs = session.execute(
        select(col(Need.item_id), col(Need.year), col(Need.required), col(Need.basis)).where(
            col(Need.project_id) == project_id
        )
    )
    closed = session.execute(
        select(col(NotApplicable.item_id), col(NotApplicable.basis)).where(col(NotApplicable.project_id) == project_id)
    )
    return Held(
        {(item, year): (required, basis) for item, year, required, basis in needs},
        {item: basis for item, basis in closed},
    )


def proposed_over(session: Session, tree: ElementTree, project_id: int, accepted: Held) -> Held:
    """`accepted` with what is proposed laid over it."""
    over = accepted.copy()
    for change in changes_in(tree, proposed(session, project_id, proposals.NEEDS)):
        answers: dict[Any, Any] = over.closed if change.year is None else over.needs
        key: Any = change.item_id if change.year is None else (change.item_id, change.year)
        if change.after is None:
            answers.pop(key, None)
        else:
            answers[key] = change.after
    return over


def changes_in(tree: ElementTree, part: Part) -> list[Change]:
    """What a proposal says of needs; items that the tree no longer has are left out."""
    found = []
    for key, (was, now) in part.items():
        item, _, year = key.partition(" ")
        node = tree.by_code.get(item)
        if node is not None:
            sides = [tuple(side) if isinstance(side, list) else side for side in (was, now)]
            found.append(Change(node.id, item, int(year) if year else None, *sides))
    return found


def as_edits(changes: Iterable[Change]) -> list[NeedEdit]:
    """The edits that lead to the changes, what is opened and emptied first, what is closed last."""

    def turn(change: Change) -> int:
        return (2 if change.after else 0) if change.year is None else 1

    found = []
    for change in sorted(changes, key=turn):
        if change.year is None:
            wanted: Any = NOT_APPLICABLE if change.after else None
            found.append(NeedEdit(change.item, None, wanted, change.after or "reported"))
        else:
            required, basis = change.after or (None, "reported")
            found.append(NeedEdit(change.item, change.year, required, basis))
    return found


def changes_of(tree: ElementTree, edits: Iterable[NeedEdit], held: Held) -> list[Change]:
    """What edits change in `held`, which holds the answers afterwards; raises `InvalidError` (`need.invalid`)."""
    found = [_closing(tree, edit, held) if edit.year is None else _setting(tree, edit, held) for edit in edits]
    return [change for change in found if change is not None]


def _setting(tree: ElementTree, edit: NeedEdit, held: Held) -> Change | None:
    item_id, year = tree.by_code[edit.item].id, edit.year or 0
    before = held.needs.get((item_id, year))
    after = (edit.required, edit.basis) if isinstance(edit.required, int) else None
    if before == after:
        return None
    held.needs.pop((item_id, year), None)
    if after is not None:
        held.needs[item_id, year] = after
    return Change(item_id, edit.item, year, before, after)


def _closing(tree: ElementTree, edit: NeedEdit, held: Held) -> Change | None:
    item_id = tree.by_code[edit.item].id
    before, after = held.closed.get(item_id), edit.basis if edit.required == NOT_APPLICABLE else None
    if after is not None:
        _require_unanswered(tree, edit, held)
    if before == after:
        return None
    held.closed.pop(item_id, None)
    if after is not None:
        held.closed[item_id] = after
    return Change(item_id, edit.item, None, before, after)


def _require_unanswered(tree: ElementTree, edit: NeedEdit, held: Held) -> None:
    under = {leaf.id for leaf in tree.leaves_under(edit.item)}
    answered = [tree.by_id[item].code for item, _ in held.needs if item in under]
    if answered:
        raise InvalidError("need.invalid", [FieldError("item", "need.has_answers", {"value": answered[0]})])


def write_needs(
    session: Session, actor: Actor, project: Mapping[str, Any], changes: Sequence[Change], reason: str | None
) -> None:
    """Write changes into the record, with one journal entry; the caller has asked who may."""
    if not changes:
        return
    for change in changes:
        if change.year is None:
            _store_closed(session, project["id"], change)
        else:
            _store_need(session, project["id"], change)
    mark_needs_changed(session, [project["id"]])
    revision.touch(session, [project["id"]])
    journal.record(session, actor, "needs", [_entry(project, "update", changes)], reason)


def propose_needs(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    tree: ElementTree,
    accepted: Held,
    changes: Sequence[Change],
    reason: str | None,
) -> None:
    """Propose changes beside the record; the caller has asked the gate."""
    if not changes:
        return
    stored = _by_key(tree, accepted)
    wanted = {change.key: list(change.after) if isinstance(change.after, tuple) else change.after for change in changes}
    entry = _entry(project, proposals.NEEDS, changes)
    propose(session, actor, project, proposals.NEEDS, stored, wanted, entry, reason)


def stored_answers(session: Session, project_id: int) -> dict[str, Any]:
    """The answers in the record by the keys of a proposal: `fund.own 2026` → [base units, basis], item → basis."""
    return _by_key(element_tree(session), held_needs(session, project_id))


def _by_key(tree: ElementTree, held: Held) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"{tree.by_id[item].code} {year}": list(value) for (item, year), value in held.needs.items()
    }
    return found | {tree.by_id[item].code: basis for item, basis in held.closed.items()}


def _store_need(session: Session, project_id: int, change: Change) -> None:
    table = Need.metadata.tables["needs"]
    key = {"project_id": project_id, "item_id": change.item_id, "year": change.year}
    same = [table.c[name] == value for name, value in key.items()]
    if change.after is None:
        session.execute(delete(table).where(*same))
        return
    values = {"required": change.after[0], "basis": change.after[1], "revision": revision.bump(session)}
    if change.before is None:
        session.execute(insert(table).values(**key, **values))
    else:
        session.execute(update(table).where(*same).values(**values))


def _store_closed(session: Session, project_id: int, change: Change) -> None:
    key = {"project_id": project_id, "item_id": change.item_id}
    if change.after is None:
        here = [col(getattr(NotApplicable, name)) == value for name, value in key.items()]
        session.execute(delete(NotApplicable).where(*here))
        return
    session.merge(NotApplicable(**key, basis=change.after, revision=revision.bump(session)))
    session.flush()


def _entry(project: Mapping[str, Any], action: str, changes: Sequence[Change]) -> journal.Entry:
    before = [{"item": c.item, "year": c.year, "value": _shown(c, c.before)} for c in changes]
    after = [{"item": c.item, "year": c.year, "value": _shown(c, c.after)} for c in changes]
    return journal.Entry(project["code"], action, before, after)


def _shown(change: Change, value: Any) -> Any:
    """A value as the journal tells it."""
    if value is None:
        return None
    return NOT_APPLICABLE if change.year is None else {"required": value[0], "basis": value[1]}
