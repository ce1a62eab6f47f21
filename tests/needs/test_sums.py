"""A figure and the list behind it agree: the sums under a list are those of the figure that leads there."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.needs.changes import NeedEdit
from portfolio.needs.queries import needing
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary, project_summary
from portfolio.needs.sums import list_sums, needed_by
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project, iterate_projects

ONE, OTHER = "GX-2018-0002", "GX-2018-0206"


@pytest.fixture
def asked(session: Session) -> Session:
    for code, item, year, amount in (
        (ONE, "fund.own", 2027, 30_000),
        (ONE, "fund.own", 2028, 70_000),
        (OTHER, "fund.central_budget", 2027, 50_000),
        (OTHER, "land.agri.arable.pbf.dry", 2027, 9_000),
    ):
        save_needs(session, LOCAL_OWNER, EVERYTHING, code, [NeedEdit(item, year, amount)])
    return session


@pytest.mark.parametrize(
    ("item", "years", "expected"),
    [("fund", (), 150_000), ("fund", (2027,), 80_000), ("fund.own", (2028,), 70_000), ("land", (2027,), 9_000)],
)
def test_a_figure_and_its_list_agree(asked: Session, item: str, years: tuple[int, ...], expected: int) -> None:
    filters = ProjectFilters(narrowing=(needing(asked, item, years),))
    sums = list_sums(asked, EVERYTHING, filters, item, years)
    first, last = (years[0], years[-1]) if years else (None, None)
    query = SummaryQuery(by=("item",), item=(item,), depth=0, first_year=first, last_year=last)
    assert sums.needed == expected == int(needs_summary(asked, EVERYTHING, query)["required"].sum())
    rows = list(iterate_projects(asked, EVERYTHING, filters))
    each = needed_by(asked, [row["id"] for row in rows], item, years)
    assert (sums.projects, sum(each.values())) == (len(rows), expected)
    assert set(each) == {row["id"] for row in rows}


def test_the_whole_library_comes_to_the_overviews_figure(asked: Session) -> None:
    sums, frame = list_sums(asked, EVERYTHING, ProjectFilters()), project_summary(asked, EVERYTHING, ())
    assert (sums.projects, sums.investment_yuan, sums.stated) == tuple(
        int(frame[name].iloc[0]) for name in ("projects", "total_investment", "stated")
    )
    assert sums.needed is None


def test_who_needs_nothing_of_it_is_absent(asked: Session) -> None:
    key = get_project(asked, EVERYTHING, OTHER)["id"]
    assert needed_by(asked, [key], "fund.own", ()) == {}
