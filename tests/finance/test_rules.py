"""The published checks at their very limits, and which instruments a project qualifies for."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import InvalidError
from portfolio.finance.financing import checks, ppp_limit, save_record, set_capacity, suggested
from portfolio.finance.plan import certainty
from portfolio.finance.rules.books import capital_ratio, level_of
from portfolio.finance.rules.funding import ppp_check, suggestions, trimmed
from portfolio.finance.workfunds import list_work_funds, save_work_fund
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from tests.ledger.conftest import DOC, PROJECT

YI = 100_000_000
BOND = {
    "instrument": "special_bond",
    "amount_yuan": YI,
    "first_year": 2026,
    "status": "planned",
    "bond_use": "transport",
    "cover_milli": 1200,
    "in_national_library": True,
    "in_debt_library": True,
}


def asking(session: Session, total: int, **needs: int) -> None:
    update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"total_investment_yuan": total})
    edits = [NeedEdit(item.replace("__", "."), 2026, yuan) for item, yuan in needs.items()]
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, edits)


def answers(session: Session) -> dict[str, bool | None]:
    return {one.code: one.ok for one in checks(session, EVERYTHING, PROJECT)}


@pytest.mark.parametrize(
    ("own", "loan", "total_ok", "capital_ok"),
    [
        (20_000_000, 80_000_000, True, True),
        (19_999_999, 80_000_001, True, False),
        (20_000_000, 80_000_100, True, True),
        (20_000_000, 80_000_101, False, True),
    ],
)
def test_sources_add_up_and_a_berth_has_a_fifth_of_its_own(
    session: Session, own: int, loan: int, total_ok: bool, capital_ok: bool
) -> None:
    asking(session, YI, fund__own=own, fund__loan__commercial=loan)
    assert answers(session) == {"sources_total": total_ok, "capital_ratio": capital_ok}


def test_short_board_works_may_fall_five_points_and_the_check_says_so(session: Session) -> None:
    asking(session, YI, fund__own=15_000_000, fund__loan__commercial=85_000_000)
    found = {one.code: one for one in checks(session, EVERYTHING, PROJECT)}["capital_ratio"]
    assert (found.ok, found.value, found.limit, found.note) == (False, "15.0", "20", "short_board")


def test_what_is_not_known_is_never_passed(session: Session) -> None:
    assert answers(session) == {"sources_total": None, "capital_ratio": None}
    blank = {**BOND, "cover_milli": None, "bond_use": "", "in_debt_library": None}
    save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, blank)
    found = answers(session)
    assert (found["bond_cover"], found["bond_libraries"], found["bond_use"]) == (None, None, None)


@pytest.mark.parametrize(
    ("changed", "failing"),
    [
        ({}, set()),
        ({"cover_milli": 1199}, {"bond_cover"}),
        ({"in_debt_library": False}, {"bond_libraries"}),
        ({"bond_use": "office_building"}, {"bond_use"}),
    ],
)
def test_a_special_bond_is_covered_in_both_libraries_and_for_an_allowed_use(
    session: Session, changed: dict[str, Any], failing: set[str]
) -> None:
    save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, {**BOND, **changed})
    assert {code for code, ok in answers(session).items() if ok is False} == failing


def test_ppp_payments_stay_within_a_tenth_of_the_budget(session: Session) -> None:
    ppp = {"instrument": "ppp", "amount_yuan": YI, "first_year": 2026, "status": "planned", "term_years": 3}
    with pytest.raises(InvalidError) as caught:
        save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, ppp)
    assert [fault.code for fault in caught.value.fields] == ["finance.regime_required"]
    old = {**ppp, "regime": "PRE_2023", "annual_payment_yuan": 10_000_000}
    number = save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, old)
    city = get_project(session, EVERYTHING, PROJECT)["city_code"] or ""
    assert [one.ok for one in checks(session, EVERYTHING, PROJECT) if one.code == "ppp_limit"] == [None] * 3
    set_capacity(session, LOCAL_OWNER, city, 2026, YI, DOC)
    assert (ppp_limit(session, EVERYTHING, city, 2026).ok, ppp_check(10_000_001, YI).ok) == (True, False)
    assert ppp_limit(session, EVERYTHING, city, 2029).value in (None, "0.0")
    save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"regime": "CONCESSION_2023"}, number, 1)
    assert "ppp_limit" not in answers(session)


def test_suggestions_say_why_and_why_not(session: Session) -> None:
    asking(session, YI * 10, fund__own=YI * 3, fund__loan__commercial=YI * 7)
    update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"approval_type": "filing", "owner": "某港务集团"})
    found = {one.code: one for one in suggested(session, EVERYTHING, PROJECT)}
    assert found["commercial_loan"].qualifies is True
    assert found["central_budget"].failed == ("approval_type=approval",)
    assert found["special_bond"].qualifies is None
    save_record(session, LOCAL_OWNER, EVERYTHING, PROJECT, BOND)
    assert {one.code: one.qualifies for one in suggested(session, EVERYTHING, PROJECT)}["special_bond"] is True


def test_suggestions_read_nothing_into_a_blank() -> None:
    assert all(one.qualifies is None for one in suggestions({}))


@given(st.integers(0, 10**13), st.decimals(0, 100, places=2))
def test_a_trim_is_whole_wan_and_never_more_than_asked(asked: int, percent: Decimal) -> None:
    found = trimmed(asked, percent)
    assert 0 <= found <= asked
    assert found == asked or found % 10_000 == 0
    assert percent == 100 or found * 100 <= asked * percent


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_certainty_rises_with_what_is_granted(asked: int, settled: int, granted: int) -> None:
    order = ["none", "source_known", "part_funded", "funded"]
    money = (np.array([asked, asked]), np.array([settled, settled]), np.array([granted, granted + 1]))
    less, more = certainty(*money).tolist()
    assert order.index(less) <= order.index(more)


def test_ratios_and_levels_are_read_from_the_files() -> None:
    ratios = [capital_ratio(kind, "transport") for kind in ("airport", "berth", "hub")]
    assert [ratio and ratio.percent for ratio in ratios] == [25, 20, 20]
    assert capital_ratio(None, None) is None
    assert [level_of(i) for i in ("fund.central_special.water", "fund.bond.special", "fund.own")] == [
        "national",
        "region",
        "market",
    ]


def test_work_funds_belong_to_units(session: Session) -> None:
    line = ("GX-DOT", 2026, "三省区联席会议")
    assert save_work_fund(session, LOCAL_OWNER, *line, {"asked_yuan": 500_000})
    assert not save_work_fund(session, LOCAL_OWNER, *line, {"asked_yuan": 500_000})
    with pytest.raises(InvalidError) as caught:
        save_work_fund(session, LOCAL_OWNER, *line, {"granted_yuan": 300_000})
    assert [fault.code for fault in caught.value.fields] == ["ledger.document_required"]
    save_work_fund(session, LOCAL_OWNER, *line, {"granted_yuan": 300_000, "doc_no": DOC})
    assert [(one["asked_yuan"], one["granted_yuan"]) for one in list_work_funds(session, EVERYTHING, 2026)] == [
        (500_000, 300_000)
    ]
    with pytest.raises(InvalidError):
        save_work_fund(session, LOCAL_OWNER, PROJECT, 2026, "x", {"asked_yuan": 1})
