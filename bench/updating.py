"""One record changed by eight clients, over HTTP: permission, rules, If-Match, journal; beside the same in DRF."""

import argparse
import hashlib
import http.client
import json
import shutil
import sqlite3
import threading
import time
from pathlib import Path

from bench.load import CLIENTS, served

TARGET = 2.0
CITY, SECRET = "450700", "bench"
EACH = 40
JOURNAL = (
    "CREATE TABLE bench_journal (id INTEGER PRIMARY KEY, at TEXT, actor TEXT, room TEXT, subject TEXT, action TEXT,"
    " before TEXT, after TEXT, reason TEXT, revision INTEGER)"
)


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table; each side writes to a copy of the database of its own."""
    ours, theirs = (database.parent / f"updating-{side}.db" for side in ("ours", "drf"))
    for path in (ours, theirs):
        shutil.copy(database, path)
    codes = _prepare(theirs)
    with served(["asgi:create_app", "--factory"], {"DATABASE_URL": f"sqlite:///{ours}"}) as port:
        rate = _updates_per_second(port, "/api/v1/projects/", {}, codes, options.seconds)
    with served(["bench.peers.drf:app"], {"DATABASE_FILE": str(theirs)}) as port:
        bearer = {"Authorization": f"Bearer {SECRET}"}
        peer = _updates_per_second(port, "/projects/", bearer, codes, options.seconds)
    met = "yes" if rate >= TARGET * peer else "no"
    what = "changing one record, 8 clients, against Django REST Framework"
    return [(what, f"{rate:.0f}/s", f"{peer:.0f}/s", f"{rate / peer:.1f}×", f"≥ {TARGET:.0f}×", met)]


def _prepare(path: Path) -> list[str]:
    """Give the peer its token and journal; take off the triggers it would not have. Returns the codes of the city."""
    connection = sqlite3.connect(path)
    with connection:
        watching = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'watch%'")
        for (name,) in watching.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(JOURNAL)
        connection.execute("CREATE TABLE bench_tokens (digest TEXT PRIMARY KEY, name TEXT, city_code TEXT)")
        digest = hashlib.sha256(SECRET.encode()).hexdigest()
        connection.execute("INSERT INTO bench_tokens VALUES (?, 'bench', ?)", (digest, CITY))
    rows = connection.execute(
        "SELECT code FROM projects WHERE city_code = ? ORDER BY id LIMIT ?", (CITY, EACH * CLIENTS)
    ).fetchall()
    connection.close()
    return [row[0] for row in rows]


def _updates_per_second(port: int, base: str, headers: dict[str, str], codes: list[str], seconds: float) -> float:
    counts, faults = [0] * CLIENTS, list[str]()
    stop = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_change, args=(port, base, headers, codes[n::CLIENTS], stop, counts, n, faults))
        for n in range(CLIENTS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults[:3]
    return sum(counts) / (time.perf_counter() - started)


def _change(
    port: int,
    base: str,
    headers: dict[str, str],
    codes: list[str],
    stop: float,
    counts: list[int],
    number: int,
    faults: list[str],
) -> None:
    """Change one's own projects in turn, each time under the ETag that the last answer gave."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    tags = dict[str, str]()
    while time.perf_counter() < stop and not faults:
        code = codes[counts[number] % len(codes)]
        if code not in tags:
            connection.request("GET", base + code, headers=headers)
            answer = connection.getresponse()
            answer.read()
            tags[code] = answer.headers["ETag"]
        body = json.dumps({"owner": f"owner {counts[number]}"})
        sent = {**headers, "If-Match": tags[code], "Content-Type": "application/json"}
        connection.request("PATCH", base + code, body, sent)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            faults.append(f"{answer.status} {content[:300]!r}")
            return
        tags[code] = answer.headers["ETag"]
        counts[number] += 1
