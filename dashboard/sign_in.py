"""The sign-in pages: plain forms without Dash, so that they are light and work before anything else does."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from dashboard.context import Context, request_context
from dashboard.menu import landing
from dashboard.questions import entrance
from portfolio.core.errors import PortfolioError, TooManyError, UnauthenticatedError
from portfolio.core.i18n import LANGUAGES
from portfolio.core.settings import get_settings
from portfolio.demonstration.people import PASSWORD
from portfolio.people.door import COOKIE, CSRF_COOKIE
from portfolio.people.identity import OPEN
from portfolio.people.sign_in import Opened

PATHS = {"second": "/sign-in/second", "password": "/sign-in/password", "enrol": "/sign-in/enrol"}
STATE_COOKIE = "gx_state"
YEAR = 365 * 24 * 3600


def install(server: Flask) -> None:
    """The sign-in pages on `server`."""
    both = ["GET", "POST"]
    server.add_url_rule("/sign-in", "sign_in", _by_password, methods=both)
    server.add_url_rule("/sign-in/second", "sign_in_second", _second, methods=both)
    server.add_url_rule("/sign-in/password", "sign_in_password", _first_password, methods=both)
    server.add_url_rule("/sign-in/enrol", "sign_in_enrol", _enrol, methods=both)
    server.add_url_rule("/sign-in/provider", "sign_in_provider", _to_provider)
    server.add_url_rule("/sign-in/provider/return", "sign_in_return", _from_provider)
    server.add_url_rule("/sign-in/out", "sign_out", _leave, methods=["POST"])


def safe_onward(path: str | None) -> str:
    """Where the person wanted to go: an address of this product, empty when it is none or only the front door."""
    inside = bool(path) and str(path).startswith("/") and not str(path).startswith(("//", "/\\", "/sign-in"))
    return str(path) if inside and str(path).isprintable() and path != "/" else ""


def onward() -> str:
    """Where the person came from."""
    return safe_onward(request.values.get("next"))


def page(step: str, fault: PortfolioError | None = None, status: int = 200, **given: Any) -> Response:
    """A step of signing in, with what was wrong."""
    lang = request.args.get("lang", "")
    context = request_context()
    if lang in LANGUAGES:
        context = Context(lang, context.theme)
    words = _words(context, fault) if fault else ""
    shown = {"lang": context.lang, "theme": context.theme, "t": context.text, "onward": onward(), "fault": words}
    given = {"action": PATHS.get(step, "/sign-in"), "provider": entrance.provider_label(), "name": "", **given}
    if step == "name":
        given |= {"people": entrance.demonstration(), "demo_password": PASSWORD}
    answer = make_response(render_template("sign_in.html", step=step, **shown, **given), status)
    if isinstance(fault, TooManyError):
        answer.headers["Retry-After"] = str(fault.retry_after)
    if lang in LANGUAGES:
        answer.set_cookie("lang", lang, max_age=YEAR, samesite="Lax")
    return answer


def _words(context: Context, fault: PortfolioError) -> str:
    faults = [context.error(one.code, **one.params) for one in fault.fields]
    return "\n".join(faults or [context.error(fault.code, **fault.params)])


def _refused(step: str, fault: PortfolioError, **given: Any) -> Response:
    return page(step, fault, 429 if isinstance(fault, TooManyError) else 403, **given)


def _by_password() -> Response:
    if not entrance.is_required():
        return redirect("/")
    if not entrance.any_people():
        return page("nobody")
    if request.method == "GET":
        return page("name")
    name = request.form.get("name", "")
    try:
        made = entrance.with_password(name, request.form.get("password", ""))
    except PortfolioError as error:
        return _refused("name", error, name=name)
    return go_on(made)


def go_on(made: Opened, where: str | None = None) -> Response:
    """Hand the session over and lead to what it owes, or to where the person wanted to go."""
    target = where or onward()
    if made.stage != OPEN:
        kept = f"?next={quote(target, safe='/')}" if target else ""
        return hand_over(redirect(PATHS[made.stage] + kept), made)
    return hand_over(redirect(target or landing(made.role)), made)


def hand_over(answer: Response, made: Opened) -> Response:
    """Set a session's two cookies: the secret no script may read, and the proof that every change repeats."""
    answer.set_cookie(COOKIE, made.secret, httponly=True, samesite="Lax", secure=_secure(), path="/")
    answer.set_cookie(CSRF_COOKIE, made.csrf, samesite="Lax", secure=_secure(), path="/")
    return answer


def _secure() -> bool:
    """Whether cookies are for encrypted connections alone: whenever people come over one."""
    return request.scheme == "https" or get_settings().public_url.startswith("https:")


def _second() -> Response:
    return _step("second", lambda identity: go_on(entrance.with_code(identity, request.form.get("code", ""))))


def _first_password() -> Response:
    def exchange(identity: Any) -> Response:
        return go_on(entrance.first_password(identity, request.form.get("old", ""), request.form.get("new", "")))

    return _step("password", exchange)


def _step(step: str, take: Callable[[Any], Response], **given: Any) -> Response:
    """One step: only a session that owes just this is let at it."""
    try:
        identity = entrance.unfinished()
    except UnauthenticatedError:
        return redirect("/sign-in")
    if identity.stage != step:
        return redirect(PATHS.get(identity.stage) or onward() or landing(identity.actor.role))
    if request.method == "GET":
        return page(step, **given)
    try:
        return take(identity)
    except PortfolioError as error:
        return _refused(step, error, **given)


def _enrol() -> Response:
    try:
        identity = entrance.unfinished()
    except UnauthenticatedError:
        return redirect("/sign-in")
    if identity.stage != "enrol":
        return redirect(PATHS.get(identity.stage) or onward() or landing(identity.actor.role))
    if request.method == "GET":
        return page("enrol", enrolment=entrance.enrolment(identity))
    try:
        codes, made = entrance.enrolled(identity, request.form.get("code", ""))
    except PortfolioError as error:
        return _refused("enrol", error, enrolment=entrance.pending(identity))
    return hand_over(page("codes", codes=codes, further=onward() or landing(made.role)), made)


def _to_provider() -> Response:
    if not entrance.provider_label():
        return redirect("/sign-in")
    try:
        outward = entrance.outward(onward())
    except PortfolioError as error:
        return _refused("name", error)
    answer = redirect(outward.address)
    answer.set_cookie(STATE_COOKIE, outward.state, max_age=600, httponly=True, samesite="Lax", secure=_secure())
    return answer


def _from_provider() -> Response:
    try:
        made, where = entrance.returned(request.cookies.get(STATE_COOKIE, ""))
    except PortfolioError as error:
        return _refused("name", error)
    answer = go_on(made, safe_onward(where))
    answer.delete_cookie(STATE_COOKIE)
    return answer


def _leave() -> Response:
    entrance.leave()
    answer = redirect("/sign-in")
    for name in (COOKIE, CSRF_COOKIE):
        answer.delete_cookie(name, path="/")
    return answer
