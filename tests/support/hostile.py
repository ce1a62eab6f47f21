"""Send mutated files to the product and judge the answers: `python -m tests.support.hostile [--count N] [--seed S]`."""

import argparse
import codecs
import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tests.support.mutations import Hostile, hostile

Making = Callable[[Callable[[int], Hostile], range], Iterator[Hostile]]
CODE = "GX-2018-0207"
SLOWEST, MORE_MB = 10.0, 100
WARM_UP = 40
# Another reader of workbooks, in a process of its own, since some of these files end it.
OTHER = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
from python_calamine import CalamineWorkbook, SheetVisibleEnum
book = CalamineWorkbook.from_path(sys.argv[1])
rows = 0
for sheet in book.sheets_metadata:
    if sheet.visible == SheetVisibleEnum.Visible and "WorkSheet" in str(sheet.typ):
        filled = [r for r in book.get_sheet_by_name(sheet.name).to_python() if any(c not in ("", None) for c in r)]
        rows += max(0, len(filled) - 1)
print(json.dumps(rows))
"""


@dataclass
class Report:
    """What came of the files: answers by status, faults in words, the slowest answer, memory before and most."""

    files: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: int = 0
    compared: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: tuple[float, float] = (0.0, 0.0)


def assess(api: TestClient, seeds: range, report: Report, making: Making = map) -> None:
    """Send the files of `seeds`; each answer is judged in `report`. `making` may make the files in another process."""
    for seed, file in zip(seeds, making(_made, seeds), strict=True):
        started = time.perf_counter()
        kind = "&kind=needs" if seed % 2 else ""  # without it every kind's headings are compared with the file's
        answer = api.post(f"/api/v1/imports?check=true{kind}", files={"file": (file.name, file.content)})
        spent = time.perf_counter() - started
        report.files += 1
        report.slowest = max(report.slowest, spent)
        report.statuses[answer.status_code] += 1
        told = [] if answer.status_code in (200, 422) else [f"status {answer.status_code}"]
        told += [f"{spent:.1f} s"] if spent > SLOWEST else []
        if answer.status_code == 200:
            told += _rows(file, answer.json(), report)
        report.faults += [f"seed {seed} ({file.how}): {fault}" for fault in told]


def _made(seed: int) -> Hostile:
    return hostile(seed, CODE)


def _rows(file: Hostile, body: dict[str, Any], report: Report) -> list[str]:
    """Whether an accepted file lost rows, by what is known of it or by another reader."""
    report.accepted += 1
    expected = file.rows if file.rows is not None else _otherwise(file)
    if expected is None:
        return []
    report.compared += 1
    total = body["total"]
    stray = any(one["code"] == "stray_cells" for one in body["warnings"])
    # A row of stray cells alone is a row to the other reader; here it is told. The other one reads no sheet in UTF-16.
    return [f"{total} rows of {expected}"] if int(str(total)) < expected - stray else []


def _otherwise(file: Hostile) -> int | None:
    """How many rows another reader finds; None when it finds none of it readable."""
    if file.name.endswith(".csv"):
        marked = file.content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        text = file.content.decode("utf-16" if marked else "utf-8-sig", "replace")
        return max(0, sum(any(row) for row in csv.reader(io.StringIO(text, newline=""))) - 1)
    if "stray" in file.how:
        return None  # the other reader asks for the whole rectangle up to that cell
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        kept.write(file.content)
        kept.flush()
        told = subprocess.run([sys.executable, "-c", OTHER, kept.name], capture_output=True, text=True, check=False)
    return int(json.loads(told.stdout)) if told.returncode == 0 else None


def memory_mb(what: str = "VmRSS") -> float:
    """The memory of this process now (`VmRSS`) or at most since it was last reset (`VmHWM`), in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def main() -> None:
    """Send the files to the product on a fresh database; exit 1 when any answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portfolio-hostile-") as folder:
        report = _run(Path(folder), options.seed, options.count)
    for fault in report.faults:
        print(fault)
    before, most = report.memory
    print(f"files {report.files}, statuses {dict(report.statuses)}, accepted {report.accepted}")
    print(f"rows compared {report.compared}, faults {len(report.faults)}, slowest {report.slowest:.2f} s")
    print(f"memory {before:.0f} MB before, {most:.0f} MB at most")
    raise SystemExit(bool(report.faults) or most > before + MORE_MB)


def _run(folder: Path, seed: int, count: int) -> Report:
    import os

    os.environ |= {"SIGN_IN": "off", "IMPORTS_PER_HOUR": "1000000", "IMPORTS_DIR": str(folder / "imports")}
    from api.app import create_api
    from portfolio.core.database import make_engine
    from portfolio.upkeep.setup import initialise

    engine = make_engine(f"sqlite:///{folder}/portfolio.db")
    initialise(engine)
    api, report = TestClient(create_api(engine), raise_server_exceptions=False), Report()
    # Some files take hundreds of megabytes to make: the memory that is judged is the product's alone.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        assess(api, range(-WARM_UP, 0), Report(), apart.map)
        Path("/proc/self/clear_refs").write_text("5")
        before = memory_mb()
        for start in range(seed, seed + count, 100):
            assess(api, range(start, min(start + 100, seed + count)), report, apart.map)
            most = memory_mb("VmHWM")
            told = [f"{report.files} files, {memory_mb():.0f} MB, at most {most:.0f} MB, faults:", *report.faults]
            print("; ".join(told), file=sys.stderr, flush=True)
    report.memory = (before, memory_mb("VmHWM"))
    return report


if __name__ == "__main__":
    main()
