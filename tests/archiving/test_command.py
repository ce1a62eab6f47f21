"""`portfolio backup` and `portfolio restore`: exit codes, words, one JSON object last, no traceback."""

import json
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.archiving.conftest import Elsewhere
from tests.support.command import run_command


def environment(engine: Engine, **given: str) -> dict[str, str]:
    url = engine.url.render_as_string(hide_password=False)
    return {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": "zh", **given}


def test_there_and_back(library: Engine, elsewhere: Elsewhere, tmp_path: Path) -> None:
    here = environment(library)
    made = run_command(["backup", "b.zip", "--json"], here, tmp_path)
    told = json.loads(made.stdout.splitlines()[-1])
    assert (made.returncode, told["attachments"], told["imports"], told["missing"]) == (0, 2, 1, [])
    assert told["journal"]["head"] in made.stdout.splitlines()[1]
    assert told["size"] == (tmp_path / "b.zip").stat().st_size
    there = environment(elsewhere())
    back = run_command(["restore", "b.zip", "--json"], there, tmp_path)
    record = json.loads(back.stdout.splitlines()[-1])
    assert (back.returncode, record["restored"], record["revision"]) == (0, True, told["revision"])
    assert run_command(["check"], there, tmp_path).returncode == 0
    again = run_command(["restore", "b.zip"], there, tmp_path)
    assert (again.returncode, "--replace" in again.stderr) == (1, True)


def test_findings_are_told_and_nothing_is_restored(library: Engine, elsewhere: Elsewhere, tmp_path: Path) -> None:
    with library.begin() as connection:
        connection.execute(text("UPDATE projects SET city_code = '450100' WHERE code = 'GX-2018-0207'"))
    run_command(["backup", "b.zip"], environment(library), tmp_path)
    back = run_command(["restore", "b.zip", "--json"], environment(elsewhere()), tmp_path)
    record = json.loads(back.stdout.splitlines()[-1])
    assert (back.returncode, record["restored"]) == (1, False)
    assert [one["code"] for one in record["findings"] if not one["warning"]] == ["project_city"]
    assert "GX-2018-0207" in back.stdout and "--accept-findings" in back.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["backup"], 2, ""),
        (["restore"], 2, ""),
        (["restore", "none.zip"], 1, "没有文件"),
        (["restore", "text.zip", "--replace"], 1, "不是备份文件"),
        (["restore", ".", "--replace"], 1, "未能读写"),
        (["backup", "none/b.zip"], 1, "没有目录"),
        (["backup", "text.zip"], 1, "不予覆盖"),
        (["backup", "/proc/b.zip"], 1, "未能读写"),
    ],
)
def test_exit_codes_and_words(
    sqlite_library: Engine, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    told = run_command(arguments, environment(sqlite_library), tmp_path)
    assert (told.returncode, words in told.stderr, "Traceback" in told.stderr) == (code, True, False), told.stderr


def test_a_database_that_is_away_is_told(sqlite_library: Engine, tmp_path: Path) -> None:
    away = environment(sqlite_library, DATABASE_URL="postgresql+psycopg://nobody:geheim@127.0.0.1:1/none")
    for arguments in (["backup", "b.zip"], ["restore", "b.zip"]):
        run_command(["backup", "b.zip"], environment(sqlite_library), tmp_path)
        told = run_command(arguments, away, tmp_path)
        assert (told.returncode, "Traceback" in told.stderr, "geheim" in told.stderr) == (1, False, False)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
