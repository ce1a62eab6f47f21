"""`/projects/{code}/details`: what an office says of land, sea and forest beside their quantities."""

from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.beside import Include
from api.schemas.answers.library import AttributeOut, DetailsOut
from api.schemas.answers.listed import Listed
from api.schemas.finance import DetailBatchIn, DetailIn
from portfolio.access.rules import Scope
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.i18n import error_text
from portfolio.core.units import NotExactError, outer_text, to_base
from portfolio.needs.details import (
    DetailEdit,
    detail_findings,
    details_proposed,
    made_up_details,
    project_details,
    save_details,
)
from portfolio.needs.rules.attributes import attributes, version
from portfolio.projects.beside import may_see
from portfolio.projects.queries import get_project

router = APIRouter(tags=["needs"])


@router.get("/attributes", response_model=Listed[AttributeOut], operation_id="list_attributes")
@reads
def index() -> Response:
    """The attributes offices state, with their types and choices."""
    rows = [{**vars(one), "version": version()} for one in attributes().values()]
    return page(rows, None, len(rows))


@router.get("/projects/{code}/details", response_model=DetailsOut, operation_id="project_details")
@reads
def show(code: str, session: Reading, scope: Within, lang: Language, include: Include = None) -> Response:
    """Attributes (areas in 公顷) and where they contradict the quantities; the ETag is that of the needs."""
    return _whole(session, scope, code, lang, include is not None)


@router.patch("/projects/{code}/details", response_model=DetailsOut, operation_id="save_details")
def save(
    code: str, body: DetailBatchIn, session: Writing, scope: Within, actor: By, lang: Language, expected: Expected
) -> Response:
    """Set attributes, all or none; needs If-Match with the ETag of the needs."""
    edits = [_edit(place, sent) for place, sent in enumerate(body.edits)]
    save_details(session, actor, scope, code, edits, expected, body.reason)
    return _whole(session, scope, code, lang, beside=True)


def _edit(place: int, sent: DetailIn) -> DetailEdit:
    value, known = sent.value, attributes().get(sent.attribute)
    if value is not None and known is not None and known.type == "area":
        try:
            value = str(to_base(Decimal(value), "ha"))
        except (InvalidOperation, NotExactError, ValueError):
            fault = FieldError(f"{place}.value", "field.not_exact", {"value": value})
            raise InvalidError("need.invalid", [fault]) from None
    return DetailEdit(sent.item, sent.attribute, value)


def _whole(session: Session, scope: Scope, code: str, lang: str, beside: bool) -> Response:
    project = get_project(session, scope, code)
    details = project_details(session, scope, code)
    beside = beside and may_see(session, scope, project)
    if beside:
        details = details_proposed(session, project["id"], details)
    rows: list[dict[str, Any]] = []
    made_up = made_up_details(session, project["id"])
    for (item, attribute), value in details.items():
        area = attributes()[attribute].type == "area"
        shown = outer_text(int(value), "area") if area else value
        basis = "illustrative" if (item, attribute) in made_up else "reported"
        rows.append({"item": item, "attribute": attribute, "value": shown, "basis": basis})
    found = [
        {"field": f.field, "code": f.code, "message": error_text(f.code, lang, f.params)}
        for f in detail_findings(session, scope, code, beside)
    ]
    return answer({"items": rows, "findings": found}, headers={"ETag": etag(project["needs_version"])})
