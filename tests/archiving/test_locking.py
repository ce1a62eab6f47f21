"""Who restores takes every table; a request that is met half way is let go on, and the restore begins again."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text

from portfolio.core.database import make_engine
from portfolio.upkeep.archiving.postgresql import lock_all
from tests.support.databases import Databases

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
LATER, EARLIER = "projects", "users"  # a restore takes `users` first, this request `projects`


@pytest.fixture
def engine(both_databases: Databases) -> Engine:
    return make_engine(both_databases.make("postgresql", "bare"))


def _read(connection: Connection, table: str) -> None:
    connection.execute(text(f"SELECT count(*) FROM {table}"))


def _until_it_waits(engine: Engine) -> None:
    deadline = time.monotonic() + 20
    with engine.connect() as watching:
        while not watching.execute(WAITING).scalar_one():
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_circle_of_waiting_is_given_up_and_tried_again(engine: Engine) -> None:
    def take_all() -> int:
        with engine.begin() as restoring:
            return len(lock_all(restoring))

    with ThreadPoolExecutor(1) as beside, engine.connect() as request:
        _read(request, LATER)
        taken = beside.submit(take_all)
        _until_it_waits(engine)
        _read(request, EARLIER)  # closes the circle within the second after which the server looks for one
        request.rollback()
        assert taken.result(timeout=30) > 30
    engine.dispose()
