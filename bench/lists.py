"""A page of 50 filtered and sorted, over HTTP and by token, beside the peers; the last page beside the first."""

import argparse
import http.client
import shutil
import time
from pathlib import Path

from bench.holders import bearer, tell_peers, token_of
from bench.load import Body, get, requests_per_second, served, timed
from portfolio.core.database import make_engine

TARGETS = {"drf": 3.0, "plain": 2.0}
TITLES = {"drf": "Django REST Framework", "plain": "plain SQLModel and FastAPI"}


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    own = database.parent / "lists.db"
    shutil.copy(database, own)
    secret = token_of(own, "planner")
    tell_peers(own, secret)
    url, shown = f"sqlite:///{own}", bearer(secret)
    with served(["asgi:create_app", "--factory"], {"DATABASE_URL": url}) as port:
        _settled(port, shown)
        ours = requests_per_second(port, "/api/v1/projects", _cursor, options.seconds, shown)
        ends = _ends(port, options.projects, shown)
    rates = {}
    for peer in TARGETS:
        environment = {"DATABASE_URL": url, "DATABASE_FILE": str(own)}
        with served([f"bench.peers.{peer}:app"], environment) as port:
            rates[peer] = requests_per_second(port, "/projects", _offset, options.seconds, shown)
    raw = _raw_sql(own, options.seconds)
    rows = [
        (
            f"page of 50, 8 clients, against {TITLES[peer]}",
            f"{ours:.0f}/s",
            f"{rates[peer]:.0f}/s",
            f"{ours / rates[peer]:.1f}×",
            f"≥ {target:.0f}×",
            "yes" if ours >= target * rates[peer] else "no",
        )
        for peer, target in TARGETS.items()
    ]
    rows.append(
        ("the same rows as raw SQL in one thread", f"{ours:.0f}/s", f"{raw:.0f}/s", f"{ours / raw:.2f}×", "–", "–")
    )
    first, last = ends
    met = "yes" if last <= 1.5 * first else "no"
    return [
        *rows,
        ("last page against the first", f"{last:.1f} ms", f"{first:.1f} ms", f"{last / first:.2f}×", "≤ 1.5×", met),
    ]


def _settled(port: int, shown: dict[str, str]) -> None:
    """Wait until the needs are in memory: a server reads them once, in the background, when it starts."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    get(connection, "/api/v1/summary?by=year", shown)
    connection.close()


def _cursor(body: Body, _page: int) -> dict[str, str]:
    return {"after": body["next"]} if body["next"] else {}


def _offset(_body: Body, page: int) -> dict[str, str]:
    return {"offset": str(50 * page)}


def _ends(port: int, projects: int, shown: dict[str, str]) -> tuple[float, float]:
    """Milliseconds of the first and the last page of the whole list, by a sort that is not the key."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    base = "/api/v1/projects?sort=-total_investment&limit="
    after = ""
    for _ in range(projects // 500 - 1):
        body = get(connection, f"{base}500{after}", shown)
        after = f"&after={body['next']}"
    body = get(connection, f"{base}450{after}", shown)
    last = f"{base}50&after={body['next']}"
    assert get(connection, last, shown)["next"] is None
    return timed(connection, f"{base}50", 40, shown), timed(connection, last, 40, shown)


def _raw_sql(database: Path, seconds: float) -> float:
    engine = make_engine(f"sqlite:///{database}")
    statement = (
        "SELECT * FROM projects WHERE stage = 'ready' AND city_code = '450700'"
        " ORDER BY total_investment_yuan DESC, id DESC LIMIT 50"
    )
    links = "SELECT * FROM {} WHERE project_id IN ({}) ORDER BY project_id, position"
    count, stop = 0, time.perf_counter() + seconds / 2
    with engine.connect() as connection:
        while time.perf_counter() < stop:
            rows = connection.exec_driver_sql(statement).fetchall()
            ids = ",".join(str(row[0]) for row in rows)
            for table in ("project_regions", "project_tasks", "project_units"):
                connection.exec_driver_sql(links.format(table, ids)).fetchall()
            count += 1
    engine.dispose()
    return count / (seconds / 2)
