"""How far the review and the grants of a year have come, of the lines that public money pays."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlmodel import Session, col

from portfolio.finance.lines import granted_amount
from portfolio.finance.rules.books import MARKET, level_of
from portfolio.finance.tables import Line, Round
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class LineCounts:
    """The newest round that reviews a year (None: there is none), and of its lines how many nobody reviewed or were
    returned, how many are proposed and not granted in full, and how many were granted anything."""

    round: str | None = None
    lines: int = 0
    unreviewed: int = 0
    ungranted: int = 0
    granted: int = 0


def line_counts(session: Session, year: int, projects: Select[Any]) -> LineCounts:
    """The lines of some projects (a query of their ids) in the newest round over `year`."""
    over = (col(Round.year) <= year, col(Round.last_year) >= year)
    statement = select(Round).where(*over).order_by(col(Round.year).desc(), col(Round.id).desc())
    held: Round | None = session.execute(statement).scalars().first()
    if held is None:
        return LineCounts()
    public = [leaf.id for leaf in element_tree(session).leaves_under("fund") if level_of(leaf.code) != MARKET]
    granted = granted_amount()
    counts = (
        func.sum(case((col(Line.state).in_(("asked", "returned")), 1), else_=0)),
        func.sum(case((granted < func.coalesce(col(Line.proposed), 0), 1), else_=0)),
        func.sum(case((granted > 0, 1), else_=0)),
    )
    here = (col(Line.round_id) == held.id, col(Line.year) == year, col(Line.item_id).in_(public))
    row = session.execute(select(func.count(), *counts).where(*here, col(Line.project_id).in_(projects))).one()
    return LineCounts(held.code, *(int(value or 0) for value in row))
