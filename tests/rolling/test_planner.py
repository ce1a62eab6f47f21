"""A planner's year on both databases: decisions that hold or let go, supplements, consultation, adoption, lists."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError, PortfolioError, StaleError
from portfolio.core.frames import records
from portfolio.finance.yearly import save_yearly
from portfolio.ledger.queries import get_pool
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from portfolio.rolling import consultation, lists, targets
from portfolio.rolling.adoption import exit_reserves, next_stage
from portfolio.rolling.annual import annual_list, decomposition, totals
from portfolio.rolling.approval import approve
from portfolio.rolling.baselines import baseline_frame, is_past
from portfolio.rolling.consultation import Said
from portfolio.rolling.deciding import add_entry, change_entry, decide_entries, override_category
from portfolio.rolling.lists import Act
from portfolio.rolling.queries import comparison, entry_frame, get_edition, list_editions, totals_by
from portfolio.rolling.service import send_round
from portfolio.rolling.targets import Target
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import DOC, LAND, OTHER, PROJECT, entry, pool, posted
from tests.rolling.conftest import accept_all, approved, make
from tests.rolling.test_editions import refused

ME = (LOCAL_OWNER, EVERYTHING)


def row(session: Session, code: str, project: str = PROJECT) -> dict[str, Any]:
    found = records(entry_frame(session, EVERYTHING, code))
    return next(one for one in found if one["code"] == project)


def in_2027(session: Session) -> Session:
    """An approved edition of 2026 and, after a delay and that nothing was done were reported, the draft of 2027."""
    make(session, "2026", 2026)
    approved(session, "2026")
    save_yearly(session, *ME, PROJECT, {("completed", 2026): 0})
    update_project(session, *ME, PROJECT, {"finish_month": "2029-06", "total_investment_yuan": 390})
    make(session, "2027", 2027, "2026")
    session.commit()
    return session


def test_a_rejected_change_goes_on_as_the_parent_had_it_and_back(library: Session) -> None:
    session = in_2027(library)
    decide = (session, *ME, "2027", [PROJECT])
    assert (row(session, "2027")["change"], row(session, "2027")["total_yuan"]) == ("adjusted", 390)
    decide_entries(*decide, "rejected", "未经批准的调概")
    held = row(session, "2027")
    assert (held["decision"], held["total_yuan"], held["finish_month"]) == ("rejected", 300, "2028-06")
    assert (held["annual_yuan"], held["approver"]) == (150, "local")
    decide_entries(*decide, "accepted")
    assert (row(session, "2027")["total_yuan"], row(session, "2027")["finish_month"]) == (390, "2029-06")


def test_what_leaves_stays_when_its_leaving_is_rejected(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    update_project(library, *ME, PROJECT, {"stage": "completed"})
    make(library, "2027", 2027, "2026")
    assert row(library, "2027")["change"] == "completed"
    assert [one["entries"] for one in list_editions(library, EVERYTHING)] == [0, 1]
    decide_entries(library, *ME, "2027", [PROJECT], "rejected", "尾工未完")
    assert [one["entries"] for one in list_editions(library, EVERYTHING)] == [1, 1]
    cells = comparison(library, EVERYTHING, "2026", "2027")
    found, money = cells.differences(), cells.bridge()
    assert (found[0].kinds, money.after) == (("kept",), 300)


def test_what_was_carried_stays_until_the_office_restates_it(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    open_pool(library, *ME, pool("F26", "fund", 1000, kind="budget", year=2026))
    posted(library, entry("grant", 100, pool="F26", on_date="2026-04-01"))
    make(library, "2027", 2027, "2026")
    approved(library, "2027")
    assert row(library, "2027")["annual_yuan"] == 150
    open_pool(library, *ME, pool("F27", "fund", 1000, kind="budget", year=2027))
    posted(library, *(entry(kind, 150, pool="F27", on_date="2027-04-01") for kind in ("grant", "deliver")))
    make(library, "2028", 2028, "2027")
    assert row(library, "2028")["annual_yuan"] == 150
    save_needs(library, *ME, PROJECT, [NeedEdit("fund.own", 2028, 140)])
    make(library, "2028b", 2028, "2027")
    assert row(library, "2028b")["annual_yuan"] == 140


def test_a_supplement_adds_and_leaves_the_rest_alone(library: Session) -> None:
    session = in_2027(library)
    approved(session, "2027")
    update_project(session, *ME, PROJECT, {"finish_month": "2030-01"})
    update_project(session, *ME, OTHER, {"stage": "under_construction", "start_month": "2027-02"})
    make(session, "2027-s1", 2027, "2027", batch="supplement-1")
    frame = entry_frame(session, EVERYTHING, "2027-s1").set_index("code")
    assert frame["change"].to_dict() == {PROJECT: "kept", OTHER: "supplemented"}
    assert frame.loc[PROJECT, "finish_month"] == "2029-06"
    make(session, "2027-m", 2027, "2027", batch="midyear")
    assert row(session, "2027-m")["change"] == "adjusted"
    approved(session, "2027-s1")
    accept_all(session, "2027-m")
    with pytest.raises(ConflictError) as caught:
        approve(session, *ME, "2027-m", DOC, "2027-07-01", "审定人")
    assert caught.value.code == "rolling.parent_superseded"
    session.rollback()
    assert refused(lambda: make(session, "x", 2028, "2027-s1", batch="midyear")) == {"rolling.amends_its_year"}


def test_a_window_must_cover_what_runs_or_say_that_it_does_not(library: Session) -> None:
    assert refused(lambda: make(library, "2026", 2026, years=2)) == {"rolling.beyond_window"}
    library.rollback()
    assert list_editions(library, EVERYTHING) == []
    assert make(library, "2026", 2026, years=2, later_years=True) == 1


def test_units_comment_and_a_required_objection_stops_approval(library: Session) -> None:
    make(library, "2026", 2026)
    accept_all(library, "2026")
    said = Said(PROJECT, "GX-DOT", "航道疏浚资金未落实", required=True)
    with pytest.raises(ConflictError):
        consultation.comment(library, LOCAL_OWNER, "2026", said)
    assert send_round(library, LOCAL_OWNER, "2026") == "consultation"
    number = consultation.comment(library, LOCAL_OWNER, "2026", said)
    consultation.comment(library, LOCAL_OWNER, "2026", Said(PROJECT, "GX-BBW", "无意见"))
    assert refused(approve, library, *ME, "2026", DOC, "2026-01-15", "审定人") == {"rolling.open_objection"}
    assert refused(lambda: consultation.answer(library, LOCAL_OWNER, "2026", number, " ")) == {"field.required"}
    consultation.answer(library, LOCAL_OWNER, "2026", number, "已列专项资金")
    with pytest.raises(ConflictError):
        consultation.answer(library, LOCAL_OWNER, "2026", number, "再答", withdraw=True)
    with pytest.raises(NotFoundError):
        consultation.answer(library, LOCAL_OWNER, "2026", 999, "无")
    assert consultation.comment_frame(library, EVERYTHING, "2026")["state"].tolist() == ["open", "answered"]
    approve(library, *ME, "2026", DOC, "2026-01-15", "审定人")
    assert consultation.comment_frame(library, EVERYTHING, "2026")["state"].tolist() == ["open", "answered"]


def test_adoption_moves_stages_and_recovers_reserves_or_nothing(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    open_pool(library, *ME, pool(LAND, "land", 100, year=2026))
    posted(library, entry("lock", 30, on_date="2026-02-01"), entry("grant", 20, on_date="2026-02-01"))
    make(library, "2027", 2027, "2026")
    change_entry(library, *ME, "2027", PROJECT, "exited", "funds_missing")
    library.commit()
    listed = exit_reserves(library, EVERYTHING, get_edition(library, "2027"))
    assert [(one.pool, one.bucket, one.quantity) for one in listed] == [(LAND, "locked", 10), (LAND, "granted", 20)]
    with pytest.raises(InvalidError):
        approve(library, *ME, "2027", DOC, "2026-01-15", "审定人")
    library.rollback()
    assert (get_edition(library, "2027").state, get_pool(library, EVERYTHING, LAND)["free"]) == ("draft", 70)
    approve(library, *ME, "2027", DOC, "2027-01-15", "审定人")
    library.commit()
    assert get_pool(library, EVERYTHING, LAND)["free"] == 100
    assert get_project(library, EVERYTHING, PROJECT)["stage"] == "withdrawn"
    assert list(breaches(library.get_bind().engine)) == []


@pytest.mark.parametrize(
    ("change", "category", "stage", "to"),
    [
        ("exited", "continuing", "under_construction", "withdrawn"),
        ("suspended", "continuing", "under_construction", "suspended"),
        ("added", "preparatory", "reserve", "preliminary"),
        ("kept", "new_start", "planning", "preliminary"),
        ("kept", "continuing", "under_construction", None),
        ("added", "preparatory", None, None),
        ("completed", "completing", "completed", None),
    ],
)
def test_where_adoption_moves_a_stage(change: str, category: str, stage: str | None, to: str | None) -> None:
    assert next_stage(change, category, stage) == to


def test_entries_by_hand(library: Session) -> None:
    make(library, "2026", 2026)
    update_project(library, *ME, OTHER, {"stage": "withdrawn"})
    assert refused(add_entry, library, *ME, "2026", OTHER, "报批") == {"rolling.exited_project"}
    update_project(library, *ME, OTHER, {"stage": "reserve"})
    add_entry(library, *ME, "2026", OTHER, "自治区领导联系项目")
    assert (row(library, "2026", OTHER)["rule"], row(library, "2026", OTHER)["category"]) == ("by_hand", "preparatory")
    with pytest.raises(ConflictError):
        add_entry(library, *ME, "2026", OTHER, "报批")
    assert refused(change_entry, library, *ME, "2026", PROJECT, "exited", "nowhere") == {"rolling.reason_unknown"}
    change_entry(library, *ME, "2026", PROJECT, "suspended", "plan_changed", "选址调整")
    assert (row(library, "2026")["change"], row(library, "2026")["annual_yuan"]) == ("suspended", 0)
    change_entry(library, *ME, "2026", PROJECT, "kept", "other", "选址已定")
    assert (row(library, "2026")["change"], row(library, "2026")["annual_yuan"]) == ("added", 100)
    accept_all(library, "2026")
    update_project(library, *ME, OTHER, {"stage": "withdrawn"})
    assert refused(approve, library, *ME, "2026", DOC, "2026-01-15", "审定人") == {"rolling.exited_project"}


def test_targets_add_up_and_are_inherited_within_the_year(library: Session) -> None:
    make(library, "2026", 2026)
    steps = [("主体封顶", "2026-09", None), ("场平", "2026-03", "2026-03")]
    target = Target(120, "完成主体工程", "张三", {3: 10, 6: 20, 9: 40, 12: 50}, steps)
    targets.set_target(library, LOCAL_OWNER, "2026", PROJECT, target)
    for wrong, fault in (
        (Target(curve={3: 10, 6: 20, 9: 40, 12: 40}), "rolling.curve_sum"),
        (Target(130), "rolling.curve_sum"),
        (Target(curve={1: 120}), "rolling.bad_curve"),
        (Target(-1), "field.negative"),
        (Target(milestones=[("", "2026-9", None)]), "rolling.bad_milestone"),
        (Target(content="字" * 501), "field.too_long"),
    ):
        assert fault in refused(targets.set_target, library, LOCAL_OWNER, "2026", PROJECT, wrong)
    with pytest.raises(StaleError):
        targets.set_target(library, LOCAL_OWNER, "2026", PROJECT, target, version=1)
    (one,) = annual_list(library, EVERYTHING, "2026")
    assert (one.annual_yuan, one.quarters, one.person, len(one.milestones)) == (120, (10, 30, 70, 120), "张三", 2)
    approved(library, "2026")
    make(library, "2026-m", 2026, "2026", batch="midyear")
    (same,) = annual_list(library, EVERYTHING, "2026-m")
    assert (same.content, len(same.milestones)) == ("完成主体工程", 2)
    make(library, "2027", 2027, "2026")
    (later,) = annual_list(library, EVERYTHING, "2027")
    assert (later.content, later.person, [name for name, _, _ in later.milestones]) == ("", "张三", ["主体封顶"])


def test_a_category_set_back_has_its_money_again(library: Session) -> None:
    make(library, "2026", 2026)
    override_category(library, LOCAL_OWNER, "2026", PROJECT, "preparatory", "征迁未完成")
    assert refused(targets.set_target, library, LOCAL_OWNER, "2026", PROJECT, Target(5)) == {
        "rolling.preparatory_has_none"
    }
    override_category(library, LOCAL_OWNER, "2026", PROJECT, "continuing", "征迁完成")
    assert row(library, "2026")["annual_yuan"] == 100


def test_the_near_term_list_needs_all_three_units(library: Session) -> None:
    def act(what: str, unit: str) -> Act:
        return Act(PROJECT, "near_term", 2026, what, "2026-03-01", unit, doc_no=f"{unit}〔2026〕1号", person="经办人")

    assert refused(lists.say, library, *ME, act("confirmed", "GX-BBW")) == {"rolling.not_proposed"}
    assert refused(lists.say, library, *ME, act("proposed", "GX-DOT")) == {"rolling.not_their_list"}
    lists.say(library, *ME, act("proposed", "GX-BBW"))
    with pytest.raises(ConflictError):
        lists.say(library, *ME, act("proposed", "GX-BBW"))
    lists.say(library, *ME, act("confirmed", "GX-DRC"))
    assert lists.marks_of(library, 2026) == {}
    lists.say(library, *ME, act("confirmed", "GX-HURD"))
    number = get_project(library, EVERYTHING, PROJECT)["id"]
    assert lists.marks_of(library, 2026) == {number: ("near_term",)}
    document = {"list": "coordinated", "act": "included", "unit": ""}
    plain = vars(act("", "")) | document | {"doc_no": ""}
    assert refused(lists.say, library, *ME, Act(**plain)) == {"ledger.document_required"}
    lists.say(library, *ME, Act(**plain | {"doc_no": DOC}))
    make(library, "2026", 2026)
    assert row(library, "2026")["marks"] == "coordinated;near_term"
    assert lists.list_frame(library, EVERYTHING, "near_term", 2026)["listed"].tolist() == [True]
    lists.say(library, *ME, act("withdrawn", "GX-DRC"))
    assert lists.marks_of(library, 2026) == {number: ("coordinated",)}


def test_cost_is_held_against_the_first_approved_total(library: Session) -> None:
    session = in_2027(library)
    frame = baseline_frame(session, EVERYTHING, "2027")
    assert frame[["baseline", "baseline_yuan", "total_yuan", "grown_permille", "reappraise"]].values.tolist() == [
        ["2026", 300, 390, 300, True]
    ]
    assert [is_past(300, total) for total in (359, 360, 361)] == [False, False, True]


def test_the_annual_list_and_its_tasks(library: Session) -> None:
    make(library, "2026", 2026)
    rows = annual_list(library, EVERYTHING, "2026")
    assert [(one.code, one.table, one.done_yuan, one.annual_yuan) for one in rows] == [
        (PROJECT, "continuing", None, 100)
    ]
    sums = totals(rows, "city").to_dict("records")
    assert sums == [
        {
            "group": "450700",
            "table": "continuing",
            "projects": 1,
            "total_yuan": 300,
            "done_yuan": 0,
            "annual_yuan": 100,
        }
    ]
    assert totals_by(library, EVERYTHING, "2026", "sector")["annual_yuan"].tolist() == [100]
    gaps = {one.task: one for one in decomposition(library, EVERYTHING, "2026")}
    served = get_project(library, EVERYTHING, PROJECT)["task_ids"]
    assert len(gaps) == 51
    assert [task for task, one in gaps.items() if one.projects] == served
    assert set(gaps[served[0]].without) == set(gaps[served[0]].cities) - {"450700"}


def test_of_two_approvals_at_once_one_stands(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE projects SET stage = NULL"))
        update_project(session, *ME, PROJECT, {"stage": "under_construction", "start_month": "2026-03"})
        for code in ("A", "B"):
            make(session, code, 2026)
            accept_all(session, code)

    def attempt(code: str) -> str:
        try:
            with transaction(engine) as session:
                approve(session, *ME, code, DOC, "2026-01-15", "审定人")
        except PortfolioError as error:
            return error.code
        return "approved"

    with ThreadPoolExecutor(2) as pool_:
        answers = sorted(pool_.map(attempt, ("A", "B")))
    assert answers == ["approved", "rolling.batch_approved"]
    with Session(engine) as session:
        assert sorted(one["state"] for one in list_editions(session, EVERYTHING)) == ["approved", "draft"]
