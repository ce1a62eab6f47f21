"""Limits that hold over all processes: a row a key, locked while it is raised and judged.

Failed tries leak away: of what an account or an address has failed, one is forgotten each `FAILURE_FADES_MINUTES`. An
office of a hundred people behind one address mistypes some passwords every day; only many in a short time are held
against it. A try is counted before it is judged and taken back when it succeeds, which leaves the clock of the fading
as it was: who signs in rightly neither renews nor erases what others behind the address have failed.
"""

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

ACCOUNT, ADDRESS = "account", "address"
FREE_OF_ACCOUNT = 5  # an address has its own number, `ADDRESS_FAILURES`: an office may sit behind one
FIRST_WAIT, LONGEST_WAIT = 15, 3600
MOST_BEYOND = 12  # failures beyond the free ones that are counted: the wait is at its longest, the fading has an end
SIGN_IN, SECOND, OWN = "sign_in", "second", "own"  # a password, a second factor, one's own password asked again
KINDS = (SIGN_IN, SECOND, OWN)
IPV6_NETWORK_BITS = 64  # what one customer is given whole: single addresses of it are free


def wait_after(failures: int, free: int) -> int:
    """Seconds until the next try after so many failures in a row: none at first, then doubling up to an hour."""
    beyond = failures - free
    return 0 if beyond < 0 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(beyond, MOST_BEYOND))


def faded(count: int, since: int, now: int) -> tuple[int, int]:
    """What is left of `count` failures whose fading was last reckoned at `since`, and when it was reckoned now.

    Part of a period is kept for the next reckoning: `faded(3, 0, 1.5 periods)` is 2 as of 1 period.
    """
    period = get_settings().failure_fades_minutes * 60
    gone = max(0, now - since) // period
    return (count - gone, since + gone * period) if gone < count else (0, now)


def free_failures(side: str) -> int:
    """How many failures of an `account` or an `address` cost nothing."""
    return get_settings().address_failures if side == ADDRESS else FREE_OF_ACCOUNT


def claim(session: Session, kind: str, account: str, address: str) -> None:
    """Count a try before it is made, so that many at once cannot slip through; raises `TooManyError`.

    `clear` takes the count back when the try succeeds.
    """
    for side, value in ((ACCOUNT, account), (ADDRESS, network_of(address))):
        _claim(session, _key(kind, side, value), free_failures(side))


def clear(session: Session, kind: str, account: str, address: str) -> None:
    """Forget the failures of an account; its address loses only the one just counted."""
    session.execute(delete(Throttle).where(col(Throttle.key) == _key(kind, ACCOUNT, account)))
    here = _table.c.key == _key(kind, ADDRESS, network_of(address))
    session.execute(update(_table).where(here, _table.c.count > 0).values(count=_table.c.count - 1, until=0))


def forget(session: Session, accounts: Mapping[str, str]) -> None:
    """Forget the failures of an account: kind of try → the name it is counted under."""
    keys = [_key(kind, ACCOUNT, name) for kind, name in accounts.items()]
    session.execute(delete(Throttle).where(col(Throttle.key).in_(keys)))


def forget_address(session: Session, address: str) -> bool:
    """Forget what was failed from an address (for IPv6, its network), of every kind; whether there was anything."""
    keys = [_key(kind, ADDRESS, network_of(address)) for kind in KINDS]
    return bool(session.connection().execute(delete(_table).where(_table.c.key.in_(keys))).rowcount)


def held_addresses(session: Session) -> list[tuple[str, int, int]]:
    """The addresses with failures that have not faded: address, how many (the worst kind), seconds it still waits."""
    now, held = _now(), dict[str, tuple[int, int]]()
    rows = session.execute(select(_table.c.key, _table.c.count, _table.c.since, _table.c.until))
    for key, count, since, until in rows:
        kind, side, value = str(key).split(" ", 2)
        left, wait = faded(int(count), int(since), now)[0], max(0, int(until) - now)
        if side == ADDRESS and kind in KINDS and (left or wait):
            before = held.get(value, (0, 0))
            held[value] = (max(before[0], left), max(before[1], wait))
    return [(value, *held[value]) for value in sorted(held, key=lambda one: (-held[one][1], -held[one][0], one))]


def failures(session: Session, kind: str, account: str) -> tuple[int, int]:
    """How often an account failed in a row, and for how many seconds it is now refused."""
    columns, now = (_table.c.count, _table.c.since, _table.c.until), _now()
    row = session.execute(select(*columns).where(_table.c.key == _key(kind, ACCOUNT, account))).one_or_none()
    count, since, until = row or (0, 0, 0)
    return faded(int(count), int(since), now)[0], max(0, int(until) - now)


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
    held = session.execute(select(_table.c.until).where(_table.c.key == _key(kind, ACCOUNT, account))).scalar()
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
    # Locks the row where another process has just made it: what is read below is not judged twice.
    session.execute(update(_table).where(here).values(count=_table.c.count))
    count, since, until = session.execute(select(_table.c.count, _table.c.since, _table.c.until).where(here)).one()
    if until > now:
        raise TooManyError("people.locked", retry_after=max(1, int(until) - now))
    left, reckoned = faded(int(count), int(since), now)
    failed = min(left + 1, free + MOST_BEYOND)
    fresh = {"count": failed, "since": reckoned, "until": now + wait_after(failed, free)}
    session.execute(update(_table).where(here).values(**fresh))


def _ensure(session: Session, key: str) -> None:
    """The key has its row, which is locked; another process may make it at the same moment."""
    same = update(_table).where(_table.c.key == key).values(count=_table.c.count)
    if session.connection().execute(same).rowcount:
        return
    now = _now()
    # What is over leaves with the next one that comes, so that names tried once do not stay for good.
    over = now - (max(map(free_failures, (ACCOUNT, ADDRESS))) + MOST_BEYOND) * get_settings().failure_fades_minutes * 60
    session.execute(delete(_table).where(_table.c.since <= over, _table.c.until <= now))
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
