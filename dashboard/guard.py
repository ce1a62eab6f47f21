"""Before every request of the pages: who it is. Nobody is led to the sign-in page; other sites change nothing."""

from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.context import request_context
from dashboard.data import who
from dashboard.session_clock import require_same_account
from portfolio.core.errors import ForbiddenError, UnauthenticatedError

OPEN_PATHS = ("/assets/", "/_dash-component-suites/", "/_favicon.ico", "/sign-in")


def install(server: Flask) -> None:
    """Guard every address of `server` but the open ones."""
    server.before_request(_require_somebody)
    server.after_request(_protect)


def _require_somebody() -> AnyResponse | None:
    if request.path.startswith(OPEN_PATHS):
        return None
    try:
        who()
        require_same_account()
    except UnauthenticatedError as error:
        if request.method == "GET" and not request.path.startswith("/_"):
            return redirect("/sign-in?next=" + quote(request.full_path.rstrip("?"), safe="/"))
        return _refused(401, error.code)
    except ForbiddenError as error:
        if not request.path.startswith("/_"):
            raise
        return _refused(403, error.code)
    return None


def _refused(status: int, code: str) -> Response:
    """The refusal a script reads; the page's own script leads on to the sign-in page."""
    return Response(request_context().error(code), status, mimetype="text/plain", headers={"X-Refused": code})


def _protect(response: Response) -> Response:
    """No other site may frame a page, and what a person sees is not kept by a shared cache."""
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if not request.path.startswith(OPEN_PATHS[:2]):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
