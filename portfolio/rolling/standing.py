"""Which entries of an edition stand: all but additions that were rejected and leavings that were not."""

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from portfolio.rolling.rules.editions import JOINS, LEAVES
from portfolio.rolling.tables import EditionEntry


def standing(entry: type[EditionEntry] = EditionEntry) -> ColumnElement[bool]:
    """The condition of an entry (or of an alias of its table) that is in the programme."""
    change, decision = col(entry.change), col(entry.decision)
    out = or_(
        and_(change.in_(JOINS), decision == "rejected"),
        and_(change.in_(LEAVES), decision != "rejected"),
    )
    return ~out
