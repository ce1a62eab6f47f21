"""Entry and review over HTTP: a record's way with If-Match, queue, batches, rounds, drafts; on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.door.context import identified
from portfolio.access.rules import Actor
from portfolio.people.identity import Identity
from tests.api.test_api import problem
from tests.reporting.people import CITY, LEADER_UNIT, OFFICE, PLANNER, READER
from tests.support.api import lent_api

RECORD = {
    "name_zh": "南宁示例码头",
    "kind": "berth",
    "nature": "new",
    "stage": "reserve",
    "capacity_zh": "两个千吨级泊位",
    "region_codes": ["450100"],
    "lead_unit": "GX-DOT",
    "total_investment_wan": 12000,
}
CONTACTS = [{"role": "responsible", "name": "张示例", "phone": "13800001234"}]
ROUND = {"code": "2027-1", "title_zh": "一季度更新", "opens_on": "2020-01-01", "due_on": "2020-03-31"}


class People:
    """A client that speaks as whom it is told to."""

    def __init__(self, app: Any, client: TestClient) -> None:
        self.app, self.client = app, client

    def __call__(self, actor: Actor) -> TestClient:
        self.app.dependency_overrides[identified] = lambda: Identity(actor)
        return self.client


@pytest.fixture
def people(engine: Engine) -> Iterator[People]:
    with lent_api(engine) as app, TestClient(app, raise_server_exceptions=False) as opened:
        yield People(app, opened)


@pytest.fixture
def code(people: People) -> str:
    made = people(OFFICE).post("/api/v1/projects", json=RECORD)
    assert made.status_code == 201, made.text
    found = str(made.json()["code"])
    headers = {"If-Match": made.headers["ETag"]}
    saved = people(OFFICE).patch(f"/api/v1/projects/{found}/profile", json={"contacts": CONTACTS}, headers=headers)
    assert saved.status_code == 200, saved.text
    return found


def step(client: TestClient, code: str, action: str, **said: str) -> Any:
    held = client.get(f"/api/v1/projects/{code}/workflow")
    headers = {"If-Match": held.headers["ETag"]}
    return client.post(f"/api/v1/projects/{code}/transitions", json={"action": action, **said}, headers=headers)


def test_record_goes_its_way(people: People, code: str) -> None:
    shown = people(OFFICE).get(f"/api/v1/projects/{code}/workflow").json()
    assert (shown["state"], [one["action"] for one in shown["actions"]]) == ("draft", ["submit"])
    assert shown["missing"] == []
    assert step(people(OFFICE), code, "submit").json()["step"] == "city"
    problem(people(OFFICE).patch(f"/api/v1/projects/{code}", json={}, headers={}), 428, "request.no_if_match")
    held = people(OFFICE).get(f"/api/v1/projects/{code}")
    change = people(OFFICE).patch(
        f"/api/v1/projects/{code}", json={"owner": "甲"}, headers={"If-Match": held.headers["ETag"]}
    )
    problem(change, 409, "workflow.submitted")
    assert step(people(CITY), code, "accept").json()["state"] == "under_review"
    assert step(people(LEADER_UNIT), code, "accept").json()["state"] == "accepted"
    steps = people(READER).get(f"/api/v1/projects/{code}/transitions").json()["items"]
    assert [one["action"] for one in steps] == ["accept", "accept", "submit", "create"]


def test_step_needs_the_standing_that_was_read(people: People, code: str) -> None:
    path = f"/api/v1/projects/{code}/transitions"
    problem(people(OFFICE).post(path, json={"action": "submit"}), 428, "request.no_if_match")
    stale = people(OFFICE).post(path, json={"action": "submit"}, headers={"If-Match": '"9"'})
    assert problem(stale, 412, "workflow.stale")["current"]["state"] == "draft"


def test_who_may_not_is_refused(people: People, code: str) -> None:
    step(people(OFFICE), code, "submit")
    problem(step(people(OFFICE), code, "accept"), 403, "access.refused")
    problem(step(people(CITY), "GX-2018-0002", "exit"), 403, "access.refused")
    answer = problem(step(people(CITY), code, "return"), 422, "workflow.invalid")
    assert [fault["field"] for fault in answer["errors"]] == ["reason"]


def test_queue_and_many_at_once(people: People, code: str) -> None:
    step(people(OFFICE), code, "submit")
    waiting = people(CITY).get("/api/v1/queue").json()["items"]
    assert [(one["code"], one["new"], one["unremarkable"]) for one in waiting] == [(code, True, False)]
    assert people(CITY).get("/api/v1/queue", params={"unit": "GX-DWR"}).json()["items"] == []
    sent = {"projects": [code, "GX-2018-0002"], "action": "accept"}
    taken = people(CITY).post("/api/v1/queue", json=sent, params={"lang": "en"}).json()["items"]
    assert [(one["done"], one.get("code", "")) for one in taken] == [(True, ""), (False, "workflow.no_way")]
    assert "library" in taken[1]["message"]


def test_comparison_is_in_outer_units(people: People) -> None:
    path = "/api/v1/projects/GX-2018-0002"
    held = people(OFFICE).get(path)
    body = {"total_investment_wan": 1.5}
    assert people(OFFICE).patch(path, json=body, headers={"If-Match": held.headers["ETag"]}).status_code == 200
    needs = people(OFFICE).get(f"{path}/needs")
    edits = {"edits": [{"item": "fund.central_budget", "year": 2027, "required": 2.5}]}
    people(OFFICE).patch(f"{path}/needs", json=edits, headers={"If-Match": needs.headers["ETag"]})
    found = people(CITY).get(f"{path}/comparison").json()
    assert found["fields"] == [{"field": "total_investment_wan", "before": None, "after": 1.5}]
    assert found["needs"] == [{"item": "fund.central_budget", "year": 2027, "before": None, "after": 2.5}]


def test_batches(people: People, code: str) -> None:
    body = {"category": "sea", "doc_no": "南发改[2027]5号", "title": "关于报送项目的函", "projects": [code]}
    answer = problem(people(OFFICE).post("/api/v1/batches", json=body), 422, "batch.invalid")
    assert [fault["field"] for fault in answer["errors"]] == [f"{code}.sea_related"]
    made = people(OFFICE).post("/api/v1/batches", json={**body, "category": "reserve"})
    assert (made.status_code, made.json()["doc_no"]) == (201, "南发改〔2027〕5号")
    assert people(CITY).get(made.headers["Location"]).json()["codes"] == [code]


def test_rounds_and_reminders_as_list_and_file(people: People, code: str) -> None:
    problem(people(OFFICE).post("/api/v1/rounds-of-reporting", json=ROUND), 403, "access.refused")
    made = people(PLANNER).post("/api/v1/rounds-of-reporting", json={**ROUND, "units": ["CITY-450100"]})
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    before = people(CITY).get(f"{path}/reminders").json()["items"][0]
    step(people(OFFICE), code, "submit")
    after = people(CITY).get(f"{path}/reminders").json()["items"][0]
    assert (after["reported"], after["outstanding"]) == (before["reported"] + 1, before["outstanding"] - 1)
    assert people(READER).get(f"{path}/reminders.csv").content.startswith("\ufeff填报单位".encode())
    assert people(READER).get(f"{path}/reminders.xlsx").content[:2] == b"PK"
    problem(people(READER).get(f"{path}/reminders.pdf"), 422, "export.bad_suffix")
    closed = {**{k: v for k, v in ROUND.items() if k != "code"}, "closed": True}
    problem(people(PLANNER).put(path, json=closed), 428, "request.no_if_match")
    changed = people(PLANNER).put(path, json=closed, headers={"If-Match": made.headers["ETag"]})
    assert changed.json()["closed"] is True


def test_drafts_are_kept_per_person(people: People, code: str) -> None:
    path = f"/api/v1/drafts/{code}"
    problem(people(OFFICE).get(path), 404, "draft.not_found")
    kept = people(OFFICE).put(path, json={"content": {"owner": "半"}, "base": {}})
    assert kept.json()["content"] == {"owner": "半"}
    problem(people(CITY).get(path), 404, "draft.not_found")
    assert people(OFFICE).delete(path).status_code == 204
    assert people(OFFICE).get("/api/v1/drafts").json()["total"] == 0


def test_people_of_a_record_and_duplicates(people: People, code: str) -> None:
    # What was never accepted is shown to who enters or reviews it, and to nobody else.
    assert people(OFFICE).get(f"/api/v1/projects/{code}/profile").json()["contacts"][0]["phone"] == "13800001234"
    problem(people(READER).get(f"/api/v1/projects/{code}/profile"), 404, "project.not_found")
    found = people(OFFICE).post("/api/v1/projects/duplicates", json={"name_zh": "南宁示例码头"}).json()["items"]
    assert [one["code"] for one in found][:1] == [code]


def test_home_of_an_office(people: People, code: str) -> None:
    shown = people(OFFICE).get("/api/v1/home").json()
    assert (shown["states"]["draft"], shown["waiting"]) == (1, None)
