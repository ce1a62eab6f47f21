"""What the journal says of signing in and out: who, when, from which address; failures without room for a flood.

A failed try at an account is always told: the account's waiting times bound how many there can be in a day, from
however many addresses. Tries under names that are no account's are counted together, and told so rarely that an
attacker cannot fill the disk with them; the name itself is not kept, since people type passwords there.
"""

from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.access.tables import User
from portfolio.core import revision
from portfolio.journal import service as journal
from portfolio.people import limits

NOBODY = "-"  # no account can be called so
TOLD_EACH = 20
HOUR_SECONDS = 3600
_ACCOUNT = "user "
ADDRESS_MARK = "address "
STRANGERS = f"{_ACCOUNT}{NOBODY}"
Told = dict[str, Any]


def subject_of(name: str) -> str:
    """Under what the journal keeps what concerns an account."""
    return f"{_ACCOUNT}{name}"[:80]


def account_of(subject: str) -> str | None:
    """The account a subject of the journal stands for; None when it is something else."""
    return subject.removeprefix(_ACCOUNT) if subject.startswith(_ACCOUNT) else None


def signed_in(session: Session, user: User, address: str, way: str, owes: str = "") -> None:
    """A session was opened by `way` (`password`, `provider`), or got past its second factor (`second`)."""
    who = Actor(user.name, user.role, user.unit, user.city, user.id, address)
    _write(session, who, user.name, "sign_in", {"way": way, **({"owes": owes} if owes else {})})


def signed_out(session: Session, actor: Actor, action: str = "sign_out", after: Told | None = None) -> None:
    """A person ended a session (`sign_out`) or all of them (`sign_out_all`)."""
    _write(session, actor, actor.name, action, after)


def failed(session: Session, user: User | None, address: str, way: str) -> None:
    """A try at signing in failed; `user` is the account it was at, None when there is no such account."""
    revision.aside(session)
    who = Actor(NOBODY, NOBODY, address=address)
    if user is None:
        count = limits.count(session, "strangers", "all", HOUR_SECONDS)
        if is_told(count):
            _write(session, who, NOBODY, "failed", {"way": way, "in_this_hour": count})
        return
    kind, key = (limits.SECOND, str(user.id)) if way == "second" else (limits.SIGN_IN, user.name)
    failures, seconds = limits.failures(session, kind, key)
    locked = {"locked_seconds": seconds} if seconds else {}
    _write(session, who, user.name, "failed", {"way": way, "failures": failures, **locked})


def is_told(count: int) -> bool:
    """Whether the so-manieth failure of an hour is journalled: each of the first, then the powers of two."""
    return count <= TOLD_EACH or count & (count - 1) == 0


def _write(session: Session, actor: Actor, name: str, action: str, after: Told | None) -> None:
    journal.record(session, actor, "people", [journal.Entry(subject_of(name), action, None, after)])
