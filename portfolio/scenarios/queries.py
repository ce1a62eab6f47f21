"""Read scenarios: the list, one with its pools, pins, candidates and answer, its jobs and what was found out."""

from collections.abc import Mapping
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, require_read, within
from portfolio.core.errors import NotFoundError
from portfolio.core.records import record_of
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.scenarios import options as asked
from portfolio.scenarios.records import (
    CandidateRecord,
    JobRecord,
    Outcome,
    PinRecord,
    ScenarioHead,
    ScenarioPoolRecord,
    ScenarioRecord,
)
from portfolio.scenarios.tables import (
    Explanation,
    Job,
    JobProgress,
    Scenario,
    ScenarioPin,
    ScenarioPool,
    ScenarioProject,
)
from portfolio.vocabulary.elements import element_tree

QUEUED, RUNNING, DONE, STOPPED, FAILED = "queued", "running", "done", "stopped", "failed"
UNDER_WAY = (QUEUED, RUNNING)
AREAS = ("land_m2", "sea_m2", "forest_m2")
PROJECT_COLUMNS = [
    "project_id",
    "code",
    "name_zh",
    "name_en",
    "kind",
    "city_code",
    "rung",
    "points",
    "vetoed",
    "fund_yuan",
    *AREAS,
    "delay",
    "value",
    "reason",
    "ranked",
    "pin",
    "pin_reason",
]
READ = "scenario.read"
LINE = "line"
HIDDEN = ("id", "edition_id", "parent_id", "outcome", "options")


