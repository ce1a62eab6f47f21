"""Scenarios on both databases: apart from each other, built net of the ledger, answered, approved by another person."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError, PortfolioError
from portfolio.ledger.queries import get_pool, list_entries
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling.service import NewEdition, drop_edition, roll_edition
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.options import Options
from portfolio.scenarios.queries import get_scenario, list_scenarios, pool_rows, project_frame, scenario_head
from portfolio.scenarios.solving.building import build
from portfolio.upkeep.invariants import breaches
from tests.allocation.conftest import (
    CITY,
    EDITION,
    FIRST,
    FUND,
    LEAF,
    ME,
    MONEY,
    REGION,
    SECOND,
    THIRD,
    make,
    solved,
)
from tests.ledger.conftest import DOC, entry, pool, posted

OUTSIDER = "GX-2018-0017"
OF_CODE = "(SELECT id FROM projects WHERE code = :code)"
BY_WANG = Approval("王某", DOC, "2019-03-01")


def inside(session: Session, code: str = "S1") -> set[str]:
    frame = project_frame(session, EVERYTHING, code)
    return set(frame[frame["delay"] >= 0]["code"])


def refused(action: Any) -> set[str]:
    with pytest.raises(InvalidError) as raised:
        action()
    return {fault.code for fault in raised.value.fields}


def approve(session: Session, code: str = "S1", data: Approval = BY_WANG) -> Any:
    found = approve_scenario(session, *ME, code, data)
    session.commit()
    return found


def test_a_wide_pool_gives_what_the_narrow_one_lacks(edition: Session) -> None:
    make(edition)
    solved(edition)
    assert len(inside(edition)) == 2
    used = {row["pool"]: row["used"] for row in pool_rows(edition, EVERYTHING, "S1")}
    assert used == {CITY: 50, REGION: 70, FUND: 200}
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["state"], head["status"], head["supported"], head["gap"]) == ("solved", "optimal", 2, 0.0)


def test_scenarios_leave_each_other_alone(edition: Session) -> None:
    make(edition)
    service.copy_scenario(edition, LOCAL_OWNER, "S1", "S2")
    pools.set_limit(edition, LOCAL_OWNER, "S2", REGION, 130)
    pins.pin_project(edition, *ME, "S2", THIRD, False, "改期")
    edition.commit()
    limits = {
        code: {row["pool"]: row["quantity"] for row in pool_rows(edition, EVERYTHING, code)} for code in ("S1", "S2")
    }
    assert (limits["S1"][REGION], limits["S2"][REGION], get_pool(edition, EVERYTHING, REGION)["free"]) == (80, 130, 80)
    solved(edition, "S2")
    assert inside(edition, "S2") == {FIRST, SECOND}
    listed = {one["code"]: one for one in list_scenarios(edition, EVERYTHING)}
    assert (listed["S1"]["state"], listed["S2"]["parent"], listed["S2"]["pins"]) == ("draft", "S1", 1)


def test_needs_are_net_of_what_the_ledger_holds(edition: Session) -> None:
    posted(
        edition,
        entry("preallocate", 10, pool=CITY, project=FIRST),
        entry("lock", 5, pool=CITY, project=FIRST),
        entry("grant", 30, pool=FUND, project=FIRST),
    )
    scenario = make(edition)
    needs = {one.code: dict(one.needs) for one in build(edition, scenario).candidates}
    assert needs[FIRST] == {(LEAF, 2019): 50, (MONEY, 2019): 70}
    assert needs[SECOND] == {(LEAF, 2019): 60, (MONEY, 2019): 100}
    assert {row["pool"]: row["original"] for row in pool_rows(edition, EVERYTHING, "S1")} == {
        CITY: 40,
        REGION: 80,
        FUND: 970,
    }


def test_what_a_pin_demands_and_what_follows(edition: Session) -> None:
    make(edition)
    pins.pin_project(edition, *ME, "S1", THIRD, True, "自治区统筹")
    edition.commit()
    solved(edition)
    assert THIRD in inside(edition)
    assert refused(lambda: pins.pin_project(edition, *ME, "S1", FIRST, True, "")) == {"rolling.reason_required"}
    other = "GX-2018-0001"
    assert refused(lambda: pins.pin_project(edition, *ME, "S1", other, True, "x")) == {"allocation.not_candidate"}


def test_a_project_without_needs_is_not_pinned_in(edition: Session) -> None:
    edition.execute(
        text("DELETE FROM edition_needs WHERE project_id = (SELECT id FROM projects WHERE code = :c)"), {"c": FIRST}
    )
    make(edition)
    found = refused(lambda: pins.pin_project(edition, *ME, "S1", FIRST, True, "x"))
    assert found == {"allocation.pinned_without_needs"}


def test_a_vetoed_project_is_out_and_not_pinned_in(edition: Session) -> None:
    save_needs(edition, *ME, FIRST, [NeedEdit("sea.reclamation.construction", 2019, 10)])
    edition.commit()
    make(edition)
    assert refused(lambda: pins.pin_project(edition, *ME, "S1", FIRST, True, "x")) == {"allocation.pinned_vetoed"}
    solved(edition)
    assert inside(edition) == {SECOND, THIRD}
    reasons = project_frame(edition, EVERYTHING, "S1").set_index("code")["reason"]
    assert '"vetoed"' in reasons[FIRST]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda s: pools.set_limit(s, LOCAL_OWNER, "S1", REGION, -1), "field.negative"),
        (lambda s: pools.set_limit(s, LOCAL_OWNER, "S1", "NONE", 1), "ledger.pool_not_found"),
        (lambda s: pools.remove_pool(s, LOCAL_OWNER, "S1", REGION), "allocation.pool_not_added"),
        (
            lambda s: pools.add_pool(s, LOCAL_OWNER, "S1", pools.NewPool("X", "land", 2030, 1)),
            "allocation.year_outside",
        ),
        (lambda s: pools.add_pool(s, LOCAL_OWNER, "S1", pools.NewPool("X", "gold", 2019, 1)), "item.not_found"),
        (lambda s: service.change_scenario(s, LOCAL_OWNER, "S1", options=Options(gap=-1)), "allocation.bad_gap"),
    ],
)
def test_bad_changes_are_refused_by_name(edition: Session, act: Any, code: str) -> None:
    make(edition)
    assert refused(lambda: act(edition)) == {code}


def test_unknown_names_are_not_found(edition: Session) -> None:
    with pytest.raises(NotFoundError, match="no_policy"):
        make(edition, policy="nobody")
    edition.rollback()
    with pytest.raises(NotFoundError, match="no_scenario"):
        get_scenario(edition, "S9")


def test_a_change_clears_the_answer(edition: Session) -> None:
    make(edition)
    solved(edition)
    pools.set_limit(edition, LOCAL_OWNER, "S1", REGION, 200)
    edition.commit()
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["state"], head["value"], head["projects"]) == ("draft", None, 0)


def test_approval_moves_proposals_and_reserves_into_the_ledger(edition: Session) -> None:
    make(edition)
    solved(edition)
    done = approve(edition)
    assert (done.projects, done.superseded) == (2, None)
    pools = {code: get_pool(edition, EVERYTHING, code) for code in (CITY, REGION, FUND)}
    assert {code: one["preallocated"] for code, one in pools.items()} == {CITY: 50, REGION: 70, FUND: 200}
    noted = [one for one in list_entries(edition, EVERYTHING) if one["kind"] == "preallocate"]
    assert {(one["note"], one["doc_no"]) for one in noted} == {("S1", DOC)}
    rows = edition.execute(text("SELECT quantity, delay FROM allocation_proposals ORDER BY quantity")).all()
    assert [tuple(row) for row in rows] == [(60, 0), (60, 0), (100, 0), (100, 0)]
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["state"], head["approver"], head["doc_no"]) == ("approved", "王某", DOC)
    assert [one.code for one in breaches(edition.get_bind().engine) if one.code.startswith("scenario")] == []


def test_an_approved_scenario_stays_as_it_is(edition: Session) -> None:
    make(edition)
    solved(edition)
    approve(edition)
    for act in (
        lambda: pools.set_limit(edition, LOCAL_OWNER, "S1", REGION, 1),
        lambda: service.drop_scenario(edition, LOCAL_OWNER, "S1"),
        lambda: approve_scenario(edition, *ME, "S1", BY_WANG),
    ):
        with pytest.raises(ConflictError, match=r"allocation\.approved"):
            act()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (Approval("李某 ", DOC, "2019-03-01"), "allocation.own_scenario"),
        (Approval("", DOC, "2019-03-01"), "screening.person_required"),
        (Approval("王某", " ", "2019-03-01"), "ledger.document_required"),
        (Approval("王某", DOC, "2019-3-1"), "ledger.bad_date"),
    ],
)
def test_approval_wants_another_person_and_a_document(edition: Session, data: Approval, code: str) -> None:
    make(edition)
    solved(edition)
    assert refused(lambda: approve_scenario(edition, *ME, "S1", data)) == {code}


def test_approval_is_refused_when_it_was_not_solved_or_nothing_fits(edition: Session) -> None:
    make(edition)
    with pytest.raises(ConflictError, match="not_solved"):
        approve_scenario(edition, *ME, "S1", BY_WANG)
    for code in (FIRST, SECOND, THIRD):
        pins.pin_project(edition, *ME, "S1", code, True, "都要")
    edition.commit()
    solved(edition)
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["status"], head["value"]) == ("infeasible", None)
    assert {one["code"] for one in head["outcome"]["conflict"]} >= {"conflict_must", "conflict_pool"}
    with pytest.raises(ConflictError, match="no_allocation"):
        approve_scenario(edition, *ME, "S1", BY_WANG)


def test_approval_names_a_pool_that_moved(edition: Session) -> None:
    make(edition)
    solved(edition)
    posted(edition, entry("preallocate", 1, pool=REGION, project=OUTSIDER))
    edition.commit()
    with pytest.raises(InvalidError) as raised:
        approve_scenario(edition, *ME, "S1", BY_WANG)
    assert [(one.code, one.params["value"]) for one in raised.value.fields] == [("allocation.pool_moved", REGION)]
    edition.rollback()
    assert get_pool(edition, EVERYTHING, CITY)["preallocated"] == 0


def test_approval_names_a_project_whose_needs_moved(edition: Session) -> None:
    make(edition)
    solved(edition)
    changed = f"UPDATE edition_needs SET required = 61 WHERE required = 60 AND project_id = {OF_CODE}"
    edition.execute(text(changed), {"code": SECOND})
    edition.commit()
    with pytest.raises(InvalidError) as raised:
        approve_scenario(edition, *ME, "S1", BY_WANG)
    assert [(one.code, one.params["value"]) for one in raised.value.fields] == [("allocation.needs_moved", SECOND)]


def test_approval_refuses_a_veto_that_came_since(edition: Session) -> None:
    make(edition)
    solved(edition)
    chosen = sorted(inside(edition))[0]
    save_needs(edition, *ME, chosen, [NeedEdit("sea.reclamation.construction", 2019, 10)])
    edition.commit()
    with pytest.raises(InvalidError) as raised:
        approve_scenario(edition, *ME, "S1", BY_WANG)
    assert ("allocation.veto_stands", chosen) in [(one.code, one.params["value"]) for one in raised.value.fields]


def test_a_raised_limit_must_be_opened_first(edition: Session) -> None:
    make(edition)
    pools.set_limit(edition, LOCAL_OWNER, "S1", REGION, 130)
    edition.commit()
    solved(edition)
    assert refused(lambda: approve_scenario(edition, *ME, "S1", BY_WANG)) == {"allocation.limit_not_open"}


def test_the_next_approval_takes_the_place_of_the_first(edition: Session) -> None:
    make(edition)
    solved(edition)
    approve(edition)
    chosen = sorted(inside(edition))
    posted(
        edition,
        entry("lock", 60, pool=REGION, project=chosen[1])
        if False
        else entry("lock", 10, pool=REGION, project=chosen[1]),
    )
    edition.commit()
    make(edition, "S2")
    originals = {row["pool"]: row["original"] for row in pool_rows(edition, EVERYTHING, "S2")}
    assert originals == {CITY: 50, REGION: 70, FUND: 1000}
    pins.pin_project(edition, *ME, "S2", chosen[0], False, "改期")
    edition.commit()
    solved(edition, "S2")
    done = approve(edition, "S2")
    assert (done.superseded, scenario_head(edition, EVERYTHING, "S1")["state"]) == ("S1", "superseded")
    assert sum(get_pool(edition, EVERYTHING, code)["preallocated"] for code in (CITY, REGION)) == 110
    assert [
        one.code for one in breaches(edition.get_bind().engine) if "scenario" in one.code or "ledger" in one.code
    ] == []


def test_two_approvals_at_once_leave_one_in_force(edition: Session) -> None:
    for code in ("S1", "S2"):
        make(edition, code)
        solved(edition, code)
    engine: Engine = edition.get_bind().engine

    def one(code: str) -> str:
        try:
            with transaction(engine) as session:
                approve_scenario(session, *ME, code, BY_WANG)
        except PortfolioError as error:
            return error.code
        return "approved"

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(one, ("S1", "S2")))
    edition.expire_all()
    states = sorted(one["state"] for one in list_scenarios(edition, EVERYTHING))
    assert found == ["approved", "approved"]
    assert states == ["approved", "superseded"]
    assert sum(get_pool(edition, EVERYTHING, code)["preallocated"] for code in (CITY, REGION)) == 120


def test_two_approvals_of_one_scenario_reserve_once(edition: Session) -> None:
    make(edition)
    solved(edition)
    engine: Engine = edition.get_bind().engine

    def one(_: int) -> str:
        try:
            with transaction(engine) as session:
                approve_scenario(session, *ME, "S1", BY_WANG)
        except PortfolioError as error:
            return error.code
        return "approved"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(one, range(2))) == ["allocation.approved", "approved"]
    assert get_pool(edition, EVERYTHING, FUND)["preallocated"] == 200


def test_renewing_keeps_limits_changed_by_hand(edition: Session) -> None:
    make(edition)
    pools.set_limit(edition, LOCAL_OWNER, "S1", CITY, 10)
    posted(edition, *(entry("preallocate", 20, pool=code, project=OUTSIDER) for code in (CITY, REGION)))
    edition.commit()
    assert pools.renew_pools(edition, LOCAL_OWNER, "S1") == 2
    rows = {row["pool"]: (row["original"], row["quantity"]) for row in pool_rows(edition, EVERYTHING, "S1")}
    assert (rows[CITY], rows[REGION]) == ((30, 10), (60, 60))


def test_dropping_leaves_nothing_but_the_journal(edition: Session) -> None:
    make(edition)
    service.copy_scenario(edition, LOCAL_OWNER, "S1", "S2")
    edition.commit()
    solved(edition)
    service.drop_scenario(edition, LOCAL_OWNER, "S1")
    edition.commit()
    assert [(one["code"], one["parent"]) for one in list_scenarios(edition, EVERYTHING)] == [("S2", None)]
    actions = edition.execute(text("SELECT action FROM journal WHERE room = 'allocation' AND subject = 'S1'")).scalars()
    assert list(actions) == ["make", "solve", "answer", "line", "drop"]


def test_an_edition_changed_by_a_fact_is_seen_when_solved_again(edition: Session) -> None:
    make(edition)
    solved(edition)
    first = scenario_head(edition, EVERYTHING, "S1")["needs_hash"]
    update_project(edition, *ME, FIRST, {"owner": "甲公司"})
    edition.commit()
    solved(edition)
    assert scenario_head(edition, EVERYTHING, "S1")["needs_hash"] == first
    assert scenario_head(edition, EVERYTHING, "S1")["edition"] == EDITION


def test_an_edition_with_scenarios_is_not_dropped(edition: Session) -> None:
    make(edition)
    with pytest.raises(ConflictError, match="edition_in_use"):
        drop_edition(edition, LOCAL_OWNER, EDITION)
    service.drop_scenario(edition, LOCAL_OWNER, "S1")
    drop_edition(edition, LOCAL_OWNER, EDITION)


def test_a_pool_of_a_coming_year_is_reserved_on_the_day_it_opens(edition: Session) -> None:
    open_pool(edition, *ME, pool("LAND-2020", "land", 500, year=2020, on_date="2020-01-05"))
    save_needs(edition, *ME, FIRST, [NeedEdit(LEAF, 2020, 30)])
    roll_edition(edition, *ME, NewEdition("2019b", 2019, years=3))
    edition.commit()
    service.make_scenario(edition, LOCAL_OWNER, service.NewScenario("S1", "2019b", maker="李某"))
    edition.commit()
    pins.pin_project(edition, *ME, "S1", FIRST, True, "续建")
    edition.commit()
    solved(edition)
    approve(edition)
    noted = {one["pool"]: one["on_date"] for one in list_entries(edition, EVERYTHING, project=FIRST)}
    assert (noted["LAND-2020"], noted[FUND]) == ("2020-01-05", "2019-03-01")
