"""The one door of both edges: from what a request shows to who it is, or why it may not come in."""

from dataclasses import dataclass, replace
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlmodel import Session

from portfolio.core.errors import ForbiddenError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.people.identity import LOCAL, OPEN, Identity, of_cookie, of_token, sign_in_required
from portfolio.people.sign_in import on_this_machine

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
    forwarded: bool = False


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
        shown = of_token(session, knock.bearer)
        _require_demonstration_here(shown, knock)
        return _told(shown, knock)
    require_same_origin(knock)
    held = of_cookie(session, knock.cookie) if knock.cookie else None
    if held is None:
        if sign_in_required(session):
            raise UnauthenticatedError("people.sign_in_first")
        if not _at_the_machine(knock):
            raise UnauthenticatedError("people.local_only")
        return _told(LOCAL, knock)
    _require_demonstration_here(held, knock)
    if knock.method not in SAFE and not compare_digest(held.csrf.encode(), knock.csrf.encode()):
        raise ForbiddenError("people.bad_csrf")
    return _told(held, knock)


def _at_the_machine(knock: Knock) -> bool:
    """Whether a request is the machine's own.

    A page elsewhere can let its own name lead to this machine, and a proxy on it passes on what comes over the network:
    so the address is not enough, the name asked for must be the machine's too, and nothing may have been passed on.
    """
    if not _is_address(knock.address):
        return True
    return on_this_machine(knock.address) and not knock.forwarded and on_this_machine(_name_of(knock.host))


def _name_of(host: str) -> str:
    """The name or address in a Host header, without its port and the brackets of IPv6; empty for none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _elsewhere(address: str) -> bool:
    """Whether a request comes over the network; one without an IP address came over a socket of this machine."""
    return _is_address(address) and not on_this_machine(address)


def _require_demonstration_here(found: Identity, knock: Knock) -> None:
    """What opens a demonstration account is known to all: it opens nothing from elsewhere, however it was come by."""
    if found.demonstration and _elsewhere(knock.address):
        raise UnauthenticatedError("people.local_only")


def require_same_origin(knock: Knock) -> None:
    """Raise `ForbiddenError` for a change that the browser says comes from another site."""
    if knock.method in SAFE:
        return
    ours = {knock.host, urlsplit(get_settings().public_url).netloc} - {""}
    if knock.fetch_site not in SAME or (knock.origin and knock.origin.partition("://")[2] not in ours):
        raise ForbiddenError("people.foreign_origin")


def _told(identity: Identity, knock: Knock) -> Identity:
    actor = replace(identity.actor, address=knock.address, request_id=knock.request_id)
    return replace(identity, actor=actor)
