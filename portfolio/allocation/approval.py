"""Approve a scenario: a second person, a document, and in one transaction proposals and reserves in the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require
from portfolio.allocation.building import Built, build
from portfolio.allocation.chain import draws
from portfolio.allocation.heads import pools_of, write_head
from portfolio.allocation.pools import ledger_originals
from portfolio.allocation.queries import get_scenario, running_job
from portfolio.allocation.tables import (
    APPROVED,
    SOLVED,
    SUPERSEDED,
    Proposal,
    Reserve,
    Scenario,
    ScenarioProject,
)
from portfolio.core import revision
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.ledger.checks import date_faults
from portfolio.ledger.service import Posting, post
from portfolio.ledger.tables import Account, LedgerEntry, Pool
from portfolio.projects.tables import Project
from portfolio.rolling.tables import Edition
from portfolio.vocabulary.elements import element_tree

NAMED = 20


@dataclass(frozen=True)
class Approval:
    """Who approves under which document on which day (`YYYY-MM-DD`)."""

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
    `ConflictError` when it was not solved, has no allocation or was approved before; `InvalidError` naming every pool
    and project that moved since it was built, every veto that stands, and every limit the ledger does not have.
    """
    require(actor, "scenario.approve")
    revision.bump(session)
    scenario = get_scenario(session, code)
    session.refresh(scenario)
    _require_person(scenario, data)
    _require_solved(session, scenario)
    built, rows = build(session, scenario), _answer_rows(session, scenario)
    found = [*_moved_pools(session, scenario), *_moved_needs(built, rows), *_vetoes(built, rows)]
    found += _unopened(session, scenario)
    if found:
        raise InvalidError("allocation.not_approvable", found)
    earlier = _approved_before(session, scenario)
    returned = 0 if earlier is None else _give_back(session, actor, scope, earlier, data)
    delays = {row.code: row.delay for row in rows if row.delay >= 0}
    reserves = _reserve(session, actor, scope, scenario, built, delays, data)
    _propose(session, scenario, built, delays)
    head = {"doc_no": data.doc_no.strip(), "approver": data.person.strip(), "approved_on": data.on_date}
    write_head(session, scenario, {"state": APPROVED, **head})
    done = Approved(len(delays), reserves, returned, None if earlier is None else earlier.code)
    journal.record(session, actor, "allocation", [journal.Entry(code, "approve", None, {**head, **vars(done)})])
    return done


def _require_person(scenario: Scenario, data: Approval) -> None:
    found = [FieldError("on_date", fault.code, fault.params) for fault in date_faults(data.on_date)]
    if not data.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    elif data.person.strip().casefold() == scenario.maker.strip().casefold():
        found.append(FieldError("person", "allocation.own_scenario", {"value": data.person.strip()}))
    if not data.doc_no.strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    if found:
        raise InvalidError("allocation.bad_scenario", found)


def _require_solved(session: Session, scenario: Scenario) -> None:
    if scenario.state in (APPROVED, SUPERSEDED):
        raise ConflictError("allocation.approved", code=scenario.code)
    if running_job(session, scenario, "solve") is not None:
        raise ConflictError("allocation.busy", code=scenario.code)
    if scenario.state != SOLVED:
        raise ConflictError("allocation.not_solved", code=scenario.code)
    if scenario.value is None:
        raise ConflictError("allocation.no_allocation", code=scenario.code)


def _answer_rows(session: Session, scenario: Scenario) -> list[ScenarioProject]:
    statement = select(ScenarioProject).where(col(ScenarioProject.scenario_id) == scenario.id)
    return list(session.execute(statement.order_by(col(ScenarioProject.code))).scalars())


def _moved_pools(session: Session, scenario: Scenario) -> list[FieldError]:
    """Pools of which the ledger no longer has what it had when they were copied, and new ones."""
    now = ledger_originals(session, session.get_one(Edition, scenario.edition_id))
    held = {row.pool: row.original for row in pools_of(session, scenario) if row.pool_id is not None}
    moved = sorted(name for name in now.keys() | held.keys() if now.get(name) != held.get(name))
    return [FieldError("pools", "allocation.pool_moved", {"value": name}) for name in moved[:NAMED]]


def _moved_needs(built: Built, rows: Iterable[ScenarioProject]) -> list[FieldError]:
    now = {one.code: one.needs_hash for one in built.candidates}
    held = {row.code: row.needs_hash for row in rows}
    moved = sorted(code for code in now.keys() | held.keys() if now.get(code) != held.get(code))
    return [FieldError("projects", "allocation.needs_moved", {"value": code}) for code in moved[:NAMED]]


def _vetoes(built: Built, rows: Iterable[ScenarioProject]) -> list[FieldError]:
    vetoed = {one.code for one in built.candidates if one.vetoed}
    inside = [row.code for row in rows if row.delay >= 0 and row.code in vetoed]
    return [FieldError("projects", "allocation.veto_stands", {"value": code}) for code in inside[:NAMED]]


