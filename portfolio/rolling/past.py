"""What is known of the years of projects: by the ledger, and by what their offices stated."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.finance.rules.yearly import EXPECTED, completed_in, expected_to
from portfolio.finance.yearly import yearly_figures
from portfolio.ledger.tables import Account, Pool
from portfolio.rolling.rules.carrying import spread
from portfolio.rolling.rules.closing import Past
from portfolio.rolling.rules.roll import Calendar
from portfolio.vocabulary.tree import ElementTree, Node

Cells = dict[tuple[str, int], int]


def past_of(
    session: Session, tree: ElementTree, code_of: Mapping[int, str], needs: Mapping[str, Cells], calendar: Calendar
) -> dict[str, Past]:
    """What is known of projects (id: code), by their codes; `needs` are what they ask."""
    first_open, last = calendar.first_open, calendar.base_year - 1
    delivered = _delivered(session, tree, code_of, needs)
    stated = yearly_figures(session, list(code_of))
    found = {}
    for number, code in code_of.items():
        told = stated.get(number, {})
        expected = {year: amount for (kind, year), amount in told.items() if kind == EXPECTED}
        to_date = expected_to(told, first_open, last)
        found[code] = Past(delivered.get(code, {}), completed_in(told), expected, to_date)
    return found


def _delivered(
    session: Session, tree: ElementTree, code_of: Mapping[int, str], needs: Mapping[str, Cells]
) -> dict[str, Cells]:
    """What the ledger has as delivered (used among it), by project, leaf and year.

    An account that was granted something is kept: what it did not deliver is known to be none.
    """
    amount = col(Account.delivered) + col(Account.used)
    columns: list[Any] = [Account.project_id, Pool.item_id, Pool.year]
    statement = (
        select(*columns, amount)
        .join(Pool, col(Pool.id) == col(Account.pool_id))
        .where(amount + col(Account.granted) > 0, col(Account.project_id).in_(list(code_of)))
    )
    found: dict[str, Cells] = {}
    for project, item, year, delivered in session.execute(statement):
        code = code_of[project]
        asked = {leaf.code: needs[code].get((leaf.code, int(year)), 0) for leaf in _leaves(tree, item)}
        cells = found.setdefault(code, {})
        for leaf, part in on_leaves(int(delivered), asked).items():
            cells[leaf, int(year)] = cells.get((leaf, int(year)), 0) + part
    return found


def _leaves(tree: ElementTree, item_id: int) -> tuple[Node, ...]:
    return tree.leaves_under(tree.by_id[item_id].code)


def on_leaves(delivered: int, asked: dict[str, int]) -> dict[str, int]:
    """What a pool of a node delivered, on the leaves under it: as they asked that year, else on the first."""
    weights = {place: asked[leaf] for place, leaf in enumerate(asked)}
    leaves = list(asked)
    if not any(weights.values()):
        return {leaves[0]: delivered}
    held = {place: weight for place, weight in weights.items() if weight}
    parts = spread(held, delivered, "pro_rata", 0, len(leaves))
    return {leaves[place]: parts[place] - weight for place, weight in held.items()}
