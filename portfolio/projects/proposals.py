"""What is proposed beside an accepted record: read it, add to it, lay it over the record, forget it.

A part of a proposal is key → [what stood there, what is to stand there]:
`{"total_investment_yuan": [120000000, 126000000]}` of `facts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.journal import service as journal
from portfolio.projects.state_tables import ProposedPart
from portfolio.projects.tables import Project

ROOM = "proposals"
FACTS, PROFILE, NEEDS, DETAILS, FINANCING = PARTS = ("facts", "profile", "needs", "details", "financing")
_VERSIONS = {NEEDS: "needs_version", DETAILS: "needs_version"}
_BATCH = 500

Part = dict[str, list[Any]]


@dataclass(frozen=True)
class Said:
    """Who said last what a part proposes, and when."""

    actor: str
    unit: str
    at: datetime


def proposed(session: Session, project_id: int, part: str) -> Part:
    """What is proposed for one part of a record; empty when nothing is."""
    found = session.connection().execute(_READ_PART, {"project": project_id, "asked": part}).scalar()
    return {} if found is None else orjson.loads(found)


def proposed_parts(session: Session, project_id: int) -> dict[str, Part]:
    """Everything proposed for a record: part → its keys."""
    rows = session.connection().execute(_READ, {"project": project_id})
    return {row.part: orjson.loads(row.content) for row in rows}


def parts_of(session: Session, project_ids: Iterable[int], part: str) -> dict[int, Part]:
    """Project id → what is proposed for one part, for those records of which anything is."""
    found: dict[int, Part] = {}
    ids = sorted(project_ids)
    for start in range(0, len(ids), _BATCH):
        chosen = _READ_ALL.where(_parts.c.project_id.in_(ids[start : start + _BATCH]), _parts.c.part == part)
        for project_id, _, content in session.connection().execute(chosen):
            found[project_id] = orjson.loads(content)
    return found


def said_by(session: Session, project_id: int) -> dict[str, Said]:
    """Part → who proposed it last, and when."""
    rows = session.connection().execute(_READ, {"project": project_id})
    return {row.part: Said(row.actor, row.actor_unit, row.at) for row in rows}


def proposed_keys(session: Session, project_ids: Iterable[int]) -> dict[int, list[str]]:
    """Project id → the keys a proposal would change, `part.key`, for those that have one."""
    found: dict[int, list[str]] = {}
    ids = list(project_ids)
    for start in range(0, len(ids), _BATCH):
        chosen = _READ_ALL.where(_parts.c.project_id.in_(ids[start : start + _BATCH]))
        for project_id, part, content in session.connection().execute(chosen):
            found.setdefault(project_id, []).extend(f"{part}.{key}" for key in orjson.loads(content))
    return found


def laid_over(accepted: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The values as they would be: `accepted` with what is proposed over it."""
    return {**accepted, **{key: now for key, (_, now) in part.items()}}


def propose(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    part: str,
    accepted: Mapping[str, Any],
    wanted: Mapping[str, Any],
    entry: journal.Entry,
    reason: str | None = None,
) -> None:
    """Propose `wanted` for a part of a record beside what `accepted` says for those keys; None is "not stated".

    What says again what is accepted is taken out of the proposal. `entry` is what the journal tells of it. The gate
    has been asked; the version of the record that covers the part is raised.
    """
    held = proposed(session, project["id"], part)
    there = bool(held)
    for key, now in wanted.items():
        held.pop(key, None)
        if now != accepted.get(key):
            held[key] = [accepted.get(key), now]
    _store(session, actor, project["id"], part, held, there)
    _raise(session, project["id"], _VERSIONS.get(part, "version"))
    journal.record(session, actor, ROOM, [entry], reason)
    session.expire_all()


def _store(session: Session, actor: Actor, project_id: int, part: str, content: Part, there: bool) -> None:
    """Keep `content` as all that is proposed for a part, of which something is `there` or not; an empty one is none."""
    here = (_parts.c.project_id == project_id, _parts.c.part == part)
    told = {"actor": actor.name, "actor_unit": actor.unit or "", "at": utc_now()}
    values = {"content": orjson.dumps(content).decode(), **told}
    if content and there:
        session.connection().execute(update(_parts).where(*here).values(**values))
    elif content:
        session.connection().execute(insert(_parts).values(project_id=project_id, part=part, **values))
    elif there:
        session.connection().execute(delete(_parts).where(*here))


def forget_proposal(session: Session, project_id: int) -> None:
    """Nothing is proposed for the record any more."""
    session.connection().execute(delete(_parts).where(_parts.c.project_id == project_id))


def _raise(session: Session, project_id: int, version: str) -> None:
    """A reader's tag names what is proposed too, so that two who type see each other."""
    column = _projects.c[version]
    values = {version: column + 1, "revision": revision.bump(session)}
    session.connection().execute(update(_projects).where(_projects.c.id == project_id).values(**values))


_projects = Project.metadata.tables["projects"]
_parts = ProposedPart.metadata.tables["proposed_parts"]
_READ_ALL = select(_parts.c.project_id, _parts.c.part, _parts.c.content)
_READ = select(_parts.c.part, _parts.c.content, _parts.c.actor, _parts.c.actor_unit, _parts.c.at).where(
    _parts.c.project_id == bindparam("project")
)
_READ_PART = select(_parts.c.content).where(
    _parts.c.project_id == bindparam("project"), _parts.c.part == bindparam("asked")
)
