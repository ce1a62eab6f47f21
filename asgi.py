"""The composition root: one process with the API under /api and the dashboard under /."""

import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Thread
from typing import Any

from a2wsgi import WSGIMiddleware
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.app import create_api
from dashboard.app import create_dashboard
from portfolio.allocation.dispatch import revive
from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from portfolio.exchange import applying, reading_process
from portfolio.ledger.cube import holdings
from portfolio.needs.cube import snapshot

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WORKERS = 16
SWITCH_SECONDS = 0.0005  # the event loop gets its turn soon while a thread computes
log = logging.getLogger("portfolio")


class Product:
    """Sends `/api` to the API and everything else to the dashboard; each keeps its own errors and its own index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.api = create_api(engine)
        self.dashboard = WSGIMiddleware(create_dashboard(engine).server, workers=WORKERS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Dispatch one connection."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            await self.api(scope, _heard(receive), send)
        elif path == "/api" or path.startswith("/api/"):
            await self.api(scope, receive, send)
        else:
            # a2wsgi types its messages more narrowly than the ASGI specification that both follow.
            await self.dashboard(scope, receive, send)  # type: ignore[arg-type]


def _heard(receive: Receive) -> Receive:
    """Lets go of what would hold the server up when it is told to end: files that are being read."""

    async def heard() -> Message:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            reading_process.end_all()
        return message

    return heard


def create_app() -> Product:
    """The product on the database of the settings; the resident copies are read while the server starts."""
    sys.setswitchinterval(SWITCH_SECONDS)
    product = Product(make_engine(get_settings().database_url))
    Thread(target=_warm, args=(product.engine,), daemon=True).start()
    return product


def _warm(engine: Engine) -> None:
    try:
        with Session(engine) as session:
            snapshot(session)
            holdings(session)
        revive(engine)
        applying.settle(engine)
    except SQLAlchemyError as error:
        log.warning("the needs could not be read at the start: %s", error)
