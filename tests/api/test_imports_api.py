"""Imports and templates over HTTP: upload, look, confirm, undo; who is refused learns why."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlalchemy import Engine

from portfolio.core.settings import get_settings
from tests.support.api import api_client

CODE = "GX-2018-0207"
IMPORTS = "/api/v1/imports"
ONE = f"project,item,year,required\n{CODE},fund.tbd,2030,1\n"


@pytest.fixture
def client(sqlite_engine: Engine) -> Iterator[TestClient]:
    with api_client(sqlite_engine) as opened:
        yield opened


def upload(client: TestClient, content: str | bytes, name: str = "needs.csv") -> dict[str, Any]:
    answer = client.post(f"{IMPORTS}/uploads", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{IMPORTS}/{body['id']}"
    return body


def needs(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/needs", params={"code": CODE}).json()["items"]
    return items


def test_upload_confirm_undo(client: TestClient) -> None:
    made = upload(client, ONE)
    assert (made["state"], made["new"], made["kind"], made["amended"]) == ("checked", 1, "needs", 0)
    assert needs(client) == []
    rows = client.get(f"{IMPORTS}/{made['id']}/rows", params={"outcome": "new"}).json()
    assert (rows["total"], rows["items"][0]["fields"]["required"]) == (1, ["", "1"])
    applied = client.post(f"{IMPORTS}/{made['id']}/confirm").json()
    assert (applied["state"], applied["applied_by"]) == ("applied", "local")
    assert [need["required"] for need in needs(client)] == [1]
    listed = client.get(IMPORTS).json()
    assert (listed["total"], listed["items"][0]["id"], listed["items"][0]["files"][0]["size"]) == (1, 1, len(ONE))
    undone = client.post(f"{IMPORTS}/{made['id']}/undo").json()
    assert (undone["state"], undone["undone_by"]) == ("undone", "local")
    assert needs(client) == []


def test_a_refused_file_comes_back_marked(client: TestClient) -> None:
    made = upload(client, f"project,item,year,required\n{CODE},fund.gold,2030,1\n", "需求.csv")
    assert (made["state"], made["findings"]) == ("refused", 1)
    found = client.get(f"{IMPORTS}/{made['id']}/findings", params={"lang": "en"}).json()
    assert (found["total"], found["items"][0]["column"]) == (1, "item")
    answer = client.get(f"{IMPORTS}/{made['id']}/annotated.xlsx")
    assert quote("需求-annotated.xlsx") in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert load_workbook(io.BytesIO(answer.content)).sheetnames == ["错误清单", "数据"]
    assert client.get(f"{IMPORTS}/{made['id']}/file").content.startswith(b"project,item")
    assert client.post(f"{IMPORTS}/{made['id']}/confirm").status_code == 409


@pytest.mark.parametrize(("lang", "remedy"), [("zh", "另存为 .xlsx"), ("en", "save it as .xlsx")])
def test_a_file_that_does_not_open_does_not_come_back(client: TestClient, lang: str, remedy: str) -> None:
    made = upload(client, b"no workbook at all", "坏表.xlsx")
    assert (made["state"], made["findings"]) == ("refused", 1)
    answer = client.get(f"{IMPORTS}/{made['id']}/annotated.xlsx", params={"lang": lang})
    assert (answer.status_code, answer.json()["code"]) == (409, "import.not_annotated")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "坏表.xlsx" in answer.json()["detail"] and remedy in answer.json()["detail"]


def test_what_changed_since_is_409_and_can_be_checked_again(client: TestClient) -> None:
    first = upload(client, ONE)
    second = upload(client, ONE.replace(",1\n", ",2\n"))
    client.post(f"{IMPORTS}/{first['id']}/confirm")
    answer = client.post(f"{IMPORTS}/{second['id']}/confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "import.changed_since")
    shown = client.get(f"{IMPORTS}/{second['id']}").json()
    assert (shown["state"], shown["note_code"]) == ("checked", "import.changed_since")
    again = client.post(f"{IMPORTS}/{second['id']}/check").json()
    assert (again["state"], again["changed"], again["note"]) == ("checked", 1, "")
    assert client.post(f"{IMPORTS}/{second['id']}/confirm").json()["state"] == "applied"
    answer = client.post(f"{IMPORTS}/{first['id']}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "import.touched_since")
    assert CODE in answer.json()["detail"]


def test_importing_at_once_is_recorded(client: TestClient) -> None:
    body = client.post(IMPORTS, files={"file": ("needs.csv", ONE)}).json()
    assert (body["applied"], client.get(f"{IMPORTS}/{body['import']}").json()["state"]) == (True, "applied")
    client.post(f"{IMPORTS}/{body['import']}/undo")
    assert needs(client) == []
    checked = client.post(IMPORTS, params={"check": True}, files={"file": ("needs.csv", ONE)}).json()
    assert (checked["import"], client.get(IMPORTS).json()["total"]) == (None, 1)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/99", 404, "import.not_found"),
        ("POST", "/99/confirm", 404, "import.not_found"),
        ("GET", "/99/rows?outcome=old", 422, "import.bad_outcome"),
        ("GET", "?state=lost", 422, "import.bad_state"),
        ("GET", "/x", 404, "request.not_found"),
    ],
)
def test_what_is_asked_wrongly(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, IMPORTS + path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_large_and_no_table(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "max_upload_mb", 0)
    answer = client.post(f"{IMPORTS}/uploads", files={"file": ("needs.csv", ONE)})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    monkeypatch.undo()
    answer = client.post(f"{IMPORTS}/uploads", files={"file": ("../../x.pdf", b"%PDF")})
    assert (answer.status_code, answer.json()["code"]) == (422, "import.bad_format")


def test_a_file_name_leads_nowhere(client: TestClient) -> None:
    made = upload(client, ONE, "..\\..\\etc/needs.csv")
    assert made["files"][0]["name"] == "needs.csv"


def template(client: TestClient, kind: str, **parameters: str) -> Workbook:
    answer = client.get(f"/api/v1/templates/{kind}.xlsx", params=parameters)
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.content))


def test_templates_are_served_and_filled_by_the_filters(client: TestClient, tmp_path: Path) -> None:
    assert template(client, "projects").worksheets[0].max_row == 2
    filled = template(client, "projects", prefilled="true", city="450500", lang="en")
    total = client.get("/api/v1/projects", params={"city": "450500"}).json()["total"]
    assert (filled.worksheets[0].title, filled.worksheets[0].max_row) == ("Projects", total + 2)
    path = tmp_path / "back.xlsx"
    filled.save(path)
    made = upload(client, path.read_bytes(), "back.xlsx")
    assert (made["state"], made["unchanged"], made["changed"]) == ("checked", total, 0)
    assert client.get("/api/v1/templates/units.xlsx").status_code == 404
    assert client.get("/api/v1/templates/needs.csv").status_code == 404
