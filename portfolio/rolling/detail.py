"""One project in an edition: as the edition, its parent and the library have it, with needs, curve and milestones."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import frame_of
from portfolio.core.records import picked, record_of
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.works import MONTHS, Works
from portfolio.rolling.queries import COLUMNS, EntryFilters, get_edition, wanted
from portfolio.rolling.records import PlacedEntry
from portfolio.rolling.rules.curve import Months, monthly
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.rolling.targets import curves, milestones

NEEDS = ["item_id", "year", "required", "carried", "basis"]


@dataclass(frozen=True)
class Detail:
    """An entry; `before` is the parent's, `library` the project as it is now. `needs` as `NEEDS`, in base units.

    `curve` is what was stated, `months` what is to be done in each month of the year: by it, else by the rule's curve.
    """

    entry: PlacedEntry
    before: PlacedEntry | None
    library: ProjectRecord
    needs: pd.DataFrame
    curve: dict[int, int]
    months: Months
    milestones: list[tuple[str, str, str | None]]


def entry_detail(session: Session, scope: Scope, code: str, project: str) -> Detail:
    """All that is known of a project in an edition; raises `NotFoundError`, also outside the scope."""
    edition = get_edition(session, code)
    held = _entry(session, scope, edition, project)
    if held is None:
        raise NotFoundError("rolling.no_entry", value=project)
    parent = session.get(Edition, edition.parent_id) if edition.parent_id else None
    number = held["project_id"]
    wanted_needs = (col(EditionNeed.edition_id) == edition.id, col(EditionNeed.project_id) == number)
    columns: list[Any] = [getattr(EditionNeed, name) for name in NEEDS]
    needs = session.execute(select(*columns).where(*wanted_needs).order_by(*columns[:2])).all()
    curve = curves(session, edition, [number]).get(number, {})
    works = Works(*picked(held, ("stage", *MONTHS)).values())
    return Detail(
        held,
        _entry(session, scope, parent, project) if parent else None,
        get_project(session, scope, project),
        frame_of(needs, NEEDS),
        curve,
        monthly(int(held["annual_yuan"]), edition.base_year, works, curve),
        milestones(session, edition, [number]).get(number, []),
    )


def _entry(session: Session, scope: Scope, edition: Edition, project: str) -> PlacedEntry | None:
    here = [*wanted(edition, EntryFilters(), scope), col(EditionEntry.code) == project]
    columns = [getattr(EditionEntry, name) for name in ("project_id", *COLUMNS)]
    found = session.execute(select(*columns).where(*here)).mappings().first()
    return record_of(PlacedEntry, dict(found)) if found else None
