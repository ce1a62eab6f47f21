"""Rows of the domain as JSON of the API, and back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import orjson
from fastapi import Response

from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.units import NotExactError, outer_number, to_base
from portfolio.projects.tables import FACTS, LINKS

UNIT = {"money": "万元", "area": "公顷"}
BASE_OF = {"money": "wan_yuan", "area": "ha"}
AMOUNT, AMOUNT_OUT = "total_investment_yuan", "total_investment_wan"
_PLAIN = tuple(name for name in (*FACTS, *LINKS, "city_code", "version", "needs_version") if name != AMOUNT)


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer made by the fast encoder."""
    return Response(orjson.dumps(body), status, headers=dict(headers or {}), media_type="application/json")


def project_json(project: Mapping[str, Any]) -> dict[str, Any]:
    """A project row as JSON."""
    record = {name: project[name] for name in _PLAIN}
    record[AMOUNT_OUT] = outer_number(project[AMOUNT], "money")
    return record


def need_json(need: Mapping[str, Any]) -> dict[str, Any]:
    """A need row as JSON."""
    return {
        "project": need["project"],
        "item": need["item"],
        "year": need["year"],
        "required": outer_number(need["required"], need["dimension"]),
        "unit": UNIT[need["dimension"]],
        "basis": need["basis"],
        "version": need["revision"] or 0,
    }


def current_json(record: Any) -> Any:
    """The current record a stale writer is shown."""
    if isinstance(record, Mapping) and AMOUNT in record:
        return project_json(record)
    return record


def base(value: float, dimension: str, field: str) -> int:
    """A JSON number of 万元 or 公顷 as base units; more than four decimals is a fault of `field`."""
    try:
        return to_base(Decimal(str(value)), BASE_OF[dimension])
    except NotExactError:
        raise InvalidError("request.invalid", [FieldError(field, "field.not_exact", {"value": str(value)})]) from None
    except ValueError:
        raise InvalidError("request.invalid", [FieldError(field, "field.too_large")]) from None


def project_values(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What a client sent as facts of the domain."""
    values = {name: value for name, value in sent.items() if name not in (AMOUNT_OUT, "reason")}
    for name in LINKS:
        if name in values:
            values[name] = tuple(values[name])
    if AMOUNT_OUT in sent:
        amount = sent[AMOUNT_OUT]
        values[AMOUNT] = None if amount is None else base(amount, "money", AMOUNT_OUT)
    return values


def page(items: Iterable[Any], following: str | None, total: int) -> Response:
    """A list answer."""
    return answer({"items": list(items), "next": following, "total": total})
