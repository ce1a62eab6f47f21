"""Saving is honest: offline, a server that is away or answers 5xx, a session that ends, two people at one machine."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.core.clock import utc_now
from portfolio.core.database import make_engine
from portfolio.demonstration.people import PASSWORD
from portfolio.needs.beside import needs_beside
from portfolio.projects.queries import get_project
from portfolio.projects.service import with_proposal
from tests.support import chromium
from tests.support.databases import Databases
from tests.support.postgres import free_port
from tests.support.server import running, serving
from tests.support.unfolding import unfold

pytestmark = pytest.mark.e2e
CALLBACKS = "**/_dash-update-component?*"
OURS = "GX-2018-0207"  # led by the office's unit
KEPT = "Object.keys(sessionStorage).filter(name => name.startsWith('portfolio-kept:'))"
Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def database(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "demo")


@pytest.fixture(scope="module")
def guarded(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("saving") / "log"
    with running(database, str(log), SIGN_IN="auto") as started:
        yield started


@pytest.fixture
def machine(browser: Browser) -> Iterator[BrowserContext]:
    """One browser on one machine, whoever sits at it."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield context
    context.close()


@pytest.fixture
def enter(machine: BrowserContext, guarded: str) -> Enter:
    def sign_in(who: str, path: str, page: Page | None = None, clock: bool = False) -> Page:
        page = page or machine.new_page()
        if clock:
            page.clock.install()
        page.goto(guarded + path)
        fill_sign_in(page, who)
        page.wait_for_selector("#content h1")
        chromium.settled(page)
        return page

    return sign_in


def fill_sign_in(page: Page, who: str) -> None:
    page.fill("#name", f"demo.{who}")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")


def field(name: str) -> str:
    return f"[id='{json.dumps({'name': name, 'type': 'entry'}, separators=(',', ':'))}']"


def status(page: Page) -> Any:
    return expect(page.locator("#entry-status"))


def answering(page: Page, kinds: list[str]) -> None:
    """Answer confirms in order: `yes` or `no`."""
    page.on("dialog", lambda asked: asked.accept() if kinds.pop(0) == "yes" else asked.dismiss())


def execute(database: str, statement: str, **values: Any) -> list[Any]:
    engine = make_engine(database)
    with engine.begin() as connection:
        found = connection.execute(text(statement), values)
        rows = list(found) if found.returns_rows else []
    engine.dispose()
    return rows


def drafts(database: str, actor: str) -> str:
    rows = execute(database, "SELECT content FROM drafts WHERE actor = :actor", actor=actor)
    return " ".join(row.content for row in rows)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + chromium.PATIENCE_MS / 1000
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_typing_is_kept_while_the_line_is_down_and_saved_when_it_is_back(
    enter: Enter, machine: BrowserContext, database: str
) -> None:
    page = enter("office", "/projects/new")
    page.fill(field("name_zh"), "断网试验码头")
    unfold(page, "identity", "location")
    status(page).to_contain_text("已自动暂存")
    machine.set_offline(True)
    page.fill(field("owner"), "甲公司")
    expect(page.locator(".line-down")).to_contain_text("没有保存")
    status(page).to_contain_text("没有暂存上")
    assert "甲公司" not in drafts(database, "demo.office")
    page.fill(field("owner"), "甲公司与乙公司")
    machine.set_offline(False)
    # An answer to the change before may come within the moment after which an input tells its value.
    expect(page.locator(".line-down")).to_be_hidden()
    until(lambda: "甲公司与乙公司" in drafts(database, "demo.office"))
    status(page).to_contain_text("已自动暂存")
    assert page.evaluate(KEPT) == []
    # A server that answers but fails is no better, and what was typed outlives a reload of the page.
    page.route(CALLBACKS, lambda route: route.fulfill(status=503, body=""))
    page.fill(field("address"), "邕江北岸")
    status(page).to_contain_text("没有暂存上")
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    expect(page.locator(field("address"))).to_have_value("邕江北岸")
    expect(page.get_by_text("已找回上次没能传到服务器的内容")).to_be_visible()
    assert "邕江北岸" not in drafts(database, "demo.office")
    page.unroute(CALLBACKS)
    status(page).to_contain_text("已自动暂存")
    assert "邕江北岸" in drafts(database, "demo.office")
    page.locator("#entry-discard").click()
    page.wait_for_url("**draft=new-*")
    expect(page.locator(field("name_zh"))).to_have_value("")


