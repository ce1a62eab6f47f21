"""A server that runs on while a library is restored answers for the new one from the next read on, with no restart."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core import revision
from portfolio.core.database import make_engine, transaction
from portfolio.ledger.cube import holdings
from portfolio.ledger.totals import totals
from portfolio.needs.changes import NeedEdit
from portfolio.needs.cube import snapshot
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling.approval import approve
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.loading import programme
from portfolio.rolling.queries import entry_frame, get_edition
from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore
from portfolio.vocabulary.elements import element_tree
from tests.archiving.conftest import fill
from tests.ledger.conftest import DOC, LAND, PROJECT, entry, posted
from tests.rolling.conftest import BUILT, make
from tests.support.command import run_command
from tests.support.server import serving

REPLACE = Wanted(replace=True)
READ = (
    "/api/v1/summary?by=year,item&depth=2",
    f"/api/v1/projects?q={PROJECT}&limit=3",
    f"/api/v1/projects/{PROJECT}",
    f"/api/v1/projects/{PROJECT}/needs",
    f"/api/v1/pools/{LAND}",
    "/api/v1/pools",
    "/api/v1/accounts",
    "/api/v1/items",
    "/api/v1/units",
)


def figures(address: str) -> dict[str, Any]:
    """What the server answers, without what a restoration itself moves."""
    found = {}
    for path in READ:
        answer = httpx2.get(address + path, timeout=60)
        found[path] = (answer.status_code, answer.json())
    return found


def change(engine: Engine, quantity: int) -> None:
    """Other needs, entries, names and code lists: something of every kind that is held in memory."""
    with transaction(engine) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2026, 10_000 * quantity)])
        update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"name_zh": f"改过的名称{quantity}"})
        posted(session, entry("lock", quantity))
        session.execute(text(f"UPDATE items SET name_zh = '要素{quantity}' WHERE code = 'land'"))
        session.execute(text(f"UPDATE units SET name_zh = '单位{quantity}' WHERE code = 'GX-DOT'"))
        revision.touch(session, None)


def test_a_running_server_sees_the_restored_library(
    engine: Engine, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    """Two libraries that went apart from one: the numbers of their last entries and rows are the same."""
    fill(engine, tmp_path)
    url = engine.url.render_as_string(hide_password=False)
    base, first = tmp_path / "base.zip", tmp_path / "first.zip"
    with serving(url, str(tmp_path / "log"), SIGN_IN="off") as server:
        before = figures(server.address)
        assert {status for status, _ in before.values()} == {200}
        backup(engine, base)
        change(engine, 11)
        one = figures(server.address)
        backup(engine, first)
        assert restore(engine, base, REPLACE).done
        assert figures(server.address) == before
        change(engine, 13)
        other = figures(server.address)
        assert [path for path in READ if other[path] in (one[path], before[path])] == []
        assert restore(engine, first, REPLACE).done
        assert figures(server.address) == one
        save_over_http(server.address)
        assert server.process.poll() is None
    told = run_command(["check"], {**os.environ, "DATABASE_URL": url}, tmp_path)
    assert told.returncode == 0, told.stdout


def save_over_http(address: str) -> None:
    """The server also writes in the restored library."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        tag = client.get(f"/api/v1/projects/{PROJECT}").headers["ETag"]
        saved = client.patch(f"/api/v1/projects/{PROJECT}", json={"owner": "恢复后"}, headers={"If-Match": tag})
        assert (saved.status_code, saved.json()["owner"]) == (200, "恢复后")


def held(engine: Engine) -> dict[str, Any]:
    """What is kept in memory of a library, each kind by what was read."""
    with Session(engine) as session:
        sums, kept, cube = totals(session, ("city",)), holdings(session), snapshot(session)
        assert sums is not None
        columns = (cube.project, cube.item, cube.year, cube.required)
        return {
            "needs": sorted(zip(*(column.tolist() for column in columns), strict=True)),
            "holdings": np.column_stack([kept.key, kept.held]).tolist(),
            "totals": sums.sums.sum(axis=0).tolist(),
            "tree": element_tree(session).by_code["land"].name_zh,
            "edition": sorted(programme(session, EVERYTHING, get_edition(session, "2026")).facts),
        }


def go_on(engine: Engine, quantity: int, decision: str) -> None:
    """One of two futures of a library, the edition approved with its projects in or out."""
    change(engine, quantity)
    with transaction(engine) as session:
        codes = entry_frame(session, EVERYTHING, "2026")["code"].tolist()
        decide_entries(session, LOCAL_OWNER, EVERYTHING, "2026", codes, decision, "测试")
        approve(session, LOCAL_OWNER, EVERYTHING, "2026", DOC, "2026-01-15", "审定人")


def test_every_copy_in_memory_follows(library: Engine, tmp_path: Path) -> None:
    """The copies are those of another process: an engine of its own, open before and after."""
    with transaction(library) as session:
        update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {**BUILT, "total_investment_yuan": 300})
        make(session, "2026", 2026)
    backup(library, tmp_path / "base.zip")
    server = make_engine(library.url.render_as_string(hide_password=False))
    go_on(library, 11, "accepted")
    one = held(server)
    backup(library, tmp_path / "one.zip")
    assert restore(library, tmp_path / "base.zip", REPLACE).done
    go_on(library, 13, "rejected")
    other = held(server)
    assert [name for name in one if one[name] == other[name]] == []
    assert restore(library, tmp_path / "one.zip", REPLACE).done
    assert held(server) == one
    server.dispose()
