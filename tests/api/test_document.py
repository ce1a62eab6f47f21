"""The API's document is true of every operation: found by sending what it says, and what it does not."""

import json
import logging
import os
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api import description
from api.routes import jobs
from portfolio.core.database import make_engine
from tests.support.api import lent_api
from tests.support.databases import Databases
from tests.support.filled import PROJECT, fill
from tests.support.fuzzing import tried

PARTS = 4  # so that the suite's processes share them
EXAMPLES = int(
    os.environ.get("DOCUMENT_EXAMPLES", "3")
)  # more by hand: DOCUMENT_EXAMPLES=100 pytest tests/api/test_document.py
METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def app(sqlite_databases: Databases) -> Iterator[FastAPI]:
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    with lent_api(engine) as lent, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "revive", lambda engine: None)  # what is asked for is queued; nobody solves it here
        with TestClient(lent) as client:
            fill(client)
        logging.disable(logging.ERROR)
        yield lent
        logging.disable(logging.NOTSET)
    engine.dispose()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_is_as_the_document_says(app: FastAPI, part: int) -> None:
    found = tried(app, EXAMPLES, lambda label: crc32(label.encode()) % PARTS == part)
    assert found.faults == []
    assert found.cases > 500
    assert {200, 404, 422} <= set(found.statuses)


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_status_is_a_problem_document(app: FastAPI) -> None:
    document = app.openapi()
    responses = document["components"]["responses"]
    for method, path, operation in operations(app):
        if not path.startswith("/api/v1/"):
            continue
        said = operation["responses"]
        expected = {"401", "403", "404", "409", "422", "429", "503"}
        if "requestBody" in operation:
            expected |= {"400", "413"}
        headers = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "header"}
        if "if-match" in headers:
            expected |= {"412", "428"}
            assert headers["if-match"]["required"] or "if-none-match" in headers
        assert expected <= set(said), (method, path)
        for status in expected:
            answer = said[status]
            answer = responses[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert "application/problem+json" in answer["content"], (method, path, status)


def test_every_answer_has_a_schema(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        for status, answer in operation["responses"].items():
            if status in ("200", "201", "202"):
                assert answer.get("content"), (method, path, status)
                for media, content in answer["content"].items():
                    assert "schema" in content, (method, path, media)
            elif status == "204":
                assert "content" not in answer


def test_what_stood_is_answered_in_the_shape_that_is_declared(app: FastAPI) -> None:
    """With and without `as_of`: an answer has exactly the fields of one of the declared shapes, each of its type."""
    document = app.openapi()
    step = {"status": "approved", "actual_on": "2026-01-31", "doc_no": "桂发改〔2026〕1号"}
    with TestClient(app) as client:
        told = client.put(f"/api/v1/projects/{PROJECT}/steps/eia", json=step, headers={"If-Match": '"0"'})
        assert told.is_success, told.text
        for path, now, beside, then in (
            ("/api/v1/projects/{code}", "ProjectDetail", "ProjectBesideDetail", "ProjectThen"),
            ("/api/v1/projects/{code}/needs", "ProjectNeeds", "ProjectNeeds", "NeedsThen"),
        ):
            schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            named = dict.fromkeys((now, beside, then))
            assert schema["anyOf"] == [{"$ref": f"#/components/schemas/{name}"} for name in named]
            then_asked = ("?as_of=2099-01-01", "?as_of=2099-01-01T12:00:00Z")
            for asked, name in (("", now), ("?include=proposed", beside), *((one, then) for one in then_asked)):
                body = client.get(path.replace("{code}", PROJECT) + asked).json()
                exact = document["components"]["schemas"][name]
                Draft202012Validator({**exact, "components": document["components"]}).validate(body)
                assert set(body) == set(exact["properties"]), (path, asked)
                for part, held in (("steps", "StepThen"), ("items", "NeedThen")):
                    if name == then and part in body:
                        assert body[part], part
                        assert {*body[part][0]} == set(document["components"]["schemas"][held]["properties"])


def test_every_operation_has_an_example_and_a_shape(app: FastAPI) -> None:
    """Each JSON body has an example that is true of its schema, and no answer is any object at all."""
    document = app.openapi()

    def true_of(place: str, content: dict[str, Any]) -> None:
        assert "example" in content, place
        schema = {**content["schema"], "components": document["components"]}
        faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(content["example"])]
        assert faults == [], place

    for method, path, operation in operations(app):
        place = f"{method} {path}"
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if sent:
            true_of(f"{place} request", sent)
        for status, answer in operation["responses"].items():
            given = answer.get("content", {}).get("application/json")
            if status.startswith("2") and given:
                true_of(f"{place} {status}", given)
                assert "$ref" in given["schema"] or "anyOf" in given["schema"], place
    for name, answer in document["components"]["responses"].items():
        true_of(name, answer["content"]["application/problem+json"])
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("properties") or schema.get("enum"), name


def test_every_example_is_of_an_operation(app: FastAPI) -> None:
    named = {operation["operationId"] for _, _, operation in operations(app)}
    files = description.EXAMPLES.glob("*.json")
    held = [name for path in files for name in json.loads(path.read_text(encoding="utf-8"))]
    assert sorted(held) == sorted(set(held))
    assert set(held) <= named


def test_every_number_has_bounds(app: FastAPI) -> None:
    """A number without them reaches the database at any length."""

    def unbounded(schema: Any, place: str) -> Iterator[str]:
        if isinstance(schema, list):
            for one in schema:
                yield from unbounded(one, place)
        if isinstance(schema, dict):
            if schema.get("type") == "integer" and not {"minimum", "maximum"} <= set(schema) and "const" not in schema:
                yield place
            for name, held in schema.items():
                yield from unbounded(held, f"{place}.{name}")

    document = app.openapi()
    sent = {name: one for name, one in document["components"]["schemas"].items() if name.endswith(("In", "Change"))}
    asked = {f"{m} {p}": one.get("parameters", []) for m, p, one in operations(app)}
    assert [*unbounded(sent, "body"), *unbounded(asked, "")] == []


def test_no_two_operations_or_models_bear_one_name(app: FastAPI) -> None:
    """A client made from the document has one function an operation and one class a model."""
    document = app.openapi()
    for named in (
        [operation["summary"] for _, _, operation in operations(app)],
        [operation["operationId"] for _, _, operation in operations(app)],
        [schema.get("title", name) for name, schema in document["components"]["schemas"].items()],
    ):
        assert sorted(named) == sorted(set(named))
    assert not [name for name in document["components"]["schemas"] if "__" in name]
    for method, path, operation in operations(app):
        assert len(operation["summary"].split()) > 1 or not path.startswith("/api/v1/"), (method, path)
        assert len(operation["description"]) > 19, (method, path)
