"""Who makes and who approves: accounts when people sign in, two of them, neither under another's name; what is told
before an approval is what it writes."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ForbiddenError, InvalidError
from portfolio.ledger.queries import get_pool
from portfolio.people.service import NewUser, add_user
from portfolio.scenarios import pools, service
from portfolio.scenarios.approval.plan import plan_approval
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.queries import (
    candidate_names,
    explanations,
    get_scenario,
    list_scenarios,
    pin_rows,
    pool_rows,
    project_frame,
    scenario_head,
    scenario_jobs,
)
from portfolio.upkeep.invariants import breaches
from tests.allocation.conftest import CITY, EDITION, FUND, REGION, make, solved
from tests.ledger.conftest import DOC, entry, posted

OF_ONE = (scenario_head, pool_rows, pin_rows, project_frame, candidate_names, scenario_jobs, explanations)
BY_ACCOUNT = Approval("", DOC, "2019-03-01")


def planner(session: Session, name: str) -> Actor:
    """An account that may make and approve."""
    number = add_user(session, LOCAL_OWNER, NewUser(name, "planner", unit="GX-DRC"))
    return Actor(name, "planner", "GX-DRC", user_id=number)


@pytest.fixture
def li(edition: Session) -> Actor:
    return planner(edition, "li.planner")


@pytest.fixture
def wang(edition: Session) -> Actor:
    return planner(edition, "wang.planner")


def made_and_solved(session: Session, actor: Actor) -> None:
    service.make_scenario(session, actor, service.NewScenario("S1", EDITION))
    session.commit()
    solved(session)


def faults(session: Session, actor: Actor, data: Approval = BY_ACCOUNT) -> set[str]:
    with pytest.raises(InvalidError) as raised:
        approve_scenario(session, actor, scope_of(actor), "S1", data)
    session.rollback()
    return {fault.code for fault in raised.value.fields}


def test_another_account_approves(edition: Session, li: Actor, wang: Actor) -> None:
    made_and_solved(edition, li)
    assert faults(edition, li) == {"allocation.own_scenario"}
    assert faults(edition, wang, replace(BY_ACCOUNT, person="李某")) == {"allocation.person_is_account"}
    approve_scenario(edition, wang, scope_of(wang), "S1", BY_ACCOUNT)
    edition.commit()
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["maker"], head["approver"]) == ("li.planner", "wang.planner")
    assert (head["maker_id"], head["approver_id"]) == (li.user_id, wang.user_id)
    assert [one.code for one in breaches(edition.get_bind().engine) if "scenario" in one.code] == []


def test_who_changed_a_scenario_does_not_approve_it(edition: Session, li: Actor, wang: Actor) -> None:
    service.make_scenario(edition, li, service.NewScenario("S1", EDITION))
    pools.set_limit(edition, wang, "S1", CITY, 40)
    edition.commit()
    solved(edition)
    assert faults(edition, wang) == {"allocation.own_change"}


def test_a_copy_is_its_copiers_own(edition: Session, li: Actor, wang: Actor) -> None:
    make(edition)
    service.copy_scenario(edition, wang, "S1", "S2")
    assert get_scenario(edition, "S2").maker_id == wang.user_id
    with pytest.raises(InvalidError) as raised:
        service.copy_scenario(edition, wang, "S1", "S3", maker="李某")
    assert [fault.code for fault in raised.value.fields] == ["allocation.person_is_account"]


def test_reading_asks_for_the_right_to_read(edition: Session) -> None:
    make(edition)
    leader, office = (scope_of(Actor("anyone", role, "GX-DOT", user_id=9)) for role in ("leader", "project_office"))
    for question in (*OF_ONE, plan_approval):
        with pytest.raises(ForbiddenError):
            question(edition, office, "S1")
    with pytest.raises(ForbiddenError):
        list_scenarios(edition, office)
    assert [one["code"] for one in list_scenarios(edition, leader)] == ["S1"]
    assert all(question(edition, leader, "S1") is not None for question in OF_ONE)


def test_what_is_told_before_is_what_is_written(edition: Session, li: Actor, wang: Actor) -> None:
    made_and_solved(edition, li)
    plan = plan_approval(edition, scope_of(wang), "S1")
    assert (plan.refusals, plan.earlier, plan.back, len(plan.delays)) == ((), None, (), 2)
    told = {code: sum(one.quantity for one in plan.reserves if one.pool == code) for code in (CITY, REGION, FUND)}
    assert sum(get_pool(edition, EVERYTHING, code)["preallocated"] for code in told) == 0
    done = approve_scenario(edition, wang, scope_of(wang), "S1", BY_ACCOUNT)
    assert (done.projects, done.reserves) == (2, len(plan.reserves))
    assert {code: get_pool(edition, EVERYTHING, code)["preallocated"] for code in told} == told


def test_what_moved_since_is_told_before(edition: Session, li: Actor, wang: Actor) -> None:
    made_and_solved(edition, li)
    posted(edition, entry("preallocate", 20, pool=REGION, project="GX-2018-0017"))
    edition.commit()
    found = plan_approval(edition, scope_of(wang), "S1").refusals
    assert [(fault.code, fault.params["value"]) for fault in found] == [("allocation.pool_moved", REGION)]
    assert faults(edition, wang) == {"allocation.pool_moved"}
