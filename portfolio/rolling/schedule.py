"""The programme in time: from when to when every entry runs, what slipped against the parent, and its milestones."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.projects.rules.works import MONTHS, Works
from portfolio.rolling.queries import EntryFilters, get_edition, wanted
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import EditionEntry
from portfolio.rolling.targets import milestones


@dataclass(frozen=True)
class Line:
    """An entry in time, months as `YYYY-MM`; `was_*` as the parent edition planned it, None when it had none."""

    code: str
    name_zh: str
    name_en: str
    city_code: str | None
    category: str
    start_month: str | None
    finish_month: str | None
    was_start: str | None
    was_finish: str | None
    milestones: tuple[tuple[str, str, str | None], ...]
    actual_start_month: str | None = None
    actual_finish_month: str | None = None

    @property
    def works(self) -> Works:
        """When the works are planned and when they came about; the stage is not asked here."""
        return Works(None, *(getattr(self, name) for name in MONTHS))


BEGINS = func.coalesce(col(EditionEntry.actual_start_month), col(EditionEntry.start_month))
ENDS = func.coalesce(col(EditionEntry.actual_finish_month), col(EditionEntry.finish_month))


def span(session: Session, scope: Scope, code: str) -> tuple[str, str] | None:
    """The first start and the last finish of the entries that stand, None when no month is stated."""
    here = wanted(get_edition(session, code), EntryFilters(standing=True), scope)
    first, last = func.min(BEGINS), func.max(ENDS)
    start, finish = session.execute(select(first, last).where(*here)).one()
    known = [month for month in (start, finish) if month]
    return (min(known), max(known)) if known else None


def schedule_slice(
    session: Session, scope: Scope, code: str, filters: EntryFilters, first: int, last: int
) -> tuple[list[Line], int]:
    """Lines from place `first` up to `last` (not included), the earliest start first; and how many there are."""
    edition, old = get_edition(session, code), aliased(EditionEntry)
    here = wanted(edition, filters, scope)
    names = ("project_id", "code", "name_zh", "name_en", "city_code", "category", *MONTHS)
    columns: list[Any] = [getattr(EditionEntry, name) for name in names]
    same = and_(col(old.edition_id) == edition.parent_id, col(old.project_id) == col(EditionEntry.project_id))
    statement = (
        select(*columns, col(old.start_month), col(old.finish_month))
        .outerjoin(old, and_(same, standing(old)))
        .where(*here)
        .order_by(BEGINS.is_(None), BEGINS, col(EditionEntry.code))
    )
    rows = session.execute(statement.offset(first).limit(max(0, last - first))).all()
    steps = milestones(session, edition, [row[0] for row in rows])
    total = session.execute(select(func.count()).select_from(EditionEntry).where(*here)).scalar_one()
    fields = (*names[1:], "was_start", "was_finish")
    lines = [Line(**dict(zip(fields, row[1:], strict=True)), milestones=tuple(steps.get(row[0], ()))) for row in rows]
    return lines, int(total)
