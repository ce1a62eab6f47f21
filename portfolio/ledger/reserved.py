"""What is reserved for projects and not granted yet: by project and pool, with the document that reserved it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.records import records_of
from portfolio.ledger.records import ReserveRecord
from portfolio.ledger.tables import Account, LedgerEntry, Pool
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree

RESERVING = ("preallocate", "lock")
BATCH = 500


def reserves(
    session: Session,
    scope: Scope,
    element: str = "",
    year: int | None = None,
    projects: Collection[int] | None = None,
) -> list[ReserveRecord]:
    """What projects of the scope hold preallocated or locked, by project, year and pool (base units).

    `granted` is what of the same pool was granted to them so far, `doc_no`, `note` and `on_date` are those of the
    newest entry that reserved; a scenario that was approved leaves its code as the note. Narrowed to an element, a
    year, or some projects (ids).
    """
    if projects is None:
        return _found(session, scope, element, year, [])
    wanted, found = sorted(projects), list[ReserveRecord]()
    for start in range(0, len(wanted), BATCH):
        here = col(Account.project_id).in_(wanted[start : start + BATCH])
        found += _found(session, scope, element, year, [here])
    return found


def _found(session: Session, scope: Scope, element: str, year: int | None, here: list[Any]) -> list[ReserveRecord]:
    tree = element_tree(session)
    wanted = [*here, col(Account.preallocated) + col(Account.locked) > 0, *conditions(NO_FILTERS, scope)]
    if element:
        wanted.append(col(Pool.item_id).in_([node.id for node in tree.nodes if node.element == element]))
    if year is not None:
        wanted.append(col(Pool.year) == year)
    granted = col(Account.granted) + col(Account.delivered) + col(Account.used)
    held: list[Any] = [Account.project_id, Account.pool_id, Account.preallocated, Account.locked]
    named: list[Any] = [Project.name_zh, Project.name_en, Pool.item_id, Pool.year, Pool.level, Pool.carries]
    statement = (
        select(
            *held, *named, granted.label("granted"), col(Project.code).label("project"), col(Pool.code).label("pool")
        )
        .join(Pool, col(Pool.id) == col(Account.pool_id))
        .join(Project, col(Project.id) == col(Account.project_id))
        .where(*wanted)
        .order_by(col(Project.code), col(Pool.year), col(Pool.code))
    )
    rows = [dict(row) for row in session.execute(statement).mappings()]
    papers = _papers(session, wanted)
    blank = {"doc_no": "", "note": "", "on_date": None}
    for row in rows:
        node = tree.by_id[row.pop("item_id")]
        row |= {"item": node.code, "dimension": node.dimension, "reserved": row["preallocated"] + row["locked"]}
        row |= papers.get((row["pool_id"], row["project_id"]), blank)
    return records_of(ReserveRecord, rows)


def _papers(session: Session, wanted: list[Any]) -> dict[tuple[int, int], dict[str, Any]]:
    """(pool, project) → document, note and day of the newest entry that reserved and was not reversed."""
    undone = select(col(LedgerEntry.reverses_id)).where(col(LedgerEntry.reverses_id).is_not(None))
    newest = (
        select(func.max(col(LedgerEntry.id)))
        .join(Pool, col(Pool.id) == col(LedgerEntry.pool_id))
        .join(Project, col(Project.id) == col(LedgerEntry.project_id))
        .join(
            Account,
            (col(Account.pool_id) == col(LedgerEntry.pool_id))
            & (col(Account.project_id) == col(LedgerEntry.project_id)),
        )
        .where(*wanted, col(LedgerEntry.kind).in_(RESERVING), col(LedgerEntry.id).not_in(undone))
        .group_by(col(LedgerEntry.pool_id), col(LedgerEntry.project_id))
    )
    names: list[Any] = [LedgerEntry.pool_id, LedgerEntry.project_id, LedgerEntry.doc_no, LedgerEntry.note]
    rows = session.execute(select(*names, col(LedgerEntry.on_date)).where(col(LedgerEntry.id).in_(newest)))
    return {(row.pool_id, row.project_id): {n: getattr(row, n) for n in ("doc_no", "note", "on_date")} for row in rows}
