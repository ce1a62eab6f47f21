"""Write readiness: what a project has done of its steps, and the files that show it."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_write
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import FieldError, InvalidError, NotFoundError, StaleError, TooLargeError
from portfolio.journal import service as journal
from portfolio.projects.queries import get_project
from portfolio.readiness import rules
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.tables import Attachment, ProjectStep
from portfolio.readiness.templates import step_kinds

FIELDS = ("status", "planned_on", "actual_on", "valid_until", "doc_no", "authority", "note", "basis")
MAX_ATTACHMENT = 20 << 20
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
}


def save_step(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    step: str,
    values: Mapping[str, Any],
    version: int | None = None,
) -> bool:
    """Set what a project says of a step (`FIELDS`; those left out stay); returns whether anything changed.

    An approval's end is filled in by the step's usual validity when it is not stated.
    Raises `InvalidError` (`readiness.invalid`) with every fault, `StaleError` when `version` (0: no row yet) is not the
    step's any more.
    """
    require_write(actor)
    number = revision.bump(session)
    project = get_project(session, scope, code)
    before = stored_steps(session, project["id"]).get(step, {})
    if version is not None and version != before.get("revision", 0):
        raise StaleError("readiness.stale", before, step=step)
    fresh = {name: values.get(name, before.get(name)) for name in FIELDS}
    fresh = {**_blank(fresh), "basis": fresh["basis"] or "reported"}
    found = rules.faults(step, fresh)
    if found:
        raise InvalidError("readiness.invalid", found)
    if fresh["status"] == "approved":
        stated = fresh["valid_until"] if values.get("valid_until") else None
        kept = before.get("valid_until") if before.get("actual_on") == fresh["actual_on"] else None
        fresh["valid_until"] = rules.valid_until(step_kinds()[step], fresh["actual_on"], stated or kept)
    changed = {name: value for name, value in fresh.items() if value != before.get(name)}
    if not changed:
        return False
    _write(session, project["id"], step, fresh | {"revision": number}, bool(before))
    entry = journal.Entry(code, "step", {step: {n: before.get(n) for n in changed}}, {step: changed})
    journal.record(session, actor, "readiness", [entry])
    return True


def _blank(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates are None when empty, texts are empty when None."""
    dates = {name: values[name] or None for name in rules.DATES}
    texts = {name: str(values[name] or "").strip() for name in ("status", "doc_no", "authority", "note")}
    return {"basis": values["basis"], **dates, **texts}


def _write(session: Session, project_id: int, step: str, values: Mapping[str, Any], exists: bool) -> None:
    if exists:
        here = (_steps.c.project_id == project_id) & (_steps.c.step == step)
        session.connection().execute(update(_steps).where(here).values(**values))
    else:
        session.connection().execute(insert(_steps).values(project_id=project_id, step=step, **values))
    session.expire_all()


def clear_step(session: Session, actor: Actor, scope: Scope, code: str, step: str, reason: str | None = None) -> bool:
    """Take back everything a project said of a step, which then has not been started; whether there was anything."""
    require_write(actor)
    revision.bump(session)
    project = get_project(session, scope, code)
    before = stored_steps(session, project["id"]).get(step)
    if before is None:
        return False
    here = (_steps.c.project_id == project["id"]) & (_steps.c.step == step)
    session.connection().execute(delete(_steps).where(here))
    session.expire_all()
    gone = {name: before[name] for name in FIELDS}
    entry = journal.Entry(code, "step", {step: gone}, {step: dict.fromkeys(FIELDS)})
    journal.record(session, actor, "readiness", [entry], reason)
    return True


def remove_illustrative_steps(session: Session, actor: Actor) -> int:
    """Take away every illustrative step; returns how many."""
    require_write(actor)
    revision.bump(session)
    gone = session.connection().execute(delete(_steps).where(_steps.c.basis == "illustrative")).rowcount
    session.expire_all()
    return int(gone)


def attach(session: Session, actor: Actor, scope: Scope, code: str, step: str, name: str, content: bytes) -> int:
    """Lay a file beside a step; returns its number. Refuses kinds of file offices do not file, and large ones."""
    require_write(actor)
    revision.bump(session)
    project = get_project(session, scope, code)
    safe = PurePath(name.replace("\\", "/")).name[:200]
    media = MEDIA_TYPES.get(PurePath(safe).suffix.lower())
    if step not in step_kinds():
        raise InvalidError("readiness.invalid", [FieldError("step", "readiness.unknown_step", {"value": step})])
    if media is None:
        allowed = "、".join(sorted(MEDIA_TYPES))
        raise InvalidError(
            "readiness.invalid", [FieldError("file", "readiness.bad_file", {"value": safe, "allowed": allowed})]
        )
    if len(content) > MAX_ATTACHMENT:
        raise TooLargeError("request.too_large", limit=str(MAX_ATTACHMENT >> 20))
    values = {"project_id": project["id"], "step": step, "name": safe, "media_type": media, "size": len(content)}
    digest = hashlib.sha256(content).hexdigest()
    made = session.connection().execute(
        insert(_files).values(**values, sha256=digest, content=content, at=utc_now(), actor=actor.name)
    )
    entry = journal.Entry(code, "attach", None, {step: {"name": safe, "size": len(content), "sha256": digest}})
    journal.record(session, actor, "readiness", [entry])
    return int(next(iter(made.inserted_primary_key or ())))


def attachment(session: Session, scope: Scope, code: str, number: int) -> tuple[str, str, bytes]:
    """Name, media type and content of a file beside one of the project's steps; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    columns = (col(Attachment.name), col(Attachment.media_type), col(Attachment.content))
    wanted = (col(Attachment.id) == number, col(Attachment.project_id) == project["id"])
    row = session.execute(select(*columns).where(*wanted)).first()
    if row is None:
        raise NotFoundError("readiness.no_attachment", id=str(number))
    return row[0], row[1], row[2]


_steps = ProjectStep.metadata.tables["project_steps"]
_files = Attachment.metadata.tables["attachments"]
