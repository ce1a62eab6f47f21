"""The `portfolio` command: exit codes, the result line, JSON, and that a refusal writes nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from portfolio.core.database import make_engine
from tests.support.command import run_command
from tests.support.databases import Databases


class Command:
    def __init__(self, url: str, folder: Path) -> None:
        self.environment = {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": "zh"}
        self.folder = folder

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run_command(arguments, self.environment, self.folder)


@pytest.fixture
def command(backend: str, both_databases: Databases, tmp_path: Path) -> Command:
    return Command(both_databases.empty(backend), tmp_path)


@pytest.fixture
def ready(backend: str, both_databases: Databases, tmp_path: Path) -> Command:
    """The command where `init` has been."""
    return Command(both_databases.make(backend, "scheme"), tmp_path)


def test_init_export_import_check(command: Command, tmp_path: Path) -> None:
    assert command("init").returncode == 0
    again = command("init")
    assert (again.returncode, "已就绪" in again.stdout) == (0, True)
    assert command("export", "projects", "-o", "p.csv", "--kind", "berth").returncode == 0
    told = command("import", "p.csv")
    assert (told.returncode, told.stdout.strip().splitlines()[-1]) == (0, "总计 6，新增 0，变更 0，未变 6，没有问题。")
    assert command("check").returncode == 0
    (tmp_path / "needs.csv").write_text(
        "project,item,year,required\nGX-2018-0207,fund.tbd,2030,1亿\n", encoding="utf-8"
    )
    refused = command("import", "needs.csv", "--json")
    body = json.loads(refused.stdout.strip().splitlines()[-1])
    assert (refused.returncode, body["failed"], body["findings"][0]["code"]) == (1, 1, "amount_with_unit")
    shown = command("import", "needs.csv")
    assert "needs.csv:2:required" in shown.stdout
    assert "未写入任何数据" in shown.stdout
    assert command("export", "needs", "-o", "n.json").returncode == 0
    assert json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))["items"] == []


def test_imports_are_recorded_and_undone(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text("project,item,year,required\nGX-2018-0207,fund.tbd,2030,1\n", encoding="utf-8")
    number = json.loads(ready("import", "needs.csv", "--json").stdout.strip().splitlines()[-1])["import"]
    assert json.loads(ready("import", "needs.csv", "--check", "--json").stdout.splitlines()[-1])["import"] is None
    undone = ready("import", "--undo", str(number), "--json")
    assert (undone.returncode, json.loads(undone.stdout.splitlines()[-1])["state"]) == (0, "undone")
    again = ready("import", "--undo", str(number))
    assert (again.returncode, "不能这样办理" in again.stderr) == (1, True)
    ready("export", "needs", "-o", "n.json")
    assert json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))["items"] == []


def test_a_template_is_written(ready: Command, tmp_path: Path) -> None:
    told = ready("template", "projects", "-o", "t.xlsx", "--prefilled", "--city", "450500")
    assert (told.returncode, "预填 35 行" in told.stdout) == (0, True)
    assert ready("import", "t.xlsx").stdout.splitlines()[-1] == "总计 35，新增 0，变更 0，未变 35，没有问题。"


def test_illustrative_figures_come_and_go(command: Command, tmp_path: Path) -> None:
    assert command("init", "--demo").returncode == 0
    assert "需求" in command("illustrative", "remove").stdout
    command("export", "needs", "-o", "n.json")
    assert json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))["items"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("init", "--demo", "--bare"), 2),
        (("import", "x.csv", "--kind", "castles"), 2),
        (("import",), 2),
        (("import", "x.csv", "--undo", "1"), 2),
        (("import", "--undo", "1"), 1),
        (("template", "castles", "-o", "x.xlsx"), 1),
        (("nothing",), 2),
        (("import", "absent.csv"), 1),
        (("export", "castles", "-o", "x.csv"), 1),
        (("export", "projects", "-o", "x.pdf"), 1),
    ],
)
def test_exit_codes(sqlite_databases: Databases, tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    assert Command(sqlite_databases.make("sqlite", "scheme"), tmp_path)(*arguments).returncode == code


def test_check_finds_a_broken_invariant(sqlite_databases: Databases, tmp_path: Path) -> None:
    url = sqlite_databases.make("sqlite", "scheme")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE projects SET city_code = '450100' WHERE code = 'GX-2018-0207'"))
        connection.execute(text("INSERT INTO needs VALUES (1, 100, 2029, 77, 'reported', NULL)"))
    engine.dispose()
    told = Command(url, tmp_path)("check")
    assert told.returncode == 1
    assert "GX-2018-0207" in told.stdout
    assert "fund" in told.stdout


def test_editions_are_rolled_approved_and_compared(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "projects.csv").write_text(
        "code,name_zh,stage,start_month,finish_month\nGX-2018-0207,北海邮轮码头,under_construction,2026-03,2029-06\n",
        encoding="utf-8",
    )
    rows = "".join(f"GX-2018-0207,fund.own,{year},100\n" for year in (2026, 2027))
    (tmp_path / "needs.csv").write_text("project,item,year,required\n" + rows, encoding="utf-8")
    assert ready("import", "projects.csv", "needs.csv").returncode == 0
    made = ready("roll", "--to", "2026", "--json")
    assert (made.returncode, json.loads(made.stdout.strip().splitlines()[-1])["edition"]) == (0, "2026")
    early = ready("roll", "--to", "2027", "--from", "2026")
    assert (early.returncode, "尚未批准" in early.stderr) == (1, True)
    undecided = ready("edition", "approve", "2026", "--doc", "桂发改〔2026〕1号")
    assert (undecided.returncode, "尚未决定" in undecided.stderr) == (1, True)
    shown = ready("edition", "show", "2026", "--json")
    categories = json.loads(shown.stdout.strip().splitlines()[-1])["categories"]
    assert sum(row["projects"] for row in categories) >= 1
    same = ready("edition", "diff", "2026", "2026", "--json")
    told = json.loads(same.stdout.strip().splitlines()[-1])
    assert [told[name]["remainder_yuan"] for name in ("annual", "window", "bridge")] == [0, 0, 0]
    assert told["annual"]["before_yuan"] == sum(row["annual_yuan"] for row in categories)
    assert "2026—2028" in ready("edition", "list").stdout


def test_screen_tells_gates_and_scores(ready: Command, tmp_path: Path) -> None:
    (tmp_path / "criteria.csv").write_text("project,criterion,value\nGX-2018-0207,panel,77\n", encoding="utf-8")
    assert ready("import", "criteria.csv").returncode == 0
    told = ready("screen", "--policy", "panel", "--json", "-o", "scores.csv")
    body = json.loads(told.stdout.strip().splitlines()[-1])
    assert (told.returncode, body["policy"], body["projects"], body["vetoed"]) == (0, "panel@1", 401, 0)
    assert body["scores"][0] | {"value": 77.0} == body["scores"][0]
    assert (body["scores"][0]["project"], body["scores"][0]["rank"]) == ("GX-2018-0207", 1)
    assert {row["unknown"] for row in body["gates"] if row["gate"] == "basic_farmland"} == {401}
    lines = (tmp_path / "scores.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("rank,project,points,value,vetoed,missing,points:panel,gate:basic_farmland")
    assert (len(lines), lines[1][:25]) == (402, "1,GX-2018-0207,77.0,77.0,")
    assert ready("screen", "--policy", "panel", "--keep", "年度").returncode == 0
    assert ready("check").returncode == 0


def test_screen_tells_what_is_wrong_with_a_policy(command: Command, tmp_path: Path) -> None:
    assert command("init", "--bare").returncode == 0
    held = (Path(__file__).parents[2] / "portfolio/screening/data/policies/panel.json").read_text(encoding="utf-8")
    (tmp_path / "mine.json").write_text(held.replace('"value": "panel"', '"value": "pannel"'), encoding="utf-8")
    told = command("screen", "--policy", "mine.json", "--json")
    body = json.loads(told.stdout.strip().splitlines()[-1])
    assert (told.returncode, [one["code"] for one in body["findings"]]) == (1, ["screening.unknown_fact"])
    assert "pannel" in told.stdout
    assert command("screen", "--policy", "nothing").returncode == 1
    assert command("screen", "-o", "scores.txt").returncode == 2
    assert command("screen", "--policy", "none.json").returncode == 2
    assert command("screen", "--policy", "mine.json", "--keep", "x").returncode == 2
