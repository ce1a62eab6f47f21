"""What a pool of the ledger leaves unspent, carried over to the next year: by hand, by law, and through an approval."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.allocation.model.answer import Answer, Settings
from portfolio.allocation.model.chain import draws
from portfolio.allocation.model.check import check
from portfolio.allocation.model.linking import linked
from portfolio.allocation.model.problem import Need, Pool, Problem, Project, Terms, make_problem
from portfolio.allocation.search.engine import solve
from portfolio.allocation.search.processes import Crew
from portfolio.ledger.queries import get_pool, list_entries
from portfolio.ledger.recovery import due
from portfolio.ledger.service import amend_pool, open_pool
from portfolio.scenarios.pools import NewPool, add_pool, renew_pools
from portfolio.scenarios.queries import outcome_of, pool_rows
from portfolio.scenarios.solving.building import build, scenario_pools
from portfolio.scenarios.solving.carrying import Carrying, carried_over
from portfolio.upkeep.invariants import breaches
from tests.allocation.accounts import PATHS
from tests.allocation.conftest import CITY, FIRST, LEAF, ME, REGION, SECOND, THIRD, make, solved
from tests.allocation.plain_checker import Rows, Way, account_faults
from tests.allocation.problems import plan_of
from tests.allocation.test_scenarios import approve, inside, refused
from tests.ledger.conftest import entry, pool, posted

EXACT = Settings(time_limit=None, gap=0.0, processes=1)
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
YEARS = (2026, 2027, 2028)
BEFORE = "LAND-GX-2018"


def joined(pools: list[Pool], papers: dict[str, Carrying] | None = None) -> tuple[tuple[Pool, ...], list[str]]:
    """The pools linked and carried over, and the codes of the findings."""
    known = {one.code: Carrying() for one in pools} | (papers or {})
    found, findings = carried_over(linked(pools, PATHS), known)
    assert not any(finding.severe for finding in findings)
    return found, [finding.code for finding in findings]


def asking_twelve(carries: bool) -> Problem:
    """A pool of 2026 with 10 left, one of 2027 with 5, and a need of 12 in 2027."""
    pools, _ = joined([Pool("A", "land", 2026, 10, carries=carries), Pool("B", "land", 2027, 5)])
    return make_problem([Project("P", 1.0)], [Need("P", "land.built", 2027, 12)], pools, chained=True)


def test_what_2026_left_lets_a_need_of_2027_in(crew: Crew) -> None:
    answer = solve(asking_twelve(carries=True), EXACT, crew=crew)
    assert answer.supported == ("P",)
    uses = {use.pool: (use.carried_in, use.used, use.left) for use in answer.pools}
    assert uses == {"A": (0, 7, 3), "B": (7, 5, 0)}


def test_without_the_mark_the_need_is_refused_for_what_2027_lacks(crew: Crew) -> None:
    problem = asking_twelve(carries=False)
    assert solve(problem, EXACT, crew=crew).supported == ()
    assert draws(problem, {"P": 0})[1] == {"B": 7}


def test_a_shortage_is_told_of_the_pool_of_the_needs_own_year() -> None:
    pools, _ = joined([Pool("A", "land", 2026, 3, carries=True), Pool("B", "land", 2027, 5)])
    problem = make_problem([Project("P", 1.0)], [Need("P", "land.built", 2027, 12)], pools, chained=True)
    assert draws(problem, {"P": 0})[1] == {"B": 4}


@pytest.mark.parametrize(("until", "behind"), [("2026-12-31", ""), ("2027-01-01", "A"), (None, "A")])
def test_what_expires_before_the_year_is_not_carried(until: str | None, behind: str) -> None:
    pools = [Pool("A", "land", 2026, 10, carries=True), Pool("B", "land", 2027, 5)]
    found, said = joined(pools, {"A": Carrying("quota", until)})
    assert found[1].behind == behind
    assert said == ([] if behind else ["allocation_carry_expired"])


def test_all_along_a_chain_must_be_valid_in_its_latest_year() -> None:
    pools = [Pool(str(year), "land", year, 1, carries=True) for year in YEARS]
    found, said = joined(pools, {"2026": Carrying("", "2027-06-30")})
    assert [one.behind for one in found] == ["", "2026", ""]
    assert said == ["allocation_carry_expired"]


def test_an_expired_pool_with_nothing_left_does_not_stand_in_the_way() -> None:
    pools = [Pool(str(year), "land", year, year - 2026, carries=True) for year in YEARS]
    found, said = joined(pools, {"2026": Carrying("", "2027-06-30")})
    assert ([one.behind for one in found], said) == (["", "", "2027"], [])


@pytest.mark.parametrize(
    "other",
    [
        Pool("B", "land.built", 2027, 5),
        Pool("B", "land", 2027, 5, "450700"),
        Pool("B", "land", 2027, 5, level="city"),
        Pool("B", "land", 2028, 5),
    ],
)
def test_only_the_same_account_of_the_next_year_draws_on_the_rest(other: Pool) -> None:
    found, said = joined([Pool("A", "land", 2026, 10, level="region", carries=True), other])
    assert (found[1].behind, said) == ("", ["allocation_carry_not_last"])


def test_another_kind_is_another_account_and_a_narrow_pool_does_not_carry() -> None:
    kinds = {"A": Carrying("quota"), "B": Carrying("fund")}
    pools = [Pool("A", "land", 2026, 10, carries=True), Pool("B", "land", 2027, 5)]
    assert joined(pools, kinds)[1] == ["allocation_carry_not_last"]
    narrow = [Pool("C", "land", 2026, 1, "450700", carries=True), Pool("D", "land", 2027, 1, "450700"), pools[1]]
    assert joined(narrow)[1] == ["allocation_carry_not_last"]


def test_a_chain_that_the_model_cannot_hold_is_left_open_and_said() -> None:
    cities = [f"45{place:02d}00" for place in range(1, 8)]
    pools = [Pool(f"{city}-{year}", "land", year, 1, city) for city in cities for year in (2026, 2027)]
    pools += [Pool("A", "land", 2026, 1, carries=True), Pool("B", "land", 2027, 1)]
    found, said = joined(pools)
    assert said == ["allocation_carry_many"]
    assert check(make_problem([Project("P", 1.0)], [Need("P", "land.built", 2026, 1)], found, chained=True)) == []


@st.composite
def cases(draw: st.DrawFn) -> Rows:
    """Four projects with land over three years; a pool of a city and one of the region each year, some carrying."""
    projects, needs = [], []
    for place in range(4):
        home = frozenset(draw(st.sampled_from([(), ("450700",)])))
        projects.append(Project(f"P{place}", float(draw(st.integers(1, 20))), "first", home, within=home))
        for year in draw(st.sets(st.sampled_from(YEARS[:2]), min_size=1)):
            needs.append(Need(f"P{place}", "land.built", year, draw(st.integers(1, 9))))
    pools = [
        Pool(f"{name}-{year}", "land", year, draw(st.integers(0, 12)), region, carries=whole and draw(st.booleans()))
        for year in YEARS
        for name, region, whole in (("city", "450700", False), ("all", "450000", True))
    ]
    return Rows(tuple(projects), tuple(needs), tuple(pools), max_delay=draw(st.integers(0, 1)), loss=0.25)


def solved_rows(rows: Rows, crew: Crew) -> Answer:
    pools, _ = joined(list(rows.pools))
    terms = Terms(rows.max_delay, rows.loss, rows.rungs)
    return solve(make_problem(rows.projects, rows.needs, pools, terms=terms, chained=True), EXACT, crew=crew)


def best_value(rows: Rows) -> float:
    found = 0.0
    for ways in product((None, *((delay, 1) for delay in range(rows.max_delay + 1))), repeat=len(rows.projects)):
        plan: dict[str, Way] = {one.code: way for one, way in zip(rows.projects, ways, strict=True)}
        worth = sum(one.value * 0.75 ** way[0] for one, way in zip(rows.projects, ways, strict=True) if way)
        if worth > found and not list(account_faults(rows, plan)):
            found = worth
    return found


@LAW
@given(cases())
def test_the_answer_is_the_best_of_all_and_never_falls_when_a_pool_may_carry(crew: Crew, case: Rows) -> None:
    answer = solved_rows(case, crew)
    assert list(account_faults(case, plan_of(answer))) == []
    assert answer.value == pytest.approx(best_value(case), abs=1e-4)
    marked = replace(case, pools=tuple(replace(one, carries=one.region == "450000") for one in case.pools))
    more = solved_rows(marked, crew)
    assert answer.value is not None and more.value is not None and more.value >= answer.value - 1e-6


def open_before(session: Session, **given: object) -> None:
    """What the region's quota of 2018 left: 50 m², by default carried over and valid through 2019."""
    values: dict[str, object] = {"year": 2018, "carries": True, "valid_until": "2019-12-31", **given}
    open_pool(session, *ME, pool(BEFORE, "land", 50, **values))
    session.commit()


