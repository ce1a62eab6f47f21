"""Who answers for an act: the account that acts. A typed name counts only where nobody signs in."""

from dataclasses import dataclass

from portfolio.access.rules import Actor
from portfolio.core.errors import FieldError


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
