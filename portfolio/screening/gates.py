"""Read gates: the state of every gate for every project, totals, and one project's gates with evidence and acts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.kept import Kept
from portfolio.core.records import record_of
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.queries import get_project, project_ids
from portfolio.projects.tables import Project
from portfolio.screening.facts import columns_of, fact_frame
from portfolio.screening.illustrative import illustrative_facts
from portfolio.screening.records import GateActRecord, GateRecord, ShownAct
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import (
    PLACE,
    STATES,
    Standing,
    States,
    answered,
    evidence_text,
    evidence_values,
    judge,
    judged,
)
from portfolio.screening.tables import GateAct

TOTALS = ["gate", "list", *STATES]
GRAVEST = ("veto", "unknown", "explain", "lifted", "justified")
Vetoes = Mapping[str, str]
_kept = Kept(8)


@dataclass(frozen=True)
class GateSheet:
    """Gates (rows) × projects (columns), in the order of rules and codes; `raw` by rules alone, `states` with acts."""

    gates: tuple[str, ...]
    ids: NDArray[np.int64]
    codes: tuple[str, ...]
    raw: States
    states: States

    @property
    def vetoed(self) -> NDArray[np.bool_]:
        """Which projects stand under a veto that nobody lifted."""
        found: NDArray[np.bool_] = (self.states == PLACE["veto"]).any(axis=0)
        return found

    def of(self, places: NDArray[Any]) -> "GateSheet":
        """The sheet of the projects at `places`."""
        codes = tuple(np.array(self.codes, dtype=object)[places].tolist())
        return GateSheet(self.gates, self.ids[places], codes, self.raw[:, places], self.states[:, places])

    def where(self, gate: str, state: str) -> "GateSheet":
        """The projects for which `gate` (any when empty) is in `state` (any when empty)."""
        rows = self.states if not gate else self.states[[self.gates.index(gate)]]
        if not state:
            return self
        return self.of(np.flatnonzero((rows == PLACE[state]).any(axis=0)))


def gate_sheet(session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS) -> GateSheet:
    """Every gate of every project that the scope and the filters leave."""
    day = today()
    sheet: GateSheet = _kept.get(session, ("gates", day, books.version()), lambda: _whole(session))
    if scope.everything and filters.empty:
        return sheet
    return sheet.of(np.flatnonzero(np.isin(sheet.ids, project_ids(session, scope, filters))))


def _whole(session: Session) -> GateSheet:
    frame, rules = fact_frame(session, EVERYTHING), books.gates()
    facts = columns_of(frame)
    raw = judged(list(rules.values()), facts, len(frame))
    states, places = raw.copy(), {code: place for place, code in enumerate(rules)}
    where = {int(number): place for place, number in enumerate(frame.index)}
    for (project, code), standing in _standing(session).items():
        if code in places and project in where:
            row, column = places[code], where[project]
            evidence = _evidence(facts, rules[code], column)
            states[row, column] = PLACE[answered(STATES[raw[row, column]], evidence, standing)]
    return GateSheet(tuple(rules), frame.index.to_numpy(np.int64), tuple(frame["code"]), raw, states)


def _standing(session: Session) -> dict[tuple[int, str], Standing]:
    """The newest act on each gate of each project."""
    names = ("project_id", "gate", "kind", "evidence")
    columns = [getattr(GateAct, name) for name in names]
    rows = session.execute(select(*columns).order_by(col(GateAct.id)))
    return {(row.project_id, row.gate): Standing(row.kind, row.evidence) for row in rows}


def _evidence(facts: dict[str, Any], gate: books.Gate, column: int) -> str:
    return evidence_text(gate.facts, {name: float(facts[name][column]) for name in gate.facts})


def worst_by_project(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Project code → the gravest state of its gates, of those `codes` (all within the asker's reach) that have one.

    Kept for the whole library until it changes; a project that was never accepted has none.
    """
    key = ("worst", today(), books.version())
    held: dict[str, str] = _kept.get(session, key, lambda: _worst_of_all(gate_sheet(session, EVERYTHING)))
    return {code: held[code] for code in codes if code in held}


def _worst_of_all(sheet: GateSheet) -> dict[str, str]:
    found = np.full(len(sheet.codes), "pass", object)
    for state in reversed(GRAVEST):
        found[(sheet.states == PLACE[state]).any(axis=0)] = state
    return dict(zip(sheet.codes, found.tolist(), strict=True))


