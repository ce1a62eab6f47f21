"""`/readiness`: how ready projects are and what holds them up; steps of one project with their files."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.attachments import as_download, read_upload
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.answers.library import AttachedOut
from api.schemas.answers.listed import Listed
from api.schemas.answers.readiness import ChecklistOut, ExpiryOut, HeldOut, ReadinessOut, StepOut
from api.schemas.media import ANY, files
from api.schemas.values import MOST, Day, Number, Strict
from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.frames import records
from portfolio.filing import service as attaching
from portfolio.projects.queries import get_project
from portfolio.readiness.project import ProjectReadiness, project_readiness
from portfolio.readiness.queries import (
    attachments,
    expiries,
    expiries_by_month,
    named_readiness,
    office,
    readiness_frame,
    start_day,
    stored_steps,
)
from portfolio.readiness.records import ChecklistStep, StepFile
from portfolio.readiness.rules.templates import step_kinds
from portfolio.readiness.service import save_step

router = APIRouter(tags=["readiness"])


class ProjectStepIn(Strict):
    """What an office says of a step; fields left out stay as they are."""

    status: str
    planned_on: Day | None = None
    actual_on: Day | None = None
    valid_until: Day | None = None
    doc_no: str = Field("", max_length=80)
    authority: str = Field("", max_length=120)
    note: str = Field("", max_length=500)


class BoardParameters(ProjectParameters):
    """The filters of project lists, and the day that is asked about (today)."""

    as_of: Day | None = None


class ReadinessPage(BoardParameters):
    """… with the page; `after` counts the rows already read."""

    limit: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=MOST)


@router.get("/readiness", response_model=Listed[ReadinessOut], operation_id="list_readiness")
@reads
def index(parameters: Annotated[ReadinessPage, Query()], session: Reading, scope: Within, lang: Language) -> Response:
    """Projects not yet begun, those nearest to their start first: steps done, earliest start, what holds each up."""
    day, limit, after = parameters.as_of or today(), parameters.limit, parameters.after
    frame = readiness_frame(session, scope, day, project_filters(parameters, session))
    waiting = frame[~frame["started"]].sort_values(["days_left", "project_id"])
    shown = named_readiness(session, waiting.iloc[after : after + limit])
    rows = [_row(row, day, lang) for row in records(shown)]
    return page(rows, str(after + limit) if after + limit < len(waiting) else None, len(waiting))


@router.get("/readiness/board", response_model=Listed[HeldOut], operation_id="readiness_board")
@reads
def board(parameters: Annotated[BoardParameters, Query()], session: Reading, scope: Within, lang: Language) -> Response:
    """Projects not yet begun by the step that holds them up and the office that owns it."""
    frame = readiness_frame(session, scope, parameters.as_of or today(), project_filters(parameters, session))
    held = frame[~frame["started"]].groupby(["holding", "authority"], as_index=False).agg(projects=("steps", "size"))
    rows = [
        {
            "step": row["holding"] or None,
            "office": office(row["holding"], row["authority"], lang),
            "projects": row["projects"],
        }
        for row in records(held)
    ]
    return page(rows, None, len(rows))


@router.get("/expiries", response_model=Listed[ExpiryOut], operation_id="list_expiries")
@reads
def running_out(
    session: Reading,
    scope: Within,
    first: Day | None = None,
    last: Day | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> Response:
    """Approvals of projects not yet begun that run out between two days (today and the end of next year)."""
    begin = first or today()
    end = last or date(begin.year + 1, 12, 31)
    rows = [vars(one) for one in expiries(session, scope, begin, end, limit)]
    return page(rows, None, sum(expiries_by_month(session, scope, begin, end).values()))


@router.get("/projects/{code}/readiness", response_model=ChecklistOut, operation_id="project_readiness")
@reads
def show(
    code: str,
    session: Reading,
    scope: Within,
    lang: Language,
    as_of: Day | None = None,
    seed: Annotated[int | None, Query(ge=0, le=2**32 - 1)] = None,
) -> Response:
    """The checklist with authorities, dates and critical path, the earliest start and how sure it is."""
    found = project_readiness(session, scope, code, as_of or today(), seed)
    return answer(readiness_json(found, attachments(session, found.project["code"]), lang))


@router.get("/projects/{code}/steps/{step}", response_model=StepOut, operation_id="get_step")
@reads
def step(code: str, step: str, session: Reading, scope: Within) -> Response:
    """What a project has said of one step, with its ETag (`"0"` before anything was said)."""
    return _answer_step(session, scope, code, step)


@router.put("/projects/{code}/steps/{step}", response_model=StepOut, operation_id="save_step")
def put(
    code: str, step: str, body: ProjectStepIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Set what a project says of a step; needs If-Match."""
    sent = body.model_dump(exclude_unset=True)
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in sent.items()}
    save_step(session, actor, scope, code, step, values, expected)
    return _answer_step(session, scope, code, step)


