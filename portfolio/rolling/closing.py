"""How much of the years before an edition is not known: counted for whoever reads its figures."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import distinct, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.rolling.queries import EntryFilters, get_edition, wanted
from portfolio.rolling.rules.closing import EXPECTED, RUNNING, UNREPORTED
from portfolio.rolling.tables import EditionEntry, EditionNeed
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class Untold:
    """Projects with years before the window that are not known, and the funds planned in those years (yuan).

    `unreported`: over, and nobody told what was done. `running`: not over, and no figure is expected; `expected`: not
    over, with one.
    """

    unreported: int = 0
    unreported_yuan: int = 0
    running: int = 0
    running_yuan: int = 0
    expected: int = 0


def untold(session: Session, scope: Scope, code: str) -> Untold:
    """What an edition does not know of the years before it, of the entries that stand and may be seen."""
    edition = get_edition(session, code)
    funds = [node.id for node in element_tree(session).leaves if node.element == "fund"]
    here = wanted(edition, EntryFilters(standing=True), scope)
    columns: list[Any] = [
        EditionNeed.basis,
        func.count(distinct(col(EditionNeed.project_id))),
        func.sum(EditionNeed.required),
    ]
    statement = (
        select(*columns)
        .join(
            EditionEntry,
            (col(EditionEntry.edition_id) == col(EditionNeed.edition_id))
            & (col(EditionEntry.project_id) == col(EditionNeed.project_id)),
        )
        .where(*here, col(EditionNeed.basis).in_((UNREPORTED, RUNNING, EXPECTED)), col(EditionNeed.item_id).in_(funds))
        .group_by(col(EditionNeed.basis))
    )
    found = {basis: (int(count), int(amount)) for basis, count, amount in session.execute(statement)}
    over, still = found.get(UNREPORTED, (0, 0)), found.get(RUNNING, (0, 0))
    return Untold(*over, *still, found.get(EXPECTED, (0, 0))[0])
