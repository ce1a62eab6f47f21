"""Read imports: one, its files, what its check found, and the list."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.stored_words import stored_text
from portfolio.exchange.sheets.findings import Finding
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import AT_WORK, STATES, Import, ImportFile, ImportPreview
from portfolio.exchange.uploads.touched import amended

LISTED = 50
FINDING = tuple(part.name for part in fields(Finding))


def _visible(actor: Actor | None) -> list[ColumnElement[bool]]:
    """One's own imports; every one to whoever sees every project. A file may hold anything its sender had."""
    if actor is None or scope_of(actor).everything:
        return []
    return [col(Import.actor) == actor.name]


def get(session: Session, import_id: int, actor: Actor | None = None) -> Import:
    """The import, when it is one the actor may see; raises `NotFoundError`."""
    found: Import | None = session.execute(
        select(Import).where(col(Import.id) == import_id, *_visible(actor)).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError("import.not_found", id=str(import_id))
    return found


def files_of(session: Session, import_id: int) -> list[StoredFile]:
    """The files of an import, in their order."""
    rows = session.execute(
        select(ImportFile).where(col(ImportFile.import_id) == import_id).order_by(col(ImportFile.position))
    ).scalars()
    return [StoredFile(row.name, row.sha256, row.size) for row in rows]


def preview_of(session: Session, import_id: int) -> dict[str, Any]:
    """The preview of an import: `rows` by outcome, `findings`, `warnings`, how many records were `amended`, `tables`.

    `tables` are those of an office's own form with what their columns were taken for (`office_tables.Surveyed`).

    Empty before it was checked.
    """
    content = session.execute(
        select(col(ImportPreview.content)).where(col(ImportPreview.import_id) == import_id)
    ).scalar_one_or_none()
    if content is None:
        return {"rows": {}, "findings": [], "warnings": [], "amended": 0, "tables": []}
    told: dict[str, Any] = orjson.loads(content)
    for kind in ("findings", "warnings"):
        told[kind] = [_finding(kept) for kept in told.get(kind, ())]
    return {"rows": {}, "amended": 0, "tables": [], **told}


def _finding(kept: Mapping[str, Any]) -> Finding:
    """A finding as it was kept; a part that findings had once and have no more is left out."""
    return Finding(**{name: kept[name] for name in FINDING if name in kept})


def amended_by(session: Session, record: Import) -> int:
    """How many accepted records an import would make drafts, or made when it was applied."""
    if record.revision is not None:
        return amended(session, record.revision)
    return int(preview_of(session, record.id or 0).get("amended", 0))


def list_imports(
    session: Session, actor: Actor, limit: int = LISTED, before_id: int | None = None, state: str | None = None
) -> list[tuple[Import, list[StoredFile]]]:
    """Imports the actor may see with their files, the newest first, older than `before_id`."""
    statement = select(Import).where(*_visible(actor)).order_by(col(Import.id).desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(col(Import.id) < before_id)
    if state is not None:
        if state not in STATES:
            raise InvalidError("import.bad_state", value=state, allowed="、".join(STATES))
        statement = statement.where(col(Import.state) == state)
    return [(row, files_of(session, row.id or 0)) for row in session.execute(statement).scalars()]


def count_imports(session: Session, actor: Actor) -> int:
    """How many imports the actor may see."""
    return int(session.execute(select(func.count()).select_from(Import).where(*_visible(actor))).scalar_one())


def note_text(record: Import, lang: str) -> str:
    """Why an import is not where it was wanted, in words; empty when there is nothing to say."""
    return stored_text("error", record.note, lang, orjson.loads(record.note_words)) if record.note else ""


def at_work(session: Session) -> list[int]:
    """The imports whose state says that somebody is at work on them."""
    return list(session.execute(select(col(Import.id)).where(col(Import.state).in_(AT_WORK))).scalars())
