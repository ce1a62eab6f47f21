"""Posting at 32 clients on PostgreSQL, against the same statements sent through bare psycopg in the same run."""

import argparse
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.ledger.service import PoolData, Posting, open_pool, post
from portfolio.upkeep.setup import initialise
from tests.support.postgres import cluster

CLIENTS, TARGET = 32, 0.2
POOL = PoolData("B", "land", 2026, "450000", "region", "quota", 10**14, "bench", "2026-01-01")
Statement = tuple[str, Any]


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    with cluster() as url:
        engine = make_engine(url)
        initialise(engine, "scheme")
        with transaction(engine) as session:
            open_pool(session, LOCAL_OWNER, EVERYTHING, POOL)
        _post(engine)
        statements = _recorded(engine)
        ours = _rate(lambda: _posting(engine), options.seconds)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        bare = _rate(lambda: _replaying(plain, statements), options.seconds)
        engine.dispose()
    ratio = ours / bare
    what = f"posting an entry, {CLIENTS} clients, PostgreSQL"
    against = f"{bare:.0f}/s bare psycopg, {len(statements)} statements"
    return [(what, f"{ours:.0f}/s", against, f"{ratio:.2f}×", f"≥ {TARGET}×", "yes" if ratio >= TARGET else "no")]


def _post(engine: Engine) -> None:
    entry = Posting("lock", "B", 1, "2026-03-01", "GX-2018-0206", doc_no="bench")
    with transaction(engine) as session:
        post(session, LOCAL_OWNER, EVERYTHING, [entry])


def _recorded(engine: Engine) -> list[Statement]:
    """The statements of one posting, with their parameters."""
    found: list[Statement] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    _post(engine)
    event.remove(engine, "before_cursor_execute", keep)
    return found


def _posting(engine: Engine) -> Callable[[], None]:
    return lambda: _post(engine)


def _replaying(url: str, statements: list[Statement]) -> Callable[[], None]:
    connection = psycopg.connect(url)

    def once() -> None:
        with connection.cursor() as cursor:
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
        connection.commit()

    return once


def _rate(client: Callable[[], Callable[[], None]], seconds: float) -> float:
    """Postings a second of all clients together."""
    counts, failed = [0] * CLIENTS, list[BaseException]()
    start = threading.Barrier(CLIENTS + 1)
    end = 0.0

    def work(place: int) -> None:
        once = client()
        start.wait()
        while time.perf_counter() < end:
            try:
                once()
            except psycopg.Error as error:
                failed.append(error)
                return
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    end = time.perf_counter() + seconds + 2
    start.wait()
    began = time.perf_counter()
    end = began + seconds
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(counts) / (time.perf_counter() - began)
