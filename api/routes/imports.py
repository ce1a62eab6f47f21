"""`/imports`: read tables in at once, or upload, look at what would happen, confirm, and undo."""

import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from sqlalchemy import Engine
from sqlmodel import Session

from api.door.context import By, Language, Reading, Within
from api.door.shapes import answer
from api.routes.exchange import MEDIA, keep
from api.schemas.answers.people import ImportedOut
from api.schemas.imports import ImportFindings, ImportList, ImportOut, ImportRows, import_json, whole_json
from api.schemas.media import ANY, XLSX, Answers, files, refused
from api.schemas.values import Number
from portfolio.access.rules import Actor, Scope
from portfolio.core.database import transaction
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.settings import get_settings
from portfolio.exchange.rows.importing import Options, Outcome, import_read
from portfolio.exchange.shapes.profile import Profile
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.preview import OUTCOMES
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.annotate import annotate
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.exchange.uploads.profiles import profile_named, remembered
from portfolio.people.limits import admit_import

router = APIRouter(prefix="/imports", tags=["imports"])
UNDER_WAY_IMPORT: Answers = {202: {"model": ImportOut, "description": "The work on it goes on"}}


@router.post("", response_model=ImportedOut, operation_id="import_table", responses=refused(ImportedOut))
def upload_at_once(
    request: Request,
    file: Annotated[UploadFile, File()],
    scope: Within,
    actor: By,
    lang: Language,
    kind: str | None = None,
    check: bool = False,
    partial: bool = False,
    profile: Annotated[str | None, Query(max_length=80, description="a profile's name")] = None,
) -> Response:
    """Read a table in, all rows or none; 422 with every finding when it is refused. What is applied is recorded.

    Tables in an office's own form are read by the named profile, else by one of the office's that knows their headings.
    """
    if kind is not None and kind not in KINDS:
        raise InvalidError("import.bad_kind", value=kind, allowed="、".join(KINDS))
    limit = get_settings().max_upload_mb
    name = file_name(file)
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(file, folder)
        _admit(request.app.state.engine, actor)
        said = _profiles(request.app.state.engine, actor, profile)
        options = Options(kind, partial, check, limit, (name,), profiles=said)
        outcome, number = _run(request.app.state.engine, actor, scope, path, options)
    status = 200 if outcome.applied or not outcome.findings else 422
    return answer({"check": check, "import": number, **outcome.as_record(lang)}, status)


@router.post(
    "/uploads", response_model=ImportOut, status_code=201, operation_id="upload_import", responses=UNDER_WAY_IMPORT
)
def upload(
    request: Request,
    file: Annotated[UploadFile, File()],
    scope: Within,
    actor: By,
    lang: Language,
    kind: str | None = None,
    profile: Annotated[str | None, Query(max_length=80, description="a profile's name")] = None,
) -> Response:
    """Keep a file as an import and check it; nothing is written before it is confirmed. A long check goes on alone."""
    engine = request.app.state.engine
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(file, folder)
        _admit(engine, actor)
        number = applying.take_in(engine, actor, scope, [(path, file_name(file))], kind, profile)
    return _shown(engine, actor, number, lang, 201, {"Location": f"/api/v1/imports/{number}"})


@router.get("", response_model=ImportList, operation_id="list_imports")
def index(
    session: Reading,
    actor: By,
    lang: Language,
    state: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[Number | None, Query(description="the number of the last import seen")] = None,
) -> Response:
    """Imports, the newest first."""
    found = imports_queries.list_imports(session, actor, limit + 1, after, state)
    items = [import_json(record, files, lang) for record, files in found[:limit]]
    following = str(items[-1]["id"]) if len(found) > limit else None
    return answer({"items": items, "next": following, "total": imports_queries.count_imports(session, actor)})


@router.get("/{number:int}", response_model=ImportOut, operation_id="get_import", responses=UNDER_WAY_IMPORT)
def show(request: Request, number: Number, actor: By, lang: Language) -> Response:
    """One import: its state, counts, and while somebody is at work on it how far the work is."""
    engine = request.app.state.engine
    applying.settle(engine, number)
    return _shown(engine, actor, number, lang)


@router.get("/{number}/rows", response_model=ImportRows, operation_id="import_rows")
def rows(number: Number, session: Reading, actor: By, outcome: str = "changed") -> Response:
    """The first rows of an outcome (`new`, `changed`, `unchanged`) with what stood and what is to stand."""
    if outcome not in OUTCOMES:
        raise InvalidError("import.bad_outcome", value=outcome, allowed="、".join(OUTCOMES))
    record, told = imports_queries.get(session, number, actor), imports_queries.preview_of(session, number)
    return answer({"items": told["rows"].get(outcome, []), "total": getattr(record, outcome)})


@router.get("/{number}/findings", response_model=ImportFindings, operation_id="import_findings")
def findings(number: Number, session: Reading, actor: By, lang: Language) -> Response:
    """What is wrong with the file, cell by cell with the remedy, and what deserves a second look."""
    record, told = imports_queries.get(session, number, actor), imports_queries.preview_of(session, number)
    items = [finding.as_record(lang) for finding in told["findings"]]
    return answer(
        {"items": items, "total": record.findings, "warnings": [one.as_record(lang) for one in told["warnings"]]}
    )


