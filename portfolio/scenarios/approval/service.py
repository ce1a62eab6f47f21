"""Approve a scenario: a second person, a document, and in one transaction proposals and reserves in the ledger."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, col

from portfolio.access.persons import Person, person_of, typed_faults
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.ledger.checks import date_faults
from portfolio.ledger.service import Posting, post
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.scenarios.approval.plan import Plan, approved_before, planned, require_solved
from portfolio.scenarios.heads import pools_of, write_head
from portfolio.scenarios.persons import own_faults
from portfolio.scenarios.queries import get_scenario
from portfolio.scenarios.tables import APPROVED, SUPERSEDED, Proposal, Reserve, Scenario
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class Approval:
    """Under which document on which day (`YYYY-MM-DD`); `person` names who approves where nobody signs in."""

    person: str
    doc_no: str
    on_date: str


@dataclass(frozen=True)
class Approved:
    """What an approval wrote: projects proposed, entries in the ledger, and reserves of an earlier one returned."""

    projects: int
    reserves: int
    returned: int
    superseded: str | None


def approve_scenario(session: Session, actor: Actor, scope: Scope, code: str, data: Approval) -> Approved:
    """Approve a solved scenario: its proposals and reserves are written, the approved one before it is superseded.

    The lock of the revision is taken first, so that of two approvals the second finds what the first reserved. Raises
    `ConflictError` when it was not solved, has no allocation or was approved before; `InvalidError` for who made or
    changed it, and naming every pool and project that moved since it was built, every veto that stands, and every limit
    the ledger does not have.
    """
    require(actor, "scenario.approve")
    revision.aside(session)
    scenario = get_scenario(session, code)
    session.refresh(scenario)
    person = _second_person(session, scenario, actor, data)
    require_solved(session, scenario)
    plan = planned(session, scenario)
    if plan.refusals:
        raise InvalidError("allocation.not_approvable", plan.refusals)
    _give_back(session, actor, scope, scenario, plan, data)
    _reserve(session, actor, scope, scenario, plan, data)
    _propose(session, scenario, plan)
    head = {"doc_no": data.doc_no.strip(), "approver": person.name, "approved_on": data.on_date}
    write_head(session, scenario, {"state": APPROVED, "approver_id": person.user_id, **head})
    done = Approved(len(plan.delays), len(plan.reserves), len(plan.back), plan.earlier)
    journal.record(session, actor, "allocation", [journal.Entry(code, "approve", None, {**head, **vars(done)})])
    return done


def _second_person(session: Session, scenario: Scenario, actor: Actor, data: Approval) -> Person:
    found = [FieldError("on_date", fault.code, fault.params) for fault in date_faults(data.on_date)]
    found += typed_faults(actor, data.person, "person")
    person = person_of(actor, data.person)
    if actor.user_id is None and not data.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    else:
        found += own_faults(session, scenario, actor, person)
    if not data.doc_no.strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    if found:
        raise InvalidError("allocation.bad_scenario", found)
    return person


def _give_back(session: Session, actor: Actor, scope: Scope, scenario: Scenario, plan: Plan, data: Approval) -> None:
    """Return what the earlier approved scenario reserved and nobody used since; it is superseded."""
    earlier = approved_before(session, scenario)
    if earlier is None:
        return
    days = _days(session, data.on_date)
    said: dict[str, Any] = {"doc_no": data.doc_no.strip(), "note": earlier.code, "source": "preallocated"}
    postings = [
        Posting("return", one.pool, one.quantity, days.get(one.pool, data.on_date), one.project, **said)
        for one in plan.back
    ]
    entries = post(session, actor, scope, postings)
    for one, entry in zip(plan.back, entries, strict=True):
        statement = update(_reserves).where(_reserves.c.id == one.reserve).values(entry_back=entry)
        session.connection().execute(statement)
    write_head(session, earlier, {"state": SUPERSEDED})


def _days(session: Session, on_date: str) -> dict[str, str]:
    """Pool → the day of an entry in it: that of the approval, or, where the pool was opened or moved by documents of a
    later date (a quota of a coming year), the last of these, since before it the quantity is not there."""
    statement = (
        select(col(Pool.code), func.max(col(LedgerEntry.on_date)))
        .join(Pool, col(Pool.id) == col(LedgerEntry.pool_id))
        .where(col(LedgerEntry.on_date) > on_date)
        .group_by(col(Pool.code))
    )
    return {code: str(day) for code, day in session.execute(statement)}


def _reserve(session: Session, actor: Actor, scope: Scope, scenario: Scenario, plan: Plan, data: Approval) -> None:
    """Preallocate what the plan reserves, each entry kept beside its reserve."""
    number_of = {one.code: one.project_id for one in plan.built.candidates}
    pool_of = {row.pool: row.pool_id for row in pools_of(session, scenario)}
    days = _days(session, data.on_date)
    said: dict[str, Any] = {"doc_no": data.doc_no.strip(), "note": scenario.code, "confirmed": True}
    postings = [
        Posting("preallocate", one.pool, one.quantity, days.get(one.pool, data.on_date), one.project, **said)
        for one in plan.reserves
    ]
    rows = [
        {
            "scenario_id": scenario.id,
            "project_id": number_of[one.project],
            "pool_id": pool_of[one.pool],
            "quantity": one.quantity,
            "entry_id": entry,
        }
        for one, entry in zip(plan.reserves, post(session, actor, scope, postings), strict=True)
    ]
    if rows:
        session.connection().execute(insert(_reserves), rows)


def _propose(session: Session, scenario: Scenario, plan: Plan) -> None:
    tree = element_tree(session).by_code
    number_of = {one.code: one.project_id for one in plan.built.candidates}
    rows = [
        {
            "scenario_id": scenario.id,
            "project_id": number_of[one.project],
            "item_id": tree[one.item].id,
            "year": one.year,
            "quantity": one.quantity,
            "delay": one.delay,
        }
        for one in plan.proposals
    ]
    if rows:
        session.connection().execute(insert(_proposals), rows)


_reserves = Reserve.metadata.tables["allocation_reserves"]
_proposals = Proposal.metadata.tables["allocation_proposals"]
