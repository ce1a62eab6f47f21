"""Write attachments: lay a file beside an object, or take one away."""

from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require_some
from portfolio.attachments import rules, store
from portfolio.attachments.queries import attachment
from portfolio.attachments.tables import Attachment
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import InvalidError, TooLargeError
from portfolio.journal import service as journal


def attach(session: Session, actor: Actor, kind: str, code: str, name: str, content: bytes) -> int:
    """Lay a file beside an object; returns its number. The caller has checked that the object is there and the actor's.

    Raises `InvalidError` (`attachment.invalid`) for a name that plays tricks or a content that is not what the name
    says, `TooLargeError` past `rules.MAX_SIZE`.
    """
    require_some(actor, "attachment.add")
    if len(content) > rules.MAX_SIZE:
        raise TooLargeError("request.too_large", limit=str(rules.MAX_SIZE >> 20))
    named = rules.stored_name(name)
    found = rules.name_fault(named) or rules.content_fault(named, content)
    if found is not None:
        raise InvalidError("attachment.invalid", [found])
    revision.bump(session)
    digest = store.keep(store.folder(session), content)
    told: dict[str, Any] = {"name": named, "size": len(content), "sha256": digest}
    values = {**told, "media_type": rules.MEDIA_TYPES[rules.suffix_of(named)], "at": utc_now(), "actor": actor.name}
    made = session.connection().execute(insert(_table).values(object_kind=kind, object_code=code, **values))
    journal.record(
        session, actor, "attachments", [journal.Entry(_subject(code), "attach", None, _told(kind, code, told))]
    )
    return int(next(iter(made.inserted_primary_key or ())))


def detach(session: Session, actor: Actor, number: int, reason: str | None = None) -> None:
    """Take a file away from its object; its content stays in the store, where the journal's hash still names it."""
    require_some(actor, "attachment.remove")
    revision.bump(session)
    held = attachment(session, number)
    told = {"name": held.name, "size": held.size, "sha256": held.sha256}
    session.execute(delete(Attachment).where(col(Attachment.id) == number))
    entry = journal.Entry(_subject(held.object_code), "detach", _told(held.object_kind, held.object_code, told), None)
    journal.record(session, actor, "attachments", [entry], reason)


def _subject(code: str) -> str:
    """The record whose history tells of the file: of a step it is the project."""
    return code.partition("/")[0]


def _told(kind: str, code: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "code": code, **values}


_table = Attachment.metadata.tables["attachments"]
