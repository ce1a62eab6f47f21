"""Pool balances and the matrix of asked, granted and used, over HTTP, and after every single entry."""

import argparse
import http.client
import json
import time
from pathlib import Path

from bench import ledger_data
from bench.load import Body, get, served, timed
from portfolio.core.database import make_engine

POOLS = "/api/v1/pools"
MATRIX = "/api/v1/accounts?by=year&depth=1"
BY_CITY = "/api/v1/accounts?by=year&by=city&depth=1"
TARGET_MS = 50.0
WRITES = 15
POOL = "BENCH-LAND-2026"
SQL = {
    POOLS: "SELECT pool_id, sum(granted), sum(delivered), sum(used) FROM ledger_accounts GROUP BY pool_id",
    MATRIX: "SELECT p.year, p.item_id, sum(a.granted), sum(a.delivered), sum(a.used) FROM ledger_accounts a"
    " JOIN pools p ON p.id = a.pool_id GROUP BY p.year, p.item_id",
    BY_CITY: "SELECT p.year, p.item_id, j.city_code, sum(a.granted), sum(a.used) FROM ledger_accounts a"
    " JOIN pools p ON p.id = a.pool_id JOIN projects j ON j.id = a.project_id GROUP BY p.year, p.item_id, j.city_code",
}
NAMES = {POOLS: "balances of every pool (2,660)", MATRIX: "asked/granted/used, year × item", BY_CITY: "… × city"}


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    entries = ledger_data.add(database, options.projects)
    raw = {address: _raw(database, sql) for address, sql in SQL.items()}
    with served(["asgi:create_app", "--factory"], {"DATABASE_URL": f"sqlite:///{database}"}) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        _open(connection)
        for address in SQL:
            get(connection, address)
        held = {address: timed(connection, address, 20) for address in SQL}
        fresh, stale = _after_entries(connection)
        needed = _after_needs(connection)
    rows = []
    for address, name in NAMES.items():
        rows.append(_row(f"{name} ({entries:,} entries)", held[address], raw[address]))
        rows.append(_row("the same, first read after an entry", fresh[address], raw[address]))
    rows.append(_row("… × city, first read after a need", needed, raw[BY_CITY]))
    return [*rows, (f"stale answers after {WRITES} entries", str(stale), "–", "–", "0", "no" if stale else "yes")]


def _row(what: str, spent: float, raw_ms: float) -> tuple[str, ...]:
    met = "yes" if spent < TARGET_MS else "no"
    return (what, f"{spent:.1f} ms", f"{raw_ms:.0f} ms raw SQL", f"{raw_ms / spent:.0f}×", f"< {TARGET_MS:.0f} ms", met)


def _raw(database: Path, sql: str) -> float:
    engine = make_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        started = time.perf_counter()
        connection.exec_driver_sql(sql).fetchall()
        spent = (time.perf_counter() - started) * 1000
    engine.dispose()
    return spent


def _after_entries(connection: http.client.HTTPConnection) -> tuple[dict[str, float], int]:
    """The median time of each first read after an entry, and how many of them missed it."""
    spent: dict[str, list[float]] = {address: [] for address in SQL}
    stale = 0
    listed = get(connection, f"/api/v1/projects?stage=ready&limit={WRITES}")["items"]
    for address in SQL:
        before = _granted(get(connection, address))
        for project in listed:
            _grant(connection, project["code"])
            started = time.perf_counter()
            body = get(connection, address)
            spent[address].append((time.perf_counter() - started) * 1000)
            before += 1
            stale += _granted(body) != before
    return {address: sorted(times)[len(times) // 2] for address, times in spent.items()}, stale


def _after_needs(connection: http.client.HTTPConnection) -> float:
    """The median time of the matrix by city, first read after a need was written."""
    spent = []
    for number in range(1, WRITES + 1):
        headers = {"If-None-Match": "*", "Content-Type": "application/json"}
        address = f"/api/v1/needs/GX-2018-{number:06d}/land.unused/2041"
        connection.request("PUT", address, json.dumps({"required": number}), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        started = time.perf_counter()
        get(connection, BY_CITY)
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[len(spent) // 2]


def _granted(body: Body) -> int:
    """All that was granted, in hectares of the pools' land."""
    rows = [row for row in body["items"] if row["unit"] == "公顷" and row["item"].startswith("land")]
    total: float = sum(row["granted"] for row in rows if row["year"] == 2026)
    delivered = sum(row["delivered"] for row in rows if row["year"] == 2026) if "total" in rows[0] else 0
    return round(total + delivered)


def _open(connection: http.client.HTTPConnection) -> None:
    pool = {"code": POOL, "item": "land.built", "year": 2026, "region_code": "450000", "level": "region"}
    body = {**pool, "kind": "quota", "quantity": 10**6, "doc_no": "bench", "on_date": "2026-01-01"}
    connection.request("POST", "/api/v1/pools", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status in (201, 409)


def _grant(connection: http.client.HTTPConnection, project: str) -> None:
    entry = {"kind": "grant", "pool": POOL, "project": project, "quantity": 1}
    body = {"entries": [{**entry, "on_date": "2026-06-01", "doc_no": "bench", "confirmed": True}]}
    connection.request("POST", "/api/v1/ledger", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 201, text
