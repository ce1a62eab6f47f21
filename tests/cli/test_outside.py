"""What comes from outside (settings, folders, ports, the database, usage): told in words, never as a traceback."""

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_command
from tests.support.databases import Databases

AWAY = "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def url(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "scheme")


def run(url: str, folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": "zh", **settings}
    told = run_command(arguments, environment, folder)
    assert "Traceback" not in told.stderr + told.stdout, told.stderr
    return told


def error_of(told: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    return dict(json.loads(told.stdout.splitlines()[-1])["error"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("export", "projects", "-o", "none/x.csv"), 1, "/none。"),
        (("export", "projects", "-o", "."), 1, "是文件夹"),
        (("export", "projects", "-o", "/proc/x.csv"), 1, "/proc/x.csv"),
        (("export", "projects", "-o", "/proc/x.xlsx"), 1, "/proc/x.xlsx"),
        (("template", "projects", "-o", "none/x.xlsx"), 1, "没有文件夹"),
        (("export", "projects", "-o", "x.csv", "--lang", "fr"), 2, "zh 或 en"),
        (("export", "projects"), 2, "缺少 --output"),
        (("export", "projects", "-o", "x.csv", "--colour", "red"), 2, "没有选项 --colour"),
        (("export", "projects", "needs", "-o", "x.csv"), 2, "多余的参数：needs"),
        (("export", "pools", "-o", "x.csv", "--city", "450700"), 2, "--city 不能用来筛选 pools"),
        (("expor",), 2, "没有命令“expor”"),
        (("template", "projects", "-o", "x.xlsx", "--city", "450700"), 2, "--prefilled"),
        (("serve", "--port", "99999"), 2, "1 至 65535"),
        (("serve", "--port", "x"), 2, "1 至 65535"),
        (("screen", "-o", "none/x.csv"), 1, "没有文件夹"),
        (("allocate", "--problem", "none"), 2, "/none"),
        (("edition", "approve", "2026", "--doc", "x", "--on", "soon"), 2, "而不是“soon”"),
        (("edition", "publish", "2026", "-o", "x.pdf"), 2, ".xlsx .docx"),
        (("token", "revoke", "x"), 2, "编号"),
    ],
)
def test_wrong_usage_and_places(url: str, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    told = run(url, tmp_path, *arguments, "--json") if arguments[0] != "serve" else run(url, tmp_path, *arguments)
    assert (told.returncode, words in told.stderr) == (code, True), told.stderr
    if arguments[0] != "serve":
        assert error_of(told)["text"] in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "整数"),
        ("PORT", "70000", "不能大于 65535"),
        ("DATABASE_URL", "mysql://nobody:geheim@host/data", "postgresql+psycopg://"),
        ("DATABASE_URL", "no address", "postgresql+psycopg://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///var/portfolio.db"),
        ("LOG_LEVEL", "loud", "INFO"),
        ("TOTP_FOR_ADMINISTRATORS", "perhaps", "true"),
        ("PORTFOLIO_LANGUAGE", "fr", "zh"),
    ],
)
def test_wrong_settings_are_named(url: str, tmp_path: Path, name: str, value: str, words: str) -> None:
    told = run(url, tmp_path, "check", "--json", **{name: value})
    assert (told.returncode, f"  {name}: " in told.stderr, words in told.stderr) == (2, True, True), told.stderr
    error = error_of(told)
    assert (error["code"], [fault["field"] for fault in error["fields"]]) == ("setting.invalid", [name])
    assert "geheim" not in told.stderr + told.stdout


READING = [
    ("export", "projects", "-o", "x.csv"),
    ("template", "projects", "-o", "x.xlsx"),
    ("check",),
    ("illustrative",),
    ("screen",),
    ("allocate", "--edition", "2026"),
    ("edition", "list"),
    ("edition", "show", "2026"),
    ("edition", "diff", "2026", "2027"),
    ("edition", "publish", "2026", "-o", "x.docx"),
    ("user", "list"),
    ("token", "list", "li.si"),
    ("backup", "b.zip"),
    ("migrate",),
]


@pytest.mark.parametrize("arguments", READING, ids="-".join)
def test_a_missing_database_is_told_with_its_place_and_not_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = run("sqlite:///var/library.db", tmp_path, *arguments, "--json")
    place = f"{tmp_path}/var/library.db"
    assert (told.returncode, place in told.stderr, "portfolio init" in told.stderr) == (1, True, True), told.stderr
    assert error_of(told)["code"] == "library.absent"
    assert list(tmp_path.iterdir()) == []


def test_what_was_read_is_said(url: str, tmp_path: Path) -> None:
    told = run(url, tmp_path, "edition", "list", "--json")
    assert told.stderr == f"数据库：{url.removeprefix('sqlite:///')}\n"
    assert json.loads(told.stdout.splitlines()[-1]) == {"editions": []}


@pytest.mark.parametrize("arguments", [("export", "projects", "-o", "x.csv"), ("check",), ("init",), ("serve",)])
def test_a_database_that_is_away_or_none(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    away = run(AWAY, tmp_path, *arguments)
    assert (away.returncode, "打不开数据库 postgresql+psycopg://nobody:***@127.0.0.1:1/none" in away.stderr) == (
        1,
        True,
    )
    assert "geheim" not in away.stderr + away.stdout
    (tmp_path / "garbage.db").write_bytes(b"no database " * 1000)
    garbage = run(f"sqlite:///{tmp_path}/garbage.db", tmp_path, *arguments)
    assert (garbage.returncode, f"打不开数据库 {tmp_path}/garbage.db" in garbage.stderr) == (1, True), garbage.stderr


def test_a_port_that_is_taken_is_told(url: str, tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        told = run(url, tmp_path, "serve", "--port", str(held.getsockname()[1]))
    assert (told.returncode, "--port" in told.stderr) == (1, True)


def test_filters_take_names_and_refuse_what_is_none(url: str, tmp_path: Path) -> None:
    def rows(*filters: str) -> int:
        told = run(url, tmp_path, "export", "projects", "-o", "x.json", *filters, "--json")
        assert told.returncode == 0, told.stderr
        return int(json.loads(told.stdout.splitlines()[-1])["rows"])

    assert 0 < rows("--city", "450700") == rows("--city", "钦州市") < rows()
    assert 0 < rows("--kind", "码头泊位") == rows("--kind", "berth") == rows("--kind", "Berth")
    assert rows("--lead-unit", "自治区发展改革委") == rows("--lead-unit", "GX-DRC") > 0
    assert 0 < rows("-q", "码头", "--city", "钦州市") <= rows("-q", "码头") < rows()
    assert 0 < rows("--task", "T01") < rows()
    assert rows("--region", "海城区") == rows("--region", "450502")
    (tmp_path / "x.json").unlink()
    wrong = ("--city", "999999", "--kind", "castle", "--stage", "reddy", "--lead-unit", "nobody", "--task", "T99")
    told = run(url, tmp_path, "export", "projects", "-o", "x.json", *wrong, "--json")
    error = error_of(told)
    assert (told.returncode, error["code"]) == (1, "filter.invalid")
    assert {fault["field"] for fault in error["fields"]} == {"--city", "--kind", "--stage", "--lead-unit", "--task"}
    assert "450700 钦州市" in told.stderr and "ready 具备开工条件" in told.stderr
    for needs in (("--item", "gold"), ("--year", "1999")):
        assert run(url, tmp_path, "export", "needs", "-o", "x.json", *needs).returncode == 1
    assert list(tmp_path.iterdir()) == []
