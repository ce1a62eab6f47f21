"""Where a transaction comes from: the client's address, the request and the import that cause it."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from sqlmodel import Session

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_INFO_KEY = "portfolio.origin"


@dataclass(frozen=True)
class Origin:
    """What the journal writes beside who acted; empty where there is none (a command has no request)."""

    address: str = ""
    request_id: str = ""
    import_id: str = ""


NOWHERE = Origin()


def stamp(session: Session, origin: Origin) -> None:
    """Say where the session's writes come from."""
    session.info[_INFO_KEY] = origin


def origin_of(session: Session) -> Origin:
    """Where the session's writes come from, as it was stamped."""
    found = session.info.get(_INFO_KEY)
    return found if isinstance(found, Origin) else NOWHERE


def begin_import(session: Session, known: int | None = None) -> str:
    """Stamp the session's writes as those of import `known`, else of a new one; returns its number."""
    number = uuid.uuid4().hex if known is None else str(known)
    stamp(session, replace(origin_of(session), import_id=number))
    return number


def end_import(session: Session) -> None:
    """What the session writes from here on belongs to no import."""
    stamp(session, replace(origin_of(session), import_id=""))


def request_id(asked: str | None) -> str:
    """The request id a caller sent when it is a plain one (letters, digits, `._-`, at most 64), else a new one."""
    return asked if asked and REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex


def client_address(peer: str, forwarded: str | None, trusted: str) -> str:
    """The caller's address: the peer's, or behind trusted proxies the last address they did not add themselves.

    `forwarded` is the X-Forwarded-For header, `trusted` the proxies' addresses or networks, separated by commas. The
    header is read from its end, since everything before the first trusted entry was written by the caller.
    """
    networks = [ip_network(part.strip(), strict=False) for part in trusted.split(",") if part.strip()]
    chain = [part.strip() for part in (forwarded or "").split(",") if part.strip()]
    found = peer
    while chain and _within(found, networks):
        earlier = chain.pop()
        if not _is_address(earlier):
            break
        found = earlier
    return found[:64]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(text: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in networks)
