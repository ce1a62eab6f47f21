"""Editions on both databases: rolled, decided, approved, frozen."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError
from portfolio.core.i18n import error_text
from portfolio.ledger.service import open_pool
from portfolio.rolling.approval import approve
from portfolio.rolling.deciding import add_entry, decide_entries, override_category
from portfolio.rolling.past import on_leaves
from portfolio.rolling.queries import EntryFilters, comparison, entry_frame, get_edition, list_editions, totals_by
from portfolio.rolling.service import drop_edition, send_round
from portfolio.rolling.tables import Edition
from portfolio.screening.queries import score_frame
from tests.ledger.conftest import DOC, FUND, OTHER, PROJECT, entry, pool, posted
from tests.rolling.conftest import accept_all, approved, make


def entries(session: Session, code: str) -> dict[str, tuple[str, str, int]]:
    rows = entry_frame(session, EVERYTHING, code).to_dict("records")
    return {row["code"]: (row["change"], row["category"], row["annual_yuan"]) for row in rows}


def test_a_programme_is_founded_rolled_and_explained(library: Session) -> None:
    assert make(library, "2026", 2026) == 1
    assert entries(library, "2026") == {PROJECT: ("added", "continuing", 100)}
    approved(library, "2026")
    open_pool(library, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund", 1000, kind="budget", year=2026))
    posted(
        library,
        entry("grant", 70, pool=FUND, on_date="2026-04-01"),
        entry("deliver", 40, pool=FUND, on_date="2026-06-01"),
    )
    library.commit()
    make(library, "2027", 2027, "2026")
    assert entries(library, "2027") == {PROJECT: ("adjusted", "continuing", 130)}
    cells = comparison(library, EVERYTHING, "2026", "2027")
    found, money = cells.differences(), cells.bridge()
    assert [one.kinds for one in found] == [("adjusted",)]
    assert (money.before, money.after, money.remainder) == (300, 300, 0)
    year = cells.bridge((2027, 2027))
    assert {cause: amount for cause, amount in year.causes.items() if amount} == {"carried": 30}


def test_the_same_inputs_give_the_same_edition(library: Session) -> None:
    make(library, "A", 2026)
    make(library, "B", 2026)
    first, second = get_edition(library, "A"), get_edition(library, "B")
    assert (first.inputs_hash, len(first.inputs_hash)) == (second.inputs_hash, 64)
    assert entry_frame(library, EVERYTHING, "A").equals(entry_frame(library, EVERYTHING, "B"))
    drop_edition(library, LOCAL_OWNER, "B")
    assert [one["code"] for one in list_editions(library, EVERYTHING)] == ["A"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition_entries SET annual_yuan = 1 WHERE edition_id = :frozen",
        "UPDATE edition_entries SET edition_id = :frozen WHERE edition_id = :draft AND code = :other",
        "DELETE FROM edition_entries WHERE edition_id = :frozen",
        "UPDATE edition_needs SET required = 1 WHERE edition_id = :frozen",
        "UPDATE edition_needs SET edition_id = :frozen, year = year + 20 WHERE edition_id = :draft",
        "DELETE FROM edition_needs WHERE edition_id = :frozen",
        "INSERT INTO edition_needs (edition_id, project_id, item_id, year, required, carried)"
        " SELECT edition_id, project_id, item_id, 2050, 1, 0 FROM edition_needs WHERE edition_id = :frozen",
        "DELETE FROM editions WHERE id = :frozen",
        "UPDATE editions SET state = 'draft' WHERE id = :frozen",
        "UPDATE editions SET doc_no = 'x' WHERE id = :frozen",
        "UPDATE editions SET approved_on = '2030-01-01' WHERE id = :frozen",
        "UPDATE editions SET basis = 'reported', note = 'x' WHERE id = :frozen",
    ],
)
def test_an_approved_edition_is_never_changed(library: Session, statement: str) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    make(library, "draft", 2027, "2026")
    add_entry(library, LOCAL_OWNER, EVERYTHING, "draft", OTHER, "报批")
    library.commit()
    numbers = {"frozen": get_edition(library, "2026").id, "draft": get_edition(library, "draft").id}
    given = {**numbers, "other": OTHER}
    with pytest.raises(DBAPIError, match="an approved edition is never changed"):
        library.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})
    library.rollback()
    with pytest.raises(ConflictError):
        decide_entries(library, LOCAL_OWNER, EVERYTHING, "2026", [PROJECT], "rejected", "?")
    assert send_round(library, LOCAL_OWNER, "2026") == "issued"


@pytest.mark.parametrize("statement", ["UPDATE editions SET state = 'approved' WHERE code = '2026'"])
def test_a_state_never_turns_back(library: Session, statement: str) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    send_round(library, LOCAL_OWNER, "2026")
    library.commit()
    with pytest.raises(DBAPIError, match="an approved edition is never changed"):
        library.execute(text(statement))


def test_a_frozen_edition_is_not_replaced_or_emptied(library: Session, backend: str) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    names = ", ".join(Edition.model_fields)
    tables = ("editions", "edition_entries", "edition_needs", "edition_comments", "edition_veto_decisions")
    statements = {
        "sqlite": [f"INSERT OR REPLACE INTO editions ({names}) SELECT {names} FROM editions"],
        "postgresql": [f"TRUNCATE {table} CASCADE" for table in tables],
    }
    for statement in statements[backend]:
        with pytest.raises(DBAPIError, match="an approved edition is never changed"):
            library.execute(text(statement))
        library.rollback()


def refused(call: Callable[..., object], *args: object) -> set[str]:
    with pytest.raises(InvalidError) as caught:
        call(*args)
    for fault in caught.value.fields:
        assert error_text(fault.code, "zh", fault.params) != error_text(fault.code, "en", fault.params)
    return {fault.code for fault in caught.value.fields}


def test_refused_by_name(library: Session) -> None:
    make(library, "2026", 2026)
    assert refused(make, library, "2027", 2027, "2026") == {"rolling.parent_is_draft"}
    assert refused(approve, library, LOCAL_OWNER, EVERYTHING, "2026", "", "2026-01-15", "审定人") == {
        "ledger.document_required",
        "rolling.undecided",
    }
    decide = (library, LOCAL_OWNER, EVERYTHING, "2026")
    assert refused(decide_entries, *decide, [PROJECT], "rejected") == {"rolling.reason_required"}
    assert refused(decide_entries, *decide, [OTHER], "accepted") == {"rolling.no_entry"}
    approved(library, "2026")
    assert refused(make, library, "x", 2025, "2026") == {"rolling.before_parent"}
    assert refused(lambda: make(library, "", 2027, years=16, batch="weekly")) == {
        "field.required",
        "rolling.bad_window",
        "field.unknown_code",
    }
    with pytest.raises(ConflictError):
        make(library, "2026", 2027)
    with pytest.raises(NotFoundError):
        make(library, "2028", 2028, "2020")
    make(library, "again", 2026)
    accept_all(library, "again")
    with pytest.raises(ConflictError):
        approve(library, LOCAL_OWNER, EVERYTHING, "again", DOC, "2026-02-01", "审定人")


def test_a_person_may_say_another_category_with_a_reason(library: Session) -> None:
    make(library, "2026", 2026)
    override_category(library, LOCAL_OWNER, "2026", PROJECT, "preparatory", "征迁未完成")
    frame = entry_frame(library, EVERYTHING, "2026", EntryFilters(overridden=True))
    assert frame["derived"].tolist() == ["continuing"]
    assert totals_by(library, EVERYTHING, "2026", "category").to_dict("records") == [
        {"category": "preparatory", "projects": 1, "total_yuan": 300, "annual_yuan": 0}
    ]
    assert refused(override_category, library, LOCAL_OWNER, "2026", PROJECT, "new_start", "") == {
        "rolling.reason_required"
    }


def test_what_a_pool_delivered_is_laid_on_the_leaves_that_asked() -> None:
    assert on_leaves(10, {"a": 30, "b": 10, "c": 0}) == {"a": 7, "b": 3}
    assert on_leaves(10, {"a": 0, "b": 0}) == {"a": 10}


def test_an_entry_keeps_the_score_it_was_proposed_with(library: Session) -> None:
    make(library, "2026", 2026)
    scored: Any = score_frame(library, EVERYTHING, "default").set_index("code").loc[PROJECT]
    (entry_,) = entry_frame(library, EVERYTHING, "2026").to_dict("records")
    assert not scored["vetoed"]
    assert entry_["points_milli"] == round(float(scored["points"]) * 1000) > 0
