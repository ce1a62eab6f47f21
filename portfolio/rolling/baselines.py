"""Cost against the first approved baseline; past the rule's share a project is to be appraised again."""

from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.rolling.queries import EntryFilters, get_edition, wanted
from portfolio.rolling.rules import FROZEN, rule_values
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry

COLUMNS = ["code", "name_zh", "name_en", "baseline", "baseline_yuan", "total_yuan", "grown_permille", "reappraise"]


def baseline_frame(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """`COLUMNS` of an edition's standing entries whose total and first approved total are known, most grown first.

    `baseline` is the edition that first approved a total, `grown_permille` the growth since in thousandths (floor).
    """
    here = wanted(get_edition(session, code), EntryFilters(standing=True), scope)
    names: list[Any] = [EditionEntry.code, EditionEntry.name_zh, EditionEntry.name_en, EditionEntry.total_yuan]
    entries = session.execute(select(*names).where(*here, col(EditionEntry.total_yuan).is_not(None)))
    first = _first_totals(session)
    rows = []
    for row in (dict(held) for held in entries.mappings()):
        if row["code"] in first:
            baseline, approved = first[row["code"]]
            total = int(row["total_yuan"])
            grown = (total - approved) * 1000 // approved
            rows.append({**row, "total_yuan": total, "baseline": baseline, "baseline_yuan": approved})
            rows[-1] |= {"grown_permille": grown, "reappraise": is_past(approved, total)}
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["grown_permille", "code"], ascending=[False, True], ignore_index=True)


def is_past(approved_yuan: int, total_yuan: int) -> bool:
    """Whether a total lies beyond the rule's share over the approved one (default: more than 20 %)."""
    return total_yuan * 100 > approved_yuan * (100 + int(rule_values()["reappraisal_percent"]))


def _first_totals(session: Session) -> dict[str, tuple[str, int]]:
    """By project code: the frozen edition that first had its total, and the total in yuan."""
    columns: list[Any] = [EditionEntry.code, Edition.code, EditionEntry.total_yuan]
    statement = (
        select(*columns)
        .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
        .where(col(Edition.state).in_(FROZEN), standing(), col(EditionEntry.total_yuan) > 0)
        .order_by(col(Edition.approved_on), col(Edition.id))
    )
    found: dict[str, tuple[str, int]] = {}
    for code, edition, total in session.execute(statement):
        found.setdefault(code, (edition, int(total)))
    return found
