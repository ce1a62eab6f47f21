"""Read attachments. The caller has checked that the object is within the reader's scope."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.attachments import store
from portfolio.attachments.records import AttachmentRecord
from portfolio.attachments.tables import Attachment
from portfolio.core.errors import NotFoundError
from portfolio.core.records import records_of

NAMES = ("id", "object_kind", "object_code", "name", "media_type", "size", "sha256", "at", "actor")


def attachments_of(session: Session, kind: str, code: str, below: bool = False) -> list[AttachmentRecord]:
    """The files beside an object, with `below` beside its parts (`<code>/…`), in the order they were laid there."""
    wanted = col(Attachment.object_code)
    where = wanted.startswith(f"{code}/", autoescape=True) if below else wanted == code
    columns = [getattr(Attachment, name) for name in NAMES]
    statement = select(*columns).where(col(Attachment.object_kind) == kind, where).order_by(col(Attachment.id))
    return records_of(AttachmentRecord, session.execute(statement).mappings())


def count_below(session: Session, kinds: tuple[str, ...], code: str) -> int:
    """How many files lie beside an object and its parts."""
    wanted = col(Attachment.object_code)
    here = (wanted == code) | wanted.startswith(f"{code}/", autoescape=True)
    statement = select(func.count()).select_from(Attachment).where(col(Attachment.object_kind).in_(kinds), here)
    return int(session.execute(statement).scalar_one())


def attachment(session: Session, number: int) -> Attachment:
    """What is known of a file; raises `NotFoundError`."""
    found = session.get(Attachment, number)
    if found is None:
        raise NotFoundError("attachment.not_found", id=str(number))
    return found


def content_of(session: Session, found: Attachment) -> bytes:
    """A file's content, compared with its hash."""
    return store.read(store.folder(session), found.sha256)


def damaged(session: Session) -> Iterator[tuple[str, str]]:
    """(`missing` or `altered`, number and name) of every attachment whose content the store does not hold."""
    where, known = store.folder(session), dict[str, str | None]()
    statement = select(col(Attachment.id), col(Attachment.name), col(Attachment.sha256)).order_by(col(Attachment.id))
    for number, name, digest in session.execute(statement):
        if digest not in known:
            known[digest] = store.fault(where, digest)
        said = known[digest]
        if said is not None:
            yield said, f"{number} {name}"
