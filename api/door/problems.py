"""Errors as RFC 9457 problem documents, in the asked language."""

import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.door.context import request_language
from api.door.origin import HEADER, origin_of_request
from api.door.typed_words import typed_words
from api.schemas.typed import REFUSED
from api.schemas.values import shown
from portfolio.core.errors import FieldError, PortfolioError, StaleError, TooManyError, UnauthenticatedError
from portfolio.core.i18n import error_text, fault_text
from portfolio.core.outages import outage
from portfolio.core.settings import body_limit
from portfolio.core.traces import trace_of

STATUS = {
    "not_found": 404,
    "invalid": 422,
    "conflict": 409,
    "stale": 412,
    "precondition_required": 428,
    "unauthenticated": 401,
    "forbidden": 403,
    "too_many": 429,
    "too_large": 413,
    "unreadable": 400,
    "not_ready": 503,
    "error": 500,
}
HTTP_CODES = {
    404: "request.not_found",
    405: "request.bad_method",
    400: "request.bad_json",
    413: "request.too_large",
}
REQUIRED = {"missing", "string_too_short"}
OWN = {"bad_day", "bad_month", REFUSED}  # the kinds of fault that `api.schemas.values` and `api.schemas.typed` tell
log = logging.getLogger("portfolio.api")


def install(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document."""
    app.add_exception_handler(PortfolioError, _portfolio)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _internal)
    app.add_exception_handler(Exception, _internal)


def problem(
    request: Request,
    status: int,
    code: str,
    fields: list[dict[str, str]] | None = None,
    current: Any = None,
    /,
    **params: Any,
) -> Response:
    """The problem document of `code`, with the id of the request it answers."""
    number = origin_of_request(request).request_id
    detail = error_text(code, request_language(request), params)
    body: dict[str, Any] = {
        "type": f"urn:portfolio:{code}",
        "title": detail,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": number,
    }
    if fields:
        body["errors"] = fields
    if current is not None:
        body["current"] = current
    return Response(orjson.dumps(body), status, {HEADER: number}, "application/problem+json")


def _portfolio(request: Request, error: Exception) -> Response:
    assert isinstance(error, PortfolioError)
    lang = request_language(request)
    fields = [field_json(fault, lang) for fault in error.fields]
    current = request.app.state.shape_current(error.current) if isinstance(error, StaleError) else None
    response = problem(request, STATUS[error.kind], error.code, fields, current, **error.params)
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, UnauthenticatedError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def field_json(fault: FieldError, lang: str) -> dict[str, str]:
    """A fault of a field with its message."""
    field = fault.field.replace("_yuan", "_wan")
    return {"field": field, "code": fault.code, "message": fault_text(fault, lang)}


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    lang = request_language(request)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(request, 400, "request.bad_json")
    if isinstance(error.body, bytes):
        return problem(request, 415, "request.bad_media")
    return problem(request, 422, "request.invalid", [_validation_field(item, lang) for item in error.errors()])


def _validation_field(item: dict[str, Any], lang: str) -> dict[str, str]:
    place = ".".join(shown(part) for part in item["loc"] if part not in ("body", "query", "path", "header"))
    if item["type"] in OWN:
        return field_json(FieldError(place, f"field.{item['type']}", item["ctx"]), lang)
    code = "field.required" if item["type"] in REQUIRED else "field.bad_type"
    return field_json(FieldError(place, code, {"detail": typed_words(item, lang)}), lang)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "request.not_found")
    limit = str(body_limit() >> 20)
    response = problem(request, error.status_code, code, limit=limit)
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """What the address asked for takes: several routes may share it."""
    every = list(iter_route_contexts(request.app.routes))
    matching = [str(one.path) for one in every if one.matches(request.scope)[0] != Match.NONE]
    path = min(matching, key=lambda one: one.count("{"), default="")  # the address itself before a pattern of it
    return {method for one in every if one.path == path for method in one.methods or ()}


def _internal(request: Request, error: Exception) -> Response:
    """What keeps the database from answering is told as it is (503), all else as a fault of ours (500)."""
    number, code = origin_of_request(request).request_id, outage(error)
    log.error("failed: request %s, %s %s\n%s", number, request.method, request.url.path, trace_of(error))
    if code is not None:
        return problem(request, 503, code)
    return problem(request, 500, "server.internal", id=number)
