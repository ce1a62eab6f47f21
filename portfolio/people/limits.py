"""Limits that hold over all processes: a row a key, raised and judged in one statement of the database."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.rules import Actor
from portfolio.access.tables import Throttle
from portfolio.core.clock import utc_now
from portfolio.core.errors import TooManyError
from portfolio.core.settings import get_settings

FORGOTTEN = 24 * 3600  # a day without a failure wipes the slate
FREE_FAILURES = {"account": 5, "address": 20}
FIRST_WAIT, LONGEST_WAIT = 15, 3600


def wait_after(failures: int, free: int) -> int:
    """Seconds until the next try after so many failures in a row: none at first, then doubling up to an hour."""
    beyond = failures - free
    return 0 if beyond < 0 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(beyond, 12))


def claim(session: Session, kind: str, account: str, address: str) -> None:
    """Count a try before it is made, so that many at once cannot slip through; raises `TooManyError`.

    `clear` takes the count back when the try succeeds.
    """
    for side, value in (("account", account), ("address", address)):
        _claim(session, _key(kind, side, value), FREE_FAILURES[side])


def clear(session: Session, kind: str, account: str, address: str) -> None:
    """Forget the failures of an account; its address loses only the one just counted."""
    session.execute(delete(Throttle).where(col(Throttle.key) == _key(kind, "account", account)))
    here = _table.c.key == _key(kind, "address", address)
    session.execute(update(_table).where(here, _table.c.count > 0).values(count=_table.c.count - 1, until=0))


def blocked_until(session: Session, kind: str, account: str) -> int:
    """Until when an account is refused, in seconds of the epoch; 0 when it is not."""
    held = session.execute(select(_table.c.until).where(_table.c.key == _key(kind, "account", account))).scalar()
    return int(held) if held and held > _now() else 0


def admit(session: Session, kind: str, who: str, most: int, seconds: int) -> None:
    """Let `who` do something, at most so often in a window of so many seconds; raises `TooManyError`."""
    key, now = _key(kind, "window", who), _now()
    _ensure(session, key)
    here = _table.c.key == key
    fresh = update(_table).where(here, _table.c.since <= now - seconds).values(since=now, count=0)
    session.execute(fresh)
    taken = session.connection().execute(
        update(_table).where(here, _table.c.count < most).values(count=_table.c.count + 1)
    )
    if not taken.rowcount:
        since = session.execute(select(_table.c.since).where(here)).scalar_one()
        raise TooManyError("people.too_many", retry_after=max(1, int(since) + seconds - now))


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
    try:
        with session.begin_nested():
            session.execute(insert(_table).values(key=key, count=0, since=0, until=0))
    except IntegrityError:
        return


def _key(kind: str, side: str, value: str) -> str:
    return f"{kind} {side} {value}"[:160]


def _now() -> int:
    return int(utc_now().timestamp())


_table = Throttle.metadata.tables["throttles"]