def vetoed_sum(session: Session, scope: Scope) -> tuple[int, int]:
    """How many projects of the scope stand under a veto that nobody lifted, and their total investment in yuan."""
    sheet, amount = gate_sheet(session, scope), 0
    ids = sheet.ids[sheet.vetoed].tolist()
    for start in range(0, len(ids), 500):
        here = col(Project.id).in_(ids[start : start + 500])
        amount += int(session.execute(select(func.sum(col(Project.total_investment_yuan))).where(here)).scalar() or 0)
    return len(ids), amount


def vetoes_by_project(session: Session, codes: Iterable[str]) -> dict[str, Vetoes]:
    """Project code → each gate whose veto nobody lifted, with the evidence it rests on, of those `codes` under any."""
    key = ("vetoes", today(), books.version())
    held: dict[str, Vetoes] = _kept.get(session, key, lambda: _vetoes_of_all(session, gate_sheet(session, EVERYTHING)))
    return {code: held[code] for code in codes if code in held}


def _vetoes_of_all(session: Session, sheet: GateSheet) -> dict[str, Vetoes]:
    facts, rules = columns_of(fact_frame(session, EVERYTHING)), books.gates()
    found: dict[str, dict[str, str]] = {}
    for row, column in np.argwhere(sheet.states == PLACE["veto"]).tolist():
        gate = rules[sheet.gates[row]]
        found.setdefault(sheet.codes[column], {})[gate.code] = _evidence(facts, gate, column)
    return dict(found)


def gate_totals(sheet: GateSheet) -> pd.DataFrame:
    """`TOTALS`: how many projects are in each state, a row a gate."""
    rows = []
    for place, code in enumerate(sheet.gates):
        counts = Counter(sheet.states[place].tolist())
        row = {state: counts.get(number, 0) for number, state in enumerate(STATES)}
        rows.append({"gate": code, "list": books.gates()[code].list, **row})
    return pd.DataFrame(rows, columns=TOTALS)


def worst(states: Sequence[int]) -> str:
    """The gravest of a project's states: veto, unknown, to be explained, lifted, explained, pass."""
    for state in GRAVEST:
        if PLACE[state] in states:
            return state
    return "pass"


def project_gates(session: Session, scope: Scope, code: str) -> list[GateRecord]:
    """Every gate of a project: `gate`, `list`, `state`, `raw`, `evidence`, `illustrative`, `missing`, `acts`.

    `evidence` holds facts with their values, `illustrative` names those that rest on illustrative figures, `missing`
    those for want of which the gate is not known; acts stand oldest first. A project that was never accepted has none.
    """
    project = get_project(session, scope, code)
    frame = fact_frame(session, scope, ProjectFilters(code=(code,)))
    if frame.empty:
        return []
    facts, acts = columns_of(frame), _acts(session, project["id"])
    made_up = illustrative_facts(session, project)
    found: list[GateRecord] = []
    for gate in books.gates().values():
        raw = STATES[int(judge(gate, facts, 1)[0])]
        evidence, mine = _evidence(facts, gate, 0), acts.get(gate.code, [])
        standing = Standing(mine[-1]["kind"], mine[-1]["evidence"]) if mine else None
        shown: list[ShownAct] = [{**act, "holds": act["evidence"] == evidence} for act in mine]
        marked = [name for name in gate.facts if name in made_up]
        lacks = [name for name in gate.decisive if raw == "unknown" and np.isnan(facts[name][0])]
        found.append(
            {
                "gate": gate.code,
                "list": gate.list,
                "state": answered(raw, evidence, standing),
                "raw": raw,
                "evidence": evidence_values(evidence),
                "illustrative": marked,
                "missing": lacks,
                "acts": shown,
            }
        )
    return found


def _acts(session: Session, project_id: int) -> dict[str, list[GateActRecord]]:
    statement = select(GateAct).where(col(GateAct.project_id) == project_id).order_by(col(GateAct.id))
    found: dict[str, list[GateActRecord]] = {}
    for act in session.execute(statement).scalars():
        found.setdefault(act.gate, []).append(record_of(GateActRecord, act.model_dump(exclude={"project_id"})))
    return found
