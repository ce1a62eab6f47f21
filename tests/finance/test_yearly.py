"""Investment year by year: what offices state, what follows from it, and what is refused."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.core.i18n import error_text
from portfolio.finance.financing import save_record
from portfolio.finance.plan import fiscal_gaps, funding
from portfolio.finance.rules.yearly import completed_in, completed_to, contradictions, expected_to
from portfolio.finance.yearly import list_yearly, save_yearly
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from tests.ledger.conftest import DOC, PROJECT

ME = (LOCAL_OWNER, EVERYTHING)
STATED = {("to_date", 2023): 100, ("to_date", 2024): 160, ("completed", 2025): 40, ("expected", 2026): 30}


def test_a_year_is_known_as_stated_or_between_two_sums() -> None:
    assert completed_in(STATED) == {2024: 60, 2025: 40}


@pytest.mark.parametrize(("year", "amount"), [(2022, None), (2023, 100), (2024, 160), (2025, 200), (2026, None)])
def test_completed_to_date_is_known_or_not(year: int, amount: int | None) -> None:
    assert completed_to(STATED, year) == amount


def test_a_running_year_counts_as_it_is_expected() -> None:
    assert expected_to(STATED, 2026, 2026) == 230
    assert expected_to(STATED, 2027, 2026) is None
    assert expected_to({("expected", 2026): 30}, 2026, 2026) is None


def test_sums_to_date_do_not_fall_and_fit_the_years_between() -> None:
    assert contradictions(STATED) == []
    assert contradictions({("to_date", 2023): 100, ("to_date", 2024): 99}) == [2024]
    assert contradictions({("to_date", 2023): 100, ("to_date", 2024): 150, ("completed", 2024): 40}) == [2024]
    assert contradictions({("to_date", 2022): 100, ("to_date", 2024): 150, ("completed", 2024): 40}) == []


def test_an_office_states_and_takes_back(session: Session) -> None:
    assert save_yearly(session, *ME, PROJECT, {("to_date", 2024): 160, ("completed", 2025): 40}, "统计年报") == 2
    assert save_yearly(session, *ME, PROJECT, {("completed", 2025): 40}) == 0
    told = [
        (one["year"], one["kind"], one["amount_yuan"], one["actor"]) for one in list_yearly(session, *ME[1:], PROJECT)
    ]
    assert told == [(2024, "to_date", 160, LOCAL_OWNER.name), (2025, "completed", 40, LOCAL_OWNER.name)]
    assert save_yearly(session, *ME, PROJECT, {("completed", 2025): None}) == 1
    assert [one["kind"] for one in list_yearly(session, EVERYTHING, PROJECT)] == ["to_date"]


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ({("spent", 2025): 1}, "field.unknown_code"),
        ({("completed", 1999): 1}, "need.bad_year"),
        ({("completed", 2025): -1}, "field.negative"),
        ({("completed", today().year + 1): 1}, "finance.year_to_come"),
        ({("to_date", 2024): 2, ("to_date", 2025): 1}, "finance.to_date_contradicts"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, stated: dict[tuple[str, int], int], fault: str) -> None:
    with pytest.raises(InvalidError) as caught:
        save_yearly(session, *ME, PROJECT, stated)
    (found,) = caught.value.fields
    assert found.code == fault
    assert error_text(found.code, "zh", found.params) != error_text(found.code, "en", found.params)
    assert list_yearly(session, EVERYTHING, PROJECT) == []


def test_a_loan_is_in_place_once_its_contract_is_signed(session: Session) -> None:
    asked = [NeedEdit("fund.local_budget.region", 2026, 300), NeedEdit("fund.loan.policy", 2026, 500)]
    save_needs(session, *ME, PROJECT, asked)
    loan = {"instrument": "policy_loan", "amount_yuan": 400, "first_year": 2026, "status": "approved", "doc_no": DOC}
    number = save_record(session, *ME, PROJECT, loan)

    def gaps(year: int | None = 2026) -> tuple[int, int, int, str]:
        (row,) = funding(session, EVERYTHING, year).to_dict("records")
        return row["gap_fiscal"], row["gap_other"], row["signed"], row["certainty"]

    assert gaps() == (300, 500, 0, "source_known")
    save_record(session, *ME, PROJECT, {"status": "signed"}, number)
    assert gaps() == (300, 100, 400, "part_funded")
    save_record(session, *ME, PROJECT, {"first_year": 2027}, number)
    assert (gaps()[1], gaps(None)[1]) == (500, 100)


def test_the_gap_of_finance_by_year_is_its_own(session: Session) -> None:
    edits = [NeedEdit("fund.local_budget.region", 2026, 300), NeedEdit("fund.loan.policy", 2026, 500)]
    save_needs(session, *ME, PROJECT, [*edits, NeedEdit("fund.own", 2027, 900)])
    number = int(funding(session, EVERYTHING, 2026)["project"].iloc[0])
    found = fiscal_gaps(session, EVERYTHING, [number])
    assert found.values.tolist() == [[number, 2026, 300], [number, 2027, 0]]
    for year, gap in found[["year", "gap_fiscal"]].values.tolist():
        assert funding(session, EVERYTHING, year)["gap_fiscal"].tolist() == [gap]
    assert fiscal_gaps(session, EVERYTHING, []).empty
