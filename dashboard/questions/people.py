"""What the pages of people ask: one's own account, and the administration of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from dashboard.data import me, read, who, write
from portfolio.access.tables import User
from portfolio.core.clock import utc_now
from portfolio.people import account, queries, service
from portfolio.people.identity import ends_at
from portfolio.people.records import AddressRecord, SignInRecord, TokenRecord, UserRecord
from portfolio.scheme.directory import unit_directory


@dataclass(frozen=True)
class Badge:
    """Whoever is signed in, as the header shows it; `name` is empty for the local owner."""

    name: str
    role: str
    unit: str | None
    demonstration: bool


def badge(lang: str) -> Badge:
    """The header's badge."""
    identity = who()
    actor = identity.actor
    of = read(lambda session: unit_directory(session).name(actor.unit, lang)) if actor.unit else None
    return Badge(identity.full_name if actor.user_id else "", actor.role, of, identity.demonstration)


@dataclass(frozen=True)
class AccountPage:
    """One's own account: the record, its tokens, sessions and how many recovery codes are left."""

    user: User
    tokens: list[TokenRecord]
    sessions: list[SignInRecord]
    codes_left: int


def account_page() -> AccountPage:
    """One's own account; raises `ForbiddenError` for the local owner, who has none."""

    def question(session: Session) -> AccountPage:
        user = account.own_account(session, me())
        number = int(user.id or 0)
        held, now = queries.own_sign_ins(session, number), utc_now()
        live = [row for row in held if ends_at(row["started_at"], row["seen_at"]) > now]
        left = account.codes_left(session, [number]).get(number, 0)
        return AccountPage(user, queries.own_tokens(session, number), live, left)

    return read(question)


def change_password(old: str, new: str) -> None:
    """Change one's own password; every other session ends."""
    write(lambda session: account.claim(session, me()))
    write(lambda session: account.change_password(session, me(), old, new, who().key))


def sign_out_everywhere() -> int:
    """End every session of one's own, this one too."""
    return write(lambda session: account.sign_out_everywhere(session, me()))


def begin_second() -> account.Enrolment:
    """A second factor to be set up."""
    return write(lambda session: account.begin_enrolment(session, me()))


def confirm_second(code: str) -> list[str]:
    """Turn the second factor on; the recovery codes."""
    return write(lambda session: account.confirm_enrolment(session, me(), code, who().key))


def second_off(password: str) -> None:
    """Turn the second factor off."""
    write(lambda session: account.claim(session, me()))
    write(lambda session: account.turn_second_off(session, me(), password, who().key))


def renew_codes(password: str) -> list[str]:
    """New recovery codes in place of the old ones."""
    write(lambda session: account.claim(session, me()))
    return write(lambda session: account.renew_codes(session, me(), password))


def make_token(data: account.NewToken) -> str:
    """Make a token of one's own; its secret."""
    return write(lambda session: account.make_token(session, me(), data))[1]


def revoke_token(number: int) -> None:
    """Revoke a token of one's own."""
    write(lambda session: account.revoke_token(session, me(), number))


def people() -> list[UserRecord]:
    """Every account."""
    return read(lambda session: queries.list_users(session, me()))


def person(name: str) -> UserRecord:
    """One account."""
    return read(lambda session: queries.get_user(session, me(), name))


def add_person(data: service.NewUser) -> None:
    """Make an account."""
    write(lambda session: service.add_user(session, me(), data))


def change_person(name: str, changes: Mapping[str, Any]) -> None:
    """Change an account."""
    write(lambda session: service.change_user(session, me(), name, changes))


def reset_person(name: str, password: str) -> None:
    """Give an account a password its owner must change."""
    write(lambda session: service.reset_password(session, me(), name, password))


def unlock_person(name: str) -> None:
    """Forget an account's failed tries."""
    write(lambda session: service.unlock(session, me(), name))


def addresses() -> list[AddressRecord]:
    """The addresses that failed to sign in of late."""
    return read(lambda session: queries.list_addresses(session, me()))


def clear_address(address: str) -> None:
    """Forget what was failed from an address."""
    write(lambda session: service.clear_address(session, me(), address))


def second_off_for(name: str) -> None:
    """Take an account's second factor away."""
    write(lambda session: service.reset_second_factor(session, me(), name))
