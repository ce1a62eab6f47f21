"""Uploads: a save beside a large check, reading a workbook, a refused workbook brought back with its comments."""

import argparse
import os
import resource
import sys
import time
from pathlib import Path
from threading import Event, Thread

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from sqlalchemy import Engine

from bench import data
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.exchange.rows.importing import Options, import_read
from portfolio.exchange.sheets.columns import label
from portfolio.exchange.sheets.findings import Finding
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.uploads.annotate import annotate
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.tables import Project
from tests.support.postgres import cluster

ROWS, EACH = 40_000, 10
MOST_WAIT, MOST_ANNOTATING = 0.1, 10.0
FINDINGS, COLUMNS = 10_000, 30
ALONE, PAUSE = 60, 0.02
SWITCH_SECONDS = 0.0005  # as the server sets it


def run(database: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Rows of the table."""
    sys.setswitchinterval(SWITCH_SECONDS)
    folder = database.parent
    (folder / "uploads").mkdir(exist_ok=True)
    os.environ["IMPORTS_DIR"] = str(folder / "uploads")
    empty = data.make(folder / "uploads", max(ROWS // EACH, options.projects), 0)
    csv_file = folder / "uploads" / "needs.csv"
    data.write_needs_csv(empty, csv_file, ROWS // EACH, EACH)
    return [*_on_both(empty, csv_file, options), _reading(folder / "uploads"), _annotating(folder / "uploads")]


def _on_both(database: Path, csv_file: Path, options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Saves beside a check on SQLite, and on a PostgreSQL that waits for the disk at a commit as it does of itself."""
    engine = make_engine(f"sqlite:///{database}")
    found = [_saves(engine, csv_file, "SQLite")]
    engine.dispose()
    with cluster(durable=True) as url:
        engine = make_engine(url)
        data.fill(engine, max(ROWS // EACH, options.projects), 0)
        found.append(_saves(engine, csv_file, "PostgreSQL"))
        engine.dispose()
    return found


def _saves(engine: Engine, csv_file: Path, name: str) -> tuple[str, ...]:
    quiet, beside, done = list[float](), list[float](), Event()
    for number in range(ALONE):
        quiet.append(_save(engine, number))
        time.sleep(PAUSE)

    def colleague() -> None:
        number = ALONE
        while not done.wait(PAUSE):
            beside.append(_save(engine, number))
            number += 1

    other = Thread(target=colleague)
    other.start()
    started = time.perf_counter()
    with spooled([csv_file], ["needs.csv"], 100) as sources, private_copy(engine) as session:
        outcome = import_read(session, LOCAL_OWNER, EVERYTHING, sources, Options(kind="needs", check=True))
    spent = time.perf_counter() - started
    done.set()
    other.join()
    assert outcome.tally.new == ROWS and not outcome.findings
    worst, usual = max(beside), max(quiet)
    return (
        f"{name}: longest of {len(beside)} saves beside a check of {ROWS:,} rows ({spent:.1f} s)",
        f"{worst * 1000:.0f} ms",
        f"{usual * 1000:.0f} ms, the longest of sixty alone",
        f"{worst / usual:.0f}×",
        f"< {MOST_WAIT * 1000:.0f} ms",
        "yes" if worst < MOST_WAIT else "no",
    )


def _save(engine: Engine, number: int) -> float:
    started = time.perf_counter()
    with transaction(engine) as session:
        code = f"GX-2018-{1 + number % 3000:06d}"
        save_needs(session, LOCAL_OWNER, EVERYTHING, code, [NeedEdit("fund.tbd", 2040, 100 + number)])
    return time.perf_counter() - started


def _reading(folder: Path) -> tuple[str, ...]:
    """The processor's time to read a workbook, ours in its process against the usual reader in this one."""
    path = folder / "rows.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number in range(ROWS):
            page.write_row(number, 0, (f"GX-2018-{number:06d}", "fund.tbd", 2030, number * 1.5, "reported"))
    before = _children()
    with spooled([path], ["rows.xlsx"], 100) as (source,):
        assert source.contents.sheets[0].rows == ROWS - 1
    ours, started = _children() - before, time.process_time()
    rows = sum(1 for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
    theirs = time.process_time() - started
    assert rows == ROWS
    return (
        f"reading {ROWS:,} rows of a workbook, processor",
        f"{ours:.2f} s",
        f"{theirs:.2f} s openpyxl",
        f"{ours / theirs:.2f}×",
        "≤ 1×",
        "yes" if ours <= theirs else "no",
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _annotating(folder: Path) -> tuple[str, ...]:
    """Against writing as many comments into the same workbook with nothing around it."""
    source, target = folder / "wrong.xlsx", folder / "annotated.xlsx"
    names = [name for name in Project.model_fields if name not in ("id",)][:COLUMNS]
    heading = [label("projects", name, "zh") if name in ("code", "name_zh") else name for name in names]
    heading += [f"column {number}" for number in range(COLUMNS - len(heading))]
    rows = FINDINGS // COLUMNS + 1
    with xlsxwriter.Workbook(source) as book:
        page = book.add_worksheet("表")
        for number in range(rows + 1):
            page.write_row(number, 0, heading if number == 0 else [f"{number}-{place}" for place in range(COLUMNS)])
    findings = [
        Finding("not_a_number", "wrong.xlsx", "表", 2 + number // COLUMNS, heading[number % COLUMNS], "x")
        for number in range(FINDINGS)
    ]
    started, before = time.perf_counter(), _children() + time.process_time()
    annotate(source, target, findings, "zh")
    spent, ours = time.perf_counter() - started, _children() + time.process_time() - before
    bare = time.process_time()
    book = load_workbook(source)
    for finding in findings:
        cell = book["表"].cell(finding.row or 1, heading.index(finding.column or "") + 1)
        cell.comment = Comment("x" * 80, "x")
    book.save(folder / "bare.xlsx")
    theirs = time.process_time() - bare
    return (
        f"annotating {FINDINGS:,} findings in {COLUMNS} columns ({spent:.1f} s by the clock), processor",
        f"{ours:.2f} s",
        f"{theirs:.2f} s the comments alone",
        f"{ours / theirs:.1f}×",
        f"< {MOST_ANNOTATING:.0f} s",
        "yes" if ours < MOST_ANNOTATING else "no",
    )
