"""One number for one record in every room: form, project page, library, home, editions, API."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.components.completeness import gauge
from dashboard.context import Context
from dashboard.data import project_page, references
from dashboard.pages.entry.checks import complete, faults_of
from dashboard.pages.entry.values import UNITS, needs_of, read_form, stated_of, typed_of
from dashboard.questions import entry as questions
from portfolio.access.local import EVERYTHING
from portfolio.core.database import make_engine
from portfolio.projects.filters import WITH_PROPOSED, ProjectFilters
from portfolio.projects.queries import iterate_projects, project_ids
from portfolio.reporting.complete import complete_percents
from portfolio.reporting.narrowing import COMPLETE_BANDS, band_of, narrowings
from portfolio.rolling.inputs import read_chunks
from portfolio.rolling.rules.roll import Calendar
from tests.support.databases import Databases


@pytest.fixture
def half(sqlite_databases: Databases) -> Iterator[Engine]:
    url = sqlite_databases.make("sqlite", "half")
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def asked(half: Engine) -> Iterator[None]:
    with create_dashboard(half).server.test_request_context("/"):
        yield


def of_the_form(code: str) -> int:
    """What the form of a record says as it is opened."""
    page, lists = questions.form_page(code), references()
    assert page.record is not None
    stated = stated_of(page.record)
    city_of = {key: region.city_code for key, region in lists.regions.items()}
    typed = typed_of(stated, UNITS, city_of)
    read = read_form(typed, needs_of(stated, lists.tree, UNITS, []), lists.tree)
    return complete(read, faults_of(read, typed, code)).percent


def test_the_form_says_what_the_page_the_library_and_the_editions_say(half: Engine, asked: None) -> None:
    with Session(half) as session:
        projects = list(iterate_projects(session, EVERYTHING, WITH_PROPOSED))
        percents = dict(complete_percents(session))
        chunks = read_chunks(session, EVERYTHING, None, Calendar(2027, 5))
        rolled = {facts.code: facts.complete_percent for chunk in chunks for facts in chunk.inputs.library}
        for place, band in enumerate(COMPLETE_BANDS):
            filters = ProjectFilters(narrowing=tuple(narrowings(session, complete=band)), proposed=None)
            ids = set(project_ids(session, EVERYTHING, filters))
            assert ids == {key for key, percent in percents.items() if band_of(percent) == place}, band
    assert len({*percents.values()}) > 1
    for project in projects:
        code, percent = project["code"], percents[project["id"]]
        page = project_page(code)
        assert page.complete.percent == percent, code
        assert page.complete_beside.percent == of_the_form(code), code
        assert rolled.get(code, percent) == percent, code
        words = str(gauge(Context("zh", "light"), page.complete))
        assert f"{percent}%" in words
