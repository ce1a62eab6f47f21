"""The chain: what it covers, where it breaks, and that neither a rollback nor two writers can fork it."""

from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.origin import Origin, stamp
from portfolio.access.rules import Actor
from portfolio.core.database import make_engine, transaction
from portfolio.journal import service as journal
from portfolio.journal.chain import START, Link, link_hash, verify
from portfolio.journal.queries import JournalFilters, chain_status, history, slice_journal
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from tests.support.databases import Databases
from tests.support.downgrading import downgrade

CODE = "GX-2018-0207"
SEALS = {
    "sqlite": ("seal_journal_update", "seal_journal_delete", "seal_journal_replace"),
    "postgresql": ("seal_journal_change", "seal_journal_truncate"),
}


def tamper(engine: Engine, *statements: str) -> None:
    """What somebody with the database's own rights could do."""
    kind = engine.dialect.name
    with engine.begin() as connection:
        for name in SEALS[kind]:
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if kind == "sqlite" else " ON journal")))
        for statement in statements:
            connection.execute(text(statement))


def own(session: Session, number: int) -> None:
    journal.record(session, LOCAL_OWNER, "projects", [journal.Entry(CODE, "update", {"owner": ""}, {"owner": number})])


def test_a_loaded_library_is_chained_whole(engine: Engine) -> None:
    with Session(engine) as session:
        status = chain_status(session)
        assert status.whole
        assert status.rows == status.expected == status.checked > 400
        assert chain_status(session, recent=50).checked == 50
        assert chain_status(session, recent=50).whole


@pytest.mark.parametrize("column", ["actor", "reason", "after", "address", "subject"])
def test_an_altered_row_is_named(engine: Engine, column: str) -> None:
    tamper(engine, f"UPDATE journal SET {column} = '1' WHERE id = 40")
    assert ("journal_broken", "40") in {(one.code, one.subject) for one in breaches(engine)}


def test_a_removed_row_is_shown_by_the_one_after(engine: Engine) -> None:
    tamper(engine, "DELETE FROM journal WHERE id = 40")
    assert ("journal_broken", "41") in {(one.code, one.subject) for one in breaches(engine)}


def test_a_cut_end_is_shown_by_the_head(engine: Engine) -> None:
    tamper(engine, "DELETE FROM journal WHERE id > 300")
    with Session(engine) as session:
        status = chain_status(session)
        assert (status.broken, status.cut, status.rows) == (None, True, 300)
    assert "journal_cut" in {one.code for one in breaches(engine)}


@pytest.mark.parametrize(
    "statement",
    {
        "sqlite": "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = 40",
        "postgresql": "TRUNCATE journal",
    }.items(),
    ids=lambda pair: pair[0],
)
def test_the_database_refuses_what_is_its_own_way_around(statement: tuple[str, str], both_databases: Databases) -> None:
    kind, asked = statement
    engine = make_engine(both_databases.make(kind, "scheme"))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(asked))
    engine.dispose()


def test_a_rolled_back_transaction_leaves_no_trace(engine: Engine) -> None:
    with Session(engine) as session:
        own(session, 1)
        session.rollback()
        own(session, 2)
        session.commit()
        assert chain_status(session).whole
        assert [one.after for one in history(session, CODE, 1)] == [{"owner": 2}]


def test_a_rolled_back_savepoint_is_not_followed(engine: Engine) -> None:
    with Session(engine) as session:
        own(session, 1)
        with session.begin_nested() as point:
            own(session, 2)
            point.rollback()
        own(session, 3)
        with session.begin_nested():
            own(session, 4)
        session.commit()
    with Session(engine) as session:
        assert chain_status(session).whole
        assert [one.after["owner"] for one in history(session, CODE, 3)] == [4, 3, 1]


def test_two_writers_at_once_make_one_chain(engine: Engine) -> None:
    def write(name: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(12):
                with transaction(engine) as session:
                    update_project(session, Actor(name), EVERYTHING, CODE, {"owner": f"{name} {number}"})

        return run

    threads = [Thread(target=write(name)) for name in ("甲", "乙", "丙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert chain_status(session).whole
        assert len(history(session, CODE, 36)) == 36


def test_a_change_says_from_where_and_by_which_request(session: Session) -> None:
    stamp(session, Origin("203.0.113.9", "r-1"))
    save_needs(session, LOCAL_OWNER, EVERYTHING, CODE, [NeedEdit("fund.tbd", 2030, 10_000)])
    (entry,) = history(session, CODE, 1)
    assert (entry.address, entry.request_id, entry.import_id) == ("203.0.113.9", "r-1", None)
    named = Actor("甲", address="203.0.113.7", request_id="r-2")
    update_project(session, named, EVERYTHING, CODE, {"owner": "甲"})
    found, total = slice_journal(session, EVERYTHING, JournalFilters(request_id="r-2"), 0, 10)
    assert ([one.address for one in found], total) == (["203.0.113.7"], 1)


def test_existing_rows_are_chained_by_the_migration(backend: str, both_databases: Databases) -> None:
    url = both_databases.make(backend, "scheme")
    downgrade(url, "0008")
    migrate.upgrade(url)
    engine = make_engine(url)
    with Session(engine) as session:
        assert chain_status(session).whole
        update_project(session, LOCAL_OWNER, EVERYTHING, CODE, {"owner": "甲"})
        session.commit()
        assert chain_status(session).whole
    engine.dispose()


def test_every_value_counts() -> None:
    content = ("2026-01-01 00:00:00.000000", "a", "b", "c", "d", None, "x", "", 1, "", "", None)
    first = link_hash(START, content)
    assert verify([Link(1, content, first), Link(2, content, link_hash(first, content))]).broken is None
    for place in range(len(content)):
        other = (*content[:place], "!", *content[place + 1 :])
        assert verify([Link(1, other, first)]).broken == 1