def _unopened(session: Session, scenario: Scenario) -> list[FieldError]:
    """Pools that the answer uses beyond what the ledger has: what if is not yet so."""
    return [
        FieldError("pools", "allocation.limit_not_open", {"value": row.pool})
        for row in pools_of(session, scenario)
        if (row.used or 0) > row.original
    ][:NAMED]


def _approved_before(session: Session, scenario: Scenario) -> Scenario | None:
    wanted = (col(Scenario.edition_id) == scenario.edition_id, col(Scenario.state) == APPROVED)
    return session.execute(select(Scenario).where(*wanted)).scalars().first()


def _give_back(session: Session, actor: Actor, scope: Scope, earlier: Scenario, data: Approval) -> int:
    """Return what the earlier approved scenario reserved and nobody used since; it is superseded."""
    statement = (
        select(Reserve, col(Pool.code), col(Project.code), col(Account.preallocated))
        .join(Pool, col(Pool.id) == col(Reserve.pool_id))
        .join(Project, col(Project.id) == col(Reserve.project_id))
        .join(
            Account,
            (col(Account.pool_id) == col(Reserve.pool_id)) & (col(Account.project_id) == col(Reserve.project_id)),
        )
        .where(col(Reserve.scenario_id) == earlier.id, col(Reserve.entry_back).is_(None))
        .order_by(col(Reserve.id))
    )
    rows = [
        (row, pool, project, min(row.quantity, int(left))) for row, pool, project, left in session.execute(statement)
    ]
    back = [one for one in rows if one[3] > 0]
    days = _days(session, data.on_date)
    said: dict[str, Any] = {"doc_no": data.doc_no.strip(), "note": earlier.code, "source": "preallocated"}
    postings = [
        Posting("return", pool, quantity, days.get(pool, data.on_date), project, **said)
        for _, pool, project, quantity in back
    ]
    entries = post(session, actor, scope, postings)
    for (row, *_), entry in zip(back, entries, strict=True):
        statement_back = update(_reserves).where(_reserves.c.id == row.id).values(entry_back=entry)
        session.connection().execute(statement_back)
    write_head(session, earlier, {"state": SUPERSEDED})
    return len(back)


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


def _reserve(
    session: Session,
    actor: Actor,
    scope: Scope,
    scenario: Scenario,
    built: Built,
    delays: Mapping[str, int],
    data: Approval,
) -> int:
    """Preallocate every supported project's needs, the narrow pool first, what it lacks from the one behind it."""
    sums: dict[tuple[str, str], int] = {}
    problem = built.problem
    for draw in draws(problem, delays)[0]:
        project = problem.projects[int(problem.needs.project[draw.need])].code
        sums[project, draw.pool] = sums.get((project, draw.pool), 0) + draw.quantity
    number_of = {one.code: one.project_id for one in built.candidates}
    pool_of = {row.pool: row.pool_id for row in pools_of(session, scenario)}
    keys = sorted(sums)
    days = _days(session, data.on_date)
    said: dict[str, Any] = {"doc_no": data.doc_no.strip(), "note": scenario.code, "confirmed": True}
    postings = [
        Posting("preallocate", pool, sums[project, pool], days.get(pool, data.on_date), project, **said)
        for project, pool in keys
    ]
    entries = post(session, actor, scope, postings)
    rows = [
        {
            "scenario_id": scenario.id,
            "project_id": number_of[project],
            "pool_id": pool_of[pool],
            "quantity": sums[project, pool],
            "entry_id": entry,
        }
        for (project, pool), entry in zip(keys, entries, strict=True)
    ]
    if rows:
        session.connection().execute(insert(_reserves), rows)
    return len(rows)


def _propose(session: Session, scenario: Scenario, built: Built, delays: Mapping[str, int]) -> None:
    """A row for everything a supported project needs, whether a pool covers it or not."""
    tree, problem = element_tree(session).by_code, built.problem
    number_of = {one.code: one.project_id for one in built.candidates}
    rows: list[dict[str, Any]] = []
    for place in range(len(problem.needs)):
        project = problem.projects[int(problem.needs.project[place])].code
        quantity = int(problem.needs.quantity[place])
        if project in delays and quantity:
            item, year = problem.items[int(problem.needs.item[place])], int(problem.needs.year[place])
            key = {"scenario_id": scenario.id, "project_id": number_of[project], "item_id": tree[item].id}
            rows.append({**key, "year": year + delays[project], "quantity": quantity, "delay": delays[project]})
    if rows:
        session.connection().execute(insert(_proposals), rows)


_reserves = Reserve.metadata.tables["allocation_reserves"]
_proposals = Proposal.metadata.tables["allocation_proposals"]
