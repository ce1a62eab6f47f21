"""A consultation asks units by a day; each answers by a comment or with 无意见, and who has not is listed."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.briefing.answers_due import write_answers_due
from portfolio.core.clock import today
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from portfolio.projects.service import update_project
from portfolio.rolling import addressees
from portfolio.rolling.addressees import Invitation, addressed
from portfolio.rolling.consultation import Said, answer, comment
from portfolio.rolling.service import send_round
from tests.ledger.conftest import PROJECT
from tests.rolling.conftest import make

SOON = (today() + timedelta(days=3)).isoformat()
OFFICE = Actor("office", "lead_reviewer", "GX-DNR", None, 7, units=frozenset({"GX-DLR"}))


def answers(session: Session) -> dict[str, str]:
    return {one.unit: one.answer for one in addressed(session, "2026")}


def sent(session: Session, *units: str) -> Session:
    make(session, "2026", 2026)
    send_round(session, LOCAL_OWNER, "2026", Invitation(dict.fromkeys(units, ""), SOON) if units else None)
    return session


def test_without_being_told_it_asks_who_leads_the_entries_as_they_are_today(library: Session) -> None:
    update_project(library, LOCAL_OWNER, EVERYTHING, PROJECT, {"lead_unit": "GX-DLR"})
    sent(library)
    (one,) = addressed(library, "2026")
    assert (one.unit, one.answer, one.days_left) == ("GX-DNR", "waiting", 15)


def test_a_comment_or_no_objection_is_an_answer(library: Session) -> None:
    sent(library, "GX-DOT", "GX-DNR", "GX-DOF")
    addressees.answer_no_objection(library, LOCAL_OWNER, "2026", "GX-DOF")
    number = comment(library, LOCAL_OWNER, "2026", Said(PROJECT, "GX-DLR", "用地须落实"))
    assert answers(library) == {"GX-DOT": "waiting", "GX-DOF": "no_objection", "GX-DNR": "commented"}
    with pytest.raises(ConflictError, match=r"rolling\.comment_stands"):
        addressees.answer_no_objection(library, OFFICE, "2026", "GX-DNR")
    answer(library, LOCAL_OWNER, "2026", number, "另行研究", withdraw=True)
    assert answers(library)["GX-DNR"] == "waiting"
    addressees.answer_no_objection(library, OFFICE, "2026", "GX-DNR")
    with pytest.raises(ConflictError, match=r"rolling\.answered_so"):
        addressees.answer_no_objection(library, OFFICE, "2026", "GX-DNR")
    with pytest.raises(ForbiddenError):
        addressees.answer_no_objection(library, OFFICE, "2026", "GX-DOT")
    with pytest.raises(NotFoundError, match=r"rolling\.not_asked"):
        addressees.answer_no_objection(library, LOCAL_OWNER, "2026", "GX-DOE")


def test_who_has_not_answered_is_reminded_and_finds_it_among_their_work(library: Session) -> None:
    sent(library, "GX-DOT", "GX-DNR")
    assert [one.edition for one in addressees.owed(library, OFFICE)] == ["2026"]
    assert addressees.remind(library, LOCAL_OWNER, "2026") == ["GX-DNR", "GX-DOT"]
    (owed,) = addressees.owed(library, OFFICE)
    assert (owed.asked.reminders, owed.asked.reminded_at is not None) == (1, True)
    addressees.answer_no_objection(library, OFFICE, "2026", "GX-DNR")
    assert addressees.owed(library, OFFICE) == []
    assert addressees.remind(library, LOCAL_OWNER, "2026") == ["GX-DOT"]
    addressees.answer_no_objection(library, LOCAL_OWNER, "2026", "GX-DOT")
    with pytest.raises(ConflictError, match=r"rolling\.all_answered"):
        addressees.remind(library, LOCAL_OWNER, "2026")


def test_a_person_named_finds_it_too_and_a_day_past_is_refused(library: Session) -> None:
    sent(library, "GX-DOT")
    addressees.address(library, LOCAL_OWNER, "2026", Invitation({"GX-DOF": "li.si"}, SOON))
    reader = Actor("li.si", "finance", "GX-BBW", None, 8)
    assert [one.asked.unit for one in addressees.owed(library, reader)] == ["GX-DOF"]
    for wrong, code in (
        (Invitation({"GX-DOF": ""}, "2020-01-01"), "rolling.day_past"),
        (Invitation({"GX-DOF": ""}, "soon"), "ledger.bad_date"),
        (Invitation({"NOBODY": ""}, SOON), "field.unknown_code"),
        (Invitation({}, SOON), "field.required"),
    ):
        with pytest.raises(InvalidError) as caught:
            addressees.address(library, LOCAL_OWNER, "2026", wrong)
        assert [fault.code for fault in caught.value.fields or ()] == [code]


def test_sent_out_again_it_is_asked_again(library: Session) -> None:
    sent(library, "GX-DOT", "GX-DOF")
    addressees.answer_no_objection(library, LOCAL_OWNER, "2026", "GX-DOT")
    comment(library, LOCAL_OWNER, "2026", Said(PROJECT, "GX-DOF", "先前的意见"))
    send_round(library, LOCAL_OWNER, "2026")
    with pytest.raises(ConflictError, match=r"rolling\.not_in_consultation"):
        addressees.remind(library, LOCAL_OWNER, "2026")
    send_round(library, LOCAL_OWNER, "2026", Invitation({"GX-DOT": "", "GX-DOF": ""}, SOON))
    assert answers(library) == {"GX-DOF": "waiting", "GX-DOT": "waiting"}


def test_the_workbook_lists_who_has_not_answered_first(library: Session, tmp_path: Path) -> None:
    sent(library, "GX-DOT", "GX-DOF")
    addressees.answer_no_objection(library, LOCAL_OWNER, "2026", "GX-DOF")
    assert write_answers_due(library, EVERYTHING, tmp_path / "a.xlsx", "2026", "zh") == 2
    rows = [row[:5] for row in load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(values_only=True)]
    owing, done = ("自治区交通运输厅", None, SOON, 3, "未答复"), ("自治区财政厅", None, SOON, None, "无意见")
    assert [row for row in rows if row in (owing, done)] == [owing, done]
