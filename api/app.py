"""Make the API application for an engine."""

import re
import uuid
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import (
    details,
    exchange,
    finance,
    health,
    jobs,
    ledger,
    needs,
    people,
    policies,
    problems,
    programme,
    projects,
    readiness,
    review,
    rolling,
    scenarios,
    scheme,
    screening,
    summary,
)
from api.context import identified
from api.schemas import Problem
from api.shapes import current_json
from portfolio import migrate

STATIC = Path(__file__).parent / "static"
PLAIN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (401, 403, 404, 422, 429)
}


def create_api(engine: Engine) -> FastAPI:
    """The API under `/api`, on `engine`."""
    app = FastAPI(
        title="Major-project portfolio",
        version=version("portfolio"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine, app.state.head, app.state.shape_current = engine, migrate.head(), current_json
    problems.install(app)
    app.add_middleware(RequestIds)
    routes = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(identified)])
    for room in (
        projects,
        needs,
        scheme,
        summary,
        details,
        readiness,
        ledger,
        review,
        finance,
        rolling,
        programme,
        screening,
        policies,
        scenarios,
        jobs,
        exchange,
        people,
    ):
        routes.include_router(room.router)
    app.include_router(routes)
    app.include_router(health.router, prefix="/api")
    _install_docs(app)
    return app


class RequestIds:
    """Gives every request an id (the caller's own when it is a plain one) and says it in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        number = asked if PLAIN_ID.match(asked) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = number

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        await self.app(scope, receive, say)


def _install_docs(app: FastAPI) -> None:
    app.mount("/api/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """The API documentation, its assets served from here."""
        return get_swagger_ui_html(
            openapi_url="/api/openapi.json",
            title=app.title,
            swagger_js_url="/api/static/swagger/swagger-ui-bundle.js",
            swagger_css_url="/api/static/swagger/swagger-ui.css",
            swagger_favicon_url="/api/static/swagger/favicon-32x32.png",
        )