@pytest.mark.parametrize("given", [{"carries": None}, {"valid_until": "2018-12-31"}])
def test_a_scenario_leaves_out_what_may_not_be_carried(edition: Session, given: dict[str, object]) -> None:
    open_before(edition, **given)
    make(edition)
    solved(edition)
    assert len(inside(edition)) == 2
    assert BEFORE not in {row["pool"] for row in pool_rows(edition, EVERYTHING, "S1")}


def test_a_carried_rest_is_drawn_told_and_reserved_where_it_lies(edition: Session) -> None:
    open_before(edition)
    scenario = make(edition)
    solved(edition)
    assert inside(edition) == {FIRST, SECOND, THIRD}
    rows = {row["pool"]: row for row in pool_rows(edition, EVERYTHING, "S1")}
    assert {name: rows[name]["used"] for name in (CITY, REGION, BEFORE)} == {CITY: 50, REGION: 80, BEFORE: 50}
    assert (rows[REGION]["carried_in"], rows[BEFORE]["carried_in"], rows[BEFORE]["carries"]) == (50, 0, True)
    assert outcome_of(scenario)["findings"] == []
    approve(edition)
    held = get_pool(edition, EVERYTHING, BEFORE)
    assert (held["free"], held["preallocated"]) == (0, 50)
    assert [
        one.code for one in breaches(edition.get_bind().engine) if one.code.startswith(("scenario", "ledger"))
    ] == []
    assert {one["year"] for one in list_entries(edition, EVERYTHING, pool=BEFORE)} == {2018}


