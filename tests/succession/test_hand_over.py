"""What a unit that ended leaves goes to its successor as one act, or not at all; so does an account's work."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError
from portfolio.journal.queries import history
from portfolio.people.queries import get_user
from portfolio.people.service import NewUser, add_user
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects, get_project
from portfolio.projects.service import update_project
from portfolio.reporting.drafts import keep_draft, list_drafts
from portfolio.reporting.rounds import RoundData, get_round, open_round
from portfolio.succession.queries import borne, ended_units
from portfolio.succession.service import HandOver, hand_over_account, hand_over_unit

ME = (LOCAL_OWNER, EVERYTHING)
GIVER, TAKER = "GX-DLR", "GX-DNR"
REFORM = HandOver(GIVER, TAKER, "机构改革", "桂发〔2018〕25号")
CODES = ("GX-2018-0206", "GX-2018-0207", "GX-2018-0014")


def account(session: Session, name: str, unit: str = GIVER, role: str = "lead_reviewer") -> Actor:
    number = add_user(session, LOCAL_OWNER, NewUser(name, role, unit=unit, password="hw8-Kx2-pQz7"))
    return Actor(name, role, unit, None, number)


@pytest.fixture
def library(session: Session) -> Session:
    """A unit that ended, with an account, a round and projects that it reports, leads or is responsible for."""
    account(session, "land.lead")
    update_project(session, *ME, CODES[0], {"office_unit": GIVER, "lead_unit": GIVER})
    update_project(session, *ME, CODES[1], {"office_unit": GIVER})
    update_project(session, *ME, CODES[2], {"units": ["GX-DRC", GIVER, TAKER]})
    open_round(session, LOCAL_OWNER, RoundData("Q1", "一季度", "2026-01-01", "2026-03-31", units=[GIVER]))
    session.commit()
    return session


def faults(session: Session, **given: Any) -> list[str]:
    with pytest.raises(InvalidError) as caught:
        hand_over_unit(session, LOCAL_OWNER, HandOver(**{**vars(REFORM), **given}))
    return [fault.code for fault in caught.value.fields or ()]


def test_what_is_told_before_is_what_is_moved(library: Session) -> None:
    before = borne(library, EVERYTHING, GIVER)
    assert before.accounts == ("land.lead",)
    assert before.rounds == ("Q1",)
    assert {*CODES} <= {*before.projects}
    led = count_projects(library, EVERYTHING, ProjectFilters(lead_unit=(TAKER,)))
    assert hand_over_unit(library, LOCAL_OWNER, REFORM) == before
    assert not borne(library, EVERYTHING, GIVER).anything
    project = get_project(library, EVERYTHING, CODES[0])
    assert (project["office_unit"], project["lead_unit"]) == (TAKER, TAKER)
    assert get_project(library, EVERYTHING, CODES[2])["units"] == ["GX-DRC", TAKER]
    assert get_user(library, LOCAL_OWNER, "land.lead")["unit"] == TAKER
    assert get_round(library, "Q1")["units"] == TAKER
    # The successor found and summed all this before, and goes on doing so.
    assert count_projects(library, EVERYTHING, ProjectFilters(lead_unit=(TAKER,))) == led
    assert GIVER not in {one.code for one in ended_units(library, EVERYTHING)}


def test_every_record_and_the_act_itself_are_journalled_with_the_reason(library: Session) -> None:
    moved = hand_over_unit(library, LOCAL_OWNER, REFORM)
    newest = history(library, CODES[0])[0]
    assert newest.after == {"office_unit": TAKER, "lead_unit": TAKER} | (
        {"units": newest.after["units"]} if "units" in newest.after else {}
    )
    assert newest.reason == "机构改革 桂发〔2018〕25号"
    act = history(library, GIVER)[0]
    counts = {"accounts": 1, "projects": len(moved.projects), "rounds": 1}
    assert (act.action, act.after, act.reason) == (
        "hand_over",
        {"to": TAKER, "doc_no": "桂发〔2018〕25号", **counts},
        "机构改革",
    )


def test_refused_for_what_is_true(library: Session) -> None:
    assert faults(library, reason=" ") == ["rolling.reason_required"]
    assert faults(library, taker="NOBODY") == ["field.unknown_code"]
    assert faults(library, taker="GX-DOT") == ["succession.not_heir"]
    assert faults(library, giver="GX-DOT") == ["succession.not_ended"]
    assert faults(library, taker=GIVER) == ["unit.ended"]
    hand_over_unit(library, LOCAL_OWNER, REFORM)
    with pytest.raises(ConflictError, match=r"succession\.nothing"):
        hand_over_unit(library, LOCAL_OWNER, REFORM)
    with pytest.raises(ForbiddenError):
        hand_over_unit(library, Actor("x", "lead_reviewer", TAKER, None, 9), REFORM)


def test_all_or_nothing(library: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from portfolio.succession import service

    def fails(*_: object) -> None:
        raise ConflictError("rounds.not_found", code="Q1")

    before = borne(library, EVERYTHING, GIVER)
    monkeypatch.setattr(service, "pass_on", fails)
    with pytest.raises(ConflictError):
        hand_over_unit(library, LOCAL_OWNER, REFORM)
    library.rollback()
    assert borne(library, EVERYTHING, GIVER) == before


def test_an_accounts_drafts_go_to_one_who_can_go_on_with_them(library: Session) -> None:
    giver, taker = account(library, "zhang.san"), account(library, "li.si", TAKER)
    account(library, "wang.wu", "GX-DOT")
    account(library, "zhao.liu", TAKER, "planner")
    keep_draft(library, giver, EVERYTHING, CODES[0], {"typed": {"owner": "x"}}, {})
    for other, code in (
        ("wang.wu", "succession.other_unit"),
        ("zhao.liu", "succession.other_reach"),
        ("zhang.san", "succession.same"),
    ):
        with pytest.raises(InvalidError) as caught:
            hand_over_account(library, LOCAL_OWNER, HandOver("zhang.san", other, "岗位调整"))
        assert [fault.code for fault in caught.value.fields or ()] == [code]
    keep_draft(library, taker, EVERYTHING, CODES[0], {"typed": {"owner": "y"}}, {})
    with pytest.raises(InvalidError) as caught:
        hand_over_account(library, LOCAL_OWNER, HandOver("zhang.san", "li.si", "岗位调整"))
    assert [fault.code for fault in caught.value.fields or ()] == ["succession.both_typed"]
    keep_draft(library, giver, EVERYTHING, CODES[1], {"typed": {"owner": "z"}}, {})
    from portfolio.reporting.drafts import discard_draft

    discard_draft(library, taker, CODES[0])
    moved = hand_over_account(library, LOCAL_OWNER, HandOver("zhang.san", "li.si", "岗位调整"), disable=True)
    assert moved.drafts == (CODES[0], CODES[1])
    assert (len(list_drafts(library, taker)), list_drafts(library, giver)) == (2, [])
    assert get_user(library, LOCAL_OWNER, "zhang.san")["disabled"] is True
