"""Postings on both databases: what moves, what is refused and by which rule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.errors import ForbiddenError, InvalidError
from portfolio.core.i18n import error_text, fault_text
from portfolio.core.records import picked
from portfolio.ledger.queries import get_pool, list_entries, pool_on_day, project_life
from portfolio.ledger.recovery import due, recover
from portfolio.ledger.reserved import reserves
from portfolio.ledger.rules import drawn
from portfolio.ledger.service import Posting, open_pool, post, reverse
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from tests.ledger.conftest import DOC, FUND, LAND, PROJECT, entry, pool, posted

BUCKETS = ("free", "preallocated", "locked", "granted", "delivered", "used")


def buckets(session: Session, code: str = LAND) -> tuple[int, ...]:
    found = get_pool(session, EVERYTHING, code)
    return tuple(picked(found, BUCKETS).values())


def refused(session: Session, *postings: Posting) -> set[str]:
    with pytest.raises(InvalidError) as caught, session.begin_nested():
        post(session, LOCAL_OWNER, EVERYTHING, postings)
    for fault in caught.value.fields:
        for lang in ("zh", "en"):
            assert error_text(fault.code, lang, fault.params)
    return {fault.code for fault in caught.value.fields}


def test_the_whole_life_of_a_quantity(pools: Session) -> None:
    posted(
        pools,
        entry("preallocate", 60),
        entry("lock", 40),
        entry("grant", 30),
        entry("deliver", 20),
        entry("use", 10),
        entry("return", 5, source="locked"),
    )
    assert buckets(pools) == (45, 20, 5, 10, 10, 10)
    life: Any = project_life(pools, EVERYTHING, PROJECT).set_index(["item", "year"]).loc[("land", 2019)]
    assert [life[name] for name in ("reserved", "granted", "delivered", "used")] == [25, 30, 20, 10]


def test_a_transfer_leaves_one_pool_and_enters_the_other(pools: Session) -> None:
    open_pool(pools, LOCAL_OWNER, EVERYTHING, pool("LAND-2", "land", 0))
    (made,) = posted(pools, entry("transfer", 30, project=None, counter_pool="LAND-2"))
    assert (buckets(pools)[0], buckets(pools, "LAND-2")[0]) == (70, 30)
    reverse(pools, LOCAL_OWNER, EVERYTHING, made, "2019-04-01", DOC)
    assert (buckets(pools)[0], buckets(pools, "LAND-2")[0]) == (100, 0)
    assert pool_on_day(pools, EVERYTHING, "LAND-2", "2019-03-31")["free"] == 30


def test_balances_of_past_days_follow_the_documents(pools: Session) -> None:
    posted(pools, entry("lock", 40, "2019-03-01"), entry("grant", 40, "2019-05-01"))
    assert pool_on_day(pools, EVERYTHING, LAND, "2019-01-01")["free"] == 0
    assert pool_on_day(pools, EVERYTHING, LAND, "2019-03-01") == dict(zip(BUCKETS, (60, 0, 40, 0, 0, 0), strict=True))
    assert pool_on_day(pools, EVERYTHING, LAND, "2019-05-01") == dict(zip(BUCKETS, (60, 0, 0, 40, 0, 0), strict=True))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (entry("lock", 101), "ledger.overdrawn"),
        (entry("grant", 10, doc_no=" "), "ledger.document_required"),
        (entry("use", 10), "ledger.use_before_grant"),
        (entry("deliver", 10), "ledger.deliver_before_grant"),
        (entry("grant", 10, "2020-01-01"), "ledger.after_validity"),
        (entry("grant", 10, year=2020), "ledger.year_of_other_pool"),
        (entry("grant", 10, item="sea"), "ledger.item_outside_pool"),
        (entry("grant", 10, pool="NONE"), "ledger.pool_not_found"),
        (entry("grant", 10, project="GX-0"), "project.not_found"),
        (entry("grant", 10, project=None), "ledger.project_required"),
        (entry("grant", 10, source="used"), "ledger.bad_source"),
        (entry("grant", 10, "2019-2-1"), "ledger.bad_date"),
        (entry("grant", 0), "ledger.not_positive"),
        (entry("gift", 10), "ledger.unknown_kind"),
        (entry("transfer", 10, project=None), "ledger.counter_pool_required"),
        (entry("transfer", 10, project=None, counter_pool=LAND), "ledger.counter_pool_is_pool"),
        (entry("transfer", 10, project=None, counter_pool=FUND), "ledger.counter_pool_of_other_element"),
    ],
)
def test_refused_by_name_and_nothing_written(pools: Session, given: Posting, code: str) -> None:
    assert refused(pools, entry("lock", 5), given) == {code}
    assert buckets(pools) == (100, 0, 0, 0, 0, 0)
    assert [one["kind"] for one in list_entries(pools, EVERYTHING, pool=LAND)] == ["open"]


def test_a_backdated_entry_may_not_overdraw_a_past_day(pools: Session) -> None:
    posted(pools, entry("lock", 90, "2019-03-01"), entry("return", 90, "2019-06-01"))
    assert refused(pools, entry("lock", 20, "2019-02-01")) == {"ledger.overdrawn_on_day"}
    posted(pools, entry("lock", 10, "2019-02-01"), entry("lock", 90, "2019-06-01"))
    assert buckets(pools) == (0, 0, 100, 0, 0, 0)


def test_an_entry_is_reversed_once_and_a_reversal_never(pools: Session) -> None:
    (made,) = posted(pools, entry("grant", 40))
    back = reverse(pools, LOCAL_OWNER, EVERYTHING, made, "2019-03-02", DOC)
    assert buckets(pools) == (100, 0, 0, 0, 0, 0)
    for number, code in ((made, "ledger.already_reversed"), (back, "ledger.reversal_is_final")):
        with pytest.raises(InvalidError) as caught:
            reverse(pools, LOCAL_OWNER, EVERYTHING, number, "2019-03-03", DOC)
        assert [fault.code for fault in caught.value.fields] == [code]


def test_a_reversal_may_not_take_what_has_moved_on(pools: Session) -> None:
    made, _ = posted(pools, entry("grant", 40), entry("deliver", 10))
    with pytest.raises(InvalidError):
        reverse(pools, LOCAL_OWNER, EVERYTHING, made, "2019-03-02", DOC)
    assert buckets(pools) == (60, 0, 0, 30, 10, 0)


@pytest.mark.parametrize(("quantity", "factor"), [(150, "15"), (100_000, "10000")])
def test_a_wrong_unit_is_asked_back(pools: Session, quantity: int, factor: str) -> None:
    save_needs(pools, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("land.built", 2019, 10)])
    posted(pools, entry("open", 10**6, project=None))
    with pytest.raises(InvalidError) as caught:
        posted(pools, entry("grant", quantity))
    assert [(fault.code, fault.params["factor"]) for fault in caught.value.fields] == [("ledger.unit_suspect", factor)]
    posted(pools, entry("grant", quantity, confirmed=True))
    assert buckets(pools)[3] == quantity


def test_an_exited_project_is_given_nothing_and_may_give_back(pools: Session) -> None:
    posted(pools, entry("lock", 40))
    update_project(pools, LOCAL_OWNER, EVERYTHING, PROJECT, {"stage": "withdrawn"})
    assert refused(pools, entry("grant", 10)) == {"ledger.project_exited"}
    posted(pools, entry("return", 40))


def test_a_city_pool_serves_its_city(pools: Session) -> None:
    for code, region in (("QZ", "450700"), ("NN", "450100")):
        open_pool(pools, LOCAL_OWNER, EVERYTHING, pool(code, "land", 50, region_code=region, level="city"))
    posted(pools, entry("lock", 10, pool="QZ"))
    assert refused(pools, entry("lock", 10, pool="NN")) == {"ledger.region_outside_pool"}


def test_a_co_agreed_project_needs_the_agreement(pools: Session) -> None:
    update_project(pools, LOCAL_OWNER, EVERYTHING, PROJECT, {"co_agreed": True})
    assert refused(pools, entry("grant", 10, pool=FUND)) == {"ledger.agreement_required"}
    posted(pools, entry("grant", 10))  # land is no 财政资金
    update_project(pools, LOCAL_OWNER, EVERYTHING, PROJECT, {"co_agreed_doc": "三省区备忘录"})
    posted(pools, entry("grant", 10, pool=FUND))


def test_unused_reserves_are_listed_and_then_recovered(pools: Session) -> None:
    posted(pools, entry("lock", 40), entry("grant", 15), entry("preallocate", 5))
    assert due(pools, EVERYTHING, "2019-09-29") == []
    listed = due(pools, EVERYTHING, "2019-09-30")
    assert [(one.bucket, one.quantity, one.project) for one in listed] == [
        ("locked", 25, PROJECT),
        ("preallocated", 5, PROJECT),
    ]
    recover(pools, LOCAL_OWNER, EVERYTHING, listed, "2019-09-30", DOC)
    assert buckets(pools) == (85, 0, 0, 15, 0, 0)
    assert due(pools, EVERYTHING, "2019-12-31") == []


def test_who_may_not_write_posts_nothing(pools: Session) -> None:
    with pytest.raises(ForbiddenError):
        post(pools, Actor("reader", may_write=False), EVERYTHING, [entry("lock", 1)])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET quantity = 1",
        "DELETE FROM ledger_entries",
        "UPDATE pools SET free = -1",
        "UPDATE ledger_accounts SET locked = -1",
    ],
)
def test_the_database_itself_refuses(pools: Session, statement: str) -> None:
    posted(pools, entry("lock", 1))
    with pytest.raises(DBAPIError):
        pools.execute(text(statement))


@pytest.mark.parametrize(
    ("kind", "quantity", "held", "taken"),
    [
        ("grant", 50, {"free": 100}, (("free", 50),)),
        ("grant", 50, {"free": 100, "preallocated": 60}, (("preallocated", 50),)),
        ("grant", 50, {"free": 100, "preallocated": 60, "locked": 30}, (("preallocated", 50),)),
        ("grant", 90, {"free": 100, "preallocated": 60}, (("preallocated", 60), ("free", 30))),
        (
            "grant",
            95,
            {"free": 100, "preallocated": 60, "locked": 30},
            (("locked", 30), ("preallocated", 60), ("free", 5)),
        ),
        ("grant", 80, {"free": 0, "preallocated": 60, "locked": 30}, (("locked", 30), ("preallocated", 50))),
        ("grant", 90, {"free": 10, "preallocated": 60}, (("preallocated", 60), ("free", 30))),
        ("lock", 70, {"free": 100, "preallocated": 60}, (("preallocated", 60), ("free", 10))),
        ("preallocate", 70, {"free": 100, "preallocated": 60}, (("free", 70),)),
        ("return", 70, {"preallocated": 60, "granted": 70}, (("granted", 70),)),
        ("use", 70, {"delivered": 60}, (("delivered", 70),)),
    ],
)
def test_what_is_reserved_goes_before_what_is_free(
    kind: str, quantity: int, held: dict[str, int], taken: tuple[tuple[str, int], ...]
) -> None:
    assert drawn(kind, None, quantity, held) == taken
    assert drawn(kind, "delivered" if kind == "use" else "outside", quantity, held) == (
        (("delivered", quantity),) if kind == "use" else ()
    )


@given(st.integers(1, 200), *(st.integers(0, 100) for _ in range(3)))
def test_a_grant_leaves_no_reserve_beside_what_it_took_of_the_free(
    quantity: int, free: int, preallocated: int, locked: int
) -> None:
    held = {"free": free, "preallocated": preallocated, "locked": locked}
    taken = dict(drawn("grant", None, quantity, held))
    assert sum(taken.values()) == quantity and min(taken.values()) > 0
    assert not taken.get("free") or (taken.get("preallocated", 0), taken.get("locked", 0)) == (preallocated, locked)
    assert len(drawn("grant", None, quantity, held, whole=True)) == 1


def test_a_grant_beyond_its_reserve_is_two_entries(pools: Session) -> None:
    posted(pools, entry("preallocate", 60, pool=FUND))
    made = posted(pools, entry("grant", 100, pool=FUND, confirmed=True))
    assert (len(made), buckets(pools, FUND)) == (2, (900, 0, 0, 100, 0, 0))
    assert reserves(pools, EVERYTHING) == []


def test_a_batch_names_project_and_pool(pools: Session) -> None:
    with pytest.raises(InvalidError) as caught, pools.begin_nested():
        posted(pools, entry("grant", 2000, pool=FUND), entry("deliver", 1))
    said = [fault_text(fault, "zh") for fault in caught.value.fields]
    assert [one.split("：")[0] for one in said] == [f"钦州港30万吨级油码头 {PROJECT} · {code}" for code in (FUND, LAND)]
    assert {fault.field for fault in caught.value.fields} == {"0.quantity", "1.quantity"}
