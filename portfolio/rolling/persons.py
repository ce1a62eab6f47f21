"""Who may approve an edition: somebody who neither rolled it nor put anything in it by hand."""

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.persons import Person, person_of, typed_faults
from portfolio.access.rules import Actor
from portfolio.core.errors import FieldError
from portfolio.rolling.tables import Edition, EditionEntry

LONGEST = 80
BY_HAND, VETOED = "by_hand", "vetoed"


def maker_of(edition: Edition) -> str:
    """Who answers for a draft: the person it names, else the account that rolled it."""
    return edition.maker or edition.actor


def approver_faults(session: Session, edition: Edition, actor: Actor, typed: str) -> list[FieldError]:
    """Whether the person who approves is named, is who acts, and is not who made the edition (as 0013 for scenarios).

    An account that took a project in by hand, changed a category or let one leave had a hand in it. Accepting or
    rejecting what the rules propose, and deciding on a veto, are looks at it.
    """
    found = typed_faults(actor, typed, "person")
    person = person_of(actor, typed)
    if actor.user_id is None and not typed.strip():
        return [*found, FieldError("person", "screening.person_required")]
    if len(person.name) > LONGEST:
        return [*found, FieldError("person", "field.too_long", {"limit": LONGEST})]
    if person.same(Person(maker_of(edition))):
        return [*found, FieldError("person", "rolling.own_edition", {"value": person.name})]
    if actor.user_id is not None and _had_a_hand(session, edition, person.name):
        found.append(FieldError("person", "rolling.own_change", {"value": person.name}))
    return found


def _had_a_hand(session: Session, edition: Edition, name: str) -> bool:
    entry = EditionEntry
    by_hand = (col(entry.rule) == BY_HAND) & (col(entry.reason_code) != VETOED)
    moved = col(entry.category) != col(entry.derived)
    wanted = (col(entry.edition_id) == edition.id, col(entry.approver) == name, by_hand | moved)
    return session.execute(select(col(entry.code)).where(*wanted).limit(1)).first() is not None
