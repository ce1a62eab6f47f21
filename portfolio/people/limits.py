"""Limits that hold over all processes: a row a key, raised and judged in one statement of the database."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from portfolio.access.rules import Actor
from portfolio.access.tables import Throttle
from portfolio.core.clock import utc_now
from portfolio.core.errors import TooManyError
from portfolio.core.settings import get_settings

FORGOTTEN = 24 * 3600  # a day without a failure wipes the slate
FREE_FAILURES = {"account": 5, "address": 20}
FIRST_WAIT, LONGEST_WAIT = 15, 3600
SIGN_IN, SECOND, OWN = "sign_in", "second", "own"  # a password, a second factor, one's own password asked again
IPV6_NETWORK_BITS = 64  # what one customer is given whole: single addresses of it are free


def wait_after(failures: int, free: int) -> int:
    """Seconds until the next try after so many failures in a row: none at first, then doubling up to an hour."""
    beyond = failures - free
    return 0 if beyond < 0 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(beyond, 12))


def claim(session: Session, kind: str, account: str, address: str) -> None:
    """Count a try before it is made, so that many at once cannot slip through; raises `TooManyError`.

    `clear` takes the count back when the try succeeds.
    """
    for side, value in (("account", account), ("address", network_of(address))):
        _claim(session, _key(kind, side, value), FREE_FAILURES[side])


def clear(session: Session, kind: str, account: str, address: str) -> None:
    """Forget the failures of an account; its address loses only the one just counted."""
    session.execute(delete(Throttle).where(col(Throttle.key) == _key(kind, "account", account)))
    here = _table.c.key == _key(kind, "address", network_of(address))
    session.execute(update(_table).where(here, _table.c.count > 0).values(count=_table.c.count - 1, until=0))


def forget(session: Session, accounts: Mapping[str, str]) -> None:
    """Forget the failures of an account: kind of try → the name it is counted under."""
    keys = [_key(kind, "account", name) for kind, name in accounts.items()]
    session.execute(delete(Throttle).where(col(Throttle.key).in_(keys)))


def failures(session: Session, kind: str, account: str) -> tuple[int, int]:
    """How often an account failed in a row, and for how many seconds it is now refused."""
    row = session.execute(select(_table.c.count, _table.c.until).where(_table.c.key == _key(kind, "account", account)))
    count, until = row.one_or_none() or (0, 0)
    return int(count), max(0, int(until) - _now())


def network_of(address: str) -> str:
    """What an address is limited by: itself, or for IPv6 its network of 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS))


def blocked_until(session: Session, kind: str, account: str) -> int:
    """Until when an account is refused, in seconds of the epoch; 0 when it is not."""
    held = session.execute(select(_table.c.until).where(_table.c.key == _key(kind, "account", account))).scalar()
    return int(held) if held and held > _now() else 0


def admit(session: Session, kind: str, who: str, most: int, seconds: int) -> None:
    """Let `who` do something, at most so often in a window of so many seconds; raises `TooManyError`."""
    here, now = _window(session, kind, who, seconds), _now()
    taken = session.connection().execute(
        update(_table).where(here, _table.c.count < most).values(count=_table.c.count + 1)
    )
    if not taken.rowcount:
        since = session.execute(select(_table.c.since).where(here)).scalar_one()
        raise TooManyError("people.too_many", retry_after=max(1, int(since) + seconds - now))


def count(session: Session, kind: str, who: str, seconds: int) -> int:
    """How often this was done in the window of so many seconds that now runs, this time included; refuses nothing."""
    here = _window(session, kind, who, seconds)
    session.execute(update(_table).where(here).values(count=_table.c.count + 1))
    return int(session.execute(select(_table.c.count).where(here)).scalar_one())


def _window(session: Session, kind: str, who: str, seconds: int) -> ColumnElement[bool]:
    """The row of a window, begun anew when it is over."""
    key, now = _key(kind, "window", who), _now()
    _ensure(session, key)
    here = _table.c.key == key
    session.execute(update(_table).where(here, _table.c.since <= now - seconds).values(since=now, count=0))
    return here


def admit_import(session: Session, actor: Actor) -> None:
    """Let the actor import a file, as often in an hour as the setting allows; the machine's owner without limit."""
    if actor.user_id is not None:
        admit(session, "import", str(actor.user_id), get_settings().imports_per_hour, 3600)


def _claim(session: Session, key: str, free: int) -> None:
    now = _now()
    _ensure(session, key)
    here = _table.c.key == key
    session.execute(update(_table).where(here, _table.c.since <= now - FORGOTTEN).values(count=0, until=0))
    open_ = update(_table).where(here, _table.c.until <= now).values(count=_table.c.count + 1, since=now)
    if not session.connection().execute(open_).rowcount:
        until = session.execute(select(_table.c.until).where(here)).scalar_one()
        raise TooManyError("people.locked", retry_after=max(1, int(until) - now))
    count = int(session.execute(select(_table.c.count).where(here)).scalar_one())
    session.execute(update(_table).where(here).values(until=now + wait_after(count, free)))


def _ensure(session: Session, key: str) -> None:
    """The key has its row, which is locked; another process may make it at the same moment."""
    same = update(_table).where(_table.c.key == key).values(count=_table.c.count)
    if session.connection().execute(same).rowcount:
        return
    now = _now()
    # What is over leaves with the next one that comes, so that names tried once do not stay for good.
    session.execute(delete(_table).where(_table.c.since <= now - FORGOTTEN, _table.c.until <= now))
    try:
        with session.begin_nested():
            session.execute(insert(_table).values(key=key, count=0, since=now, until=0))
    except IntegrityError:
        return


def _key(kind: str, side: str, value: str) -> str:
    return f"{kind} {side} {value}"[:160]


def _now() -> int:
    return int(utc_now().timestamp())


_table = Throttle.metadata.tables["throttles"]
