"""Gates of every project at once: the state each rule gives, and what acts of named persons make of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.screening.rules.books import Gate
from portfolio.screening.rules.language import Expression, Facts, Floats

States = NDArray[np.int8]
STATES = ("pass", "not_concerned", "explain", "unknown", "veto", "justified", "lifted")
PLACE = {state: place for place, state in enumerate(STATES)}
LIFT, JUSTIFY, RESTORE = "lift", "justify", "restore"
ACTS = (LIFT, JUSTIFY, RESTORE)
# which states an act may answer, and what it makes of them
ANSWERS = {LIFT: ("veto",), JUSTIFY: ("explain", "unknown"), RESTORE: ("lifted", "justified")}
MAKES = {LIFT: "lifted", JUSTIFY: "justified"}
OPEN = ("explain", "unknown", "veto")


@dataclass(frozen=True)
class Standing:
    """The newest act on a gate of a project with the evidence it was given on."""

    kind: str
    evidence: str


def judged(gates: Sequence[Gate], facts: Facts, size: int) -> States:
    """Places in `STATES`, gates × projects, by the rules alone."""
    return np.stack([judge(gate, facts, size) for gate in gates]) if gates else np.zeros((0, size), np.int8)


def judge(gate: Gate, facts: Facts, size: int) -> States:
    """The state of one gate for each project: a fact nobody reported never lets a project pass.

    Where the gate does not apply it is not concerned; a breach is a veto or to be explained as the rule says, and only
    to be explained when the excuse is known to hold.
    """
    applies, breach = _truth(gate.applies, facts, size, 1.0), gate.breach.values(facts, size)
    excused = _truth(gate.excuse, facts, size, 0.0)
    unknown = np.isnan(applies) | np.isnan(breach)
    found = np.where(unknown, PLACE["unknown"], PLACE["pass"])
    breached = (breach > 0) & (applies > 0)
    found = np.where(breached, PLACE[gate.outcome], found)
    found = np.where(breached & (excused > 0), PLACE["explain"], found)
    clear = (breach == 0) & np.isnan(applies)
    found = np.where(clear, PLACE["pass"], found)
    return np.where(applies == 0, PLACE["not_concerned"], found).astype(np.int8)


def _truth(expression: Expression | None, facts: Facts, size: int, otherwise: float) -> Floats:
    return np.full(size, otherwise) if expression is None else expression.values(facts, size)


def answered(state: str, evidence: str, standing: Standing | None) -> str:
    """The state once the newest act is heard: it counts while the evidence is what it was given on."""
    if standing is None or standing.kind == RESTORE or standing.evidence != evidence:
        return state
    return MAKES[standing.kind] if state in ANSWERS[standing.kind] else state


def evidence_text(names: Iterable[str], values: Mapping[str, float]) -> str:
    """The facts a gate looked at, as one text: `name=value;…`, a fact not known without its value."""
    return ";".join(f"{name}={_plain(values[name])}" for name in names)


def _plain(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.10g}"


def evidence_values(text: str) -> dict[str, float | None]:
    """The facts of an evidence text; None for what was not known."""
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name: float(value) if value else None for name, _, value in pairs}