def test_a_server_killed_while_one_types_costs_nothing(
    machine: BrowserContext, sqlite_databases: Databases, tmp_path: Path
) -> None:
    database, port = sqlite_databases.make("sqlite", "demo"), free_port()
    page = machine.new_page()
    with serving(database, str(tmp_path / "first"), port) as served:
        page.goto(served.address + "/projects/new")
        page.fill(field("name_zh"), "停机试验")
        unfold(page, "identity")
        status(page).to_contain_text("已自动暂存")
        # It neither answers nor refuses: after a while the page asks, gets no answer, and says so.
        served.process.send_signal(signal.SIGSTOP)
        page.fill(field("owner"), "丙公司")
        expect(page.locator(".line-down")).to_be_visible()
        served.process.send_signal(signal.SIGCONT)
        status(page).to_contain_text("已自动暂存")
        served.process.kill()
        page.fill(field("owner"), "丙公司和丁公司")
        expect(page.locator(".line-down")).to_be_visible()
        status(page).to_contain_text("没有暂存上")
    with serving(database, str(tmp_path / "second"), port):
        status(page).to_contain_text("已自动暂存")
    assert "丙公司和丁公司" in drafts(database, "local")


def cell_of(page: Page, item: str, year: int) -> Any:
    return page.locator(f"#needs-grid [row-id='{item}'] [col-id='y{year}']")


def type_cell(page: Page, item: str, year: int, words: str) -> None:
    cell_of(page, item, year).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_cells_that_could_not_be_saved_are_marked_and_saved_later(
    enter: Enter, machine: BrowserContext, database: str
) -> None:
    page = enter("office", f"/projects/{OURS}")
    page.locator("#card-needs").scroll_into_view_if_needed()
    machine.set_offline(True)
    type_cell(page, "fund.tbd", 2029, "777.5")
    expect(page.locator(".line-down")).to_be_visible()
    expect(cell_of(page, "fund.tbd", 2029)).to_have_css("outline-style", "dashed")
    expect(page.get_by_text("已保存", exact=True)).to_have_count(0)
    machine.set_offline(False)
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    assert required(database, "fund.tbd", 2029) == 7_775_000
    page.route(CALLBACKS, lambda route: route.fulfill(status=500, body=""))
    type_cell(page, "fund.tbd", 2029, "778")
    expect(page.locator(".line-cells")).to_be_visible()
    page.unroute(CALLBACKS)
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    assert required(database, "fund.tbd", 2029) == 7_780_000
    assert page.evaluate(KEPT) == []


def required(database: str, item: str, year: int) -> int:
    engine = make_engine(database)
    with Session(engine) as session:
        rows = needs_beside(session, EVERYTHING, OURS).rows  # what an office saves of it waits for its reviewers
    engine.dispose()
    return next(row["required"] for row in rows if (row["item"], row["year"]) == (item, year))


def owner(database: str) -> str:
    engine = make_engine(database)
    with Session(engine) as session:
        found = with_proposal(session, get_project(session, EVERYTHING, OURS))["owner"]
    engine.dispose()
    return str(found)


def test_a_dialog_says_that_it_was_not_saved_and_asks_before_it_is_thrown_away(
    enter: Enter, machine: BrowserContext, database: str
) -> None:
    page, answers = enter("office", f"/projects/{OURS}?tab=finance"), ["no", "no", "no", "yes"]
    answering(page, answers)
    page.get_by_role("link", name="概况").click()
    page.wait_for_selector("#card-facts")
    page.click("#edit-open")
    page.fill("#edit-owner", "未存单位")
    machine.set_offline(True)
    page.click("#edit-save")
    expect(page.locator(".line-failed")).to_contain_text("视为没有保存")
    expect(page.locator("#edit-owner")).to_have_value("未存单位")
    machine.set_offline(False)
    expect(page.locator(".line-down")).to_be_hidden()
    assert owner(database) != "未存单位"
    page.click("#edit-cancel")
    page.keyboard.press("Escape")
    page.evaluate("history.back()")
    chromium.settled(page)
    expect(page.locator("#edit-owner")).to_be_visible()
    assert page.url.endswith(OURS)
    page.locator(".mantine-Modal-close").first.click()
    expect(page.locator("#edit-owner")).to_be_hidden()
    assert answers == []
    page.click("#edit-open")
    expect(page.locator("#edit-owner")).not_to_have_value("未存单位")
    page.fill("#edit-owner", "已存单位")
    page.click("#line-dismiss")
    page.click("#edit-save")
    expect(page.locator("#proposal-open")).to_contain_text("已存单位")
    page.locator("nav a", has_text="任务与单位").click()  # nothing is asked: it was saved
    expect(page.locator("h1")).to_have_text("任务与单位")


