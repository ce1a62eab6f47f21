"""Criteria values: numbers an office or a panel states of a project."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, bindparam, delete, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of, scope_of
from portfolio.core import revision
from portfolio.core.database import bulk_insert
from portfolio.core.errors import FieldError, ForbiddenError, InvalidError
from portfolio.journal import service as journal
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.queries import get_project, project_ids
from portfolio.projects.tables import Project
from portfolio.screening.rules import books
from portfolio.screening.tables import Criterion

BASES = ("reported", "illustrative")
LARGEST = 1e12
BATCH = 500
Stated = tuple[float, str]


def project_criteria(session: Session, project_id: int) -> dict[str, Criterion]:
    """What is stated of a project, by criterion."""
    rows = session.execute(select(Criterion).where(col(Criterion.project_id) == project_id)).scalars()
    return {row.criterion: row for row in rows}


def iterate_criteria(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS
) -> Iterator[tuple[str, str, float, str]]:
    """Every value as (project code, criterion, value, basis), by project and criterion."""
    columns = (col(Project.code), col(Criterion.criterion), col(Criterion.value), col(Criterion.basis))
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(Criterion.project_id))
        .where(*conditions(filters, scope))
        .order_by(col(Project.id), col(Criterion.criterion))
    )
    for code, criterion, value, basis in session.execute(statement):
        yield code, criterion, float(value), basis


@dataclass(frozen=True)
class Statement:
    """What is said of a project: a value of a criterion (None takes it back).

    Without a `basis` a value that stays keeps its own, and one that changes is reported.
    """

    project_id: int
    code: str
    criterion: str
    value: float | None
    basis: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a statement: `new`, `changed` or `unchanged`; value and basis before and after."""

    kind: str
    before: Stated | None
    after: Stated | None


def save_criteria(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    values: Mapping[str, float | None],
    basis: str | None = None,
) -> str:
    """State values of a project's criteria (None takes one back); returns `new`, `changed` or `unchanged`.

    Raises `InvalidError` (`screening.invalid`) with the fault of each.
    """
    require_some(actor, "screening.score")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "screening.score", row_of(project))
    faults = [fault for name, value in values.items() for fault in criterion_faults(name, value)]
    if faults:
        raise InvalidError("screening.invalid", faults)
    said = [Statement(project["id"], code, name, value, basis) for name, value in values.items()]
    kinds = {outcome.kind for outcome in _state(session, actor, said)}
    return next((kind for kind in ("changed", "new") if kind in kinds), "unchanged")


def save_many_criteria(session: Session, actor: Actor, statements: Sequence[Statement]) -> list[Outcome]:
    """State criteria of many projects at once, each key no more than once; returns what became of each statement.

    Values must have passed `criterion_faults`. Raises `ForbiddenError` when a project is not the actor's to score.
    """
    require_some(actor, "screening.score")
    revision.bump(session)
    allowed = scope_of(actor, "screening.score")
    if not allowed.everything and not {one.project_id for one in statements}.issubset(
        project_ids(session, allowed, NO_FILTERS)
    ):
        raise ForbiddenError("access.not_yours", action="screening.score")
    return _state(session, actor, statements)


def _state(session: Session, actor: Actor, statements: Sequence[Statement], reason: str | None = None) -> list[Outcome]:
    """Compare statements with what is held, write the difference and journal it by project."""
    held = _held(session, sorted({one.project_id for one in statements}))
    found = [_outcome(held.get((one.project_id, one.criterion)), one) for one in statements]
    pairs = [(one, done) for one, done in zip(statements, found, strict=True) if done.kind != "unchanged"]
    _store(session, pairs)
    was: dict[str, dict[str, Stated | None]] = {}
    now: dict[str, dict[str, Stated | None]] = {}
    for one, done in pairs:
        was.setdefault(one.code, {})[one.criterion] = done.before
        now.setdefault(one.code, {})[one.criterion] = done.after
    entries = [journal.Entry(code, "criteria", was[code], after) for code, after in now.items()]
    journal.record(session, actor, "screening", entries, reason)
    return found


def _held(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], Stated]:
    """(project id, criterion) → what is stated of these projects."""
    found: dict[tuple[int, str], Stated] = {}
    columns = (_table.c.project_id, _table.c.criterion, _table.c.value, _table.c.basis)
    for start in range(0, len(ids), BATCH):
        statement = select(*columns).where(_table.c.project_id.in_(ids[start : start + BATCH]))
        for project, criterion, value, basis in session.connection().execute(statement):
            found[project, criterion] = (float(value), basis)
    return found


def _outcome(before: Stated | None, said: Statement) -> Outcome:
    after = _fresh(before, said.value, said.basis)
    kind = "unchanged" if after == before else "new" if before is None else "changed"
    return Outcome(kind, before, after)


def _store(session: Session, pairs: Sequence[tuple[Statement, Outcome]]) -> None:
    connection = session.connection()
    gone = [{"p": one.project_id, "c": one.criterion} for one, done in pairs if done.before is not None]
    if gone:
        connection.execute(_DELETE, gone)
    fresh = [(one.project_id, one.criterion, *done.after) for one, done in pairs if done.after is not None]
    bulk_insert(connection, _table, NAMES, fresh)
    session.expire_all()


def criterion_faults(name: str, value: float | None) -> Iterator[FieldError]:
    """What is wrong with a value of a criterion."""
    if not books.is_criterion(name):
        yield FieldError("criterion", "screening.unknown_criterion", {"value": name})
    elif value is not None and not (math.isfinite(value) and abs(value) <= LARGEST):
        yield FieldError("value", "field.too_large", {"value": str(value)})
    elif value is not None and _is_flag(name) and value not in (0, 1):
        yield FieldError("value", "screening.not_a_flag", {"value": f"{value:g}"})


def _is_flag(name: str) -> bool:
    row = books.facts().get(name)
    return row is not None and row["unit"] == "flag"


def _fresh(before: Stated | None, value: float | None, basis: str | None) -> Stated | None:
    if value is None:
        return None
    if basis is not None:
        return float(value), basis
    return before if before is not None and before[0] == value else (float(value), "reported")


def restore_criteria(
    session: Session, actor: Actor, scope: Scope, code: str, values: Mapping[str, Stated | None], reason: str
) -> None:
    """Let what was stated of a project's criteria stand again as it stood (None: nothing), as an undone import asks."""
    require_some(actor, "screening.score")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "screening.score", row_of(project))
    said = []
    for name, stood in values.items():
        value, basis = stood or (None, None)
        said.append(Statement(project["id"], code, name, value, basis))
    _state(session, actor, said, reason)


def remove_illustrative_criteria(session: Session, actor: Actor, reason: str | None = None) -> int:
    """Take away every illustrative value, each journalled as it was; returns how many."""
    require(actor, "demonstration.load")
    revision.bump(session)
    marked = col(Criterion.basis) == "illustrative"
    columns = (col(Project.id), col(Project.code), col(Criterion.criterion))
    joined = select(*columns).join(Criterion, col(Criterion.project_id) == col(Project.id)).where(marked)
    rows = session.execute(joined.order_by(col(Project.code), col(Criterion.criterion))).all()
    _state(session, actor, [Statement(number, code, name, None) for number, code, name in rows], reason)
    return len(rows)


NAMES = ("project_id", "criterion", "value", "basis")
_table = Criterion.metadata.tables["criteria"]
_DELETE = delete(_table).where(
    _table.c.project_id == bindparam("p"), _table.c.criterion == bindparam("c", type_=String)
)
