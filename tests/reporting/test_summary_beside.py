"""Sums with what is proposed beside them: what acceptance would add is what it then adds, group by group."""

from dataclasses import replace

import pandas as pd
import pytest
from sqlmodel import Session

from portfolio.access.rules import Actor, scope_of
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary, project_summary
from portfolio.needs.summary_beside import needs_added, projects_added
from portfolio.projects.service import update_project
from portfolio.reporting.entry import Entered, save_entry
from portfolio.reporting.service import act
from tests.reporting.conftest import FACTS, NEEDS, PROFILE
from tests.reporting.people import CITY, CITY_OFFICE, LEADER_UNIT, OFFICE, PLANNER, READER

BY = ("item", "year", "city", "stage")
ALL = scope_of(PLANNER)


@pytest.fixture
def accepted(session: Session) -> str:
    """A record of an office that was accepted and then changed: dearer, another stage, money in another year."""
    facts = {**FACTS, "office_unit": CITY_OFFICE}
    code = save_entry(session, PLANNER, ALL, None, Entered(facts, PROFILE, NEEDS)).project["code"]
    session.commit()
    mine = (OFFICE, scope_of(OFFICE), code)
    update_project(session, *mine, {"total_investment_yuan": 150_000_000, "stage": "planning"})
    edits = [NeedEdit("fund.central_budget", 2027, None), NeedEdit("fund.own", 2028, 30_000_000)]
    save_needs(session, *mine, edits)
    session.commit()
    return code


def sums(session: Session, actor: Actor = PLANNER) -> tuple[pd.DataFrame, pd.DataFrame]:
    query = SummaryQuery(by=BY)
    scope = scope_of(actor)
    return needs_summary(session, scope, query), needs_added(session, scope, query)


def by_group(frame: pd.DataFrame, by: tuple[str, ...], figure: str) -> dict[tuple[str, ...], int]:
    rows = frame[[*by, figure]].itertuples(index=False)
    return {tuple(map(str, row[:-1])): int(row[-1]) for row in rows if row[-1]}


def together(*parts: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for part in parts:
        for group, amount in part.items():
            found[group] = found.get(group, 0) + amount
    return {group: amount for group, amount in found.items() if amount}


def test_what_would_be_added_is_what_acceptance_adds(session: Session, accepted: str, entered: str) -> None:
    before, added = sums(session)
    expected = together(by_group(before, BY, "required"), by_group(added, BY, "proposed_required"))
    totals, changes = project_summary(session, ALL, ("stage",)), projects_added(session, ALL, ("stage",))
    invested = together(
        by_group(totals, ("stage",), "total_investment"), by_group(changes, ("stage",), "proposed_investment")
    )
    assert by_group(added, BY, "proposed_required") != {}
    for code in (accepted, entered):
        for actor, action in ((OFFICE, "submit"), (CITY, "accept"), (LEADER_UNIT, "accept")):
            act(session, actor, scope_of(actor), code, action)
    session.commit()
    after, nothing = sums(session)
    assert by_group(after, BY, "required") == expected
    assert len(nothing) == 0
    assert by_group(project_summary(session, ALL, ("stage",)), ("stage",), "total_investment") == invested


def test_who_only_reads_is_told_of_no_proposal(session: Session, accepted: str, entered: str) -> None:
    assert len(sums(session, READER)[1]) == 0
    assert projects_added(session, scope_of(READER), ()).to_dict("list") == {
        "proposed_investment": [0],
        "proposed_projects": [0],
    }
    assert projects_added(session, ALL, ()).to_dict("list")["proposed_projects"] == [2]


def test_what_was_not_asked_for_is_left_out(session: Session, accepted: str) -> None:
    land = needs_added(session, ALL, SummaryQuery(by=BY, item=("land",)))
    late = needs_added(session, ALL, SummaryQuery(by=("year",), first_year=2028))
    assert len(land) == 0
    assert by_group(late, ("year", "item"), "proposed_required") == {("2028", "fund"): 30_000_000}
    illustrative = replace(SummaryQuery(by=("year",)), basis="illustrative")
    assert len(needs_added(session, ALL, illustrative)) == 0
