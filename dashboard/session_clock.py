"""What a page asks of its session: whether the product answers, whose session it is, how long it lasts; and more time.

Asking is no use of the session: a page left open does not keep itself signed in.
"""

from urllib.parse import quote

from flask import Flask, Response, jsonify, request

from dashboard.data import knock, known, read, who, write
from portfolio.core.errors import ForbiddenError, PortfolioError
from portfolio.people.identity import mark_seen, sign_in_required
from portfolio.people.remaining import remaining

PATH = "/sign-in/session"  # below the sign-in pages, where the guard lets everybody through
ACCOUNT_HEADER = "X-Account"


def install(server: Flask) -> None:
    """The session's clock on `server`."""
    server.add_url_rule(PATH, "session_left", _left)
    server.add_url_rule(PATH, "session_stay", _stay, methods=["POST"])


def account() -> str:
    """The account of this request as pages name it to the server, so that none speaks for another.

    Empty while nobody can be found out: the document around a fault asks the database nothing.
    """
    found = known()
    return quote(found.actor.name, safe="") if found else ""


def require_same_account() -> None:
    """Raise `ForbiddenError` when the page that asks was made for another account than the one now signed in."""
    stated = request.headers.get(ACCOUNT_HEADER)
    if stated is not None and stated != account():
        raise ForbiddenError("people.other_account")


def _left() -> Response:
    secret = knock().cookie
    found = read(lambda session: remaining(session, secret)) if secret else None
    if found is not None:
        return jsonify(account=quote(found.account, safe=""), seconds=found.seconds, extends=found.extends)
    ended = read(sign_in_required)
    return jsonify(account=None, seconds=0, ended=True) if ended else jsonify(account=None, seconds=None)


def _stay() -> Response:
    """Count a click as use of the session, and tell how long it now lasts."""
    try:
        found = who()
    except PortfolioError:
        return _left()
    write(lambda session: mark_seen(session, found))
    return _left()
