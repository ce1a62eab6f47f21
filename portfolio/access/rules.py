"""Who may do what to which rows: one table of data (`data/permissions.csv`) and the one function every door asks.

A cell of the table lists the reaches of a role for an action, any of which suffices: `own_unit` (the project's
reporting unit is the actor's), `own_city`, `own_lead` (the actor's unit leads), `own_element` (fund, land, sea or
forest), `all`. An empty cell is a no.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from portfolio.core.errors import ForbiddenError
from portfolio.core.rulebook import Rulebook

OWNER = "owner"
ENTERING = ("project.edit", "project.review")
Role = Literal[
    "project_office",
    "city_reviewer",
    "lead_reviewer",
    "planner",
    "finance",
    "element_authority",
    "leader",
    "administrator",
    "auditor",
]
ROLES: tuple[str, ...] = get_args(Role)
REACHES = ("own_unit", "own_city", "own_lead", "own_element", "all")
Element = Literal["land", "sea", "forest"]  # of an authority; the finance role's is always `fund`
ELEMENTS: tuple[str, ...] = get_args(Element)
_BOOK = Rulebook(Path(__file__).parent / "data", ("permissions",))


@dataclass(frozen=True)
class Actor:
    """A person or process; `name` goes into the journal, with the address and request it came by.

    The role `owner` is the command line on the machine itself and the single local owner: it may do everything.
    `units` holds the actor's unit and the units it succeeded; `may_write` is false, and `actions` narrower, for a
    token made so.
    """

    name: str
    role: str = OWNER
    unit: str | None = None
    city: str | None = None
    user_id: int | None = None
    address: str = ""
    request_id: str = ""
    may_write: bool = True
    import_id: int | None = None
    units: frozenset[str] = frozenset()
    element: str | None = None
    actions: frozenset[str] | None = None

    @property
    def own_units(self) -> frozenset[str]:
        """The actor's unit under its present and earlier codes."""
        return self.units | ({self.unit} if self.unit else frozenset())


@dataclass(frozen=True)
class Row:
    """What decides whose a row is: its reporting unit, lead unit, city and element, each None when it has none."""

    unit: str | None = None
    lead: str | None = None
    city: str | None = None
    element: str | None = None


@dataclass(frozen=True)
class Scope:
    """The rows a reader may see: all, or those of some cities, lead units, reporting units or elements.

    `reader` is whose scope it is, so that a read of another kind of row can ask for that one (`within`); `entering` the
    reaches in which they enter or review records, and so are shown what is proposed there.
    """

    everything: bool = False
    cities: frozenset[str] = frozenset()
    lead_units: frozenset[str] = frozenset()
    office_units: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()
    reader: Actor | None = field(default=None, compare=False, repr=False)
    entering: "tuple[Scope, ...]" = field(default=(), repr=False)

    @property
    def some(self) -> bool:
        """Whether there may be any row in it at all."""
        return replace(self, entering=()) != Scope()

    def covers(self, row: Row) -> bool:
        """Whether the row is among those the reader may see."""
        return (
            self.everything
            or row.city in self.cities
            or row.lead in self.lead_units
            or row.unit in self.office_units
            or row.element in self.elements
        )


def row_of(project: Mapping[str, Any], element: str | None = None) -> Row:
    """The facts of a project's record (`office_unit`, `lead_unit`, `city_code`), with the element acted on if any."""
    return Row(project.get("office_unit"), project.get("lead_unit"), project.get("city_code"), element)


@lru_cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    """(role, action) → its reaches."""
    rows = _BOOK.rows("permissions")
    return {(role, row["action"]): frozenset(filter(None, row[role].split(";"))) for row in rows for role in ROLES}


@lru_cache
def actions() -> Mapping[str, bool]:
    """Every action of the table, and whether it writes."""
    return {row["action"]: row["writes"] == "yes" for row in _BOOK.rows("permissions")}


def scope_of(actor: Actor, action: str = "project.read") -> Scope:
    """The rows on which the actor may do `action`; a scope of nothing when the role may not do it at all."""
    return replace(_reach(actor, action), entering=tuple(_reach(actor, one) for one in ENTERING))


def _reach(actor: Actor, action: str) -> Scope:
    if not _usable(actor, action):
        return Scope(reader=actor)
    if actor.role == OWNER:
        return Scope(everything=True, reader=actor)
    reaches = _table().get((actor.role, action), frozenset())
    return Scope(
        everything="all" in reaches,
        cities=frozenset({actor.city}) if "own_city" in reaches and actor.city else frozenset(),
        lead_units=actor.own_units if "own_lead" in reaches else frozenset(),
        office_units=actor.own_units if "own_unit" in reaches else frozenset(),
        elements=frozenset({actor.element}) if "own_element" in reaches and actor.element else frozenset(),
        reader=actor,
    )


def within(scope: Scope, action: str) -> Scope:
    """The scope of the same reader for another action; a scope of nobody's stays as it is."""
    return scope if scope.reader is None else scope_of(scope.reader, action)


def require_read(scope: Scope, action: str) -> None:
    """Raise `ForbiddenError` when the reader of `scope` may read nothing of what `action` stands for."""
    if not within(scope, action).some:
        raise ForbiddenError("access.refused", action=action)


def allows(actor: Actor, action: str, row: Row | None = None) -> bool:
    """Whether the actor may do `action` to `row`; without a row, to every row there is."""
    scope = scope_of(actor, action)
    return scope.everything if row is None else scope.covers(row)


def offers(actor: Actor, action: str) -> bool:
    """Whether the actor may do `action` to any row at all: what decides if a page offers it."""
    return scope_of(actor, action).some


def require(actor: Actor, action: str, row: Row | None = None) -> None:
    """Raise `ForbiddenError` unless the actor may do `action` to `row`; without a row, to every row there is."""
    if allows(actor, action, row):
        return
    if actions()[action] and not actor.may_write:
        raise ForbiddenError("access.read_only")
    raise ForbiddenError("access.refused" if not offers(actor, action) else "access.not_yours", action=action)


def require_some(actor: Actor, action: str) -> None:
    """Raise `ForbiddenError` when no row at all is open to the actor: early, before rows are read and judged."""
    if not offers(actor, action):
        require(actor, action)


def _usable(actor: Actor, action: str) -> bool:
    """Whether neither the action's kind nor a token's own limits rule it out; an action not in the table is a fault."""
    writes = actions()[action]
    return (actor.may_write or not writes) and (actor.actions is None or action in actor.actions)
