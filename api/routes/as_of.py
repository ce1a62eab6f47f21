"""`?as_of=`: a project, its needs, steps and money as they stood at the end of a day or at an instant."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import WithJsonSchema
from sqlmodel import Session

from api.door.shapes import need_json, project_json
from api.routes.finance import record_json
from api.routes.ledger import entry_json
from api.routes.review import decision_json
from api.schemas.values import read_day
from portfolio.access.rules import Scope
from portfolio.core.clock import LOCAL_ZONE
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.core.formatting import moment
from portfolio.core.frames import records
from portfolio.core.i18n import DEFAULT_LANGUAGE
from portfolio.finance.as_of import MoneyThen, money_as_of
from portfolio.needs.as_of import Standing, end_of, project_as_of
from portfolio.readiness.as_of import steps_as_of

FORMS = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
AsOf = Annotated[
    Annotated[str, WithJsonSchema(FORMS)] | None,
    Query(description="YYYY-MM-DD (end of that day) or an ISO 8601 instant, in the offices' zone when it names none"),
]
CURRENT_ONLY = ("version", "needs_version")


def parse_as_of(text: str) -> datetime:
    """The instant asked for; one without a zone is meant in the offices'. Raises `InvalidError`."""
    try:
        day = read_day(text[: len("YYYY-MM-DD")])
        if len(text) == len("YYYY-MM-DD"):
            return end_of(day)
        # A plus sign that was not escaped arrives as a space.
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except (ValueError, OverflowError):  # also what `read_day` raises
        raise InvalidError("request.invalid", [FieldError("as_of", "ledger.bad_date", {"value": text})]) from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL_ZONE)


def project_then(session: Session, scope: Scope, code: str, as_of: str) -> dict[str, Any]:
    """A project of then as JSON, with its steps, financing records, decisions and ledger entries up to then, and what
    cannot be told.
    """
    found = _standing(session, scope, code, as_of)
    shown = {name: value for name, value in project_json(found.project or {}).items() if name not in CURRENT_ONLY}
    said = steps_as_of(session, scope, code, found.at)
    return {
        **shown,
        "not_applicable": found.not_applicable,
        "steps": [{"step": step, **values} for step, values in said.items()],
        **_money_json(money_as_of(session, scope, code, found.at)),
        **_marks(found),
    }


def _money_json(money: MoneyThen) -> dict[str, Any]:
    return {
        "financing": [record_json(one) for one in money.records],
        "decisions": [decision_json(one) for one in money.decisions],
        "ledger_entries": [entry_json(one) for one in money.entries],
    }


def needs_then(session: Session, scope: Scope, code: str, as_of: str) -> dict[str, Any]:
    """The needs of then as JSON, with what cannot be told."""
    found = _standing(session, scope, code, as_of)
    rows = [{n: v for n, v in need_json(row).items() if n != "version"} for row in records(found.needs)]
    body = {"items": rows, "next": None, "total": len(rows), "not_applicable": found.not_applicable}
    return {**body, **_marks(found)}


def _marks(found: Standing) -> dict[str, Any]:
    return {"as_of": found.at.isoformat(), "not_reconstructed": list(found.lost)}


def _standing(session: Session, scope: Scope, code: str, as_of: str) -> Standing:
    found = project_as_of(session, scope, code, parse_as_of(as_of))
    since = moment(found.known_from, DEFAULT_LANGUAGE)
    if found.unknown:
        raise ConflictError("journal.not_known_then", code=code, since=since)
    if found.project is None:
        raise NotFoundError("journal.not_there_then", code=code, since=since)
    return found
