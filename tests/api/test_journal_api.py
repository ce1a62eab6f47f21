"""Journal, as-of, attachments and request ids over HTTP, on both databases."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from portfolio.core.clock import today, utc_now
from portfolio.core.settings import get_settings
from tests.api.test_api import problem
from tests.attachments import files
from tests.support.api import api_client

CODE = "GX-2018-0207"
P = f"/api/v1/projects/{CODE}"
A = "/api/v1/attachments"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "attachments_dir", str(tmp_path / "files"))


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        yield opened


def change(client: TestClient, headers: dict[str, str] | None = None, **facts: object) -> None:
    tag = client.get(P).headers["etag"]
    done = client.patch(P, json=facts, headers={"If-Match": tag, **(headers or {})})
    assert done.status_code == 200, done.text


def step(client: TestClient, **said: object) -> None:
    path = f"{P}/steps/project_code"
    tag = client.get(path).headers["etag"]
    client.put(path, json=said, headers={"If-Match": tag}).raise_for_status()


def attached(client: TestClient, kind: str = "project", code: str = CODE, name: str = "批复.pdf") -> int:
    body = {"object_kind": kind, "object_code": code}
    made = client.post(A, data=body, files={"file": (name, files.PDF, "text/html")})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def test_a_request_id_is_kept_given_back_and_journalled(client: TestClient) -> None:
    change(client, {"X-Request-Id": "batch-7", "X-Forwarded-For": "203.0.113.9"}, owner="甲", reason="更名")
    (entry,) = client.get("/api/v1/journal", params={"request_id": "batch-7"}).json()["items"]
    assert (entry["subject"], entry["reason"], entry["after"]) == (CODE, "更名", {"owner": "甲"})
    assert entry["address"] == "testclient"


def test_a_plain_id_is_made_where_none_or_a_bad_one_is_sent(client: TestClient) -> None:
    made = client.get("/api/health").headers["x-request-id"]
    bad = client.get("/api/health", headers={"X-Request-Id": "a b\t<script>"}).headers["x-request-id"]
    assert len(made) == len(bad) == 32
    assert made != bad


def test_problems_carry_the_request_id(client: TestClient) -> None:
    missing = client.get("/api/v1/projects/NOPE", headers={"X-Request-Id": "q-1"})
    assert problem(missing, 404, "project.not_found")["request_id"] == missing.headers["x-request-id"] == "q-1"


def test_a_project_is_shown_as_it_stood(client: TestClient) -> None:
    change(client, owner="甲")
    then = utc_now().isoformat()
    change(client, owner="乙")
    tag = client.get(f"{P}/needs").headers["etag"]
    edits = {"edits": [{"item": "fund.tbd", "year": 2030, "required": 5}]}
    assert client.patch(f"{P}/needs", json=edits, headers={"If-Match": tag}).status_code == 200
    before = client.get(P, params={"as_of": then})
    assert (before.json()["owner"], "etag" in before.headers, "version" in before.json()) == ("甲", False, False)
    assert client.get(f"{P}/needs", params={"as_of": then}).json()["total"] == 0
    now = client.get(P, params={"as_of": today().isoformat()}).json()
    assert (now["owner"], now["not_reconstructed"]) == ("乙", [])
    assert client.get(f"{P}/needs", params={"as_of": today().isoformat()}).json()["items"][0]["required"] == 5


def test_steps_and_money_of_then_come_with_the_project(client: TestClient) -> None:
    said = {"instrument": "policy_loan", "amount_wan": 100, "first_year": 2026, "status": "planned"}
    made = client.post(f"{P}/financing", json=said)
    step(client, status="preparing")
    pool = {"code": "P-1", "item": "fund.tbd", "year": 2030, "quantity": 10, "doc_no": "文1", "on_date": "2026-01-05"}
    client.post("/api/v1/pools", json={**pool, "region_code": "450000", "level": "region", "kind": "budget"})
    posted = {"kind": "preallocate", "pool": "P-1", "project": CODE, "item": "fund.tbd", "year": 2030, "quantity": 3}
    answer = client.post("/api/v1/ledger", json={"entries": [{**posted, "doc_no": "文2", "on_date": "2026-01-06"}]})
    assert answer.status_code == 201, answer.text
    then = utc_now().isoformat()
    tag = {"If-Match": made.headers["etag"]}
    number = made.json()["id"]
    client.patch(f"{P}/financing/{number}", json={**said, "amount_wan": 70}, headers=tag).raise_for_status()
    step(client, status="submitted")
    found = client.get(P, params={"as_of": then}).json()
    assert [one["amount_wan"] for one in found["financing"]] == [100]
    assert [(one["step"], one["status"]) for one in found["steps"]] == [("project_code", "preparing")]
    assert [(one["pool"], one["quantity"]) for one in found["ledger_entries"]] == [("P-1", 3)]
    assert found["decisions"] == []
    now = client.get(P, params={"as_of": today().isoformat()}).json()
    assert [one["amount_wan"] for one in now["financing"]] == [70]
    assert [one["status"] for one in now["steps"]] == ["submitted"]


def test_what_was_not_there_and_what_is_no_day_are_said(client: TestClient) -> None:
    problem(client.get(P, params={"as_of": "2018-01-01"}), 404, "journal.not_there_then")
    for text in ("yesterday", "2026-13-01", "2026-05-01T99:00"):
        faults = problem(client.get(P, params={"as_of": text}), 422, "request.invalid")["errors"]
        assert [fault["field"] for fault in faults] == ["as_of"]


def test_the_journal_pages_narrows_and_tells_the_state_of_its_chain(client: TestClient) -> None:
    change(client, owner="甲")
    whole = client.get("/api/v1/journal", params={"limit": 2}).json()
    assert (len(whole["items"]), whole["next"]) == (2, "2")
    mine = client.get("/api/v1/journal", params={"subject": CODE, "action": "update", "first": today().isoformat()})
    assert [entry["subject"] for entry in mine.json()["items"]] == [CODE]
    assert client.get("/api/v1/journal", params={"last": "2018-01-01"}).json()["total"] == 0
    chain = client.get("/api/v1/journal/chain").json()
    assert (chain["whole"], chain["rows"]) == (True, whole["total"])


def test_the_journal_is_exported_with_its_hashes(client: TestClient) -> None:
    change(client, owner="=cmd|' /C calc'!A0")
    answer = client.get("/api/v1/journal/journal.csv", params={"subject": CODE})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["content-disposition"] == 'attachment; filename="journal.csv"'
    assert [row["action"] for row in rows] == ["create", "update"]
    assert all(len(row["hash"]) == 64 for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_an_import_is_found_by_its_number(client: TestClient) -> None:
    table = f"project,item,year,required\n{CODE},fund.own,2027,3\n"
    done = client.post("/api/v1/imports", files={"file": ("needs.csv", table.encode(), "text/csv")}).json()
    (entry,) = client.get("/api/v1/journal", params={"import_id": done["import_id"]}).json()["items"]
    assert (entry["subject"], entry["room"], entry["action"]) == (CODE, "needs", "import")


def test_a_file_is_only_ever_a_download(client: TestClient) -> None:
    got = client.get(f"{A}/{attached(client)}")
    assert got.content == files.PDF
    assert got.headers["content-type"] == "application/pdf"
    disposition = got.headers["content-disposition"]
    assert disposition == "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%89%B9%E5%A4%8D.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"


def test_files_belong_to_objects_that_are_there(client: TestClient) -> None:
    attached(client, "step", f"{CODE}/eia")
    listed = client.get(A, params={"object_kind": "step", "object_code": f"{CODE}/eia"}).json()["items"]
    assert [row["name"] for row in listed] == ["批复.pdf"]
    for kind, code, refusal in (
        ("project", "NOPE", "project.not_found"),
        ("entry", "1", "ledger.entry_not_found"),
        ("edition", "2099", "rolling.no_edition"),
        ("person", "1", "attachment.no_such_kind"),
    ):
        asked = {"object_kind": kind, "object_code": code}
        problem(client.post(A, data=asked, files={"file": ("a.pdf", files.PDF)}), 404, refusal)
    problem(client.get(f"{A}/999"), 404, "attachment.not_found")


def test_a_file_is_taken_away_with_a_reason(client: TestClient) -> None:
    number = attached(client)
    assert client.delete(f"{A}/{number}", params={"reason": "错发"}).status_code == 204
    problem(client.get(f"{A}/{number}"), 404, "attachment.not_found")
    assert client.get(f"{P}/history").json()["items"][0]["reason"] == "错发"


def test_a_large_file_is_413_and_a_false_one_422(client: TestClient) -> None:
    data = {"object_kind": "project", "object_code": CODE}
    large = files.PDF + bytes(20 << 20)
    problem(client.post(A, data=data, files={"file": ("a.pdf", large)}), 413, "request.too_large")
    problem(client.post(A, data=data, files={"file": ("a.pdf", files.PAGE)}), 422, "attachment.invalid")
