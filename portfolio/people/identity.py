"""Who a request comes from: the account behind a session's cookie or a token, as an actor."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from portfolio.access.local import LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.access.tables import SignIn, Token, User
from portfolio.core.clock import utc_now
from portfolio.core.errors import UnauthenticatedError
from portfolio.core.kept import Kept
from portfolio.core.settings import get_settings
from portfolio.people.secrets import digest
from portfolio.scheme.tables import Unit

OPEN = "open"
SEEN_EVERY = timedelta(minutes=1)
_heirs = Kept(size=1)


@dataclass(frozen=True)
class Identity:
    """Who is there. `stage` is `open`, or what the person owes first: `second`, `enrol`, `password`."""

    actor: Actor
    stage: str = OPEN
    csrf: str = ""
    key: str = ""
    demonstration: bool = False
    full_name: str = ""
    stale: bool = False


LOCAL = Identity(LOCAL_OWNER)


def sign_in_required(session: Session) -> bool:
    """Whether a caller must sign in: as `SIGN_IN` says, and with `auto` as soon as there is an account."""
    mode = get_settings().sign_in
    if mode != "auto":
        return mode == "on"
    return session.execute(select(col(User.id)).limit(1)).first() is not None


def of_cookie(session: Session, secret: str) -> Identity | None:
    """Who holds a session's cookie; None when it has ended, was idle too long, or its account is disabled."""
    statement = select(SignIn, User).join(User, col(User.id) == col(SignIn.user_id))
    found = session.execute(statement.where(col(SignIn.key) == digest(secret))).first()
    if found is None:
        return None
    held, user = found
    now = utc_now()
    if user.disabled or now >= ends_at(held.started_at, held.seen_at):
        return None
    return Identity(
        actor_of(session, user),
        held.stage,
        held.csrf,
        held.key,
        user.demonstration,
        user.full_name or user.name,
        now - held.seen_at >= SEEN_EVERY,
    )


def ends_at(started: datetime, seen: datetime) -> datetime:
    """When a session ends: so long after it began, and so long after it was last seen."""
    settings = get_settings()
    return min(
        started + timedelta(hours=settings.session_hours), seen + timedelta(minutes=settings.session_idle_minutes)
    )


def of_token(session: Session, secret: str) -> Identity:
    """Who holds a personal token; raises `UnauthenticatedError` when it is unknown, expired or revoked."""
    statement = select(Token, User).join(User, col(User.id) == col(Token.user_id))
    found = session.execute(statement.where(col(Token.key) == digest(secret))).first()
    if found is None:
        raise UnauthenticatedError("people.bad_token")
    held, user = found
    now = utc_now()
    if held.revoked_at is not None or held.expires_at <= now or user.disabled or user.must_change:
        raise UnauthenticatedError("people.bad_token")
    chosen = frozenset(held.actions.split(",")) if held.actions else None
    actor = replace(actor_of(session, user), may_write=held.may_write, actions=chosen)
    stale = held.used_at is None or now - held.used_at >= SEEN_EVERY
    return Identity(actor, OPEN, "", f"token {held.id}", user.demonstration, user.full_name or user.name, stale)


def actor_of(session: Session, user: User) -> Actor:
    """The account as an actor, with the units its unit succeeded."""
    units = frozenset[str]()
    if user.unit:
        units = _heirs.get(session, "heirs", lambda: _predecessors(session)).get(user.unit, units)
    return Actor(user.name, user.role, user.unit, user.city, user.id, units=units, element=_element(user))


def _element(user: User) -> str | None:
    return "fund" if user.role == "finance" else user.element


def _predecessors(session: Session) -> dict[str, frozenset[str]]:
    """Unit → the units it came from, however far back."""
    rows = session.execute(select(col(Unit.code), col(Unit.successor)).where(col(Unit.successor).is_not(None))).all()
    heir: dict[str, str] = {code: successor for code, successor in rows}
    found: dict[str, set[str]] = {}
    for code in heir:
        seen, later = {code}, heir.get(code)
        while later is not None and later not in seen:
            found.setdefault(later, set()).add(code)
            seen.add(later)
            later = heir.get(later)
    return {code: frozenset(units) for code, units in found.items()}


def mark_seen(session: Session, identity: Identity) -> None:
    """Note that a session or token was used just now."""
    now = utc_now()
    kind, _, number = identity.key.partition(" ")
    if kind == "token":
        session.execute(update(_tokens).where(_tokens.c.id == int(number)).values(used_at=now))
    else:
        session.execute(update(_sign_ins).where(_sign_ins.c.key == identity.key).values(seen_at=now))


def demonstration_people(session: Session) -> list[User]:
    """The demonstration accounts, if there are any."""
    rows: Any = session.execute(select(User).where(col(User.demonstration)).order_by(col(User.id))).scalars()
    return list(rows)


def count_people(session: Session) -> int:
    """How many accounts there are."""
    return int(session.execute(select(func.count()).select_from(User)).scalar_one())


_tokens = Token.metadata.tables["tokens"]
_sign_ins = SignIn.metadata.tables["sign_ins"]
