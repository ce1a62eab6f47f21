"""The resident copy of accounts against sums made by the database, after every kind of write."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import InvalidError
from portfolio.ledger import cube
from portfolio.ledger.service import open_pool, reverse
from portfolio.ledger.summary import asked_and_granted, granted_summary
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.service import update_project
from tests.ledger.conftest import DOC, FUND, OTHER, PROJECT, entry, pool, posted

SUMS = text(
    "SELECT p.item_id, p.year, SUM(a.granted + a.delivered + a.used), SUM(a.used) FROM ledger_accounts a"
    " JOIN pools p ON p.id = a.pool_id GROUP BY p.item_id, p.year ORDER BY p.item_id"
)


def agree(session: Session) -> None:
    frame = granted_summary(session, EVERYTHING, ("year",), depth=1)
    stored = [row for row in session.execute(SUMS).all() if row[2]]
    shown = frame[frame["granted"] > 0]
    assert sorted(shown["granted"].tolist()) == sorted(int(row[2]) for row in stored)
    assert sorted(shown["used"].tolist()) == sorted(int(row[3]) for row in stored)


def test_the_copy_follows_each_commit_and_no_rollback(pools: Session) -> None:
    pools.commit()
    agree(pools)
    posted(pools, entry("grant", 30), entry("grant", 20, project=OTHER))
    agree(pools)
    pools.rollback()
    assert granted_summary(pools, EVERYTHING, ()).empty
    posted(pools, entry("grant", 40), entry("deliver", 15))
    pools.commit()
    agree(pools)
    posted(pools, entry("use", 10), entry("grant", 500, pool=FUND, project=OTHER))
    pools.commit()
    agree(pools)
    back = posted(pools, entry("grant", 5))[0]
    reverse(pools, LOCAL_OWNER, EVERYTHING, back, "2019-04-01", DOC)
    pools.commit()
    agree(pools)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["grant", "deliver", "use", "return"]), st.integers(1, 30)), max_size=12))
def test_any_series_of_commits_is_followed(sqlite_session: Session, moves: list[tuple[str, int]]) -> None:
    code = f"P{sqlite_session.execute(text('SELECT COUNT(*) FROM pools')).scalar()}"
    open_pool(sqlite_session, LOCAL_OWNER, EVERYTHING, pool(code, "land", 100))
    sqlite_session.commit()
    for kind, quantity in moves:
        try:
            with sqlite_session.begin_nested():
                posted(sqlite_session, entry(kind, quantity, pool=code))
        except InvalidError:
            continue
        sqlite_session.commit()
        agree(sqlite_session)


def test_a_cold_copy_equals_a_patched_one(pools: Session) -> None:
    pools.commit()
    cube.holdings(pools)
    posted(pools, entry("grant", 30), entry("lock", 7, project=OTHER), entry("deliver", 3))
    pools.commit()
    warm = cube.holdings(pools)
    cold = cube.load(pools)
    assert warm.key.tolist() == cold.key.tolist()
    assert warm.held.tolist() == cold.held.tolist()


def test_asked_stands_beside_granted(pools: Session) -> None:
    save_needs(
        pools, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("land.built", 2019, 70), NeedEdit("fund.own", 2019, 900)]
    )
    posted(pools, entry("grant", 30), entry("lock", 5))
    row = asked_and_granted(pools, EVERYTHING, ("year",), element="land").to_dict("records")
    assert row == [{"year": 2019, "item": "land", "asked": 70, "reserved": 5, "granted": 30, "delivered": 0, "used": 0}]
    by_city = asked_and_granted(pools, EVERYTHING, ("city",), element="land", filters=ProjectFilters(code=(OTHER,)))
    assert by_city.empty
    assert asked_and_granted(pools, EVERYTHING, ("city",), element="land")["city"].tolist() == ["450700"]


def test_land_is_given_out_of_the_named_pool(pools: Session) -> None:
    posted(pools, entry("grant", 30))
    assert granted_summary(pools, EVERYTHING, (), element="fund").empty
    assert granted_summary(pools, EVERYTHING, (), element="land")["granted"].tolist() == [30]


def test_the_kept_sums_follow_entries_pools_and_projects(pools: Session) -> None:
    def by_city() -> dict[str, int]:
        frame = granted_summary(pools, EVERYTHING, ("city", "year"), element="land")
        return {str(city): int(amount) for city, amount in zip(frame["city"], frame["granted"], strict=True)}

    posted(pools, entry("grant", 30))
    pools.commit()
    assert by_city() == {"450700": 30}
    posted(pools, entry("grant", 20, project=OTHER))
    pools.commit()
    assert by_city() == {"450700": 30, "450500": 20}
    update_project(pools, LOCAL_OWNER, EVERYTHING, OTHER, {"region_codes": ("450700",)})
    pools.commit()
    assert by_city() == {"450700": 50}
    open_pool(pools, LOCAL_OWNER, EVERYTHING, pool("L2", "land", 100))
    posted(pools, entry("grant", 7, pool="L2"))
    pools.commit()
    assert by_city() == {"450700": 57}
    wide = granted_summary(pools, EVERYTHING, ("city",), filters=ProjectFilters(code=(PROJECT,)), element="land")
    assert wide["granted"].tolist() == [37]
    posted(pools, entry("grant", 1))
    assert by_city() == {"450700": 58}
    pools.rollback()
    assert by_city() == {"450700": 57}
