"""The API route by route: good, invalid, missing, conflict; on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from portfolio.core.settings import get_settings
from tests.support.api import api_client

CODE = "GX-2018-0207"
P = f"/api/v1/projects/{CODE}"
NEED = f"/api/v1/needs/{CODE}/fund.tbd/2030"


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        yield opened


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


def test_list_pages_to_the_end(client: TestClient) -> None:
    seen, after = [], None
    while True:
        params: dict[str, Any] = {"limit": 150, "sort": "-total_investment", **({"after": after} if after else {})}
        body = client.get("/api/v1/projects", params=params).json()
        seen += [item["code"] for item in body["items"]]
        after = body["next"]
        if after is None:
            break
    assert body["total"] == len(set(seen)) == 401


def test_list_searches_in_chinese_and_filters(client: TestClient, engine: Engine) -> None:
    body = client.get("/api/v1/projects", params={"q": "码头", "kind": ["berth"], "region": "450500"}).json()
    assert [item["code"] for item in body["items"]] == [CODE]
    item = body["items"][0]
    assert (item["region_codes"], item["task_ids"], item["units"][0]) == (["450500"], ["T22"], "GX-DOT")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sort": "password"}, "list.bad_sort"),
        ({"after": "zzz"}, "list.bad_cursor"),
        ({"limit": "0"}, "request.invalid"),
        ({"limit": "1000"}, "request.invalid"),
        ({"colour": "red"}, "request.invalid"),
        ({"start_from": "2024年"}, "request.invalid"),
        ({"item": "gold"}, "item.not_found"),
    ],
)
def test_bad_list_parameters(client: TestClient, params: dict[str, str], code: str) -> None:
    problem(client.get("/api/v1/projects", params=params), 422, code)


def test_record_carries_etag_and_what_is_missing(client: TestClient) -> None:
    answer = client.get(P)
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert "total_investment_yuan" in answer.json()["missing"]
    problem(client.get("/api/v1/projects/GX-2018-9999"), 404, "project.not_found")


def test_message_in_the_asked_language(client: TestClient) -> None:
    address = "/api/v1/projects/GX-2018-9999"
    assert "没有编号" in client.get(address).json()["detail"]
    assert "There is no project" in client.get(address, headers={"Accept-Language": "en-GB,en"}).json()["detail"]
    assert "There is no project" in client.get(address, params={"lang": "en"}).json()["detail"]


def test_change_needs_the_current_etag(client: TestClient) -> None:
    etag = client.get(P).headers["etag"]
    problem(client.patch(P, json={"owner": "甲"}), 428, "request.no_if_match")
    changed = client.patch(P, json={"owner": "甲", "total_investment_wan": 12.5}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert (changed.json()["total_investment_wan"], changed.json()["investment_basis"]) == (12.5, "reported")
    stale = problem(client.patch(P, json={"owner": "乙"}, headers={"If-Match": etag}), 412, "project.stale")
    assert stale["current"]["owner"] == "甲"
    again = client.patch(P, json={"owner": None}, headers={"If-Match": changed.headers["etag"]})
    problem(again, 422, "request.invalid")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"kind": "castle", "start_month": "2024"}, {"kind", "start_month"}),
        ({"total_investment_wan": 1.00001}, {"total_investment_wan"}),
        ({"total_investment_wan": -1}, {"total_investment_wan"}),
        ({"colour": "red"}, {"colour"}),
        ({"lon": "far"}, {"lon"}),
    ],
)
def test_bad_change_names_every_field(client: TestClient, body: dict[str, Any], fields: set[str]) -> None:
    answer = client.patch(P, json=body, headers={"If-Match": client.get(P).headers["etag"]})
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert answer.status_code == 422


def test_broken_json(client: TestClient) -> None:
    headers = {"If-Match": "1", "Content-Type": "application/json"}
    problem(client.patch(P, content=b"{", headers=headers), 400, "request.bad_json")


def test_create_conflict_remove(client: TestClient) -> None:
    body = {"name_zh": "新泊位", "kind": "berth", "region_codes": ["450700"], "reason": "补录"}
    made = client.post("/api/v1/projects", json=body)
    assert made.status_code == 201
    address = made.headers["location"]
    problem(client.post("/api/v1/projects", json={"name_zh": "另", "code": CODE}), 409, "project.code_taken")
    problem(client.post("/api/v1/projects", json={"name_zh": ""}), 422, "project.invalid")
    entry = client.get(f"{address}/history").json()["items"][0]
    assert (entry["action"], entry["reason"], entry["actor"]) == ("create", "补录", "local")
    problem(client.delete(address), 428, "request.no_if_match")
    problem(client.delete(address, headers={"If-Match": '"77"'}), 412, "project.stale")
    assert client.delete(address, headers={"If-Match": made.headers["etag"]}).status_code == 204
    problem(client.get(address), 404, "project.not_found")


def test_need_life(client: TestClient) -> None:
    problem(client.get(NEED), 404, "need.not_found")
    problem(client.put(NEED, json={"required": 5}), 428, "request.no_if_match")
    made = client.put(NEED, json={"required": 5.25}, headers={"If-None-Match": "*"})
    assert (made.json()["required"], made.json()["unit"]) == (5.25, "万元")
    problem(client.put(NEED, json={"required": 6}, headers={"If-None-Match": "*"}), 412, "need.stale")
    changed = client.put(NEED, json={"required": 0}, headers={"If-Match": made.headers["etag"]})
    assert changed.json()["required"] == 0
    problem(client.put(NEED, json={"required": 7}, headers={"If-Match": made.headers["etag"]}), 412, "need.stale")
    problem(
        client.put(NEED, json={"required": -1}, headers={"If-Match": changed.headers["etag"]}), 422, "request.invalid"
    )
    parent = f"/api/v1/needs/{CODE}/fund/2030"
    problem(client.put(parent, json={"required": 1}, headers={"If-None-Match": "*"}), 422, "need.invalid")
    assert client.delete(NEED, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    problem(client.get(NEED), 404, "need.not_found")


def test_batch_of_needs_is_all_or_none(client: TestClient) -> None:
    address = f"{P}/needs"
    etag = client.get(address).headers["etag"]
    edits = [{"item": "fund.tbd", "year": 2030, "required": 1}, {"item": "forest", "required": "not_applicable"}]
    bad = [*edits, {"item": "fund", "year": 2030, "required": 1}]
    assert client.patch(address, json={"edits": bad}, headers={"If-Match": etag}).status_code == 422
    saved = client.patch(address, json={"edits": edits}, headers={"If-Match": etag}).json()
    assert (saved["total"], saved["not_applicable"]) == (1, ["forest"])
    problem(client.patch(address, json={"edits": edits}, headers={"If-Match": etag}), 412, "need.stale")


def test_needs_list_pages(client: TestClient) -> None:
    etag = client.get(f"{P}/needs").headers["etag"]
    edits = [{"item": "fund.tbd", "year": year, "required": year} for year in range(2021, 2031)]
    client.patch(f"{P}/needs", json={"edits": edits}, headers={"If-Match": etag})
    first = client.get("/api/v1/needs", params={"item": "fund", "limit": 6}).json()
    rest = client.get("/api/v1/needs", params={"item": "fund", "limit": 6, "after": first["next"]}).json()
    years = [item["year"] for item in first["items"] + rest["items"]]
    assert (years, first["total"], rest["next"]) == (list(range(2021, 2031)), 10, None)
    problem(client.get("/api/v1/needs", params={"after": "x"}), 422, "list.bad_cursor")


def test_summary_by_any_dimension(client: TestClient) -> None:
    etag = client.get(f"{P}/needs").headers["etag"]
    edits = [
        {"item": "fund.loan.policy", "year": 2030, "required": 2.5},
        {"item": "fund.tbd", "year": 2031, "required": 1},
        {"item": "sea.open.channel", "year": 2030, "required": 3},
    ]
    client.patch(f"{P}/needs", json={"edits": edits}, headers={"If-Match": etag})
    rows = client.get("/api/v1/summary").json()["items"]
    assert {(row["item"], row["required"], row["unit"]) for row in rows} == {("fund", 3.5, "万元"), ("sea", 3, "公顷")}
    rows = client.get("/api/v1/summary", params={"by": ["year", "item", "region", "kind"], "depth": 1}).json()["items"]
    assert {(row["year"], row["item"], row["city"], row["kind"]) for row in rows} == {
        (2030, "fund.loan", "450500", "berth"),
        (2031, "fund.tbd", "450500", "berth"),
        (2030, "sea.open", "450500", "berth"),
    }
    only = client.get("/api/v1/summary", params={"by": "year", "within": "fund", "first_year": 2031}).json()["items"]
    assert [(row["year"], row["required"], row["projects"]) for row in only] == [(2031, 1, 1)]
    stages = client.get("/api/v1/summary/projects", params={"by": "stage"}).json()["items"]
    assert sum(row["projects"] for row in stages) == 401
    problem(client.get("/api/v1/summary", params={"by": "colour"}), 422, "summary.bad_dimension")
    problem(client.get("/api/v1/summary", params={"within": "gold"}), 422, "item.not_found")


@pytest.mark.parametrize(
    ("address", "total", "one", "missing"),
    [
        ("tasks", 51, "T22", "task.not_found"),
        ("units", 55, "GX-DOT", "unit.not_found"),
        ("regions", 95, "450700", "region.not_found"),
        ("items", 98, "fund.tbd", "item.not_found"),
    ],
)
def test_reference_lists(client: TestClient, address: str, total: int, one: str, missing: str) -> None:
    body = client.get(f"/api/v1/{address}", params={"limit": 30}).json()
    assert (body["total"], len(body["items"])) == (total, 30)
    following = client.get(f"/api/v1/{address}", params={"limit": 500, "after": body["next"]}).json()
    assert len(following["items"]) == total - 30
    assert client.get(f"/api/v1/{address}/{one}").status_code == 200
    problem(client.get(f"/api/v1/{address}/NOPE"), 404, missing)


def test_task_keeps_its_units_in_order(client: TestClient) -> None:
    task = client.get("/api/v1/tasks/T22").json()
    assert task["units"] == ["GX-DOT", "GX-DRC", "GX-BBW", "CITY-450700", "CITY-450500", "CITY-450600"]
    assert (task["lead_unit"], task["projects"] > 0) == ("GX-DOT", True)


@pytest.mark.parametrize("name", ["projects.csv", "projects.xlsx", "needs.json", "units.csv", "tasks.xlsx"])
def test_exports(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/v1/exports/{name}", params={"headings": "zh"})
    assert answer.status_code == 200
    assert name in answer.headers["content-disposition"]
    assert len(answer.content) > 20
    problem(client.get("/api/v1/exports/projects.pdf"), 404, "request.not_found")


def test_import_is_refused_with_every_finding(client: TestClient) -> None:
    content = b"project,item,year,required\nX,fund.tbd,2030,1\n"
    answer = client.post("/api/v1/imports", files={"file": ("needs.csv", content)})
    assert answer.status_code == 422
    finding = answer.json()["findings"][0]
    assert (finding["row"], finding["column"], finding["code"], answer.json()["applied"]) == (
        2,
        "project",
        "unknown_project",
        False,
    )


def test_import_applies_what_is_good(client: TestClient) -> None:
    content = f"project,item,year,required\n{CODE},fund.tbd,2030,1\n".encode()
    checked = client.post("/api/v1/imports", params={"check": True}, files={"file": ("needs.csv", content)}).json()
    assert (checked["new"], checked["applied"]) == (1, False)
    problem(client.get(NEED), 404, "need.not_found")
    assert client.post("/api/v1/imports", files={"file": ("needs.csv", content)}).json()["applied"]
    assert client.get(NEED).json()["required"] == 1


def test_too_large_upload(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "max_upload_mb", 0)
    answer = client.post("/api/v1/imports", files={"file": ("needs.csv", b"x" * 10)})
    problem(answer, 413, "request.too_large")


def test_health_ready_and_unknown_addresses(client: TestClient, engine: Engine) -> None:
    assert client.get("/api/health").json() == {"status": "alive"}
    assert client.get("/api/ready").json()["status"] == "ready"
    problem(client.get("/api/v1/nothing"), 404, "request.not_found")
    problem(client.put("/api/v1/projects"), 405, "request.bad_method")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    problem(client.get("/api/ready"), 503, "schema.older")


def test_openapi_is_valid_and_served_locally(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    validate(document)
    names = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))
    page = client.get("/api/docs").text
    assert "https://" not in page
    for address in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert client.get(f"/api/static/swagger/{address}").status_code == 200


def test_a_commit_that_fails_is_no_success(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get(P).headers["ETag"]

    def refuse(session: Session) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", refuse)
        answer = client.patch(P, json={"owner": "甲"}, headers={"If-Match": tag})
    assert answer.status_code >= 500
    assert client.get(P).headers["ETag"] == tag
