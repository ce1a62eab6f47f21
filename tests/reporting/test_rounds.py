"""Rounds of reporting, batches, drafts and home pages: who owes what, and what is kept for whom."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, scope_of
from portfolio.core import revision
from portfolio.core.clock import today
from portfolio.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from portfolio.core.frames import records
from portfolio.projects.states import Said
from portfolio.reporting.batches import BatchData, get_batch, list_batches, submit_batch
from portfolio.reporting.drafts import discard_draft, find_draft, keep_draft, list_drafts
from portfolio.reporting.home import home
from portfolio.reporting.rounds import RoundData, change_round, expected_frame, open_round, reminders
from portfolio.reporting.service import act
from tests.reporting.people import CITY, CITY_OFFICE, NANNING, OFFICE, PLANNER

ROUND = RoundData("2027-1", "一季度更新", today().isoformat(), (today() + timedelta(days=10)).isoformat())
OFFICES_ROUND = RoundData(**{**ROUND.__dict__, "units": (CITY_OFFICE,)})


def test_reminders_name_the_units_that_have_not_reported(session: Session, entered: str) -> None:
    open_round(session, PLANNER, OFFICES_ROUND)
    before = records(reminders(session, EVERYTHING, ROUND.code))
    assert [row["unit"] for row in before] == [CITY_OFFICE]
    assert (before[0]["reported"], before[0]["city"], before[0]["days_left"]) == (0, NANNING, 10)
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    after = records(reminders(session, EVERYTHING, ROUND.code))
    assert (after[0]["reported"], after[0]["outstanding"]) == (1, before[0]["outstanding"] - 1)
    act(session, CITY, scope_of(CITY), entered, "return", Said("请补充"))
    last = records(reminders(session, EVERYTHING, ROUND.code))
    assert (last[0]["reported"], last[0]["returned"]) == (0, 1)


def test_round_of_a_city_and_of_everybody(session: Session) -> None:
    open_round(session, PLANNER, RoundData(**{**ROUND.__dict__, "code": "nn", "cities": (NANNING,)}))
    assert set(expected_frame(session, EVERYTHING, "nn")["city_code"]) == {NANNING}
    open_round(session, PLANNER, ROUND)
    assert len(expected_frame(session, EVERYTHING, ROUND.code)) == 401
    assert 0 < len(expected_frame(session, scope_of(OFFICE), ROUND.code)) < 401


def test_round_is_the_planners_and_its_faults_are_named(session: Session) -> None:
    with pytest.raises(ForbiddenError):
        open_round(session, OFFICE, ROUND)
    wrong = RoundData("", "", "2027-04-01", "2027-13-01", stage="later", units=("GX-NOBODY",))
    with pytest.raises(InvalidError) as refused:
        open_round(session, PLANNER, wrong)
    assert [fault.field for fault in refused.value.fields] == ["code", "title_zh", "due_on", "stage", "units"]


def test_stale_change_of_a_round(session: Session) -> None:
    made = open_round(session, PLANNER, ROUND)
    change_round(session, PLANNER, ROUND, closed=True, version=made["version"])
    with pytest.raises(StaleError, match=r"rounds\.stale"):
        change_round(session, PLANNER, ROUND, version=made["version"])


def test_batch_is_submitted_under_its_document(session: Session, entered: str) -> None:
    made = submit_batch(
        session, OFFICE, scope_of(OFFICE), BatchData("reserve", "南发改[2027]5号", "关于报送", [entered])
    )
    assert (made["doc_no"], made["projects"]) == ("南发改〔2027〕5号", 1)
    assert get_batch(session, scope_of(OFFICE), made["code"])["codes"] == [entered]
    stranger = scope_of(Actor("other", role="project_office", unit="GX-DWR"))
    assert list_batches(session, stranger) == []
    with pytest.raises(NotFoundError):
        get_batch(session, stranger, made["code"])


def test_batch_that_contradicts_a_record_names_the_field(session: Session, entered: str) -> None:
    with pytest.raises(InvalidError) as refused:
        submit_batch(
            session, OFFICE, scope_of(OFFICE), BatchData("co_agreed", "南发改〔2027〕5号", "关于报送", [entered])
        )
    fault = refused.value.fields[0]
    assert (fault.field, fault.code) == (f"{entered}.co_agreed", "batch.contradicts")


def test_batch_of_the_annual_plan_asks_for_everything(session: Session, entered: str) -> None:
    act(session, PLANNER, EVERYTHING, entered, "lock", Said("核对"))
    act(session, PLANNER, EVERYTHING, entered, "unlock")
    with pytest.raises(InvalidError) as refused:
        act(session, OFFICE, scope_of(OFFICE), entered, "submit", asked="annual")
    named = {fault.field for fault in refused.value.fields}
    assert {"national_code", "owner_credit_code", "lon", "bases.plan", "needs.land"} <= named


def test_draft_is_its_persons_own_and_no_revision(session: Session, entered: str) -> None:
    session.commit()
    before = revision.current(session)
    keep_draft(session, OFFICE, scope_of(OFFICE), entered, {"name_zh": "半"}, {})
    keep_draft(session, OFFICE, scope_of(OFFICE), entered, {"name_zh": "半成品"}, {"name_zh": "旧"})
    assert revision.current(session) == before
    kept = find_draft(session, OFFICE, entered)
    assert kept is not None
    assert (kept.content, kept.base, kept.version) == ({"name_zh": "半成品"}, {"name_zh": "旧"}, 2)
    assert find_draft(session, CITY, entered) is None
    discard_draft(session, OFFICE, entered)
    assert list_drafts(session, OFFICE) == []


def test_draft_of_somebody_elses_project_is_not_kept(session: Session, entered: str) -> None:
    stranger = Actor("other", role="project_office", unit="GX-DWR")
    with pytest.raises(NotFoundError):
        keep_draft(session, stranger, scope_of(stranger), entered, {}, {})


def test_home_counts_what_each_has_to_do(session: Session, entered: str) -> None:
    open_round(session, PLANNER, OFFICES_ROUND)
    keep_draft(session, OFFICE, scope_of(OFFICE), "new", {}, {})
    at_office = home(session, OFFICE)
    assert [row["code"] for row in at_office.with_office] == [entered]
    assert (len(at_office.drafts), at_office.waiting, len(at_office.due)) == (1, None, 1)
    assert (sum(at_office.bands), at_office.proposed) == (at_office.projects, 1)
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    assert home(session, CITY).waiting == 1
    act(session, CITY, scope_of(CITY), entered, "return", Said("请补充"))
    assert [row["code"] for row in home(session, OFFICE).returned] == [entered]


def test_round_of_the_annual_plan_asks_every_submission_for_everything(session: Session, entered: str) -> None:
    open_round(session, PLANNER, RoundData(**{**OFFICES_ROUND.__dict__, "stage": "annual"}))
    with pytest.raises(InvalidError, match=r"workflow\.incomplete"):
        act(session, OFFICE, scope_of(OFFICE), entered, "submit")
