"""Editions over HTTP: rolled, decided, approved, compared; what is refused and with which status."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from tests.api.test_api import problem
from tests.rolling.conftest import CLOSED
from tests.support.api import api_client

PROJECT = "GX-2018-0207"
FACTS = {"stage": "under_construction", "start_month": "2026-03", "finish_month": "2029-06"}


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with transaction(engine) as session:
        update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, FACTS)
        edits = [NeedEdit("fund.own", year, 1_000_000) for year in (2026, 2027)]
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, edits)
    with api_client(engine) as opened:
        made = opened.post("/api/v1/editions", json={"code": "2026", "base_year": 2026})
        assert made.status_code == 201
        yield opened


def approve(client: TestClient, code: str) -> None:
    rows = client.get(f"/api/v1/editions/{code}/entries", params={"decision": "proposed"}).json()["items"]
    if rows:
        body = {"projects": [row["code"] for row in rows], "decision": "accepted"}
        assert client.post(f"/api/v1/editions/{code}/decisions", json=body).json() == {"decided": len(rows)}
    body = {"doc_no": "桂发改〔2026〕1号", "on_date": "2026-01-20", "person": "李审"}
    assert client.post(f"/api/v1/editions/{code}/approval", json=body).status_code == 200


def test_a_year_of_the_programme(client: TestClient) -> None:
    entry = next(row for row in client.get("/api/v1/editions/2026/entries").json()["items"] if row["code"] == PROJECT)
    assert (entry["category"], entry["rule"], entry["annual_wan"]) == ("continuing", "join_under_way", 100)
    coming = {"code": "2027", "base_year": 2027, "parent": "2026", **(CLOSED if today().year < 2027 else {})}
    problem(client.post("/api/v1/editions", json=coming), 422, "rolling.invalid")
    approve(client, "2026")
    nothing = {"figures": [{"year": 2026, "kind": "completed", "amount_wan": 0}]}
    assert client.put(f"/api/v1/projects/{PROJECT}/yearly", json=nothing).status_code == 200
    assert client.post("/api/v1/editions", json=coming).status_code == 201
    assert client.get("/api/v1/editions/2027/untold").json() == {
        **{"unreported": 0, "running": 0, "expected": 0},
        **{"unreported_wan": 0, "running_wan": 0},
    }
    shown = client.get("/api/v1/editions/2027").json()
    assert (shown["parent"], shown["state"], shown["annual_wan"]) == ("2026", "draft", 200)
    diff = client.get("/api/v1/editions/2026/diff/2027").json()
    assert (diff["bridge"]["actuals"], diff["bridge"]["carried"], diff["bridge"]["remainder"]) == (-100, 100, 0)
    assert (diff["annual"]["before"], diff["annual"]["carried"], diff["annual"]["after"]) == (100, 100, 200)
    assert (diff["window"]["year_leaves"], diff["window"]["carried"]) == (-100, 100)
    assert (diff["common"]["before"], diff["common"]["after"]) == (100, 200)
    totals = client.get("/api/v1/editions/2027/totals/category").json()["items"]
    assert sum(row["annual_wan"] for row in totals) == 200


def test_a_category_is_changed_with_if_match_and_a_reason(client: TestClient) -> None:
    path = f"/api/v1/editions/2026/entries/{PROJECT}/category"
    body = {"category": "preparatory", "reason": "征迁未完成"}
    problem(client.put(path, json=body), 428, "request.no_if_match")
    assert client.put(path, json=body, headers={"If-Match": '"1"'}).status_code == 200
    problem(client.put(path, json=body, headers={"If-Match": '"1"'}), 412, "rolling.stale")


def test_what_is_frozen_or_missing_is_refused(client: TestClient) -> None:
    problem(client.get("/api/v1/editions/none"), 404, "rolling.no_edition")
    problem(client.post("/api/v1/editions", json={"code": "2026", "base_year": 2026}), 409, "rolling.edition_exists")
    approve(client, "2026")
    problem(client.delete("/api/v1/editions/2026"), 409, "rolling.frozen")
    client.post("/api/v1/editions", json={"code": "other", "base_year": 2026})
    assert client.delete("/api/v1/editions/other").status_code == 204
    assert [row["code"] for row in client.get("/api/v1/editions").json()["items"]] == ["2026"]


def test_a_planners_year_over_http(client: TestClient) -> None:
    base = "/api/v1/editions/2026"
    body = {"annual_wan": 120, "content": "主体", "person": "张三", "curve_wan": {"3": 10, "6": 20, "9": 40, "12": 50}}
    steps = [{"name": "封顶", "due_month": "2026-09"}]
    path = f"{base}/entries/{PROJECT}/target"
    assert client.put(path, json={**body, "milestones": steps}, headers={"If-Match": '"1"'}).status_code == 200
    problem(client.put(path, json={"annual_wan": 1}, headers={"If-Match": '"2"'}), 422, "rolling.invalid")
    (item,) = client.get(f"{base}/annual-list").json()["items"]
    assert (item["annual_wan"], item["quarters"], item["milestones"]) == (
        120,
        [10, 30, 70, 120],
        [["封顶", "2026-09", None]],
    )
    (sums,) = client.get(f"{base}/annual-list/totals/city").json()["items"]
    assert (sums["group"], sums["annual_wan"]) == (item["city_code"], 120)
    for suffix in ("xlsx", "docx"):
        assert client.get(f"{base}/annual-list.{suffix}").content[:2] == b"PK"
    problem(client.get(f"{base}/annual-list.pdf"), 404, "request.not_found")
    tasks = client.get(f"{base}/tasks").json()["items"]
    assert len(tasks) == 51
    assert len(client.get(f"{base}/tasks", params={"lacking": True}).json()["items"]) <= 51
    said = {"project": PROJECT, "unit": "GX-DOT", "words": "资金未落实", "required": True}
    problem(client.post(f"{base}/comments", json=said), 409, "rolling.not_in_consultation")
    client.post(f"{base}/step")
    number = client.post(f"{base}/comments", json=said).json()["comment"]
    assert client.post(f"{base}/comments/{number}/answer", json={"words": "已列"}).status_code == 200
    assert [row["state"] for row in client.get(f"{base}/comments").json()["items"]] == ["answered"]
    change = {"change": "exited", "reason_code": "will_lost"}
    path = f"{base}/entries/{PROJECT}/change"
    assert client.put(path, json=change, headers={"If-Match": '"2"'}).status_code == 200
    assert client.get(f"{base}/exits/reserves").json()["items"] == []
    added = client.post(f"{base}/entries", json={"project": "GX-2018-0206", "reason": "领导联系项目"})
    assert added.status_code == 201
    act = {"project": PROJECT, "list": "near_term", "year": 2026, "act": "proposed", "on_date": "2026-01-01"}
    act |= {"doc_no": "桂湾办〔2026〕3号", "person": "王芳"}
    assert client.post("/api/v1/project-lists", json={**act, "unit": "GX-BBW"}).status_code == 201
    (row,) = client.get("/api/v1/project-lists/near_term/2026").json()["items"]
    assert (row["GX-BBW"], row["listed"]) == ("proposed", False)
    approve(client, "2026")
    assert client.get(f"{base}/baselines").json()["items"] == []


def test_a_foreign_edition_over_http(client: TestClient) -> None:
    rows = f"code,name_zh,category,annual_investment\n{PROJECT},码头,续建,500\n"
    form = {"code": "P2025", "year": "2025", "doc_no": "桂发改〔2025〕1号", "on_date": "2025-02-01"}
    files = {"file": ("list.csv", rows.encode(), "text/csv")}
    assert client.post("/api/v1/edition-imports", data=form, files=files).json()["entries"] == 1
    wrong = {"file": ("list.csv", b"code,name_zh\nX-1,none\n", "text/csv")}
    refused = client.post("/api/v1/edition-imports", data={**form, "code": "P"}, files=wrong)
    assert (refused.status_code, refused.json()["findings"][0]["code"]) == (422, "unknown_project")


def test_entries_come_a_page_at_a_time_filtered_and_sorted(client: TestClient) -> None:
    path = "/api/v1/editions/2026/entries"
    client.post(path, json={"project": "GX-2018-0206", "reason": "领导联系项目"})
    first = client.get(path, params={"sort": "-code", "limit": 1}).json()
    assert ([row["code"] for row in first["items"]], first["total"]) == ([PROJECT], 2)
    second = client.get(path, params={"sort": "-code", "limit": 1, "after": first["next"]}).json()
    assert ([row["code"] for row in second["items"]], second["next"]) == (["GX-2018-0206"], None)
    by_rule = client.get(path, params={"rule": ["by_hand", "held"]}).json()
    assert [row["code"] for row in by_rule["items"]] == ["GX-2018-0206"]
    assert client.get(path, params={"q": PROJECT}).json()["total"] == 1
    city = first["items"][0]["city_code"]
    assert client.get(path, params={"city": city, "category": "continuing"}).json()["items"][0]["code"] == PROJECT
    assert client.get(path, params={"overridden": True}).json()["items"] == []
    problem(client.get(path, params={"sort": "colour"}), 422, "list.bad_sort")
    problem(client.get(path, params={"nothing": 1}), 422, "request.invalid")


def test_who_is_asked_answers_and_what_would_follow(client: TestClient) -> None:
    base, day = "/api/v1/editions/2026", (today() + timedelta(days=9)).isoformat()
    asked = {"units": {"GX-DOT": "", "GX-DLR": "张三"}, "due_on": day}
    assert client.post(f"{base}/step", json=asked).json() == {"code": "2026", "state": "consultation"}
    assert client.post(f"{base}/addressees", json={"units": {"GX-DOF": ""}, "due_on": day}).json() == {
        "asked": ["GX-DOF"]
    }
    assert client.post(f"{base}/reminders", json={"units": ["GX-DOT"]}).json() == {"reminded": ["GX-DOT"]}
    assert client.post(f"{base}/no-objection", json={"unit": "GX-DOF"}).json()["answer"] == "no_objection"
    rows = client.get(f"{base}/addressees").json()["items"]
    assert [(row["unit"], row["person"], row["answer"], row["reminders"]) for row in rows] == [
        ("GX-DNR", "张三", "waiting", 0),
        ("GX-DOT", "", "waiting", 1),
        ("GX-DOF", "", "no_objection", 0),
    ]
    assert client.get(f"{base}/addressees.xlsx").content[:2] == b"PK"
    ahead = client.get(f"{base}/approval").json()
    assert (ahead["entries"], ahead["silent"], ahead["replaced"]) == (1, ["GX-DNR", "GX-DOT"], None)
    body = {"doc_no": "桂发改〔2026〕1号", "on_date": "2026-01-20", "person": "李审", "mark": "0" * 16}
    problem(client.post(f"{base}/approval", json={**body, "person": ""}), 422, "rolling.invalid")
