"""Every page, tab and record page on libraries of which nothing, little, half or all is known."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_dashboard
from dashboard.pages import ADDRESSES
from portfolio.core.database import make_engine
from tests.support import half_filled as half
from tests.support.databases import Databases, Level
from tests.support.page_walk import ask, walk

WALKS = (("bare", "zh"), ("scheme", "zh"), ("half", "zh"), ("half", "en"), ("demo", "en"))


@pytest.fixture(scope="module")
def clients(sqlite_databases: Databases) -> Iterator[Any]:
    """A client of the dashboard on each library; one library is opened once for all tests of this file."""
    engines, made = list[Any](), dict[Level, FlaskClient]()

    def client(level: Level) -> FlaskClient:
        if level not in made:
            engines.append(make_engine(sqlite_databases.make("sqlite", level)))
            made[level] = create_dashboard(engines[-1]).server.test_client()
        return made[level]

    yield client
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(("level", "lang"), WALKS)
def test_every_page_opens_and_shows_no_missing_value(clients: Any, level: Level, lang: str) -> None:
    pages = {page.address: page for page in walk(clients(level), lang)}
    assert pages.keys() >= set(ADDRESSES)
    assert [address for address, page in pages.items() if page.failed] == []
    assert [address for address, page in pages.items() if page.headings != 1] == []
    assert {address: page.absent for address, page in pages.items() if page.absent} == {}


def test_the_walk_finds_record_pages_and_their_tabs(clients: Any) -> None:
    found = {page.address.partition("=")[2] or page.address for page in walk(clients("half"), "zh")}
    assert {"elements", "finance", "readiness", "screening", "board", "consultation", "annual"} <= found


@pytest.mark.parametrize("tab", ["", "elements", "finance", "readiness", "screening"])
@pytest.mark.parametrize("code", [half.BARE, half.PLACED, half.DATED, half.ONE_NEED, half.MONEY, half.ENDED])
def test_every_record_opens_in_every_tab(clients: Any, code: str, tab: str) -> None:
    page = ask(clients("half"), f"/projects/{code}?tab={tab}", "zh")
    assert (page.failed, page.headings, page.absent) == (False, 1, [])
    assert any(code[-1] in text and "半填项目" in text for text in page.texts)


def test_a_project_without_region_and_stage_is_counted_as_such(clients: Any) -> None:
    """The overview once died of it: `nan` is true, and no name for it is known."""
    page = ask(clients("half"), "/", "zh")
    assert page.links.count("/projects?city=-") == 1
    assert "地区未填报 4" in page.texts


def test_what_nobody_stated_is_not_zero_on_the_overview(clients: Any) -> None:
    """Money and land were stated by one project each, sea and forest by none; on the scheme alone, nothing was."""
    half_filled, scheme = ask(clients("half"), "/", "zh"), ask(clients("scheme"), "/", "zh")
    stated = [one.value for one in half_filled.figures if one.name == "overview.element"]
    assert (len(stated), stated.count("")) == (4, 2)
    assert "100" in half_filled.texts
    unstated = {one.value for one in scheme.figures if one.name in ("overview.investment", "overview.element")}
    assert unstated == {""}
