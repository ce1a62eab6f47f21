"""Files beside objects of every kind: the row an object hangs on decides who sees, lays and takes them away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Row, Scope, require, require_some, row_of
from portfolio.attachments import service as files
from portfolio.attachments.queries import attachment, attachments_of
from portfolio.attachments.records import AttachmentRecord
from portfolio.attachments.tables import Attachment
from portfolio.core import revision
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.ledger.queries import get_entry, get_pool
from portfolio.projects.gate import require_open
from portfolio.projects.queries import get_project
from portfolio.projects.rules.facts import FILED
from portfolio.readiness.rules.templates import step_kinds
from portfolio.rolling.queries import get_edition
from portfolio.screening.queries import get_lift
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class Place:
    """Where an object hangs: the row that says whose it is (None: nobody's alone), and its project if it has one."""

    row: Row | None
    project: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of object: how one is found within a scope, and the action that changes one.

    Where a record under review stands `gated`, its files are not changed from below either.
    """

    find: Callable[[Session, Scope, str], Place]
    changed_by: str
    gated: bool = False


def _project(session: Session, scope: Scope, code: str) -> Place:
    found = get_project(session, scope, code)
    return Place(row_of(found), found)


def _step(session: Session, scope: Scope, code: str) -> Place:
    project, _, step = code.rpartition("/")
    found = _project(session, scope, project)
    if step not in step_kinds():
        raise InvalidError("readiness.unknown_step", value=step)
    return found


def _lift(session: Session, scope: Scope, code: str) -> Place:
    project, _, number = code.rpartition("/")
    found = get_project(session, scope, project)
    get_lift(session, found["id"], number)
    return Place(row_of(found), found)


def _entry(session: Session, scope: Scope, number: str) -> Place:
    held = get_entry(session, scope, number)
    if held["project"] is None:
        return _pool(session, scope, held["pool"])
    return Place(row_of(get_project(session, scope, held["project"]), _element(session, held["item"])))


def _pool(session: Session, scope: Scope, code: str) -> Place:
    held = get_pool(session, scope, code)
    return Place(Row(city=held["region_code"], element=_element(session, held["item"])))


def _edition(session: Session, _: Scope, code: str) -> Place:
    get_edition(session, code)
    return Place(None)


def _element(session: Session, item: str) -> str:
    return element_tree(session).by_code[item].element


KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(FILED, Kind(_project, "project.edit", gated=True)),
    "step": Kind(_step, "step.edit", gated=True),
    "lift": Kind(_lift, "screening.lift"),
    "entry": Kind(_entry, "ledger.post"),
    "pool": Kind(_pool, "pool.amend"),
    "edition": Kind(_edition, "edition.approve"),
}


def listed(session: Session, scope: Scope, kind: str, code: str) -> list[AttachmentRecord]:
    """The files beside an object the reader may see; raises `NotFoundError` in the words of the object's own room."""
    _kind(kind).find(session, scope, code)
    return attachments_of(session, kind, code)


def found(session: Session, scope: Scope, number: int) -> Attachment:
    """A file whose object the reader may see; one of any other object is not there for them."""
    held = attachment(session, number)
    try:
        _kind(held.object_kind).find(session, scope, held.object_code)
    except NotFoundError:
        raise NotFoundError("attachment.not_found", id=str(number)) from None
    return held


def lay(session: Session, actor: Actor, scope: Scope, kind: str, code: str, name: str, content: bytes) -> int:
    """Lay a file beside an object; returns its number.

    Who may change the object on its row may, if the role lays files at all. Raises `ConflictError` (`workflow.…`) for a
    project or step whose record the entry gate bars, and what `attachments.service.attach` raises of the file.
    """
    revision.bump(session)
    _require(session, actor, scope, "attachment.add", kind, code)
    return files.attach(session, actor, kind, code, name, content)


def take_away(session: Session, actor: Actor, scope: Scope, number: int, reason: str | None = None) -> None:
    """Take a file away from its object, under the conditions of `lay`."""
    revision.bump(session)
    held = found(session, scope, number)
    _require(session, actor, scope, "attachment.remove", held.object_kind, held.object_code)
    files.detach(session, actor, number, reason)


def _require(session: Session, actor: Actor, scope: Scope, action: str, kind: str, code: str) -> None:
    require_some(actor, action)
    asked = _kind(kind)
    place = asked.find(session, scope, code)
    require(actor, action, place.row)
    require(actor, asked.changed_by, place.row)
    if asked.gated and place.project is not None:
        require_open(session, actor, place.project)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFoundError("attachment.no_such_kind", value=name, allowed=" ".join(KINDS))
    return KINDS[name]
