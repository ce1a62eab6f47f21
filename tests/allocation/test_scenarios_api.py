"""Scenarios over HTTP on both databases: made, changed, solved as a job, explained, written, approved, refused."""

import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest
from docx import Document
from fastapi.testclient import TestClient
from sqlmodel import Session

from api.routes import jobs as routes
from portfolio.scenarios.solving.work import work
from tests.allocation.conftest import CITY, EDITION, FIRST, FUND, REGION, SECOND, THIRD
from tests.api.test_api import problem
from tests.ledger.conftest import DOC
from tests.support.api import api_client

BODY = {"code": "S1", "edition": EDITION, "maker": "李某", "options": {"max_delay": 0}}
APPROVAL = {"person": "王某", "doc_no": DOC, "on_date": "2019-03-01"}


@pytest.fixture
def client(edition: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The API with a scenario; a job is worked on when the test says so."""
    monkeypatch.setattr(routes, "revive", lambda engine: False)
    with api_client(edition.get_bind().engine) as opened:
        assert opened.post("/api/v1/scenarios", json=BODY).status_code == 201
        yield opened


def solve(client: TestClient, edition: Session, code: str = "S1") -> int:
    asked = client.post(f"/api/v1/scenarios/{code}/solve")
    assert asked.status_code == 202
    assert asked.headers["location"] == f"/api/v1/jobs/{asked.json()['job']}"
    assert client.get(asked.headers["location"]).json()["state"] == "queued"
    work(edition.get_bind().engine, 1, idle=0.01)
    return int(asked.json()["job"])


def tag(client: TestClient, code: str = "S1") -> dict[str, str]:
    return {"If-Match": client.get(f"/api/v1/scenarios/{code}").headers["etag"]}


def test_from_the_question_to_the_result(client: TestClient, edition: Session) -> None:
    problem(client.get("/api/v1/scenarios/S1/result"), 409, "allocation.not_solved")
    job = client.get(f"/api/v1/jobs/{solve(client, edition)}").json()
    assert (job["state"], job["scenario"], job["kind"]) == ("done", "S1", "solve")
    assert job["progress"][-1]["value"] > 0
    result = client.get("/api/v1/scenarios/S1/result").json()
    assert (result["status"], result["gap"], len(result["supported"])) == ("optimal", 0, 2)
    used = {row["pool"]: (row["limit"], row["used"], row["unit"]) for row in result["pools"]}
    assert used == {
        CITY: (0.005, 0.005, "ha"),
        REGION: (0.008, 0.007, "ha"),
        FUND: (0.1, 0.02, "wan_yuan"),
    }
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/scenarios/S1/result.csv").content.decode("utf-8-sig"))))
    assert list(rows[0]) == ["project", "supported", "delay", "value", "rung", "reason"]
    out = next(row for row in rows if row["supported"] == "0")
    assert out["reason"].startswith("额度不足：2019年")
    shown = client.get("/api/v1/scenarios/S1/projects", params={"supported": False}).json()["items"]
    assert [row["reason"]["params"]["pools"] for row in shown] == [[CITY, REGION]]


def test_the_table_for_a_meeting(client: TestClient, edition: Session) -> None:
    solve(client, edition)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/scenarios/S1/result.xlsx?lang=en").content))
    assert book.sheetnames == ["Supported", "Not supported, and why", "Next in line", "Pools"]
    cells = [cell.value for row in book["Not supported, and why"].iter_rows() for cell in row if cell.value]
    assert "Allocation of elements to major projects (edition 2019)" in cells
    document = Document(io.BytesIO(client.get("/api/v1/scenarios/S1/result.docx").content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "已证明最优" in words
    assert len(document.tables) == 4


def test_what_would_let_it_in(client: TestClient, edition: Session) -> None:
    solve(client, edition)
    out = next(
        row["code"] for row in client.get("/api/v1/scenarios/S1/projects").json()["items"] if not row["supported"]
    )
    questions = [{"kind": "project", "subject": out}, {"kind": "pool", "subject": REGION}, {"kind": "frontier"}]
    for question in questions:
        assert client.post("/api/v1/scenarios/S1/explanations", json=question).status_code == 202
    work(edition.get_bind().engine, 1, idle=0.01)
    found = {row["kind"]: row for row in client.get("/api/v1/scenarios/S1/explanations").json()["items"]}
    content = found["project"]["content"]
    assert content["refusing"] == [CITY, REGION]
    told = content["admission"]
    assert (told["verdict"], told["addition"], told["least"]) == ("added", {REGION: 50}, True)
    assert (content["earliest"], len(content["leaving"])) == (None, 1)
    assert found["project"]["words"][1].startswith(
        "已带追加额度重新求解核实：至少再增加 2019年广西壮族自治区用地 0.005 公顷，该项目即在最优方案之中；"
    )
    assert found["line"]["words"] == [
        f"{found['line']['words'][0].split('：')[0]}：2019年广西壮族自治区用地 0.005 公顷"
    ]
    outcome = client.get("/api/v1/scenarios/S1").json()["outcome"]
    assert ([one["project"] for one in outcome["next"]], outcome["line"]) == ([out], {"asked": 1, "open": 0})
    assert found["pool"]["content"]["steps"][1]["entering"] == [out]
    points = {point["percent"]: point["value"] for point in found["frontier"]["content"]["points"]}
    assert points[25] == points[150] > 0


def test_the_addition_named_admits_the_project(client: TestClient, edition: Session) -> None:
    limit = {"quantity": 0.013}
    assert client.put(f"/api/v1/scenarios/S1/pools/{REGION}", json=limit, headers=tag(client)).status_code == 200
    solve(client, edition)
    assert client.get("/api/v1/scenarios/S1/result").json()["supported"] == [FIRST, SECOND, THIRD]


def test_changes_need_the_version_that_was_read(client: TestClient) -> None:
    problem(client.patch("/api/v1/scenarios/S1", json={"name": "甲"}), 428, "request.no_if_match")
    old = tag(client)
    assert client.patch("/api/v1/scenarios/S1", json={"name": "甲"}, headers=old).status_code == 200
    problem(client.patch("/api/v1/scenarios/S1", json={"name": "乙"}, headers=old), 412, "allocation.stale")
    assert client.get("/api/v1/scenarios/S1").json()["name"] == "甲"


def test_pins_and_pools_of_its_own(client: TestClient, edition: Session) -> None:
    pinned = {"inside": True, "reason": "自治区统筹"}
    assert client.put(f"/api/v1/scenarios/S1/pins/{THIRD}", json=pinned, headers=tag(client)).status_code == 200
    added = {"pool": "NEW", "item": "land", "year": 2019, "quantity": 1, "region_code": "450700"}
    assert client.post("/api/v1/scenarios/S1/pools", json=added, headers=tag(client)).status_code == 201
    assert client.get("/api/v1/scenarios/S1/pins").json()["items"][0]["reason"] == "自治区统筹"
    assert [row["pool"] for row in client.get("/api/v1/scenarios/S1/pools").json()["items"] if row["added"]] == ["NEW"]
    solve(client, edition)
    problem(client.post("/api/v1/scenarios/S1/approval", json=APPROVAL), 422, "allocation.not_approvable")
    assert client.delete("/api/v1/scenarios/S1/pools/NEW", headers=tag(client)).status_code == 204
    assert client.delete(f"/api/v1/scenarios/S1/pins/{THIRD}", headers=tag(client)).status_code == 204
    assert client.get("/api/v1/scenarios/S1/pins").json()["total"] == 0


def test_approval_by_another_person(client: TestClient, edition: Session) -> None:
    problem(client.post("/api/v1/scenarios/S1/approval", json=APPROVAL), 409, "allocation.not_solved")
    solve(client, edition)
    refused = client.post("/api/v1/scenarios/S1/approval", json={**APPROVAL, "person": "李某"})
    assert [one["code"] for one in problem(refused, 422, "allocation.bad_scenario")["errors"]] == [
        "allocation.own_scenario"
    ]
    ahead = client.get("/api/v1/scenarios/S1/approval").json()
    assert (ahead["projects"], ahead["refusals"], ahead["superseded"], ahead["returned"]) == (2, [], None, [])
    assert sum(one["quantity"] for one in ahead["reserves"] if one["unit"] == "公顷") == pytest.approx(0.012)
    done = client.post("/api/v1/scenarios/S1/approval", json=APPROVAL)
    assert (done.status_code, done.json()["state"], done.json()["projects"]) == (200, "approved", 2)
    problem(client.post("/api/v1/scenarios/S1/approval", json=APPROVAL), 409, "allocation.approved")
    problem(client.delete("/api/v1/scenarios/S1"), 409, "allocation.approved")


def test_side_by_side(client: TestClient, edition: Session) -> None:
    assert client.post("/api/v1/scenarios/S1/copy", json={"code": "S2"}).json() == {"code": "S2", "parent": "S1"}
    out = {"inside": False, "reason": "改期"}
    client.put(f"/api/v1/scenarios/S2/pins/{FIRST}", json=out, headers=tag(client, "S2"))
    solve(client, edition)
    solve(client, edition, "S2")
    found = client.get("/api/v1/scenarios/comparison", params={"code": ["S1", "S2"]}).json()
    assert [one["code"] for one in found["scenarios"]] == ["S1", "S2"]
    assert {row["scenario"]: row["projects"] for row in found["by_city"]} == {"S1": 2, "S2": 2}
    assert {row["code"] for row in found["changes"]} <= {FIRST, SECOND, THIRD}
    problem(client.get("/api/v1/scenarios/comparison", params={"code": "S1"}), 422, "allocation.compare_two_to_four")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/scenarios/S9", None, 404, "allocation.no_scenario"),
        ("GET", "/jobs/99", None, 404, "allocation.no_job"),
        ("POST", "/jobs/99/stop", None, 404, "allocation.no_job"),
        ("POST", "/scenarios", BODY, 409, "allocation.scenario_exists"),
        ("POST", "/scenarios", {**BODY, "code": "S3", "edition": "none"}, 404, "rolling.no_edition"),
        ("POST", "/scenarios", {**BODY, "code": "S3", "policy": "none"}, 404, "screening.no_policy"),
        ("POST", "/scenarios", {**BODY, "code": "S3", "options": {"gap": 3}}, 422, "allocation.bad_scenario"),
        ("POST", "/scenarios", {**BODY, "code": "S3", "options": {"luck": 1}}, 422, "allocation.bad_options"),
        ("POST", "/scenarios/S1/explanations", {"kind": "frontier"}, 409, "allocation.not_solved"),
        ("POST", "/scenarios/S1/explanations", {"kind": "riddle"}, 422, "request.invalid"),
        ("GET", "/scenarios/S1/result.pdf", None, 404, "request.not_found"),
    ],
)
def test_refusals(client: TestClient, method: str, path: str, body: object, status: int, code: str) -> None:
    problem(client.request(method, f"/api/v1{path}", json=body), status, code)


def test_a_job_is_stopped(client: TestClient) -> None:
    number = client.post("/api/v1/scenarios/S1/solve").json()["job"]
    assert client.post(f"/api/v1/jobs/{number}/stop").json() == {"id": number, "state": "stopped"}
    problem(client.post(f"/api/v1/jobs/{number}/stop"), 409, "allocation.job_ended")
    assert [job["state"] for job in client.get("/api/v1/scenarios/S1/jobs").json()["items"]] == ["stopped"]
