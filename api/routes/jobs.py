"""Long computations over HTTP: solve a scenario or explain its answer as a job; progress, stop, results and files."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.exchange import MEDIA
from api.routes.scenarios import job_json
from api.schemas.answers.jobs import JobOut, JobQueued, JobState
from api.schemas.answers.listed import Listed
from api.schemas.answers.scenarios import ExplanationOut, ResultOut
from api.schemas.media import CSV, DOCX, XLSX, files
from api.schemas.values import Number, Strict
from portfolio.access.rules import Scope
from portfolio.briefing.scenario_book import write_scenario_book
from portfolio.briefing.scenario_document import write_scenario_document
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.exchange.sheets.writing import write_csv
from portfolio.scenarios.queries import explanations, get_job, scenario_head, scenario_jobs
from portfolio.scenarios.result import HEADING, result_record, result_rows
from portfolio.scenarios.solving import jobs
from portfolio.scenarios.solving.dispatch import revive
from portfolio.scenarios.words import Names, admission_words, curve_words, line_words, names_of

router = APIRouter(tags=["scenarios"])
WRITERS = {"xlsx": (write_scenario_book, MEDIA["xlsx"]), "docx": (write_scenario_document, DOCX)}


WORDS: dict[str, Callable[[Mapping[str, Any], Names], list[str]]] = {
    "project": admission_words,
    "pool": lambda found, names: [curve_words(found, names)],
    "line": line_words,
}


class QuestionIn(Strict):
    """What is to be found out by solving again: a project, a pool; the frontier or who is next in line (no subject)."""

    kind: Literal["project", "pool", "frontier", "line"]
    subject: str = Field("", max_length=40)


@router.post("/scenarios/{code}/solve", status_code=202, response_model=JobQueued, operation_id="solve_scenario")
def solve(code: str, session: Writing, actor: By, request: Request, tasks: BackgroundTasks) -> Response:
    """Queue a solve; the answer names the job, whose progress is at `/jobs/{id}`."""
    number = jobs.ask(session, actor, code)
    return _queued(number, request, tasks)


@router.post(
    "/scenarios/{code}/explanations", status_code=202, response_model=JobQueued, operation_id="explain_scenario"
)
def explain(
    code: str, body: QuestionIn, session: Writing, actor: By, request: Request, tasks: BackgroundTasks
) -> Response:
    """Queue a question about the answer that takes solving again."""
    number = jobs.ask(session, actor, code, body.kind, body.subject)
    return _queued(number, request, tasks)


def _queued(number: Number, request: Request, tasks: BackgroundTasks) -> Response:
    found = answer({"job": number, "state": "queued"}, 202, {"Location": f"/api/v1/jobs/{number}"})
    # After the answer, thus after the commit: the worker finds the job.
    tasks.add_task(revive, request.app.state.engine)
    found.background = tasks
    return found


@router.get("/scenarios/{code}/explanations", response_model=Listed[ExplanationOut], operation_id="list_explanations")
@reads
def explained(code: str, session: Reading, scope: Within, lang: Language) -> Response:
    """What was found out about the answer, as figures and in words."""
    names = names_of(session, scope, code, lang)
    rows = []
    for (kind, subject), content in explanations(session, scope, code).items():
        said = WORDS[kind](content, names) if kind in WORDS else []
        rows.append({"kind": kind, "subject": subject, "words": said, "content": content})
    return page(rows, None, len(rows))


@router.get("/scenarios/{code}/jobs", response_model=Listed[JobOut], operation_id="list_scenario_jobs")
@reads
def of_scenario(code: str, session: Reading, scope: Within) -> Response:
    """The jobs of a scenario, the newest first."""
    rows = [job_json(job) for job in scenario_jobs(session, scope, code)]
    return page(rows, None, len(rows))


@router.get("/scenarios/{code}/result", response_model=ResultOut, operation_id="scenario_result")
@reads
def result(code: str, session: Reading, scope: Within, lang: Language) -> Response:
    """The answer as `portfolio allocate --json` gives one; 409 before there is one."""
    _require_answer(session, scope, code)
    return answer(result_record(session, scope, code, lang))


@router.get(
    "/scenarios/{code}/result.{suffix}",
    operation_id="scenario_result_file",
    response_class=Response,
    responses=files(CSV, XLSX, DOCX),
)
def result_file(code: str, suffix: str, session: Reading, scope: Within, lang: Language) -> Response:
    """A row a project (`.csv`), or the table for a meeting (`.xlsx`, `.docx`)."""
    if suffix != "csv" and suffix not in WRITERS:
        raise NotFoundError("request.not_found")
    _require_answer(session, scope, code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{suffix}"
        if suffix == "csv":
            write_csv(path, HEADING, result_rows(session, scope, code, lang))
        else:
            WRITERS[suffix][0](session, scope, path, code, lang)
        content = path.read_bytes()
    media = MEDIA["csv"] if suffix == "csv" else WRITERS[suffix][1]
    return Response(
        content, media_type=media, headers={"Content-Disposition": f'attachment; filename="result.{suffix}"'}
    )


def _require_answer(session: Session, scope: Scope, code: str) -> None:
    if not scenario_head(session, scope, code)["status"]:
        raise ConflictError("allocation.not_solved", code=code)


@router.get("/jobs/{number}", response_model=JobOut, operation_id="get_job")
def show(number: Number, session: Reading, scope: Within, request: Request) -> Response:
    """A job with its progress: incumbent, bound, gap and seconds as they came. A job left by its worker is revived."""
    found = get_job(session, scope, number)
    if found["state"] in ("queued", "running"):
        revive(request.app.state.engine)
    return answer(job_json(found))


@router.post("/jobs/{number}/stop", response_model=JobState, operation_id="stop_job")
def stop(number: Number, session: Writing, actor: By) -> Response:
    """Stop a job; a running one keeps the best it has found."""
    return answer({"id": number, "state": jobs.stop(session, actor, number)})
