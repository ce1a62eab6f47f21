"""A whole record as the form and the reviewer see it: facts, profile, needs, and what changed since acceptance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.needs.keeping import compare_details, compare_needs, kept_needs
from portfolio.needs.rules.items import unanswered
from portfolio.projects.profile import project_profile, stored_profile
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.profile import BLANK, masked
from portfolio.projects.states import Standing, kept_parts, standing
from portfolio.projects.tables import FACTS, LINKS
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


def whole_record(session: Session, scope: Scope, code: str) -> WholeRecord:
    """The record of a project as it is now; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    profile = project_profile(session, scope, code)
    return WholeRecord(project, profile, _needs(session, project["id"]), standing(session, project["id"]))


def _needs(session: Session, project_id: int) -> dict[str, Any]:
    found = kept_needs(session, project_id)
    silent = unanswered(element_tree(session), [item for item, _, _ in found["needs"]], found["not_applicable"])
    return {**found, "answered": {element: element not in silent or None for element in ELEMENTS}}


@dataclass(frozen=True)
class Comparison:
    """A record beside its last accepted state: changed fields (name, before, after), needs (item, year, …) and
    details of needs (item, attribute, …).

    `new` says that it has never been accepted, so that there is nothing to compare with.
    """

    new: bool
    fields: list[tuple[str, Any, Any]]
    needs: list[tuple[str, int | None, Any, Any]]
    details: list[tuple[str, str, Any, Any]]

    @property
    def names(self) -> list[str]:
        """The names of the changed fields."""
        return [name for name, _, _ in self.fields]

    @property
    def needs_changed(self) -> int:
        """How much of the needs differs, quantities and details."""
        return len(self.needs) + len(self.details)

    @property
    def same(self) -> bool:
        """Whether the record says exactly what was accepted."""
        return not (self.new or self.fields or self.needs_changed)


def compare(session: Session, scope: Scope, code: str) -> Comparison:
    """What a record says now against what it said when it was last accepted; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    stands = standing(session, project["id"])
    kept = kept_parts(session, project["id"]) if stands.accepted else {}
    found = _changes(kept["facts"], project, (*FACTS, *LINKS)) if "facts" in kept else []
    if "profile" in kept:
        changed = _changes(kept["profile"], stored_profile(session, project["id"]), tuple(BLANK))
        found += [_discreet(change) for change in changed]
    if "needs" not in kept:
        return Comparison(not stands.accepted, found, [], [])
    sides = kept["needs"], kept_needs(session, project["id"])
    return Comparison(not stands.accepted, found, compare_needs(*sides), compare_details(*sides))


def _discreet(change: tuple[str, Any, Any]) -> tuple[str, Any, Any]:
    name, *sides = change
    if name != "contacts":
        return change
    before, after = ([masked(contact) for contact in side or []] for side in sides)
    return name, before, after


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, ...]) -> list[tuple[str, Any, Any]]:
    pairs = ((name, before.get(name), after[name]) for name in names if name not in QUIET)
    return [(name, was, now) for name, was, now in pairs if (was or None) != (now or None) or was != now]
