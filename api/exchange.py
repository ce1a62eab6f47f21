"""`/exports/{kind}.{suffix}` and `/imports`: the same tables as the `portfolio` command."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from sqlmodel import Session

from api.context import By, Language, Reading, Within
from api.narrowing import ProjectPage, project_filters
from api.origin import origin_of_request
from api.shapes import answer
from portfolio.access.origin import stamp
from portfolio.access.rules import Actor, Scope
from portfolio.core.database import transaction
from portfolio.core.errors import InvalidError, NotFoundError, TooLargeError
from portfolio.core.settings import get_settings
from portfolio.exchange.columns import KINDS
from portfolio.exchange.exporting import ExportQuery, export
from portfolio.exchange.importing import Options, Outcome, run_import
from portfolio.people.limits import admit_import

router = APIRouter(tags=["exchange"])
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportPage(ProjectPage):
    """The filters and sort of the list, the columns to write, and the language of headings (machine names without)."""

    columns: Annotated[list[str], Query()] = []
    headings: Annotated[str | None, Query(pattern="^(zh|en)$")] = None


@router.get("/exports/{name}", operation_id="export", response_class=Response)
def download(name: str, parameters: Annotated[ExportPage, Query()], session: Reading, scope: Within) -> Response:
    """A table as a file, made whole before it is sent: `projects.xlsx`, `needs.csv` …"""
    kind, _, suffix = name.rpartition(".")
    if kind not in KINDS or suffix not in MEDIA:
        raise NotFoundError("request.not_found")
    filters = project_filters(parameters.model_copy(update={"item": None} if kind == "needs" else {}), session)
    item = parameters.item if kind == "needs" else None
    query = ExportQuery(
        filters, parameters.sort, item, tuple(parameters.year), tuple(parameters.columns), parameters.headings
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        export(session, scope, kind, path, query)
        content = path.read_bytes()
    return Response(
        content, media_type=MEDIA[suffix], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.post("/imports", operation_id="import_table")
def upload(
    request: Request,
    file: Annotated[UploadFile, File()],
    scope: Within,
    actor: By,
    lang: Language,
    kind: str | None = None,
    check: bool = False,
    partial: bool = False,
) -> Response:
    """Read a table in, all rows or none; 422 with every finding when it is refused."""
    if kind is not None and kind not in KINDS:
        raise InvalidError("import.bad_kind", value=kind, allowed="、".join(KINDS))
    with transaction(request.app.state.engine) as session:
        admit_import(session, actor)
    limit = get_settings().max_upload_mb
    name = Path(file.filename or "upload.csv").name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()}"
        keep(file, path, limit)
        options = Options(kind, partial, check, limit, (name,))
        outcome = _run(request, actor, scope, path, options)
    status = 200 if outcome.applied or not outcome.findings else 422
    return answer({"check": check, **outcome.as_record(lang)}, status)


def keep(file: UploadFile, path: Path, limit: int) -> None:
    """Write an upload to `path`, refused past `limit` megabytes."""
    size = 0
    with path.open("wb") as target:
        while chunk := file.file.read(1 << 20):
            size += len(chunk)
            if size > limit << 20:
                raise TooLargeError("request.too_large", limit=str(limit))
            target.write(chunk)


def _run(request: Request, actor: Actor, scope: Scope, path: Path, options: Options) -> Outcome:
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        stamp(session, origin_of_request(request))
        outcome = run_import(session, actor, scope, [path], options)
        if outcome.applied:
            session.commit()
    return outcome
