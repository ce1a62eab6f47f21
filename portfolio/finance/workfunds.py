"""Cooperation work funds (合作工作经费): budget lines of units."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_read
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.records import records_of
from portfolio.finance.records import WorkFundRecord
from portfolio.finance.tables import WorkFund
from portfolio.journal import service as journal
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.scheme.tables import Unit

FIELDS = ("asked_yuan", "granted_yuan", "doc_no", "note")


def list_work_funds(session: Session, scope: Scope, year: int | None = None) -> list[WorkFundRecord]:
    """Lines by year and unit (yuan)."""
    require_read(scope, "budget.read")
    statement = select(WorkFund).order_by(col(WorkFund.year).desc(), col(WorkFund.unit_code), col(WorkFund.id))
    if year is not None:
        statement = statement.where(col(WorkFund.year) == year)
    return records_of(WorkFundRecord, (row.model_dump() for row in session.execute(statement).scalars()))


def save_work_fund(
    session: Session, actor: Actor, unit: str, year: int, purpose: str, values: Mapping[str, Any]
) -> bool:
    """Set a unit's line of a year and purpose; a grant needs its document. Returns whether anything changed."""
    require(actor, "workfund.edit")
    revision.bump(session)
    key = (col(WorkFund.unit_code) == unit, col(WorkFund.year) == year, col(WorkFund.purpose) == purpose)
    held = session.execute(select(WorkFund).where(*key)).scalar_one_or_none()
    before = {name: getattr(held, name) for name in FIELDS} if held else {}
    fresh = {"asked_yuan": 0, "granted_yuan": None, "doc_no": "", "note": ""} | before
    fresh |= {name: value for name, value in values.items() if name in FIELDS}
    fresh |= {name: "" for name in ("doc_no", "note") if fresh[name] is None}
    found = _faults(session, unit, year, purpose, fresh)
    if found:
        raise InvalidError("finance.invalid", found)
    if fresh == before:
        return False
    if held:
        changed = update(_table).where(_table.c.id == held.id).values(**fresh, version=held.version + 1)
        session.connection().execute(changed)
        session.expire(held)
    else:
        named = {"unit_code": unit, "year": year, "purpose": purpose, "version": 1}
        session.connection().execute(insert(_table).values(**named, **fresh))
    entry = journal.Entry(f"{unit} {year}", "work_fund", before or None, {"purpose": purpose, **fresh})
    journal.record(session, actor, "finance", [entry])
    return True


def _faults(session: Session, unit: str, year: int, purpose: str, fresh: Mapping[str, Any]) -> list[FieldError]:
    found: list[FieldError] = []
    if session.execute(select(col(Unit.code)).where(col(Unit.code) == unit)).first() is None:
        found.append(FieldError("unit_code", "field.unknown_code", {"value": unit}))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        params = {"value": str(year), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        found.append(FieldError("year", "need.bad_year", params))
    if not purpose.strip():
        found.append(FieldError("purpose", "field.required"))
    if fresh["asked_yuan"] is None:
        found.append(FieldError("asked_yuan", "field.required"))
    elif fresh["asked_yuan"] < 0 or (fresh["granted_yuan"] or 0) < 0:
        found.append(FieldError("asked_yuan", "field.negative"))
    if fresh["granted_yuan"] and not str(fresh["doc_no"]).strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    return found


_table = WorkFund.metadata.tables["work_funds"]
