"""Administer accounts: add, change, disable, reset and unlock them. Every change is journalled, no secret ever is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy import select as choose
from sqlmodel import Session, col

from portfolio.access.rules import ELEMENTS, ROLES, Actor, require
from portfolio.access.tables import RecoveryCode, Token, User
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError, StaleError
from portfolio.core.records import record_of
from portfolio.journal import service as journal
from portfolio.people import limits, passwords
from portfolio.people.records import AccountFields
from portfolio.people.sign_in import end_all, plain_name, sign_out_everywhere
from portfolio.people.sign_in_journal import ADDRESS_MARK, subject_of
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.tables import Region

NAME = re.compile(r"^[a-z0-9][a-z0-9._@-]{1,78}$")
FIELDS = ("full_name", "role", "unit", "city", "element", "disabled", "subject")
OF_UNIT = ("project_office", "lead_reviewer")
NEEDS = {"city_reviewer": "city", "element_authority": "element", **dict.fromkeys(OF_UNIT, "unit")}


@dataclass(frozen=True)
class NewUser:
    """An account to be made; without a password it can sign in only through the OpenID provider."""

    name: str
    role: str
    full_name: str = ""
    unit: str | None = None
    city: str | None = None
    element: str | None = None
    password: str | None = None
    subject: str | None = None
    must_change: bool = True
    demonstration: bool = False


def add_user(session: Session, actor: Actor, data: NewUser) -> int:
    """Make an account; returns its number. Raises `InvalidError` (`people.invalid`) with every fault."""
    require(actor, "user.manage")
    revision.aside(session)
    name = plain_name(data.name)
    facts = {field: getattr(data, field) for field in FIELDS if field != "disabled"}
    found = [] if NAME.match(name) else [FieldError("name", "people.bad_name", {"value": data.name})]
    found += _faults(session, facts)
    if data.password is not None and not data.demonstration:
        found += passwords.faults(data.password, (name, data.full_name, data.unit or ""))
    if found:
        raise InvalidError("people.invalid", found)
    if session.execute(choose(col(User.id)).where(col(User.name) == name)).first():
        raise ConflictError("people.name_taken", value=name)
    values = {
        **facts,
        "name": name,
        "password_hash": passwords.hashed(data.password) if data.password is not None else None,
        "must_change": data.must_change and data.password is not None,
        "demonstration": data.demonstration,
    }
    fixed = {"disabled": False, "totp_on": False, "totp_last": 0, "created_at": utc_now(), "version": 1}
    made = session.connection().execute(insert(_users).values(**values, **fixed))
    journal.record(session, actor, "people", [journal.Entry(_subject(name), "create", None, _shown(facts))])
    return int(next(iter(made.inserted_primary_key or ())))


def change_user(
    session: Session, actor: Actor, name: str, changes: Mapping[str, Any], version: int | None = None
) -> AccountFields:
    """Change `FIELDS` of an account; whoever loses a role, unit or the account itself is signed out everywhere.

    The tokens of an account that is disabled, or signs in elsewhere from now on (`subject`), are revoked for good.
    The last administrator who can sign in stays one (`people.last_administrator`).
    """
    require(actor, "user.manage")
    revision.aside(session)
    user = get_user(session, name)
    if version is not None and version != user.version:
        raise StaleError("people.stale", user.model_dump(include={"name", *FIELDS, "version"}), value=name)
    before = {field: getattr(user, field) for field in FIELDS}
    after = {**before, **{field: changes[field] for field in FIELDS if field in changes}}
    found = _faults(session, after)
    if found:
        raise InvalidError("people.invalid", found)
    changed = [field for field in FIELDS if before[field] != after[field]]
    if not changed:
        return record_of(AccountFields, after)
    if user.role == "administrator" and not user.disabled and (after["role"] != user.role or after["disabled"]):
        _require_another(session, user)
    write(session, user, {field: after[field] for field in changed})
    if "disabled" in changed or "subject" in changed:
        end_all(session, int(user.id or 0))
    elif set(changed) - {"full_name"}:
        sign_out_everywhere(session, int(user.id or 0))
    entry = journal.Entry(_subject(name), "update", {f: before[f] for f in changed}, {f: after[f] for f in changed})
    journal.record(session, actor, "people", [entry])
    return record_of(AccountFields, after)


def move_to_unit(session: Session, actor: Actor, name: str, unit: str, reason: str) -> None:
    """Put an account under another unit and sign it out, as a hand-over of its unit has decided (which has asked)."""
    revision.aside(session)
    user = get_user(session, name)
    before = {"unit": user.unit}
    write(session, user, {"unit": unit})
    sign_out_everywhere(session, int(user.id or 0))
    journal.record(session, actor, "people", [journal.Entry(_subject(name), "update", before, {"unit": unit})], reason)


def reset_password(session: Session, actor: Actor, name: str, password: str) -> None:
    """Give an account a password its owner must change at the next sign-in; its sessions and tokens end."""
    require(actor, "user.manage")
    revision.aside(session)
    user = get_user(session, name)
    found = passwords.faults(password, (user.name, user.full_name, user.unit or ""))
    if found:
        raise InvalidError("people.invalid", found)
    write(session, user, {"password_hash": passwords.hashed(password), "must_change": True})
    end_all(session, int(user.id or 0))
    _forget_tries(session, user)
    journal.record(session, actor, "people", [journal.Entry(_subject(name), "reset", None, {"must_change": True})])


def reset_second_factor(session: Session, actor: Actor, name: str) -> None:
    """Take an account's second factor and recovery codes away, for someone who lost the device."""
    require(actor, "user.manage")
    revision.aside(session)
    user = get_user(session, name)
    write(session, user, {"totp_secret": None, "totp_on": False, "totp_last": 0})
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    end_all(session, int(user.id or 0))
    journal.record(session, actor, "people", [journal.Entry(_subject(name), "second_off", {"totp_on": True}, None)])


