"""The outermost frame: what goes wrong ends in a page or a notice in the reader's language, in the product's frame.

Flask's and Dash's own error pages are never seen. What a person may correct is told as it is; what they cannot is told
with the request's id and what to do, and the log holds its traceback under that id.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import Dash, ctx, no_update, set_props
from dash._utils import to_json
from dash.exceptions import DependencyException
from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard.components.answers import notice
from dashboard.components.states import failed
from dashboard.context import Context, referred_context, request_context
from dashboard.menu import grouped
from dashboard.origin import origin
from dashboard.shell import bare_shell, offered
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import LANGUAGES
from portfolio.core.outages import BUSY, NOT_WRITABLE, outage
from portfolio.core.settings import body_limit
from portfolio.core.traces import trace_of

LAYOUT, CALLBACK, DEPENDENCIES = "/_dash-layout", "/_dash-update-component", "/_dash-dependencies"
ROUTER = "..content.children...rendered.data.."  # the callback that follows a link; others renew a page they stand on
STATUS = {"not_found": 404, "invalid": 422, "unauthenticated": 401, "forbidden": 403, "too_many": 429}
TITLES = {403: "state-forbidden", 404: "state-not-found", 413: "fault-too-large", 500: "state-failed-title"}
YEAR = 365 * 24 * 3600
log = logging.getLogger("portfolio.dashboard")


@dataclass(frozen=True)
class Fault:
    """What a reader is told: a heading, what to do, the request's id; `saving`: whether a change may be half known."""

    status: int
    title: str
    words: str
    number: str
    unsure: bool = False

    def notice(self, context: Context) -> str:
        """The fault in one line, for a notice."""
        parts = [self.words, context.text("fault-unsure") if self.unsure else "", self.numbered(context)]
        return " ".join(part for part in parts if part)

    def numbered(self, context: Context) -> str:
        """The request's id in words; empty for what the reader can correct alone."""
        return context.text("fault-number", id=self.number) if self.status >= 500 else ""


def fault_of(context: Context, error: BaseException) -> Fault:
    """What to tell of `error`; faults that are ours are logged with their traceback."""
    number = origin().request_id
    if isinstance(error, PortfolioError):
        status = STATUS.get(error.kind, 409)
        words = context.error(error.code, **error.params)
        return Fault(status, context.text(TITLES.get(status, "fault-request")), words, number)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _of_request(context, error.code, number)
    if isinstance(error, DependencyException):
        return _of_request(context, 404, number)
    log.error("failed: request %s, %s %s\n%s", number, request.method, request.path, trace_of(error))
    code = outage(error)
    if code is None:
        return Fault(500, context.text(TITLES[500]), context.text("fault-server"), number, unsure=True)
    title = context.text("fault-busy" if code == BUSY else "fault-database")
    words = context.text("fault-held") if code == BUSY else context.error(code)
    return Fault(503, title, words, number, unsure=code not in (BUSY, NOT_WRITABLE))


def _of_request(context: Context, status: int, number: str) -> Fault:
    title = context.text(TITLES.get(status, "fault-request"))
    if status == 413:
        return Fault(status, title, context.error("request.too_large", limit=str(body_limit() >> 20)), number)
    return Fault(status, title, context.text("fault-no-address" if status == 404 else "fault-bad-request"), number)


def install(app: Dash) -> None:
    """Answer every error that leaves a request of `app` or one of its callbacks."""
    server: Flask = app.server

    def answered(error: Exception) -> AnyResponse:
        return _answer(app, error)

    server.register_error_handler(Exception, answered)


def of_callback(error: Exception) -> Any:
    """What a callback shows when it failed: a notice, and everything else as it was."""
    context = request_context()
    set_props("notices", {"sendNotifications": [_notice(context, fault_of(context, error))]})
    return no_update if ctx.outputs_list else None


def of_page(error: Exception) -> Any:
    """What the router shows when a page failed: the fault in its place."""
    path, search = ctx.inputs.get("url.pathname") or "/", ctx.inputs.get("url.search") or ""
    context = request_context(path, search)
    return failed(context, fault_of(context, error), path + search), path + search


def _notice(context: Context, fault: Fault) -> dict[str, Any]:
    shown = notice(fault.notice(context), "red")
    return {**shown, "title": fault.title, "autoClose": False, "id": f"fault-{fault.number}"}


