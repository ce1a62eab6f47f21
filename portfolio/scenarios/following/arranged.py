"""What the approved scenario of an edition decided on each project, and what of it still holds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Scope, within
from portfolio.journal.queries import changed_since, done_at
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.rolling.queries import get_edition
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.scenarios.queries import READ
from portfolio.scenarios.rules.holding import Decision, Now, state_of
from portfolio.scenarios.tables import APPROVED, Proposal, Scenario, ScenarioProject
from portfolio.scenarios.words import Names, names_of, reason_words
from portfolio.screening.gates import vetoes_by_project
from portfolio.vocabulary.elements import element_tree

FEW = 500


@dataclass(frozen=True)
class InForce:
    """The approved scenario an edition goes by: its own, or that of the edition of the same year it amends."""

    id: int
    code: str
    edition: str
    doc_no: str
    approved_on: str | None
    first_year: int
    last_year: int
    since: datetime | None


@dataclass(frozen=True)
class Arranged:
    """What was decided on a project (拟安排 or 拟不安排), by which scenario, and its `state` today.

    `amounts` by (item, year) in base units: what a supported project still was to be given when it was approved;
    `reason` as it was kept, `changed_at` when its needs were changed last since.
    """

    project_id: int
    project: str
    by: InForce
    decision: Decision
    reason: str
    state: str
    changed_at: datetime | None = None

    @property
    def supported(self) -> bool:
        """Whether it is to be given what it needs."""
        return self.decision.supported

    def of_year(self, year: int, element: str = "fund") -> int:
        """What is arranged of an element in a year."""
        cells = self.decision.amounts.items()
        return sum(amount for (item, of), amount in cells if of == year and item.split(".")[0] == element)


@dataclass(frozen=True)
class Arrangements:
    """What the scenario in force decided on projects, by code; without a scenario (`by` None) nothing is decided."""

    by: InForce | None = None
    projects: Mapping[str, Arranged] = field(default_factory=dict)


def in_force(session: Session, edition: Edition) -> InForce | None:
    """The approved scenario of an edition; an edition within the year goes on by that of the edition it amends."""
    here: Edition | None = edition
    while here is not None and here.base_year == edition.base_year:
        wanted = (col(Scenario.edition_id) == here.id, col(Scenario.state) == APPROVED)
        held: Scenario | None = session.execute(select(Scenario).where(*wanted)).scalars().first()
        if held is not None:
            last = here.base_year + here.years - 1
            since = done_at(session, "allocation", held.code, "approve")
            told = (held.code, here.code, held.doc_no, held.approved_on)
            return InForce(int(held.id or 0), *told, here.base_year, last, since)
        here = session.get(Edition, here.parent_id) if here.parent_id else None
    return None


def arrangements(session: Session, scope: Scope, edition: str, projects: Collection[str] | None = None) -> Arrangements:
    """What is arranged in an edition for its projects in the scope, or for some of them (codes)."""
    held = get_edition(session, edition)
    by = in_force(session, held)
    return Arrangements() if by is None else Arrangements(by, decided_by(session, scope, by, held, projects))


def decided_by(
    session: Session, scope: Scope, by: InForce, edition: Edition, projects: Collection[str] | None = None
) -> dict[str, Arranged]:
    """Project → what a scenario decided on it and what holds of it in `edition`, within the scope."""
    rows = _decided(session, scope, by, projects)
    codes = [row.code for row in rows]
    amounts = _amounts(session, by, [row.project_id for row in rows])
    standing_now = _standing(session, edition)
    vetoed = vetoes_by_project(session, codes)
    changed = changed_since(session, "needs", by.since, without="details") if by.since else {}
    found = {}
    for row in rows:
        now = Now(row.stage, row.project_id in standing_now, row.code in vetoed, row.code in changed)
        years = (by.first_year, by.last_year)
        decision = Decision(row.delay >= 0, max(0, row.delay), amounts.get(row.project_id, {}), years)
        state = state_of(now, decision.supported)
        told = (decision, row.reason, state, changed.get(row.code))
        found[row.code] = Arranged(row.project_id, row.code, by, *told)
    return found


def _decided(session: Session, scope: Scope, by: InForce, projects: Collection[str] | None) -> list[Any]:
    columns: list[Any] = [ScenarioProject.project_id, Project.code, Project.stage, ScenarioProject.delay]
    statement = (
        select(*columns, col(ScenarioProject.reason))
        .join(Project, col(Project.id) == col(ScenarioProject.project_id))
        .where(col(ScenarioProject.scenario_id) == by.id, *conditions(NO_FILTERS, scope))
        .order_by(col(Project.code))
    )
    rows = list(session.execute(statement))
    wanted = None if projects is None else set(projects)
    return rows if wanted is None else [row for row in rows if row.code in wanted]


def _amounts(session: Session, by: InForce, projects: list[int]) -> dict[int, dict[tuple[str, int], int]]:
    tree, found = element_tree(session).by_id, defaultdict[int, dict[tuple[str, int], int]](dict)
    columns: list[Any] = [Proposal.project_id, Proposal.item_id, Proposal.year, Proposal.quantity]
    statement = select(*columns).where(col(Proposal.scenario_id) == by.id)
    if len(projects) <= FEW:
        statement = statement.where(col(Proposal.project_id).in_(projects))
    rows = session.execute(statement)
    for project, item, year, quantity in rows:
        found[project][tree[item].code, year] = int(quantity)
    return found


def _standing(session: Session, edition: Edition) -> frozenset[int]:
    here = (col(EditionEntry.edition_id) == edition.id, standing())
    return frozenset(session.execute(select(col(EditionEntry.project_id)).where(*here)).scalars())


def reasons(session: Session, scope: Scope, found: Arrangements, lang: str) -> dict[str, str]:
    """Project → why it was decided on as it was, in words; other projects by name only to who may see them."""
    if found.by is None:
        return {}
    names = _names(session, scope, found.by.code, lang)
    return {code: reason_words(one.reason, names) for code, one in found.projects.items()}


def _names(session: Session, scope: Scope, scenario: str, lang: str) -> Names:
    names = names_of(session, EVERYTHING, scenario, lang)
    if within(scope, READ).some:
        return names
    seen = set(session.execute(select(col(Project.code)).where(*conditions(NO_FILTERS, scope))).scalars())
    return replace(names, projects={code: name for code, name in names.projects.items() if code in seen})
