"""Home pages: every figure is as long as the list behind it, and a week is this week."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.core.clock import today
from portfolio.core.errors import InvalidError
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects, iterate_projects
from portfolio.reporting.complete import complete_of
from portfolio.reporting.home import home, own_scope
from portfolio.reporting.narrowing import COMPLETE_BANDS, narrowings
from portfolio.reporting.rounds import RoundData, expected_frame, open_round
from portfolio.reporting.rules import days_to_week_end
from tests.reporting.people import CITY_OFFICE, OFFICE, PLANNER, READER

DAY = timedelta(days=1)


def counted(session: Session, actor: Actor, **asked: str) -> int:
    filters = ProjectFilters(narrowing=tuple(narrowings(session, **asked)))
    return count_projects(session, own_scope(actor), filters)


@pytest.mark.parametrize("actor", [OFFICE, PLANNER, READER], ids=lambda one: str(one.role))
def test_each_figure_counts_the_list_behind_it(session: Session, entered: str, actor: Actor) -> None:
    found = home(session, actor)
    assert [counted(session, actor, complete=band) for band in COMPLETE_BANDS] == found.bands
    assert {when: counted(session, actor, ready=when) for when in found.ready} == found.ready
    assert {state: counted(session, actor, state=state) for state in found.states} == found.states
    for figures in (found.bands, found.ready.values()):
        assert sum(figures) == found.projects
    assert sum(found.states.values()) == found.projects + found.proposed
    assert found.proposed == (0 if actor is READER else 1)
    assert found.states["draft"] == (0 if actor is READER else 1)
    with pytest.raises(InvalidError, match=r"list\.bad_choice"):
        narrowings(session, complete="half")


def test_a_band_holds_those_whose_facts_say_so(session: Session) -> None:
    limits = dict(zip(COMPLETE_BANDS, (50, 80, 100, 101), strict=True))
    low = 0
    for band, limit in limits.items():
        filters = ProjectFilters(narrowing=tuple(narrowings(session, complete=band)))
        for project in iterate_projects(session, own_scope(PLANNER), filters):
            assert low <= complete_of(session, project).percent < limit, project["code"]
        low = limit


def test_what_is_expected_this_week_is_due_by_its_sunday(session: Session, entered: str) -> None:
    assert [days_to_week_end(date(2027, 3, day)) for day in (1, 6, 7, 8)] == [6, 1, 0, 6]
    sunday = today() + days_to_week_end(today()) * DAY
    for code, due_on, units in (
        ("past", today() - DAY, (CITY_OFFICE,)),
        ("sunday", sunday, (CITY_OFFICE,)),
        ("monday", sunday + DAY, ()),
    ):
        opens_on = (today() - 2 * DAY).isoformat()
        open_round(session, PLANNER, RoundData(code, "更新", opens_on, due_on.isoformat(), units=units))
    found = home(session, OFFICE)
    assert {one.round["code"] for one in found.week} == {"past", "sunday"}
    assert {one.round["code"] for one in found.due} == {"past", "sunday", "monday"}
    own = expected_frame(session, own_scope(OFFICE), "sunday")
    assert found.expected == len(own[~own["reported"].astype(bool)]) > 0
