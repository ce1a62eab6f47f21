"""What the screening pages ask, and what persons do about gates and criteria."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from dashboard.view import GateView
from portfolio.attachments.queries import attachments_of
from portfolio.attachments.records import AttachmentRecord
from portfolio.filing import service as attaching
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project, list_projects
from portfolio.projects.records import ProjectRecord
from portfolio.screening.criteria import project_criteria, save_criteria
from portfolio.screening.explaining import Explained, explained, project_scores
from portfolio.screening.gates import GateSheet, gate_sheet, gate_totals, project_gates, worst
from portfolio.screening.missing import lacking, missing_facts
from portfolio.screening.policies import get_policy, list_policies
from portfolio.screening.records import GateRecord, PolicyRecord, ScoreRecord
from portfolio.screening.rules.gating import STATES
from portfolio.screening.service import Act, answer_gate
from portfolio.screening.tables import Criterion


@dataclass(frozen=True)
class ScreeningPage:
    """Counts by gate and state and the missing facts (`COLUMNS` of each) of the projects the filters leave.

    `whole` is how many projects there are without filters, `chosen` how many stand in the view's state at its gate.
    """

    totals: pd.DataFrame
    missing: pd.DataFrame
    whole: int
    projects: int
    vetoed: int
    chosen: int


def screening_page(view: GateView) -> ScreeningPage:
    """The page's counts."""

    def question(session: Session) -> ScreeningPage:
        whole, sheet = gate_sheet(session, mine()), gate_sheet(session, mine(), view.view.filters)
        chosen, missing = _chosen(session, view), missing_facts(session, sheet)
        if view.gate:
            missing = missing[missing["gate"] == view.gate]
        counts = (len(whole.codes), len(sheet.codes), int(sheet.vetoed.sum()), len(chosen.codes))
        return ScreeningPage(gate_totals(sheet), missing, *counts)

    return read(question)


def _chosen(session: Session, view: GateView) -> GateSheet:
    found = gate_sheet(session, mine(), view.view.filters).where(view.gate, view.state)
    return lacking(session, found, view.gate, view.fact) if view.fact else found


class GateRow(ProjectRecord):
    """A project with the gravest state of its gates, and every gate's."""

    worst: str
    gates: dict[str, str]


def gate_block(view: GateView, start: int, stop: int) -> tuple[list[GateRow], int]:
    """Rows `start` to `stop` by code: the project's record, the gravest state and every gate's; how many there are."""

    def question(session: Session) -> tuple[list[GateRow], int]:
        sheet = _chosen(session, view)
        last = min(stop, len(sheet.codes))
        codes = tuple(sheet.codes[start:last])
        if not codes:
            return [], len(sheet.codes)
        found = list_projects(session, mine(), ProjectFilters(code=codes), "code", len(codes)).rows
        known = {project["code"]: project for project in found}
        rows: list[GateRow] = []
        for place, code in enumerate(codes, start):
            states = sheet.states[:, place].tolist()
            gates = {gate: STATES[number] for gate, number in zip(sheet.gates, states, strict=True)}
            rows.append({**known[code], "worst": worst(states), "gates": gates})
        return rows, len(sheet.codes)

    return read(question)


@dataclass(frozen=True)
class ScreeningTab:
    """A project, its gates, what is stated of it, its score under a policy, the policies there are, files of lifts."""

    project: ProjectRecord
    gates: list[GateRecord]
    criteria: dict[str, Criterion]
    score: Explained
    policies: list[PolicyRecord]
    kept: list[ScoreRecord]
    files: dict[int, list[AttachmentRecord]]


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
            _lift_files(session, code),
        )

    return read(question)


def _lift_files(session: Session, code: str) -> dict[int, list[AttachmentRecord]]:
    """The files beside a project's lifts, by the number of the act."""
    found: dict[int, list[AttachmentRecord]] = {}
    for one in attachments_of(session, "lift", code, below=True):
        found.setdefault(int(one["object_code"].rpartition("/")[2]), []).append(one)
    return found


def act(code: str, gate: str, given: Act, file: tuple[str, bytes] | None = None) -> int:
    """Lift, justify or restore a gate of a project; with a lift its document (name, content), all or nothing."""

    def action(session: Session) -> int:
        number = answer_gate(session, me(), mine(), code, gate, given)
        if file is not None:
            attaching.lay(session, me(), mine(), "lift", f"{code}/{number}", *file)
        return number

    return write(action)


def add_lift_file(code: str, number: int, name: str, content: bytes) -> int:
    """Lay a document beside a lift that was made before."""
    return write(lambda session: attaching.lay(session, me(), mine(), "lift", f"{code}/{number}", name, content))


def state_criteria(code: str, values: Mapping[str, float | None]) -> str:
    """State criteria of a project."""
    return write(lambda session: save_criteria(session, me(), mine(), code, values))
