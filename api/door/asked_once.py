"""A parameter of one value is stated once: of two, nobody knows which is meant, and one of them would be dropped."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from portfolio.core.errors import FieldError, InvalidError


async def asked_once(request: Request) -> None:
    """Refuse a parameter that is stated twice where the route takes one value; raises `InvalidError`."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    twice = [name for name, count in given.items() if count > 1]
    if twice:
        listed = _lists(request)
        faults = [FieldError(name, "field.stated_twice") for name in twice if name not in listed]
        if faults:
            raise InvalidError("request.invalid", faults)


def _lists(request: Request) -> set[str]:
    """The parameters of the route asked that take any number of values, as the API's document says."""
    described: dict[str, Any] = request.app.openapi()["paths"]
    path = "/api/v1" + str(request.scope["route"].path_format)
    parameters = described.get(path, {}).get(request.method.lower(), {}).get("parameters", ())
    return {one["name"] for one in parameters if one["in"] == "query" and _is_list(one["schema"])}


def _is_list(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "array" or any(_is_list(one) for one in schema.get("anyOf", ()))
