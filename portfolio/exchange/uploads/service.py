"""Imports as records: an upload is kept and checked, confirmed exactly as previewed, and undone as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, update
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError
from portfolio.core.formatting import moment
from portfolio.core.i18n import DEFAULT_LANGUAGE
from portfolio.exchange.rows.importing import Options, Outcome, import_read
from portfolio.exchange.shapes.profile import Profile, read_profile
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.reading import SUFFIXES, Spooled
from portfolio.exchange.uploads.profiles import profile_named, remembered
from portfolio.exchange.uploads.queries import get
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import (
    APPLIED,
    APPLYING,
    CHECKED,
    CHECKING,
    FAILED,
    REFUSED,
    UNDOING,
    Import,
    ImportFile,
    ImportPreview,
)
from portfolio.exchange.uploads.touched import Later, amended, digest, later
from portfolio.journal import service as journal

# What may be begun in which states, and where an import stands again when its work was cut short.
BEGUN_FROM = {CHECKING: (CHECKED, REFUSED, FAILED), APPLYING: (CHECKED,), UNDOING: (APPLIED,)}
FALLEN_BACK = {CHECKING: FAILED, APPLYING: CHECKED, UNDOING: APPLIED}
UNLIMITED_MB = 1 << 20  # the size was judged when the file came in
NO_COUNTS = dict.fromkeys(("total", "new", "changed", "unchanged", "refused", "findings", "warnings"), 0)


def create(
    session: Session, actor: Actor, files: Sequence[StoredFile], kind: str | None = None, profile: str | None = None
) -> int:
    """Enter an upload as an import that is being checked; returns its number. Writes nothing else.

    `profile` names what its columns mean; without one, what the office said of such headings before is used.
    """
    require(actor, "exchange.import")
    said = profile_named(session, actor, profile) if profile else None
    if kind is not None and kind not in KINDS:
        raise InvalidError("import.bad_kind", value=kind, allowed="、".join(KINDS))
    for file in files:
        if Path(file.name).suffix.lower() not in SUFFIXES:
            raise InvalidError("import.bad_format", name=file.name)
    mapping = {"mapping": _json(said)} if said else {}
    return _insert(session, actor, files, {"state": CHECKING, "asked_kind": kind, **NO_COUNTS, **mapping})


def set_mapping(session: Session, actor: Actor, import_id: int, profile: Profile) -> None:
    """Say what the columns of an import's files mean; it is then to be checked anew.

    Raises `ConflictError` (`import.wrong_state`) once it was applied, and while somebody is at work on it.
    """
    require(actor, "exchange.import")
    record = get(session, import_id, actor)
    require_own(record, actor)
    here = (_imports.c.id == import_id) & _imports.c.state.in_(BEGUN_FROM[CHECKING])
    if not session.connection().execute(update(_imports).where(here).values(mapping=_json(profile))).rowcount:
        raise ConflictError("import.wrong_state", id=str(import_id), state=record.state)
    before = orjson.loads(record.mapping) if record.mapping else None
    journal.record(
        session, actor, "exchange", [journal.Entry(f"import {import_id}", "map", before, profile.as_record())]
    )


def _json(profile: Profile) -> str:
    return orjson.dumps(profile.as_record()).decode()


def record_applied(session: Session, actor: Actor, files: Sequence[StoredFile], outcome: Outcome) -> int:
    """Enter an import that the same transaction has applied (the command, and the API's direct way)."""
    values = {**_counts(outcome), "asked_kind": None, "state": APPLIED, "revision": revision.bump(session)}
    return _insert(session, actor, files, values | {"applied_at": utc_now(), "applied_by": actor.name})


def _insert(session: Session, actor: Actor, files: Sequence[StoredFile], values: dict[str, Any]) -> int:
    revision.aside(session)
    plain = {"kind": "", "note": "", "note_words": "", "digest": "", "checked_revision": 0}
    plain |= {"mapping": "", "applied_by": "", "undone_by": "", "actor": actor.name, "made_at": utc_now()}
    made = session.connection().execute(insert(_imports).values(**{**plain, **values}))
    number = int(next(iter(made.inserted_primary_key or ())))
    rows = [{"import_id": number, "position": place, **asdict(file)} for place, file in enumerate(files, 1)]
    session.connection().execute(insert(_files), rows)
    told = {"files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in files]}
    journal.record(session, actor, "exchange", [journal.Entry(f"import {number}", "upload", None, told)])
    return number


def begin(session: Session, import_id: int, state: str) -> None:
    """Move an import to `state`, a state of work; raises `ConflictError` (`import.wrong_state`) from a wrong one."""
    allowed = BEGUN_FROM[state]
    here = (_imports.c.id == import_id) & _imports.c.state.in_(allowed)
    moved = session.connection().execute(update(_imports).where(here).values(state=state, note="", note_words=""))
    if not moved.rowcount:
        raise ConflictError("import.wrong_state", id=str(import_id), state=get(session, import_id).state)


def require_own(record: Import, actor: Actor) -> None:
    """Raise `ForbiddenError` unless the import is the actor's: what a preview promised was promised to them."""
    if record.actor != actor.name:
        raise ForbiddenError("import.not_yours", id=str(record.id), actor=record.actor)


def check(
    session: Session, actor: Actor, scope: Scope, import_id: int, sources: Sequence[Spooled], advance: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Carry the import out on a private copy of the data; returns what to keep of it and its preview."""
    require_own(get(session, import_id), actor)
    number = revision.bump(session)
    outcome = _run(session, actor, scope, import_id, sources, advance, previewed=True)
    state = REFUSED if outcome.findings else CHECKED
    told = outcome.tally.preview
    assert told is not None
    preview = {
        "rows": told.rows,
        "findings": [asdict(finding) for finding in outcome.findings],
        "warnings": [asdict(finding) for finding in outcome.findings.warnings],
        "amended": 0 if outcome.findings else amended(session, number),
        "tables": outcome.tables,
    }
    mark = "" if outcome.findings else digest(session, number)
    return {**_counts(outcome), "state": state, "digest": mark, "checked_revision": number - 1}, preview


def keep_check(session: Session, import_id: int, values: dict[str, Any], preview: dict[str, Any]) -> None:
    """Keep what the check of an import found."""
    session.connection().execute(update(_imports).where(_imports.c.id == import_id).values(**values))
    session.merge(ImportPreview(import_id=import_id, content=orjson.dumps(preview).decode()))


def apply(
    session: Session, actor: Actor, scope: Scope, import_id: int, sources: Sequence[Spooled], advance: Any
) -> None:
    """Apply a checked import in the session's transaction, exactly as it was previewed.

    Raises `ConflictError` (`import.changed_since`) when what it would write, or a row it would touch, is no longer what
    the preview was made from.
    """
    record = claim(session, import_id, APPLYING, APPLIED)
    require_own(record, actor)
    number = revision.bump(session)
    outcome = _run(session, actor, scope, import_id, sources, advance, previewed=False)
    touched = later(session, number, record.checked_revision)
    if touched or outcome.findings or digest(session, number) != record.digest:
        raise ConflictError("import.changed_since", id=str(import_id), rows=named(touched) or "-")
    values = {"revision": number, "applied_at": utc_now(), "applied_by": actor.name, **_counts(outcome)}
    session.connection().execute(update(_imports).where(_imports.c.id == import_id).values(**values))


def claim(session: Session, import_id: int, at: str, to: str) -> Import:
    """Take the import's row for this transaction: whoever looks after it meanwhile waits until it has ended."""
    record = get(session, import_id)
    here = (_imports.c.id == import_id) & (_imports.c.state == at)
    if not session.connection().execute(update(_imports).where(here).values(state=to)).rowcount:
        raise ConflictError("import.wrong_state", id=str(import_id), state=record.state)
    return record


def _run(
    session: Session,
    actor: Actor,
    scope: Scope,
    import_id: int,
    sources: Sequence[Spooled],
    advance: Any,
    previewed: bool,
) -> Outcome:
    record = get(session, import_id)
    said = (("", read_profile(record.mapping)),) if record.mapping else remembered(session, actor)
    options = Options(record.asked_kind, previewed=previewed, profiles=said)
    return import_read(session, replace(actor, import_id=import_id), scope, sources, options, advance)


def _counts(outcome: Outcome) -> dict[str, Any]:
    counts = {"total": outcome.total, **outcome.tally.counts, "refused": outcome.failed}
    told = {"findings": outcome.findings.total, "warnings": len(outcome.findings.warnings)}
    return {**counts, **told, "kind": ";".join(outcome.kinds)}


def fall_back(session: Session, import_id: int, code: str, words: dict[str, Any]) -> bool:
    """Put an import whose work ended without success back, with the error's code and words; whether it was at work."""
    for state, back in FALLEN_BACK.items():
        here = (_imports.c.id == import_id) & (_imports.c.state == state)
        values = {"state": back, "note": code, "note_words": orjson.dumps(words).decode()}
        if session.connection().execute(update(_imports).where(here).values(**values)).rowcount:
            return True
    return False


def named(touched: Iterable[Later]) -> str:
    """The rows somebody touched, with who and when."""
    return "; ".join(f"{one.subject} ({one.actor}, {moment(one.at, DEFAULT_LANGUAGE)})" for one in touched)


_imports = Import.metadata.tables["imports"]
_files = ImportFile.metadata.tables["import_files"]
