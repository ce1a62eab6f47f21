"""A whole record as the form and the reviewer see it: facts, profile, needs, and what changed since acceptance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.records import picked
from portfolio.needs.changes import stored_answers
from portfolio.needs.details import project_details
from portfolio.needs.keeping import kept_needs, needs_as_proposed
from portfolio.needs.rules.items import unanswered
from portfolio.projects import tables as record
from portfolio.projects.beside import shows_proposal
from portfolio.projects.profile import project_profile, stored_profile
from portfolio.projects.proposals import DETAILS, FACTS, FINANCING, NEEDS, PROFILE, proposed_parts
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.profile import BLANK, masked
from portfolio.projects.service import with_proposal
from portfolio.projects.states import Standing, standing
from portfolio.projects.tables import LINKS
from portfolio.vocabulary.elements import element_tree

ELEMENTS = ("fund", "land", "sea", "forest")
QUIET = frozenset({"code", "stage_basis", "schedule_basis", "investment_basis"})


@dataclass(frozen=True)
class WholeRecord:
    """`project` as queries give it, `profile`, `needs` as `kept_needs` gives them, and where the record stands."""

    project: ProjectRecord
    profile: dict[str, Any]
    needs: dict[str, Any]
    standing: Standing

    @property
    def stated(self) -> dict[str, Any]:
        """Facts and profile in one mapping, with `needs` as element → whether it is answered: what rules look at."""
        return {**self.project, **self.profile, "needs": self.needs["answered"]}


def whole_record(session: Session, scope: Scope, code: str, beside: bool = True) -> WholeRecord:
    """The record of a project with what is proposed laid over it, or as it was accepted.

    The proposal is left out when not `beside`, and for a reader who neither enters nor reviews the record.
    Raises `NotFoundError`.
    """
    project = get_project(session, scope, code)
    stands = standing(session, project["id"])
    beside = beside and shows_proposal(scope, project, stands)
    profile = project_profile(session, scope, code, beside)
    if not beside:
        return WholeRecord(project, profile, _answered(session, kept_needs(session, project["id"])), stands)
    needs = _answered(session, needs_as_proposed(session, project["id"]))
    return WholeRecord(with_proposal(session, project), profile, needs, stands)


def _answered(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    silent = unanswered(element_tree(session), [item for item, _, _ in found["needs"]], found["not_applicable"])
    return {**found, "answered": {element: element not in silent or None for element in ELEMENTS}}


@dataclass(frozen=True)
class Comparison:
    """What a record proposes beside its accepted state: fields (name, before, after), needs (item, year, …), details
    of needs (item, attribute, …), financing records (number, before, after as mappings or None).

    `new` says that it has never been accepted, so that there is nothing to compare with; `overtaken` names the keys
    whose accepted value is not any more the one the proposal was made beside.
    """

    new: bool
    fields: list[tuple[str, Any, Any]]
    needs: list[tuple[str, int | None, Any, Any]]
    details: list[tuple[str, str, Any, Any]]
    overtaken: tuple[str, ...] = ()
    financing: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the changed fields."""
        return [name for name, _, _ in self.fields]

    @property
    def needs_changed(self) -> int:
        """How much of the needs differs, quantities and details."""
        return len(self.needs) + len(self.details)

    @property
    def count(self) -> int:
        """How many single changes are proposed."""
        return len(self.fields) + self.needs_changed + len(self.financing)

    @property
    def same(self) -> bool:
        """Whether the record says exactly what was accepted."""
        return not (self.new or self.count)


def compare(session: Session, scope: Scope, code: str) -> Comparison:
    """What is proposed for a record against what it says, for who may see it; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    stands = standing(session, project["id"])
    new, shown = not stands.accepted, shows_proposal(scope, project, stands)
    parts = proposed_parts(session, project["id"]) if shown and not new else {}
    if not parts:
        return Comparison(new, [], [], [])
    facts = parts.get(FACTS, {})
    held_facts = picked(project, facts)
    fields = [(name, held_facts[name], facts[name][1]) for name in (*record.FACTS, *LINKS) if name in facts]
    profile = parts.get(PROFILE, {})
    accepted = stored_profile(session, project["id"]) if profile else {}
    fields += [_discreet((name, accepted[name], profile[name][1])) for name in BLANK if name in profile]
    needs, details = parts.get(NEEDS, {}), parts.get(DETAILS, {})
    held = stored_answers(session, project["id"]) if needs else {}
    said = _details(session, scope, code) if details else {}
    sides = ((facts, project), (profile, accepted), (needs, held), (details, said))
    return Comparison(
        new,
        [field for field in fields if field[0] not in QUIET],
        needs_changes({key: (held.get(key), now) for key, (_, now) in needs.items()}),
        sorted((*key.split(" ", 1), said.get(key), now) for key, (_, now) in details.items()),
        tuple(key for part, now in sides for key, (was, _) in part.items() if was != now.get(key)),
        tuple((number, *both) for number, both in parts.get(FINANCING, {}).items()),
    )


def _details(session: Session, scope: Scope, code: str) -> dict[str, str]:
    return {f"{item} {name}": value for (item, name), value in project_details(session, scope, code).items()}


def needs_changes(changed: Mapping[str, Sequence[Any]]) -> list[tuple[str, int | None, Any, Any]]:
    """(item, year, before, after) in base units; 不涉及 has no year and is true or false. In the order of the items.

    `changed` is the key of a proposal → the two sides, each `[base units, basis]`, a basis alone, or None.
    """
    found: list[tuple[str, int | None, Any, Any]] = []
    for key, (before, now) in changed.items():
        item, _, year = key.partition(" ")
        if year:
            found.append((item, int(year), before[0] if before else None, now[0] if now else None))
        else:
            found.append((item, None, before is not None, now is not None))
    return sorted(found, key=lambda one: (one[1] is None, one[0], one[1] or 0))


def _discreet(change: tuple[str, Any, Any]) -> tuple[str, Any, Any]:
    name, *sides = change
    if name != "contacts":
        return change
    before, after = ([masked(contact) for contact in side or []] for side in sides)
    return name, before, after
