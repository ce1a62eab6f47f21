"""What an allocation answers: a status, a value with its bound, and for every project and pool what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OPTIMAL, FEASIBLE, TIME_LIMIT, STOPPED, FAILED = "optimal", "feasible", "time_limit", "stopped", "failed"
INFEASIBLE, INVALID = "infeasible", "invalid"
STATUSES = (OPTIMAL, FEASIBLE, TIME_LIMIT, STOPPED, FAILED, INFEASIBLE, INVALID)


@dataclass(frozen=True)
class Finding:
    """Something wrong with a problem: texts `finding-<code>` and `remedy-<code>`; a `severe` one stops the solving."""

    code: str
    params: Mapping[str, Any]
    severe: bool = True


@dataclass(frozen=True)
class Reason:
    """Why a project was decided so: text `allocation-reason-<code>`; params are codes and numbers."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What becomes of one project; `delay` is None and `value` 0 for one that is out, `phases` those supported."""

    project: str
    supported: bool
    delay: int | None
    phases: int
    value: float
    rung: str
    reason: Reason


@dataclass(frozen=True)
class PoolUse:
    """A pool (base units): its own limit, what came over from earlier years, what the answer uses, what is left.

    Where pools are separate accounts, what came over counts as used in the pool it came from.
    """

    pool: str
    limit: int
    carried_in: int
    used: int
    left: int


@dataclass(frozen=True)
class RungResult:
    """Value and bound of one rung, all higher rungs held at what they achieved."""

    rung: str
    value: float
    bound: float
    proven: bool


@dataclass(frozen=True)
class Progress:
    """How far a solve has come."""

    rung: str
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float


@dataclass(frozen=True)
class Settings:
    """What the user allows: seconds (None: no limit) and the relative gap at which a value counts as proven."""

    time_limit: float | None = 60.0
    gap: float = 1e-6
    processes: int = 2


@dataclass(frozen=True)
class Answer:
    """An answer, exact and re-checked in whole numbers.

    `value` is Σ value of the supported less the cost of changes; `bound` is what no allocation can exceed (rungs held
    one after another); `gap` = (bound − value) / |value|. `optimal` is said only when every rung was proven to the
    asked gap. Without a feasible allocation `value` is None, and `conflict` names a smallest set of musts, groups and
    shares that cannot hold together.
    """

    status: str
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float
    engine: str
    greedy_value: float
    decisions: tuple[Decision, ...] = ()
    pools: tuple[PoolUse, ...] = ()
    rungs: tuple[RungResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    conflict: tuple[Reason, ...] = ()

    @property
    def supported(self) -> tuple[str, ...]:
        """The codes of the supported projects."""
        return tuple(decision.project for decision in self.decisions if decision.supported)
