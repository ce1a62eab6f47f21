"""Who answers for a scenario: the account that acts. A typed name counts only where nobody signs in."""

from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.core.errors import FieldError
from portfolio.journal.queries import actors_of
from portfolio.scenarios.tables import Scenario

CHANGES = ("make", "copy", "change", "limit", "add_pool", "remove_pool", "renew", "pin")


@dataclass(frozen=True)
class Person:
    """A person: the account and its name, or, at the machine itself, a name alone."""

    name: str
    user_id: int | None = None

    def same(self, other: "Person") -> bool:
        """Whether both are one account; where one has none, one name."""
        if self.user_id is not None and other.user_id is not None:
            return self.user_id == other.user_id
        return self.name.strip().casefold() == other.name.strip().casefold()


def person_of(actor: Actor, typed: str) -> Person:
    """The account that acts; the local owner, who has none, answers under the name typed in or as himself."""
    if actor.user_id is not None:
        return Person(actor.name, actor.user_id)
    return Person(typed.strip() or actor.name)


def typed_faults(actor: Actor, typed: str, field: str) -> list[FieldError]:
    """A name typed in by somebody who is signed in under another one."""
    if actor.user_id is None or typed.strip() in ("", actor.name):
        return []
    return [FieldError(field, "allocation.person_is_account", {"value": typed.strip(), "account": actor.name})]


def own_faults(session: Session, scenario: Scenario, actor: Actor, person: Person) -> list[FieldError]:
    """Whether `person` made the scenario or, as an account, had a hand in it: a second person has not (三(三))."""
    if person.same(Person(scenario.maker, scenario.maker_id)):
        return [FieldError("person", "allocation.own_scenario", {"value": person.name})]
    if actor.user_id is None:
        return []
    changed = actors_of(session, "allocation", scenario.code, CHANGES, scenario.made_revision)
    return [FieldError("person", "allocation.own_change", {"value": person.name})] if person.name in changed else []
