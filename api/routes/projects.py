"""`/projects`: list, read, create, change, remove, history."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads, writes
from api.door.shapes import answer, page, project_json, project_values
from api.routes.as_of import AsOf, project_then
from api.routes.beside import Include, beside_json, written_json
from api.routes.journal import entry_json
from api.routes.narrowing import ProjectPage, project_filters
from api.schemas.answers.library import JournalEntryOut
from api.schemas.answers.listed import Listed
from api.schemas.records import (
    ProjectBesideDetail,
    ProjectBesideList,
    ProjectChange,
    ProjectDetail,
    ProjectIn,
    ProjectList,
    ProjectMade,
    ProjectThen,
    ProjectWritten,
)
from api.schemas.values import Number
from portfolio.access.rules import Scope, within
from portfolio.core.errors import FieldError
from portfolio.core.i18n import error_text
from portfolio.core.records import picked
from portfolio.journal.queries import count_history, history
from portfolio.needs.beside import needs_beside
from portfolio.needs.queries import not_applicable
from portfolio.projects import service
from portfolio.projects.beside import beside, hidden_rooms, may_see, one_beside
from portfolio.projects.ended import FIELDS, ended_in
from portfolio.projects.queries import get_project, list_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules import facts as rules
from portfolio.projects.tables import ProjectData
from portfolio.reporting.complete import complete_of
from portfolio.reporting.discarding import take_out

router = APIRouter(prefix="/projects", tags=["projects"])


@router.get("", response_model=ProjectList | ProjectBesideList, operation_id="list_projects")
@reads
def index(parameters: Annotated[ProjectPage, Query()], session: Reading, scope: Within) -> Response:
    """Projects as they were accepted, filtered, sorted, a page at a time.

    `include=proposed` adds those that were never accepted and says what is proposed, for who enters or reviews them.
    """
    filters = project_filters(parameters, session)
    if parameters.include is None:
        found = list_projects(session, scope, filters, parameters.sort, parameters.limit, parameters.after)
        return page([project_json(row) for row in found.rows], found.next, found.total)
    filters = replace(filters, proposed=None)
    found = list_projects(session, scope, filters, parameters.sort, parameters.limit, parameters.after)
    return page([beside_json(one) for one in beside(session, scope, found.rows)], found.next, found.total)


@router.post("", response_model=ProjectMade, status_code=201, operation_id="create_project")
@writes
def create(body: ProjectIn, session: Writing, actor: By, lang: Language) -> Response:
    """Enter a project; without a code it is given the next one."""
    data = ProjectData(**project_values(body.model_dump()))
    made = service.create_project(session, actor, data, body.reason)
    headers = {"ETag": etag(made["version"]), "Location": f"/api/v1/projects/{made['code']}"}
    return answer({**project_json(made), "warnings": _told(ended_in(session, made, None), lang)}, 201, headers)


@router.get("/{code}", response_model=ProjectDetail | ProjectBesideDetail | ProjectThen, operation_id="get_project")
@reads
def show(
    code: str, session: Reading, scope: Within, lang: Language, as_of: AsOf = None, include: Include = None
) -> Response:
    """One project, with its ETag; with `as_of` as it stood at the end of that day or at that instant, without one.

    `include=proposed` lays over it what is proposed, for who enters or reviews it.
    """
    if as_of is not None:
        return answer(project_then(session, scope, code, as_of))
    project = get_project(session, scope, code)
    if include is not None:
        seen = one_beside(session, scope, project)
        shown = may_see(session, scope, project)
        body = {**_detail(session, scope, seen.project, lang, shown), **beside_json(seen)}
        body["not_applicable"] = needs_beside(session, scope, code).not_applicable
        return answer(body, headers={"ETag": etag(project["version"])})
    return answer(_detail(session, scope, project, lang), headers={"ETag": etag(project["version"])})


@router.patch("/{code}", response_model=ProjectWritten, operation_id="update_project")
@writes
def change(
    code: str, body: ProjectChange, session: Writing, scope: Within, actor: By, version: Expected, lang: Language
) -> Response:
    """Change the fields sent; needs If-Match.

    Without the last word on the record the change is a proposal: the answer says what is `proposed`, and the record
    stays as it is until that is accepted.
    """
    changes = project_values(body.model_dump(exclude_unset=True))
    changed = service.update_project(session, actor, scope, code, changes, body.reason, version)
    named = picked(changed, [name for name in FIELDS if name in changes])
    told = {**written_json(session, changed), "warnings": _told(ended_in(session, named, None), lang)}
    return answer(told, headers={"ETag": etag(changed["version"])})


@router.delete("/{code}", status_code=204, operation_id="remove_project")
@writes
def remove(
    code: str, session: Writing, scope: Within, actor: By, version: Expected, reason: str | None = None
) -> Response:
    """Remove a project with its needs; needs If-Match."""
    take_out(session, actor, scope, code, reason, version)
    return Response(status_code=204)


@router.get("/{code}/history", response_model=Listed[JournalEntryOut], operation_id="project_history")
@reads
def changes(
    code: str,
    session: Reading,
    scope: Within,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Number | None = None,
) -> Response:
    """Who changed what, newest first; from which address is for those who read the journal."""
    without = hidden_rooms(session, scope, get_project(session, scope, code))
    entries = history(session, code, limit + 1, after, without=without)
    hidden = {} if within(scope, "journal.read").some else {"address": ""}
    rows = [{**entry_json(entry), **hidden} for entry in entries[:limit]]
    following = str(rows[-1]["id"]) if len(entries) > limit else None
    return page(rows, following, count_history(session, code, without))


def _detail(session: Any, scope: Scope, project: ProjectRecord, lang: str, beside: bool = False) -> dict[str, Any]:
    closed, complete = not_applicable(session, scope, project["code"]), complete_of(session, project, beside)
    return {
        **project_json(project),
        "complete_percent": complete.percent,
        "missing": [one.name for one in complete.missing],
        "not_applicable": closed,
        "warnings": _told(rules.warnings(project), lang),
    }


def _told(faults: Iterable[FieldError], lang: str) -> list[dict[str, str]]:
    return [
        {"field": fault.field, "code": fault.code, "message": error_text(fault.code, lang, fault.params)}
        for fault in faults
    ]
