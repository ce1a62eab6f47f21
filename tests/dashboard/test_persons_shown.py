"""What persons and units owe, and what follows from their acts, stands on the pages before they act."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.pages.reporting import home
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.clock import today
from portfolio.core.database import make_engine
from portfolio.people.identity import Identity
from portfolio.projects.service import update_project
from portfolio.rolling import lists
from portfolio.rolling.addressees import Invitation, remind
from portfolio.rolling.ahead import approval_ahead
from portfolio.rolling.service import send_round
from tests.support import vetoed
from tests.support.databases import Databases
from tests.support.page_walk import ask


@pytest.fixture(scope="module")
def engine(sqlite_databases: Databases) -> Iterator[Engine]:
    """A draft sent round, one project led by a unit that ended, one proposed for the near-term list."""
    made = make_engine(sqlite_databases.make("sqlite", "scheme"))
    vetoed.fill(made)
    with Session(made, expire_on_commit=False) as session:
        update_project(session, LOCAL_OWNER, EVERYTHING, vetoed.CODES[0], {"office_unit": "GX-DLR"})
        due_on = (today() + timedelta(days=9)).isoformat()
        send_round(session, LOCAL_OWNER, vetoed.EDITION, Invitation({"GX-DOT": "", "GX-DNR": "张三"}, due_on))
        remind(session, LOCAL_OWNER, vetoed.EDITION)
        said = ("near_term", vetoed.YEAR, "proposed", "2026-01-02", "GX-BBW")
        act = lists.Act(vetoed.CODES[0], *said, doc_no="桂湾办〔2026〕3号", person="王芳")
        lists.say(session, LOCAL_OWNER, EVERYTHING, act)
        session.commit()
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def client(engine: Engine) -> FlaskClient:
    opened: FlaskClient = create_dashboard(engine).server.test_client()
    return opened


def test_the_approval_lists_what_follows_and_who_has_not_answered(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session:
        found = approval_ahead(session, EVERYTHING, vetoed.EDITION)
    assert found.silent
    page = ask(client, f"/editions/{vetoed.EDITION}?tab=consultation", "zh")
    assert not page.failed
    said = "\n".join(page.texts)
    assert f"{len(found.silent)}家单位尚未答复征求意见" in said
    assert f"冻结{found.entries}个项目" in said
    assert f"{found.vetoes}个被否决的项目尚未决定" in said
    assert "已看过以上后果和未了结事项" in said
    assert said.count("未答复 · 还有 9 天") == 2


def test_each_unit_of_the_list_stands_with_its_document(client: FlaskClient) -> None:
    page = ask(client, f"/editions/{vetoed.EDITION}?tab=lists", "zh")
    assert "桂湾办〔2026〕3号" in page.texts
    assert "2026-01-02 王芳" in page.texts
    assert page.texts.count("未表态") == 2


def test_a_lead_that_the_rule_cannot_give_is_set_on_its_page(client: FlaskClient) -> None:
    assert "/tasks?lead=T02" in ask(client, "/tasks", "zh").links
    page = ask(client, "/tasks?lead=T02", "zh")
    assert "随之确定的项目：6个" in page.texts
    assert "随之确定的项目" not in ask(client, "/tasks?lead=T22", "zh").texts


def test_a_unit_that_ended_shows_what_it_still_bears(client: FlaskClient) -> None:
    page = ask(client, "/hand-over", "zh")
    assert "/hand-over?from=GX-DLR" in page.links
    assert "填报项目1个" in ask(client, "/hand-over?from=GX-DLR", "zh").texts


@pytest.mark.parametrize(("unit", "stands"), [("GX-DNR", True), ("GX-DOF", False)])
def test_what_a_unit_is_asked_stands_among_its_work(engine: Engine, unit: str, stands: bool) -> None:
    server = create_dashboard(engine).server
    with server.test_request_context("/home"):
        g.identity = Identity(Actor("some.one", "lead_reviewer", unit, None, 7))
        said = str(home.layout(Context("zh", "light")))
    assert ("card-consultations" in said) is stands
    assert ("home-consultation" in said) is stands
    assert ("还有 9 天" in said) is stands
