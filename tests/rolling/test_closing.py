"""Unknown is not zero, and a running year is not closed: what is carried, what is not, and that it is said."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.frames import records
from portfolio.finance import yearly
from portfolio.finance.yearly import save_yearly
from portfolio.ledger.service import open_pool
from portfolio.projects.service import update_project
from portfolio.rolling import service
from portfolio.rolling.annual import annual_list
from portfolio.rolling.closing import Untold, untold
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.detail import entry_detail
from portfolio.rolling.queries import comparison, entry_frame, get_edition
from portfolio.rolling.rules.carrying import carry
from portfolio.rolling.rules.closing import Past, divided, first_open_year
from portfolio.rolling.rules.editions import rule_values
from portfolio.rolling.rules.roll import Calendar
from portfolio.rolling.service import NewEdition, roll_edition
from tests.ledger.conftest import PROJECT, entry, pool, posted
from tests.rolling.conftest import CLOSED, approved
from tests.rolling.test_editions import refused

ME = (LOCAL_OWNER, EVERYTHING)
OWN, LOAN, REGION = "fund.own", "fund.loan.policy", "fund.local_budget.region"
RULES = {"carry_money": "next_year", "carry_area": "next_year"}
Days = pytest.MonkeyPatch


def on(days: Days, year: int, month: int, day: int) -> None:
    """Editions are rolled, and figures stated, on this day."""
    for room in (service, yearly):
        days.setattr(room, "today", lambda: date(year, month, day))
    days.setattr(service, "utc_now", lambda: datetime(year, month, day, 2, tzinfo=UTC))


def make(session: Session, code: str, year: int, parent: str | None = None, **more: Any) -> None:
    roll_edition(session, *ME, NewEdition(code, year, parent=parent, **more))


def needs(session: Session, code: str) -> dict[int, tuple[int, int, str]]:
    """Year → what is needed, what of it was carried and what it rests on, of the one running project."""
    rows = records(entry_detail(session, EVERYTHING, code, PROJECT).needs)
    return {int(row["year"]): (int(row["required"]), int(row["carried"]), row["basis"]) for row in rows}


@pytest.fixture
def in_force(library: Session, monkeypatch: Days) -> Session:
    """The edition of 2026 is in force: 100 yuan of own funds in each of 2026, 2027 and 2028."""
    on(monkeypatch, 2026, 1, 5)
    make(library, "2026", 2026)
    approved(library, "2026")
    return library


@pytest.mark.parametrize(
    ("today", "declared", "open_year"),
    [
        (date(2026, 11, 30), False, 2026),
        (date(2026, 11, 30), True, 2027),
        (date(2026, 12, 31), False, 2026),
        (date(2027, 1, 1), False, 2027),
        (date(2028, 5, 1), False, 2027),
        (date(2025, 11, 30), True, 2026),
    ],
)
def test_a_year_is_over_by_the_clock_or_by_a_word(today: date, declared: bool, open_year: int) -> None:
    assert first_open_year(2027, today, declared) == open_year


def test_rolled_on_30_november_the_running_year_is_open(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2026, 11, 30)
    open_pool(in_force, *ME, pool("F26", "fund", 1000, kind="budget", year=2026))
    posted(in_force, entry("grant", 70, pool="F26", on_date="2026-04-01"))
    make(in_force, "2027", 2027, "2026")
    assert get_edition(in_force, "2027").open_year == 2026
    assert needs(in_force, "2027") == {2026: (100, 0, "running"), 2027: (100, 0, ""), 2028: (100, 0, "")}
    assert untold(in_force, EVERYTHING, "2027") == Untold(running=1, running_yuan=100)


def test_of_a_running_year_what_is_expected_to_be_left_is_carried(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2026, 11, 30)
    save_yearly(in_force, *ME, PROJECT, {("expected", 2026): 60, ("to_date", 2025): 500})
    make(in_force, "2027", 2027, "2026")
    assert needs(in_force, "2027") == {2026: (60, 0, "expected"), 2027: (120, 20, ""), 2028: (120, 20, "")}
    assert untold(in_force, EVERYTHING, "2027") == Untold(expected=1)
    (one,) = annual_list(in_force, EVERYTHING, "2027")
    assert (one.completed_yuan, one.done_yuan) == (560, None)


def test_nobody_reported_so_nothing_is_carried_and_it_is_said(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2027, 1, 4)
    make(in_force, "2027", 2027, "2026")
    assert needs(in_force, "2027") == {2026: (100, 0, "unreported"), 2027: (100, 0, ""), 2028: (100, 0, "")}
    assert untold(in_force, EVERYTHING, "2027") == Untold(unreported=1, unreported_yuan=100)
    (one,) = annual_list(in_force, EVERYTHING, "2027")
    assert (one.done_yuan, one.completed_yuan) == (None, None)
    cells = comparison(in_force, EVERYTHING, "2026", "2027")
    found, money = cells.differences(), cells.bridge()
    assert ([one.kinds for one in found], money.before, money.after) == ([("kept",)], 300, 300)


def test_known_to_be_unspent_is_carried_for_sources_without_accounts(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2027, 1, 4)
    save_yearly(in_force, *ME, PROJECT, {("completed", 2026): 30})
    make(in_force, "2027", 2027, "2026")
    assert needs(in_force, "2027") == {2026: (30, 0, "stated"), 2027: (135, 35, ""), 2028: (135, 35, "")}
    assert untold(in_force, EVERYTHING, "2027") == Untold()


def test_what_is_reported_late_is_carried_by_the_next_roll(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2027, 1, 4)
    make(in_force, "2027", 2027, "2026")
    approved(in_force, "2027")
    save_yearly(in_force, *ME, PROJECT, {("completed", 2026): 40, ("completed", 2027): 100})
    on(monkeypatch, 2028, 1, 4)
    make(in_force, "2028", 2028, "2027")
    assert needs(in_force, "2028") == {2026: (40, 0, "stated"), 2027: (100, 0, "stated"), 2028: (160, 60, "")}


def test_a_running_year_is_closed_by_a_person_with_a_reason(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2026, 12, 28)
    for given_, code in (
        ({"closed_by": "张三"}, "field.required"),
        ({"closed_reason": "关账"}, "field.required"),
        ({**CLOSED, "closed_by": "张" * 81}, "field.too_long"),
    ):
        assert code in refused(lambda more=given_: make(in_force, "2027", 2027, "2026", **more))
    assert refused(lambda: make(in_force, "2026b", 2026, **CLOSED)) == {"rolling.nothing_to_close"}
    open_pool(in_force, *ME, pool("F26", "fund", 1000, kind="budget", year=2026))
    posted(in_force, entry("grant", 70, pool="F26", on_date="2026-04-01"))
    make(in_force, "2027", 2027, "2026", **CLOSED)
    held = get_edition(in_force, "2027")
    assert (held.open_year, held.closed_by, held.closed_reason) == (2027, "张三", "国库已关账")
    assert needs(in_force, "2027") == {2027: (150, 50, ""), 2028: (150, 50, "")}


def test_what_a_rejection_holds_goes_by_the_same_years(in_force: Session, monkeypatch: Days) -> None:
    on(monkeypatch, 2026, 11, 30)
    update_project(in_force, *ME, PROJECT, {"total_investment_yuan": 390})
    make(in_force, "2027", 2027, "2026")
    on(monkeypatch, 2027, 3, 1)
    decide_entries(in_force, *ME, "2027", [PROJECT], "rejected", "未经批准的调概")
    assert needs(in_force, "2027")[2026] == (100, 0, "running")


def test_started_late_is_overdue_and_a_change(library: Session, monkeypatch: Days) -> None:
    """Planned for March 2026 and not started in November: eight months late, and put off or back to preparation."""
    on(monkeypatch, 2026, 1, 5)
    update_project(library, *ME, PROJECT, {"stage": "preliminary", "start_month": "2026-03"})
    monkeypatch.setattr(
        service,
        "rule_values",
        lambda: {**rule_values(), "join_readiness_percent": "0", "join_completeness_percent": "0"},
    )
    make(library, "2026", 2026)
    approved(library, "2026")
    on(monkeypatch, 2026, 11, 30)
    for percent, rule, category in (
        ("100", "overdue_demoted", "preparatory"),
        ("0", "overdue_start", "new_start"),
    ):
        given_ = {**rule_values(), "join_readiness_percent": percent, "join_completeness_percent": percent}
        monkeypatch.setattr(service, "rule_values", lambda rules=given_: rules)
        make(library, f"2027-{percent}", 2027, "2026")
        row = entry_frame(library, EVERYTHING, f"2027-{percent}").set_index("code").loc[PROJECT]
        told = (row["change"], row["rule"], row["category"], row["late_months"], row["decision"])
        assert told == ("adjusted", rule, category, 8, "proposed")
        assert row["annual_yuan"] == (100 if category == "new_start" else 0)
        kinds = {
            one.code: one.kinds for one in comparison(library, EVERYTHING, "2026", f"2027-{percent}").differences()
        }
        assert kinds[PROJECT] == ("adjusted",)


def test_what_is_stated_in_one_sum_lies_on_what_the_ledger_does_not_keep() -> None:
    planned, delivered = {OWN: 60, LOAN: 40, REGION: 100}, {REGION: 80}
    assert divided(130, planned, delivered, planned, over=True) == {LOAN: 20, OWN: 30}
    assert divided(70, planned, delivered, planned, over=True) == {LOAN: 0, OWN: 0}
    assert divided(140, planned, delivered, planned, over=False) == {LOAN: 20, OWN: 30, REGION: 90}


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.sampled_from([OWN, LOAN, REGION]), st.integers(0, 10**12), min_size=1),
    st.dictionaries(st.sampled_from([OWN, LOAN, REGION]), st.integers(0, 10**12)),
)
def test_a_sum_is_laid_out_to_the_yuan(stated: int, planned: dict[str, int], delivered: dict[str, int]) -> None:
    parts = divided(stated, planned, delivered, planned, over=False)
    if any(planned.values()):
        assert sum(parts.values()) == max(stated, sum(delivered.values()))
    over = divided(stated, planned, delivered, planned, over=True)
    assert not over.keys() & delivered.keys()
    assert sum(over.values()) in (0, max(0, stated - sum(delivered.values())))


def test_each_source_carries_its_own_rest() -> None:
    planned = {(OWN, 2026): 60, (LOAN, 2026): 40, (REGION, 2026): 100}
    found = carry(Calendar(2027, 3, 2026), RULES, planned, {}, {}, Past({(REGION, 2026): 80}, {2026: 130}))
    assert found.carried == {(OWN, 2027): 30, (LOAN, 2027): 20, (REGION, 2027): 20}
    assert found.basis == {(OWN, 2026): "stated", (LOAN, 2026): "stated", (REGION, 2026): "ledger"}
