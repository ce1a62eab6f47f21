"""The record is what was accepted: what an office types lies beside it, in every room, until it is accepted."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, allows, scope_of
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import ConflictError, NotFoundError, StaleError
from portfolio.finance.financing import save_record
from portfolio.finance.financing_beside import records, records_seen
from portfolio.finance.plan import funding
from portfolio.needs.as_of import project_as_of
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.details import DetailEdit, project_details, save_details
from portfolio.needs.queries import project_needs
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.profile import project_profile, save_profile
from portfolio.projects.proposals import proposed_keys, proposed_parts, said_by
from portfolio.projects.queries import count_by_task, count_projects, get_project, iterate_projects
from portfolio.projects.service import update_project
from portfolio.projects.states import Said, standing
from portfolio.readiness.queries import readiness_frame
from portfolio.reporting.records import compare, whole_record
from portfolio.reporting.service import act, open_actions
from portfolio.screening.facts import fact_frame
from tests.reporting.people import CITY, LEADER_UNIT, OFFICE, PLANNER, READER

# A project of the scheme in Nanning without a lead unit, so that its city and the commission review it.
OLD = "GX-2018-0002"
TYPING_ERROR = 999_999_990_000
MINE = (OFFICE, scope_of(OFFICE))


LOAN = {"instrument": "policy_loan", "amount_yuan": 30_000, "first_year": 2027, "status": "planned"}


def accept(session: Session, code: str) -> None:
    """Submit a record and take it through its steps, each by whose turn it is."""
    act(session, *MINE, code, "submit")
    project = get_project(session, EVERYTHING, code)
    while (held := standing(session, project["id"])).state != "accepted":
        reviewer = next(one for one in (CITY, LEADER_UNIT, PLANNER) if allows(one, "project.review", held.row))
        act(session, reviewer, scope_of(reviewer), code, "accept")


def state(session: Session, code: str) -> str:
    return standing(session, get_project(session, EVERYTHING, code)["id"]).state


def seen_everywhere(session: Session) -> dict[str, Any]:
    """What each room says of the library."""
    return {
        "projects": list(iterate_projects(session, EVERYTHING)),
        "count": count_projects(session, EVERYTHING),
        "tasks": count_by_task(session, EVERYTHING),
        "totals": needs_summary(session, EVERYTHING, SummaryQuery(("item", "year", "city"))).to_dict("list"),
        "funding": funding(session, EVERYTHING).to_dict("list"),
        "readiness": readiness_frame(session, EVERYTHING, today()).to_dict("list"),
        "facts": fact_frame(session, EVERYTHING).fillna(-1).to_dict("list"),
    }


def told(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    """The same without the marks of change: versions and revisions."""
    rows = [
        {k: v for k, v in row.items() if k not in ("version", "needs_version", "revision")} for row in found["projects"]
    ]
    return {**found, "projects": rows}


def type_all(session: Session, code: str) -> None:
    """An office types into every part of a record."""
    update_project(session, *MINE, code, {"total_investment_yuan": TYPING_ERROR, "name_zh": "另一个名称"})
    save_profile(session, *MINE, code, {"address": "某路1号"})
    save_needs(session, *MINE, code, [NeedEdit("fund.own", 2028, TYPING_ERROR), NeedEdit("sea", None, NOT_APPLICABLE)])
    save_details(session, *MINE, code, [DetailEdit("forest", "natural_forest", "1")])
    save_record(session, *MINE, code, LOAN)


def test_what_an_office_types_moves_nothing_until_it_is_accepted(session: Session) -> None:
    before = told(session, seen_everywhere(session))
    record = get_project(session, EVERYTHING, OLD)
    type_all(session, OLD)
    assert state(session, OLD) == "draft"
    assert told(session, seen_everywhere(session)) == before
    assert project_profile(session, EVERYTHING, OLD)["address"] != "某路1号"
    assert (project_needs(session, EVERYTHING, OLD)["year"] == 2028).sum() == 0
    assert project_details(session, EVERYTHING, OLD) == {}
    mine = whole_record(session, EVERYTHING, OLD)
    assert (mine.project["total_investment_yuan"], mine.profile["address"]) == (TYPING_ERROR, "某路1号")
    assert ["fund.own", 2028, TYPING_ERROR] in mine.needs["needs"]
    assert mine.needs["not_applicable"] == ["sea"]
    assert mine.needs["details"] == [["forest", "natural_forest", "1"]]
    assert records(session, record["id"]) == []
    seen, touched = records_seen(session, scope_of(OFFICE), record)
    assert ([one["amount_yuan"] for one in seen], len(touched)) == ([30_000], 1)
    assert records_seen(session, scope_of(READER), record) == ([], frozenset())
    accept(session, OLD)
    now = get_project(session, EVERYTHING, OLD)
    assert (now["total_investment_yuan"], now["name_zh"]) == (TYPING_ERROR, "另一个名称")
    assert now["version"] > record["version"]
    assert project_profile(session, EVERYTHING, OLD)["address"] == "某路1号"
    assert (project_needs(session, EVERYTHING, OLD)["year"] == 2028).sum() == 1
    assert project_details(session, EVERYTHING, OLD) == {("forest", "natural_forest"): "1"}
    assert [one["amount_yuan"] for one in records(session, now["id"])] == [30_000]
    assert proposed_parts(session, now["id"]) == {}
    assert told(session, seen_everywhere(session)) != before


def test_the_comparison_says_each_key_with_both_sides(session: Session) -> None:
    was = get_project(session, EVERYTHING, OLD)
    type_all(session, OLD)
    found = compare(session, EVERYTHING, OLD)
    assert not found.new and not found.same and found.overtaken == ()
    fields = {name: (before, after) for name, before, after in found.fields}
    assert fields["name_zh"] == (was["name_zh"], "另一个名称")
    assert fields["address"] == ("", "某路1号")
    assert ("fund.own", 2028, None, TYPING_ERROR) in found.needs
    assert ("sea", None, False, True) in found.needs
    assert found.details == [("forest", "natural_forest", None, "1")]
    assert {said.actor for said in said_by(session, was["id"]).values()} == {"office"}
    assert "facts.name_zh" in proposed_keys(session, [was["id"]])[was["id"]]


@pytest.mark.parametrize(
    ("who", "action", "submitted"),
    [(OFFICE, "drop", False), (CITY, "reject", True), (OFFICE, "recall", True), (CITY, "return", True)],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_proposal_is_dropped_by_withdrawal_and_refusal_only(
    session: Session, who: Actor, action: str, submitted: bool
) -> None:
    type_all(session, OLD)
    if submitted:
        act(session, *MINE, OLD, "submit")
    act(session, who, scope_of(who), OLD, action, Said("理由"))
    gone = action in ("drop", "reject")
    assert state(session, OLD) == {"return": "returned", "recall": "draft"}.get(action, "accepted")
    key = get_project(session, EVERYTHING, OLD)["id"]
    assert (proposed_parts(session, key) == {}) is gone
    assert compare(session, EVERYTHING, OLD).same is gone


def test_a_record_that_was_never_accepted_is_not_refused_but_returned(session: Session, entered: str) -> None:
    act(session, *MINE, entered, "submit")
    project = get_project(session, EVERYTHING, entered)
    offered = {way.action for way in open_actions(CITY, project, standing(session, project["id"]))}
    assert "return" in offered and "reject" not in offered
    with pytest.raises(ConflictError):
        act(session, CITY, scope_of(CITY), entered, "reject", Said("理由"))


def test_a_project_never_accepted_enters_no_room(session: Session, entered: str) -> None:
    assert count_projects(session, EVERYTHING, ProjectFilters(proposed=True)) == 1
    assert count_projects(session, scope_of(READER), ProjectFilters(proposed=None)) == count_projects(
        session, scope_of(READER)
    )
    with pytest.raises(NotFoundError):
        get_project(session, scope_of(READER), entered)
    before = seen_everywhere(session)
    assert entered not in {row["code"] for row in before["projects"]}
    accept(session, entered)
    after = seen_everywhere(session)
    assert entered in {row["code"] for row in after["projects"]}
    assert after["count"] == before["count"] + 1
    assert len(after["readiness"]["project_id"]) == len(before["readiness"]["project_id"]) + 1
    assert len(after["facts"]["code"]) == len(before["facts"]["code"]) + 1
    assert get_project(session, scope_of(READER), entered)["code"] == entered


def test_who_has_the_last_word_writes_into_the_record_beside_a_proposal(session: Session) -> None:
    type_all(session, OLD)
    update_project(session, PLANNER, EVERYTHING, OLD, {"owner": "某公司", "name_zh": "规划部门的名称"})
    now = get_project(session, EVERYTHING, OLD)
    assert (now["owner"], now["name_zh"]) == ("某公司", "规划部门的名称")
    assert compare(session, EVERYTHING, OLD).overtaken == ("name_zh",)
    accept(session, OLD)
    now = get_project(session, EVERYTHING, OLD)
    assert (now["owner"], now["name_zh"]) == ("某公司", "另一个名称")


def test_a_reviewer_corrects_what_is_under_review(session: Session) -> None:
    type_all(session, OLD)
    act(session, *MINE, OLD, "submit")
    update_project(session, CITY, scope_of(CITY), OLD, {"total_investment_yuan": 10_000})
    assert get_project(session, EVERYTHING, OLD)["total_investment_yuan"] != 10_000
    assert whole_record(session, EVERYTHING, OLD).project["total_investment_yuan"] == 10_000


def test_two_who_type_see_each_other(session: Session) -> None:
    read = get_project(session, EVERYTHING, OLD)
    update_project(session, *MINE, OLD, {"owner": "甲"}, version=read["version"])
    other = replace(OFFICE, name="second")
    with pytest.raises(StaleError) as stale:
        update_project(session, other, scope_of(other), OLD, {"owner": "乙"}, version=read["version"])
    assert stale.value.current["owner"] == "甲"
    save_needs(session, *MINE, OLD, [NeedEdit("fund.own", 2028, 10_000)], needs_version=read["needs_version"])
    with pytest.raises(StaleError):
        save_needs(session, *MINE, OLD, [NeedEdit("fund.own", 2028, 0)], needs_version=read["needs_version"])


def test_what_says_again_what_is_accepted_is_no_proposal(session: Session) -> None:
    held = get_project(session, EVERYTHING, OLD)
    update_project(session, *MINE, OLD, {"owner": "甲"})
    update_project(session, *MINE, OLD, {"owner": held["owner"]})
    assert proposed_parts(session, held["id"]) == {}
    save_needs(session, *MINE, OLD, [NeedEdit("fund.own", 2028, 10_000)])
    save_needs(session, *MINE, OLD, [NeedEdit("fund.own", 2028, None)])
    assert compare(session, EVERYTHING, OLD).same


def test_needs_that_exclude_each_other_are_accepted_in_an_order_that_works(session: Session) -> None:
    """Money is asked where nothing concerned the project, and the other way round, in one proposal."""
    owner = (session, LOCAL_OWNER, EVERYTHING, OLD)
    save_needs(*owner, [NeedEdit("sea", None, NOT_APPLICABLE), NeedEdit("forest.grade2.protection", 2027, 10_000)])
    leaf = "sea.open.channel"
    edits = [
        NeedEdit("forest.grade2.protection", 2027, None),
        NeedEdit("forest", None, NOT_APPLICABLE),
        NeedEdit("sea", None, None),
        NeedEdit(leaf, 2027, 20_000),
    ]
    save_needs(session, *MINE, OLD, edits)
    accept(session, OLD)
    found = whole_record(session, EVERYTHING, OLD, beside=False).needs
    assert found["not_applicable"] == ["forest"]
    assert [leaf, 2027, 20_000] in found["needs"]


def test_as_it_stood_on_a_day_is_what_was_accepted_by_then(session: Session) -> None:
    was = get_project(session, EVERYTHING, OLD)["total_investment_yuan"]
    type_all(session, OLD)
    typed = utc_now()
    accept(session, OLD)
    then = project_as_of(session, EVERYTHING, OLD, typed)
    assert then.project is not None
    assert then.project["total_investment_yuan"] == was
    assert not (then.needs["year"] == 2028).any()


def test_the_local_owner_accepts_on_saving(session: Session) -> None:
    update_project(session, LOCAL_OWNER, EVERYTHING, OLD, {"owner": "单机单位"})
    assert get_project(session, EVERYTHING, OLD)["owner"] == "单机单位"
    assert state(session, OLD) == "accepted"
