"""One request, one transaction: kept when its endpoint returns, and nothing of it when the endpoint raises."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.door.context import Writing, turns
from portfolio.core.errors import ConflictError

WRITE = text("UPDATE projects SET owner = '某公司' WHERE code = 'GX-2018-0207'")


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """Endpoints that write and then end in each way."""
    app = FastAPI()
    app.state.engine, app.state.turns = engine, turns(engine)

    @app.post("/{ending}")
    def write(ending: str, session: Writing) -> str:
        session.execute(WRITE)
        if ending == "breaks":
            raise RuntimeError(ending)
        if ending == "refuses":
            raise ConflictError("project.exists", code="GX-2018-0207")
        return ending

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(("ending", "kept"), [("returns", 1), ("breaks", 0), ("refuses", 0)])
def test_what_was_written_before_a_fault_is_not_kept(
    client: TestClient, engine: Engine, ending: str, kept: int
) -> None:
    answered = client.post(f"/{ending}")
    assert answered.is_success is bool(kept)
    with Session(engine) as session:
        count = session.execute(text("SELECT COUNT(*) FROM projects WHERE owner = '某公司'")).scalar_one()
    assert count == kept