def shift(database: str, **ago: timedelta) -> None:
    """Set the sessions' beginning or last use back, as time would."""
    for column, span in ago.items():
        execute(database, f"UPDATE sign_ins SET {column} = :at", at=(utc_now() - span).strftime("%Y-%m-%d %H:%M:%S.%f"))


def test_an_ending_session_is_told_and_extended_and_its_end_loses_nothing(
    enter: Enter, guarded: str, machine: BrowserContext, database: str
) -> None:
    page = enter("office", f"/projects/{OURS}", clock=True)
    expect(page.locator(".line-idle")).to_be_hidden()
    shift(database, seen_at=timedelta(minutes=56))
    page.clock.fast_forward("55:30")
    expect(page.locator(".line-idle")).to_contain_text(re.compile("即将结束.*4"))
    page.click("#session-stay")
    expect(page.locator(".line-idle")).to_be_hidden()
    shift(database, started_at=timedelta(hours=11, minutes=57))
    page.clock.fast_forward("55:30")
    expect(page.locator(".line-hard")).to_contain_text(re.compile("最长时限.*3"))
    page.click("#edit-open")
    page.fill("#edit-owner", "续登后保存")
    execute(database, "DELETE FROM sign_ins")
    page.click("#edit-save")
    expect(page.locator(".line-ended")).to_contain_text("没有保存")
    expect(page.locator("#edit-owner")).to_have_value("续登后保存")
    with machine.expect_page() as opened:
        page.locator(".line-ended a").click()
    fill_sign_in(opened.value, "office")
    opened.value.wait_for_selector("#card-facts")
    assert opened.value.url == f"{guarded}/projects/{OURS}"
    page.clock.fast_forward("00:15")
    expect(page.locator(".line-ended")).to_be_hidden()
    page.click("#edit-save")
    expect(page.locator("#proposal-open")).to_contain_text("续登后保存")
    assert owner(database) == "续登后保存"


def test_the_form_is_whole_again_after_signing_in_again(enter: Enter, guarded: str, database: str) -> None:
    page = enter("office", "/projects/new")
    execute(database, "DELETE FROM sign_ins")
    page.fill(field("name_zh"), "过期试验")
    expect(page.locator(".line-ended")).to_be_visible()
    status(page).to_contain_text("没有暂存上")
    page.locator(".line-ended a").click()
    fill_sign_in(page, "office")
    page.wait_for_url(guarded + "/projects/new")
    expect(page.locator(field("name_zh"))).to_have_value("过期试验")
    status(page).to_contain_text("已自动暂存")
    page.on("dialog", lambda asked: asked.accept())
    page.locator("#entry-discard").click()
    page.wait_for_url("**draft=new-*")


def test_two_people_at_one_machine_do_not_meet_each_others_typing(
    enter: Enter, guarded: str, machine: BrowserContext, database: str
) -> None:
    page = enter("office", "/projects/new")
    aside = machine.new_page()
    aside.goto(guarded + "/projects/new")
    chromium.settled(aside)
    unfold(page, "people")
    unfold(aside, "people")
    execute(database, "DELETE FROM sign_ins")
    page.fill(field("contacts.0.name"), "张三")
    expect(page.locator(".line-ended")).to_be_visible()
    assert len(page.evaluate(KEPT)) == 1
    page.locator(".line-ended a").click()
    fill_sign_in(page, "planner")
    page.wait_for_url(guarded + "/projects/new")
    status(page).to_contain_text("与已保存内容相同")
    expect(page.locator(field("contacts.0.name"))).to_have_value("")
    assert page.evaluate(KEPT) == []
    # The first person's other window speaks for nobody else.
    aside.fill(field("contacts.0.name"), "李四")
    expect(aside.locator(".line-other")).to_contain_text("不会保存")
    assert "李四" not in drafts(database, "demo.planner") + drafts(database, "demo.office")
    # Signing out forgets what was typed, in every window, and asks first.
    page.route(CALLBACKS, lambda route: route.fulfill(status=503, body=""))
    unfold(page, "people")
    page.fill(field("contacts.0.name"), "王五")
    status(page).to_contain_text("没有暂存上")
    asked: list[str] = []

    def leave(one: Dialog) -> None:
        asked.append(one.message)
        one.accept()

    page.on("dialog", leave)
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_selector("#name")
    assert asked == ["本页有尚未保存的内容，离开后将丢失。确定离开吗？"]
    assert page.evaluate(KEPT) == []
    aside.wait_for_selector("#name")
    assert aside.evaluate(KEPT) == []
