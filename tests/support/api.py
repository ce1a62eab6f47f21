"""The API on a test's database: applications are lent, for making one costs more than most of what is asked of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_api, serve_from

_idle: list[FastAPI] = []


@contextmanager
def lent_api(engine: Engine) -> Iterator[FastAPI]:
    """An application that nobody else holds, on `engine`; given back without what was overridden in it."""
    app = _idle.pop() if _idle else create_api(engine)
    serve_from(app, engine)
    try:
        yield app
    finally:
        app.dependency_overrides.clear()
        _idle.append(app)


@contextmanager
def api_client(engine: Engine, **options: Any) -> Iterator[TestClient]:
    """A client of the API on `engine`; `options` are the client's own (headers, cookies)."""
    with lent_api(engine) as app, TestClient(app, raise_server_exceptions=False, **options) as client:
        yield client
