"""Who a request comes from: the account behind a session's cookie or a token, as an actor."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, String, bindparam, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from portfolio.access.local import LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.access.tables import SignIn, Token, User
from portfolio.core.clock import utc_now
from portfolio.core.database import transaction
from portfolio.core.errors import UnauthenticatedError
from portfolio.core.kept import Kept
from portfolio.core.outages import outage
from portfolio.core.settings import get_settings
from portfolio.core.waiting import wait_at_most
from portfolio.people.secrets import digest
from portfolio.scheme.heirs import predecessors

OPEN = "open"
SEEN_EVERY = timedelta(minutes=1)
NOTE_MS = 100  # how long noting a use may wait for the database
log = logging.getLogger("portfolio.people")
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
    found = session.connection().execute(_BY_COOKIE, {"shown": digest(secret)}).first()
    now = utc_now()
    if found is None or found.disabled or now >= ends_at(found.started_at, found.seen_at):
        return None
    actor, stale = actor_of(session, found), now - found.seen_at >= SEEN_EVERY
    shown = found.full_name or found.name
    return Identity(actor, found.stage, found.csrf, found.key, found.demonstration, shown, stale)


def ends_at(started: datetime, seen: datetime) -> datetime:
    """When a session ends: so long after it began, and so long after it was last seen."""
    settings = get_settings()
    return min(
        started + timedelta(hours=settings.session_hours), seen + timedelta(minutes=settings.session_idle_minutes)
    )


def of_token(session: Session, secret: str) -> Identity:
    """Who holds a personal token; raises `UnauthenticatedError` when it is unknown, expired or revoked."""
    found, now = session.connection().execute(_BY_TOKEN, {"shown": digest(secret)}).first(), utc_now()
    if found is None or found.revoked_at is not None or found.expires_at <= now or found.disabled or found.must_change:
        raise UnauthenticatedError("people.bad_token")
    chosen = frozenset(found.actions.split(",")) if found.actions else None
    actor = replace(actor_of(session, found), may_write=found.may_write, actions=chosen)
    stale = found.used_at is None or now - found.used_at >= SEEN_EVERY
    key = f"token {found.token_id}"
    return Identity(actor, OPEN, "", key, found.demonstration, found.full_name or found.name, stale)


def actor_of(session: Session, user: Any) -> Actor:
    """The account as an actor, with the units its unit succeeded."""
    units = frozenset[str]()
    if user.unit:
        units = _heirs.get(session, "heirs", lambda: predecessors(session)).get(user.unit, units)
    return Actor(user.name, user.role, user.unit, user.city, user.id, units=units, element=_element(user))


def _element(user: Any) -> str | None:
    return "fund" if user.role == "finance" else user.element


def mark_seen(session: Session, identity: Identity) -> None:
    """Note that a session or token was used just now."""
    now = utc_now()
    kind, _, number = identity.key.partition(" ")
    if kind == "token":
        session.execute(update(_tokens).where(_tokens.c.id == int(number)).values(used_at=now))
    else:
        session.execute(update(_sign_ins).where(_sign_ins.c.key == identity.key).values(seen_at=now))


def seen(engine: Engine, identity: Identity) -> None:
    """Note in a transaction of its own that a session or token was used just now.

    Nobody is kept from reading because it cannot be noted: while another holds the database, or it takes no writes, the
    next request tries again.
    """
    try:
        with transaction(engine) as session:
            wait_at_most(session, NOTE_MS)
            mark_seen(session, identity)
    except SQLAlchemyError as error:
        if outage(error) is None:
            raise
        log.info("the use of a session was not noted: %s", outage(error))


def demonstration_people(session: Session) -> list[User]:
    """The demonstration accounts, if there are any."""
    rows: Any = session.execute(select(User).where(col(User.demonstration)).order_by(col(User.id))).scalars()
    return list(rows)


def count_people(session: Session) -> int:
    """How many accounts there are."""
    return int(session.execute(select(func.count()).select_from(User)).scalar_one())


_tokens = Token.metadata.tables["tokens"]
_sign_ins = SignIn.metadata.tables["sign_ins"]
_users = User.metadata.tables["users"]
_PERSON = ("id", "name", "full_name", "role", "unit", "city", "element", "disabled", "must_change", "demonstration")
# Every request asks one of these: plain columns cost a fraction of what whole records do.
_BY_COOKIE = (
    select(*(_users.c[name] for name in _PERSON), *(_sign_ins.c[n] for n in ("key", "stage", "csrf", "started_at")))
    .add_columns(_sign_ins.c.seen_at)
    .join_from(_sign_ins, _users, _users.c.id == _sign_ins.c.user_id)
    .where(_sign_ins.c.key == bindparam("shown", type_=String))
)
_BY_TOKEN = (
    select(*(_users.c[name] for name in _PERSON), _tokens.c.id.label("token_id"))
    .add_columns(*(_tokens.c[n] for n in ("may_write", "actions", "expires_at", "used_at", "revoked_at")))
    .join_from(_tokens, _users, _users.c.id == _tokens.c.user_id)
    .where(_tokens.c.key == bindparam("shown", type_=String))
)
