"""A vetoed project joins or stays in an edition by a named decision alone, which answers the vetoes it saw."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError
from portfolio.core.frames import records
from portfolio.core.i18n import error_text
from portfolio.journal.queries import history
from portfolio.needs.changes import NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.service import save_needs
from portfolio.rolling.annual import annual_list
from portfolio.rolling.approval import approve
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.queries import EntryFilters, entry_frame, get_edition
from portfolio.rolling.service import drop_edition
from portfolio.rolling.vetoes import Choice, decide_veto, require_decided, vetoed_entries
from portfolio.screening.service import Act, answer_gate
from tests.ledger.conftest import DOC, OTHER, PROJECT
from tests.rolling.conftest import accept_all, approved, make
from tests.support import vetoed

ME = (LOCAL_OWNER, EVERYTHING)
HA = 10_000
KEEP = Choice("keep", "李明", "选址论证已通过", "桂发改函〔2026〕8号")
LEAVE = Choice("leave_out", "王芳", "须先调整选址")


def take_farmland(session: Session, ha: int) -> None:
    save_needs(session, *ME, PROJECT, [NeedEdit(vetoed.FARMLAND, 2027, ha * HA)])


def draft(session: Session) -> Session:
    """A draft with the project under way, on permanent basic farmland, and everything proposed accepted."""
    take_farmland(session, 2)
    make(session, "2026", 2026)
    accept_all(session, "2026")
    session.commit()
    return session


def approval(session: Session) -> None:
    approve(session, *ME, "2026", DOC, "2026-01-15", "审定人")


def refused(session: Session) -> dict[str, Any]:
    """What the refusal of the approval names."""
    with pytest.raises(ConflictError) as caught:
        approval(session)
    assert caught.value.code == "rolling.vetoed_undecided"
    session.rollback()
    return caught.value.params


def standing(session: Session, code: str = "2026") -> list[str]:
    return [str(one) for one in entry_frame(session, EVERYTHING, code, EntryFilters(standing=True))["code"]]


def entry(session: Session, code: str = "2026") -> dict[str, Any]:
    return next(one for one in records(entry_frame(session, EVERYTHING, code)) if one["code"] == PROJECT)


def decide(session: Session, choice: Choice, code: str = "2026") -> int:
    number = decide_veto(session, *ME, code, PROJECT, choice)
    session.commit()
    return number


def test_an_edition_with_an_undecided_veto_is_not_approved_until_a_person_decides(library: Session) -> None:
    session = draft(library)
    assert refused(session) == {"count": "1", "codes": PROJECT, "more": ""}
    assert (entry(session)["marks"], get_edition(session, "2026").state) == ("vetoed", "draft")
    decide(session, KEEP)
    approval(session)
    session.commit()
    (listed,) = annual_list(session, EVERYTHING, "2026")
    assert (listed.gate, list(listed.vetoes), listed.unanswered) == ("veto", ["basic_farmland"], ())
    kept = listed.kept_by
    assert kept is not None
    assert (kept.person, kept.doc_no, kept.reason) == ("李明", "桂发改函〔2026〕8号", "选址论证已通过")
    told = next(one for one in history(session, PROJECT, 9) if one.action == "veto_keep")
    assert (told.after or {})["evidence"] == kept.vetoes["basic_farmland"]


def test_seven_are_counted_and_five_named(sqlite_session: Session) -> None:
    vetoed.fill(sqlite_session.get_bind().engine)
    accept_all(sqlite_session, vetoed.EDITION)
    with pytest.raises(ConflictError) as caught:
        require_decided(sqlite_session, vetoed.EDITION)
    for lang in ("zh", "en"):
        words = error_text(caught.value.code, lang, caught.value.params)
        assert "7" in words
        assert [code for code in vetoed.CODES if code in words] == list(vetoed.CODES[:5])
    assert vetoed.keep_vetoed(sqlite_session, vetoed.EDITION) == 7
    require_decided(sqlite_session, vetoed.EDITION)


def test_other_evidence_and_other_gates_are_asked_again_and_less_is_not(library: Session) -> None:
    session = draft(library)
    decide(session, KEEP)
    take_farmland(session, 50)
    session.commit()
    assert refused(session)["codes"] == PROJECT
    decide(session, KEEP)
    save_details(session, *ME, PROJECT, [DetailEdit("land", "ecological_redline", str(3 * HA))])
    session.commit()
    assert refused(session)["codes"] == PROJECT
    (one,) = vetoed_entries(session, EVERYTHING, "2026")
    assert list(one.vetoes) == ["basic_farmland", "redline"]
    decide(session, KEEP)
    answer_gate(session, *ME, PROJECT, "redline", Act("lift", "李明", "桂自然资〔2026〕7号"))
    session.commit()
    approval(session)


def test_an_addition_that_is_left_out_does_not_stand_and_comes_back(library: Session) -> None:
    session = draft(library)
    decide(session, LEAVE)
    assert (standing(session), entry(session)["decision"], entry(session)["reason"]) == ([], "rejected", LEAVE.reason)
    assert vetoed_entries(session, EVERYTHING, "2026") == []
    decide(session, KEEP)
    assert (standing(session), entry(session)["decision"]) == ([PROJECT], "accepted")
    require_decided(session, "2026")


def test_who_takes_back_what_was_left_out_must_decide_again(library: Session) -> None:
    session = draft(library)
    decide(session, LEAVE)
    decide_entries(session, *ME, "2026", [PROJECT], "accepted")
    session.commit()
    assert refused(session)["codes"] == PROJECT


def test_what_the_parent_had_leaves_by_the_decision_and_comes_back(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    take_farmland(library, 2)
    make(library, "2027", 2027, "2026")
    accept_all(library, "2027")
    decide(library, LEAVE, "2027")
    left = entry(library, "2027")
    assert (left["change"], left["reason_code"], left["annual_yuan"]) == ("exited", "vetoed", 0)
    decide(library, KEEP, "2027")
    assert (standing(library, "2027"), entry(library, "2027")["change"]) == ([PROJECT], "kept")


def test_a_decision_says_who_and_why_and_has_something_to_decide(library: Session) -> None:
    session = draft(library)
    with pytest.raises(InvalidError) as caught:
        decide_veto(session, *ME, "2026", PROJECT, Choice("perhaps", " ", "", "x" * 81))
    assert {one.field for one in caught.value.fields} == {"decision", "person", "reason", "doc_no"}
    session.rollback()
    with pytest.raises(NotFoundError):
        decide_veto(session, *ME, "2026", OTHER, KEEP)
    take_farmland(session, 0)
    with pytest.raises(ConflictError) as nothing:
        decide_veto(session, *ME, "2026", PROJECT, KEEP)
    assert nothing.value.code == "rolling.not_vetoed"
    session.rollback()
    decide_entries(session, *ME, "2026", [PROJECT], "rejected", "不需要")
    with pytest.raises(ConflictError) as gone:
        decide_veto(session, *ME, "2026", PROJECT, KEEP)
    assert gone.value.code == "rolling.not_vetoed"


def test_decisions_are_sealed_with_their_edition_and_dropped_with_a_draft(library: Session) -> None:
    session = draft(library)
    decide(session, KEEP)
    make(session, "again", 2026)
    decide(session, KEEP, "again")
    drop_edition(session, LOCAL_OWNER, "again")
    session.commit()
    approval(session)
    session.commit()
    held = session.execute(text("SELECT count(*) FROM edition_veto_decisions")).scalar_one()
    assert held == 1
    for statement in ("UPDATE edition_veto_decisions SET reason = '改'", "DELETE FROM edition_veto_decisions"):
        with pytest.raises(DBAPIError, match="an approved edition is never changed"):
            session.execute(text(statement))
        session.rollback()
    with pytest.raises(ConflictError) as caught:
        decide(session, KEEP)
    assert caught.value.code == "rolling.frozen"
