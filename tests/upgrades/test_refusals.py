"""A schema that is not this program's is refused in words: by commands, by the server, and while it runs."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import text

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core import schema
from portfolio.core.database import make_engine, transaction
from portfolio.core.errors import NotReadyError
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.upkeep import migrate
from tests.support.api import api_client
from tests.support.command import run_command
from tests.support.databases import Databases
from tests.support.downgrading import downgrade

PROJECT = "GX-2018-0206"
WRITING = (
    ("serve",),
    ("import", "needs.csv"),
    ("roll", "--to", "2026"),
    ("illustrative", "add"),
    ("user", "disable", "li"),
    ("edition", "list"),
)
SAID = {
    ("older", "zh"): "比本程序",
    ("older", "en"): "is older than this program",
    ("newer", "zh"): "请改用较新版本的程序",
    ("newer", "en"): "This program (",
}


def marked(url: str, revision: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


@pytest.mark.parametrize(("stands", "lang"), SAID)
def test_commands_refuse_in_words(
    stands: str, lang: str, backend: str, both_databases: Databases, tmp_path: Path
) -> None:
    url = both_databases.make(backend, "bare")
    marked(url, schema.revisions()[-2] if stands == "older" else "9999")
    (tmp_path / "needs.csv").write_text("project,item,year,required\n", encoding="utf-8")
    environment = {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": lang}
    commands = WRITING if (backend, lang) == ("sqlite", "zh") else WRITING[:2]
    for command in (*commands, *((("migrate",), ("init",)) if stands == "newer" else ())):
        told = run_command(command, environment, tmp_path)
        assert told.returncode == 1, command
        assert SAID[stands, lang] in told.stderr
        assert "Traceback" not in told.stderr
        assert told.stderr.count("\n") == 1
    checked = run_command(("check",), environment, tmp_path)
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    both_databases.drop(url)


def test_an_empty_database_is_not_served(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/new.db", "PORTFOLIO_LANGUAGE": "en"}
    told = run_command(("serve",), environment, tmp_path)
    assert (told.returncode, told.stderr) == (1, "The database is empty. Run portfolio init.\n")


def test_a_server_does_not_write_what_was_migrated_meanwhile(backend: str, both_databases: Databases) -> None:
    url = both_databases.make(backend, "scheme")
    engine = schema.own_engine(url)
    with api_client(engine) as client:
        assert client.get("/api/ready").status_code == 200
        marked(url, "9999")
        ready = client.get("/api/ready", headers={"Accept-Language": "en"})
        assert (ready.status_code, ready.json()["code"]) == (503, "schema.newer")
        path = f"/api/v1/projects/{PROJECT}"
        seen = client.get(path)
        told = client.patch(path, json={"owner": "甲"}, headers={"If-Match": seen.headers["ETag"]})
        assert (told.status_code, told.json()["code"]) == (503, "schema.moved")
        assert client.get(path).json()["owner"] == seen.json()["owner"]
    with pytest.raises(NotReadyError, match=r"schema\.moved"), transaction(engine) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2027, 5)])
    marked(url, schema.head())
    with transaction(engine) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2027, 5)])
    engine.dispose()
    both_databases.drop(url)


def test_without_room_nothing_is_migrated(sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sqlite_databases.make("sqlite", "bare")
    downgrade(url, "0016")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 40, 1 << 10))
    with pytest.raises(NotReadyError, match=r"schema\.no_room"):
        migrate.upgrade(url)
    engine = make_engine(url)
    assert schema.held(engine) == "0016"
    engine.dispose()
