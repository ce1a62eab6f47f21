"""Make the API application for an engine."""

from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

from api import description
from api.door import problems
from api.door.asked_once import asked_once
from api.door.body_limit import BodyLimitMiddleware
from api.door.context import DOOR, turns
from api.door.origin import OriginMiddleware
from api.door.shapes import current_json
from api.door.wire import WireMiddleware
from api.routes import (
    arranged,
    attachments,
    consultation,
    details,
    entry,
    exchange,
    finance,
    health,
    imports,
    jobs,
    journal,
    ledger,
    needs,
    people,
    policies,
    profiles,
    programme,
    projects,
    readiness,
    reporting,
    reporting_rounds,
    review,
    rolling,
    scenarios,
    scheme,
    screening,
    succession,
    summary,
)
from portfolio.core import schema

STATIC = Path(__file__).parent / "static"


ROOMS = (
    projects,
    needs,
    scheme,
    summary,
    details,
    readiness,
    attachments,
    journal,
    entry,
    reporting,
    reporting_rounds,
    ledger,
    review,
    finance,
    rolling,
    programme,
    arranged,
    consultation,
    succession,
    screening,
    policies,
    scenarios,
    jobs,
    exchange,
    people,
    imports,
    profiles,
)


def create_api(engine: Engine) -> FastAPI:
    """The API under `/api`, on `engine`."""
    app = FastAPI(
        title="Major-project portfolio",
        version=version("portfolio"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.head, app.state.shape_current = schema.head(), current_json
    serve_from(app, engine)
    problems.install(app)
    description.install(app)
    routes = APIRouter(prefix="/api/v1", dependencies=[*DOOR, Depends(asked_once)])
    app.add_middleware(WireMiddleware)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(OriginMiddleware)
    for room in ROOMS:
        routes.include_router(room.router)
    app.include_router(routes)
    app.include_router(health.router, prefix="/api")
    _install_docs(app)
    return app


def serve_from(app: FastAPI, engine: Engine) -> None:
    """Let `app` read and write in `engine`: all of it that depends on the database stands here."""
    app.state.engine, app.state.turns = engine, turns(engine)


def _install_docs(app: FastAPI) -> None:
    app.mount("/api/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """The API documentation, its assets served from here."""
        return HTMLResponse((STATIC / "swagger" / "page.html").read_text())