@router.post("/{number}/check", response_model=ImportOut, operation_id="check_import", responses=UNDER_WAY_IMPORT)
def check_again(request: Request, number: Number, scope: Within, actor: By, lang: Language) -> Response:
    """Check the kept file anew, against the data as they are now."""
    engine = request.app.state.engine
    applying.check_again(engine, actor, scope, number)
    return _shown(engine, actor, number, lang)


@router.post("/{number}/confirm", response_model=ImportOut, operation_id="confirm_import", responses=UNDER_WAY_IMPORT)
def confirm(request: Request, number: Number, scope: Within, actor: By, lang: Language) -> Response:
    """Write exactly what was previewed, in one transaction; 409 when a row it touches was changed since."""
    engine = request.app.state.engine
    applying.confirm(engine, actor, scope, number)
    return _shown(engine, actor, number, lang)


@router.post("/{number}/undo", response_model=ImportOut, operation_id="undo_import", responses=UNDER_WAY_IMPORT)
def undo(request: Request, number: Number, scope: Within, actor: By, lang: Language) -> Response:
    """Undo an import as a whole; 409 with the rows when somebody touched one of them since."""
    engine = request.app.state.engine
    applying.undo(engine, actor, scope, number)
    return _shown(engine, actor, number, lang)


@router.post("/{number}/cancel", response_model=ImportOut, operation_id="cancel_import")
def cancel(request: Request, number: Number, actor: By, lang: Language) -> Response:
    """Stop a check or an applying that is under way; it then writes nothing. One that has ended stays as it is."""
    engine = request.app.state.engine
    applying.cancel(engine, actor, number)
    return _shown(engine, actor, number, lang)


@router.get("/{number}/file", operation_id="import_file", response_class=Response, responses=files(ANY))
def original(request: Request, number: Number, session: Reading, actor: By, position: Number = 1) -> Response:
    """A file of the import as it was sent."""
    files = imports_queries.files_of(session, imports_queries.get(session, number, actor).id or 0)
    if not 1 <= position <= len(files):
        raise NotFoundError("request.not_found")
    stored = files[position - 1]
    path = imports_store.verified(imports_store.folder_of(request.app.state.engine), stored)
    return _sent(path.read_bytes(), stored.name)


@router.get("/{number}/annotated.xlsx", operation_id="annotated_import", response_class=Response, responses=files(XLSX))
def annotated(request: Request, number: Number, session: Reading, actor: By, lang: Language) -> Response:
    """The file with a comment on each bad cell and a sheet of errors; a CSV comes back as a workbook."""
    files = imports_queries.files_of(session, imports_queries.get(session, number, actor).id or 0)
    told = imports_queries.preview_of(session, number)
    store = imports_store.folder_of(request.app.state.engine)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "annotated.xlsx"
        annotate(imports_store.verified(store, files[0]), target, told["findings"], lang)
        return _sent(target.read_bytes(), f"{Path(files[0].name).stem}-annotated.xlsx")


def file_name(file: UploadFile) -> str:
    """The name a file was sent under, without folders."""
    return Path((file.filename or "upload.csv").replace("\\", "/")).name[:200]


def _kept(file: UploadFile, folder: str) -> Path:
    path = Path(folder) / f"upload{Path(file_name(file)).suffix.lower()}"
    keep(file, path, get_settings().max_upload_mb)
    return path


def _profiles(engine: Engine, actor: Actor, name: str | None) -> tuple[tuple[str, Profile], ...]:
    with Session(engine) as session:
        return ((name, profile_named(session, actor, name)),) if name else remembered(session, actor)


def _admit(engine: Engine, actor: Actor) -> None:
    """Count an upload against the hour's limit of its sender; raises `TooManyError`."""
    with transaction(engine) as session:
        admit_import(session, actor)


def _run(engine: Engine, actor: Actor, scope: Scope, path: Path, options: Options) -> tuple[Outcome, int | None]:
    """The outcome, and the number under which it was recorded when it was applied."""
    stored = imports_store.keep(imports_store.folder_of(engine), path, options.names[0])
    with (
        spooled([path], options.names, options.limit_mb) as sources,
        private_copy(engine) if options.check else Session(engine, expire_on_commit=False) as session,
    ):
        outcome = import_read(session, actor, scope, sources, options)
        if not outcome.applied:
            return outcome, None
        number = imports.record_applied(session, actor, [stored], outcome)
        session.commit()
    return outcome, number


def _shown(
    engine: Engine, actor: Actor, number: int, lang: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    with Session(engine) as session:
        record, files = imports_queries.get(session, number, actor), imports_queries.files_of(session, number)
        done = imports_store.progress(imports_store.folder_of(engine), number)
        body = whole_json(record, files, lang, done, imports_queries.amended_by(session, record))
    return answer(body, 202 if applying.busy(record.state) else status, headers)


def _sent(content: bytes, name: str) -> Response:
    suffix = Path(name).suffix.lower().lstrip(".")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA.get(suffix, "application/octet-stream"), headers=headers)
