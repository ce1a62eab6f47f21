"""Sums under a list of projects: of exactly the rows the list has, so that a figure and its list agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.needs.queries import need_conditions
from portfolio.needs.tables import Need
from portfolio.projects.filters import ProjectFilters, conditions
from portfolio.projects.tables import Project


@dataclass(frozen=True)
class ListSums:
    """How many projects a list has, their total investment (yuan) and how many state one, and what they need of an
    item in base units (None when no item was asked for, or none of them states a need of it)."""

    projects: int
    investment_yuan: int
    stated: int
    needed: int | None = None


def list_sums(
    session: Session, scope: Scope, filters: ProjectFilters, item: str = "", years: tuple[int, ...] = ()
) -> ListSums:
    """The sums of the list that scope and filters leave, with what it needs of `item` in `years` (all when empty)."""
    amount = col(Project.total_investment_yuan)
    wanted = conditions(filters, scope)
    count, total, stated = session.execute(
        select(func.count(), func.coalesce(func.sum(amount), 0), func.count(amount)).where(*wanted)
    ).one()
    if not item:
        return ListSums(count, int(total), stated)
    listed = select(col(Project.id)).where(*wanted)
    of_item = need_conditions(session, item, years, None)
    needed = select(func.sum(col(Need.required))).where(col(Need.project_id).in_(listed), *of_item)
    found = session.execute(needed).scalar_one()
    return ListSums(count, int(total), stated, None if found is None else int(found))


def needed_by(session: Session, project_ids: Sequence[int], item: str, years: tuple[int, ...]) -> dict[int, int]:
    """Project id → what it needs of an item in some years (all when empty), in base units; absent when nothing."""
    own: Any = col(Need.project_id)
    statement = (
        select(own, func.sum(col(Need.required)))
        .where(own.in_(project_ids), *need_conditions(session, item, years, None))
        .group_by(own)
    )
    return {project: int(amount) for project, amount in session.execute(statement)}
