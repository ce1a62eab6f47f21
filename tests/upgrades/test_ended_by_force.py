"""A migration ended by force leaves the schema and the data as they were, and is simply started again."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.core.safety_copy import copy_place
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from tests.support.databases import Databases
from tests.support.downgrading import downgrade
from tests.support.forked import Forked, queue
from tests.support.lived import Lived
from tests.support.revisions import content, give, lost

FROM = "0009"
CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
GONE = {"attachments.project_id", "attachments.step", "attachments.content"}


def counted(url: str, attached: str, told: "multiprocessing.Queue[int]", fatal: int) -> None:
    """Upgrade and tell how many statements changed something; killed before the one that is number `fatal`."""
    os.environ["ATTACHMENTS_DIR"] = attached
    done = 0

    def count(*given: object) -> None:
        nonlocal done
        if str(given[2]).lstrip()[:6].upper().startswith(CHANGES):
            done += 1
            if done == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    def commit(*_: object) -> None:
        if fatal == -1:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    migrate._shapes()
    done = 0
    event.listen(Engine, "commit", commit)
    migrate.upgrade(url)
    told.put(done)


def apart(url: str, attached: Path, fatal: int = 0) -> tuple[int, int]:
    """The exit code of a process that upgrades, and how many statements it told of."""
    told: multiprocessing.Queue[int] = queue()
    code = Forked(counted, url, str(attached), told, fatal).wait(120)
    return code, told.get() if code == 0 else 0


def older(kind: str, databases: Databases, lived: Lived) -> str:
    url = databases.empty(kind)
    migrate.upgrade(url, FROM)
    give(url, lived)
    return url


def test_killed_at_any_point_it_starts_again(
    backend: str, both_databases: Databases, lived: Lived, files_apart: Path
) -> None:
    trial = older(backend, both_databases, lived)
    code, steps = apart(trial, files_apart)
    assert (code, steps > 40) == (0, True)
    both_databases.drop(trial)
    url = older(backend, both_databases, lived)
    engine = make_engine(url)
    before = content(engine)
    for fatal in (2, steps // 3, 2 * steps // 3, steps, -1):
        assert apart(url, files_apart, fatal)[0] == -signal.SIGKILL
        assert (schema.held(engine), content(engine) == before) == (FROM, True), fatal
    assert apart(url, files_apart) == (0, steps)
    assert schema.held(engine) == schema.head()
    assert set(lost(before, content(engine))) <= GONE
    assert [one.code for one in breaches(engine) if not one.warning] == []
    engine.dispose()


def test_of_two_at_once_one_waits(backend: str, both_databases: Databases, lived: Lived, files_apart: Path) -> None:
    url = older(backend, both_databases, lived)
    told: multiprocessing.Queue[int] = queue()
    both = [Forked(counted, url, str(files_apart), told, 0) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    assert sorted(told.get() > 0 for _ in both) == [False, True]
    both_databases.drop(url)


@pytest.mark.parametrize("revision", [FROM])
def test_a_copy_of_what_was_lies_beside_it(
    revision: str, sqlite_databases: Databases, lived: Lived, files_apart: Path
) -> None:
    url = older("sqlite", sqlite_databases, lived)
    engine = make_engine(url)
    before, told = content(engine), list[Path | None]()
    migrate.upgrade(url, told=told.append)
    place = copy_place(Path(url.removeprefix("sqlite:///")))
    assert told == [place]
    kept = make_engine(f"sqlite:///{place}")
    assert (schema.held(kept), content(kept)) == (revision, before)
    kept.dispose()
    migrate.upgrade(url, told=told.append)
    assert told == [place]
    downgrade(url, "0016")
    migrate.upgrade(url, told=told.append)
    kept = make_engine(f"sqlite:///{place}")
    assert schema.held(kept) == "0016"
    kept.dispose()
    engine.dispose()