@router.post(
    "/projects/{code}/steps/{step}/attachments", status_code=201, response_model=AttachedOut, operation_id="attach_file"
)
def upload(
    code: str, step: str, file: Annotated[UploadFile, File()], session: Writing, scope: Within, actor: By
) -> Response:
    """Lay a file beside a step."""
    place, content = f"{code}/{step}", read_upload(file)
    return answer({"id": attaching.lay(session, actor, scope, "step", place, file.filename or "", content)}, 201)


@router.get(
    "/projects/{code}/attachments/{number}",
    operation_id="get_attachment",
    response_class=Response,
    responses=files(ANY),
)
def download(code: str, number: Number, session: Reading, scope: Within) -> Response:
    """The file itself, always as a download."""
    get_project(session, scope, code)
    found = attaching.found(session, scope, number)
    if found.object_kind not in ("project", "step", "lift") or found.object_code.partition("/")[0] != code:
        raise NotFoundError("attachment.not_found", id=str(number))
    return as_download(session, found)


def _answer_step(session: Session, scope: Scope, code: str, step: str) -> Response:
    if step not in step_kinds():
        raise InvalidError("readiness.unknown_step", value=step)
    project = get_project(session, scope, code)
    said = stored_steps(session, project["id"]).get(step)
    held: Mapping[str, Any] = said or {"status": "not_started", "revision": 0}
    shown = {name: value for name, value in held.items() if name != "revision"}
    return answer({"project": code, **shown, "step": step}, headers={"ETag": etag(held["revision"])})


def _row(row: Mapping[Any, Any], day: date, lang: str) -> dict[str, Any]:
    return {
        "project": row["code"],
        "name": row["name_zh"],
        "steps": row["steps"],
        "done": row["done"],
        "days_left": row["days_left"],
        "earliest_start": start_day(day, row["days_left"]).isoformat(),
        "holding": row["holding"] or None,
        "office": office(row["holding"], row["authority"], lang),
        "approval_type_assumed": bool(row["assumed"]),
    }


def readiness_json(found: ProjectReadiness, files: list[StepFile], lang: str) -> dict[str, Any]:
    """A project's readiness as JSON."""
    steps = [_step_json(row, lang) for row in found.steps]
    outcome = found.outcome
    return {
        "project": found.project["code"],
        "as_of": found.as_of.isoformat(),
        "template": {
            "approval_type": found.template.approval_type,
            "sector": found.template.sector,
            "version": found.version,
            "assumed": found.assumed,
        },
        "steps": steps,
        "days_left": found.days_left,
        "earliest_start": found.start_on.isoformat() if found.start_on else None,
        "holding": found.holding or None,
        "office": found.office[1 if lang == "en" else 0],
        "sureness": {f"p{share}": day.isoformat() for share, day in found.sureness.items()},
        "seed": outcome.seed if outcome else None,
        "criticality": outcome.criticality if outcome else {},
        "attachments": [{**one, "at": one["at"].isoformat()} for one in files],
    }


def _step_json(row: ChecklistStep, lang: str) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in ("authority_zh", "authority_en")}
    authority = row["authority_en"] if lang == "en" else row["authority_zh"]
    return {**shown, "name": step_kinds()[row["step"]].name(lang), "authority": authority}
