"""Every figure opens its list, and the list's own total is the figure: each page, on four libraries.

The table of figures is `dashboard.behind.FIGURES`; pages draw from it, so that a figure it does not name fails here or
cannot be drawn at all.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.behind import FIGURES, STILL, led, point
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.clock import today
from portfolio.core.database import make_engine
from portfolio.finance.rounds import open_round
from portfolio.reporting.entry import Entered, save_entry
from portfolio.rolling.service import NewEdition, roll_edition
from tests.reporting.conftest import FACTS, NEEDS, PROFILE
from tests.support.databases import Databases, Level
from tests.support.page_walk import Chart, Figure, Page, ask, walk

LEVELS: tuple[Level, ...] = ("bare", "scheme", "half", "demo")
# Of each figure so many addresses are opened: a chart of every source and year has a hundred.
EACH = 12
LISTS = {urlsplit(figure.opens).path for figure in FIGURES.values()}
# A count at the end of a link's words, and no year.
COUNT = re.compile(r"(?:.*\s)?(?!20\d\d$)\d[\d,]*")
# Figures that open nothing: what a scenario's answer is, told by its own page.
LOOSE_ON = ("/allocation",)


class Seen:
    """A library's pages, each asked for once."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.pages = {page.address: page for page in walk(client, "zh")}

    def at(self, address: str) -> Page:
        """The page at an address, without the part of it that is named."""
        path = address.partition("#")[0]
        if path not in self.pages:
            self.pages[path] = ask(self.client, path, "zh")
        return self.pages[path]

    def figures(self) -> Iterator[Figure]:
        """Of each figure's name the first `EACH` addresses, spread over all there are."""
        found: dict[str, dict[Figure, None]] = {}
        for page in list(self.pages.values()):
            for one in page.figures:
                found.setdefault(one.name, {})[one] = None
        for each in found.values():
            every = list(each)
            yield from every[:: max(1, len(every) // EACH)]


@pytest.fixture(scope="module")
def libraries(sqlite_databases: Databases) -> Iterator[Any]:
    engines, seen = list[Any](), dict[Level, Seen]()

    def library(level: Level) -> Seen:
        if level not in seen:
            engines.append(make_engine(sqlite_databases.make("sqlite", level)))
            if level == "demo":
                _used(engines[-1])
            seen[level] = Seen(create_dashboard(engines[-1]).server.test_client())
        return seen[level]

    yield library
    for engine in engines:
        engine.dispose()


def _used(engine: Engine) -> None:
    """The demonstration in the year's work: an edition, a round of review, and an entry not accepted yet."""
    office = Actor("office", role="project_office", unit="CITY-450100")
    with Session(engine) as session:
        roll_edition(session, LOCAL_OWNER, EVERYTHING, NewEdition("2027", 2027, later_years=True))
        open_round(session, LOCAL_OWNER, EVERYTHING, "R", today().year)
        save_entry(session, office, scope_of(office), None, Entered(FACTS, PROFILE, NEEDS))
        session.commit()


@pytest.mark.parametrize("level", LEVELS)
def test_the_total_of_the_list_is_the_figure(libraries: Any, level: Level) -> None:
    seen, wrong = libraries(level), list[str]()
    for one in list(seen.figures()):
        listed = seen.at(one.address)
        total = listed.totals.get(FIGURES[one.name].total)
        if listed.failed or total != one.value:
            wrong.append(f"{one.name} says {one.value!r}, {one.address} comes to {total!r}")
    assert wrong == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_chart_opens_lists_or_says_why_not(libraries: Any, level: Level) -> None:
    charts = [chart for page in libraries(level).pages.values() for chart in page.charts]
    assert [chart.name for chart in charts if not _still(chart) and not _leads(chart)] == []


def _still(chart: Chart) -> bool:
    return any(chart.name == name or chart.name.startswith(f"{name}-") for name in STILL)


def _leads(chart: Chart) -> bool:
    """Whether each point that can be clicked on names its figure."""
    return all(re.search(r'"/[^"]*", "[a-z]+\.', str(trace).replace("'", '"')) for trace in chart.traces)


@pytest.mark.parametrize("level", LEVELS)
def test_every_big_figure_and_every_count_that_leads_to_a_list_is_in_the_table(libraries: Any, level: Level) -> None:
    pages = libraries(level).pages.values()
    assert {page.address: page.loose for page in pages if page.loose and not page.address.startswith(LOOSE_ON)} == {}
    counts = [one for page in pages for one in page.plain if COUNT.fullmatch(one[0])]
    assert [(said, to) for said, to in counts if urlsplit(to).path in LISTS or to.startswith("/editions/")] == []


def test_the_demonstration_shows_every_figure_of_the_table(libraries: Any) -> None:
    """An entry that no page draws is a figure that was lost."""
    drawn = Counter(one.name for page in libraries("demo").pages.values() for one in page.figures)
    hidden = {"home.consultation", "home.recovery", "home.week", "home.weeks"}
    assert sorted(FIGURES.keys() - drawn.keys() - hidden) == []


def test_a_figure_takes_only_the_narrowing_it_is_entered_with() -> None:
    with pytest.raises(KeyError):
        led("overview.projects", 3, city="450100")
    with pytest.raises(KeyError):
        point("overview.nothing", 3)
    assert led("overview.city", None, city="-")["data-value"] == ""
