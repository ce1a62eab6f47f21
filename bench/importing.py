"""Importing needs, checks and journal included, beside bare `executemany` and itself without the journal, in turns."""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import data

INSERT = "INSERT INTO needs (project_id, item_id, year, required, basis, revision) VALUES (?, ?, ?, ?, ?, 1)"
PRAGMAS = ("PRAGMA foreign_keys=ON", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA cache_size=-65536")
Spent = dict[str, float]
TARGET = 0.5
JOURNAL_TARGET = 1.5
ROUNDS = 3
WITHOUT = """
from itertools import repeat
from portfolio.core import revision
from portfolio.exchange import needs_writing
def write_new(self, rows):
    columns = (rows.project, rows.item, rows.year, rows.required, rows.basis)
    numbered = zip(*columns, repeat(revision.bump(self.session)), strict=False)
    self.behind.insert(needs_writing._needs, needs_writing.NAMES, list(numbered))
    self.tally.new += len(rows.project)
    self.touched.update(rows.project)
needs_writing.NeedsWriter._write_new = write_new
"""
CHILD = """
import json, resource, sys, time
from pathlib import Path
from sqlmodel import Session
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine
from portfolio.exchange.rows.importing import Options, run_import
engine = make_engine("sqlite:///" + sys.argv[1])
started, begun = time.perf_counter(), time.process_time()
with Session(engine) as session:
    outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [Path(sys.argv[2])], Options(kind="needs", limit_mb=1000))
    assert outcome.applied and not outcome.findings, list(outcome.findings)[:3]
    session.commit()
spent, processor = time.perf_counter() - started, time.process_time() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"new": outcome.tally.new, "seconds": spent, "processor": processor, "mb": peak}))
"""


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    empty = (
        data.make(database.parent / "empty", options.projects, 0) if _folder(database.parent / "empty") else database
    )
    csv_file = database.parent / "needs.csv"
    rows = data.write_needs_csv(empty, csv_file, options.projects, options.needs_each)
    turns = [_turn(empty, database.parent, csv_file, rows) for _ in range(ROUNDS)]
    whole, silent, bare = (_best(side) for side in zip(*turns, strict=True))
    quarter_file = database.parent / "quarter.csv"
    with csv_file.open() as source, quarter_file.open("w") as target:
        target.writelines(line for line, _ in zip(source, range(len(rows) // 4 + 1), strict=False))
    quarter = _imported(empty, database.parent / "quarter.db", quarter_file)
    growth = whole["mb"] / quarter["mb"]
    count = len(rows)
    return [
        (
            "importing needs against bare executemany",
            f"{count / whole['seconds']:,.0f} rows/s",
            f"{count / bare['seconds']:,.0f} rows/s",
            f"{bare['seconds'] / whole['seconds']:.2f}×",
            f"≥ {TARGET}×",
            "yes" if bare["seconds"] >= TARGET * whole["seconds"] else "no",
        ),
        _processor("the same in processor time", whole, bare),
        (
            "peak memory, whole file against a quarter of it",
            f"{whole['mb']:.0f} MB",
            f"{quarter['mb']:.0f} MB",
            f"{growth:.2f}×",
            "≤ 1.2×",
            "yes" if growth <= 1.2 else "no",
        ),
        (
            "import with the journal against without",
            f"{whole['seconds']:.2f} s",
            f"{silent['seconds']:.2f} s",
            f"{whole['seconds'] / silent['seconds']:.2f}×",
            f"≤ {JOURNAL_TARGET}×",
            "yes" if whole["seconds"] <= JOURNAL_TARGET * silent["seconds"] else "no",
        ),
        _processor("the same in processor time", whole, silent),
    ]


def _processor(what: str, ours: Spent, other: Spent) -> tuple[str, ...]:
    first, second = ours["processor"], other["processor"]
    return (what, f"{first:.2f} s", f"{second:.2f} s", f"{first / second:.2f}×", "–", "–")


def _best(runs: Sequence[Spent]) -> Spent:
    """The least of each figure: what other work on the machine adds is not part of it."""
    return {name: min(run[name] for run in runs) for name in runs[0]}


def _turn(source: Path, folder: Path, csv_file: Path, rows: list[tuple[Any, ...]]) -> tuple[Spent, Spent, Spent]:
    """One run each: the import, the import without the journal, the bare insertion."""
    told = _imported(source, folder / "told.db", csv_file)
    silent = _imported(source, folder / "silent.db", csv_file, WITHOUT)
    assert told["new"] == silent["new"] == len(rows)
    return told, silent, _bare(source, folder / "bare.db", rows)


def _folder(path: Path) -> bool:
    path.mkdir(exist_ok=True)
    return True


def _bare(source: Path, target: Path, rows: list[tuple[Any, ...]]) -> Spent:
    shutil.copy(source, target)
    connection = sqlite3.connect(target)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    started, begun = time.perf_counter(), time.process_time()
    with connection:
        connection.execute("UPDATE revision SET service_open = 1")
        connection.executemany(INSERT, rows)
        connection.execute("UPDATE revision SET service_open = 0")
    spent = {"seconds": time.perf_counter() - started, "processor": time.process_time() - begun}
    connection.close()
    target.unlink()
    return spent


def _imported(source: Path, target: Path, csv_file: Path, before: str = "") -> Spent:
    shutil.copy(source, target)
    command = [sys.executable, "-c", before + CHILD, str(target), str(csv_file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    target.unlink()
    answer: Spent = json.loads(told.stdout.strip().splitlines()[-1])
    return answer
