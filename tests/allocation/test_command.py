"""`portfolio allocate --problem`: folder in, JSON and CSV out, exit codes; no database is opened."""

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from portfolio.cli.app import app
from portfolio.core.settings import get_settings

PROGRAM = [sys.executable, "-c", "from portfolio.cli.app import main; main()", "allocate"]
TABLES = {
    "projects": "项目编号,项目名称,梯次,必保\nPORT,深水港,,\nROAD,公路,新开工,\nRAIL,铁路,续建,\n",
    "needs": "project,item,year,required\nPORT,land.agri.garden,2026,60\nROAD,land.agri.garden,2026,50\n"
    "铁路,land.agri.garden,2026,40\nPORT,fund.own,2026,1.2345\n",
    "pools": "pool,item,year,region_code,level,quantity\nLAND,用地,2026,450000,region,100\n",
    "criteria": "project,criterion,value\nPORT,panel,10\nROAD,panel,8.5\nRAIL,panel,6\n",
}


class Folder:
    """A folder of tables, and the command run on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in TABLES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.path / f"{name}.csv").write_text(text, encoding="utf-8")

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["allocate", "--problem", str(self.path), *arguments])

    def record(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        told = self(*arguments, "--json")
        return told.exit_code, json.loads(told.stdout.strip().splitlines()[-1])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none/p.db")
    get_settings.cache_clear()
    yield Folder(tmp_path)
    get_settings.cache_clear()


def test_the_answer_as_json_and_csv(folder: Folder) -> None:
    code, record = folder.record("-o", "plan.csv")
    assert code == 0
    assert {name: record[name] for name in ("status", "value", "bound", "gap", "supported", "greedy_value")} == {
        "status": "optimal",
        "value": 14.5,
        "bound": 14.5,
        "gap": 0.0,
        "supported": ["ROAD", "RAIL"],
        "greedy_value": 14.5,
    }
    assert record["pools"][0] == {
        "pool": "LAND",
        "item": "land",
        "year": 2026,
        "region_code": "450000",
        "level": "region",
        "unit": "ha",
        "limit": 100,
        "carried_in": 0,
        "used": 90,
        "left": 10,
    }
    with (folder.path / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["project"], row["supported"], row["delay"], row["value"], row["rung"]) for row in rows] == [
        ("PORT", "0", "", "0", ""),
        ("ROAD", "1", "0", "8.5", "ready"),
        ("RAIL", "1", "0", "6", "continuing"),
    ]
    assert rows[0]["reason"] == "额度不足：LAND"


def test_one_rung_maximises_the_value(folder: Folder) -> None:
    folder.write("projects", "code,name_zh\nPORT,深水港\nROAD,公路\nRAIL,铁路\n")
    code, record = folder.record()
    assert (code, record["supported"], record["value"]) == (0, ["PORT", "RAIL"], 16)


def test_needs_that_no_pool_binds_are_told(folder: Folder) -> None:
    told = folder()
    assert "“资金/企业自有资金”的需求在以下年度没有任何指标池约束（括号内为项数）：2026 (1)" in told.stdout
    assert told.stdout.strip().splitlines()[-1].startswith("已证明最优：支持 2 个项目")


def test_every_finding_is_listed_and_nothing_is_solved(folder: Folder) -> None:
    folder.write("needs", "project,item,year,required\nNONE,land,2026,1\nPORT,moon,2026,1\nPORT,land,26,-1\n")
    folder.write("criteria", "project,criterion,value\nPORT,panel,abc\nROAD,panel,\n")
    code, record = folder.record("-o", "plan.csv")
    found = [(one["file"], one["row"], one["code"]) for one in record["findings"]]
    assert (code, record["status"]) == (1, "invalid")
    assert found == [
        ("needs.csv", 3, "unknown_item"),
        ("needs.csv", 4, "bad_year"),
        ("needs.csv", 4, "negative"),
        ("criteria.csv", 2, "not_a_number"),
        ("criteria.csv", 3, "blank"),
    ]
    assert not (folder.path / "plan.csv").exists()


def test_a_project_without_a_value_or_unknown_is_named(folder: Folder) -> None:
    folder.write("criteria", "project,criterion,value\nPORT,panel,1\nROAD,other,1\nNONE,panel,1\n")
    code, record = folder.record()
    assert (code, [one["code"] for one in record["findings"]]) == (
        1,
        ["unknown_project", "allocation_no_value", "allocation_no_value"],
    )


def test_musts_that_cannot_hold_are_named(folder: Folder) -> None:
    folder.write("projects", "code,must\nPORT,1\nROAD,是\n")
    folder.write("needs", TABLES["needs"].replace("铁路", "ROAD").replace("2026,40", "2027,1"))
    folder.write("criteria", "project,criterion,value\nPORT,panel,1\nROAD,panel,1\n")
    code, record = folder.record()
    assert (code, record["status"], record["value"]) == (1, "infeasible", None)
    assert {one["value"] for one in record["conflict"]} == {"PORT", "ROAD", "LAND"}


def test_units_of_headings_and_workbooks_are_read(folder: Folder) -> None:
    (folder.path / "pools.csv").unlink()
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["指标池", "要素", "年度", "数量（亩）"], ["LAND", "用地", 2026, 1500]):
        sheet.append(row)
    book.save(folder.path / "pools.xlsx")
    code, record = folder.record()
    assert (code, record["pools"][0]["limit"]) == (0, 100)


def test_putting_off_needs_a_pool_in_the_later_year(folder: Folder) -> None:
    folder.write("pools", TABLES["pools"] + "LAND-27,用地,2027,450000,region,60\n")
    code, record = folder.record("--max-delay", "1")
    assert (code, record["supported"], record["delays"]) == (0, ["PORT", "ROAD", "RAIL"], {"PORT": 1})
    assert record["value"] == pytest.approx(23.5)


def test_a_project_is_put_off_no_longer_than_its_own_row_allows(folder: Folder) -> None:
    later = "LAND,用地,2026,450000,region,50\nNEXT,用地,2027,450000,region,50\n"
    folder.write("pools", "pool,item,year,region_code,level,quantity\n" + later)
    folder.write("needs", "project,item,year,required\nROAD,land.agri.garden,2026,50\nRAIL,land.agri.garden,2026,40\n")
    assert folder.record("--max-delay", "1")[1]["delays"] == {"ROAD": 1}
    folder.write("projects", "项目编号,最长推迟年数\nPORT,\nROAD,0\nRAIL,\n")
    assert folder.record("--max-delay", "1")[1]["delays"] == {"RAIL": 1}
    folder.write("projects", "项目编号,最长推迟年数\nPORT,\nROAD,-1\nRAIL,\n")
    assert folder.record("--max-delay", "1")[0] == 1


def test_a_change_against_what_was_approved_has_its_cost(folder: Folder) -> None:
    folder.write("projects", "code,name_zh,approved\nPORT,深水港,\nROAD,公路,0\nRAIL,铁路,\n")
    assert folder.record()[1]["supported"] == ["PORT", "RAIL"]
    code, record = folder.record("--stability", "2")
    assert (code, record["supported"], record["value"]) == (0, ["ROAD", "RAIL"], 12.5)


@pytest.mark.parametrize(
    "arguments",
    [("--problem", "nowhere"), ("--policy", "none"), ("--gap", "2"), ("-o", "plan.pdf"), ("--max-delay", "-1")],
)
def test_wrong_usage(folder: Folder, arguments: tuple[str, ...]) -> None:
    assert folder(*arguments).exit_code == 2


def test_no_database_is_opened(folder: Folder) -> None:
    assert folder().exit_code == 0
    assert not (folder.path / "none").exists()


def test_an_interrupt_keeps_the_best_found(folder: Folder) -> None:
    count, pools = 100, 30
    asks = [[(7919 * (p + 3) * (k + 5) + p * p * 31) % 1000 for k in range(pools)] for p in range(count)]
    names = [f"P{p}" for p in range(count)]
    folder.write("projects", "code\n" + "\n".join(names))
    folder.write(
        "criteria",
        "project,criterion,value\n"
        + "\n".join(f"{n},panel,{sum(asks[p]) // pools + p % 37}" for p, n in enumerate(names)),
    )
    needs = [f"P{p},land.agri.garden,{2020 + k},{asks[p][k]}" for p in range(count) for k in range(pools)]
    folder.write("needs", "project,item,year,required\n" + "\n".join(needs))
    limits = [f"K{k},land,{2020 + k},{sum(row[k] for row in asks) // 2}" for k in range(pools)]
    folder.write("pools", "pool,item,year,quantity\n" + "\n".join(limits))
    command = [*PROGRAM, "--problem", str(folder.path), "--time-limit", "300", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    _wait_for_solver(running.pid)
    running.send_signal(signal.SIGINT)
    told, _ = running.communicate(timeout=60)
    record = json.loads(told.strip().splitlines()[-1])
    assert (running.returncode, record["status"]) == (0, "stopped")
    assert record["greedy_value"] <= record["value"] <= record["bound"]


def _wait_for_solver(parent: int) -> None:
    """Until the command has started a solver, which it does once a process of its own has read the folder."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    while not any(map(_solves, path.read_text().split())):
        pass


def _solves(child: str) -> bool:
    try:
        return "portfolio.allocation.search.worker" in Path(f"/proc/{child}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has ended since
        return False
