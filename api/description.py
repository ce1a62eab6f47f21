"""What the OpenAPI document says of every operation: each status it can give, each as what it is.

Written once from what an operation takes (its parameters, its body), not by hand beside 180 routes.
"""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.schemas.records import Problem

METHODS = ("get", "put", "post", "patch", "delete")
MEANING = {
    "400": "The request or a file in it cannot be read",
    "401": "Nobody is signed in, or the proof does not hold",
    "403": "The caller may not do this",
    "404": "There is no such thing, or not within the caller's reach",
    "409": "What is stored contradicts the request",
    "412": "The record changed since it was read; the answer holds it as it is now",
    "413": "The body is larger than the product takes",
    "415": "The body is not JSON",
    "422": "Fields have faults; all of them are listed",
    "428": "A change needs If-Match",
    "429": "Too many tries; Retry-After says how many seconds to wait",
    "503": "The database is busy or away",
}
ALWAYS = {"401", "403", "404", "409", "422", "429", "503"}
RECORD = {"type": "object", "title": "Record", "description": "A JSON object", "additionalProperties": True}
OWN_422 = {"HTTPValidationError", "ValidationError"}  # the framework's, which no route answers with


def install(app: FastAPI) -> None:
    """Let `app` describe itself with every status it can give."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(
                get_openapi(title=app.title, version=app.version, routes=app.routes, summary=app.summary)
            )
        return app.openapi_schema

    # The framework's documented way to replace it; to a type checker a method is no attribute.
    own: Any = app
    own.openapi = document


def described(document: dict[str, Any]) -> dict[str, Any]:
    """`document` with the problems of every operation, and no answer without a schema or with a wrong one."""
    components = document.setdefault("components", {})
    schemas = {name: kept for name, kept in components.get("schemas", {}).items() if name not in OWN_422}
    components["schemas"] = {**schemas, **_problem_schemas(), "Record": RECORD}
    components["responses"] = {f"Problem{status}": _problem(words) for status, words in MEANING.items()}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(path, item[method])
    return document


def statuses(path: str, operation: dict[str, Any]) -> set[str]:
    """Every status of a problem that an operation can give."""
    if not path.startswith("/api/v1/"):
        return {"503"} if operation.get("operationId") == "ready" else set()
    found = set(ALWAYS)
    taken = operation.get("requestBody", {}).get("content", {})
    if taken:
        found |= {"400", "413"}
    if "application/json" in taken:
        found.add("415")
    if any(one["in"] == "header" and one["name"].lower() == "if-match" for one in operation.get("parameters", ())):
        found |= {"412", "428"}
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    operation["summary"] = _summary(operation)
    answers = operation["responses"]
    if str(answers.get("422", "")).find("HTTPValidationError") >= 0:
        del answers["422"]
    for status, answer in answers.items():
        if status.startswith("2"):
            for media, content in answer.get("content", {}).items():
                if media == "application/json" and not content.get("schema"):
                    content["schema"] = {"$ref": "#/components/schemas/Record"}
    _require_if_match(operation)
    for status in sorted(statuses(path, operation)):
        if status in answers:  # a route says more of it: its own shape stands beside the problem
            answers[status].setdefault("content", {}).update(_problem("")["content"])
        else:
            answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def _summary(operation: dict[str, Any]) -> str:
    """What the operation does, once in the whole document: its name (`list_projects`), or the first words of its text.

    The framework takes the function's name, which is `index` fourteen times.
    """
    words: list[str] = operation["operationId"].split("_")
    if len(words) > 1:
        return " ".join(words).capitalize()
    return re.split(r"[.;:]", operation.get("description", words[0]))[0].strip()


def _require_if_match(operation: dict[str, Any]) -> None:
    """If-Match is asked for wherever it is taken, but where If-None-Match may stand for it."""
    headers = {one["name"].lower(): one for one in operation.get("parameters", ()) if one["in"] == "header"}
    if "if-match" in headers and "if-none-match" not in headers:
        headers["if-match"] |= {"required": True, "schema": {"type": "string", "title": "If-Match"}}


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _problem_schemas() -> dict[str, Any]:
    whole = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**whole.pop("$defs", {}), "Problem": whole}
