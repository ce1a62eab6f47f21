"""Every address of the API and of the pages, walked as each role: nothing of somebody else's project comes through."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import text

from dashboard.app import create_dashboard
from dashboard.pages import ADDRESSES
from dashboard.pages.programme import edition
from dashboard.pages.projects import project
from portfolio.access.rules import ROLES
from portfolio.core.settings import get_settings
from tests.access.conftest import CODES, PASSWORD, PLACES, SECRET, World, actor_of
from tests.support.api import api_client

FOREIGN = CODES["foreign"]
# A value for every parameter an address asks for, pointing at the foreign project wherever it can.
GIVEN = {
    "code": FOREIGN,
    "project": FOREIGN,
    "item": "fund.own",
    "year": "2026",
    "id": "T22",
    "number": "1",
    "line": "1",
    "entry": "1",
    "step": "proposal",
    "name": "projects.csv",
    "before": "E1",
    "after": "E1",
    "level": "region",
    "region": "450100",
    "element": "land",
    "list": "coordinated",
    "kind": "projects",
    "suffix": "csv",
    "task": "T22",
    "task_id": "T22",
    "by": "city_code",
    "unit": "GX-DOT",
    "subject": FOREIGN,
    "gate": "two_high",
    "policy": "default",
    "run": "1",
    "pool": "LAND-2019",
    "address": "198.51.100.7",
}
OTHERS = {"code": ("E1", "R1", "LAND-2019", "FUND-2019", "GX-DOT"), "name": ("needs.json", "steps.csv", "ledger.csv")}
LIMITED = {"project_office": "own_unit", "city_reviewer": "own_city", "lead_reviewer": "own_lead"}


@pytest.fixture(autouse=True)
def signing_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SIGN_IN", "on")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[TestClient]:
    with api_client(world.engine) as opened:
        yield opened


# What tells nothing of the data, and is open to everybody.
PUBLIC = {"/api/openapi.json", "/api/docs", "/api/static", "/api/health", "/api/ready"}


def operations(client: TestClient) -> list[tuple[str, str]]:
    """Every method and path of the application's own routing table but the public ones: a new route is among them."""
    routes: Any = client.app
    found = [(str(one.path), one.methods or {"GET"}) for one in iter_route_contexts(routes.routes)]
    return sorted(
        (method.lower(), path)
        for path, methods in found
        if path not in PUBLIC
        for method in methods - {"HEAD", "OPTIONS"}
    )


def addresses(path: str) -> list[str]:
    """The path with its parameters filled in, once with the foreign project and once with each other thing."""
    path, found = re.sub(r"\{(\w+):\w+\}", r"{\1}", path), [GIVEN]
    for name, values in OTHERS.items():
        if f"{{{name}}}" in path:
            found += [{**GIVEN, name: value} for value in values]
    return [path.format(**given) for given in found]


# What is asked of an address that knows the parameter; one that does not answers as it does without.
QUERIES = {
    "q": f"?q={SECRET}",
    "project": f"?project={FOREIGN}",
    "by": "?by=city",
    "year": "?year=2026",
    "before": "?before=E1&after=E1&by=category",
}


