"""Read editions: the list, the board of one, and two of them compared."""

from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.rolling.bridge import Bridge, Difference, Side, bridge, differences
from portfolio.rolling.inputs import LEFT, edition_needs
from portfolio.rolling.rules import CATEGORIES
from portfolio.rolling.tables import Edition, EditionEntry

COLUMNS = [name for name in EditionEntry.model_fields if name not in ("edition_id", "project_id")]


def get_edition(session: Session, code: str) -> Edition:
    """One edition; raises `NotFoundError`."""
    found: Edition | None = session.execute(select(Edition).where(col(Edition.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFoundError("rolling.no_edition", code=code)
    return found


def list_editions(session: Session) -> list[dict[str, Any]]:
    """Every edition, the newest base year first, with its parent's code and how many entries and yuan of the year."""
    counted = (
        select(col(EditionEntry.edition_id), func.count(), func.sum(col(EditionEntry.annual_yuan)))
        .where(col(EditionEntry.decision) != "rejected", col(EditionEntry.change).not_in(LEFT))
        .group_by(col(EditionEntry.edition_id))
    )
    sums = {number: (int(count), int(annual or 0)) for number, count, annual in session.execute(counted)}
    rows = list(session.execute(select(Edition).order_by(col(Edition.base_year).desc(), col(Edition.id))).scalars())
    codes = {row.id: row.code for row in rows}
    found = []
    for row in rows:
        count, annual = sums.get(row.id, (0, 0))
        parent = codes.get(row.parent_id)
        found.append({**row.model_dump(), "parent": parent, "entries": count, "annual_yuan": annual})
    return found


def entry_frame(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """An edition's entries as `COLUMNS`, by code; those of projects outside the scope are left out."""
    edition = get_edition(session, code)
    columns = [getattr(EditionEntry, name) for name in COLUMNS]
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(EditionEntry.project_id))
        .where(col(EditionEntry.edition_id) == edition.id, *conditions(NO_FILTERS, scope))
        .order_by(col(EditionEntry.code))
    )
    return pd.DataFrame(session.execute(statement).all(), columns=COLUMNS)


def annual_totals(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """`by` and category with `projects`, `total_yuan` and `annual_yuan` of the entries that stand."""
    stands = frame[(frame["decision"] != "rejected") & ~frame["change"].isin(LEFT)]
    sums = stands.assign(projects=1, total_yuan=stands["total_yuan"].fillna(0).astype("int64"))
    groups = [by, "category"] if by != "category" else ["category"]
    found = sums.groupby(groups, as_index=False, dropna=False)[["projects", "total_yuan", "annual_yuan"]].sum()
    found["order"] = found["category"].map({name: place for place, name in enumerate(CATEGORIES)})
    return found.sort_values([*(groups[:1] if by != "category" else []), "order"]).drop(columns="order")


def mismatched(frame: pd.DataFrame) -> pd.DataFrame:
    """Entries whose category a person set against what the dates say."""
    return frame[frame["category"] != frame["derived"]]


def sides(session: Session, scope: Scope, code: str) -> list[Side]:
    """An edition's standing projects as the bridge compares them."""
    edition = get_edition(session, code)
    needs = edition_needs(session, edition)
    columns: list[Any] = [
        getattr(EditionEntry, name) for name in ("project_id", "code", "category", "start_month", "finish_month")
    ]
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(EditionEntry.project_id))
        .where(
            col(EditionEntry.edition_id) == edition.id,
            col(EditionEntry.decision) != "rejected",
            col(EditionEntry.change).not_in(LEFT),
            *conditions(NO_FILTERS, scope),
        )
    )
    return [
        Side(code_, category, start, finish, needs.get(project, {}))
        for project, code_, category, start, finish in session.execute(statement)
    ]


def compare(
    session: Session, scope: Scope, before: str, after: str, items: str = "fund", years: tuple[int, int] | None = None
) -> tuple[list[Difference], Bridge]:
    """Two editions project by project, and the bridge from one to the other over `items` and `years`."""
    old, new = sides(session, scope, before), sides(session, scope, after)
    closed = get_edition(session, after).base_year
    return differences(old, new, items), bridge(old, new, closed, items, years)
