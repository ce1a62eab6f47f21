"""The API on libraries of which little is known, and when the database does not answer: no 500, no `nan`, a code."""

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url

from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from tests.support import half_filled as half
from tests.support.api import api_client
from tests.support.databases import Databases, Level

WRITTEN = re.compile(rb"(?<![\w.])(nan|NaN|NaT|None)(?![\w.])")
OF_THE_HALF = (
    *(f"/projects/{half.BARE}{part}" for part in ("", "/needs", "/steps", "/readiness", "/history", "/financing")),
    *(f"/editions/{half.EDITION}/totals/{by}" for by in ("city", "sector", "category")),
    *(f"/editions/{half.EDITION}/annual-list/totals/{by}" for by in ("city", "unit", "sector")),
    *(f"/rounds/{half.REVIEW}/totals/{by}" for by in ("city", "sector", "item", "state", "project")),
    f"/project-lists/coordinated/{half.YEAR}",
    f"/editions/{half.EDITION}/annual-list.xlsx",
    "/scenarios/comparison?" + "&".join(f"code={code}" for code in half.SCENARIOS),
    f"/capital-plan.xlsx?year={half.YEAR}",
    "/export/projects.csv",
)


@pytest.fixture
def client(request: pytest.FixtureRequest, sqlite_databases: Databases) -> Iterator[tuple[TestClient, Path]]:
    level: Level = request.param
    url = sqlite_databases.make("sqlite", level)
    engine = make_engine(url)
    with api_client(engine) as opened:
        yield opened, Path(str(make_url(url).database))
    engine.dispose()


def contents(content: bytes) -> Iterator[bytes]:
    """An answer, or the parts of one that is an archive."""
    if not content.startswith(b"PK"):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from (archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("client", "more"), [("bare", ()), ("half", OF_THE_HALF)], indirect=["client"], ids=["empty", "half"]
)
def test_every_list_answers_and_writes_no_missing_value_out(
    client: tuple[TestClient, Path], more: tuple[str, ...]
) -> None:
    asked, _ = client
    paths = asked.get("/api/openapi.json").json()["paths"]
    plain = [path for path, ways in paths.items() if "get" in ways and "{" not in path]
    answers = {path: asked.get(path) for path in (*plain, *(f"/api/v1{path}" for path in more))}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= 500} == {}
    assert [path for path, answer in answers.items() if any(map(WRITTEN.search, contents(answer.content)))] == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > len(answers) // 2


@pytest.mark.parametrize("client", ["bare"], indirect=True)
def test_a_database_that_does_not_answer_is_a_503_with_its_code(
    client: tuple[TestClient, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, file = client
    assert asked.get("/api/v1/projects").status_code == 200
    kept = file.rename(file.with_suffix(".kept"))
    away = asked.get("/api/v1/projects", headers={"X-Request-Id": "r-20"})
    assert (away.status_code, away.json()["code"], away.json()["request_id"]) == (503, "server.away", "r-20")
    kept.rename(file)
    monkeypatch.setattr(get_settings(), "write_wait_seconds", 0)
    make_busy = sqlite3.connect(file, isolation_level=None)
    make_busy.execute("BEGIN IMMEDIATE")
    asked.get("/api/v1/projects")
    busy = asked.post("/api/v1/projects", json={"name_zh": "项目"})
    assert (busy.status_code, busy.json()["code"]) == (503, "server.busy")
    make_busy.execute("ROLLBACK")
    make_busy.close()
    assert asked.post("/api/v1/projects", json={"name_zh": "项目"}).status_code == 201
