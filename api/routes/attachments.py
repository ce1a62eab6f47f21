"""`/attachments`: files beside objects of any kind, checked by content and always given back as downloads."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from sqlmodel import Session

from api.door.context import By, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.library import AttachedOut, AttachmentOut
from api.schemas.answers.listed import Listed
from api.schemas.media import ANY, files
from api.schemas.values import Number, Words
from portfolio.attachments.queries import content_of
from portfolio.attachments.rules import MAX_SIZE
from portfolio.attachments.tables import Attachment
from portfolio.core.errors import TooLargeError
from portfolio.filing import service as attaching

router = APIRouter(tags=["attachments"])


@router.get("/attachments", response_model=Listed[AttachmentOut], operation_id="list_attachments")
@reads
def index(
    object_kind: Annotated[str, Query()], object_code: Annotated[str, Query()], session: Reading, scope: Within
) -> Response:
    """The files beside an object."""
    found = attaching.listed(session, scope, object_kind, object_code)
    rows = [{**row, "at": row["at"].isoformat()} for row in found]
    return page(rows, None, len(rows))


@router.post("/attachments", status_code=201, response_model=AttachedOut, operation_id="attach")
def upload(
    object_kind: Annotated[Words, Form()],
    object_code: Annotated[Words, Form()],
    file: Annotated[UploadFile, File()],
    session: Writing,
    scope: Within,
    actor: By,
) -> Response:
    """Lay a file beside an object.

    A project, a step (`<project>/<step>`), a lifted veto (`<project>/<lift>`), a pool, a ledger entry, an edition.
    """
    content = read_upload(file)
    number = attaching.lay(session, actor, scope, object_kind, object_code, file.filename or "", content)
    return answer({"id": number}, 201, {"Location": f"/api/v1/attachments/{number}"})


@router.get("/attachments/{number}", operation_id="download_attachment", response_class=Response, responses=files(ANY))
def download(number: Number, session: Reading, scope: Within) -> Response:
    """The attached file itself, as it was sent."""
    return as_download(session, attaching.found(session, scope, number))


@router.delete("/attachments/{number}", status_code=204, operation_id="detach")
def remove(number: Number, session: Writing, scope: Within, actor: By, reason: str | None = None) -> Response:
    """Take a file away from its object."""
    attaching.take_away(session, actor, scope, number, reason)
    return Response(status_code=204)


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
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    return Response(content_of(session, found), media_type=found.media_type, headers=headers)
