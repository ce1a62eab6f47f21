"""The server is killed in the middle of an import: all of it or nothing, and the state says which."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from portfolio.core.database import make_engine
from tests.support.databases import Databases
from tests.support.server import Served, serving

pytestmark = pytest.mark.e2e
YEARS = {"sqlite": 12, "postgresql": 4}
WAIT_SECONDS = 240


def write_needs(path: Path, engine: Engine, years: int) -> int:
    """A file of needs on every leaf of every project for `years` years; returns its rows."""
    with engine.connect() as connection:
        projects = connection.execute(text("SELECT code FROM projects ORDER BY id")).scalars().all()
        items = connection.execute(text("SELECT code FROM items WHERE is_leaf ORDER BY id")).scalars().all()
    with path.open("w") as file:
        file.write("project,item,year,required\n")
        for project in projects:
            for item in items:
                file.writelines(f"{project},{item},{year},1\n" for year in range(2030, 2030 + years))
    return len(projects) * len(items) * years


def held(engine: Engine) -> tuple[int, int]:
    """Rows of needs, and journalled changes of needs."""
    with engine.connect() as connection:
        needs = connection.execute(text("SELECT count(*) FROM needs")).scalar_one()
        return int(needs), int(
            connection.execute(text("SELECT count(*) FROM journal WHERE room = 'needs'")).scalar_one()
        )


def settled(address: str, number: int) -> dict[str, object]:
    """The import once nobody is at work on it."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        body: dict[str, object] = httpx2.get(f"{address}/api/v1/imports/{number}", timeout=60).json()
        if body["state"] not in ("checking", "applying", "undoing"):
            return body
        time.sleep(0.2)
    raise TimeoutError(str(number))


def kill_in_the_middle(server: Served, number: int) -> int:
    """Confirm, wait until a part of the file was read, and kill the server; returns how far it was, in percent."""
    address = f"{server.address}/api/v1/imports/{number}"
    asking = threading.Thread(target=_ask, args=(f"{address}/confirm",), daemon=True)
    asking.start()
    deadline, far = time.monotonic() + WAIT_SECONDS, 0
    while far < 20 and time.monotonic() < deadline:
        body = httpx2.get(address, timeout=60).json()
        far = body["progress"] if body["state"] == "applying" else 0
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    return far


def _ask(address: str) -> None:
    with suppress(httpx2.TransportError):  # the server is killed while it answers
        httpx2.post(address, timeout=120)


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_all_or_nothing(backend: str, both_databases: Databases, tmp_path: Path) -> None:
    url, path = both_databases.make(backend, "scheme"), tmp_path / "needs.csv"
    settings: dict[str, Any] = {"IMPORTS_DIR": str(tmp_path / "imports")}
    with engine_of(url) as engine:
        rows, before = write_needs(path, engine, YEARS[backend]), held(engine)
        with serving(url, str(tmp_path / "first.log"), **settings) as server:
            with path.open("rb") as file:
                made = httpx2.post(f"{server.address}/api/v1/imports/uploads", files={"file": file}, timeout=120).json()
            assert settled(server.address, made["id"])["state"] == "checked"
            assert held(engine) == before
            far = kill_in_the_middle(server, made["id"])
        assert 20 <= far < 100
        assert held(engine) == before
        with serving(url, str(tmp_path / "second.log"), **settings) as server:
            body = settled(server.address, made["id"])
            assert (body["state"], body["note_code"]) == ("checked", "import.interrupted")
            httpx2.post(f"{server.address}/api/v1/imports/{made['id']}/confirm", timeout=120).raise_for_status()
            assert settled(server.address, made["id"])["state"] == "applied"
        assert held(engine)[0] == before[0] + rows
