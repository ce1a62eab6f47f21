"""What the screening pages ask, and what persons do about gates and criteria."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.core.frames import records
from portfolio.finance.plan import named_projects
from portfolio.projects.queries import get_project
from portfolio.screening import books
from portfolio.screening.criteria import project_criteria, save_criteria
from portfolio.screening.explaining import Explained, explained, project_scores
from portfolio.screening.gates import gate_sheet, gate_totals, project_gates, worst
from portfolio.screening.gating import STATES
from portfolio.screening.policies import get_policy, list_policies
from portfolio.screening.service import Act, answer_gate
from portfolio.screening.tables import Criterion


@dataclass(frozen=True)
class ScreeningPage:
    """Counts by gate and state, how many projects there are and how many are vetoed, and how many a choice leaves."""

    totals: pd.DataFrame
    projects: int
    vetoed: int
    chosen: int


def screening_page(gate: str, state: str) -> ScreeningPage:
    """The page's counts; the projects are those that stand in `state` at `gate`."""

    def question(session: Session) -> ScreeningPage:
        sheet = gate_sheet(session, mine())
        chosen = sheet.where(*_known(gate, state))
        return ScreeningPage(gate_totals(sheet), len(sheet.codes), int(sheet.vetoed.sum()), len(chosen.codes))

    return read(question)


def _known(gate: str, state: str) -> tuple[str, str]:
    return gate if gate in books.gates() else "", state if state in STATES else ""


def gate_block(gate: str, state: str, start: int, stop: int) -> tuple[list[dict[str, Any]], int]:
    """Rows `start` to `stop` by code with names, the gravest state and every gate's; and how many there are."""

    def question(session: Session) -> tuple[list[dict[str, Any]], int]:
        sheet = gate_sheet(session, mine()).where(*_known(gate, state))
        last = min(stop, len(sheet.codes))
        ids = [int(number) for number in sheet.ids[start:last]]
        names = {row["project"]: row for row in records(named_projects(session, ids))}
        rows = []
        for place in range(start, last):
            states = sheet.states[:, place].tolist()
            gates = {code: STATES[number] for code, number in zip(sheet.gates, states, strict=True)}
            rows.append({**names[int(sheet.ids[place])], "worst": worst(states), **gates})
        return rows, len(sheet.codes)

    return read(question)


@dataclass(frozen=True)
class ScreeningTab:
    """A project's gates, what is stated of it, its score under a policy, and the policies there are."""

    project: dict[str, Any]
    gates: list[dict[str, Any]]
    criteria: dict[str, Criterion]
    score: Explained
    policies: list[dict[str, Any]]
    kept: list[dict[str, Any]]


def screening_tab(code: str, policy: str) -> ScreeningTab:
    """The tab of a project."""

    def question(session: Session) -> ScreeningTab:
        project = get_project(session, mine(), code)
        return ScreeningTab(
            project,
            project_gates(session, mine(), code),
            project_criteria(session, project["id"]),
            explained(session, mine(), get_policy(session, policy), code),
            list_policies(session),
            project_scores(session, project["id"]),
        )

    return read(question)


def act(code: str, gate: str, given: Act) -> int:
    """Lift, justify or restore a gate of a project."""
    return write(lambda session: answer_gate(session, me(), mine(), code, gate, given))


def state_criteria(code: str, values: Mapping[str, float | None]) -> str:
    """State criteria of a project."""
    return write(lambda session: save_criteria(session, me(), mine(), code, values))
