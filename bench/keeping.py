"""A backup beside a bare copy of the same file; changes that wait for the disk beside such that do not."""

import argparse
import os
import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.core.settings import get_settings
from portfolio.projects.service import update_project
from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore

ROUNDS, TURNS, EACH = 3, 10, 40
LEVELS = {"full": 2, "normal": 1}
BACKUP_TARGET = 15.0
Spent = tuple[float, float]  # seconds, and those of the processor


def run(database: Path, _: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    return [*_backup_rows(database), *_commit_rows(database)]


def _backup_rows(database: Path) -> list[tuple[str, ...]]:
    engine, archive = make_engine(f"sqlite:///{database}"), database.parent / "keeping.zip"
    spent = [(_timed(lambda: _bare(database)), _timed(lambda: backup(engine, archive))) for _ in range(ROUNDS)]
    copied, made = (_least(times) for times in zip(*spent, strict=True))
    fresh = make_engine(f"sqlite:///{database.parent / 'restored' / 'portfolio.db'}")
    back = _timed(lambda: restore(fresh, archive, Wanted(accept_findings=True)))
    for opened in (engine, fresh):
        opened.dispose()
    what = f"backup of {archive.stat().st_size >> 20} MB with its hashes, against a bare copy brought to the disk"
    met = "yes" if made[0] <= BACKUP_TARGET * copied[0] else "no"
    return [
        (what, *_told(made[0], copied[0]), f"≤ {BACKUP_TARGET:.0f}×", met),
        ("the same in processor time", *_told(made[1], copied[1]), "–", "–"),
        ("restoring it: verified, checked, put in place, processor time", *_told(back[1], copied[1]), "–", "–"),
    ]


def _told(ours: float, other: float) -> tuple[str, str, str]:
    return f"{ours:.2f} s", f"{other:.2f} s", f"{ours / other:.1f}×"


def _timed(work: Callable[[], object]) -> Spent:
    started, begun = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - begun


def _least(runs: Sequence[Spent]) -> Spent:
    """The least of each figure: what other work on the machine adds is not part of it."""
    return min(run[0] for run in runs), min(run[1] for run in runs)


def _bare(database: Path) -> None:
    copy = database.parent / "keeping.copy"
    shutil.copy(database, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _commit_rows(database: Path) -> list[tuple[str, ...]]:
    """The same changes through the services in two copies of the database, in turns: rules, journal, chain, commit."""
    sides = {name: _side(database, name) for name in ("full", "normal")}
    spent = dict.fromkeys(sides, (0.0, 0.0))
    for number in range(TURNS):
        for name in sorted(sides, reverse=bool(number % 2)):
            now = _timed(partial(_change, sides[name], number))
            spent[name] = (spent[name][0] + now[0], spent[name][1] + now[1])
    for engine in sides.values():
        engine.dispose()
    each = {name: tuple(1000 * seconds / (TURNS * EACH) for seconds in times) for name, times in spent.items()}
    told = [
        (f"{full:.2f} ms", f"{normal:.2f} ms", f"{full / normal:.2f}×", "–", "–")
        for full, normal in zip(each["full"], each["normal"], strict=True)
    ]
    what = "one change saved, synchronous FULL against NORMAL, services alone"
    return [(what, *told[0]), ("the same in processor time", *told[1])]


def _side(database: Path, name: str) -> Engine:
    """A copy of the database, opened with the setting."""
    path = database.parent / f"keeping-{name}.db"
    shutil.copy(database, path)
    held = os.environ["SQLITE_SYNCHRONOUS"]
    os.environ["SQLITE_SYNCHRONOUS"] = name
    get_settings.cache_clear()
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == LEVELS[name]
    os.environ["SQLITE_SYNCHRONOUS"] = held
    get_settings.cache_clear()
    return engine


def _change(engine: Engine, number: int) -> None:
    """Change some records, each in a transaction of its own, on the connection that was opened first."""
    with engine.connect() as connection:
        codes = connection.exec_driver_sql(f"SELECT code FROM projects ORDER BY id LIMIT {EACH}").scalars().all()
    for code in codes:
        with transaction(engine) as session:
            update_project(session, LOCAL_OWNER, EVERYTHING, code, {"owner": f"owner {number}"})
