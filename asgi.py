"""The composition root: one process with the API under /api and the dashboard under /."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from sqlalchemy import Engine

from api.app import create_api
from dashboard.app import create_dashboard
from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WORKERS = 16


class Product:
    """Sends `/api` to the API and everything else to the dashboard; each keeps its own errors and its own index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.api = create_api(engine)
        self.dashboard = WSGIMiddleware(create_dashboard(engine).server, workers=WORKERS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Dispatch one connection."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or path == "/api" or path.startswith("/api/"):
            await self.api(scope, receive, send)
        else:
            await self.dashboard(scope, receive, send)  # type: ignore[arg-type]


def create_app() -> Product:
    """The product on the database of the settings."""
    return Product(make_engine(get_settings().database_url))
