"""The capital plan adds up both ways and agrees with SQL; certainty, gaps, envelopes and mismatches."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.finance.envelopes import (
    NOT_DECLARED,
    Closing,
    EnvelopeData,
    envelope_rows,
    roll_forward,
    set_envelope,
)
from portfolio.finance.mismatch import mismatches
from portfolio.finance.plan import GROUPS, PlanQuery, capital_plan, columns, funding
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project
from tests.ledger.conftest import DOC, FUND, OTHER, PROJECT, entry, pool, posted

SQL = text(
    "SELECT n.year, SUM(n.required) FROM needs n JOIN items i ON i.id = n.item_id"
    " WHERE i.code LIKE 'fund%' GROUP BY n.year"
)


def needs(session: Session, code: str, *rows: tuple[str, int, int]) -> None:
    save_needs(session, LOCAL_OWNER, EVERYTHING, code, [NeedEdit(*row) for row in rows])


@pytest.mark.parametrize("by", [*GROUPS, "project"])
def test_the_plan_adds_up_both_ways_and_agrees_with_sql(demo_engine: Engine, by: str) -> None:
    with Session(demo_engine) as session:
        plan = capital_plan(session, EVERYTHING, PlanQuery(2026, by))
        stored = {int(year): int(total) for year, total in session.execute(SQL)}
    years = ["prior", "y2026", "y2027", "y2028", "beyond"]
    assert (plan[years].sum(axis=1) == plan["total"]).all()
    assert int(plan["total"].sum()) == sum(stored.values()) > 0
    assert int(plan["prior"].sum()) == sum(total for year, total in stored.items() if year < 2026)
    assert int(plan["y2027"].sum()) == stored[2027]
    assert list(plan.columns) == [by, *columns(2026)]


def test_the_plan_of_a_city_is_its_projects(demo_engine: Engine) -> None:
    with Session(demo_engine) as session:
        filters = ProjectFilters(city=("450700",))
        ours = capital_plan(session, EVERYTHING, PlanQuery(2026, "project", filters))
        cities = capital_plan(session, EVERYTHING, PlanQuery(2026, "city")).set_index("city")
        empty = capital_plan(session, EVERYTHING, PlanQuery(2026, "item", ProjectFilters(code=("GX-0",))))
    assert int(ours["total"].sum()) == cities.loc["450700", "total"]
    assert empty.empty


def test_certainty_by_what_is_granted_and_what_names_a_source(session: Session) -> None:
    third = "GX-2018-0208"
    needs(session, PROJECT, ("fund.own", 2019, 600), ("fund.tbd", 2019, 100))
    needs(session, OTHER, ("fund.tbd", 2019, 50))
    needs(session, third, ("fund.own", 2019, 70))
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund", 1000, kind="budget"))
    ids = {get_project(session, EVERYTHING, code)["id"]: code for code in (PROJECT, OTHER, third)}

    def said() -> dict[str, str]:
        frame = funding(session, EVERYTHING, 2019)
        return {ids[p]: c for p, c in zip(frame["project"], frame["certainty"], strict=True)}

    assert said() == {PROJECT: "source_known", OTHER: "none", third: "source_known"}
    posted(session, entry("grant", 100, pool=FUND), entry("grant", 70, pool=FUND, project=third))
    assert said() == {PROJECT: "part_funded", OTHER: "none", third: "funded"}
    gaps = funding(session, EVERYTHING, 2019).set_index("project")["gap"]
    assert gaps[get_project(session, EVERYTHING, PROJECT)["id"]] == 600
    assert funding(session, EVERYTHING, 2020).empty


def test_envelopes_roll_what_was_not_delivered(session: Session) -> None:
    needs(session, PROJECT, ("fund.local_budget.region", 2019, 900))
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund.local_budget.region", 1000, kind="budget"))
    set_envelope(session, LOCAL_OWNER, EnvelopeData("region", 2019, 1000, DOC))
    set_envelope(session, LOCAL_OWNER, EnvelopeData("region", 2020, 500, DOC))
    posted(session, entry("grant", 700, pool=FUND), entry("deliver", 300, pool=FUND))
    (this, following) = envelope_rows(session, EVERYTHING)
    assert [this[name] for name in ("total", "asked", "granted", "delivered", "free")] == [1000, 900, 700, 300, 300]
    assert roll_forward(session, LOCAL_OWNER, EVERYTHING, 2019)[0]["carried"] == 700
    posted(session, entry("deliver", 200, pool=FUND))
    roll_forward(session, LOCAL_OWNER, EVERYTHING, 2019)
    following = envelope_rows(session, EVERYTHING)[1]
    assert (following["own"], following["carried"], following["total"]) == (500, 500, 1000)
    set_envelope(session, LOCAL_OWNER, EnvelopeData("region", 2020, 600, DOC))
    assert envelope_rows(session, EVERYTHING)[1]["total"] == 1100
    # Nothing was granted in 2020, so that nobody knows what was delivered: nothing goes on, and it is said.
    unknown = {"level": "region", "year": 2020, "delivered": None, "carried": None}
    assert roll_forward(session, LOCAL_OWNER, EVERYTHING, 2020) == [unknown]
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool("F20", "fund.local_budget.region", 1000, kind="budget", year=2020))
    posted(session, entry("grant", 100, pool="F20"))
    # Of 600 of its own and 500 carried nothing was delivered in 2020: all of it goes on.
    assert roll_forward(session, LOCAL_OWNER, EVERYTHING, 2020)[0]["carried"] == 1100
    assert envelope_rows(session, EVERYTHING)[2]["total"] == 1100
    assert session.execute(text("SELECT COUNT(*) FROM envelopes")).scalar() == 6
    with pytest.raises(InvalidError):
        set_envelope(session, LOCAL_OWNER, EnvelopeData("moon", 1999, -1, ""))


def test_an_envelope_of_a_running_year_is_rolled_by_a_named_person(session: Session) -> None:
    year = today().year
    set_envelope(session, LOCAL_OWNER, EnvelopeData("region", year, 1000, DOC))
    budget = pool(FUND, "fund.local_budget.region", 1000, kind="budget", year=year, on_date=f"{year}-01-01")
    open_pool(session, LOCAL_OWNER, EVERYTHING, budget)
    posted(session, entry("grant", 700, pool=FUND, on_date=f"{year}-01-01"))
    for closing, code in ((NOT_DECLARED, "finance.year_not_over"), (Closing("张三"), "field.required")):
        with pytest.raises(InvalidError) as caught:
            roll_forward(session, LOCAL_OWNER, EVERYTHING, year, closing=closing)
        assert [fault.code for fault in caught.value.fields] == [code]
    declared = Closing("张三", "国库已关账")
    with pytest.raises(InvalidError):
        roll_forward(session, LOCAL_OWNER, EVERYTHING, year + 1, closing=declared)
    assert roll_forward(session, LOCAL_OWNER, EVERYTHING, year, closing=declared)[0]["carried"] == 1000


def test_money_and_hectares_that_do_not_meet_are_told(session: Session) -> None:
    needs(session, PROJECT, ("fund.own", 2026, 900), ("land.built", 2025, 60), ("land.built", 2026, 40))
    needs(session, OTHER, ("land.built", 2026, 30))
    budget = {"year": 2026, "kind": "budget"}
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool("L26", "land", 500, year=2026))
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool("F26", "fund", 1000, **budget))
    posted(
        session,
        entry("grant", 900, pool="F26"),
        entry("grant", 70, pool="L26"),
        entry("grant", 30, pool="L26", project=OTHER),
    )

    def told(as_of: date) -> set[tuple[str, str, int]]:
        frame = mismatches(session, EVERYTHING, 2026, as_of)
        codes = {get_project(session, EVERYTHING, code)["id"]: code for code in (PROJECT, OTHER)}
        rows = frame.to_dict("records")
        return {(codes[r["project"]], r["kind"], r["area_needed"] - r["area_granted"]) for r in rows}

    assert told(date(2026, 9, 1)) == {
        (PROJECT, "money_without_area", 30),
        (PROJECT, "money_before_start", 0),
        (OTHER, "area_without_money", 0),
    }
    posted(session, entry("grant", 30, pool="L26"))
    assert told(date(2024, 1, 1)) == {(OTHER, "area_without_money", 0)}


def test_nothing_is_made_of_nothing(session: Session) -> None:
    assert capital_plan(session, EVERYTHING, PlanQuery(2026)).empty
    assert mismatches(session, EVERYTHING, 2026, date(2026, 1, 1)).empty
    assert isinstance(funding(session, EVERYTHING), pd.DataFrame)
