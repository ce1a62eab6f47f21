"""Undo journalled changes: from what is, and what was changed since, to what was. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Cell = tuple[str, int | None]
REMOVED_AT_ONCE = "remove_illustrative"


class Change(Protocol):
    """What undoing needs of a journalled change."""

    @property
    def room(self) -> str:
        """The room that wrote it."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def before(self) -> Any:
        """The values before."""

    @property
    def after(self) -> Any:
        """The values after."""


@dataclass
class Record:
    """A record while changes are undone: facts (None: there is no such record), needs by (item, year), details."""

    facts: dict[str, Any] | None
    cells: dict[Cell, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def undo(record: Record, changes: Iterable[Change], blank: Mapping[str, Any]) -> Record:
    """Undo `changes`, given newest first, on `record` (which is changed and returned).

    `blank` holds the value of every fact of a new record: a journalled creation names only what was stated. What a
    change does not tell is named in `lost` by its room and action.
    """
    for change in changes:
        if change.room == "projects":
            _undo_facts(record, change, blank)
        elif change.room == "needs":
            _undo_needs(record, change)
    return record


def _undo_facts(record: Record, change: Change, blank: Mapping[str, Any]) -> None:
    if change.action == "create":
        record.facts = None
    elif change.action == "remove":
        record.facts = {**blank, **(change.before or {})}
    elif record.facts is not None:
        record.facts |= change.before or {}


def _undo_needs(record: Record, change: Change) -> None:
    if change.action == "details":
        for name, value in (change.before or {}).items():
            if value is None:
                record.details.pop(name, None)
            else:
                record.details[name] = value
    elif change.action == REMOVED_AT_ONCE:
        record.lost.append(f"{change.room}-{change.action}")
    else:
        _undo_cells(record.cells, change.before or [], change.after or [])


def _undo_cells(cells: dict[Cell, Any], before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Put back the value each cell had first in this change; one that had none is taken away."""
    first: dict[Cell, Any] = {}
    for cell in before:
        first.setdefault((cell["item"], cell["year"]), cell["value"])
    for cell in (*before, *after):
        key = (cell["item"], cell["year"])
        value = first.get(key)
        if value is None:
            cells.pop(key, None)
        else:
            cells[key] = value
