"""What people do with their own account: password, second factor, tokens. Being themselves is all they need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import segno
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, actions, scope_of
from portfolio.access.tables import RecoveryCode, Token, User
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import FieldError, ForbiddenError, InvalidError, NotFoundError
from portfolio.journal import service as journal
from portfolio.people import limits, passwords
from portfolio.people import sign_in_journal as told
from portfolio.people.secrets import digest, new_code, new_token
from portfolio.people.service import write
from portfolio.people.sign_in import end_all, matching_step
from portfolio.people.sign_in import sign_out_everywhere as end_sessions

CODES = 10
LONGEST_DAYS = 366
ISSUER = "Beibu Gulf portfolio"


@dataclass(frozen=True)
class NewToken:
    """A token to be made: what it is for, for how many days, whether it writes, and the actions it is narrowed to."""

    name: str
    days: int = 90
    may_write: bool = False
    actions: tuple[str, ...] = ()


def own_account(session: Session, actor: Actor) -> User:
    """The actor's account; raises `ForbiddenError` for the local owner, who has none."""
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise ForbiddenError("people.no_account")
    return user


def claim(session: Session, actor: Actor) -> None:
    """Count that the actor's password is asked for again; raises `TooManyError`. Commit it before it is looked at.

    Whoever found a browser open must not try passwords faster here than at the door.
    """
    limits.claim(session, limits.OWN, str(own_account(session, actor).id), actor.address)


def sign_out_everywhere(session: Session, actor: Actor) -> int:
    """End every session of the actor's account, the present one too; returns how many."""
    revision.aside(session)
    ended = end_sessions(session, int(own_account(session, actor).id or 0))
    told.signed_out(session, actor, "sign_out_all", {"sessions": ended})
    return ended


def change_password(session: Session, actor: Actor, old: str, new: str, keep: str = "") -> None:
    """Change the actor's password; every session but the one of key `keep` ends, and so does every token."""
    revision.aside(session)
    user = own_account(session, actor)
    found = []
    if not passwords.matches(user.password_hash, old[: passwords.LONGEST]):
        found.append(FieldError("old", "people.wrong_old_password"))
    found += passwords.faults(new, (user.name, user.full_name, user.unit or ""), "new")
    if not found and old == new:
        found.append(FieldError("new", "people.same_password"))
    if found:
        raise InvalidError("people.invalid", found)
    write(session, user, {"password_hash": passwords.hashed(new), "must_change": False})
    end_all(session, int(user.id or 0), keep)
    limits.clear(session, limits.OWN, str(user.id), actor.address)
    _journal(session, actor, user, "password")


@dataclass(frozen=True)
class Enrolment:
    """A second factor about to be set up: the secret to type, and the QR code to scan as an SVG image."""

    secret: str
    svg: str


def begin_enrolment(session: Session, actor: Actor) -> Enrolment:
    """Make a new secret; it counts only once a code of it was shown (`confirm_enrolment`)."""
    revision.aside(session)
    user = own_account(session, actor)
    if user.totp_on:
        raise InvalidError("people.invalid", [FieldError("code", "people.second_is_on")])
    secret = pyotp.random_base32()
    write(session, user, {"totp_secret": secret})
    _journal(session, actor, user, "second_begun")
    return enrolment_of(user)


def enrolment_of(user: User) -> Enrolment:
    """The pending secret of an account and its QR code."""
    secret = user.totp_secret or ""
    address = pyotp.TOTP(secret, name=user.name, issuer=ISSUER).provisioning_uri()
    return Enrolment(secret, segno.make(address, micro=False).svg_inline(scale=5, dark="#000", light="#fff", border=3))


def confirm_enrolment(session: Session, actor: Actor, code: str, keep: str = "") -> list[str]:
    """Turn the second factor on by a code of it; returns the recovery codes, which are shown this once.

    Sessions that never showed it end, all but the one of key `keep`, and so do the tokens.
    """
    revision.aside(session)
    user = own_account(session, actor)
    step = matching_step(user.totp_secret, code) if user.totp_secret and not user.totp_on else None
    if step is None:
        raise InvalidError("people.invalid", [FieldError("code", "people.wrong_code")])
    write(session, user, {"totp_on": True, "totp_last": step})
    end_all(session, int(user.id or 0), keep)
    _journal(session, actor, user, "second_on")
    return _new_codes(session, user)


