"""Over HTTP a national code belongs to one project, whoever is faster, and a project stays where its quota lies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.ledger.service import Posting, open_pool, post
from tests.ledger.conftest import pool
from tests.support.api import api_client

NATIONAL = "2018-450100-04-01-123456"
PROJECTS = "/api/v1/projects"


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        yield opened


def test_a_second_project_with_a_code_is_refused_and_told_who_holds_it(client: TestClient) -> None:
    holder = client.post(PROJECTS, json={"name_zh": "甲码头", "national_code": NATIONAL}).json()["code"]
    asked = {"name_zh": "乙码头", "national_code": "201845010004 01123456"}
    answer = client.post(PROJECTS, json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "project.invalid")
    (fault,) = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("national_code", "national_code.taken")
    assert holder in fault["message"]
    other = client.post(PROJECTS, json={"name_zh": "乙码头"})
    changed = client.patch(
        f"{PROJECTS}/{other.json()['code']}",
        json={"national_code": NATIONAL},
        headers={"If-Match": other.headers["ETag"]},
    )
    assert (changed.status_code, changed.json()["errors"][0]["code"]) == (422, "national_code.taken")


def test_of_clients_at_once_one_gets_the_code(client: TestClient) -> None:
    def send(place: int) -> int:
        return client.post(PROJECTS, json={"name_zh": f"第{place}码头", "national_code": NATIONAL}).status_code

    with ThreadPoolExecutor(6) as clients:
        assert sorted(clients.map(send, range(6))) == [201, *[422] * 5]


def test_a_project_that_holds_quota_is_not_moved(client: TestClient, engine: Engine) -> None:
    made = client.post(PROJECTS, json={"name_zh": "甲码头", "region_codes": ["450100"]})
    code = made.json()["code"]
    with transaction(engine) as session:
        land = pool("NN", "land", 20_000, year=2026, region_code="450100", level="city")
        open_pool(session, LOCAL_OWNER, EVERYTHING, land)
        lock = Posting("lock", "NN", 10_000, "2026-03-01", code, confirmed=True)
        post(session, LOCAL_OWNER, EVERYTHING, [lock])
    headers = {"If-Match": made.headers["ETag"]}
    answer = client.patch(f"{PROJECTS}/{code}", json={"region_codes": ["450600"]}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "ledger.quota_held_there")


def test_a_lock_after_the_pools_year_is_refused(client: TestClient, engine: Engine) -> None:
    with transaction(engine) as session:
        open_pool(session, LOCAL_OWNER, EVERYTHING, pool("P20", "land", 100, year=2020, on_date="2020-01-02"))
    lock = {"kind": "lock", "pool": "P20", "project": "GX-2018-0207", "quantity": 0.01, "on_date": "2026-03-01"}
    answer = client.post("/api/v1/ledger", json={"entries": [lock]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "ledger.after_year"


@pytest.mark.parametrize("subject", ["new", "new-0a1b2c3d4e"])
def test_each_form_of_a_new_record_keeps_a_draft_of_its_own(client: TestClient, subject: str) -> None:
    for name in ("new", "new-0a1b2c3d4e"):
        assert client.put(f"/api/v1/drafts/{name}", json={"content": {"typed": name}}).status_code == 200
    assert client.get(f"/api/v1/drafts/{subject}").json()["content"] == {"typed": subject}
    assert client.put("/api/v1/drafts/new-UPPER", json={"content": {}}).status_code == 404
