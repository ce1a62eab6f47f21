"""When a pool may be taken from: in its year, or later if it carries over; never on a day to come."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.database import transaction
from portfolio.core.errors import InvalidError
from portfolio.exchange.uploads import undoing
from portfolio.exchange.uploads.touched import Written
from portfolio.ledger.rules import HELD, MOVES, day_faults
from portfolio.ledger.service import Posting, amend_pool, open_pool, reverse
from portfolio.projects.references import load_references
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import DOC, PROJECT, entry, pool, posted

ME = (LOCAL_OWNER, EVERYTHING)
OLD = {"year": 2020, "on_date": "2020-01-02"}
TOMORROW = (today() + timedelta(days=1)).isoformat()


def codes(kind: str, on_date: str, year: int = 2020, carries: bool = False, until: str | None = None) -> list[str]:
    return [fault.code for fault in day_faults(kind, on_date, year, carries, until, "2026-11-30")]


@pytest.mark.parametrize("kind", ["preallocate", "lock", "grant", "transfer"])
def test_what_takes_from_a_pool_is_bound_to_its_year(kind: str) -> None:
    assert codes(kind, "2020-12-31") == []
    assert codes(kind, "2021-01-01") == codes(kind, "2026-03-01") == ["ledger.after_year"]
    assert codes(kind, "2021-01-01", carries=True) == []
    assert codes(kind, "2021-07-01", carries=True, until="2021-06-30") == ["ledger.after_validity"]
    assert codes(kind, "2019-12-20") == []  # released ahead of its year


@pytest.mark.parametrize("kind", ["preallocate", "lock", "grant", "transfer"])
def test_the_last_valid_day_is_one_of_the_valid_ones(kind: str) -> None:
    assert codes(kind, "2021-06-30", carries=True, until="2021-06-30") == []
    assert codes(kind, "2021-07-01", carries=True, until="2021-06-30") == ["ledger.after_validity"]
    assert codes(kind, "2020-06-30", until="2020-06-30") == []
    assert codes(kind, "2020-07-01", until="2020-06-30") == ["ledger.after_validity"]


@pytest.mark.parametrize("kind", ["return", "recover", "deliver", "use"])
def test_what_gives_back_or_uses_knows_no_end_of_the_year(kind: str) -> None:
    assert codes(kind, "2026-03-01") == []
    if MOVES[kind].target not in HELD:  # an edition that is approved ahead takes back ahead
        assert codes(kind, "2027-01-15", 2026) == []


@pytest.mark.parametrize("kind", [kind for kind, move in MOVES.items() if move.target in HELD])
def test_nothing_was_done_tomorrow(kind: str) -> None:
    assert codes(kind, "2026-11-30", 2026) == []
    assert codes(kind, "2026-12-01", 2026) == ["ledger.future_day"]
    ahead = ["ledger.future_day"] if kind == "lock" else []
    assert codes(kind, "2027-01-05", 2027) == ahead


def refused(session: Session, *postings: Posting) -> set[str]:
    with pytest.raises(InvalidError) as caught:
        posted(session, *postings)
    return {fault.code for fault in caught.value.fields}


def test_a_lock_after_the_year_is_refused_unless_the_pool_carries(session: Session) -> None:
    open_pool(session, *ME, pool("P20", "land", 100, **OLD))
    open_pool(session, *ME, pool("C20", "land", 100, **OLD, carries=True))
    assert refused(session, entry("lock", 5, "2026-03-01", pool="P20")) == {"ledger.after_year"}
    assert refused(session, entry("lock", 5, TOMORROW, pool="C20")) == {"ledger.future_day"}
    assert refused(session, entry("lock", 5, "2020-01-01", pool="C20")) == {
        "ledger.overdrawn_on_day"
    }  # before it opened
    assert posted(session, entry("lock", 5, "2026-03-01", pool="C20"), entry("lock", 5, "2020-03-01", pool="P20"))
    assert posted(session, entry("return", 5, "2026-03-01", pool="P20"))


def test_a_pool_that_was_taken_from_later_does_not_end_before(session: Session) -> None:
    open_pool(session, *ME, pool("C20", "land", 100, **OLD, carries=True))
    (number,) = posted(session, entry("lock", 5, "2021-03-01", pool="C20"))
    asked: dict[str, dict[str, Any]] = {"carries": {"carries": False}, "valid_until": {"valid_until": "2021-02-28"}}
    for field, change in asked.items():
        with pytest.raises(InvalidError) as caught:
            amend_pool(session, *ME, pool("C20", "land", 100, **{**OLD, "carries": True, **change}))
        assert [fault.field for fault in caught.value.fields] == [field]
    at = undoing._Undoing(session, *ME, "撤销", load_references(session))
    with pytest.raises(InvalidError):  # nor does undoing the import that made it carry
        undoing._restore_pool(at, Written("ledger", "C20", "update", {"carries": False}, {"carries": True}))
    reverse(session, *ME, number, "2021-03-02", DOC)
    assert amend_pool(session, *ME, pool("C20", "land", 100, **OLD, carries=False))


def test_check_finds_what_was_taken_late(sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        open_pool(session, *ME, pool("C20", "land", 100, **OLD, carries=True))
        (kept, undone) = posted(session, *(entry("lock", 5, "2021-03-01", pool="C20", project=PROJECT) for _ in "ab"))
        reverse(session, *ME, undone, "2021-03-02", DOC)
    assert [one for one in breaches(sqlite_engine) if one.code.startswith("ledger")] == []
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE pools SET carries = 0 WHERE code = 'C20'"))
    found = [(one.code, one.subject) for one in breaches(sqlite_engine) if one.code.startswith("ledger")]
    assert found == [("ledger_late", f"{kept} lock C20 2021-03-01")]
