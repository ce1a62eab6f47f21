"""Pools, entries, reversals and recoveries over HTTP, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.api.test_api import problem
from tests.support.api import api_client

PROJECT = "GX-2018-0207"
POOL = {
    "code": "用地-2019",
    "item": "land",
    "year": 2019,
    "region_code": "450000",
    "level": "region",
    "kind": "quota",
    "quantity": 10,
    "doc_no": "桂自然资发〔2019〕8号",
    "on_date": "2019-01-02",
    "valid_until": "2019-12-31",
}
LOCK = {"kind": "lock", "pool": "用地-2019", "project": PROJECT, "quantity": 4.5, "on_date": "2019-03-01"}


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        assert opened.post("/api/v1/pools", json=POOL).status_code == 201
        yield opened


def posted(client: TestClient, *entries: dict[str, Any]) -> Any:
    return client.post("/api/v1/ledger", json={"entries": list(entries)})


def test_a_quota_is_locked_granted_and_seen_on_any_day(client: TestClient) -> None:
    grant = {**LOCK, "kind": "grant", "quantity": 4, "on_date": "2019-05-01", "doc_no": "桂政土批函〔2019〕1号"}
    assert posted(client, LOCK, grant).status_code == 201
    pool = client.get("/api/v1/pools/用地-2019").json()
    assert (pool["free"], pool["locked"], pool["granted"], pool["total"], pool["unit"]) == (5.5, 0.5, 4, 10, "公顷")
    assert pool["carries"] is False
    marked = client.post("/api/v1/pools", json={**POOL, "code": "用地-2018", "year": 2018, "carries": True})
    assert (marked.status_code, marked.json()["carries"]) == (201, True)
    then = client.get("/api/v1/pools/用地-2019", params={"on": "2019-03-31"}).json()
    assert (then["free"], then["locked"], then["granted"]) == (5.5, 4.5, 0)
    life = client.get(f"/api/v1/projects/{PROJECT}/ledger").json()["items"]
    assert life == [
        {
            "item": "land",
            "year": 2019,
            "asked": 0,
            "reserved": 0.5,
            "granted": 4,
            "delivered": 0,
            "used": 0,
            "unit": "公顷",
        }
    ]
    rows = client.get("/api/v1/ledger", params={"project": PROJECT, "limit": 1}).json()
    assert (rows["items"][0]["kind"], rows["items"][0]["quantity"]) == ("grant", 4)
    older = client.get("/api/v1/ledger", params={"project": PROJECT, "after": rows["next"]}).json()
    assert [row["kind"] for row in older["items"]] == ["lock"]
    problem(client.delete(f"/api/v1/projects/{PROJECT}", headers={"If-Match": '"1"'}), 409, "project.in_use")


def test_a_batch_is_refused_whole_with_the_place_of_each_fault(client: TestClient) -> None:
    body = problem(posted(client, LOCK, {**LOCK, "quantity": 6}, {**LOCK, "pool": "?"}), 422, "ledger.invalid")
    assert [fault["field"] for fault in body["errors"]] == ["2.pool"]
    body = problem(posted(client, LOCK, {**LOCK, "quantity": 6}), 422, "ledger.invalid")
    assert [(fault["field"], fault["code"]) for fault in body["errors"]] == [("1.quantity", "ledger.overdrawn")]
    assert client.get("/api/v1/pools/用地-2019").json()["free"] == 10
    problem(client.post("/api/v1/pools", json=POOL), 409, "ledger.pool_exists")
    problem(client.get("/api/v1/pools/none"), 404, "ledger.pool_not_found")


def test_an_entry_is_reversed_once(client: TestClient) -> None:
    number = posted(client, LOCK).json()["ids"][0]
    body = {"on_date": "2019-04-01", "doc_no": "更正"}
    assert client.post(f"/api/v1/ledger/{number}/reversal", json=body).status_code == 201
    problem(client.post(f"/api/v1/ledger/{number}/reversal", json=body), 422, "ledger.invalid")
    problem(client.post("/api/v1/ledger/99999/reversal", json=body), 404, "ledger.entry_not_found")


def test_recovery_takes_back_what_was_listed(client: TestClient) -> None:
    posted(client, LOCK)
    listed = client.get("/api/v1/recoveries", params={"by": "2019-09-30"}).json()["items"]
    assert [(row["project"], row["quantity"], row["due_on"]) for row in listed] == [(PROJECT, 4.5, "2019-09-30")]
    body = {"by": "2019-09-30", "expected": 2, "on_date": "2019-10-08", "doc_no": "收回通知"}
    problem(client.post("/api/v1/recoveries", json=body), 409, "ledger.list_changed")
    assert client.post("/api/v1/recoveries", json={**body, "expected": 1}).status_code == 201
    assert client.get("/api/v1/pools/用地-2019").json()["free"] == 10


def test_the_matrix_is_the_pools_sum(client: TestClient) -> None:
    posted(client, LOCK, {**LOCK, "kind": "grant", "quantity": 3, "doc_no": "文号"})
    rows = client.get("/api/v1/accounts", params={"by": "city,year", "element": "land"}).json()["items"]
    assert [(row["city"], row["year"], row["reserved"], row["granted"]) for row in rows] == [("450500", 2019, 1.5, 3)]
    problem(client.get("/api/v1/accounts", params={"by": "colour"}), 422, "summary.bad_dimension")
