"""Read readiness: of the whole portfolio, of one project with its critical path, and what runs out when."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.attachments.queries import attachments_of
from portfolio.core.frames import absent_as_none, frame_of
from portfolio.core.kept import Kept
from portfolio.core.records import record_of
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.queries import project_ids
from portfolio.projects.tables import Project
from portfolio.readiness.records import StepFile, StepRecord
from portfolio.readiness.rules.network import holding, schedule
from portfolio.readiness.rules.templates import authority_rules, step_kinds
from portfolio.readiness.state import Group, State, applicable, authority_places, groups, read_state
from portfolio.readiness.tables import ProjectStep

COLUMNS = ["project_id", "steps", "done", "days_left", "holding", "authority", "started", "assumed"]
NOTHING = ""
_kept = Kept(16)


@dataclass(frozen=True)
class Expiry:
    """An approval that runs out: of which project and step, on which day."""

    project: str
    name: str
    name_en: str
    step: str
    doc_no: str
    valid_until: str


def readiness_frame(session: Session, scope: Scope, as_of: date, filters: ProjectFilters = NO_FILTERS) -> pd.DataFrame:
    """`COLUMNS`, a row a project: steps that apply and are done, days to the start, the step that holds it up.

    `authority` is the place in `authority_rules()` of who approves the holding step (-1: its office); `days_left`
    counts from `as_of` and is 0 once the works have begun.
    """
    frame: pd.DataFrame = _kept.get(session, ("all", as_of), lambda: _whole(session, as_of))
    if scope.everything and filters.empty:
        return frame.copy()
    ids = project_ids(session, scope, filters)
    return frame[frame["project_id"].isin(ids)].reset_index(drop=True)


def _whole(session: Session, as_of: date) -> pd.DataFrame:
    state = read_state(session, as_of.isoformat())
    parts = [_group_frame(state, group) for group in groups(state)]
    if not parts:
        return _nothing()
    frame = pd.concat(parts, ignore_index=True).sort_values("place").reset_index(drop=True)
    frame["authority"] = _authorities(session, state, frame)
    return frame.reindex(columns=COLUMNS)


def _nothing() -> pd.DataFrame:
    """No row, in columns of the kinds that rows have: what asks `~started` of it must get a truth, not an object."""
    flags, texts = ("started", "assumed"), ("holding",)
    kinds = {name: "bool" if name in flags else "object" if name in texts else "int64" for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _group_frame(state: State, group: Group) -> pd.DataFrame:
    applies = applicable(state, group)
    started = state.started[group.places]
    done = (state.done[np.ix_(group.places, group.columns)] | started[:, None]) & applies
    usual = np.array([step.days[1] for step in group.template.steps], np.float64)
    left = state.left[np.ix_(group.places, group.columns)]
    found = schedule(group.template, np.where(applies, usual * left, 0.0), done)
    names = np.array([*group.template.codes, NOTHING], dtype=object)
    return pd.DataFrame(
        {
            "place": group.places,
            "project_id": state.cube.ids[group.places],
            "steps": applies.sum(axis=1),
            "done": done.sum(axis=1),
            "days_left": np.ceil(found.end).astype(np.int64),
            "holding": names[holding(found)],
            "started": started,
            "assumed": group.assumed,
        }
    )


def _authorities(session: Session, state: State, frame: pd.DataFrame) -> NDArray[np.int64]:
    kinds, found = step_kinds(), np.full(len(frame), -1, np.int64)
    for rule in sorted({kind.authority_rule for kind in kinds.values() if kind.authority_rule}):
        places = authority_places(session, state.cube, rule)[frame["place"].to_numpy()]
        held = frame["holding"].isin([kind.code for kind in kinds.values() if kind.authority_rule == rule]).to_numpy()
        found[held] = places[held]
    return found


def named_readiness(session: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a readiness frame with `code`, `name_zh`, `name_en`, `city_code` and `start_month` of their projects."""
    names = ("id", "code", "name_zh", "name_en", "city_code", "start_month")
    columns = [getattr(Project, name) for name in names]
    found = session.execute(select(*columns).where(col(Project.id).in_([int(n) for n in rows["project_id"]])))
    named = frame_of(found.all(), ["project_id", *names[1:]])
    merged = rows.merge(named, on="project_id", how="left") if len(named) else rows.reindex(columns=[*rows, *names[1:]])
    return absent_as_none(merged)


def office(step: str, authority: int, lang: str) -> str:
    """The office that owns a step: the authority found by area, else the step's own office."""
    if not step:
        return ""
    if authority >= 0:
        rule = authority_rules()[authority]
        return rule.authority_en if lang == "en" else rule.authority_zh
    return step_kinds()[step].office(lang)


def start_day(as_of: date, days: int) -> date:
    """The day `days` after `as_of`."""
    return as_of + timedelta(days=days)


def expiries(session: Session, scope: Scope, first: date, last: date, limit: int | None = None) -> list[Expiry]:
    """Approvals of projects not yet begun that run out from `first` to `last`, in the order of their days."""
    statement = (
        select(
            col(Project.code),
            col(Project.name_zh),
            col(Project.name_en),
            col(ProjectStep.step),
            col(ProjectStep.doc_no),
            col(ProjectStep.valid_until),
        )
        .join(Project, col(Project.id) == col(ProjectStep.project_id))
        .where(*_running_out(scope, first, last))
        .order_by(col(ProjectStep.valid_until), col(Project.code))
        .limit(limit)
    )
    return [Expiry(*row) for row in session.execute(statement)]


def expiries_by_month(session: Session, scope: Scope, first: date, last: date) -> dict[str, int]:
    """How many approvals run out in each month `YYYY-MM` from `first` to `last`."""
    month = func.substr(col(ProjectStep.valid_until), 1, 7)
    statement = (
        select(month, func.count())
        .join(Project, col(Project.id) == col(ProjectStep.project_id))
        .where(*_running_out(scope, first, last))
        .group_by(month)
        .order_by(month)
    )
    return {str(name): int(count) for name, count in session.execute(statement)}


def _running_out(scope: Scope, first: date, last: date) -> list[ColumnElement[bool]]:
    begun = ["under_construction", "completed", "withdrawn"]
    return [
        *conditions(NO_FILTERS, scope),
        col(ProjectStep.status) == "approved",
        col(ProjectStep.valid_until).between(first.isoformat(), last.isoformat()),
        col(Project.stage).is_(None) | col(Project.stage).not_in(begun),
        col(Project.actual_start_month).is_(None),
    ]


def stored_steps(session: Session, project_id: int) -> dict[str, StepRecord]:
    """What a project has said of its steps, by step."""
    rows = session.execute(select(ProjectStep).where(col(ProjectStep.project_id) == project_id)).scalars()
    return {row.step: record_of(StepRecord, row.model_dump(exclude={"project_id"})) for row in rows}


def attachments(session: Session, code: str) -> list[StepFile]:
    """The files laid beside a project's steps, without their content."""
    rows = attachments_of(session, "step", code, below=True)
    return [{"step": row["object_code"].rpartition("/")[2], **row} for row in rows]
