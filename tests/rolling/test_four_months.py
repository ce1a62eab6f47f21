"""Planned and actual start and finish are four facts: each reader of months asks the right one."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import InvalidError
from portfolio.journal.queries import history
from portfolio.projects.queries import get_project
from portfolio.projects.rules.works import Works
from portfolio.projects.service import update_project
from portfolio.readiness.project import project_readiness
from portfolio.readiness.queries import readiness_frame
from portfolio.rolling import targets
from portfolio.rolling.annual import annual_list, annual_slice
from portfolio.rolling.deciding import add_entry, decide_entries
from portfolio.rolling.detail import entry_detail
from portfolio.rolling.queries import EntryFilters, entry_frame
from portfolio.rolling.rules.editions import category
from portfolio.rolling.schedule import schedule_slice, span
from portfolio.rolling.targets import Target
from portfolio.screening.facts import fact_frame
from tests.ledger.conftest import PROJECT
from tests.rolling.conftest import approved, make

ME = (LOCAL_OWNER, EVERYTHING)


def say(session: Session, **facts: Any) -> None:
    update_project(session, *ME, PROJECT, facts)


def taken_in(session: Session, code: str) -> None:
    """A draft with the project in it, though it is not ready enough to join by itself."""
    make(session, code, 2026)
    add_entry(session, *ME, code, PROJECT, "领导联系项目")


def row(session: Session, code: str) -> dict[str, Any]:
    frame = entry_frame(session, EVERYTHING, code).set_index("code")
    return dict(frame.loc[PROJECT])


@pytest.mark.parametrize(
    ("works", "expected"),
    [
        (Works("ready", "2025-03", "2028-06"), "preparatory"),
        (Works("ready", "2025-03", "2028-06", actual_start="2026-02"), "continuing"),
        (Works("ready", "2025-03", "2028-06", actual_start="2027-02"), "new_start"),
        (Works("under_construction", "2025-03", "2028-06", "2025-04", "2027-03"), "completing"),
        (Works("under_construction", "2025-03", "2027-06", "2025-04"), "completing"),
    ],
)
def test_a_category_goes_by_what_came_about(works: Works, expected: str) -> None:
    assert category(2027, works) == expected


def test_the_months_are_kept_told_and_checked(library: Session) -> None:
    say(library, actual_start_month="2026-05")
    held = get_project(library, EVERYTHING, PROJECT)
    assert [held["start_month"], held["actual_start_month"], held["actual_finish_month"]] == [
        "2026-03",
        "2026-05",
        None,
    ]
    told = [one for one in history(library, PROJECT) if "actual_start_month" in (one.after or {})]
    assert [one.after["actual_start_month"] for one in told] == ["2026-05"]
    with pytest.raises(InvalidError) as caught:
        say(library, actual_finish_month="2026-04")
    assert [(one.field, one.code) for one in caught.value.fields] == [
        ("actual_finish_month", "project.finish_before_start")
    ]
    with pytest.raises(InvalidError):
        say(library, actual_start_month="2026.5")


def test_a_start_that_came_about_is_not_overdue(library: Session) -> None:
    say(library, stage="ready", start_month="2026-03")
    taken_in(library, "2026")
    approved(library, "2026")
    make(library, "late", 2027, "2026")
    assert row(library, "late")["rule"].startswith("overdue")
    say(library, actual_start_month="2026-06")
    make(library, "begun", 2027, "2026")
    found = row(library, "begun")
    assert (found["late_months"], found["category"], found["actual_start_month"]) == (None, "continuing", "2026-06")


def test_what_has_begun_joins_and_what_has_ended_leaves(library: Session) -> None:
    say(library, stage="preliminary", actual_start_month="2025-11")
    make(library, "2026", 2026)
    assert row(library, "2026")["rule"] == "join_under_way"
    approved(library, "2026")
    say(library, actual_finish_month="2026-12")
    make(library, "2027", 2027, "2026")
    assert row(library, "2027")["change"] == "completed"


def test_holding_a_plan_takes_back_no_start(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    say(library, actual_start_month="2026-04", start_month="2026-05")
    make(library, "2027", 2027, "2026")
    decide_entries(library, *ME, "2027", [PROJECT], "rejected", "计划不变")
    found = row(library, "2027")
    assert (found["start_month"], found["actual_start_month"]) == ("2026-03", "2026-04")


def test_the_annual_list_and_the_targets_follow_the_works(library: Session) -> None:
    say(library, stage="ready", start_month="2026-09")
    taken_in(library, "2026")
    targets.set_target(library, LOCAL_OWNER, "2026", PROJECT, Target(annual_yuan=1_000_001))
    (planned,) = annual_list(library, EVERYTHING, "2026")
    assert planned.months[:8] == (0,) * 8 and sum(planned.months) == 1_000_001
    assert planned.quarters[:2] == (0, 0) and planned.quarters[3] == 1_000_001
    assert entry_detail(library, EVERYTHING, "2026", PROJECT).months == planned.months
    assert annual_slice(library, EVERYTHING, "2026", "new_start", 0, 9)[0] == [planned]
    say(library, actual_start_month="2026-10", stage="under_construction")
    make(library, "again", 2026)
    (begun,) = annual_list(library, EVERYTHING, "again")
    assert (begun.works.start, begun.months[:9]) == ("2026-10", (0,) * 9)


def test_a_curve_with_money_outside_the_works_is_refused(library: Session) -> None:
    say(library, stage="ready", start_month="2026-07")
    taken_in(library, "2026")
    with pytest.raises(InvalidError) as caught:
        targets.set_target(
            library, LOCAL_OWNER, "2026", PROJECT, Target(annual_yuan=100, curve={3: 10, 6: 0, 9: 40, 12: 50})
        )
    assert [one.code for one in caught.value.fields] == ["rolling.curve_outside_works"]
    good = Target(annual_yuan=100, curve={3: 0, 6: 0, 9: 40, 12: 60})
    targets.set_target(library, LOCAL_OWNER, "2026", PROJECT, good)
    assert annual_list(library, EVERYTHING, "2026")[0].quarters == (0, 0, 40, 100)


def test_the_timeline_shows_what_came_about_beside_what_was_planned(library: Session) -> None:
    say(library, actual_start_month="2026-01")
    make(library, "2026", 2026)
    (line,), _ = schedule_slice(library, EVERYTHING, "2026", EntryFilters(standing=True), 0, 9)
    assert (line.start_month, line.works.start, line.works.finish) == ("2026-03", "2026-01", "2028-06")
    assert span(library, EVERYTHING, "2026") == ("2026-01", "2028-06")


def test_readiness_and_screening_know_that_works_began(library: Session) -> None:
    say(library, stage="ready")
    number, day = get_project(library, EVERYTHING, PROJECT)["id"], date(2026, 6, 1)

    def begun() -> tuple[bool, bool, float]:
        frame = readiness_frame(library, EVERYTHING, day).set_index("project_id")
        ready = project_readiness(library, EVERYTHING, PROJECT, day)
        return (
            bool(frame.loc[number, "started"]),
            ready.outcome is None,
            fact_frame(library, EVERYTHING, as_of=day)["started"].to_dict()[number],
        )

    assert begun() == (False, False, 0.0)
    say(library, actual_start_month="2026-05")
    assert begun() == (True, True, 1.0)
