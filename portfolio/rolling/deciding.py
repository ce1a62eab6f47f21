"""Decide the entries of a draft: accept, reject, set by hand; a rejected change goes on as the parent had it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.errors import ConflictError, FieldError, InvalidError, StaleError
from portfolio.journal import service as journal
from portfolio.projects.queries import get_project
from portfolio.rolling.entries import (
    entries_of,
    one_entry,
    open_edition,
    replace_needs,
    replaced,
    update_entry,
    write_chunk,
)
from portfolio.rolling.inputs import Chunk, read_chunks
from portfolio.rolling.queries import EntryFilters, entry_codes, set_mark
from portfolio.rolling.rules.editions import BOOK, BY_HAND, CATEGORIES, JOINS, rung
from portfolio.rolling.rules.roll import Case, hold, join, roll_case
from portfolio.rolling.service import calendar_of
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.rolling.targets import asked_annual, forget_curve

DECISIONS = ("proposed", "accepted", "rejected")
GONE = ("withdrawn", "completed")


def decide_entries(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    projects: Sequence[str],
    decision: str,
    reason: str = "",
) -> int:
    """Accept or reject proposals of a draft, all or none; a rejection needs its reason. Returns how many changed.

    A rejected addition does not stand; any other rejected change goes on as the parent had the entry.
    """
    require(actor, "edition.decide")
    revision.bump(session)
    edition = open_edition(session, code)
    found = [] if decision in DECISIONS else [FieldError("decision", "field.unknown_code", {"value": decision})]
    if decision == "rejected" and not reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    held = entries_of(session, edition, projects)
    missing = sorted(set(projects) - {row.code for row in held})
    found += [FieldError("projects", "rolling.no_entry", {"value": code}) for code in missing]
    if found:
        raise InvalidError("rolling.invalid", found)
    changed = [row for row in held if row.decision != decision]
    _mark(session, actor, edition, changed, decision, reason)
    turned = [row for row in changed if "rejected" in (row.decision, decision) and row.change not in JOINS]
    _turn(session, scope, edition, turned, decision == "rejected")
    entries = [
        journal.Entry(row.code, "decide", {"decision": row.decision}, {"edition": code, "decision": decision})
        for row in changed
    ]
    journal.record(session, actor, "rolling", entries, reason or None)
    session.expire_all()
    return len(changed)


def decide_set(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    filters: EntryFilters,
    mark: str,
    decision: str,
    reason: str = "",
) -> int:
    """Decide every entry a filter leaves, refused when the set is no longer the one `mark` was made of.

    Returns how many changed; raises `ConflictError` (`rolling.set_changed`) and what `decide_entries` raises.
    """
    require(actor, "edition.decide")
    revision.bump(session)
    if set_mark(session, scope, code, filters) != mark:
        raise ConflictError("rolling.set_changed", code=code)
    return decide_entries(session, actor, scope, code, entry_codes(session, scope, code, filters), decision, reason)


def _mark(
    session: Session, actor: Actor, edition: Edition, rows: Sequence[EditionEntry], decision: str, reason: str
) -> None:
    approver = "" if decision == "proposed" else actor.name
    fresh = {"decision": decision, "reason": reason, "approver": approver, "version": _entries.c.version + 1}
    ids = [row.project_id for row in rows]
    for start in range(0, len(ids), 500):
        here = (_entries.c.edition_id == edition.id) & _entries.c.project_id.in_(ids[start : start + 500])
        session.connection().execute(update(_entries).where(here).values(**fresh))


def _turn(session: Session, scope: Scope, edition: Edition, rows: Sequence[EditionEntry], rejected: bool) -> None:
    """Put each entry back to what the parent had, or to what the rules propose."""
    by_code = {row.code: row for row in rows}
    for chunk, case in _cases(session, scope, edition, list(by_code)):
        calendar, rules, row = chunk.inputs.calendar, chunk.inputs.rules, by_code[case.code]
        if case.entry is None:
            continue
        one = hold(calendar, rules, case) if rejected else roll_case(calendar, rules, case)
        if one is None:
            continue
        fresh = replaced(one, chunk)
        if rejected:
            fresh |= {"change": row.change, "rule": row.rule}
        here = (_entries.c.edition_id == edition.id) & (_entries.c.project_id == row.project_id)
        session.connection().execute(update(_entries).where(here).values(**fresh))
        replace_needs(session, edition, row.project_id, one)
        forget_curve(session, edition, row.project_id)


def _cases(session: Session, scope: Scope, edition: Edition, codes: list[str]) -> list[tuple[Chunk, Case]]:
    if not codes:
        return []
    parent = session.get_one(Edition, edition.parent_id) if edition.parent_id else None
    calendar = calendar_of(edition, parent)
    chunks = read_chunks(session, scope, parent, calendar, codes)
    return [(chunk, case) for chunk in chunks for case in chunk.inputs.cases()]


def override_category(
    session: Session, actor: Actor, code: str, project: str, category: str, reason: str, version: int | None = None
) -> None:
    """Put an entry of a draft into another category, with the reason; what the dates say stays beside it."""
    require(actor, "edition.decide")
    revision.bump(session)
    edition = open_edition(session, code)
    row = one_entry(session, edition, project)
    _require_current(row, version)
    found = [] if category in CATEGORIES else [FieldError("category", "field.unknown_code", {"value": category})]
    if not reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    if found:
        raise InvalidError("rolling.invalid", found)
    fresh: dict[str, Any] = {"category": category, "rung": rung(category, row.stage), "reason": reason}
    fresh["approver"] = actor.name
    if "preparatory" in (category, row.category):
        fresh["annual_yuan"] = 0 if category == "preparatory" else asked_annual(session, edition, row.project_id)
        forget_curve(session, edition, row.project_id)
    update_entry(session, edition, row, fresh)
    after = {"edition": code, "category": category}
    entry = journal.Entry(project, "category", {"category": row.category}, after)
    journal.record(session, actor, "rolling", [entry], reason)
    session.expire_all()


def change_entry(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    project: str,
    change: str,
    reason_code: str,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Suspend an entry, let it leave, or take that back, by hand and with a reason of the list."""
    require(actor, "edition.decide")
    revision.bump(session)
    edition = open_edition(session, code)
    row = one_entry(session, edition, project)
    _require_current(row, version)
    found = [] if change in BY_HAND else [FieldError("change", "field.unknown_code", {"value": change})]
    found += _reason_faults(change, reason_code, reason)
    if found:
        raise InvalidError("rolling.invalid", found)
    fresh: dict[str, Any] = {"change": change, "rule": "by_hand", "decision": "accepted", "approver": actor.name}
    fresh |= {"reason": reason, "reason_code": reason_code}
    if change == "kept":
        fresh |= _taken_back(session, scope, edition, row)
    else:
        fresh["annual_yuan"] = 0
    forget_curve(session, edition, row.project_id)
    update_entry(session, edition, row, fresh)
    before = {"change": row.change, "decision": row.decision}
    entry = journal.Entry(project, "change", before, {"edition": code, "change": change, "reason_code": reason_code})
    journal.record(session, actor, "rolling", [entry], reason or None)
    session.expire_all()


