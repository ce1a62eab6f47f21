"""Who corrects an accepted record without review says why: kept, journalled, shown; nobody else is asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import InvalidError
from portfolio.journal.queries import history
from portfolio.needs.changes import NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.service import save_needs
from portfolio.projects.gate import corrects
from portfolio.projects.profile import save_profile
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from portfolio.projects.states import standing
from tests.reporting.people import OFFICE, PLANNER

PERSON = replace(PLANNER, user_id=7)
CODE = "GX-2018-0002"
REASON = "按桂发改〔2027〕3号更正"
Correct = Callable[[Session, Actor, str | None], Any]
ACTS: dict[str, Correct] = {
    "facts": lambda session, actor, why: update_project(session, actor, EVERYTHING, CODE, {"owner": "甲公司"}, why),
    "profile": lambda session, actor, why: save_profile(session, actor, EVERYTHING, CODE, {"address": "江边"}, why),
    "needs": lambda session, actor, why: save_needs(
        session, actor, EVERYTHING, CODE, [NeedEdit("fund.own", 2027, 10_000)], why
    ),
    "details": lambda session, actor, why: save_details(
        session, actor, EVERYTHING, CODE, [DetailEdit("land", "collective", "12")], reason=why
    ),
}


@pytest.mark.parametrize("correct", ACTS.values(), ids=ACTS)
def test_a_correction_demands_its_reason_and_keeps_it(session: Session, correct: Correct) -> None:
    for none in (None, "", "  "):
        with pytest.raises(InvalidError, match=r"workflow\.reason_needed") as caught:
            correct(session, PERSON, none)
        assert [fault.field for fault in caught.value.fields] == ["reason"]
    correct(session, PERSON, REASON)
    assert history(session, CODE)[0].reason == REASON


@pytest.mark.parametrize("correct", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("actor", [LOCAL_OWNER, replace(PERSON, import_id=3)], ids=["nobody-else", "import"])
def test_a_single_office_and_an_import_are_not_asked(session: Session, actor: Actor, correct: Correct) -> None:
    correct(session, actor, None)
    assert history(session, CODE)[0].subject == CODE


def test_what_is_reviewed_anyway_is_not_asked(session: Session, entered: str) -> None:
    """A draft of a planner's, and what an office proposes beside an accepted record."""
    project = get_project(session, scope_of(PERSON), entered)
    assert not corrects(PERSON, project, standing(session, project["id"]))
    update_project(session, PERSON, scope_of(PERSON), entered, {"owner": "乙公司"})
    office = replace(OFFICE, user_id=8)
    accepted = get_project(session, EVERYTHING, CODE)
    assert not corrects(office, {**accepted, "office_unit": office.unit}, standing(session, accepted["id"]))


def test_what_says_only_what_stands_asks_nothing(session: Session) -> None:
    update_project(session, PERSON, EVERYTHING, CODE, {"name_zh": get_project(session, EVERYTHING, CODE)["name_zh"]})
    assert save_needs(session, PERSON, EVERYTHING, CODE, []) == 0
