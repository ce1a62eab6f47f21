"""Read entry and review: the reviewer's queue, records by state, and what each person finds on their home page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, scope_of
from portfolio.projects.filters import WITH_PROPOSED, ProjectFilters, conditions
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState
from portfolio.projects.tables import Project
from portfolio.reporting.records import Comparison, compare, whole_record
from portfolio.reporting.remarks import remarks
from portfolio.reporting.rules import unremarkable
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import region_directory

COLUMNS = (
    "code",
    "name_zh",
    "name_en",
    "city_code",
    "lead_unit",
    "office_unit",
    "total_investment_yuan",
    "state",
    "step",
    "reviewer_unit",
    "reviewer_city",
    "accepted",
    "since",
    "version",
)
LISTED = 200


@dataclass(frozen=True)
class QueueFilters:
    """What a queue is narrowed by: reporting city, reporting unit, the step a record waits at."""

    city: str = ""
    unit: str = ""
    step: str = ""


@dataclass(frozen=True)
class Waiting:
    """A record in the queue with what a reviewer needs to know at a glance."""

    row: dict[str, Any]
    changes: Comparison
    warnings: int

    @property
    def unremarkable(self) -> bool:
        """Whether it may be accepted together with others."""
        return unremarkable(self.changes.new, self.warnings, self.changes.names, self.changes.needs_changed)


ALL = QueueFilters()


def queue(session: Session, actor: Actor, filters: QueueFilters = ALL, limit: int = LISTED) -> list[Waiting]:
    """The records that wait for the actor's review, longest waiting first."""
    statement = _records(scope_of(actor)).where(*_turn(actor), *_narrowed(filters))
    rows = session.execute(statement.order_by(col(ProjectState.since), col(Project.id)).limit(limit)).mappings()
    return [_waiting(session, actor, dict(row)) for row in rows.all()]


def _waiting(session: Session, actor: Actor, row: dict[str, Any]) -> Waiting:
    scope = scope_of(actor)
    changes = compare(session, scope, row["code"])
    record = whole_record(session, scope, row["code"])
    return Waiting(
        row,
        changes,
        len(remarks(record, changes, element_tree(session), unit_directory(session), region_directory(session))),
    )


def count_queue(session: Session, actor: Actor) -> int:
    """How many records wait for the actor's review."""
    statement = _joined(select(func.count())).where(*conditions(WITH_PROPOSED, scope_of(actor)), *_turn(actor))
    return int(session.execute(statement).scalar_one())


def by_state(
    session: Session,
    scope: Scope,
    states: tuple[str, ...],
    limit: int = LISTED,
    filters: ProjectFilters = WITH_PROPOSED,
) -> list[dict[str, Any]]:
    """The records of a scope that stand in one of `states`, latest first, as mappings of `COLUMNS`.

    One that never left the library stands accepted, with `since` None, and comes last.
    """
    state = func.coalesce(col(ProjectState.state), workflow.ACCEPTED)
    since = col(ProjectState.since)
    statement = _records(scope, everything=True).where(*conditions(filters, scope), state.in_(states))
    rows = session.execute(statement.order_by(since.is_(None), since.desc(), col(Project.id)).limit(limit)).mappings()
    return [{**row, "state": row["state"] or workflow.ACCEPTED} for row in rows]


def count_by_state(session: Session, scope: Scope) -> dict[str, int]:
    """How many records of a scope stand in each state; those that never left the library count as accepted."""
    wanted = conditions(WITH_PROPOSED, scope)
    state = func.coalesce(col(ProjectState.state), workflow.ACCEPTED)
    joined = select(state, func.count()).select_from(Project).outerjoin(ProjectState, _SAME).where(*wanted)
    found = {name: int(count) for name, count in session.execute(joined.group_by(state))}
    return {name: found.get(name, 0) for name in workflow.STATES}


def _records(scope: Scope, everything: bool = False) -> Select[Any]:
    columns: list[Any] = [getattr(Project if name in Project.model_fields else ProjectState, name) for name in COLUMNS]
    columns[-1] = col(ProjectState.version).label("version")
    statement = select(*columns).select_from(Project).join(ProjectState, _SAME, isouter=everything)
    return statement.where(*conditions(WITH_PROPOSED, scope))


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(Project).join(ProjectState, _SAME)


def _turn(actor: Actor) -> list[ColumnElement[bool]]:
    """Waiting, and for a step the actor may take."""
    waiting = col(ProjectState.state).in_(sorted(workflow.WAITING))
    reach = scope_of(actor, "project.review")
    if reach.everything:
        return [waiting]
    turns: list[ColumnElement[bool]] = []
    if reach.cities:
        turns.append(col(ProjectState.reviewer_city).in_(sorted(reach.cities)))
    if reach.lead_units:
        turns.append(col(ProjectState.reviewer_unit).in_(sorted(reach.lead_units)))
    return [waiting, or_(*turns) if turns else false()]


def _narrowed(filters: QueueFilters) -> list[ColumnElement[bool]]:
    columns = {"city": Project.city_code, "unit": Project.office_unit, "step": ProjectState.step}
    given = {name: getattr(filters, name) for name in columns}
    return [col(columns[name]) == value for name, value in given.items() if value]


_SAME = col(ProjectState.project_id) == col(Project.id)
