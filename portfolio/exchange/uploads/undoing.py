"""Undo an applied import as a whole, while nothing later touched its rows; the journal keeps both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, row_of
from portfolio.core import revision
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.core.i18n import error_text, t
from portfolio.core.records import picked
from portfolio.core.settings import get_settings
from portfolio.exchange.uploads.service import claim, named
from portfolio.exchange.uploads.tables import UNDOING, UNDONE, Import
from portfolio.exchange.uploads.touched import Written, entries_of, later, written
from portfolio.exchange.uploads.undoing_needs import undo_needs
from portfolio.finance.yearly import save_yearly
from portfolio.journal import service as journal
from portfolio.journal.tables import JournalEntry
from portfolio.ledger.checks import pool_named
from portfolio.ledger.service import require_not_narrowed, require_pool, reverse
from portfolio.ledger.tables import Pool
from portfolio.projects import proposals
from portfolio.projects.gate import require_open
from portfolio.projects.proposals import propose, proposed
from portfolio.projects.queries import get_project
from portfolio.projects.references import References, load_references
from portfolio.projects.service import remove_project, update_project, with_proposal
from portfolio.projects.tables import BASIS_OF
from portfolio.readiness.service import clear_step, save_step
from portfolio.reporting.service import settle
from portfolio.scheme import service as scheme
from portfolio.scheme.tables import Task, Unit
from portfolio.screening.criteria import restore_criteria


@dataclass(frozen=True)
class _Undoing:
    session: Session
    actor: Actor
    scope: Scope
    reason: str
    references: References


Undo = Callable[[_Undoing, Written], None]


def undo(session: Session, actor: Actor, scope: Scope, import_id: int) -> None:
    """Undo import `import_id` in the session's transaction; what it wrote stands again as it stood before.

    Ledger entries are reversed, so pools it opened remain, empty; an accepted record it made a draft is accepted again
    when nothing else was done to it since. Raises `ConflictError` (`import.touched_since`, with
    the rows) when somebody changed one of its rows since, `import.cannot_undo` when the domain refuses.
    """
    require(actor, "exchange.import")
    record = claim(session, import_id, UNDOING, UNDONE)
    number = record.revision
    assert number is not None
    touched = later(session, number, number)
    if touched:
        raise ConflictError("import.touched_since", id=str(import_id), rows=named(touched))
    lang = get_settings().language
    reason = t("import-undo-reason", lang, id=str(import_id))
    try:
        _undo_rooms(session, actor, scope, number, reason)
    except InvalidError as error:
        faults = error.fields or (FieldError("", error.code, error.params),)
        why = "; ".join(error_text(fault.code, lang, fault.params) for fault in faults)
        raise ConflictError("import.cannot_undo", id=str(import_id), why=why) from error
    except IntegrityError as error:
        raise ConflictError("import.in_use", id=str(import_id)) from error
    values = {"undone_at": utc_now(), "undone_by": actor.name, "undone_revision": revision.bump(session)}
    session.connection().execute(update(_imports).where(_imports.c.id == import_id).values(**values))


def _undo_rooms(session: Session, actor: Actor, scope: Scope, number: int, reason: str) -> None:
    """Room by room, those that refer to others first."""
    at = _Undoing(session, actor, scope, reason, load_references(session))
    _reverse_entries(session, actor, scope, number, reason)
    for room in ("ledger", "finance", "screening", "readiness", "needs", proposals.ROOM, "projects", "scheme"):
        if room == "needs":
            undo_needs(session, actor, scope, number, reason)
            continue
        for change in list(written(session, number, room)):
            if change.action in UNDO.get(room, {}):
                UNDO[room][change.action](at, change)
    for change in list(written(session, number, "reporting")):
        if change.action == "amend" and not _changed_since(session, change.subject, number):
            settle(session, actor, scope, change.subject)


def _changed_since(session: Session, project: str, number: int) -> bool:
    """Whether the record was touched after the import by anything but this undoing, be it in ways no value shows."""
    entry = JournalEntry
    here = (col(entry.subject) == project, col(entry.revision) > number, col(entry.revision) != revision.bump(session))
    return session.execute(select(col(entry.id)).where(*here).limit(1)).first() is not None


def _reverse_entries(session: Session, actor: Actor, scope: Scope, number: int, reason: str) -> None:
    for entry in entries_of(session, number):
        if entry.kind == "reverse":
            raise InvalidError("ledger.reversal_is_final")
        day = max(today(), date.fromisoformat(entry.on_date)).isoformat()
        reverse(session, actor, scope, entry.id or 0, day, entry.doc_no, reason)


def _restore_pool(at: _Undoing, change: Written) -> None:
    number = revision.bump(at.session)
    require_pool(at.session, at.actor, "pool.amend", change.subject)
    pool = pool_named(at.session, change.subject, "code")
    carries = change.before.get("carries", pool.carries)
    require_not_narrowed(at.session, pool, carries, change.before.get("valid_until", pool.valid_until))
    here = _pools.c.code == change.subject
    at.session.connection().execute(update(_pools).where(here).values(**change.before, revision=number))
    entry = journal.Entry(change.subject, "update", change.after, change.before)
    journal.record(at.session, at.actor, "ledger", [entry], at.reason)


def _restore_step(at: _Undoing, change: Written) -> None:
    for step, before in change.before.items():
        if before.get("status", "") is None:
            clear_step(at.session, at.actor, at.scope, change.subject, step, at.reason)
        else:
            save_step(at.session, at.actor, at.scope, change.subject, step, before)


def _restore_criteria(at: _Undoing, change: Written) -> None:
    stood = {name: tuple(said) if said else None for name, said in change.before.items()}
    restore_criteria(at.session, at.actor, at.scope, change.subject, stood, at.reason)


def _restore_yearly(at: _Undoing, change: Written) -> None:
    stood = {}
    for figure, amount in change.before.items():
        kind, _, year = figure.partition(" ")
        stood[kind, int(year)] = amount
    save_yearly(at.session, at.actor, at.scope, change.subject, stood, at.reason)


def _remove_project(at: _Undoing, change: Written) -> None:
    remove_project(at.session, at.actor, at.scope, change.subject, at.reason)


def _restore_project(at: _Undoing, change: Written) -> None:
    held = get_project(at.session, at.scope, change.subject)
    if any(_plain(now) != change.after[name] for name, now in picked(held, change.after).items()):
        raise ConflictError("import.row_differs", rows=change.subject)
    bases = picked(held, BASIS_OF.values())
    update_project(
        at.session, at.actor, at.scope, change.subject, bases | change.before, at.reason, references=at.references
    )


def _restore_proposal(at: _Undoing, change: Written) -> None:
    """Facts an import proposed stand again as they stood, in the proposal or, once accepted, as a change."""
    project = get_project(at.session, at.scope, change.subject)
    held = with_proposal(at.session, project)
    if {name: _plain(value) for name, value in picked(held, change.after).items()} != change.after:
        raise ConflictError("import.row_differs", rows=change.subject)
    if not proposed(at.session, project["id"], proposals.FACTS):
        update_project(at.session, at.actor, at.scope, change.subject, change.before, at.reason)
        return
    require(at.actor, "project.edit", row_of(held))
    require_open(at.session, at.actor, project)
    entry = journal.Entry(change.subject, proposals.FACTS, change.after, change.before)
    propose(at.session, at.actor, project, proposals.FACTS, project, change.before, entry, at.reason)


def _restore_scheme(at: _Undoing, change: Written) -> None:
    before = dict(change.before)
    if "title_zh" in before:
        scheme.save_task(at.session, at.actor, before, before.pop("units"), at.reason)
    else:
        scheme.save_unit(at.session, at.actor, before, at.reason)


def _remove_scheme(at: _Undoing, change: Written) -> None:
    require(at.actor, "scheme.edit")
    task = "title_zh" in change.after
    key = col(Task.id) if task else col(Unit.code)
    at.session.execute(delete(Task if task else Unit).where(key == change.subject))
    entry = journal.Entry(change.subject, "remove", change.after, None)
    journal.record(at.session, at.actor, "scheme", [entry], at.reason)
    revision.touch(at.session, None)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


UNDO: dict[str, dict[str, Undo]] = {
    "ledger": {"update": _restore_pool},
    "finance": {"yearly": _restore_yearly},
    "screening": {"criteria": _restore_criteria},
    "readiness": {"step": _restore_step},
    proposals.ROOM: {proposals.FACTS: _restore_proposal},
    "projects": {"create": _remove_project, "update": _restore_project},
    "scheme": {"create": _remove_scheme, "update": _restore_scheme},
}
_imports = Import.metadata.tables["imports"]
_pools = Pool.metadata.tables["pools"]