def renew_codes(session: Session, actor: Actor, password: str) -> list[str]:
    """New recovery codes in place of the old ones, for who still knows the password."""
    user = own_account(session, actor)
    if not user.totp_on:
        raise InvalidError("people.invalid", [FieldError("old", "people.second_is_off")])
    _require_password(user, password)
    revision.aside(session)
    limits.clear(session, limits.OWN, str(user.id), actor.address)
    _journal(session, actor, user, "codes")
    return _new_codes(session, user)


def turn_second_off(session: Session, actor: Actor, password: str, keep: str = "") -> None:
    """Turn the second factor off, for who still knows the password; other sessions than `keep` and tokens end."""
    user = own_account(session, actor)
    _require_password(user, password)
    revision.aside(session)
    limits.clear(session, limits.OWN, str(user.id), actor.address)
    write(session, user, {"totp_secret": None, "totp_on": False, "totp_last": 0})
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    end_all(session, int(user.id or 0), keep)
    _journal(session, actor, user, "second_off")


def _require_password(user: User, password: str) -> None:
    if not passwords.matches(user.password_hash, password[: passwords.LONGEST]):
        raise InvalidError("people.invalid", [FieldError("old", "people.wrong_old_password")])


def _new_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    made = [new_code() for _ in range(CODES)]
    session.execute(insert(_codes), [{"user_id": user.id, "key": digest(code)} for code in made])
    return made


def make_token(session: Session, actor: Actor, data: NewToken, of: User | None = None) -> tuple[int, str]:
    """Make a token of the actor's account (for the machine's owner, of `of`): number and secret, shown once.

    A token reaches no further than its role: actions the role lacks are refused.
    """
    revision.aside(session)
    user = of if of is not None and actor.user_id is None else own_account(session, actor)
    if actor.actions is not None or not actor.may_write:
        raise ForbiddenError("people.no_token_by_token")
    _require_token(user, data)
    secret, now = new_token(), utc_now()
    values = {"user_id": user.id, "name": data.name.strip(), "key": digest(secret), "hint": secret[:8]}
    limits = {"may_write": data.may_write, "actions": ",".join(sorted(set(data.actions)))}
    until = now + timedelta(days=data.days)
    made = session.connection().execute(insert(_tokens).values(**values, **limits, created_at=now, expires_at=until))
    _journal(session, actor, user, "token", {"name": data.name, **limits, "expires_at": until.isoformat()})
    return int(next(iter(made.inserted_primary_key or ()))), secret


def _require_token(user: User, data: NewToken) -> None:
    found: list[FieldError] = []
    if not data.name.strip() or len(data.name) > 80:
        found.append(FieldError("name", "field.required"))
    if not 1 <= data.days <= LONGEST_DAYS:
        found.append(FieldError("days", "people.bad_days", {"value": str(data.days), "most": str(LONGEST_DAYS)}))
    found += [
        FieldError("actions", "people.bad_action", {"value": action})
        for action in data.actions
        if not _has(user, action)
    ]
    if found:
        raise InvalidError("people.invalid", found)


def _has(user: User, action: str) -> bool:
    known = actions()
    element = "fund" if user.role == "finance" else user.element
    actor = Actor(user.name, user.role, user.unit, user.city, element=element)
    return action in known and scope_of(actor, action).some


def revoke_token(session: Session, actor: Actor, number: int) -> None:
    """Revoke one of the actor's own tokens; raises `NotFoundError` for anyone else's."""
    revision.aside(session)
    held = session.get(Token, number)
    if held is None or (actor.user_id is not None and held.user_id != actor.user_id):
        raise NotFoundError("people.no_token", id=str(number))
    session.execute(update(_tokens).where(_tokens.c.id == number).values(revoked_at=utc_now()))
    session.expire(held)
    _journal(session, actor, session.get_one(User, held.user_id), "revoke", {"token": number})


def codes_left(session: Session, user_ids: Iterable[int]) -> dict[int, int]:
    """How many recovery codes each account has left."""
    rows = session.execute(
        select(col(RecoveryCode.user_id)).where(
            col(RecoveryCode.user_id).in_(list(user_ids)), col(RecoveryCode.used_at).is_(None)
        )
    ).scalars()
    found: dict[int, int] = {}
    for number in rows:
        found[number] = found.get(number, 0) + 1
    return found


def _journal(session: Session, actor: Actor, user: User, action: str, after: dict[str, object] | None = None) -> None:
    journal.record(session, actor, "people", [journal.Entry(told.subject_of(user.name), action, None, after)])


_tokens = Token.metadata.tables["tokens"]
_codes = RecoveryCode.metadata.tables["recovery_codes"]