def declared(client: TestClient) -> dict[str, set[str]]:
    """Path → the parameters it reads from the query."""
    paths: dict[str, Any] = client.get("/api/openapi.json").json()["paths"]
    return {
        path: {one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"}
        for path, methods in paths.items()
        if "get" in methods
    }


def bearer(world: World, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[role]}"}


def test_nobody_gets_in_without_a_proof(client: TestClient) -> None:
    listed = operations(client)
    assert len(listed) > 60
    for method, path in listed:
        answer = client.request(method, addresses(path)[0])
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_wrong_token_is_no_proof(client: TestClient) -> None:
    answer = client.get("/api/v1/projects", headers={"Authorization": "Bearer gxp_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "people.bad_token")


@pytest.mark.parametrize("role", LIMITED)
def test_no_read_tells_of_a_foreign_project(client: TestClient, world: World, role: str) -> None:
    """Lists, counts, search, summaries, exports, history, editions, reviews: no name, no code."""
    answered, known = 0, declared(client)
    for method, path in operations(client):
        if method != "get":
            continue
        for address in addresses(path):
            for query in ("", *(words for name, words in QUERIES.items() if name in known.get(path, QUERIES))):
                answer = client.get(address + query, headers=bearer(world, role))
                assert answer.status_code < 500, address + query
                answered += answer.status_code == 200
                shown = answer.text if answer.status_code == 200 else ""
                assert SECRET not in shown, address + query
                assert FOREIGN not in shown, address + query
    assert answered > 60


@pytest.mark.parametrize("role", ROLES)
def test_a_project_is_shown_or_does_not_exist(client: TestClient, world: World, role: str) -> None:
    place = LIMITED.get(role)
    for where, code in CODES.items():
        seen = place is None or where == place or (role == "lead_reviewer" and where == "own_unit")
        for part in ("", "/needs", "/ledger"):
            status = client.get(f"/api/v1/projects/{code}{part}", headers=bearer(world, role)).status_code
            assert status == (200 if seen else 404), (where, part)


def test_from_where_a_change_came_is_for_those_who_read_the_journal(client: TestClient, world: World) -> None:
    change = {"owner": "某公司"}
    own, mine = f"/api/v1/projects/{CODES['own_unit']}", bearer(world, "project_office")
    tag = client.get(own, headers=mine).headers["etag"]
    assert client.patch(own, json=change, headers={**mine, "If-Match": tag}).status_code == 200
    seen = {
        role: client.get(f"{own}/history", headers=bearer(world, role)).json()["items"][0]["address"]
        for role in ("project_office", "auditor")
    }
    assert seen == {"project_office": "", "auditor": "testclient"}


@pytest.mark.parametrize("role", LIMITED)
def test_counts_and_sums_are_of_ones_own(client: TestClient, world: World, role: str) -> None:
    def told(path: str, **query: Any) -> Any:
        return client.get(f"/api/v1/{path}", params=query, headers=bearer(world, role)).json()

    own = [code for code in CODES.values() if "name_zh" in told(f"projects/{code}")]
    listed = told("projects", limit=500)
    assert listed["total"] == len(listed["items"])
    assert {row["code"] for row in listed["items"]} & set(CODES.values()) == set(own)
    asked = told("summary", by="item", item="fund")["items"]
    assert sum(row["required"] for row in asked) == 900 * len(own)
    (edition,) = told("editions")["items"]
    assert edition["entries"] == len(own)
    (review,) = told("rounds")["items"]
    assert sum(review["states"].values()) == 3 * len(own)


@pytest.mark.parametrize("role", ["leader", "auditor", "administrator"])
def test_whoever_changes_nothing_changes_nothing(client: TestClient, world: World, role: str) -> None:
    def revision() -> int:
        with world.engine.connect() as connection:
            return int(connection.execute(text("SELECT value FROM revision")).scalar_one())

    before = revision()
    headers = {**bearer(world, role), "If-Match": '"1"'}
    bodies: tuple[dict[str, Any], ...] = ({}, {"owner": "x"}, {"doc_no": "x", "on_date": "2026-01-01"}, {"note": "x"})
    for method, path in operations(client):
        if method == "get" or (role == "administrator" and "/users" in path) or "/me/" in path:
            continue
        for address in addresses(path):
            for body in bodies:
                answer = client.request(method, address, headers=headers, json=body)
                assert not answer.is_success, (method, address, body)
    assert revision() == before


def test_an_import_writes_only_ones_own(client: TestClient, world: World) -> None:
    for role, place in LIMITED.items():
        for where, code in CODES.items():
            file = {"file": ("needs.csv", f"project,item,year,required\n{code},fund.own,2028,1\n".encode())}
            answer = client.post("/api/v1/imports?check=true", files=file, headers=bearer(world, role))
            own = where == place or (role == "lead_reviewer" and where == "own_unit")
            assert answer.status_code == (200 if own else 422), (role, where)
    file = {"file": ("needs.csv", f"project,item,year,required\n{FOREIGN},fund.own,2028,1\n".encode())}
    answer = client.post("/api/v1/imports?check=true", files=file, headers=bearer(world, "finance"))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.refused")


def paths() -> list[str]:
    """Every page, with every tab of those that have some, asked for what is not the reader's."""
    of_project = [f"/projects/{FOREIGN}?tab={tab}" for tab in project.TABS]
    of_edition = [f"/editions/E1?tab={tab}" for tab in (*edition.TABS, edition.ENTRY)]
    entered = [f"/editions/E1?tab={edition.ENTRY}&project={FOREIGN}", f"/projects/{FOREIGN}/edit", "/exchange/1"]
    asked = ["/finance?year=2026", "/accounts?year=2026", "/accounts?year=2026&on=2026-12-31"]
    return [*ADDRESSES, *of_project, *of_edition, *entered, *asked]


@pytest.fixture(scope="module")
def pages(world: World) -> Any:
    return create_dashboard(world.engine)


@pytest.mark.parametrize("role", LIMITED)
def test_pages_tell_nothing_of_a_foreign_project(pages: Any, role: str) -> None:
    browser = pages.server.test_client()
    sent = browser.post("/sign-in", data={"name": actor_of(role).name, "password": PASSWORD})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/home" if role != "leader" else "/")
    for path in paths():
        answer = browser.get("/_dash-layout", headers={"Referer": f"http://localhost{path}"})
        assert answer.status_code == 200, path
        assert SECRET not in answer.text, path
        assert FOREIGN in path or FOREIGN not in answer.text, path


def test_the_same_walk_shows_it_to_who_reads_all(pages: Any) -> None:
    browser = pages.server.test_client()
    browser.post("/sign-in", data={"name": actor_of("planner").name, "password": PASSWORD})
    for path in ("/accounts?year=2026", "/editions/E1"):
        assert SECRET in browser.get("/_dash-layout", headers={"Referer": f"http://localhost{path}"}).text, path


def test_a_stranger_sees_only_the_sign_in_page(pages: Any) -> None:
    browser = pages.server.test_client()
    for path in paths():
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in"), path
    assert browser.get("/_dash-layout").status_code == 401
    assert browser.get("/_dash-dependencies").status_code == 401
    assert browser.post("/_dash-update-component", json={}).status_code == 401


@pytest.mark.parametrize("place", PLACES)
def test_pages_offer_a_change_only_where_it_may_be_made(pages: Any, place: str) -> None:
    browser = pages.server.test_client()
    browser.post("/sign-in", data={"name": actor_of("leader").name, "password": PASSWORD})
    answer = browser.get(
        "/_dash-layout", headers={"Referer": f"http://localhost/projects/{CODES[place]}?tab=readiness"}
    ).json
    assert hidden_around(answer, "edit-open")


def hidden_around(node: Any, identity: str, hidden: bool = False) -> bool:
    """Whether the component of that id stands inside a hidden one."""
    if isinstance(node, list):
        return any(hidden_around(child, identity, hidden) for child in node)
    if not isinstance(node, dict):
        return False
    given = node.get("props", {})
    if given.get("id") == identity:
        return hidden
    return hidden_around(given.get("children"), identity, hidden or bool(given.get("hidden")))
