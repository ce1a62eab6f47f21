"""The one door of both edges: from what a request shows to who it is, or why it may not come in."""

from dataclasses import dataclass, replace
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlmodel import Session

from portfolio.core.errors import ForbiddenError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.people.identity import LOCAL, OPEN, Identity, of_cookie, of_token, sign_in_required

COOKIE, CSRF_COOKIE, CSRF_HEADER = "gx_session", "gx_csrf", "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")
SAME = ("", "same-origin", "none")


@dataclass(frozen=True)
class Knock:
    """What a request shows of itself: its proofs, where it comes from, and what it is going to do."""

    method: str = "GET"
    host: str = ""
    origin: str = ""
    fetch_site: str = ""
    cookie: str = ""
    bearer: str = ""
    csrf: str = ""
    address: str = ""
    request_id: str = ""


def opened(session: Session, knock: Knock) -> Identity:
    """Who is there, with nothing left to show. Raises as `recognised` does, and when something is still owed."""
    found = recognised(session, knock)
    if found.stage != OPEN:
        raise UnauthenticatedError("people.not_yet")
    return found


def recognised(session: Session, knock: Knock) -> Identity:
    """Who is there, whatever is still owed.

    Raises `UnauthenticatedError` for nobody, and `ForbiddenError` for a change another site makes the browser send.
    """
    if knock.bearer:
        return _told(of_token(session, knock.bearer), knock)
    require_same_origin(knock)
    held = of_cookie(session, knock.cookie) if knock.cookie else None
    if held is None:
        if sign_in_required(session):
            raise UnauthenticatedError("people.sign_in_first")
        if _elsewhere(knock.address):
            raise UnauthenticatedError("people.local_only")
        return _told(LOCAL, knock)
    if knock.method not in SAFE and not compare_digest(held.csrf.encode(), knock.csrf.encode()):
        raise ForbiddenError("people.bad_csrf")
    return _told(held, knock)


def _elsewhere(address: str) -> bool:
    """Whether a request comes over the network; one without an IP address came over a socket of this machine."""
    try:
        return not ip_address(address).is_loopback
    except ValueError:
        return False


def require_same_origin(knock: Knock) -> None:
    """Raise `ForbiddenError` for a change that the browser says comes from another site."""
    if knock.method in SAFE:
        return
    ours = {knock.host, urlsplit(get_settings().public_url).netloc} - {""}
    if knock.fetch_site not in SAME or (knock.origin and urlsplit(knock.origin).netloc not in ours):
        raise ForbiddenError("people.foreign_origin")


def _told(identity: Identity, knock: Knock) -> Identity:
    actor = replace(identity.actor, address=knock.address, request_id=knock.request_id)
    return replace(identity, actor=actor)
