"""A record's way from draft to library, who may take which step, and what may not be changed meanwhile."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.rules import workflow
from portfolio.projects.service import update_project
from portfolio.projects.states import Said, Standing, life, standing
from portfolio.readiness.service import save_step
from portfolio.reporting.queries import queue
from portfolio.reporting.records import compare
from portfolio.reporting.service import act, act_on_many, open_actions
from tests.reporting.people import CITY, LEADER_UNIT, OFFICE, OTHER_CITY, PLANNER, READER

OLD = "GX-2018-0002"  # a project of the scheme: in Nanning, without a lead unit


def take(session: Session, actor: Actor, code: str, action: str, reason: str = "", **said: str) -> Standing:
    return act(session, actor, scope_of(actor), code, action, Said(reason=reason, **said))


def stands(session: Session, code: str) -> Standing:
    return standing(session, get_project(session, EVERYTHING, code)["id"])


def test_scheme_projects_are_in_the_library(session: Session) -> None:
    assert stands(session, OLD).state == workflow.ACCEPTED
    assert life(session, OLD) == []


def test_office_submits_city_and_lead_accept(session: Session, entered: str) -> None:
    assert stands(session, entered).state == "draft"
    assert take(session, OFFICE, entered, "submit").step == "city"
    assert [one.row["code"] for one in queue(session, CITY)] == [entered]
    assert queue(session, LEADER_UNIT) == []
    assert take(session, CITY, entered, "accept").step == "lead"
    assert queue(session, CITY) == []
    done = take(session, LEADER_UNIT, entered, "accept")
    assert (done.state, done.accepted, done.step) == ("accepted", True, "")
    steps = [(row["action"], row["source"], row["target"], row["actor"]) for row in reversed(life(session, entered))]
    assert steps == [
        ("create", "", "draft", "office"),
        ("submit", "draft", "submitted", "office"),
        ("accept", "submitted", "under_review", "city"),
        ("accept", "under_review", "accepted", "transport"),
    ]


def test_steps_follow_place_and_lead(session: Session) -> None:
    def codes(city: str, lead: str | None) -> list[str]:
        return [step.code for step in workflow.steps({"city_code": city, "lead_unit": lead})]

    assert codes("450100", "GX-DOT") == ["city", "lead"]
    assert codes("450100", None) == ["city", "drc"]
    assert codes("450000", "GX-DOT") == ["lead"]
    assert codes("450000", None) == ["drc"]


@pytest.mark.parametrize("stranger", [OTHER_CITY, OFFICE, READER], ids=lambda one: one.name)
def test_only_whose_turn_it_is_reviews(session: Session, entered: str, stranger: Actor) -> None:
    take(session, OFFICE, entered, "submit")
    with pytest.raises((ForbiddenError, NotFoundError)):
        take(session, stranger, entered, "accept")


def test_city_does_not_take_the_lead_units_step(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    take(session, CITY, entered, "accept")
    with pytest.raises(ForbiddenError):
        take(session, CITY, entered, "accept")


def test_return_wants_a_reason_and_gives_the_record_back(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    with pytest.raises(InvalidError) as refused:
        take(session, CITY, entered, "return")
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [("reason", "field.required")]
    assert take(session, CITY, entered, "return", "投资估算缺依据").state == "returned"
    update_project(session, OFFICE, scope_of(OFFICE), entered, {"capacity_zh": "三个千吨级泊位"})
    assert take(session, OFFICE, entered, "submit").state == "submitted"
    assert life(session, entered)[1]["reason"] == "投资估算缺依据"


def test_submitted_record_is_not_changed_from_below(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    with pytest.raises(ConflictError, match=r"workflow\.submitted"):
        update_project(session, OFFICE, scope_of(OFFICE), entered, {"owner": "甲公司"})
    with pytest.raises(ConflictError, match=r"workflow\.submitted"):
        save_needs(session, OFFICE, scope_of(OFFICE), entered, [NeedEdit("fund.central_budget", 2028, 1)])
    with pytest.raises(ConflictError, match=r"workflow\.submitted"):
        save_step(session, OFFICE, scope_of(OFFICE), entered, "proposal", {"status": "not_started", "note": "x"})
    take(session, OFFICE, entered, "recall")
    assert update_project(session, OFFICE, scope_of(OFFICE), entered, {"owner": "甲公司"})["owner"] == "甲公司"


def test_lock_holds_until_those_who_set_it_take_it_off(session: Session, entered: str) -> None:
    take(session, PLANNER, entered, "lock", "年度计划编制中")
    with pytest.raises(ConflictError, match=r"workflow\.locked"):
        update_project(session, OFFICE, scope_of(OFFICE), entered, {"owner": "甲公司"})
    with pytest.raises(ConflictError, match=r"workflow\.locked"):
        take(session, CITY, entered, "unlock")
    take(session, PLANNER, entered, "unlock")
    update_project(session, OFFICE, scope_of(OFFICE), entered, {"owner": "甲公司"})


def test_return_takes_the_lock_off(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    take(session, CITY, entered, "accept")
    take(session, LEADER_UNIT, entered, "return", "请补规模")
    assert stands(session, entered).locked == ""


def test_passed_on_to_another_unit_which_then_sees_and_reviews(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    water = Actor("water", role="lead_reviewer", unit="GX-DWR")
    with pytest.raises(NotFoundError):
        get_project(session, scope_of(water), entered)
    take(session, CITY, entered, "transfer", "涉及航道与水利", unit="GX-DWR")
    assert [one.row["code"] for one in queue(session, water)] == [entered]
    assert take(session, water, entered, "accept").step == "lead"
    with pytest.raises(NotFoundError):
        get_project(session, scope_of(water), entered)


def test_exit_wants_reason_and_document_and_shuts_the_record(session: Session, entered: str) -> None:
    with pytest.raises(InvalidError) as refused:
        take(session, PLANNER, entered, "exit")
    assert {fault.field for fault in refused.value.fields} == {"reason", "doc_no"}
    take(session, PLANNER, entered, "exit", "不符合规划", doc_no="桂发改[2027]12号")
    assert life(session, entered)[0]["doc_no"] == "桂发改〔2027〕12号"
    assert get_project(session, EVERYTHING, entered)["stage"] == "withdrawn"
    with pytest.raises(ConflictError, match=r"workflow\.exited"):
        update_project(session, LOCAL_OWNER, EVERYTHING, entered, {"owner": "甲公司"})
    take(session, PLANNER, entered, "readmit", "复议", doc_no="桂发改〔2027〕30号")
    assert get_project(session, EVERYTHING, entered)["stage"] == "reserve"


def test_deferred_and_resumed_with_its_stage(session: Session) -> None:
    before = get_project(session, EVERYTHING, OLD)["stage"]
    take(session, PLANNER, OLD, "defer", "资金未落实")
    assert get_project(session, EVERYTHING, OLD)["stage"] == "suspended"
    take(session, PLANNER, OLD, "resume", "资金已落实")
    assert (get_project(session, EVERYTHING, OLD)["stage"], stands(session, OLD).state) == (before, "accepted")


def test_change_of_an_accepted_record_is_a_draft_compared_with_what_was_accepted(session: Session) -> None:
    before = get_project(session, EVERYTHING, OLD)
    update_project(session, OFFICE, scope_of(OFFICE), OLD, {"owner": "甲公司"})
    update_project(session, OFFICE, scope_of(OFFICE), OLD, {"owner": "乙公司"})
    save_needs(session, OFFICE, scope_of(OFFICE), OLD, [NeedEdit("fund.central_budget", 2027, 50_000)])
    assert stands(session, OLD).state == "draft"
    found = compare(session, EVERYTHING, OLD)
    assert (found.new, found.fields) == (False, [("owner", before["owner"], "乙公司")])
    assert found.needs == [("fund.central_budget", 2027, None, 50_000)]
    assert [row["action"] for row in life(session, OLD)] == ["amend"]


def test_acceptance_is_the_new_state_to_compare_with(session: Session, entered: str) -> None:
    assert compare(session, EVERYTHING, entered).new
    for actor, action in ((OFFICE, "submit"), (CITY, "accept"), (LEADER_UNIT, "accept")):
        take(session, actor, entered, action)
    found = compare(session, EVERYTHING, entered)
    assert (found.new, found.fields, found.needs) == (False, [], [])


def test_who_has_the_last_word_changes_without_review(session: Session) -> None:
    update_project(session, PLANNER, scope_of(PLANNER), OLD, {"owner": "甲公司"})
    assert stands(session, OLD) == Standing()


def test_incomplete_record_is_not_submitted_and_every_gap_is_named(session: Session, entered: str) -> None:
    update_project(session, OFFICE, scope_of(OFFICE), entered, {"nature": None, "total_investment_yuan": None})
    with pytest.raises(InvalidError) as refused:
        take(session, OFFICE, entered, "submit")
    assert [fault.field for fault in refused.value.fields] == ["nature", "total_investment_yuan"]


def test_stale_standing_is_refused(session: Session, entered: str) -> None:
    seen = stands(session, entered).version
    take(session, OFFICE, entered, "submit")
    with pytest.raises(StaleError, match=r"workflow\.stale"):
        act(session, OFFICE, scope_of(OFFICE), entered, "recall", version=seen)


def test_offered_actions_are_those_that_are_allowed(session: Session, entered: str) -> None:
    project = get_project(session, EVERYTHING, entered)
    held = stands(session, entered)
    assert [way.action for way in open_actions(OFFICE, project, held)] == ["submit"]
    assert open_actions(READER, project, held) == []
    assert [way.action for way in open_actions(PLANNER, project, held)] == ["submit", "lock", "exit"]


def test_many_at_once_each_for_itself(session: Session, entered: str) -> None:
    take(session, OFFICE, entered, "submit")
    taken = act_on_many(session, PLANNER, scope_of(PLANNER), [OLD, entered], "accept")
    assert [(one.code, one.error.code if one.error else "") for one in taken] == [
        (OLD, "workflow.no_way"),
        (entered, ""),
    ]
    assert stands(session, entered).step == "lead"


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_steps_of_a_life_cannot_be_rewritten(session: Session, entered: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement.format("project_transitions")))
