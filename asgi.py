"""The composition root: one process with the API under /api and the dashboard under /."""

import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Thread
from typing import Any

from a2wsgi import WSGIMiddleware
from anyio import to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.app import create_api
from api.door.headers import HeadersMiddleware
from dashboard.app import create_dashboard
from dashboard.content_policy import page_policy
from portfolio.core.database import close_down
from portfolio.core.schema import own_engine
from portfolio.core.settings import get_settings
from portfolio.exchange.files import process as reading_process
from portfolio.exchange.uploads import applying
from portfolio.ledger.cube import holdings
from portfolio.needs.cube import snapshot
from portfolio.scenarios.solving.dispatch import revive

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
        pages = create_dashboard(engine)
        self.dashboard = WSGIMiddleware(pages.server, workers=WORKERS)
        self._answers = HeadersMiddleware(self._dispatch, page_policy(pages))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection; every answer leaves with the headers of all."""
        await self._answers(scope, receive, send)

    async def _dispatch(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.api(scope, _heard(receive), self._closing(send))
            return
        path = scope.get("path", "")
        if path == "/api" or path.startswith("/api/"):
            await self.api(scope, receive, send)
        else:
            await self.dashboard(scope, receive, send)  # type: ignore[arg-type]  # a2wsgi types ASGI more narrowly

    def _closing(self, send: Send) -> Send:
        """Sends on; before the end of the server is told, the database is let go of."""

        async def sent(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await to_thread.run_sync(self._close_down)
            await send(message)

        return sent

    def _close_down(self) -> None:
        try:
            close_down(self.engine)
        except SQLAlchemyError as error:
            log.warning("the database could not be closed cleanly: %s", error)


def _heard(receive: Receive) -> Receive:
    """Lets go of what would hold the server up when it is told to end: files that are being read."""

    async def heard() -> Message:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            reading_process.end_all()
        return message

    return heard


def create_app() -> Product:
    """The product on the database of the settings; the resident copies are read while the server starts.

    Raises `NotReadyError` when the database's schema is not this program's.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    reading_process.reopen()
    product = Product(own_engine(get_settings().database_url))
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