def unlock(session: Session, actor: Actor, name: str) -> None:
    """Forget an account's failed tries, so that its owner may try again at once."""
    require(actor, "user.manage")
    revision.aside(session)
    user = get_user(session, name)
    _forget_tries(session, user)
    journal.record(session, actor, "people", [journal.Entry(_subject(name), "unlock", None, None)])


def clear_address(session: Session, actor: Actor, address: str) -> None:
    """Forget what was failed from an address, so that whoever sits behind it may sign in; raises `NotFoundError`."""
    require(actor, "user.manage")
    revision.aside(session)
    if not limits.forget_address(session, address):
        raise NotFoundError("people.no_address", value=address)
    entry = journal.Entry(f"{ADDRESS_MARK}{limits.network_of(address)}"[:80], "unlock", None, None)
    journal.record(session, actor, "people", [entry])


def revoke_tokens(session: Session, actor: Actor, name: str) -> int:
    """Revoke every token of an account; returns how many."""
    require(actor, "user.manage")
    revision.aside(session)
    user = get_user(session, name)
    held = (_tokens.c.user_id == user.id) & _tokens.c.revoked_at.is_(None)
    count = int(session.connection().execute(update(_tokens).where(held).values(revoked_at=utc_now())).rowcount)
    entry = journal.Entry(_subject(name), "revoke", None, {"tokens": count})
    journal.record(session, actor, "people", [entry])
    return count


def get_user(session: Session, name: str) -> User:
    """The account of that name; raises `NotFoundError`."""
    found: User | None = session.execute(choose(User).where(col(User.name) == plain_name(name))).scalar_one_or_none()
    if found is None:
        raise NotFoundError("people.not_found", value=name)
    return found


def write(session: Session, user: User, values: Mapping[str, Any]) -> None:
    """Write columns of an account; its version rises."""
    fresh = {**values, "version": user.version + 1}
    session.connection().execute(update(_users).where(_users.c.id == user.id).values(**fresh))
    session.refresh(user)


def _faults(session: Session, facts: Mapping[str, Any]) -> list[FieldError]:
    found: list[FieldError] = []
    role = facts["role"]
    if role not in ROLES:
        found.append(FieldError("role", "field.unknown_code", {"value": str(role)}))
    if facts["unit"] and session.get(Unit, facts["unit"]) is None:
        found.append(FieldError("unit", "field.unknown_code", {"value": facts["unit"]}))
    if facts["city"] and session.get(Region, facts["city"]) is None:
        found.append(FieldError("city", "field.unknown_code", {"value": facts["city"]}))
    if facts["element"] and facts["element"] not in ELEMENTS:
        found.append(FieldError("element", "field.unknown_code", {"value": facts["element"]}))
    if role in NEEDS and not facts[NEEDS[role]]:
        found.append(FieldError(NEEDS[role], "people.role_needs"))
    return found


def _require_another(session: Session, user: User) -> None:
    others = choose(col(User.id)).where(col(User.role) == "administrator", ~col(User.disabled), col(User.id) != user.id)
    if session.execute(others).first() is None:
        raise ConflictError("people.last_administrator", value=user.name)


def _forget_tries(session: Session, user: User) -> None:
    limits.forget(session, {limits.SIGN_IN: user.name, limits.SECOND: str(user.id), limits.OWN: str(user.id)})


def _subject(name: str) -> str:
    return subject_of(plain_name(name))


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "")}


_users = User.metadata.tables["users"]
_tokens = Token.metadata.tables["tokens"]
