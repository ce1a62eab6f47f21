"""How complete records are, by the one rule (`rules.completeness`): one record as read, or every record at once."""

from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.core.kept import Kept
from portfolio.needs.keeping import needs_as_proposed
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects.filters import WITH_PROPOSED
from portfolio.projects.profile import profile_proposed, stored_profile
from portfolio.projects.profiles import stored_profiles
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.references import load_references
from portfolio.projects.rules import facts as rules
from portfolio.projects.rules.profile import BLANK, profile_faults
from portfolio.projects.service import with_proposal
from portfolio.reporting.records import ELEMENTS
from portfolio.reporting.rules import Completeness, completeness
from portfolio.vocabulary.elements import element_tree

_kept = Kept(4)


def complete_of(session: Session, project: ProjectRecord, beside: bool = False) -> Completeness:
    """How complete a project's record is, or would be with what is proposed `beside` it.

    People are judged in full, so that the number is the same for every reader; the caller has checked who may see what
    is proposed.
    """
    profile = stored_profile(session, project["id"])
    if beside:
        project, profile = with_proposal(session, project), profile_proposed(session, project["id"], profile)
        needs = needs_as_proposed(session, project["id"])
        items = [*(item for item, _, _ in needs["needs"]), *needs["not_applicable"]]
        said = {item.partition(".")[0] for item in items}
    else:
        said = _answered(session, project["id"]).get(project["id"], set())
    return _judged(_stated(project, profile, said), load_references(session).known)


def complete_percents(session: Session) -> Mapping[int, int]:
    """Project id → how complete its record is in whole per cent, of every record, also of those never accepted.

    What is proposed beside an accepted record does not count before it is accepted.
    """
    return _kept.get(session, "all", lambda: _whole(session))


def _whole(session: Session) -> Mapping[int, int]:
    known, profiles, answered = load_references(session).known, stored_profiles(session), _answered(session)
    silent: frozenset[str] = frozenset()
    found = {}
    for project in iterate_projects(session, EVERYTHING, WITH_PROPOSED):
        stated = _stated(project, profiles.get(project["id"], BLANK), answered.get(project["id"], silent))
        found[project["id"]] = _judged(stated, known).percent
    return found


def _stated(project: Mapping[str, Any], profile: Mapping[str, Any], said: Set[str]) -> dict[str, Any]:
    """A record as the rules look at it; `said` are the elements on which it has said anything."""
    return {**project, **profile, "needs": {element: element in said or None for element in ELEMENTS}}


def _judged(stated: Mapping[str, Any], known: rules.Known) -> Completeness:
    return completeness(stated, [*rules.faults(stated, known), *profile_faults(stated)])


def _answered(session: Session, only: int | None = None) -> Mapping[int, set[str]]:
    """Project id → the elements on which it has said anything at all; of one project alone when it is given."""
    element = {node.id: node.code.partition(".")[0] for node in element_tree(session).nodes}
    found: dict[int, set[str]] = {}
    for table in (Need, NotApplicable):
        said = select(col(table.project_id), col(table.item_id)).distinct()
        if only is not None:
            said = said.where(col(table.project_id) == only)
        for project, item in session.execute(said):
            found.setdefault(project, set()).add(element[item])
    return found
