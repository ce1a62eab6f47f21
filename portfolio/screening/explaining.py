"""Why a project stands where it stands: its score by criterion with evidence, the robust core, kept runs."""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import frame_of
from portfolio.core.records import records_of
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import get_project, project_ids
from portfolio.projects.tables import Project
from portfolio.screening.illustrative import illustrative_facts
from portfolio.screening.queries import Scores, scores
from portfolio.screening.records import RunRecord, ScoreRecord
from portfolio.screening.rules.language import parse
from portfolio.screening.rules.policy import Policy
from portfolio.screening.rules.robust import Bar, tornado
from portfolio.screening.rules.scoring import Sheet
from portfolio.screening.tables import PolicyVersion, Score, ScoreRun

KEPT = ["project", "rank", "points", "vetoed", "missing", "profile", "inputs", "parts"]


@dataclass(frozen=True)
class Part:
    """What a criterion gave a project: per cent of its weight, points, and the facts (None: not known)."""

    criterion: str
    group: str
    weight: float
    percent: float
    points: float
    unknown: bool
    evidence: dict[str, float | None]
    illustrative: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """A project's score: rank among all in scope, points, profile, and every criterion's part that has a weight."""

    policy: Policy
    rank: int
    projects: int
    points: float
    vetoed: bool
    profile: str
    parts: tuple[Part, ...]
    bars: tuple[Bar, ...]


def explained(session: Session, scope: Scope, policy: Policy, code: str) -> Explained:
    """The score of a project among all projects in scope, and what each weight does to its place."""
    project = get_project(session, scope, code)
    found = scores(session, scope, policy)
    place = int(np.flatnonzero(found.ids == project["id"])[0])
    made_up = illustrative_facts(session, project)
    rank = int(np.flatnonzero(found.order == place)[0]) + 1
    bars = () if found.vetoed[place] else tuple(tornado(found.sheet, _standing(found), place))
    sheet = found.sheet
    profile = policy.profiles[int(sheet.profiles[place])].code
    parts = tuple(
        _part(found, number, place, made_up) for number in range(len(policy.criteria)) if sheet.weights[number, place]
    )
    points = float(sheet.points[place])
    return Explained(policy, rank, len(found.codes), points, bool(found.vetoed[place]), profile, parts, bars)


def _standing(found: Scores) -> "np.typing.NDArray[np.int64]":
    """Places from first to last without the vetoed."""
    return found.order[~found.vetoed[found.order]]


def _part(found: Scores, number: int, place: int, made_up: frozenset[str]) -> Part:
    sheet: Sheet = found.sheet
    criterion = sheet.policy.criteria[number]
    names = parse(criterion.value).names
    values = {name: float(found.facts[name][place]) for name in names}
    return Part(
        criterion.code,
        criterion.group,
        float(sheet.weights[number, place]),
        float(sheet.percents[number, place]),
        float(sheet.parts[number, place]),
        bool(sheet.unknown[number, place]),
        {name: None if np.isnan(value) else value for name, value in values.items()},
        tuple(name for name in names if name in made_up),
    )


def score_runs(session: Session) -> list[RunRecord]:
    """Every kept run, the newest first: `run`, `policy`, `projects`, `at`, `actor`, `note`, `rules_version`."""
    statement = (
        select(ScoreRun, col(PolicyVersion.code), col(PolicyVersion.version))
        .join(PolicyVersion, col(PolicyVersion.id) == col(ScoreRun.policy_id))
        .order_by(col(ScoreRun.id).desc())
    )
    rows = (
        {"run": run.id, "policy": f"{code}@{version}", **run.model_dump(exclude={"id", "policy_id"})}
        for run, code, version in session.execute(statement)
    )
    return records_of(RunRecord, rows)


def project_scores(session: Session, project_id: int) -> list[ScoreRecord]:
    """A project's kept scores, the newest first: `run`, `policy`, `at`, `rank`, `projects`, `points`, `vetoed`."""
    columns = (col(ScoreRun.id), col(PolicyVersion.code), col(PolicyVersion.version), col(ScoreRun.at))
    statement = (
        select(*columns, col(Score.rank), col(ScoreRun.projects), col(Score.points), col(Score.vetoed))
        .join(ScoreRun, col(ScoreRun.id) == col(Score.run_id))
        .join(PolicyVersion, col(PolicyVersion.id) == col(ScoreRun.policy_id))
        .where(col(Score.project_id) == project_id)
        .order_by(col(ScoreRun.id).desc())
    )
    names = ("run", "policy", "at", "rank", "projects", "points", "vetoed")
    rows = (
        dict(zip(names, (run, f"{code}@{version}", *rest), strict=True))
        for run, code, version, *rest in session.execute(statement)
    )
    return records_of(ScoreRecord, rows)


def run_scores(session: Session, scope: Scope, run: int) -> pd.DataFrame:
    """`KEPT` of a run by rank, of the projects in scope; raises `NotFoundError`."""
    if session.get(ScoreRun, run) is None:
        raise NotFoundError("screening.no_run", value=str(run))
    statement = (
        select(Score, col(Project.code))
        .join(Project, col(Project.id) == col(Score.project_id))
        .where(col(Score.run_id) == run)
        .order_by(col(Score.rank))
    )
    if not scope.everything:
        statement = statement.where(col(Score.project_id).in_(project_ids(session, scope, NO_FILTERS)))
    rows = [
        (code, row.rank, row.points, row.vetoed, row.missing, row.profile, *_read(row))
        for row, code in session.execute(statement)
    ]
    return frame_of(rows, KEPT)


def _read(row: Score) -> tuple[dict[str, Any], dict[str, Any]]:
    return msgspec.json.decode(row.inputs), msgspec.json.decode(row.parts)
