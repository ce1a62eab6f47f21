"""What an allocation is asked: projects with values and needs, pools with limits, and the rules beside them.

Values in, values out: no database. Quantities are whole base units (yuan, m²), values are points of a policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.vocabulary.codes import WHOLE_REGION

RUNGS = ("finishing", "continuing", "ready", "preparatory", "idea")
EXCLUDE, TOGETHER, REQUIRE = "exclude", "together", "require"
GROUP_KINDS = (EXCLUDE, TOGETHER, REQUIRE)
MAX_DELAY = 15
POINTS = 1_000_000

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Project:
    """A project that asks to be supported.

    `value` is what it is worth undelayed. `regions` are the codes it lies in, closed upward (a county with its city;
    the region 450000 is understood). `must` is True for the must-support list, False for the must-not list, else None.
    A project in phases may be supported with its first n phases, n ≥ `least_phases`: `phases` are the shares of the
    value that its phases earn; empty means that it is supported whole or not at all. `within` are the regions that hold
    the whole of it: where pools stand behind each other it draws on their pools alone (and on those of all Guangxi).
    `max_delay` is the longest it may be put off, within that of the terms (None: as long as those say).
    """

    code: str
    value: float
    rung: str = ""
    regions: frozenset[str] = frozenset()
    must: bool | None = None
    phases: tuple[float, ...] = ()
    least_phases: int = 1
    within: frozenset[str] = frozenset()
    max_delay: int | None = None


@dataclass(frozen=True)
class Need:
    """A quantity a project needs of a leaf of the element tree in a year, for one of its phases."""

    project: str
    item: str
    year: int
    quantity: int
    phase: int = 1


@dataclass(frozen=True)
class Pool:
    """A limit over a node of the element tree for a year, a region and a level (empty: of whatever level).

    What a pool that `carries` has left passes on to the pool of the same item, region and level of the next year.
    `behind` names the wider pool that gives what this one lacks. Pools that stand behind each other are separate
    accounts (a quota handed down is a transfer): a need draws on its narrowest pool first. There a pool that carries
    stands behind that of the next year, which so draws on the rest.
    """

    code: str
    item: str
    year: int
    limit: int
    region: str = WHOLE_REGION
    level: str = ""
    carries: bool = False
    behind: str = ""


@dataclass(frozen=True)
class Group:
    """Projects bound to each other: at most one of them (`exclude`), all or none (`together`), or the first only
    with all the others (`require`)."""

    code: str
    kind: str
    projects: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """A region's projects receive at least `percent` of all that is supported under `item`, over all years."""

    region: str
    item: str
    percent: int


@dataclass(frozen=True)
class Stability:
    """What an approved edition supports (project → delay), and what each project decided otherwise costs in points."""

    approved: Mapping[str, int]
    cost: float


@dataclass(frozen=True)
class Terms:
    """The longest delay in years, the part δ of its value a project loses with each year, and the ladder of rungs,
    best first (a rung that is not listed comes last)."""

    max_delay: int = 0
    delay_loss: float = 0.0
    rungs: tuple[str, ...] = RUNGS


@dataclass(frozen=True)
class Needs:
    """Needs as columns: places of project and item in their lists, year, quantity, phase."""

    project: Ints
    item: Ints
    year: Ints
    quantity: Ints
    phase: Ints

    def __len__(self) -> int:
        return len(self.quantity)


@dataclass(frozen=True)
class Problem:
    """Everything an answer depends on. `items` are the leaves that `needs` point to.

    `chained`: pools are separate accounts that may stand behind each other (`Pool.behind`); otherwise every pool binds
    all that lies under it.
    """

    projects: tuple[Project, ...]
    items: tuple[str, ...]
    needs: Needs
    pools: tuple[Pool, ...]
    groups: tuple[Group, ...] = ()
    shares: tuple[Share, ...] = ()
    terms: Terms = field(default_factory=Terms)
    stability: Stability | None = None
    chained: bool = False

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Project code → its place in `projects`."""
        return {project.code: place for place, project in enumerate(self.projects)}

    @cached_property
    def pool_place(self) -> Mapping[str, int]:
        """Pool code → its place in `pools`."""
        return {pool.code: place for place, pool in enumerate(self.pools)}


def make_problem(projects: Iterable[Project], needs: Iterable[Need], pools: Iterable[Pool], **rest: Any) -> Problem:
    """A problem from rows; a need of a project that is not among `projects` raises KeyError (see `check.unknown`)."""
    listed, rows = tuple(projects), list(needs)
    items = tuple(sorted({need.item for need in rows}))
    project_at = {project.code: place for place, project in enumerate(listed)}
    item_at = {item: place for place, item in enumerate(items)}
    columns = Needs(
        np.array([project_at[need.project] for need in rows], np.int64),
        np.array([item_at[need.item] for need in rows], np.int64),
        np.array([need.year for need in rows], np.int64),
        np.array([need.quantity for need in rows], np.int64),
        np.array([need.phase for need in rows], np.int64),
    )
    return Problem(listed, items, columns, tuple(pools), **rest)
