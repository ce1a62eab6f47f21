"""Save what a form holds: facts, profile and needs of one record, in one transaction, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, scope_of
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.beside import one_beside
from portfolio.projects.profile import save_profile
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import ProjectData
from portfolio.reporting.drafts import NEW, discard_draft
from portfolio.reporting.records import WholeRecord, whole_record


@dataclass(frozen=True)
class Entered:
    """What a form holds: changed facts and profile, needs as edits, and the versions it was read at (None: new)."""

    facts: Mapping[str, Any]
    profile: Mapping[str, Any] = field(default_factory=dict)
    needs: Sequence[NeedEdit] = ()
    version: int | None = None
    needs_version: int | None = None


def save_entry(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str | None,
    entered: Entered,
    reason: str | None = None,
    draft: str = NEW,
) -> WholeRecord:
    """Save a form's record (a new one without `code`), forget its draft, and return the record as it then is.

    `draft` is the subject under which a new record was kept while it was typed.

    Raises `StaleError` (`project.stale`, `need.stale`) with nothing written when somebody was faster, `InvalidError`
    with every fault of the part that has any.
    """
    revision.bump(session)
    subject = code or draft
    if code is None:
        code = create_project(session, actor, ProjectData(**entered.facts), reason)["code"]
    else:
        _require_current(session, scope, code, entered)
        update_project(session, actor, scope, code, entered.facts, reason)
    scope = scope_of(actor)
    if entered.profile:
        save_profile(session, actor, scope, code, entered.profile, reason)
    if entered.needs:
        _save_needs(session, actor, scope, code, entered.needs, reason)
    discard_draft(session, actor, subject)
    return whole_record(session, scope, code)


def _require_current(session: Session, scope: Scope, code: str, entered: Entered) -> None:
    held = one_beside(session, scope, get_project(session, scope, code)).project
    if entered.version is not None and entered.version != held["version"]:
        raise StaleError("project.stale", held, code=code)
    if entered.needs and entered.needs_version is not None and entered.needs_version != held["needs_version"]:
        raise StaleError("need.stale", held, code=code)


def _save_needs(
    session: Session, actor: Actor, scope: Scope, code: str, edits: Sequence[NeedEdit], reason: str | None
) -> None:
    """Save the edits; a fault names the need as `needs.<item>.<year>`, since a form has no places."""
    try:
        save_needs(session, actor, scope, code, edits, reason)
    except InvalidError as error:
        raise InvalidError(error.code, [_named(fault, edits) for fault in error.fields]) from error


def _named(fault: FieldError, edits: Sequence[NeedEdit]) -> FieldError:
    place = fault.field.partition(".")[0]
    if not place.isdigit():
        return fault
    edit = edits[int(place)]
    return FieldError(f"needs.{edit.item}.{edit.year or ''}".rstrip("."), fault.code, fault.params)
