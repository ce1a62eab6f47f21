"""Sign in and out: a password, then what else is owed, and the sessions that come of it."""

from dataclasses import dataclass
from ipaddress import ip_address

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.tables import RecoveryCode, SignIn, Token, User
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.people import limits, passwords
from portfolio.people import sign_in_journal as told
from portfolio.people.identity import OPEN, Identity, ends_at
from portfolio.people.secrets import digest, new_secret

SECOND, ENROL, PASSWORD = "second", "enrol", "password"
KIND, KIND_SECOND = limits.SIGN_IN, limits.SECOND
STEP_SECONDS = 30


@dataclass(frozen=True)
class Opened:
    """A new session: the secret of its cookie, what the person owes first (`open`: nothing), and as whom they come."""

    secret: str
    stage: str
    csrf: str
    role: str


def plain_name(name: str) -> str:
    """An account's name as it is kept."""
    return name.strip().lower()


def claim(session: Session, name: str, address: str) -> None:
    """Count a try at signing in; raises `TooManyError`. Commit it before the password is looked at."""
    limits.claim(session, KIND, plain_name(name), address)


def by_password(session: Session, name: str, password: str, address: str, agent: str = "") -> Opened:
    """A session for the account whose password this is; raises `UnauthenticatedError`, the same for every reason."""
    user = named(session, name)
    right = passwords.matches(user.password_hash if user else None, password[: passwords.LONGEST])
    if user is None or not right or user.disabled or not _may_come_from(user, address):
        raise UnauthenticatedError("people.wrong_password")
    revision.aside(session)
    limits.clear(session, KIND, user.name, address)
    if user.password_hash and passwords.outdated(user.password_hash):
        _set(session, user, password_hash=passwords.hashed(password))
    return open_session(session, user, address, agent, "password")


def named(session: Session, name: str) -> User | None:
    """The account of that name."""
    found: User | None = session.execute(select(User).where(col(User.name) == plain_name(name))).scalar_one_or_none()
    return found


def not_by_password(session: Session, name: str, address: str) -> None:
    """Journal that a password was refused; to be called in a transaction of its own, after the refusal."""
    told.failed(session, named(session, name), address, "password")


def open_session(session: Session, user: User, address: str, agent: str, way: str) -> Opened:
    """Begin a session of an account whose first factor was shown by `way`; ended ones are swept out."""
    revision.aside(session)
    secret, csrf, now = new_secret(), new_secret(), utc_now()
    _sweep(session, user)
    values = {"user_id": user.id, "stage": _owed(user), "csrf": csrf, "started_at": now, "seen_at": now}
    shown = {"address": address[:64], "agent": agent[:200]}
    session.execute(insert(_sign_ins).values(key=digest(secret), **values, **shown))
    _set(session, user, signed_in_at=now)
    stage = str(values["stage"])
    told.signed_in(session, user, address, way, "" if stage == OPEN else stage)
    return Opened(secret, stage, csrf, user.role)


def _owed(user: User, passed: bool = False) -> str:
    """What stands between an account and the open door, in its order."""
    if user.totp_on and not passed:
        return SECOND
    if user.must_change and user.password_hash:
        return PASSWORD
    if user.role == "administrator" and get_settings().totp_for_administrators and not user.totp_on:
        return ENROL
    return OPEN


def claim_second(session: Session, identity: Identity) -> None:
    """Count a try at the second factor; raises `TooManyError`."""
    limits.claim(session, KIND_SECOND, str(identity.actor.user_id), identity.actor.address)


def second_factor(session: Session, identity: Identity, code: str) -> Opened:
    """A session that has shown its second factor: a code of the moment, or one recovery code, each good once.

    The session gets a new secret. Raises `UnauthenticatedError`.
    """
    revision.aside(session)
    user = session.get_one(User, identity.actor.user_id)
    if identity.stage != SECOND or not (_totp_holds(session, user, code) or _recovers(session, user, code)):
        raise UnauthenticatedError("people.wrong_code")
    limits.clear(session, KIND_SECOND, str(user.id), identity.actor.address)
    stage = _owed(user, passed=True)
    told.signed_in(session, user, identity.actor.address, "second", "" if stage == OPEN else stage)
    return renew(session, identity, stage)


