"""How long a session still lasts: what a page warns of before it ends."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session

from portfolio.access.tables import SignIn, User
from portfolio.core.clock import utc_now
from portfolio.core.settings import get_settings
from portfolio.people.identity import OPEN, ends_at
from portfolio.people.secrets import digest

_sign_ins, _users = SignIn.metadata.tables["sign_ins"], User.metadata.tables["users"]


@dataclass(frozen=True)
class Remaining:
    """Whose session it is, how many seconds are left of it, and whether use makes it last longer."""

    account: str
    seconds: int
    extends: bool


def remaining(session: Session, secret: str) -> Remaining | None:
    """What is left of the session behind a cookie; None when it has ended. Asking counts as no use of it."""
    of = select(_users.c.name, _users.c.disabled, _sign_ins.c.stage, _sign_ins.c.started_at, _sign_ins.c.seen_at)
    found = session.execute(
        of.join_from(_sign_ins, _users, _users.c.id == _sign_ins.c.user_id).where(_sign_ins.c.key == digest(secret))
    ).first()
    now = utc_now()
    if found is None or found.disabled or found.stage != OPEN or now >= ends_at(found.started_at, found.seen_at):
        return None
    ends = ends_at(found.started_at, found.seen_at)
    last = found.started_at + timedelta(hours=get_settings().session_hours)
    return Remaining(found.name, int((ends - now).total_seconds()), ends < last)
