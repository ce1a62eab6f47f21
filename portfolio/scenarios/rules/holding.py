"""What of an approved scenario still holds for a project, and what it therefore proposes for a review line."""

from collections.abc import Mapping
from dataclasses import dataclass

HOLDS, CHANGED, VETOED, LEFT = "holds", "changed", "vetoed", "left"
# Why a default is what it is: as arranged, cut to what is asked, not supported, or put off to a later year.
ARRANGED, CAPPED, REFUSED, DELAYED = "arranged", "capped", "refused", "delayed"
GONE = ("withdrawn",)
Cell = tuple[str, int]


@dataclass(frozen=True)
class Now:
    """A project today: its stage, whether it still stands in the scenario's edition, whether a gate vetoes it, and
    whether what it needs was changed since the approval."""

    stage: str | None
    stands: bool
    vetoed: bool
    changed: bool


@dataclass(frozen=True)
class Decision:
    """What a scenario decided: `amounts` by (item, year) in base units are what is still to be granted of a supported
    project, after `delay` years; `years` are the first and the last it decided on."""

    supported: bool
    delay: int
    amounts: Mapping[Cell, int]
    years: tuple[int, int]


@dataclass(frozen=True)
class Default:
    """What is proposed for a line in all (yuan, with what was granted before), and why so much."""

    amount: int
    why: str


def state_of(now: Now, supported: bool = True) -> str:
    """What holds: a project that left or is vetoed has no default any more, one that changed has it marked.

    A veto takes nothing from a project that was not supported anyway, often for that very veto.
    """
    if now.stage in GONE or not now.stands:
        return LEFT
    if now.vetoed and supported:
        return VETOED
    return CHANGED if now.changed else HOLDS


def default_of(decision: Decision, state: str, cell: Cell, asked: int, granted_before: int) -> Default | None:
    """What is proposed for a line that asks `asked` of `cell` and was granted `granted_before` ahead of the approval.

    Never more than is asked. None where the scenario says nothing of the line: another year, a project that left or is
    vetoed, or a need that something else than a grant of this line has met.
    """
    first, last = decision.years
    if state in (LEFT, VETOED) or not first <= cell[1] <= last:
        return None
    if not decision.supported:
        return Default(granted_before, REFUSED)
    amount = decision.amounts.get(cell, 0)
    if not amount and not granted_before:
        return Default(0, DELAYED) if decision.delay else None
    whole = amount + granted_before
    return Default(asked, CAPPED) if whole > asked else Default(whole, ARRANGED)
