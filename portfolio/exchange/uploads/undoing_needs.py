"""Put the needs an import wrote back as they were: in bulk, since one import may hold hundreds of thousands."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_some
from portfolio.core import revision
from portfolio.core.errors import ConflictError
from portfolio.exchange.uploads.touched import written
from portfolio.journal import service as journal
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit, changes_of, held_needs, propose_needs, proposed_over
from portfolio.needs.service import save_needs
from portfolio.needs.tables import Need
from portfolio.projects import proposals
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.gate import pass_many
from portfolio.projects.proposals import proposed
from portfolio.projects.queries import get_project
from portfolio.projects.reach import require_for
from portfolio.projects.service import mark_needs_changed
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

Key = tuple[str, int | None]
Restored = tuple[Any, Any]  # what the import left, what stood before
BATCH = 400


def undo_needs(session: Session, actor: Actor, scope: Scope, number: int, reason: str) -> None:
    """Undo what revision `number` did to needs and to statements that an item does not concern a project.

    Raises `ConflictError` (`import.row_differs`) for a need that is not as the import left it, or what bars a record
    that was submitted or locked since (`workflow.…`).
    """
    _undo_proposed(session, actor, scope, number, reason)
    by_project = _changes(session, number, "needs")
    for code, changes in by_project.items():
        closed = [NeedEdit(item, None, None) for (item, year) in changes if year is None]
        if closed:
            save_needs(session, actor, scope, code, closed, reason)
    tree, codes = element_tree(session), list(by_project)
    for start in range(0, len(codes), BATCH):
        chosen = codes[start : start + BATCH]
        _restore(session, actor, scope, tree, {code: by_project[code] for code in chosen}, reason)


def _undo_proposed(session: Session, actor: Actor, scope: Scope, number: int, reason: str) -> None:
    """What the import proposed stands again as it stood before, in the proposal or, once accepted, as a change."""
    tree = element_tree(session)
    for code, changes in _changes(session, number, proposals.ROOM).items():
        project = get_project(session, scope, code)
        require_for(session, actor, "need.edit", [project["id"]])
        _require_open(session, actor, {code: project["id"]})
        back = _back(session, tree, project["id"], code, changes)
        accepted = held_needs(session, project["id"])
        if proposed(session, project["id"], proposals.NEEDS):
            held = proposed_over(session, tree, project["id"], accepted)
            propose_needs(session, actor, project, tree, accepted, changes_of(tree, back, held), reason)
        else:
            save_needs(session, actor, scope, code, back, reason)


def _back(
    session: Session, tree: ElementTree, project_id: int, code: str, changes: dict[Key, Restored]
) -> list[NeedEdit]:
    """The edits that undo changes, which must stand as the import left them, what is proposed laid over the record."""
    held = proposed_over(session, tree, project_id, held_needs(session, project_id))
    found = []
    for (item, year), (left, stood) in changes.items():
        node = tree.by_code[item].id
        here: Any = held.closed.get(node) if year is None else held.needs.get((node, year))
        if _said(here, year) != left:
            raise ConflictError("import.row_differs", rows=f"{code} {item} {year or ''}".strip())
        now = NOT_APPLICABLE if stood == NOT_APPLICABLE else stood and stood["required"]
        found.append(NeedEdit(item, year, now, stood["basis"] if isinstance(stood, dict) else "reported"))
    return found


def _said(value: Any, year: int | None) -> Any:
    if value is None:
        return None
    return NOT_APPLICABLE if year is None else {"required": value[0], "basis": value[1]}


def _changes(session: Session, number: int, room: str) -> dict[str, dict[Key, Restored]]:
    """By project and key what the import left and what stood before; the newest change of a key is seen first."""
    found: dict[str, dict[Key, Restored]] = {}
    for change in written(session, number, room):
        if room == proposals.ROOM and change.action != proposals.NEEDS:
            continue
        before = {(one["item"], one["year"]): one["value"] for one in change.before or []}
        mine = found.setdefault(change.subject, {})
        for one in change.after:
            key = (one["item"], one["year"])
            left = mine[key][0] if key in mine else one["value"]
            mine[key] = (left, before.get(key))
    return found


def _restore(
    session: Session,
    actor: Actor,
    scope: Scope,
    tree: ElementTree,
    by_project: dict[str, dict[Key, Restored]],
    reason: str,
) -> None:
    require_some(actor, "need.edit")
    ids = _ids(session, scope, list(by_project))
    beside = _require_open(session, actor, ids)
    stored = _stored(session, list(ids.values()))
    gone: list[dict[str, Any]] = []
    back: list[dict[str, Any]] = []
    entries = []
    for code, changes in by_project.items():
        numbers = {key: value for key, value in changes.items() if key[1] is not None and value[0] != NOT_APPLICABLE}
        if ids[code] in beside:
            save_needs(session, actor, scope, code, _back(session, tree, ids[code], code, numbers), reason)
            continue
        for (item, year), (left, stood) in numbers.items():
            project, node = ids[code], tree.by_code[item].id
            place = {"p": project, "i": node, "y": year}
            held = stored.get((project, node, year or 0))
            if held != (left["required"], left["basis"]):
                raise ConflictError("import.row_differs", rows=f"{code} {item} {year}")
            gone.append(place) if stood is None else back.append({**place, **stood})
        if numbers:
            entries.append(journal.Entry(code, "undo", *_sides(numbers)))
    _write(session, gone, back)
    journal.record(session, actor, "needs", entries, reason)
    touched = [ids[entry.subject] for entry in entries]
    mark_needs_changed(session, touched)
    revision.touch(session, touched)


def _require_open(session: Session, actor: Actor, ids: dict[str, int]) -> set[int]:
    """The undoing is a change like any other: the actor may make it, and the entry gate lets it through.

    Returns those whose undoing is itself a proposal.
    """
    require_for(session, actor, "need.edit", ids.values())
    found = pass_many(session, actor, ids.values())
    for code, number in ids.items():
        if number in found.barred:
            raise ConflictError(found.barred[number], project=code)
    return found.beside


def _sides(changes: dict[Key, Restored]) -> Iterator[list[dict[str, Any]]]:
    for side in (0, 1):
        yield [{"item": item, "year": year, "value": values[side]} for (item, year), values in changes.items()]


def _ids(session: Session, scope: Scope, codes: list[str]) -> dict[str, int]:
    statement = select(col(Project.code), col(Project.id)).where(*conditions(WITH_PROPOSED, scope))
    found = {code: number for code, number in session.execute(statement.where(col(Project.code).in_(codes)))}
    missing = [code for code in codes if code not in found]
    if missing:
        raise ConflictError("import.row_differs", rows=missing[0])
    return found


def _stored(session: Session, ids: list[int]) -> dict[tuple[int, int, int], tuple[int, str]]:
    columns = _needs.c
    statement = select(columns.project_id, columns.item_id, columns.year, columns.required, columns.basis)
    rows = session.connection().execute(statement.where(columns.project_id.in_(ids)))
    return {(project, item, year): (required, basis) for project, item, year, required, basis in rows}


def _write(session: Session, gone: list[dict[str, Any]], back: list[dict[str, Any]]) -> None:
    connection = session.connection()
    if gone:
        connection.execute(delete(_needs).where(_HERE), gone)
    if back:
        connection.execute(_BACK.values(revision=revision.bump(session)), back)


_needs = Need.metadata.tables["needs"]
_HERE = (
    (_needs.c.project_id == bindparam("p")) & (_needs.c.item_id == bindparam("i")) & (_needs.c.year == bindparam("y"))
)
_BACK = update(_needs).where(_HERE).values(required=bindparam("required"), basis=bindparam("basis"))
