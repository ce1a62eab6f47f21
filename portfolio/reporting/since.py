"""What was changed in a record since it was last returned, told by the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.journal.queries import HistoryEntry, later_changes
from portfolio.projects.beside import may_see
from portfolio.projects.proposals import DETAILS, FACTS, NEEDS, PROFILE, ROOM
from portfolio.projects.queries import get_project
from portfolio.projects.rules.workflow import RETURNED
from portfolio.projects.state_tables import ProjectTransition
from portfolio.reporting.records import Comparison, needs_changes

ROOMS = (ROOM, "projects", "needs", "reporting")
# How each room journals a part: (room, action) → the part it changes.
PARTS = {
    (ROOM, FACTS): FACTS,
    (ROOM, PROFILE): PROFILE,
    (ROOM, NEEDS): NEEDS,
    (ROOM, DETAILS): DETAILS,
    ("projects", "update"): FACTS,
    ("needs", "update"): NEEDS,
    ("needs", "import"): NEEDS,
    ("needs", "undo"): NEEDS,
    ("needs", "details"): DETAILS,
    ("reporting", "profile"): PROFILE,
}


def since_returned(session: Session, scope: Scope, code: str) -> tuple[datetime, Comparison] | None:
    """When a record was last returned and what was changed since; None when it never was, or the reader may not see."""
    project = get_project(session, scope, code)
    if not may_see(session, scope, project):
        return None
    mine = (col(ProjectTransition.code) == code, col(ProjectTransition.target) == RETURNED)
    at = session.execute(select(func.max(col(ProjectTransition.at))).where(*mine)).scalar()
    if at is None:
        return None
    parts: dict[str, dict[Any, list[Any]]] = {part: {} for part in (FACTS, PROFILE, NEEDS, DETAILS)}
    for entry in later_changes(session, code, ROOMS, at):  # the newest first: the oldest says what stood before
        _take(parts, entry)
    changed = {part: {key: two for key, two in found.items() if two[0] != two[1]} for part, found in parts.items()}
    fields = [(name, *both) for part in (FACTS, PROFILE) for name, both in changed[part].items()]
    details = sorted((*str(key).split(" ", 1), *both) for key, both in changed[DETAILS].items())
    return at, Comparison(False, fields, needs_changes(changed[NEEDS]), details)


def _take(parts: dict[str, dict[Any, list[Any]]], entry: HistoryEntry) -> None:
    part = PARTS.get((entry.room, entry.action))
    if part is None:
        return
    before, after = _by_key(entry.before), _by_key(entry.after)
    for key in {**before, **after}:
        parts[part].setdefault(key, [None, after.get(key)])[0] = before.get(key)


def _by_key(side: Any) -> Mapping[Any, Any]:
    """Values by the key of a proposal: `fund.own 2026` for a need, the item alone for 不涉及, else the name."""
    if isinstance(side, list):
        return {_need_key(one): _need(one["value"]) for one in side}
    return side or {}


def _need_key(one: Mapping[str, Any]) -> str:
    return one["item"] if one["year"] is None else f"{one['item']} {one['year']}"


def _need(value: Any) -> Any:
    return [value["required"], value["basis"]] if isinstance(value, Mapping) else value
