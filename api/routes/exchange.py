"""`/exports/{kind}.{suffix}` and `/templates/{kind}.xlsx`: tables out, and workbooks to fill in."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response, UploadFile

from api.door.context import Language, Reading, Within
from api.routes.narrowing import ProjectPage, ProjectParameters, project_filters
from api.schemas.answers.people import ExportOut
from api.schemas.media import CSV, JSON, XLSX, files
from portfolio.core.errors import NotFoundError, TooLargeError
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.template_spec import TEMPLATES
from portfolio.exchange.templates.workbook import write_template

router = APIRouter(tags=["exchange"])
MEDIA = {"csv": CSV, "json": JSON, "xlsx": XLSX}


class ExportPage(ProjectPage):
    """The filters and sort of the list, the columns to write, and the language of headings (machine names without)."""

    columns: Annotated[list[str], Query()] = []
    headings: Annotated[str | None, Query(pattern="^(zh|en)$")] = None


@router.get("/exports/{name}", response_model=ExportOut, operation_id="export", responses=files(CSV, XLSX))
def download(name: str, parameters: Annotated[ExportPage, Query()], session: Reading, scope: Within) -> Response:
    """A table as a file, made whole before it is sent: `projects.xlsx`, `needs.csv` …

    `include=proposed` adds to projects and needs what is proposed, each row marked, for who enters or reviews it.
    """
    kind, _, suffix = name.rpartition(".")
    if kind not in KINDS or suffix not in MEDIA:
        raise NotFoundError("request.not_found")
    filters = project_filters(parameters.model_copy(update={"item": None} if kind == "needs" else {}), session)
    item = parameters.item if kind == "needs" else None
    query = ExportQuery(
        filters,
        parameters.sort,
        item,
        tuple(parameters.year),
        tuple(parameters.columns),
        parameters.include is not None,
        parameters.headings,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        export(session, scope, kind, path, query)
        content = path.read_bytes()
    return Response(
        content, media_type=MEDIA[suffix], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def keep(file: UploadFile, path: Path, limit: int) -> None:
    """Write an upload to `path`, refused past `limit` megabytes."""
    size = 0
    with path.open("wb") as target:
        while chunk := file.file.read(1 << 20):
            size += len(chunk)
            if size > limit << 20:
                raise TooLargeError("request.too_large", limit=str(limit))
            target.write(chunk)


class TemplatePage(ProjectParameters):
    """The filters of what is filled in, and whether anything is."""

    prefilled: bool = False


@router.get("/templates/{name}", operation_id="template", response_class=Response, responses=files(XLSX))
def template(
    name: str, parameters: Annotated[TemplatePage, Query()], session: Reading, scope: Within, lang: Language
) -> Response:
    """A workbook to fill in: `projects.xlsx`, `needs.xlsx` …; `prefilled` puts in what is there, by the filters."""
    kind, _, suffix = name.rpartition(".")
    if kind not in TEMPLATES or suffix != "xlsx":
        raise NotFoundError("request.not_found")
    filters = project_filters(parameters, session) if parameters.prefilled else None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_template(session, scope, kind, path, lang, filters)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="template-{name}"'}
    return Response(content, media_type=MEDIA[suffix], headers=headers)
