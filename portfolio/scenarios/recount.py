"""What must hold of approved scenarios, recomputed from their rows and the ledger: for `portfolio check`."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.persons import Person
from portfolio.ledger.rules import HELD
from portfolio.ledger.tables import Account, LedgerEntry
from portfolio.scenarios.tables import APPROVED, SUPERSEDED, Reserve, Scenario


def faults_of_scenarios(session: Session) -> Iterator[tuple[str, str]]:
    """(kind, scenario) of every approved scenario without document or second person, every reserve whose entry in the
    ledger is not what was reserved, and every edition with two scenarios in force."""
    statement = select(Scenario).where(col(Scenario.state).in_((APPROVED, SUPERSEDED))).order_by(col(Scenario.id))
    for scenario in session.execute(statement).scalars():
        if not scenario.doc_no or not scenario.approver or _one_person(scenario):
            yield "unsigned", scenario.code
    yield from (("reserve", code) for code in _reserves_amiss(session))
    yield from (("gone", code) for code in _reserves_gone(session))
    in_force = select(col(Scenario.edition_id)).where(col(Scenario.state) == APPROVED)
    doubled = in_force.group_by(col(Scenario.edition_id)).having(func.count() > 1)
    codes = select(col(Scenario.code)).where(col(Scenario.state) == APPROVED, col(Scenario.edition_id).in_(doubled))
    yield from (("two_in_force", code) for code in session.execute(codes).scalars())


def _one_person(scenario: Scenario) -> bool:
    maker = Person(scenario.maker, scenario.maker_id)
    return maker.same(Person(scenario.approver, scenario.approver_id))


def _reserves_amiss(session: Session) -> list[str]:
    """Scenarios with a reserve that its entry does not bear out."""
    same = (
        (col(LedgerEntry.id) == col(Reserve.entry_id))
        & (col(LedgerEntry.kind) == "preallocate")
        & (col(LedgerEntry.pool_id) == col(Reserve.pool_id))
        & (col(LedgerEntry.project_id) == col(Reserve.project_id))
        & (col(LedgerEntry.quantity) == col(Reserve.quantity))
    )
    statement = (
        select(col(Scenario.code))
        .join(Reserve, col(Reserve.scenario_id) == col(Scenario.id))
        .outerjoin(LedgerEntry, same)
        .where(col(LedgerEntry.id).is_(None))
        .distinct()
    )
    return list(session.execute(statement.order_by(col(Scenario.code))).scalars())


def _reserves_gone(session: Session) -> list[str]:
    """Scenarios in force with a reserve for which the project holds nothing at all in the pool any more, though no
    entry moved it since."""
    held = sum((col(getattr(Account, bucket)) for bucket in HELD[1:]), col(Account.preallocated))
    later = (
        select(col(LedgerEntry.id))
        .where(
            col(LedgerEntry.id) > col(Reserve.entry_id),
            col(LedgerEntry.pool_id) == col(Reserve.pool_id),
            col(LedgerEntry.project_id) == col(Reserve.project_id),
        )
        .exists()
    )
    statement = (
        select(col(Scenario.code))
        .join(Reserve, col(Reserve.scenario_id) == col(Scenario.id))
        .outerjoin(
            Account,
            (col(Account.pool_id) == col(Reserve.pool_id)) & (col(Account.project_id) == col(Reserve.project_id)),
        )
        .where(col(Scenario.state) == APPROVED, col(Reserve.entry_back).is_(None), ~later)
        .where(func.coalesce(held, 0) < col(Reserve.quantity))
        .distinct()
    )
    return list(session.execute(statement.order_by(col(Scenario.code))).scalars())
