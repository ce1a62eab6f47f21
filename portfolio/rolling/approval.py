"""Approve a draft under a document: everything it must satisfy is checked, then it is adopted and frozen."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.persons import person_of
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.ledger.checks import date_faults
from portfolio.projects.tables import Project
from portfolio.rolling.adoption import adopt
from portfolio.rolling.ahead import approval_ahead
from portfolio.rolling.consultation import open_objections
from portfolio.rolling.entries import open_edition
from portfolio.rolling.persons import approver_faults
from portfolio.rolling.rules.editions import FROZEN, RUNNING
from portfolio.rolling.service import NAMED, set_state
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.rolling.vetoes import require_decided
from portfolio.vocabulary.elements import element_tree

IN_FORCE = ("approved", "issued")


def approve(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    doc_no: str,
    on_date: str,
    person: str = "",
    mark: str = "",
) -> None:
    """Approve a draft under a document, adopt and freeze it; the edition it replaces is superseded.

    `person` names who approves where nobody signs in: not who made it. `mark` is that of what was said to follow
    (`Ahead.mark`); when something else follows by now, `ConflictError` (`rolling.ahead_changed`).
    Refused, with nothing half done, while a proposal is undecided, a required comment open or an entry under a veto not
    decided on, when a project that has left stands in it, when a running project needs money beyond the window, when
    the parent is no longer in force, or when another edition of the same year and batch was approved before.
    """
    require(actor, "edition.approve")
    revision.bump(session)
    edition = open_edition(session, code)
    found = [] if doc_no.strip() else [FieldError("doc_no", "ledger.document_required")]
    found += date_faults(on_date)
    found += approver_faults(session, edition, actor, person)
    found += refusals(session, edition)
    if found:
        raise InvalidError("rolling.invalid", found)
    require_decided(session, code)
    if mark and approval_ahead(session, scope, code).mark != mark:
        raise ConflictError("rolling.ahead_changed", code=code)
    require_only(session, edition)
    parent = _parent_in_force(session, edition)
    moved, recovered = adopt(session, actor, scope, edition, doc_no.strip(), on_date)
    if parent is not None:
        set_state(session, actor, parent, {"state": "superseded"})
    signed = {"doc_no": doc_no.strip(), "approved_on": on_date, "approver": person_of(actor, person).name}
    set_state(session, actor, edition, {"state": "approved", **signed})
    done = {"stages_moved": moved, "reserves_recovered": recovered}
    journal.record(session, actor, "rolling", [journal.Entry(code, "adopt", None, done)])


def refusals(session: Session, edition: Edition) -> list[FieldError]:
    """What in a draft itself still refuses its approval, at most `NAMED` of each kind."""
    found = [*_undecided(session, edition), *_objections(session, edition)]
    return [*found, *_gone(session, edition), *_beyond_window(session, edition)]


def require_only(session: Session, edition: Edition) -> None:
    """Raise `ConflictError` when an edition of the same year, batch and origin was approved before."""
    same = (
        col(Edition.base_year) == edition.base_year,
        col(Edition.batch) == edition.batch,
        col(Edition.origin) == edition.origin,
    )
    other = session.execute(select(col(Edition.code)).where(*same, col(Edition.state).in_(FROZEN))).scalar()
    if other:
        raise ConflictError("rolling.batch_approved", code=other)


def _parent_in_force(session: Session, edition: Edition) -> Edition | None:
    if edition.parent_id is None:
        return None
    parent = session.get_one(Edition, edition.parent_id)
    session.refresh(parent)
    if parent.state not in IN_FORCE:
        raise ConflictError("rolling.parent_superseded", code=parent.code)
    return parent


def _undecided(session: Session, edition: Edition) -> list[FieldError]:
    wanted = (col(EditionEntry.edition_id) == edition.id, col(EditionEntry.decision) == "proposed")
    rows = session.execute(select(col(EditionEntry.code)).where(*wanted).order_by(col(EditionEntry.code)).limit(NAMED))
    return [FieldError("decision", "rolling.undecided", {"value": code}) for code in rows.scalars()]


def _objections(session: Session, edition: Edition) -> list[FieldError]:
    held = list(dict.fromkeys(open_objections(session, edition)))[:NAMED]
    return [FieldError("comments", "rolling.open_objection", {"value": code, "unit": unit}) for code, unit in held]


def _gone(session: Session, edition: Edition) -> list[FieldError]:
    """Standing entries of projects that have left since the draft was made."""
    statement = (
        select(col(EditionEntry.code))
        .join(Project, col(Project.id) == col(EditionEntry.project_id))
        .where(col(EditionEntry.edition_id) == edition.id, standing(), col(Project.stage) == "withdrawn")
        .order_by(col(EditionEntry.code))
        .limit(NAMED)
    )
    rows = session.execute(statement).scalars()
    return [FieldError("project", "rolling.exited_project", {"value": code}) for code in rows]


def _beyond_window(session: Session, edition: Edition) -> list[FieldError]:
    """Running projects that need money in a year after the window."""
    if edition.later_years:
        return []
    funds = [node.id for node in element_tree(session).leaves if node.element == "fund"]
    conditions: list[Any] = [
        col(EditionEntry.edition_id) == edition.id,
        col(EditionNeed.edition_id) == edition.id,
        col(EditionEntry.category).in_(RUNNING),
        standing(),
        col(EditionNeed.item_id).in_(funds),
        col(EditionNeed.year) >= edition.base_year + edition.years,
        col(EditionNeed.required) > 0,
    ]
    statement = (
        select(col(EditionEntry.code))
        .join(EditionNeed, col(EditionNeed.project_id) == col(EditionEntry.project_id))
        .where(*conditions)
        .distinct()
        .order_by(col(EditionEntry.code))
        .limit(NAMED)
    )
    rows = session.execute(statement).scalars()
    return [FieldError("years", "rolling.beyond_window", {"value": code}) for code in rows]
