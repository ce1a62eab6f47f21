"""One record changed by eight clients, over HTTP: token, scope, rules, If-Match, journal; beside the same in DRF.

Both servers run at once and take turns, so that other work on the machine falls on both. Every record was changed once
before: the first change of an accepted record also makes it a draft and keeps what it said, which the peer has not.
"""

import argparse
import http.client
import json
import shutil
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.holders import CITY, bearer, tell_peers, token_of
from bench.load import CLIENTS, Server, running

TARGET = 2.0
EACH = 40
TURNS = 8
JOURNAL = (
    "CREATE TABLE bench_journal (id INTEGER PRIMARY KEY, at TEXT, actor TEXT, room TEXT, subject TEXT, action TEXT,"
    " before TEXT, after TEXT, reason TEXT, revision INTEGER)"
)


@dataclass
class Side:
    """One server with the address and header of its records, the newest ETags, and what it has done so far."""

    server: Server
    base: str
    headers: dict[str, str]
    tags: dict[str, str] = field(default_factory=dict)
    changes: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def rate(self) -> float:
        """Changes a second of its turns."""
        return self.changes / self.seconds

    @property
    def cost_ms(self) -> float:
        """Processor time of the server for one change, in milliseconds."""
        return self.processor / self.changes * 1000


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table; each side writes to a copy of the database of its own."""
    ours, theirs = (database.parent / f"updating-{side}.db" for side in ("ours", "drf"))
    for path in (ours, theirs):
        shutil.copy(database, path)
    secret = token_of(ours, "city_reviewer")
    tell_peers(theirs, secret)
    codes = _prepare(theirs)
    environment = {"DATABASE_URL": f"sqlite:///{ours}", "SIGN_IN": "on"}
    with (
        running(["asgi:create_app", "--factory"], environment) as product,
        running(["bench.peers.drf:app"], {"DATABASE_FILE": str(theirs)}) as peer,
    ):
        sides = (
            Side(product, "/api/v1/projects/", bearer(secret)),
            Side(peer, "/projects/", bearer(secret)),
        )
        for side in sides:
            _open(side, codes)
        for turn in range(TURNS):
            for side in sides if turn % 2 else sides[::-1]:
                _turn(side, codes, options.seconds / TURNS * 2)
    return _rows(*sides)


def _rows(ours: Side, peer: Side) -> list[tuple[str, ...]]:
    what = f"changing one record, {CLIENTS} clients, against Django REST Framework"
    ratio, cost = ours.rate / peer.rate, peer.cost_ms / ours.cost_ms
    met = "yes" if ratio >= TARGET else "no"
    return [
        (what, f"{ours.rate:.0f}/s", f"{peer.rate:.0f}/s", f"{ratio:.1f}×", f"≥ {TARGET:.0f}×", met),
        ("the same in processor time", f"{ours.cost_ms:.2f} ms", f"{peer.cost_ms:.2f} ms", f"{cost:.1f}×", "–", "–"),
    ]


def _prepare(path: Path) -> list[str]:
    """Give the peer its journal; take off the triggers it would not have. Returns the codes of the city."""
    connection = sqlite3.connect(path)
    with connection:
        watching = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'watch%'")
        for (name,) in watching.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(JOURNAL)
    rows = connection.execute(
        "SELECT code FROM projects WHERE city_code = ? ORDER BY id LIMIT ?", (CITY, EACH * CLIENTS)
    ).fetchall()
    connection.close()
    return [row[0] for row in rows]


def _open(side: Side, codes: list[str]) -> None:
    """Read every record and change it once."""
    connection = http.client.HTTPConnection("127.0.0.1", side.server.port, timeout=60)
    for code in codes:
        connection.request("GET", side.base + code, headers=side.headers)
        answer = connection.getresponse()
        answer.read()
        side.tags[code] = answer.headers["ETag"]
        fault = _change(connection, side, code, "owner")
        assert not fault, fault
    connection.close()


def _turn(side: Side, codes: list[str], seconds: float) -> None:
    """Let the clients change records for some seconds, each its own in turn."""
    counts, faults = [0] * CLIENTS, list[str]()
    started, spent = time.perf_counter(), side.server.spent
    threads = [
        threading.Thread(target=_client, args=(side, codes[n::CLIENTS], started + seconds, counts, n, faults))
        for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults[:3]
    side.changes += sum(counts)
    side.seconds += time.perf_counter() - started
    side.processor += side.server.spent - spent


def _client(side: Side, codes: list[str], stop: float, counts: list[int], number: int, faults: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", side.server.port, timeout=60)
    while time.perf_counter() < stop and not faults:
        fault = _change(connection, side, codes[counts[number] % len(codes)], f"owner {stop} {counts[number]}")
        if fault:
            faults.append(fault)
        counts[number] += 1
    connection.close()


def _change(connection: http.client.HTTPConnection, side: Side, code: str, owner: str) -> str:
    """Change a record under the ETag that the last answer gave; returns what went wrong, if anything."""
    sent = {**side.headers, "If-Match": side.tags[code], "Content-Type": "application/json"}
    connection.request("PATCH", side.base + code, json.dumps({"owner": owner}), sent)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        return f"{answer.status} {content[:300]!r}"
    side.tags[code] = answer.headers["ETag"]
    return ""
