"""The review, the plan, envelopes, financing and details over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from tests.api.test_api import problem
from tests.support.api import api_client

PROJECT, OTHER = "GX-2018-0207", "GX-2018-0206"
WAN = 10_000


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with transaction(engine) as session:
        _ask(session, PROJECT, ("fund.local_budget.region", 300), ("fund.tbd", 100))
        _ask(session, OTHER, ("fund.local_budget.region", 200))
    with api_client(engine) as opened:
        yield opened


def _ask(session: Session, code: str, *needs: tuple[str, int]) -> None:
    save_needs(session, LOCAL_OWNER, EVERYTHING, code, [NeedEdit(item, 2026, wan * WAN) for item, wan in needs])


def post(client: TestClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1{path}", json=body)


def test_finance_works_through_a_round(client: TestClient) -> None:
    pool = {"code": "B26", "item": "fund.local_budget.region", "year": 2026, "region_code": "450000", "level": "region"}
    post(client, "/pools", **pool, kind="budget", quantity=450, doc_no="桂财建〔2026〕1号", on_date="2026-01-05")
    assert post(client, "/rounds", code="2026", year=2026).json() == {"code": "2026", "lines": 3}
    problem(post(client, "/rounds", code="2026", year=2026), 409, "finance.round_exists")
    filtered = {"filter": {"item": "fund.local_budget"}, "kind": "propose", "percent": 80, "reason": "over_envelope"}
    problem(post(client, "/rounds/2026/decisions", **filtered), 422, "finance.expected_required")
    problem(post(client, "/rounds/2026/decisions", **filtered, expected=3), 409, "ledger.list_changed")
    assert post(client, "/rounds/2026/decisions", **filtered, expected=2).json() == {"decided": 2}
    lines = client.get("/api/v1/rounds/2026/lines", params={"state": "proposed"}).json()["items"]
    assert [(line["asked_wan"], line["proposed_wan"]) for line in lines] == [(200, 160), (300, 240)]
    grant = {
        "lines": [line["id"] for line in lines],
        "pool": "B26",
        "doc_no": "桂财建〔2026〕9号",
        "on_date": "2026-02-01",
    }
    assert post(client, "/rounds/2026/grants", **grant).status_code == 201
    problem(post(client, "/rounds/2026/grants", **grant), 422, "finance.invalid")
    total = client.get("/api/v1/rounds/2026/totals/all").json()["items"][0]
    assert [total[f"{name}_wan"] for name in ("asked", "proposed", "granted", "trimmed", "gap")] == [
        600,
        400,
        400,
        100,
        200,
    ]
    steps = client.get(f"/api/v1/rounds/2026/lines/{lines[0]['id']}/decisions").json()["items"]
    assert [(step["kind"], step["amount_wan"]) for step in steps] == [("propose", 160), ("grant", 160)]
    by_level = client.get("/api/v1/rounds/2026/totals/level").json()["items"]
    assert {row["level"]: row["asked_wan"] for row in by_level} == {"market": 100, "region": 500}
    gaps = client.get("/api/v1/funding", params={"of_year": 2026}).json()["items"]
    assert [(row["project"], row["gap_wan"], row["certainty"]) for row in gaps] == [
        (PROJECT, 160, "part_funded"),
        (OTHER, 40, "part_funded"),
    ]
    plan = client.get("/api/v1/capital-plan", params={"first_year": 2026}).json()["items"]
    assert {row["code"]: (row["y2026_wan"], row["total_wan"], row["granted_y2026_wan"]) for row in plan} == {
        PROJECT: (400, 400, 240),
        OTHER: (200, 200, 160),
    }
    assert client.post("/api/v1/rounds/2026/closing").json()["state"] == "closed"


def test_a_returned_line_asks_again(client: TestClient) -> None:
    post(client, "/rounds", code="2026", year=2026)
    (line,) = client.get("/api/v1/rounds/2026/lines", params={"item": "fund.tbd"}).json()["items"]
    back = {"lines": [line["id"]], "kind": "return", "reason": "wrong_source", "version": 1}
    assert post(client, "/rounds/2026/decisions", **back).json() == {"decided": 1}
    problem(post(client, "/rounds/2026/decisions", **back), 412, "finance.stale")
    again = post(client, f"/rounds/2026/lines/{line['id']}/resubmission", note="已改")
    assert again.json() == {"asked_wan": 100}
    problem(client.get("/api/v1/rounds/none/lines"), 404, "finance.no_round")


def test_envelopes_are_set_and_rolled(client: TestClient) -> None:
    body = {"own_wan": 1000, "doc_no": "桂财预〔2026〕1号"}
    assert client.put("/api/v1/envelopes/region/2026", json=body).status_code == 200
    problem(client.put("/api/v1/envelopes/moon/2026", json=body), 422, "finance.invalid")
    assert client.put("/api/v1/envelopes/region/2025", json=body).status_code == 200
    (level,) = client.post("/api/v1/envelopes/2025/rolling").json()["items"]
    assert (level["delivered"], level["carried"]) == (None, None)
    pool = {"code": "B25", "item": "fund.local_budget.region", "year": 2025, "region_code": "450000", "level": "region"}
    post(client, "/pools", **pool, kind="budget", quantity=450, doc_no="桂财建〔2025〕1号", on_date="2025-01-05")
    granted = {"kind": "grant", "pool": "B25", "quantity": 300, "on_date": "2025-02-01", "project": PROJECT}
    made = post(client, "/ledger", entries=[{**granted, "doc_no": "桂财建〔2025〕2号", "confirmed": True}])
    assert made.status_code == 201, made.text
    (level,) = client.post("/api/v1/envelopes/2025/rolling").json()["items"]
    assert (level["delivered"], level["carried"]) == (0, 1000)
    rows = client.get("/api/v1/envelopes").json()["items"]
    assert [(row["year"], row["own_wan"], row["carried_wan"], row["asked_wan"]) for row in rows] == [
        (2025, 1000, 0, 0),
        (2026, 1000, 1000, 500),
    ]


def test_a_running_envelope_needs_who_closes_it(client: TestClient) -> None:
    year = today().year
    body = {"own_wan": 1000, "doc_no": "桂财预〔2026〕1号"}
    assert client.put(f"/api/v1/envelopes/region/{year}", json=body).status_code == 200
    problem(client.post(f"/api/v1/envelopes/{year}/rolling"), 422, "finance.invalid")
    declared = {"closed_by": "张三", "closed_reason": "国库已关账"}
    assert client.post(f"/api/v1/envelopes/{year}/rolling", json=declared).status_code == 200


def test_what_was_invested_is_stated_year_by_year(client: TestClient) -> None:
    last = today().year - 1
    stated = [{"year": last, "kind": "to_date", "amount_wan": 420.5}]
    stated.append({"year": last + 1, "kind": "expected", "amount_wan": 80})
    path = f"/api/v1/projects/{PROJECT}/yearly"
    shown = client.get(path).json()
    assert shown == {"figures": [], "completed_to_last_year_wan": None, "expected_this_year_wan": None}
    body = client.put(path, json={"figures": stated}).json()
    assert (body["completed_to_last_year_wan"], body["expected_this_year_wan"]) == (420.5, 80)
    back = {"figures": [{"year": last, "kind": "to_date", "amount_wan": None}]}
    assert [one["kind"] for one in client.put(path, json=back).json()["figures"]] == ["expected"]
    coming = {"figures": [{"year": last + 2, "kind": "completed", "amount_wan": 1}]}
    problem(client.put(path, json=coming), 422, "finance.invalid")


def test_financing_is_checked_and_suggested(client: TestClient) -> None:
    bond = {"instrument": "special_bond", "amount_wan": 5000, "first_year": 2026, "status": "planned", "cover": 1.1}
    made = post(client, f"/projects/{PROJECT}/financing", **bond)
    number = made.json()["id"]
    body = client.get(f"/api/v1/projects/{PROJECT}/financing").json()
    assert {one["code"]: one["ok"] for one in body["checks"]}["bond_cover"] is False
    assert body["records"][0]["cover"] == 1.1
    path = f"/api/v1/projects/{PROJECT}/financing/{number}"
    assert client.patch(path, json={"cover": 1.2}, headers={"If-Match": '"1"'}).status_code == 200
    problem(client.patch(path, json={"cover": 1.3}, headers={"If-Match": '"1"'}), 412, "finance.stale")
    assert client.delete(path).status_code == 204
    problem(post(client, f"/projects/{PROJECT}/financing", instrument="gift"), 422, "finance.invalid")
    capacity = client.put("/api/v1/fiscal-capacity/450500/2026", json={"budget_wan": 9, "doc_no": "x"})
    assert capacity.json()["budget_wan"] == 9


def test_mismatches_name_money_without_hectares(client: TestClient, engine: Engine) -> None:
    with transaction(engine) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("land.built", 2026, 50_000)])
    rows = client.get("/api/v1/mismatches", params={"of_year": 2026, "as_of": "2026-01-01"}).json()["items"]
    assert [(row["project"], row["kind"], row["needed_ha"]) for row in rows] == [(PROJECT, "money_without_area", 5)]


def test_work_funds_of_units(client: TestClient) -> None:
    line = {"unit_code": "GX-DOT", "year": 2026, "purpose": "三省区联席会议", "asked_wan": 50}
    assert post(client, "/work-funds", **line).json() == {"changed": True}
    assert client.get("/api/v1/work-funds").json()["items"][0]["asked_wan"] == 50


def test_details_of_land(client: TestClient) -> None:
    path = f"/api/v1/projects/{PROJECT}/details"
    tag = client.get(path).headers["etag"]
    edits = [{"item": "land", "attribute": "collective", "value": "1.5"}]
    saved = client.patch(path, json={"edits": edits}, headers={"If-Match": tag}).json()
    assert saved == {
        "items": [{"item": "land", "attribute": "collective", "value": "1.5", "basis": "reported"}],
        "findings": [],
    }
    problem(client.patch(path, json={"edits": edits}, headers={"If-Match": tag}), 412, "need.stale")
    assert client.get("/api/v1/attributes").json()["total"] > 15