def get_scenario(session: Session, code: str) -> Scenario:
    """One scenario; raises `NotFoundError`."""
    found: Scenario | None = session.execute(select(Scenario).where(col(Scenario.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFoundError("allocation.no_scenario", code=code)
    return found


def running_job(session: Session, scenario: Scenario, kind: str | None = None) -> Job | None:
    """The newest job of a scenario that waits or runs."""
    wanted = [col(Job.scenario_id) == scenario.id, col(Job.state).in_(UNDER_WAY)]
    if kind is not None:
        wanted.append(col(Job.kind) == kind)
    return session.execute(select(Job).where(*wanted).order_by(col(Job.id).desc()).limit(1)).scalars().first()


def list_scenarios(session: Session, scope: Scope, edition: str | None = None) -> list[ScenarioRecord]:
    """Every scenario, the newest first: its head with codes of edition and parent, counts and its newest solve."""
    require_read(scope, READ)
    statement = select(Scenario).order_by(col(Scenario.id).desc())
    if edition:
        statement = statement.join(Edition, col(Edition.id) == col(Scenario.edition_id))
        statement = statement.where(col(Edition.code) == edition)
    rows = list(session.execute(statement).scalars())
    editions = {number: (code, year) for number, code, year in session.execute(_edition_codes())}
    codes = {number: code for number, code in session.execute(select(col(Scenario.id), col(Scenario.code)))}
    counts, pins, jobs = _counts(session), _pin_counts(session), _newest_solves(session)
    found = []
    for row in rows:
        supported, projects = counts.get(row.id, (0, 0))
        names = {"edition": editions[row.edition_id][0], "base_year": editions[row.edition_id][1]}
        more = {"parent": codes.get(row.parent_id), "supported": supported, "projects": projects}
        job = jobs.get(row.id)
        held = {**_head(row), **names, **more, "pins": pins.get(row.id, 0), "job": job}
        found.append(record_of(ScenarioRecord, held))
    return found


def scenario_codes(session: Session, scope: Scope) -> frozenset[str]:
    """The codes of the scenarios the reader may open: none for who may read no scenario."""
    if not within(scope, READ).some:
        return frozenset()
    return frozenset(session.execute(select(col(Scenario.code))).scalars())


def scenario_head(session: Session, scope: Scope, code: str) -> ScenarioHead:
    """One scenario as `list_scenarios` gives it, with the edition's window and its outcome."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    found = next(one for one in list_scenarios(session, scope) if one["code"] == code)
    edition = session.get_one(Edition, scenario.edition_id)
    waiting, line = _line(session, scenario)
    outcome: Outcome = {**outcome_of(scenario), "next": waiting, "line": line}
    return {**found, "years": edition.years, "edition_state": edition.state, "outcome": outcome}


def _line(session: Session, scenario: Scenario) -> tuple[list[Any], dict[str, int] | None]:
    """Who is next in line, the smallest addition first, and how many were solved for; nothing before that was done."""
    kept = session.get(Explanation, (scenario.id, LINE, ""))
    found = orjson.loads(kept.content) if kept else {}
    if not {"waiting", "asked", "open"} <= found.keys():
        return [], None
    return found["waiting"], {"asked": found["asked"], "open": found["open"]}


def outcome_of(scenario: Scenario) -> Outcome:
    """Rungs, findings, conflict and supported needs of the answer; empty before there is one. `next` and `line`, who is
    next in line, come from a job of their own (`scenario_head`)."""
    empty: dict[str, Any] = {"rungs": [], "findings": [], "conflict": [], "needs": []}
    found = {**empty, **(orjson.loads(scenario.outcome) if scenario.outcome else {}), "next": [], "line": None}
    # An earlier version kept findings without saying which of them stop the solving: with an answer none did.
    told = [{"severe": False, "params": {}, **one} for one in found["findings"]]
    return record_of(Outcome, {**found, "findings": told})


def _head(row: Scenario) -> dict[str, Any]:
    shown = {name: value for name, value in row.model_dump().items() if name not in HIDDEN}
    return {**shown, "options": asked.decode(row.options)}


def _edition_codes() -> Any:
    return select(col(Edition.id), col(Edition.code), col(Edition.base_year))


def _counts(session: Session) -> dict[int, tuple[int, int]]:
    number, inside = col(ScenarioProject.scenario_id), case((col(ScenarioProject.delay) >= 0, 1), else_=0)
    rows = session.execute(select(number, func.sum(inside), func.count()).group_by(number))
    return {scenario: (int(supported), int(projects)) for scenario, supported, projects in rows}


def _pin_counts(session: Session) -> dict[int, int]:
    number = col(ScenarioPin.scenario_id)
    return {scenario: int(count) for scenario, count in session.execute(select(number, func.count()).group_by(number))}


def _newest_solves(session: Session) -> dict[int, JobRecord]:
    newest = select(func.max(col(Job.id))).where(col(Job.kind) == "solve").group_by(col(Job.scenario_id))
    rows = session.execute(select(Job).where(col(Job.id).in_(newest))).scalars()
    return {job.scenario_id: job_record(session, job, last_only=True) for job in rows}


def pool_rows(session: Session, scope: Scope, code: str) -> list[ScenarioPoolRecord]:
    """A scenario's pools by element, year and code: `item`, `dimension`, `original`, `quantity`, `used`, `left`;
    `carries` and `carried_in`, what needs of its year take from the year before."""
    require_read(scope, READ)
    scenario, tree = get_scenario(session, code), element_tree(session).by_id
    statement = select(ScenarioPool).where(col(ScenarioPool.scenario_id) == scenario.id)
    order = (col(ScenarioPool.item_id), col(ScenarioPool.year), col(ScenarioPool.pool))
    found = []
    for row in session.execute(statement.order_by(*order)).scalars():
        node = tree[row.item_id]
        left = None if row.used is None else row.quantity - row.used
        named = {"item": node.code, "element": node.element, "dimension": node.dimension, "left": left}
        held = {**row.model_dump(exclude={"scenario_id", "item_id"}), **named, "added": row.pool_id is None}
        found.append(record_of(ScenarioPoolRecord, held))
    return found


def candidate_names(session: Session, scope: Scope, code: str) -> list[CandidateRecord]:
    """The projects that stand in a scenario's edition, also before there is an answer: `code`, `name_zh`, `name_en`."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en]
    statement = (
        select(*columns)
        .join(EditionEntry, col(EditionEntry.project_id) == col(Project.id))
        .where(col(EditionEntry.edition_id) == scenario.edition_id, standing(), *conditions(NO_FILTERS, scope))
    )
    rows = session.execute(statement.order_by(col(Project.code)))
    return [{"code": row[0], "name_zh": row[1], "name_en": row[2]} for row in rows]


def project_frame(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """The candidates of a solved scenario as `PROJECT_COLUMNS`, those in first, then by points."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    held = ("rung", "points", "vetoed", "fund_yuan", *AREAS, "delay", "value", "reason", "ranked")
    columns: list[Any] = [
        ScenarioProject.project_id,
        ScenarioProject.code,
        Project.name_zh,
        Project.name_en,
        Project.kind,
        Project.city_code,
        *(getattr(ScenarioProject, name) for name in held),
        ScenarioPin.inside,
        ScenarioPin.reason,
    ]
    pinned = (col(ScenarioPin.scenario_id) == col(ScenarioProject.scenario_id)) & (
        col(ScenarioPin.project_id) == col(ScenarioProject.project_id)
    )
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(ScenarioProject.project_id))
        .outerjoin(ScenarioPin, pinned)
        .where(col(ScenarioProject.scenario_id) == scenario.id, *conditions(NO_FILTERS, scope))
        .order_by(col(ScenarioProject.delay) < 0, col(ScenarioProject.points).desc(), col(ScenarioProject.code))
    )
    return pd.DataFrame(session.execute(statement).all(), columns=PROJECT_COLUMNS, dtype=object)


def values_by_rung(session: Session, scope: Scope, code: str) -> dict[str, tuple[int, float]]:
    """Rung → how many projects a scenario supports there and what they are worth, as part of its value."""
    require_read(scope, READ)
    scenario, rung = get_scenario(session, code), col(ScenarioProject.rung)
    statement = select(rung, func.count(), func.sum(col(ScenarioProject.value)))
    inside = (col(ScenarioProject.scenario_id) == scenario.id, col(ScenarioProject.delay) >= 0)
    rows = session.execute(statement.where(*inside).group_by(rung))
    return {name: (int(count), round(float(worth), 6)) for name, count, worth in rows}


def pin_rows(session: Session, scope: Scope, code: str) -> list[PinRecord]:
    """A scenario's pins: `project`, `inside`, `reason`, `actor`, `at`."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    columns: list[Any] = [Project.code, ScenarioPin.inside, ScenarioPin.reason, ScenarioPin.actor, ScenarioPin.at]
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(ScenarioPin.project_id))
        .where(col(ScenarioPin.scenario_id) == scenario.id, *conditions(NO_FILTERS, scope))
        .order_by(col(Project.code))
    )
    names = ("project", "inside", "reason", "actor", "at")
    return [record_of(PinRecord, dict(zip(names, row, strict=True))) for row in session.execute(statement)]


def get_job(session: Session, scope: Scope, number: int) -> JobRecord:
    """One job with its progress; raises `NotFoundError`."""
    require_read(scope, READ)
    job = session.get(Job, number)
    if job is None:
        raise NotFoundError("allocation.no_job", id=str(number))
    return job_record(session, job)


def job_record(session: Session, job: Job, last_only: bool = False) -> JobRecord:
    """A job as a mapping, with the scenario's code and `progress` (the last step alone with `last_only`)."""
    order = col(JobProgress.place).desc() if last_only else col(JobProgress.place)
    statement = select(JobProgress).where(col(JobProgress.job_id) == job.id).order_by(order)
    rows = session.execute(statement.limit(1) if last_only else statement).scalars()
    steps = [row.model_dump(exclude={"job_id", "place"}) for row in rows]
    code = session.execute(select(col(Scenario.code)).where(col(Scenario.id) == job.scenario_id)).scalar_one()
    return record_of(JobRecord, {**job.model_dump(exclude={"scenario_id"}), "scenario": code, "progress": steps})


def scenario_jobs(session: Session, scope: Scope, code: str) -> list[JobRecord]:
    """The jobs of a scenario, the newest first, each with its last step."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    statement = select(Job).where(col(Job.scenario_id) == scenario.id).order_by(col(Job.id).desc())
    return [job_record(session, job, last_only=True) for job in session.execute(statement).scalars()]


def explanations(session: Session, scope: Scope, code: str) -> Mapping[tuple[str, str], dict[str, Any]]:
    """(kind, subject) → what was found out about a scenario's answer by solving again."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    statement = select(Explanation).where(col(Explanation.scenario_id) == scenario.id)
    rows = session.execute(statement).scalars()
    return {(row.kind, row.subject): orjson.loads(row.content) for row in rows}
