"""What must hold of every edition, recomputed from its rows: for `portfolio check`."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from portfolio.access.persons import Person
from portfolio.rolling.persons import maker_of
from portfolio.rolling.rules.editions import BY_HAND, FROZEN, LEAVES
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import CurvePoint, Edition, EditionEntry, EditionNeed

NONE_THIS_YEAR = (*LEAVES, "suspended")


def faults_of_editions(session: Session) -> Iterator[tuple[str, str]]:
    """(kind, `edition project`) of every entry that contradicts itself or the seal of its edition, and of every edition
    that one person both made and approved."""
    entry = EditionEntry
    frozen = col(Edition.state).in_(FROZEN)
    accepted = col(entry.decision) != "rejected"
    rules: dict[str, ColumnElement[bool]] = {
        "undecided": frozen & (col(entry.decision) == "proposed"),
        "annual": (col(entry.annual_yuan) != 0)
        & or_(col(entry.category) == "preparatory", col(entry.change).in_(NONE_THIS_YEAR) & accepted),
        "unexplained": col(entry.change).in_(BY_HAND) & (col(entry.rule) == "by_hand") & (col(entry.approver) == ""),
    }
    for kind, broken in rules.items():
        yield from ((kind, subject) for subject in _named(session, broken))
    yield from (("one_person", subject) for subject in _of_one_person(session))
    yield from (("curve", subject) for subject in _curves(session))
    yield from (("carried", subject) for subject in _carried(session))


def _named(session: Session, broken: ColumnElement[bool]) -> list[str]:
    statement = (
        select(col(Edition.code), col(EditionEntry.code))
        .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
        .where(broken)
        .order_by(col(Edition.id), col(EditionEntry.code))
    )
    return [f"{edition} {project}" for edition, project in session.execute(statement)]


def _of_one_person(session: Session) -> list[str]:
    """Editions that were approved by who made them; of those approved before this was asked, nobody is named."""
    signed = select(Edition).where(col(Edition.approver) != "").order_by(col(Edition.id))
    rows = session.execute(signed).scalars()
    return [row.code for row in rows if Person(row.approver).same(Person(maker_of(row)))]


def _curves(session: Session) -> list[str]:
    """Curves whose sum is not the annual target."""
    sums = (
        select(
            col(CurvePoint.edition_id), col(CurvePoint.project_id), func.sum(col(CurvePoint.amount_yuan)).label("all")
        )
        .group_by(col(CurvePoint.edition_id), col(CurvePoint.project_id))
        .subquery()
    )
    statement = (
        select(col(Edition.code), col(EditionEntry.code))
        .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
        .join(sums, (sums.c.edition_id == EditionEntry.edition_id) & (sums.c.project_id == EditionEntry.project_id))
        .where(sums.c.all != col(EditionEntry.annual_yuan), standing())
        .order_by(col(Edition.id), col(EditionEntry.code))
    )
    return [f"{edition} {project}" for edition, project in session.execute(statement)]


def _carried(session: Session) -> list[str]:
    """Needs of which more was carried over than there is."""
    statement = (
        select(col(Edition.code), col(EditionNeed.project_id))
        .join(Edition, col(Edition.id) == col(EditionNeed.edition_id))
        .where((col(EditionNeed.carried) > col(EditionNeed.required)) | (col(EditionNeed.required) < 0))
        .distinct()
        .order_by(col(Edition.code), col(EditionNeed.project_id))
    )
    return [f"{edition} {project}" for edition, project in session.execute(statement)]
