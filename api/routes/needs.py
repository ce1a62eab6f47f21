"""`/needs`: what projects require, by item and year; single needs and batches of one project."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from sqlmodel import Session

from api.door.context import By, Expected, Reading, Within, Writing, etag, version_of
from api.door.lane import reads
from api.door.shapes import answer, base, need_json, page
from api.routes.as_of import AsOf, needs_then
from api.routes.beside import Include
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.records import NeedBatchIn, NeedEditIn, NeedIn, NeedList, NeedOut, NeedsThen, ProjectNeeds
from api.schemas.values import Year
from portfolio.access.rules import Scope, scope_of
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.core.frames import records
from portfolio.core.paging import DEFAULT_LIMIT, MAX_LIMIT
from portfolio.needs.beside import needs_beside
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.queries import get_need, list_needs, not_applicable, parse_key, project_needs
from portfolio.needs.service import save_needs, set_need
from portfolio.projects.queries import get_project
from portfolio.vocabulary.elements import element_tree

router = APIRouter(tags=["needs"])


class NeedPage(ProjectParameters):
    """Filters of the projects whose needs are listed, and of the needs: item (all under it), years, basis."""

    basis: Annotated[str | None, Query(pattern="^(reported|illustrative)$")] = None
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    after: str | None = None


@router.get("/needs", response_model=NeedList, operation_id="list_needs")
@reads
def index(parameters: Annotated[NeedPage, Query()], session: Reading, scope: Within) -> Response:
    """Needs in the order project, item, year."""
    filters = project_filters(parameters.model_copy(update={"item": None}), session)
    after = parse_key(parameters.after) if parameters.after else None
    found = list_needs(
        session, scope, filters, parameters.item, tuple(parameters.year), parameters.basis, parameters.limit, after
    )
    return page([need_json(row) for row in found.rows], found.next, found.total)


@router.get("/needs/{project}/{item}/{year}", response_model=NeedOut, operation_id="get_need")
@reads
def show(project: str, item: str, year: Year, session: Reading, scope: Within, include: Include = None) -> Response:
    """One need, with its ETag."""
    return _answer(session, scope, project, item, year, include is not None)


@router.put("/needs/{project}/{item}/{year}", response_model=NeedOut, operation_id="set_need")
def put(
    project: str,
    item: str,
    year: Year,
    body: NeedIn,
    session: Writing,
    scope: Within,
    actor: By,
    if_match: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Set one need: `If-None-Match: *` for a new one, `If-Match` for one that exists."""
    edit = NeedEdit(item, year, _base(session, item, body.required, "required"), body.basis)
    held = None if if_none_match == "*" else version_of(if_match)
    if held is None:
        _require_absent(session, scope, project, item, year)
    set_need(session, actor, scope, project, edit, body.reason, held)
    return _answer(session, scope_of(actor), project, item, year, beside=True)


@router.delete("/needs/{project}/{item}/{year}", status_code=204, operation_id="remove_need")
def remove(
    project: str,
    item: str,
    year: Year,
    session: Writing,
    scope: Within,
    actor: By,
    version: Expected,
    reason: str | None = None,
) -> Response:
    """Take one need back; needs If-Match."""
    get_need(session, scope, project, item, year)
    set_need(session, actor, scope, project, NeedEdit(item, year, None), reason, version)
    return Response(status_code=204)


@router.get("/projects/{code}/needs", response_model=ProjectNeeds | NeedsThen, operation_id="project_needs")
@reads
def of_project(code: str, session: Reading, scope: Within, as_of: AsOf = None, include: Include = None) -> Response:
    """All needs of one project, with the ETag of the whole; with `as_of` as they stood then, without one.

    `include=proposed` lays over them what is proposed, for who enters or reviews the project.
    """
    if as_of is not None:
        return answer(needs_then(session, scope, code, as_of))
    return _whole(code, session, scope, include is not None)


@router.patch("/projects/{code}/needs", response_model=ProjectNeeds, operation_id="save_project_needs")
def save(code: str, body: NeedBatchIn, session: Writing, scope: Within, actor: By, version: Expected) -> Response:
    """A batch of edits, all or none; needs If-Match with the ETag of the project's needs."""
    edits = [_edit(session, place, edit) for place, edit in enumerate(body.edits)]
    save_needs(session, actor, scope, code, edits, body.reason, version)
    return _whole(code, session, scope_of(actor), beside=True)


def _edit(session: Session, place: int, edit: NeedEditIn) -> NeedEdit:
    if edit.required is None or edit.required == NOT_APPLICABLE:
        return NeedEdit(edit.item, edit.year, None if edit.required is None else NOT_APPLICABLE, edit.basis)
    return NeedEdit(edit.item, edit.year, _base(session, edit.item, edit.required, f"{place}.required"), edit.basis)


def _base(session: Session, item: str, required: float, field: str) -> int:
    node = element_tree(session).by_code.get(item)
    if node is None:
        raise InvalidError("need.invalid", [FieldError("item", "item.not_found", {"value": item})])
    return base(required, node.dimension, field)


def _require_absent(session: Session, scope: Scope, project: str, item: str, year: int) -> None:
    rows = project_needs(session, scope, project)
    held = rows[(rows["item"] == item) & (rows["year"] == year)]
    if not held.empty:
        raise StaleError("need.stale", need_json(dict(held.iloc[0])), code=project)


def _answer(session: Session, scope: Scope, project: str, item: str, year: int, beside: bool = False) -> Response:
    rows = needs_beside(session, scope, project).rows if beside else ()
    here = [row for row in rows if (row["item"], row["year"]) == (item, year)]
    need = here[0] if here else get_need(session, scope, project, item, year)
    return answer(need_json(need), headers={"ETag": etag(need["revision"] or 0)})


def _whole(code: str, session: Session, scope: Scope, beside: bool = False) -> Response:
    project = get_project(session, scope, code)
    if beside:
        found = needs_beside(session, scope, code)
        rows, closed, keys = [need_json(row) for row in found.rows], found.not_applicable, list(found.keys)
    else:
        rows = [need_json(row) for row in records(project_needs(session, scope, code))]
        closed, keys = not_applicable(session, scope, code), []
    body = {"items": rows, "next": None, "total": len(rows), "not_applicable": closed, "proposed": keys}
    return answer(body, headers={"ETag": etag(project["needs_version"])})
