"""Criteria values: numbers an office or a panel states of a project."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.screening import books
from portfolio.screening.tables import Criterion

BASES = ("reported", "illustrative")
LARGEST = 1e12


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


def save_criteria(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    values: Mapping[str, float | None],
    basis: str | None = None,
) -> str:
    """State values of a project's criteria (None takes one back); returns `new`, `changed` or `unchanged`.

    Without a `basis` a value that stays keeps its own, and one that changes is reported. Raises `InvalidError`
    (`screening.invalid`) with the fault of each.
    """
    require(actor, "screening.score")
    revision.bump(session)
    project = get_project(session, scope, code)
    faults = [fault for name, value in values.items() for fault in _faults(name, value)]
    if faults:
        raise InvalidError("screening.invalid", faults)
    held = project_criteria(session, project["id"])
    before = {name: (held[name].value, held[name].basis) if name in held else None for name in values}
    after = {name: _fresh(before[name], value, basis) for name, value in values.items()}
    changed = [name for name in values if before[name] != after[name]]
    for name in changed:
        _store(session, project["id"], name, after[name])
    session.expire_all()
    if changed:
        was, now = ({name: side[name] for name in changed} for side in (before, after))
        journal.record(session, actor, "screening", [journal.Entry(code, "criteria", was, now)])
    if any(before[name] is not None for name in changed):
        return "changed"
    return "new" if changed else "unchanged"


def _faults(name: str, value: float | None) -> Iterator[FieldError]:
    if not books.is_criterion(name):
        yield FieldError("criterion", "screening.unknown_criterion", {"value": name})
    elif value is not None and not (math.isfinite(value) and abs(value) <= LARGEST):
        yield FieldError("value", "field.too_large", {"value": str(value)})
    elif value is not None and _is_flag(name) and value not in (0, 1):
        yield FieldError("value", "screening.not_a_flag", {"value": f"{value:g}"})


def _is_flag(name: str) -> bool:
    row = books.facts().get(name)
    return row is not None and row["unit"] == "flag"


def _fresh(before: tuple[float, str] | None, value: float | None, basis: str | None) -> tuple[float, str] | None:
    if value is None:
        return None
    if basis is not None:
        return float(value), basis
    return before if before is not None and before[0] == value else (float(value), "reported")


def _store(session: Session, project_id: int, name: str, fresh: tuple[float, str] | None) -> None:
    here = (_table.c.project_id == project_id, _table.c.criterion == name)
    session.connection().execute(delete(_table).where(*here))
    if fresh is not None:
        row: dict[str, Any] = {"project_id": project_id, "criterion": name, "value": fresh[0], "basis": fresh[1]}
        session.connection().execute(insert(_table).values(**row))


def remove_illustrative_criteria(session: Session, actor: Actor) -> int:
    """Take away every illustrative value; returns how many."""
    require(actor, "demonstration.load")
    revision.bump(session)
    gone = session.connection().execute(delete(_table).where(_table.c.basis == "illustrative")).rowcount
    session.expire_all()
    return int(gone)


_table = Criterion.metadata.tables["criteria"]
