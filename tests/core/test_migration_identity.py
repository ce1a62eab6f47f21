"""A database in which codes stood twice is upgraded without losing one, and says what it did."""

from sqlalchemy import inspect, text
from sqlmodel import Session

from portfolio.core.database import make_engine
from portfolio.journal.queries import chain_status, history
from portfolio.projects.rules.naming import plain_name
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from portfolio.upkeep.setup import initialise
from tests.support.databases import Databases
from tests.support.downgrading import downgrade

NATIONAL = "2018-450100-04-01-123456"


def test_the_first_project_keeps_a_code_that_stood_twice(backend: str, both_databases: Databases) -> None:
    url = both_databases.make(backend, "scheme")
    downgrade(url, "0017")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE projects SET national_code = :code, search_text = code || :text WHERE id < 4"),
            {"code": NATIONAL, "text": f" {NATIONAL} x"},
        )
        connection.execute(text("UPDATE projects SET national_code = '' WHERE id IN (5, 6)"))
        rows = connection.execute(text("SELECT code FROM projects WHERE id < 4 ORDER BY id")).scalars().all()
        before = connection.execute(text("SELECT value FROM revision")).scalar_one()
    migrate.upgrade(url)
    with engine.connect() as connection:
        held = connection.execute(
            text("SELECT national_code, search_text FROM projects WHERE id < 7 ORDER BY id")
        ).all()
        kept = connection.execute(text("SELECT national_code, holder FROM displaced_codes ORDER BY project_id")).all()
        named = connection.execute(text("SELECT name_zh, name_key FROM projects")).all()
        assert connection.execute(text("SELECT value FROM revision")).scalar_one() == before + 1
    assert [row[0] for row in held] == [NATIONAL, *[None] * 5]
    assert NATIONAL in held[0][1] and NATIONAL not in held[1][1]
    assert kept == [(NATIONAL, rows[0])] * 2
    assert all(key == plain_name(name) for name, key in named)
    with Session(engine) as session:
        (entry, *_) = history(session, rows[1])
        assert (entry.actor, entry.before, entry.after) == (
            "upgrade",
            {"national_code": NATIONAL},
            {"national_code": None},
        )
        assert rows[0] in (entry.reason or "")
        assert (chain_status(session).broken, chain_status(session).cut) == (None, False)
    found = [(one.code, one.subject, one.warning) for one in breaches(engine) if one.code == "code_displaced"]
    assert found == [("code_displaced", f"{code} {NATIONAL} ({rows[0]})", True) for code in rows[1:]]
    downgrade(url, "0017")
    with engine.connect() as connection:
        codes = connection.execute(text("SELECT national_code FROM projects WHERE id < 4")).scalars().all()
        assert "displaced_codes" not in inspect(connection).get_table_names()
    assert codes == [NATIONAL] * 3
    engine.dispose()
    both_databases.drop(url)


def test_a_database_without_projects_is_upgraded_too(backend: str, both_databases: Databases) -> None:
    url = both_databases.empty(backend)
    engine = make_engine(url)
    initialise(engine, "bare")
    assert list(breaches(engine)) == []
    engine.dispose()
    both_databases.drop(url)
