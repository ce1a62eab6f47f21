"""Editions of 20,000 projects over five years: rolled by the command line, compared, opened as a board."""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert, text
from sqlmodel import Session

from bench import data
from dashboard.context import Context
from portfolio.access.local import EVERYTHING
from portfolio.core.database import make_engine
from portfolio.projects.tables import Project
from portfolio.rolling.queries import compare

PROJECTS, NEEDS_EACH, YEARS = 20_000, 25, 5
ROLL_S, DIFF_S, BOARD_MS = 20.0, 2.0, 300.0
DELIVERED = 10_000
START = "from portfolio.cli.app import main; main()"


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table; the editions have a database of their own."""
    path = data.make(database.parent, PROJECTS, NEEDS_EACH)
    _prepare(path)
    first, _ = _roll(path, "--to", "2026")
    _freeze(path, "2026")
    second, peak = _roll(path, "--to", "2027", "--from", "2026")
    _freeze(path, "2027")
    cold, warm = _diff(path), _board(path)
    return [
        _row(f"founding an edition of {PROJECTS:,} projects × {YEARS} years", f"{first:.1f} s", first < ROLL_S, "20 s"),
        _row("rolling it a year forward, half of it delivered", f"{second:.1f} s", second < ROLL_S, "20 s"),
        _row("peak memory of that process", f"{peak} MB", peak < 1024, "1024 MB"),
        _row("diff and bridge of the two, read from the database", f"{cold[0]:.2f} s", cold[0] < DIFF_S, "2 s"),
        _row("the same again", f"{cold[1]:.2f} s", cold[1] < DIFF_S, "2 s"),
        _row("opening the board", f"{warm[0]:.0f} ms", warm[0] < BOARD_MS, "300 ms"),
        _row("its first hundred entries", f"{warm[1]:.0f} ms", warm[1] < BOARD_MS, "300 ms"),
    ]


def _row(what: str, measured: str, met: bool, target: str) -> tuple[str, ...]:
    return (what, measured, "–", "–", f"< {target}", "yes" if met else "no")


def _prepare(path: Path) -> None:
    """Every project is under way, so all are in; half of them were given, in 2026, half of what they asked in money."""
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        if session.execute(text("SELECT 1 FROM editions")).first():
            return
        session.execute(text("UPDATE projects SET stage = 'under_construction'"))
        asked = session.execute(
            text(
                "SELECT item_id, project_id, required FROM needs WHERE year = 2026 AND project_id <= :last"
                " AND item_id IN (SELECT id FROM items WHERE code LIKE 'fund%')"
            ),
            {"last": DELIVERED},
        ).all()
        tables = Project.metadata.tables
        nothing = dict.fromkeys(("preallocated", "locked", "granted", "delivered", "used"), 0)
        items = sorted({row[0] for row in asked})
        pools = [
            {"id": place, "code": f"P{place}", "item_id": item, "year": 2026, "region_code": "450000", "free": 0}
            | {"level": "region", "kind": "budget", "doc_no": "bench", "name": "", "basis": "reported", **nothing}
            for place, item in enumerate(items, 1)
        ]
        place = {row["item_id"]: row["id"] for row in pools}
        accounts = [
            nothing | {"pool_id": place[item], "project_id": project, "delivered": amount // 2}
            for item, project, amount in asked
        ]
        session.connection().execute(insert(tables["pools"]), pools)
        session.connection().execute(insert(tables["ledger_accounts"]), accounts)
        session.commit()
    engine.dispose()


def _roll(path: Path, *arguments: str) -> tuple[float, int]:
    """Seconds of the command, from start to end, and its peak memory in MB."""
    command = [sys.executable, "-c", START, "roll", *arguments, "--years", str(YEARS), "--later-years"]
    started = time.perf_counter()
    subprocess.run(command, check=True, env={**os.environ, "DATABASE_URL": f"sqlite:///{path}"}, capture_output=True)
    spent = time.perf_counter() - started
    return spent, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _freeze(path: Path, code: str) -> None:
    """Approve without adopting: what is measured is the edition, not the ledger behind it."""
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        session.execute(
            text(
                "UPDATE edition_entries SET decision = 'accepted' WHERE edition_id ="
                " (SELECT id FROM editions WHERE code = :code)"
            ),
            {"code": code},
        )
        session.execute(text("UPDATE editions SET state = 'approved' WHERE code = :code"), {"code": code})
        session.commit()
    engine.dispose()


def _diff(path: Path) -> tuple[float, float]:
    engine = make_engine(f"sqlite:///{path}")
    spent = []
    for _ in range(2):
        with Session(engine) as session:
            started = time.perf_counter()
            cells, plan = compare(session, EVERYTHING, "2026", "2027")
            found, money = cells.differences(), cells.bridge()
            spent.append(time.perf_counter() - started)
        assert money.remainder == plan.bridge().remainder == 0 and len(found) == PROJECTS
    engine.dispose()
    return spent[0], spent[1]


def _board(path: Path) -> tuple[float, float]:
    """Milliseconds to make the board's page and the first block of its rows, the median of some."""
    from dashboard.app import create_dashboard
    from dashboard.pages.programme import board as edition_board
    from dashboard.pages.programme import proposals as edition_proposals

    engine = make_engine(f"sqlite:///{path}")
    app = create_dashboard(engine)
    with app.server.test_request_context("/editions/2027"):
        context = Context("zh", "light", "/editions/2027", {})
        page = _median(lambda: edition_board.content(context, "2027").to_plotly_json())
        block = _median(lambda: edition_proposals.block(context, "2027", 0, 100))
    engine.dispose()
    return page, block


def _median(action: Callable[[], object], times: int = 7) -> float:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[times // 2]
