"""`portfolio user` and `portfolio token`: passwords from the standard input, tokens, and what is never served."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from portfolio.core.database import make_engine
from tests.support.command import run_command
from tests.support.databases import Databases

PASSWORD = "correct horse battery"


@pytest.fixture
def url(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "scheme")


def run(
    url: str, folder: Path, *arguments: str, typed: str = "", **settings: str
) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": "zh", "SIGN_IN": "auto", **settings}
    return run_command(arguments, environment, folder, typed)


def test_an_account_from_the_first_to_the_last_command(url: str, tmp_path: Path) -> None:
    added = run(url, tmp_path, "user", "add", "li.si", "--role", "administrator", typed=PASSWORD + "\n")
    assert (added.returncode, added.stdout.strip()) == (0, "已添加账号 li.si（系统管理员）。")
    weak = run(url, tmp_path, "user", "add", "wang.wu", "--role", "leader", typed="password123\n")
    assert (weak.returncode, "容易被猜到" in weak.stderr) == (1, True)
    told = json.loads(run(url, tmp_path, "token", "make", "li.si", "--name", "夜间导出", "--json").stdout)
    assert told["token"].startswith("gxp_")
    (listed,) = json.loads(run(url, tmp_path, "user", "list", "--json").stdout)["users"]
    assert (listed["name"], listed["role"], listed["must_change"]) == ("li.si", "administrator", False)
    assert run(url, tmp_path, "token", "revoke", str(told["id"])).returncode == 0
    assert run(url, tmp_path, "user", "reset", "li.si", typed="green table lamp 9\n").returncode == 0
    last = run(url, tmp_path, "user", "disable", "li.si")
    assert (last.returncode, "最后一个" in last.stderr) == (1, True)
    engine = make_engine(url)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT password_hash, must_change FROM users")).one()
    engine.dispose()
    assert kept[0].startswith("$argon2id$") and kept[1]


def test_the_local_owner_is_not_served_to_others(url: str, tmp_path: Path) -> None:
    refused = run(url, tmp_path, "serve", "--host", "0.0.0.0")
    assert (refused.returncode, "只能在本机使用" in refused.stderr) == (1, True)