def not_by_second(session: Session, identity: Identity) -> None:
    """Journal that a second factor was refused; to be called in a transaction of its own, after the refusal."""
    told.failed(session, session.get_one(User, identity.actor.user_id), identity.actor.address, "second")


def renew(session: Session, identity: Identity, stage: str) -> Opened:
    """The same session under a new secret, at another stage: what was known before no longer opens it."""
    secret, csrf = new_secret(), new_secret()
    fresh = {"key": digest(secret), "csrf": csrf, "stage": stage, "seen_at": utc_now()}
    session.execute(update(_sign_ins).where(_sign_ins.c.key == identity.key).values(**fresh))
    return Opened(secret, stage, csrf, identity.actor.role)


def next_stage(session: Session, identity: Identity) -> str:
    """What a session owes once its second factor was shown and something else was just paid."""
    return _owed(session.get_one(User, identity.actor.user_id), passed=True)


def _totp_holds(session: Session, user: User, code: str) -> bool:
    """Whether it is the code of this step or a neighbouring one, and later than any used before."""
    if not user.totp_on or not user.totp_secret:
        return False
    step = matching_step(user.totp_secret, code)
    if step is None:
        return False
    later = update(_users).where(_users.c.id == user.id, _users.c.totp_last < step).values(totp_last=step)
    return bool(session.connection().execute(later).rowcount)


def matching_step(secret: str, code: str) -> int | None:
    """The step (half-minute of the epoch), now or next to it, whose code this is."""
    now, totp = int(utc_now().timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if pyotp.utils.strings_equal(code.strip(), totp.generate_otp(step)):
            return step
    return None


def _recovers(session: Session, user: User, code: str) -> bool:
    here = (_codes.c.user_id == user.id) & (_codes.c.key == digest(code.strip().lower())) & _codes.c.used_at.is_(None)
    return bool(session.connection().execute(update(_codes).where(here).values(used_at=utc_now())).rowcount)


def sign_out(session: Session, identity: Identity) -> None:
    """End one session."""
    revision.aside(session)
    session.execute(delete(_sign_ins).where(_sign_ins.c.key == identity.key))
    told.signed_out(session, identity.actor)


def forget(session: Session, secret: str) -> None:
    """End the session of a cookie that a browser brought to a new sign-in: it would live on beside the new one."""
    session.execute(delete(_sign_ins).where(_sign_ins.c.key == digest(secret)))


def sign_out_everywhere(session: Session, user_id: int, but: str = "") -> int:
    """End every session of an account, except the one of key `but`; returns how many."""
    here = (_sign_ins.c.user_id == user_id) & (_sign_ins.c.key != but)
    return int(session.connection().execute(delete(_sign_ins).where(here)).rowcount)


def end_all(session: Session, user_id: int, but: str = "") -> None:
    """End every session of an account (except the one of key `but`) and revoke every token.

    For whatever makes what was known before worthless: another password or second factor, an account disabled. A token
    once revoked stays so when the account is enabled again.
    """
    sign_out_everywhere(session, user_id, but)
    held = (_tokens.c.user_id == user_id) & _tokens.c.revoked_at.is_(None)
    session.execute(update(_tokens).where(held).values(revoked_at=utc_now()))


def _sweep(session: Session, user: User) -> None:
    now = utc_now()
    rows = session.execute(select(SignIn).where(col(SignIn.user_id) == user.id)).scalars().all()
    ended = [row.key for row in rows if now >= ends_at(row.started_at, row.seen_at)]
    if ended:
        session.execute(delete(_sign_ins).where(_sign_ins.c.key.in_(ended)))


def _may_come_from(user: User, address: str) -> bool:
    """Demonstration accounts are known to all: they open nothing from another machine."""
    return not user.demonstration or on_this_machine(address)


def on_this_machine(address: str) -> bool:
    """Whether an address (or `localhost`) is the machine itself."""
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def _set(session: Session, user: User, **values: object) -> None:
    session.execute(update(_users).where(_users.c.id == user.id).values(**values))
    session.refresh(user)


_users = User.metadata.tables["users"]
_sign_ins = SignIn.metadata.tables["sign_ins"]
_tokens = Token.metadata.tables["tokens"]
_codes = RecoveryCode.metadata.tables["recovery_codes"]
