"""Where records stand: read it, and move it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Row
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.journal import service as journal
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState, ProjectTransition
from portfolio.projects.tables import Project

_BATCH = 500


@dataclass(frozen=True)
class Standing:
    """Where a record stands; `version` is 0 while it has never left the library."""

    state: str = workflow.ACCEPTED
    step: str = ""
    reviewer_unit: str | None = None
    reviewer_city: str | None = None
    accepted: bool = True
    locked: str = ""
    stage_before: str | None = None
    since: datetime | None = None
    version: int = 0

    @property
    def row(self) -> Row:
        """Whose turn it is, as a reviewer's reach is measured."""
        return Row(lead=self.reviewer_unit, city=self.reviewer_city)


@dataclass(frozen=True)
class Said:
    """What is said with a step: why, under which document, in which batch, to which unit."""

    reason: str = ""
    doc_no: str = ""
    batch: str = ""
    unit: str = ""


NOTHING_SAID = Said()
LIBRARY = Standing()
_COLUMNS = tuple(Standing.__dataclass_fields__)


def standing(session: Session, project_id: int) -> Standing:
    """Where one record stands."""
    found = session.connection().execute(_READ_ONE, {"project": project_id}).first()
    return LIBRARY if found is None else Standing(*found[1:])


def standings(session: Session, project_ids: Iterable[int]) -> dict[int, Standing]:
    """Project id → where it stands, for those that ever left the library or have not entered it."""
    found: dict[int, Standing] = {}
    ids = list(project_ids)
    for start in range(0, len(ids), _BATCH):
        chosen = _READ.where(_states.c.project_id.in_(ids[start : start + _BATCH]))
        for project_id, *rest in session.connection().execute(chosen):
            found[project_id] = Standing(*rest)
    return found


def move(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    before: Standing,
    after: Standing,
    action: str,
    said: Said = NOTHING_SAID,
) -> Standing:
    """Write that a record now stands as `after` says, with the step that led there; returns it with its version."""
    revision.bump(session)
    fresh = Standing(**{**after.__dict__, "since": utc_now(), "version": before.version + 1})
    values = dict(fresh.__dict__)
    if before.version:
        session.connection().execute(update(_states).where(_states.c.project_id == project["id"]).values(**values))
    else:
        session.connection().execute(insert(_states).values(project_id=project["id"], **values))
    source = before.state if before.version or action != "create" else ""
    session.connection().execute(
        insert(_transitions).values(
            at=fresh.since,
            code=project["code"],
            action=action,
            source=source,
            target=fresh.state,
            step=before.step,
            actor=actor.name,
            actor_unit=actor.unit or "",
            to_unit=said.unit,
            reason=said.reason,
            doc_no=said.doc_no,
            batch=said.batch,
        )
    )
    told = {name: getattr(said, name) for name in ("doc_no", "batch", "unit") if getattr(said, name)}
    entry = journal.Entry(project["code"], action, {"state": source or None}, {"state": fresh.state, **told})
    journal.record(session, actor, "reporting", [entry], said.reason or None)
    session.expire_all()
    return fresh


def entered_later(session: Session, code: str, at: datetime) -> bool:
    """Whether a record began as a draft and had not been accepted yet at an instant."""
    mine = _transitions.c.code == code
    began = select(_transitions.c.id).where(mine, _transitions.c.action == "create").limit(1)
    if session.connection().execute(began).first() is None:
        return False
    accepted = select(func.min(_transitions.c.at)).where(mine, _transitions.c.target == workflow.ACCEPTED)
    first = session.connection().execute(accepted).scalar()
    return first is None or at < first


def life(session: Session, code: str) -> list[dict[str, Any]]:
    """Every step of a record's life, newest first. The caller has checked that the reader may see the record."""
    columns: list[Any] = [getattr(ProjectTransition, name) for name in ProjectTransition.model_fields]
    statement = select(*columns).where(col(ProjectTransition.code) == code).order_by(col(ProjectTransition.id).desc())
    return [dict(row) for row in session.execute(statement).mappings()]


def misplaced(session: Session) -> list[str]:
    """Codes of records that stand elsewhere than their last step led, or wait for nobody: there must be none."""
    newest = select(func.max(_transitions.c.id)).group_by(_transitions.c.code)
    last = select(_transitions.c.code, _transitions.c.target).where(_transitions.c.id.in_(newest)).subquery()
    nobody = and_(
        _states.c.state.in_(sorted(workflow.WAITING)),
        _states.c.reviewer_unit.is_(None),
        _states.c.reviewer_city.is_(None),
    )
    elsewhere = or_(last.c.target.is_(None), last.c.target != _states.c.state)
    projects = Project.metadata.tables["projects"]
    statement = (
        select(projects.c.code)
        .join(_states, _states.c.project_id == projects.c.id)
        .outerjoin(last, last.c.code == projects.c.code)
        .where(or_(elsewhere, nobody))
        .order_by(projects.c.code)
    )
    return list(session.execute(statement).scalars())


_states = ProjectState.metadata.tables["project_states"]
_transitions = ProjectTransition.metadata.tables["project_transitions"]
_READ = select(_states.c.project_id, *(_states.c[name] for name in _COLUMNS))
_READ_ONE = _READ.where(_states.c.project_id == bindparam("project"))
