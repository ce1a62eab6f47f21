"""A backup beside a bare copy of the same file; changes that wait for the disk beside such that do not."""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from bench.holders import bearer, token_of
from bench.load import CLIENTS, running
from bench.updating import EACH, TURNS, Side, codes_of, open_side, turn
from portfolio.archiving.backup import backup
from portfolio.archiving.restore import Wanted, restore
from portfolio.core.database import make_engine

ROUNDS = 3
BACKUP_TARGET = 6.0


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    return [*_backup_rows(database), *_commit_rows(database, options)]


def _backup_rows(database: Path) -> list[tuple[str, ...]]:
    engine, archive = make_engine(f"sqlite:///{database}"), database.parent / "keeping.zip"
    spent = [(_timed(lambda: _bare(database)), _timed(lambda: backup(engine, archive))) for _ in range(ROUNDS)]
    copied, made = (min(times) for times in zip(*spent, strict=True))
    fresh = make_engine(f"sqlite:///{database.parent / 'restored' / 'portfolio.db'}")
    back = _timed(lambda: restore(fresh, archive, Wanted(accept_findings=True)))
    for opened in (engine, fresh):
        opened.dispose()
    size = f"{archive.stat().st_size / (1 << 20):.0f} MB"
    what = f"backup of {size} with its hashes, against a bare copy brought to the disk"
    met = "yes" if made <= BACKUP_TARGET * copied else "no"
    told = (f"{made:.2f} s", f"{copied:.2f} s", f"{made / copied:.1f}×", f"≤ {BACKUP_TARGET:.0f}×", met)
    again = (f"{back:.2f} s", f"{copied:.2f} s", f"{back / copied:.1f}×", "–", "–")
    return [(what, *told), ("restoring it: verified, checked, put in place", *again)]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bare(database: Path) -> None:
    copy = database.parent / "keeping.copy"
    shutil.copy(database, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _commit_rows(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Both servers run at once and take turns; each writes to a copy of the database of its own."""
    full, normal = (database.parent / f"keeping-{name}.db" for name in ("full", "normal"))
    for path in (full, normal):
        shutil.copy(database, path)
    secrets = [token_of(path, "city_reviewer") for path in (full, normal)]
    codes = codes_of(full, EACH * CLIENTS)
    settings = [
        {"DATABASE_URL": f"sqlite:///{path}", "SIGN_IN": "on", "SQLITE_SYNCHRONOUS": name}
        for path, name in ((full, "full"), (normal, "normal"))
    ]
    arguments = ["asgi:create_app", "--factory"]
    with running(arguments, settings[0]) as waits, running(arguments, settings[1]) as hastens:
        sides = [
            Side(server, "/api/v1/projects/", bearer(secret))
            for server, secret in zip((waits, hastens), secrets, strict=True)
        ]
        for side in sides:
            open_side(side, codes)
        for number in range(TURNS):
            for side in sides if number % 2 else sides[::-1]:
                turn(side, codes, options.seconds / TURNS * 2)
    ours, other = sides
    what = f"changing one record, {CLIENTS} clients, synchronous FULL against NORMAL"
    rate = (f"{ours.rate:.0f}/s", f"{other.rate:.0f}/s", f"{ours.rate / other.rate:.2f}×", "–", "–")
    cost = (f"{ours.cost_ms:.2f} ms", f"{other.cost_ms:.2f} ms", f"{ours.cost_ms / other.cost_ms:.2f}×", "–", "–")
    return [(what, *rate), ("the same in processor time", *cost)]
