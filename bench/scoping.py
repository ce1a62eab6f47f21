"""The same page of 50 asked for by one who sees everything and by one who sees some: what the scope costs.

Both ask with a token over HTTP, request by request in turns, and are given the same rows: a filter leaves the
all-seeing role what the scope leaves the other, who asks with the same filter and, apart, with none.
"""

import argparse
import http.client
import shutil
import sqlite3
import time
from itertools import product
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.holders import CITY, UNIT, bearer, token_of
from bench.load import SORTS, STAGES, get, served

TARGET = 1.1
PAGES = 3
Asker = tuple[dict[str, str], dict[str, str]]
NARROWED = {
    "city_reviewer": ("city", {"city": CITY}),
    "lead_reviewer": ("lead unit", {"lead_unit": UNIT}),
    "project_office": ("reporting unit", {"lead_unit": UNIT}),
}


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    own = database.parent / "scoping.db"
    shutil.copy(database, own)
    _give_offices(own)
    secrets = {role: token_of(own, role) for role in ("planner", *NARROWED)}
    with served(["asgi:create_app", "--factory"], {"DATABASE_URL": f"sqlite:///{own}", "SIGN_IN": "on"}) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        get(connection, "/api/v1/summary?by=year", bearer(secrets["planner"]))
        return [
            _row(connection, secrets, role, filtered, options.seconds / 2)
            for role in NARROWED
            for filtered in (True, False)
        ]


def _give_offices(path: Path) -> None:
    """Every project is reported by its lead unit."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE revision SET service_open = 1")
        connection.execute("UPDATE projects SET office_unit = lead_unit")
        connection.execute("UPDATE revision SET service_open = 0")
    connection.execute("ANALYZE")
    connection.close()


def _row(
    connection: http.client.HTTPConnection, secrets: dict[str, str], role: str, filtered: bool, seconds: float
) -> tuple[str, ...]:
    name, narrowed = NARROWED[role]
    sides = ((bearer(secrets[role]), narrowed if filtered else {}), (bearer(secrets["planner"]), narrowed))
    scoped, whole = list[float](), list[float]()
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop:
        for stage, sort in product(STAGES, SORTS):
            _walk(connection, {"stage": stage, "sort": sort, "limit": "50"}, sides, (scoped, whole))
    some, everything = median(scoped) * 1000, median(whole) * 1000
    what = f"page of 50 within one's {name}, {'same filter' if filtered else 'no filter'}, against all-seeing"
    met = "yes" if some <= TARGET * everything else "no"
    return (what, f"{some:.2f} ms", f"{everything:.2f} ms", f"{some / everything:.2f}×", f"≤ {TARGET}×", met)


def _walk(
    connection: http.client.HTTPConnection,
    asked: dict[str, str],
    sides: tuple[Asker, Asker],
    seconds: tuple[list[float], list[float]],
) -> None:
    """A few pages of a list, each for both, the first to be asked changing."""
    extra: dict[str, str] = {}
    for page in range(PAGES):
        bodies = []
        for (headers, narrowed), spent in list(zip(sides, seconds, strict=True))[:: 1 if page % 2 else -1]:
            address = f"/api/v1/projects?{urlencode(asked | narrowed | extra)}"
            started = time.perf_counter()
            bodies.append(get(connection, address, headers))
            spent.append(time.perf_counter() - started)
        assert bodies[0] == bodies[1]
        assert len(bodies[0]["items"]) == 50
        extra = {"after": bodies[0]["next"]}
