"""Read the scheme: tasks with their units in order, units with the number of tasks they lead and serve."""

from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.core.records import record_of
from portfolio.scheme.records import TaskRecord, UnitRecord
from portfolio.scheme.tables import Task, TaskUnit, Unit

TASK_COLUMNS = [*Task.model_fields, "units"]
UNIT_COLUMNS = [*Unit.model_fields, "tasks_led", "tasks"]


def tasks(session: Session, scope: Scope, ids: list[str] | None = None) -> pd.DataFrame:
    """The tasks in the scheme's order; `units` is the list of unit codes in the bracket's order."""
    statement = select(Task).order_by(col(Task.id))
    if ids is not None:
        statement = statement.where(col(Task.id).in_(ids))
    found = session.execute(statement).scalars().all()
    places = session.execute(
        select(col(TaskUnit.task_id), col(TaskUnit.unit_code)).order_by(col(TaskUnit.task_id), col(TaskUnit.position))
    )
    units: dict[str, list[str]] = {}
    for task_id, unit_code in places:
        units.setdefault(task_id, []).append(unit_code)
    rows = [{**task.model_dump(), "units": units.get(task.id, [])} for task in found]
    return pd.DataFrame(rows, columns=TASK_COLUMNS, dtype=object)


def task(session: Session, scope: Scope, task_id: str) -> TaskRecord:
    """One task as a mapping of `TASK_COLUMNS`; raises `NotFoundError`."""
    frame = tasks(session, scope, [task_id])
    if frame.empty:
        raise NotFoundError("task.not_found", id=task_id)
    return record_of(TaskRecord, dict(frame.iloc[0]))


def units(session: Session, scope: Scope) -> pd.DataFrame:
    """The units by code, with the number of tasks each leads (`tasks_led`) and is responsible for (`tasks`)."""
    led = _counts(session, col(Task.lead_unit), col(Task.id))
    served = _counts(session, col(TaskUnit.unit_code), col(TaskUnit.task_id))
    found = session.execute(select(Unit).order_by(col(Unit.code))).scalars().all()
    rows = [
        {**unit.model_dump(), "tasks_led": led.get(unit.code, 0), "tasks": served.get(unit.code, 0)} for unit in found
    ]
    return pd.DataFrame(rows, columns=UNIT_COLUMNS, dtype=object)


def unit(session: Session, scope: Scope, code: str) -> UnitRecord:
    """One unit as a mapping of `UNIT_COLUMNS`; raises `NotFoundError`."""
    frame = units(session, scope)
    frame = frame[frame["code"] == code]
    if frame.empty:
        raise NotFoundError("unit.not_found", code=code)
    return record_of(UnitRecord, dict(frame.iloc[0]))


def _counts(session: Session, key: Any, counted: Any) -> dict[str, int]:
    rows = session.execute(select(key, func.count(counted)).where(key.is_not(None)).group_by(key))
    return {code: number for code, number in rows}
