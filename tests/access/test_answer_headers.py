"""Every answer of the product leaves with the headers of all: pages, data, files, redirects, refusals, errors."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.door.headers import kept
from asgi import Product
from portfolio.core.settings import get_settings
from tests.access.conftest import World
from tests.support.api import api_client

ALL = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OPEN = "/api/docs", "/sign-in", "/assets/app.css", "/assets/none.js", "/api/static/swagger/start.js", "/api/health"
CLOSED = "/", "/projects", "/nowhere", "/api/nowhere", "/_dash-layout", "/api/v1/projects", "/_dash-component-suites/x"
ODD = "/%00", "/api/v1/projects/%00", "/api/v1/projects?q=%00", "/assets/../asgi.py", "/api/static/swagger/../../app.py"


@pytest.fixture(scope="module")
def product(world: World) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGN_IN", "on")
        get_settings.cache_clear()
        yield TestClient(Product(world.engine), raise_server_exceptions=False, follow_redirects=False)
    get_settings.cache_clear()


@pytest.mark.parametrize("path", [*OPEN, *CLOSED, *ODD])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "TRACE"])
def test_every_answer_has_the_headers(product: TestClient, method: str, path: str) -> None:
    answer = product.request(method, path)
    assert answer.status_code < 500
    assert {name: answer.headers.get(name) for name in ALL} == ALL
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "geolocation=()" in answer.headers["permissions-policy"]
    assert "public" not in answer.headers["cache-control"]
    assert not {"strict-transport-security", "cross-origin-opener-policy"} & set(answer.headers), "over plain http"


def test_every_route_answers_with_them(product: TestClient, world: World) -> None:
    """Each address of the API by its own document, signed in and not."""
    with api_client(world.engine) as client:
        paths = client.get("/api/openapi.json").json()["paths"]
    mine = {"Authorization": f"Bearer {world.tokens['planner']}"}
    for path, methods in paths.items():
        for method in methods:
            for headers in ({}, mine):
                answer = product.request(method, re.sub(r"{\w+}", "1", path), headers=headers)
                told = (method, path, answer.status_code)
                assert answer.status_code < 500, told
                assert answer.headers["cache-control"] == "no-store", told
                assert answer.headers["content-security-policy"].startswith("default-src 'none'"), told
                assert {name: answer.headers.get(name) for name in ALL} == ALL, told


def test_pages_run_no_script_but_files_and_hashes(product: TestClient) -> None:
    rules = dict(part.split(" ", 1) for part in product.get("/sign-in").headers["content-security-policy"].split("; "))
    scripts = rules["script-src"].split()
    assert scripts[0] == "'self'" and len(scripts) > 1
    assert all(one.startswith("'sha256-") for one in scripts[1:])
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'self'"
    told = " ".join(rules.values())
    assert "unsafe-eval" not in told and "http" not in told and "*" not in told
    assert [name for name, allowed in rules.items() if "unsafe-inline" in allowed] == ["style-src"]


def test_the_documentation_holds_no_script(product: TestClient) -> None:
    page = product.get("/api/docs")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert "script-src 'self';" in page.headers["content-security-policy"]
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert product.get(address).status_code == 200, address


def test_only_an_address_that_names_its_content_is_kept() -> None:
    assert kept("/assets/app.css", b"m=1796000162.0", 200) == ""
    assert kept("/_dash-component-suites/dash/deps/react@18.v4_4_1m1796000162.min.js", b"", 200) == ""
    assert kept("/assets/app.css", b"", 200) == "no-cache"
    assert kept("/_dash-component-suites/dash/dcc/async-graph.js", b"", 304) == "no-cache"
    assert kept("/api/static/swagger/start.js", b"", 200) == "no-cache"
    assert kept("/assets/none.css", b"m=1.0", 404) == "no-store"
    assert kept("/", b"m=1.0", 200) == "no-store"
    assert kept("/api/v1/projects", b"", 200) == "no-store"


def test_a_marked_asset_is_kept_for_a_year(product: TestClient) -> None:
    assert "max-age=31536000" in product.get("/assets/app.css?m=1.0").headers["cache-control"]


def test_over_https_pages_open_alone(product: TestClient) -> None:
    answer = product.get("https://testserver/sign-in")
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_files_are_downloads_that_nobody_runs(product: TestClient, world: World) -> None:
    mine = {"Authorization": f"Bearer {world.tokens['planner']}"}
    files = "exports/projects.csv", "exports/projects.json", "templates/needs.xlsx", "capital-plan.xlsx?first_year=2026"
    for path in files:
        answer = product.get(f"/api/v1/{path}", headers=mine)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert "html" not in answer.headers["content-type"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
