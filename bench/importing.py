"""Importing needs, checks and journal included, beside bare `executemany` and beside itself without the journal."""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from bench import data

INSERT = "INSERT INTO needs (project_id, item_id, year, required, basis, revision) VALUES (?, ?, ?, ?, ?, 1)"
PRAGMAS = ("PRAGMA foreign_keys=ON", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA cache_size=-65536")
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
from portfolio.exchange.importing import Options, run_import
engine = make_engine("sqlite:///" + sys.argv[1])
started = time.perf_counter()
with Session(engine) as session:
    outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [Path(sys.argv[2])], Options(kind="needs", limit_mb=1000))
    assert outcome.applied and not outcome.findings, list(outcome.findings)[:3]
    session.commit()
spent = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"new": outcome.tally.new, "seconds": spent, "mb": peak}))
"""


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    empty = (
        data.make(database.parent / "empty", options.projects, 0) if _folder(database.parent / "empty") else database
    )
    csv_file = database.parent / "needs.csv"
    rows = data.write_needs_csv(empty, csv_file, options.projects, options.needs_each)
    bare = len(rows) / _bare(empty, database.parent / "bare.db", rows)
    whole = _imported(empty, database.parent / "import.db", csv_file)
    quarter_file = database.parent / "quarter.csv"
    with csv_file.open() as source, quarter_file.open("w") as target:
        target.writelines(line for line, _ in zip(source, range(len(rows) // 4 + 1), strict=False))
    quarter = _imported(empty, database.parent / "quarter.db", quarter_file)
    rate = whole["new"] / whole["seconds"]
    growth = whole["mb"] / quarter["mb"]
    told, silent = _journal_apart(empty, database.parent / "journal.db", csv_file)
    return [
        (
            "importing needs against bare executemany",
            f"{rate:,.0f} rows/s",
            f"{bare:,.0f} rows/s",
            f"{rate / bare:.2f}×",
            f"≥ {TARGET}×",
            "yes" if rate >= TARGET * bare else "no",
        ),
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
            f"{told:.2f} s",
            f"{silent:.2f} s",
            f"{told / silent:.2f}×",
            f"≤ {JOURNAL_TARGET}×",
            "yes" if told <= JOURNAL_TARGET * silent else "no",
        ),
    ]


def _folder(path: Path) -> bool:
    path.mkdir(exist_ok=True)
    return True


def _bare(source: Path, target: Path, rows: list[tuple]) -> float:
    shutil.copy(source, target)
    connection = sqlite3.connect(target)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    started = time.perf_counter()
    with connection:
        connection.execute("UPDATE revision SET service_open = 1")
        connection.executemany(INSERT, rows)
        connection.execute("UPDATE revision SET service_open = 0")
    spent = time.perf_counter() - started
    connection.close()
    target.unlink()
    return spent


def _journal_apart(source: Path, target: Path, csv_file: Path) -> tuple[float, float]:
    """Seconds with and without the journal: the best of a few runs that take turns."""
    runs = [
        (_imported(source, target, csv_file)["seconds"], _imported(source, target, csv_file, WITHOUT)["seconds"])
        for _ in range(ROUNDS)
    ]
    told, silent = zip(*runs, strict=True)
    return min(told), min(silent)


def _imported(source: Path, target: Path, csv_file: Path, before: str = "") -> dict[str, float]:
    shutil.copy(source, target)
    command = [sys.executable, "-c", before + CHILD, str(target), str(csv_file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    target.unlink()
    answer: dict[str, float] = json.loads(told.stdout.strip().splitlines()[-1])
    return answer
