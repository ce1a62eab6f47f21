"""Readiness over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.api.test_api import problem
from tests.support.api import api_client

PROJECT = "GX-2018-0207"
STEP = f"/api/v1/projects/{PROJECT}/steps/land_precheck"
BODY = {"status": "approved", "actual_on": "2024-06-01", "doc_no": "桂自然资〔2024〕1号"}


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        yield opened


def test_a_step_is_saved_with_if_match(client: TestClient) -> None:
    tag = client.get(STEP).headers["etag"]
    assert tag == '"0"'
    problem(client.put(STEP, json=BODY), 428, "request.no_if_match")
    saved = client.put(STEP, json=BODY, headers={"If-Match": tag})
    assert (saved.status_code, saved.json()["valid_until"]) == (200, "2027-06-01")
    problem(client.put(STEP, json=BODY, headers={"If-Match": tag}), 412, "readiness.stale")
    bad = client.put(STEP, json={"status": "approved", "doc_no": ""}, headers={"If-Match": saved.headers["etag"]})
    assert {fault["field"] for fault in problem(bad, 422, "readiness.invalid")["errors"]} == {"doc_no"}


def test_the_checklist_has_its_path_and_its_sureness(client: TestClient) -> None:
    body = client.get(f"/api/v1/projects/{PROJECT}/readiness", params={"as_of": "2026-06-01", "seed": 5}).json()
    again = client.get(f"/api/v1/projects/{PROJECT}/readiness", params={"as_of": "2026-06-01", "seed": 5}).json()
    assert body == again
    assert body["sureness"]["p10"] <= body["sureness"]["p50"] <= body["sureness"]["p90"]
    assert body["holding"] in {step["step"] for step in body["steps"] if step["critical"]}
    assert body["template"]["assumed"] is True


def test_board_list_and_expiries_count_the_same(client: TestClient) -> None:
    board = client.get("/api/v1/readiness/board", params={"as_of": "2026-06-01"}).json()["items"]
    rows = client.get("/api/v1/readiness", params={"as_of": "2026-06-01", "limit": 5}).json()
    assert sum(row["projects"] for row in board) == rows["total"] == 401
    assert (len(rows["items"]), rows["next"]) == (5, "5")
    client.put(STEP, json=BODY, headers={"If-Match": '"0"'})
    listed = client.get("/api/v1/expiries", params={"first": "2027-01-01", "last": "2027-12-31"}).json()["items"]
    assert [(row["project"], row["valid_until"]) for row in listed] == [(PROJECT, "2027-06-01")]


def test_files_are_given_back_as_downloads_only(client: TestClient) -> None:
    files = {"file": ("批复.pdf", b"%PDF-1.7", "application/pdf")}
    number = client.post(f"{STEP}/attachments", files=files).json()["id"]
    got = client.get(f"/api/v1/projects/{PROJECT}/attachments/{number}")
    assert (got.content, got.headers["content-disposition"].split(";")[0]) == (b"%PDF-1.7", "attachment")
    problem(client.get(f"/api/v1/projects/GX-2018-0206/attachments/{number}"), 404, "attachment.not_found")
    evil = client.post(f"{STEP}/attachments", files={"file": ("x.html", b"<script>", "text/html")})
    problem(evil, 422, "attachment.invalid")
