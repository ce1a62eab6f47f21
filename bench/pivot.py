"""The complete pivot of required by year × item × city, over HTTP and after every single committed write."""

import argparse
import http.client
import json
import time
from pathlib import Path

from bench.load import Body, get, served, timed
from portfolio.core.database import make_engine

ADDRESS = "/api/v1/summary?by=year&by=item&by=city"
SQL = (
    "SELECT n.year, n.item_id, p.city_code, sum(n.required), count(*) FROM needs n"
    " JOIN projects p ON p.id = n.project_id"
    " GROUP BY n.year, n.item_id, p.city_code"
)
TARGET_MS = 50.0
WRITES = 25


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    raw_ms = _raw(database)
    with served(["asgi:create_app", "--factory"], {"DATABASE_URL": f"sqlite:///{database}"}) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        get(connection, ADDRESS)
        held = timed(connection, ADDRESS, 30)
        fresh, stale = _after_writes(connection)
    rows = [
        _row("pivot year × item × city, unchanged", held, raw_ms),
        _row("the same, first read after a write", fresh, raw_ms),
    ]
    return [*rows, (f"stale answers after {WRITES} single writes", str(stale), "–", "–", "0", "no" if stale else "yes")]


def _row(what: str, spent: float, raw_ms: float) -> tuple[str, ...]:
    met = "yes" if spent < TARGET_MS else "no"
    return (what, f"{spent:.1f} ms", f"{raw_ms:.0f} ms raw SQL", f"{raw_ms / spent:.0f}×", f"< {TARGET_MS:.0f} ms", met)


def _raw(database: Path) -> float:
    engine = make_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        started = time.perf_counter()
        connection.exec_driver_sql(SQL).fetchall()
        spent = (time.perf_counter() - started) * 1000
    engine.dispose()
    return spent


def _after_writes(connection: http.client.HTTPConnection) -> tuple[float, int]:
    """The median time of the first pivot after a write, and how many of them missed it."""
    spent, stale = [], 0
    total = _total(get(connection, ADDRESS))
    for number in range(1, WRITES + 1):
        address = f"/api/v1/needs/GX-2018-{number:06d}/fund.tbd/2040"
        headers = {"If-None-Match": "*", "Content-Type": "application/json"}
        connection.request("PUT", address, json.dumps({"required": number}), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        started = time.perf_counter()
        body = get(connection, ADDRESS)
        spent.append((time.perf_counter() - started) * 1000)
        total += number
        stale += _total(body) != total
    return sorted(spent)[len(spent) // 2], stale


def _total(body: Body) -> int:
    return sum(row["required"] for row in body["items"] if row["unit"] == "万元")
