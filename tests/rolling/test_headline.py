"""The bridge of the figure that is published: on editions the product rolled, from one headline to the other."""

from datetime import date

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.finance.yearly import save_yearly
from portfolio.rolling.queries import compare, comparison, edition_head
from portfolio.rolling.service import NewEdition, roll_edition
from tests.ledger.conftest import PROJECT
from tests.rolling.conftest import approved, make
from tests.rolling.test_planner import in_2027

ME = (LOCAL_OWNER, EVERYTHING)


def test_the_bridge_leads_from_the_published_figure_to_the_published_figure(library: Session) -> None:
    session = in_2027(library)
    _, plan = compare(session, EVERYTHING, "2026", "2027")
    heads = [edition_head(session, EVERYTHING, code)["annual_yuan"] for code in ("2026", "2027")]
    assert [plan.bridge().before, plan.bridge().after] == heads == [100, 150]
    assert (plan.bridge().remainder, plan.shares("carried")) == (0, {PROJECT: 50})
    _, back = compare(session, EVERYTHING, "2027", "2026")
    assert (back.bridge().before, back.bridge().after, back.bridge().remainder) == (150, 100, 0)


def test_a_year_that_is_not_over_is_told_as_expected_and_never_as_actual(
    library: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.rolling.service.today", lambda: date(2026, 11, 30))
    monkeypatch.setattr("portfolio.finance.yearly.today", lambda: date(2026, 11, 30))
    roll_edition(library, *ME, NewEdition("2026", 2026))
    approved(library, "2026")
    save_yearly(library, *ME, PROJECT, {("expected", 2026): 70})
    roll_edition(library, *ME, NewEdition("2027", 2027, parent="2026"))
    found = comparison(library, EVERYTHING, "2026", "2027").bridge()
    told = {cause: amount for cause, amount in found.causes.items() if amount}
    assert (told, found.remainder) == ({"expected": -30, "carried": 30}, 0)


def test_an_edition_nobody_reported_for_has_no_actuals(library: Session) -> None:
    make(library, "2026", 2026)
    approved(library, "2026")
    make(library, "2027", 2027, "2026")
    found = comparison(library, EVERYTHING, "2026", "2027").bridge()
    assert (found.causes["actuals"], found.causes["expected"], found.remainder) == (0, 0, 0)