def _answer(app: Dash, error: Exception) -> AnyResponse:
    """The answer to a request that failed, as the place that asked can show it."""
    ways: dict[str, Callable[[Dash, Exception], AnyResponse]] = {
        LAYOUT: _layout,
        CALLBACK: _callback,
        DEPENDENCIES: _dependencies,
    }
    return ways.get(request.path, _page)(app, error)


def _layout(_app: Dash, error: Exception) -> AnyResponse:
    """The whole document with the fault as its page: a status other than 200 would leave the reader a white page."""
    if request.method not in ("GET", "HEAD"):
        return _page(_app, error)
    context = referred_context()
    search = request.headers.get("Referer", "").partition("?")[2]
    address = context.path + (f"?{search}" if search else "")
    return _json(bare_shell(context, failed(context, fault_of(context, error), address), address))


def _dependencies(app: Dash, error: Exception) -> Response:
    """Which callbacks there are holds no data: without it the frame of a fault would not come to life."""
    fault = fault_of(request_context(), error)
    return app.dependencies() if fault.status >= 500 and request.method == "GET" else _plain(fault)


def _callback(app: Dash, error: Exception) -> Response:
    """A notice in the answer's form; a request that no page of ours sends is refused in plain text."""
    context = request_context()
    if isinstance(error, HTTPException) and error.code != 413:
        return _plain(fault_of(context, error))
    # A body that is too large is not read to find out which callback it was for.
    body = {} if isinstance(error, HTTPException) else request.get_json(silent=True)
    output = body.get("output", "") if isinstance(body, dict) else None
    if output not in ("", *app.callback_map) or _misread(error):
        log.warning("a callback's request cannot be read: request %s\n%s", origin().request_id, trace_of(error))
        return _plain(_of_request(context, 400, origin().request_id))
    fault, response = fault_of(context, error), dict[str, Any]()
    if output == ROUTER:
        # The reader goes on to another page: the fault stands in its place, not beside the page that was left. An act
        # that would renew its page leaves it as it is, with what was typed in it.
        address = _asked_for(body)
        response = {"content": {"children": failed(context, fault, address)}, "rendered": {"data": address}}
    shown = {} if response else {"notices": {"sendNotifications": [_notice(context, fault)]}}
    return _json({"multi": True, "response": response, "sideUpdate": shown})


def _asked_for(body: Any) -> str:
    """The address that the router was asked for, read as what anybody may have sent."""
    sent = body.get("inputs") if isinstance(body, dict) else None
    inputs = [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []

    def given(name: str) -> str:
        return next((str(one.get("value") or "") for one in inputs if one.get("property") == name), "")

    path = given("pathname")
    return path + given("search") if path.startswith("/") and not path.startswith("//") else "/"


def _misread(error: BaseException) -> bool:
    """Whether Dash itself stumbled over what was sent, before any of our code was asked."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and str(last.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == "dash"


def _json(content: Any) -> Response:
    return Response(to_json(content), 200, mimetype="application/json")


def _plain(fault: Fault) -> Response:
    return Response(fault.words, fault.status, mimetype="text/plain")


def _page(_app: Dash, error: Exception) -> AnyResponse:
    """The fault as a page that needs neither Dash nor a database, in the frame of all others."""
    context, chosen = request_context(request.path), request.args.get("lang", "")
    if chosen in LANGUAGES:
        context = Context(chosen, context.theme, context.path)
    fault = fault_of(context, error)
    groups = [
        (
            context.text(f"menu-{group}"),
            [(page.path, context.text(f"nav-{page.nav.name}")) for page in pages if page.nav],
        )
        for group, pages in grouped(offered())
    ]
    again = request.full_path.rstrip("?") if request.method == "GET" and fault.status >= 500 else ""
    given = {"fault": fault, "number": fault.numbered(context), "groups": groups, "again": again, "path": request.path}
    page = render_template("fault.html", lang=context.lang, theme=context.theme, t=context.text, **given)
    answer = make_response(page, fault.status)
    if chosen in LANGUAGES:
        answer.set_cookie("lang", chosen, max_age=YEAR, samesite="Lax")
    return answer
