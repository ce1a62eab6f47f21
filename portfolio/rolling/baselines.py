"""Cost against the first approved baseline; past the rule's share a project is to be appraised again."""

from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.frames import frame_of
from portfolio.rolling.queries import EntryFilters, get_edition, wanted
from portfolio.rolling.rules.editions import FROZEN, rule_values
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry

COLUMNS = ["code", "name_zh", "name_en", "baseline", "baseline_yuan", "total_yuan", "grown_permille", "reappraise"]


def baseline_frame(session: Session, scope: Scope, code: str, moved: bool = False) -> pd.DataFrame:
    """`COLUMNS` of an edition's standing entries whose total and first approved total are known, most grown first.

    `baseline` is the edition that first approved a total, `grown_permille` the growth since in thousandths (floor);
    `moved`: only those whose total is no longer that.
    """
    first = _first_totals()
    names: list[Any] = [EditionEntry.code, EditionEntry.name_zh, EditionEntry.name_en, EditionEntry.total_yuan]
    columns = [*names, first.c.edition.label("baseline"), first.c.approved.label("baseline_yuan")]
    here = _known(session, scope, code, first)
    if moved:
        here.append(col(EditionEntry.total_yuan) != first.c.approved)
    rows = []
    for held in session.execute(select(*columns).where(*here)).mappings():
        approved, total = int(held["baseline_yuan"]), int(held["total_yuan"])
        grown = (total - approved) * 1000 // approved
        rows.append({**held, "grown_permille": grown, "reappraise": is_past(approved, total)})
    frame = frame_of(rows, COLUMNS)
    return frame.sort_values(["grown_permille", "code"], ascending=[False, True], ignore_index=True)


def count_baselines(session: Session, scope: Scope, code: str) -> int:
    """How many rows `baseline_frame` has."""
    first = _first_totals()
    statement = (
        select(func.count()).select_from(EditionEntry).join(first, col(EditionEntry.project_id) == first.c.project)
    )
    return int(session.execute(statement.where(*_known(session, scope, code, first))).scalar_one())


def _known(session: Session, scope: Scope, code: str, first: Any) -> list[Any]:
    here: list[Any] = [*wanted(get_edition(session, code), EntryFilters(standing=True), scope)]
    return [*here, col(EditionEntry.total_yuan).is_not(None), first.c.project == col(EditionEntry.project_id)]


def is_past(approved_yuan: int, total_yuan: int) -> bool:
    """Whether a total lies beyond the rule's share over the approved one (default: more than 20 %)."""
    return total_yuan * 100 > approved_yuan * (100 + int(rule_values()["reappraisal_percent"]))


def _first_totals() -> Any:
    """By project (id): the frozen edition that first had its total, and the total in yuan."""
    entry = aliased(EditionEntry)
    order = (col(Edition.approved_on), col(Edition.id))
    place = func.row_number().over(partition_by=col(entry.project_id), order_by=order).label("place")
    columns: list[Any] = [entry.project_id, Edition.code, entry.total_yuan]
    ranked = (
        select(*columns, place)
        .join(Edition, col(Edition.id) == col(entry.edition_id))
        .where(col(Edition.state).in_(FROZEN), standing(entry), col(entry.total_yuan) > 0)
        .subquery()
    )
    names = (
        ranked.c.project_id.label("project"),
        ranked.c.code.label("edition"),
        ranked.c.total_yuan.label("approved"),
    )
    return select(*names).where(ranked.c.place == 1).subquery()
