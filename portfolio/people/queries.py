"""Read accounts, their sessions and tokens; no secret is among what is read."""

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require
from portfolio.access.tables import SignIn, Token, User
from portfolio.core.errors import NotFoundError
from portfolio.core.records import record_of, records_of
from portfolio.people import limits
from portfolio.people.records import AddressRecord, SignInRecord, TokenRecord, UserRecord
from portfolio.people.sign_in import KIND, plain_name

COLUMNS = (
    "name",
    "full_name",
    "role",
    "unit",
    "city",
    "element",
    "disabled",
    "must_change",
    "totp_on",
    "demonstration",
    "subject",
    "created_at",
    "signed_in_at",
    "version",
)
TOKEN_COLUMNS = ("id", "name", "hint", "may_write", "actions", "created_at", "expires_at", "used_at", "revoked_at")
SIGN_IN_COLUMNS = ("started_at", "seen_at", "address", "agent", "stage")


def list_users(session: Session, actor: Actor) -> list[UserRecord]:
    """Every account by name, as `COLUMNS` with `has_password` and `locked` (failed too often, just now)."""
    require(actor, "user.read")
    rows = session.execute(select(User).order_by(col(User.name))).scalars().all()
    return [_record(session, row) for row in rows]


def get_user(session: Session, actor: Actor, name: str) -> UserRecord:
    """One account as `list_users` gives it; raises `NotFoundError`."""
    require(actor, "user.read")
    row = session.execute(select(User).where(col(User.name) == plain_name(name))).scalar_one_or_none()
    if row is None:
        raise NotFoundError("people.not_found", value=name)
    return _record(session, row)


def _record(session: Session, row: User) -> UserRecord:
    shown = {name: getattr(row, name) for name in COLUMNS}
    locked = bool(limits.blocked_until(session, KIND, row.name))
    return record_of(UserRecord, {**shown, "has_password": row.password_hash is not None, "locked": locked})


def list_addresses(session: Session, actor: Actor) -> list[AddressRecord]:
    """Addresses that failed to sign in and are not forgotten: `address`, `failures`, `free`, `wait_seconds`."""
    require(actor, "user.read")
    free = limits.free_failures(limits.ADDRESS)
    return [
        {"address": address, "failures": failures, "free": free, "wait_seconds": wait}
        for address, failures, wait in limits.held_addresses(session)
    ]


def own_tokens(session: Session, user_id: int) -> list[TokenRecord]:
    """An account's tokens that are not revoked, the newest first."""
    columns = [getattr(Token, name) for name in TOKEN_COLUMNS]
    wanted = (col(Token.user_id) == user_id, col(Token.revoked_at).is_(None))
    rows = session.execute(select(*columns).where(*wanted).order_by(col(Token.id).desc()))
    return records_of(TokenRecord, rows.mappings())


def own_sign_ins(session: Session, user_id: int) -> list[SignInRecord]:
    """An account's sessions, the last seen first."""
    columns = [getattr(SignIn, name) for name in SIGN_IN_COLUMNS]
    rows = session.execute(select(*columns).where(col(SignIn.user_id) == user_id).order_by(col(SignIn.seen_at).desc()))
    return records_of(SignInRecord, rows.mappings())
