"""`/attachments`: files beside objects of any kind, checked by content and always given back as downloads."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from sqlmodel import Session

from api.context import By, Reading, Within, Writing
from api.lane import reads
from api.schemas import RecordList
from api.shapes import answer, page
from portfolio.access.rules import Actor, Scope, require, row_of
from portfolio.attachments import service
from portfolio.attachments.queries import attachment, attachments_of, content_of
from portfolio.attachments.rules import MAX_SIZE
from portfolio.attachments.tables import Attachment
from portfolio.core.errors import InvalidError, NotFoundError, TooLargeError
from portfolio.ledger.queries import get_pool, require_entry
from portfolio.projects.files import KINDS
from portfolio.projects.queries import get_project
from portfolio.readiness.templates import step_kinds
from portfolio.rolling.queries import get_edition

router = APIRouter(tags=["attachments"])
See = Callable[[Session, Scope, str], object]


def _see_step(session: Session, scope: Scope, code: str) -> dict[str, Any]:
    project, _, step = code.rpartition("/")
    found = get_project(session, scope, project)
    if step not in step_kinds():
        raise InvalidError("readiness.unknown_step", value=step)
    return found


OF_PROJECTS = (*KINDS, "step")
OBJECTS: Mapping[str, See] = {
    **dict.fromkeys(KINDS, get_project),
    "step": _see_step,
    "entry": require_entry,
    "pool": get_pool,
    "edition": lambda session, _, code: get_edition(session, code),
}


@router.get("/attachments", response_model=RecordList, operation_id="list_attachments")
@reads
def index(
    object_kind: Annotated[str, Query()], object_code: Annotated[str, Query()], session: Reading, scope: Within
) -> Response:
    """The files beside an object."""
    require_object(session, scope, object_kind, object_code)
    rows = [{**row, "at": row["at"].isoformat()} for row in attachments_of(session, object_kind, object_code)]
    return page(rows, None, len(rows))


@router.post("/attachments", status_code=201, operation_id="attach")
def upload(
    object_kind: Annotated[str, Form()],
    object_code: Annotated[str, Form()],
    file: Annotated[UploadFile, File()],
    session: Writing,
    scope: Within,
    actor: By,
) -> Response:
    """Lay a file beside an object: a project, a step (`<project>/<step>`), a pool, a ledger entry, an edition."""
    _require_own(actor, "attachment.add", object_kind, require_object(session, scope, object_kind, object_code))
    number = service.attach(session, actor, object_kind, object_code, file.filename or "", read_upload(file))
    return answer({"id": number}, 201, {"Location": f"/api/v1/attachments/{number}"})


@router.get("/attachments/{number}", operation_id="download_attachment", response_class=Response)
def download(number: int, session: Reading, scope: Within) -> Response:
    """The file itself."""
    return as_download(session, _visible(session, scope, number))


@router.delete("/attachments/{number}", status_code=204, operation_id="detach")
def remove(number: int, session: Writing, scope: Within, actor: By, reason: str | None = None) -> Response:
    """Take a file away from its object."""
    found = _visible(session, scope, number)
    seen = require_object(session, scope, found.object_kind, found.object_code)
    _require_own(actor, "attachment.remove", found.object_kind, seen)
    service.detach(session, actor, number, reason)
    return Response(status_code=204)


def require_object(session: Session, scope: Scope, kind: str, code: str) -> Any:
    """The object within the scope; raises `NotFoundError` when there is none, in the words of its own room."""
    if kind not in OBJECTS:
        raise NotFoundError("attachment.no_such_kind", value=kind, allowed=" ".join(OBJECTS))
    return OBJECTS[kind](session, scope, code)


def _require_own(actor: Actor, action: str, kind: str, seen: Any) -> None:
    """Files of a project and its steps are its offices' matter; of anything else, of whoever may act on every row."""
    require(actor, action, row_of(seen) if kind in OF_PROJECTS else None)


def _visible(session: Session, scope: Scope, number: int) -> Attachment:
    """A file whose object the reader may see; a file of another is not there for them."""
    found = attachment(session, number)
    try:
        require_object(session, scope, found.object_kind, found.object_code)
    except NotFoundError:
        raise NotFoundError("attachment.not_found", id=str(number)) from None
    return found


def read_upload(file: UploadFile) -> bytes:
    """What was uploaded; refused past the limit before the rest is read."""
    content = file.file.read(MAX_SIZE + 1)
    if len(content) > MAX_SIZE:
        raise TooLargeError("request.too_large", limit=str(MAX_SIZE >> 20))
    return content


def as_download(session: Session, found: Attachment) -> Response:
    """A file as an answer that no browser shows in the page: a download under its own name, in a sandbox."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\' else "_" for letter in found.name)
    headers: dict[str, Any] = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    return Response(content_of(session, found), media_type=found.media_type, headers=headers)
