"""What a person has typed and not saved: kept while they type, given back after a crash, gone once saved.

A draft is a person's own and no fact of the library: keeping one raises no revision and leaves nothing in the journal.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_some
from portfolio.core.clock import utc_now
from portfolio.core.errors import InvalidError, NotFoundError, TooLargeError
from portfolio.core.plain_text import storable
from portfolio.projects.queries import get_project
from portfolio.reporting.tables import Draft

NEW = "new"
LARGEST = 1 << 20
_OF_NEW = re.compile(r"new(-[a-z0-9]{1,20})?")


def is_new(subject: str) -> bool:
    """Whether a draft is of a record that is not yet in the library: `new`, or `new-` and a mark of its own."""
    return _OF_NEW.fullmatch(subject) is not None


def new_subject() -> str:
    """A subject of its own for a new record's form: two forms open at once are two drafts."""
    return f"{NEW}-{secrets.token_hex(5)}"


@dataclass(frozen=True)
class KeptDraft:
    """A draft: the form as typed, and the record's values as they were when the person began."""

    subject: str
    content: dict[str, Any]
    base: dict[str, Any]
    saved_at: datetime
    version: int


def keep_draft(
    session: Session,
    actor: Actor,
    scope: Scope,
    subject: str,
    content: Mapping[str, Any],
    base: Mapping[str, Any],
) -> KeptDraft:
    """Keep what the actor has typed for `subject` (a project's code, or as `is_new`) in place of what was kept before.

    Raises `NotFoundError` for a project out of scope, `TooLargeError` beyond a megabyte.
    """
    require_some(actor, "project.create" if is_new(subject) else "project.edit")
    if not is_new(subject):
        get_project(session, scope, subject)
    kept = {"content": storable(content), "base": storable(base)}
    texts = {name: orjson.dumps(value).decode() for name, value in kept.items()}
    if len(texts["content"]) + len(texts["base"]) > LARGEST:
        raise TooLargeError("request.too_large", limit=str(LARGEST >> 20))
    if not _overwritten(session, actor, subject, texts):
        try:
            with session.begin_nested():
                key = {"actor": actor.name, "subject": subject, "saved_at": utc_now(), "version": 1}
                session.execute(insert(Draft).values(**key, **texts))
        except IntegrityError:  # another window of the same person was faster
            _overwritten(session, actor, subject, texts)
    return _needed(session, actor, subject)


def _overwritten(session: Session, actor: Actor, subject: str, texts: Mapping[str, str]) -> bool:
    changed = (
        update(_drafts).where(*_own(actor, subject)).values(**texts, saved_at=utc_now(), version=_drafts.c.version + 1)
    )
    return session.connection().execute(changed).rowcount == 1


def find_draft(session: Session, actor: Actor, subject: str) -> KeptDraft | None:
    """The actor's draft for `subject`, if one is kept."""
    row = session.execute(select(Draft).where(*_own(actor, subject)).execution_options(populate_existing=True))
    found = row.scalar_one_or_none()
    return _kept(found) if found else None


def forget_everybodys(session: Session, subject: str) -> None:
    """Forget what anybody has typed for a record that is no more."""
    session.connection().execute(delete(_drafts).where(_drafts.c.subject == subject))


def newest_of_new(session: Session, actor: Actor) -> KeptDraft | None:
    """What the actor typed last into the form of a record that is not yet in the library."""
    return next((one for one in list_drafts(session, actor) if is_new(one.subject)), None)


def list_drafts(session: Session, actor: Actor) -> list[KeptDraft]:
    """All the actor's drafts, latest first."""
    rows = session.execute(select(Draft).where(col(Draft.actor) == actor.name).order_by(col(Draft.saved_at).desc()))
    return [_kept(row) for row in rows.scalars()]


def pass_drafts(session: Session, actor: Actor, giver: str, taker: str) -> None:
    """Give every draft of one account to another, as a hand-over has decided (which has asked)."""
    session.connection().execute(update(_drafts).where(_drafts.c.actor == giver).values(actor=taker))
    session.expire_all()


def discard_draft(session: Session, actor: Actor, subject: str) -> None:
    """Forget the actor's draft for `subject`; nothing happens when there is none."""
    require_some(actor, "project.edit")
    session.connection().execute(delete(_drafts).where(*_own(actor, subject)))
    session.expire_all()


def needed_draft(session: Session, actor: Actor, subject: str) -> KeptDraft:
    """The actor's draft for `subject`; raises `NotFoundError`."""
    if not subject:
        raise InvalidError("draft.no_subject")
    return _needed(session, actor, subject)


def _needed(session: Session, actor: Actor, subject: str) -> KeptDraft:
    found = find_draft(session, actor, subject)
    if found is None:
        raise NotFoundError("draft.not_found", subject=subject)
    return found


def _own(actor: Actor, subject: str) -> list[Any]:
    return [_drafts.c.actor == actor.name, _drafts.c.subject == subject]


def _kept(row: Draft) -> KeptDraft:
    return KeptDraft(row.subject, orjson.loads(row.content), orjson.loads(row.base), row.saved_at, row.version)


_drafts = Draft.metadata.tables["drafts"]
