"""Every request to the dashboard has an id and an address, for its answer, the log and the journal."""

from typing import Any

from flask import Response, g, has_request_context, request

from portfolio.access.origin import NOWHERE, Origin, client_address, request_id
from portfolio.core.settings import get_settings

HEADER = "X-Request-Id"


def install(server: Any) -> None:
    """Give each request of `server` its origin, and each answer the request's id."""
    server.before_request(_arrive)
    server.after_request(_leave)


def origin() -> Origin:
    """Where the current request comes from."""
    found = g.get("origin") if has_request_context() else None
    return found if isinstance(found, Origin) else NOWHERE


def _arrive() -> None:
    forwarded = request.headers.get("X-Forwarded-For")
    address = client_address(request.remote_addr or "", forwarded, get_settings().trusted_proxies)
    g.origin = Origin(address, request_id(request.headers.get(HEADER)))


def _leave(response: Response) -> Response:
    response.headers[HEADER] = origin().request_id
    return response