@pytest.mark.parametrize(("carries", "behind"), [(True, "X"), (False, "")])
def test_a_pool_added_by_a_scenario_carries_over_when_marked(edition: Session, carries: bool, behind: str) -> None:
    scenario = make(edition)
    add_pool(edition, LOCAL_OWNER, "S1", NewPool("X", "land", 2019, 60, level="national", carries=carries))
    add_pool(edition, LOCAL_OWNER, "S1", NewPool("Y", "land", 2020, 60, level="national"))
    held, _ = scenario_pools(edition, scenario)
    assert {one.code: one.behind for one in held}["Y"] == behind


def test_a_mark_taken_away_since_refuses_the_approval(edition: Session) -> None:
    open_before(edition)
    make(edition)
    solved(edition)
    amend_pool(edition, *ME, pool(BEFORE, "land", 50, year=2018, carries=False, valid_until="2019-12-31"))
    edition.commit()
    assert refused(lambda: approve(edition)) == {"allocation.pool_moved"}
    assert renew_pools(edition, LOCAL_OWNER, "S1") == 1
    edition.commit()
    solved(edition)
    assert (len(inside(edition)), approve(edition).projects) == (2, 2)


def test_what_is_held_beyond_its_year_counts_against_the_next(edition: Session) -> None:
    open_before(edition)
    posted(edition, entry("preallocate", 20, pool=BEFORE, project=FIRST))
    needs = {one.code: dict(one.needs) for one in build(edition, make(edition)).candidates}
    assert (needs[FIRST][LEAF, 2019], needs[SECOND][LEAF, 2019]) == (40, 60)


def test_a_reserve_in_a_pool_that_carries_falls_due_a_year_later(edition: Session) -> None:
    open_before(edition)
    posted(edition, entry("preallocate", 20, pool=BEFORE, project=FIRST))
    assert due(edition, EVERYTHING, "2019-09-29", "land") == []
    assert [one.pool for one in due(edition, EVERYTHING, "2019-09-30", "land")] == [BEFORE]


def test_what_is_not_carried_is_told_beside_the_answer(edition: Session) -> None:
    open_before(edition, region_code="450700")
    scenario = make(edition)
    solved(edition)
    assert len(inside(edition)) == 2
    told = [(one["code"], one["params"]) for one in outcome_of(scenario)["findings"]]
    assert told == [("allocation_carry_not_last", {"value": BEFORE})]
