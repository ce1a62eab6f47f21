"""Every request has an id and an address: taken in, given back, and kept for the journal."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders

from portfolio.access.origin import NOWHERE, Origin, client_address, request_id
from portfolio.core.settings import get_settings

HEADER = "X-Request-Id"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class OriginMiddleware:
    """Gives each request its `Origin` (in `request.state.origin`) and each answer the request's id."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = (scope.get("client") or ("",))[0]
        address = client_address(peer, headers.get("x-forwarded-for"), get_settings().trusted_proxies)
        origin = Origin(address, request_id(headers.get(HEADER)))
        scope.setdefault("state", {})["origin"] = origin

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = origin.request_id
            await send(message)

        await self._app(scope, receive, answer)


def origin_of_request(request: Request) -> Origin:
    """Where a request comes from."""
    found = getattr(request.state, "origin", None)
    return found if isinstance(found, Origin) else NOWHERE
