"""Who may approve a scenario: somebody who neither made it nor changed it."""

from sqlmodel import Session

from portfolio.access.persons import Person
from portfolio.access.rules import Actor
from portfolio.core.errors import FieldError
from portfolio.journal.queries import actors_of
from portfolio.scenarios.tables import Scenario

CHANGES = ("make", "copy", "change", "limit", "add_pool", "remove_pool", "renew", "pin")


def own_faults(session: Session, scenario: Scenario, actor: Actor, person: Person) -> list[FieldError]:
    """Whether `person` made the scenario or, as an account, had a hand in it: a second person has not (三(三))."""
    if person.same(Person(scenario.maker, scenario.maker_id)):
        return [FieldError("person", "allocation.own_scenario", {"value": person.name})]
    if actor.user_id is None:
        return []
    changed = actors_of(session, "allocation", scenario.code, CHANGES, scenario.made_revision)
    return [FieldError("person", "allocation.own_change", {"value": person.name})] if person.name in changed else []
