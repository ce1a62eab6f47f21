"""What the OpenAPI document says of every operation: each status it can give, each as what it is.

Written once from what an operation takes (its parameters, its body), not by hand beside 180 routes. The examples of
requests and answers are files beside this module, by operation.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.schemas.records import Problem
from portfolio.core.i18n import error_text

JSON, PROBLEM = "application/json", "application/problem+json"
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
# An error that each status may tell, for its example; its words are those of the English catalogue.
EXAMPLE_CODES: dict[str, tuple[str, dict[str, str]]] = {
    "400": ("request.bad_json", {}),
    "401": ("people.sign_in_first", {}),
    "403": ("access.refused", {}),
    "404": ("project.not_found", {"code": "GX-2018-0206"}),
    "409": ("people.last_administrator", {"value": "li.si"}),
    "412": ("project.stale", {"code": "GX-2018-0206"}),
    "413": ("request.too_large", {"limit": "50"}),
    "415": ("request.bad_media", {}),
    "422": ("request.invalid", {}),
    "428": ("request.no_if_match", {}),
    "429": ("people.too_many", {"seconds": "30"}),
    "503": ("server.busy", {}),
}
EXAMPLES = Path(__file__).parent / "examples"
ALWAYS = {"401", "403", "404", "409", "422", "429", "503"}
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
    components["schemas"] = {**schemas, **_problem_schemas()}
    components["responses"] = {
        f"Problem{status}": _example(status, _problem(words)) for status, words in MEANING.items()
    }
    examples = _examples()
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(path, item[method])
                _exemplify(item[method], examples.get(item[method]["operationId"], {}))
    return document


def _examples() -> dict[str, dict[str, Any]]:
    """What is sent to an operation (`request`) and what it answers (`answer`), by the operation's name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(EXAMPLES.glob("*.json")):
        found |= orjson.loads(path.read_bytes())
    return found


def _exemplify(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Put an operation's example beside its shapes."""
    taken = operation.get("requestBody", {}).get("content", {})
    if JSON in taken and "request" in example:
        taken[JSON]["example"] = example["request"]
    for status, answered in operation["responses"].items():
        if status.startswith("2") and "answer" in example and JSON in answered.get("content", {}):
            answered["content"][JSON]["example"] = example["answer"]


def statuses(path: str, operation: dict[str, Any]) -> set[str]:
    """Every status of a problem that an operation can give."""
    if not path.startswith("/api/v1/"):
        return {"503"} if operation.get("operationId") == "ready" else set()
    found = set(ALWAYS)
    taken = operation.get("requestBody", {}).get("content", {})
    if taken:
        found |= {"400", "413"}
    if JSON in taken:
        found.add("415")
    if any(one["in"] == "header" and one["name"].lower() == "if-match" for one in operation.get("parameters", ())):
        found |= {"412", "428"}
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    operation["summary"] = _summary(operation)
    answers = operation["responses"]
    if str(answers.get("422", "")).find("HTTPValidationError") >= 0:
        del answers["422"]
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
    return {"description": words, "content": {PROBLEM: {"schema": schema}}}


def _example(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` with an example of the problem."""
    code, params = EXAMPLE_CODES[status]
    words = error_text(code, "en", params)
    example: dict[str, Any] = {
        "type": f"urn:portfolio:{code}",
        "title": words,
        "status": int(status),
        "code": code,
        "detail": words,
        "request_id": "0f0c1f1f5a5e4c55a2d1e3b1c7a94d10",
    }
    if status == "422":
        code = "field.required"
        fault = {"field": "name_zh", "code": code, "message": error_text(code, "en", {"detail": ""})}
        example["errors"] = [fault]
    answer["content"][PROBLEM]["example"] = example
    return answer


def _problem_schemas() -> dict[str, Any]:
    whole = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**whole.pop("$defs", {}), "Problem": whole}
