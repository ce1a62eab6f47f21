"""Every page and every reading address of the product on a database, asked without a browser."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from dashboard.app import create_dashboard, render
from dashboard.context import Context
from dashboard.pages import ADDRESSES
from portfolio.exchange.uploads.tables import Import
from portfolio.rolling.tables import Edition
from tests.support.api import api_client

# A value for every parameter an address asks for; `code` is tried with everything that has one.
GIVEN = {
    "project": "GX-2018-0206",
    "item": "fund.own",
    "year": "2026",
    "id": "T22",
    "number": "1",
    "line": "1",
    "entry": "1",
    "step": "eia",
    "name": "projects.csv",
    "before": "2026",
    "after": "2026",
    "level": "region",
    "region": "450500",
    "element": "land",
    "list": "coordinated",
    "kind": "projects",
    "suffix": "csv",
    "task": "T22",
    "task_id": "T22",
    "by": "city_code",
    "unit": "GX-DOT",
    "subject": "GX-2018-0206",
    "gate": "owner",
    "policy": "default",
    "run": "1",
    "pool": "LAND-2019",
}
CODES = ("GX-2018-0206", "2026", "2019-E", "R", "S1", "S3", "LAND-2019", "GX-DOT")
# What tells of the process, not of the data.
ASIDE = ("/api/openapi.json", "/api/docs", "/api/static", "/api/health")


def answers(engine: Engine) -> dict[str, tuple[int, bytes]]:
    """Status and body of every GET address of the API that finds something, or fails, with its parameters filled in."""
    with api_client(engine) as client:
        routes: Any = client.app
        paths = sorted(
            {str(one.path) for one in iter_route_contexts(routes.routes) if "GET" in (one.methods or {"GET"})}
        )
        addresses = [address for path in paths if path not in ASIDE for address in _addresses(path)]
        told = {address: client.get(address) for address in addresses}
    return {
        address: (one.status_code, one.content)
        for address, one in told.items()
        if one.status_code < 300 or one.status_code >= 500
    }


def _addresses(path: str) -> Iterator[str]:
    for code in CODES if "{code}" in path else ("",):
        yield re.sub(r"\{(\w+):\w+\}", r"{\1}", path).format(**GIVEN, code=code)


def pages(engine: Engine, *more: str) -> dict[str, str]:
    """What every page and those `more` show, as text, in both languages; a page that fails raises."""
    projects = [f"/projects/{CODES[0]}", f"/projects/{CODES[0]}/edit"]
    with Session(engine) as session:
        editions = [f"/editions/{code}" for code in session.execute(select(col(Edition.code))).scalars()]
        imports = [f"/exchange/{number}" for number in session.execute(select(col(Import.id))).scalars()]
    assert editions
    addresses = [*ADDRESSES, *projects, *editions, *imports, *more]
    server = create_dashboard(engine).server
    found = {}
    for address in addresses:
        path, _, query = address.partition("?")
        asked = {name: (value,) for name, _, value in (part.partition("=") for part in query.split("&")) if name}
        for lang in ("zh", "en"):
            with server.test_request_context(path):
                found[f"{lang} {address}"] = str(render(Context(lang, "light", path, asked)))
    return found
