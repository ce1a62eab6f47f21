"""What the programme's pages read: slices, sets that changed, the schedule, refusals, shares of a cause."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.projects.service import update_project
from portfolio.rolling import consultation, targets
from portfolio.rolling.annual import annual_list, annual_slice, annual_sums, totals
from portfolio.rolling.approval import refusals
from portfolio.rolling.baselines import baseline_frame, count_baselines
from portfolio.rolling.deciding import add_entry, decide_set, override_category
from portfolio.rolling.detail import entry_detail
from portfolio.rolling.entry_pages import entry_slice, list_entries
from portfolio.rolling.queries import EntryFilters, comparison, get_edition, set_mark
from portfolio.rolling.schedule import schedule_slice, span
from portfolio.rolling.service import send_round
from portfolio.rolling.targets import Target
from tests.ledger.conftest import OTHER, PROJECT
from tests.rolling.conftest import accept_all, make
from tests.rolling.test_planner import in_2027

ME = (LOCAL_OWNER, EVERYTHING)
PROPOSED = EntryFilters(decision=("proposed",))


def test_a_set_is_decided_only_as_it_was_shown(library: Session) -> None:
    make(library, "2026", 2026)
    mark = set_mark(library, EVERYTHING, "2026", PROPOSED)
    override_category(library, LOCAL_OWNER, "2026", PROJECT, "completing", "尾工")
    with pytest.raises(ConflictError) as caught:
        decide_set(library, *ME, "2026", PROPOSED, mark, "accepted")
    assert caught.value.code == "rolling.set_changed"
    mark = set_mark(library, EVERYTHING, "2026", PROPOSED)
    assert decide_set(library, *ME, "2026", PROPOSED, mark, "accepted") == 1
    assert entry_slice(library, EVERYTHING, "2026", PROPOSED, 0, 10) == ([], 0)


def test_pages_of_entries_meet_without_gap(library: Session) -> None:
    make(library, "2026", 2026)
    add_entry(library, *ME, "2026", OTHER, "领导联系项目")
    for sort in ("code", "-code", "start_month", "-annual", "total_investment"):
        whole = [row["code"] for row in list_entries(library, EVERYTHING, "2026", sort=sort).rows]
        first = list_entries(library, EVERYTHING, "2026", sort=sort, limit=1)
        second = list_entries(library, EVERYTHING, "2026", sort=sort, limit=1, after=first.next)
        assert [row["code"] for page in (first, second) for row in page.rows] == whole
        assert (sorted(whole), second.next) == (sorted([PROJECT, OTHER]), None)


def test_the_schedule_shows_what_slipped(library: Session) -> None:
    session = in_2027(library)
    step = Target(milestones=[("封顶", "2027-05", None)])
    targets.set_target(session, LOCAL_OWNER, "2027", PROJECT, step)
    (line,), total = schedule_slice(session, EVERYTHING, "2027", EntryFilters(standing=True), 0, 10)
    assert (line.finish_month, line.was_finish, total) == ("2029-06", "2028-06", 1)
    assert line.milestones == (("封顶", "2027-05", None),)
    assert span(session, EVERYTHING, "2027") == ("2026-03", "2029-06")
    (first,), _ = schedule_slice(session, EVERYTHING, "2026", EntryFilters(), 0, 10)
    assert first.was_finish is None


def test_what_refuses_approval_is_told_before(library: Session) -> None:
    make(library, "2026", 2026)
    send_round(library, LOCAL_OWNER, "2026")
    consultation.comment(library, LOCAL_OWNER, "2026", consultation.Said(PROJECT, "GX-DOT", "资金未落实", True))
    update_project(library, *ME, PROJECT, {"stage": "withdrawn"})
    found = refusals(library, get_edition(library, "2026"))
    assert [one.code for one in found] == ["rolling.undecided", "rolling.open_objection", "rolling.exited_project"]


def test_sums_and_slices_of_the_annual_list_are_those_of_the_whole(library: Session) -> None:
    make(library, "2026", 2026)
    add_entry(library, *ME, "2026", OTHER, "领导联系项目")
    rows = annual_list(library, EVERYTHING, "2026")
    for by in ("city", "unit", "sector"):
        whole = totals(rows, by).drop(columns="done_yuan")
        assert annual_sums(library, EVERYTHING, "2026", by).values.tolist() == whole.values.tolist()
    sliced = [
        row for name in {row.table for row in rows} for row in annual_slice(library, EVERYTHING, "2026", name, 0, 9)[0]
    ]
    assert sorted(sliced, key=lambda row: row.code) == sorted(rows, key=lambda row: row.code)


def test_the_parts_of_a_cause_sum_to_the_bridge(library: Session) -> None:
    session = in_2027(library)
    found = comparison(session, EVERYTHING, "2026", "2027")
    for cause, amount in found.bridge().causes.items():
        assert sum(found.shares(cause).values()) == amount
    assert found.shares("actuals", years=(2026, 2026)) == {PROJECT: -100}
    assert found.shares("actuals", years=(2027, 2029)) == {}
    assert found.shares("carried") == {PROJECT: 100}


def test_an_entry_is_told_with_what_it_was(library: Session) -> None:
    session = in_2027(library)
    found = entry_detail(session, EVERYTHING, "2027", PROJECT)
    assert found.before is not None
    assert (found.before["finish_month"], found.entry["finish_month"]) == ("2028-06", "2029-06")
    assert int(found.needs["carried"].sum()) == 100
    with pytest.raises(NotFoundError):
        entry_detail(session, EVERYTHING, "2027", OTHER)


def test_entries_are_found_by_the_task_they_serve(library: Session) -> None:
    make(library, "2026", 2026)
    entry = entry_slice(library, EVERYTHING, "2026", EntryFilters(), 0, 1)[0][0]
    task = entry["task_ids"].split(";")[0]
    assert entry_slice(library, EVERYTHING, "2026", EntryFilters(task=task), 0, 9)[1] == 1
    assert entry_slice(library, EVERYTHING, "2026", EntryFilters(task=task[:-1]), 0, 9)[1] == 0


def test_baselines_that_moved_are_told_apart_from_those_known(library: Session) -> None:
    session = in_2027(library)
    accept_all(session, "2027")
    assert baseline_frame(session, EVERYTHING, "2027", moved=True)["grown_permille"].tolist() == [300]
    assert count_baselines(session, EVERYTHING, "2027") == 1
    assert baseline_frame(session, EVERYTHING, "2026", moved=True).empty
    assert len(baseline_frame(session, EVERYTHING, "2026")) == 1
