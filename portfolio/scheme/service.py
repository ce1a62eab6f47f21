"""Write the scheme's units and tasks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require
from portfolio.core import revision
from portfolio.journal import service as journal
from portfolio.scheme.tables import Task, TaskUnit, Unit


def save_unit(session: Session, actor: Actor, values: dict[str, Any], reason: str | None = None) -> str:
    """Create or change the unit `values["code"]`; returns `new`, `changed` or `unchanged`."""
    require(actor, "scheme.edit")
    held = session.get(Unit, values["code"])
    before = held.model_dump() if held else None
    after = {**(before or {}), **values}
    if before is not None and all(before.get(key) == value for key, value in values.items()):
        return "unchanged"
    return _save(session, actor, Unit(**after), values["code"], before, after, reason)


def save_task(
    session: Session, actor: Actor, values: dict[str, Any], units: Sequence[str] | None, reason: str | None = None
) -> str:
    """Create or change the task `values["id"]` and its ordered units (codes); returns what happened."""
    require(actor, "scheme.edit")
    held = session.get(Task, values["id"])
    places = _places(session, values["id"])
    before = {**held.model_dump(), "units": places} if held else None
    after = {**(before or {}), **values, "units": list(units) if units is not None else places}
    if before == after:
        return "unchanged"
    fields = {key: value for key, value in after.items() if key != "units"}
    outcome = _save(session, actor, Task(**fields), values["id"], before, after, reason)
    session.execute(delete(TaskUnit).where(col(TaskUnit.task_id) == values["id"]))
    for position, code in enumerate(after["units"], 1):
        session.add(TaskUnit(task_id=values["id"], position=position, unit_code=code))
    session.flush()
    return outcome


def _save(
    session: Session, actor: Actor, row: Unit | Task, key: str, before: Any, after: Any, reason: str | None
) -> str:
    revision.touch(session, None)
    session.merge(row)
    session.flush()
    outcome = "new" if before is None else "changed"
    entry = journal.Entry(key, "create" if before is None else "update", before, after)
    journal.record(session, actor, "scheme", [entry], reason)
    return outcome


def _places(session: Session, task_id: str) -> list[str]:
    statement = select(col(TaskUnit.unit_code)).where(col(TaskUnit.task_id) == task_id)
    return list(session.execute(statement.order_by(col(TaskUnit.position))).scalars())