def _taken_back(session: Session, scope: Scope, edition: Edition, row: EditionEntry) -> dict[str, Any]:
    """What the entry is again: as the rules propose it, but staying."""
    (chunk, case) = _cases(session, scope, edition, [row.code])[0]
    calendar, rules = chunk.inputs.calendar, chunk.inputs.rules
    one = roll_case(calendar, rules, case) if case.entry else join(calendar, case, "by_hand")
    if one is None or one.change in ("exited", "completed", "suspended"):
        one = hold(calendar, rules, case)
    replace_needs(session, edition, row.project_id, one)
    return {**replaced(one, chunk), "decision": "accepted"}


def _reason_faults(change: str, reason_code: str, reason: str) -> list[FieldError]:
    known = BOOK.by_code("reasons")
    if reason_code not in known or change not in known[reason_code]["changes"].split(";"):
        return [FieldError("reason_code", "rolling.reason_unknown", {"value": reason_code})]
    if reason_code == "other" and not reason.strip():
        return [FieldError("reason", "rolling.reason_required")]
    return []


def add_entry(session: Session, actor: Actor, scope: Scope, code: str, project: str, reason: str) -> None:
    """Take a project of the library into a draft by hand.

    Refused for a project that has left or finished (`rolling.exited_project`) or that the draft has already.
    """
    require(actor, "edition.decide")
    revision.bump(session)
    edition = open_edition(session, code)
    facts = get_project(session, scope, project)
    found = [] if reason.strip() else [FieldError("reason", "rolling.reason_required")]
    if facts["stage"] in GONE:
        found.append(FieldError("project", "rolling.exited_project", {"value": project}))
    if found:
        raise InvalidError("rolling.invalid", found)
    if entries_of(session, edition, [project]):
        raise ConflictError("rolling.entry_exists", code=project)
    (chunk, case) = _cases(session, scope, edition, [project])[0]
    one = join(chunk.inputs.calendar, case, "by_hand")
    write_chunk(session, int(edition.id or 0), [one], chunk)
    here = (_entries.c.edition_id == edition.id) & (_entries.c.project_id == facts["id"])
    fresh = {"decision": "accepted", "reason": reason, "approver": actor.name}
    session.connection().execute(update(_entries).where(here).values(**fresh))
    journal.record(session, actor, "rolling", [journal.Entry(project, "add", None, {"edition": code})], reason)
    session.expire_all()


def _require_current(row: EditionEntry, version: int | None) -> None:
    if version is not None and version != row.version:
        raise StaleError("rolling.stale", {"project": row.code, "version": row.version}, code=row.code)


_entries = EditionEntry.metadata.tables["edition_entries"]
