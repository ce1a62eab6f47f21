"""An edition is approved by someone who did not make it, and whoever signs is told what follows."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError
from portfolio.people.service import NewUser, add_user
from portfolio.rolling import lists
from portfolio.rolling.ahead import approval_ahead
from portfolio.rolling.approval import approve
from portfolio.rolling.consultation import Said, comment
from portfolio.rolling.deciding import decide_entries, override_category
from portfolio.rolling.queries import edition_head
from portfolio.rolling.service import NewEdition, roll_edition, send_round
from tests.ledger.conftest import DOC, PROJECT
from tests.rolling.conftest import accept_all, approved, make

DAY = "2026-01-15"


def person(session: Session, name: str, unit: str = "GX-DRC") -> Actor:
    number = add_user(session, LOCAL_OWNER, NewUser(name, "planner", unit=unit, password="hw8-Kx2-pQz7"))
    return Actor(name, "planner", unit, None, number)


def faults(session: Session, actor: Actor, code: str, typed: str = "") -> set[str]:
    with pytest.raises(InvalidError) as caught:
        approve(session, actor, EVERYTHING, code, DOC, DAY, typed)
    return {fault.code for fault in caught.value.fields or ()}


def test_where_nobody_signs_in_names_are_typed_and_differ(library: Session) -> None:
    make(library, "2026", 2026, maker="张编")
    accept_all(library, "2026")
    assert faults(library, LOCAL_OWNER, "2026") == {"screening.person_required"}
    assert faults(library, LOCAL_OWNER, "2026", " 张编 ") == {"rolling.own_edition"}
    approve(library, LOCAL_OWNER, EVERYTHING, "2026", DOC, DAY, "李审")
    held = edition_head(library, EVERYTHING, "2026")
    assert (held["maker"], held["approver"], held["state"]) == ("张编", "李审", "approved")


def test_of_accounts_neither_the_maker_nor_who_changed_it_by_hand_approves(library: Session) -> None:
    maker, hand, other = (person(library, name) for name in ("maker.one", "hand.two", "other.three"))
    roll_edition(library, maker, scope_of(maker), NewEdition("2026", 2026))
    decide_entries(library, other, EVERYTHING, "2026", [PROJECT], "accepted")
    override_category(library, hand, "2026", PROJECT, "completing", "提前竣工")
    assert faults(library, maker, "2026") == {"rolling.own_edition"}
    assert faults(library, hand, "2026") == {"rolling.own_change"}
    assert faults(library, other, "2026", "maker.one") == {"allocation.person_is_account"}
    approve(library, other, EVERYTHING, "2026", DOC, DAY)
    assert edition_head(library, EVERYTHING, "2026")["approver"] == "other.three"


def test_who_signs_is_told_what_follows_and_signs_that(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    make(library, "2027", 2027, "2026")
    send_round(library, LOCAL_OWNER, "2027")
    found = approval_ahead(library, EVERYTHING, "2027")
    head = edition_head(library, EVERYTHING, "2027")
    assert (found.entries, found.annual_yuan, found.total_yuan, found.unknown) == (1, head["annual_yuan"], 300, 0)
    assert (found.replaced, found.undecided, found.comments) == ("2026", 0, 0)
    assert found.silent == ("GX-DOT",)
    comment(library, LOCAL_OWNER, "2027", Said(PROJECT, "GX-DOT", "资金来源须落实"))
    later = approval_ahead(library, EVERYTHING, "2027")
    assert (later.silent, later.comments) == ((), 1)
    assert later.mark != found.mark
    signed = (library, LOCAL_OWNER, EVERYTHING, "2027", DOC, "2027-01-15", "李审")
    with pytest.raises(ConflictError, match=r"rolling\.ahead_changed"):
        approve(*signed, found.mark)
    approve(*signed, later.mark)
    assert edition_head(library, EVERYTHING, "2026")["state"] == "superseded"


def act(unit: str, **given: Any) -> lists.Act:
    return lists.Act(PROJECT, "near_term", 2026, **{"act": "confirmed", "on_date": DAY, "unit": unit, **given})


def test_each_unit_of_the_near_term_list_speaks_for_itself(library: Session) -> None:
    drc, bbw, stranger = (person(library, *one) for one in (("a.a", "GX-DRC"), ("b.b", "GX-BBW"), ("c.c", "GX-DOT")))
    with pytest.raises(ForbiddenError, match=r"rolling\.not_your_voice"):
        lists.say(library, drc, scope_of(drc), act("GX-BBW", act="proposed", doc_no="桂湾办〔2026〕3号"))
    with pytest.raises(InvalidError, match=r"rolling\.invalid"):
        lists.say(library, drc, scope_of(drc), act("GX-DRC", act="proposed"))
    lists.say(library, drc, scope_of(drc), act("GX-DRC", act="proposed", doc_no="桂发改〔2026〕2号"))
    lead = Actor("d.d", "lead_reviewer", "GX-HURD", None, 99)
    lists.say(library, lead, scope_of(lead), act("GX-HURD", doc_no="桂建〔2026〕7号"))
    lists.say(library, bbw, scope_of(bbw), act("GX-BBW", doc_no="桂湾办〔2026〕3号"))
    row = lists.list_frame(library, scope_of(lead), "near_term", 2026).iloc[0]
    assert {unit: (said["doc_no"], said["person"]) for unit, said in row["said"].items()} == {
        "GX-DRC": ("桂发改〔2026〕2号", "a.a"),
        "GX-HURD": ("桂建〔2026〕7号", "d.d"),
        "GX-BBW": ("桂湾办〔2026〕3号", "b.b"),
    }
    assert bool(row["listed"]) is True
    assert (lists.voices(stranger, "near_term"), lists.voices(lead, "near_term")) == ((), ("GX-HURD",))
