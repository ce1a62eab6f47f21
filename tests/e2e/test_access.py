"""People in a real browser: sign in, see one's own, be refused what is not, lose the session and come back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from portfolio.core.database import make_engine
from portfolio.demonstration.people import PASSWORD
from tests.support import chromium
from tests.support.chromium import shown
from tests.support.databases import Databases
from tests.support.server import running

pytestmark = pytest.mark.e2e
THEIRS = "GX-2018-0001"  # 南宁市's, not led by the transport department


@pytest.fixture(scope="module")
def database(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "demo")


@pytest.fixture(scope="module")
def guarded(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product with its demonstration accounts, where everybody signs in."""
    log: Path = tmp_path_factory.mktemp("guarded") / "log"
    with running(database, str(log), SIGN_IN="auto") as started:
        yield started


@pytest.fixture
def enter(browser: Browser, guarded: str) -> Iterator[Callable[..., Page]]:
    opened: list[tuple[Page, chromium.Watch]] = []

    def sign_in(name: str, path: str = "/", lang: str = "zh") -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "lang", "value": lang, "url": guarded}])
        page = context.new_page()
        opened.append((page, chromium.Watch(page, guarded)))
        page.goto(guarded + path)
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("#content h1")
        return page

    yield sign_in
    # A session that has ended is told by a 401, which the browser's console repeats.
    faults = [fault for _, watch in opened for fault in watch.faults if "401" not in fault]
    for page, _ in opened:
        page.context.close()
    assert faults == []


def test_an_office_comes_back_to_where_it_wanted_and_sees_its_own(enter: Callable[..., Page], guarded: str) -> None:
    page = enter("demo.office", "/projects?stage=under_construction")
    expect(page).to_have_url(guarded + "/projects?stage=under_construction")
    page.goto(guarded + "/projects")
    page.wait_for_selector(".ag-row")
    expect(page.locator(".who")).to_have_text(re.compile(r"^\s*demo\.office.*自治区交通运输厅", re.DOTALL))
    page.goto(f"{guarded}/projects/{THEIRS}")
    page.wait_for_selector(".state h1")
    chromium.settled(page)
    expect(page.locator("#edit-open")).to_have_count(0)


def test_a_leader_is_offered_no_change(enter: Callable[..., Page], guarded: str) -> None:
    page = enter("demo.leader", f"/projects/{THEIRS}")
    chromium.settled(page)
    expect(page.locator("#edit-open")).to_be_hidden()
    page.goto(guarded + "/exchange")
    page.wait_for_selector("#content h1")
    chromium.settled(page)
    expect(page.locator("#import-file")).to_be_hidden()
    page.goto(guarded + "/people")
    page.wait_for_selector(".state h1")


def test_an_import_says_which_projects_become_drafts(enter: Callable[..., Page], guarded: str, tmp_path: Path) -> None:
    table = tmp_path / "needs.csv"
    table.write_text("project,item,year,required\nGX-2018-0207,fund.tbd,2033,1\n", encoding="utf-8")
    page = enter("demo.office", "/exchange")
    page.set_input_files("#import-file input", str(table))
    expect(page.locator("#import-amended")).to_have_text("其中1个已入库项目将转为草稿，确认后须重新报送。")
    page.click("#import-confirm")
    expect(page.locator("#import-amended")).to_contain_text("1个项目转为草稿，请报送。")
    page.click("#import-amended a")
    expect(page).to_have_url(guarded + "/projects?state=draft")
    page.wait_for_selector(".ag-row >> text=GX-2018-0207")


@pytest.mark.parametrize("name", ["demo.leader", "demo.auditor"])
def test_who_may_not_import_is_offered_no_act_on_an_import(
    enter: Callable[..., Page], guarded: str, tmp_path: Path, name: str
) -> None:
    table = tmp_path / "needs.csv"
    table.write_text("project,item,year,required\nGX-2018-0207,fund.own,2034,1\n", encoding="utf-8")
    office = enter("demo.office", "/exchange")
    office.set_input_files("#import-file input", str(table))
    expect(office.locator("#import-confirm")).to_be_visible()
    page = enter(name, urlsplit(office.url).path)
    expect(page.locator("#import-original")).to_be_visible()
    chromium.settled(page)
    expect(page.locator("#import-confirm")).to_be_hidden()
    expect(page.locator("#import-check")).to_be_hidden()
    office.click("#import-confirm")
    expect(office.locator("#import-undo-open")).to_be_visible()
    page.reload()
    expect(page.locator("#import-line")).to_be_visible()
    chromium.settled(page)
    expect(page.locator("#import-undo-open")).to_be_hidden()
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("#import-undo-open")
    expect(office.locator("#import-undo-open")).to_be_hidden()


def test_an_ended_session_leads_to_sign_in_and_back(enter: Callable[..., Page], guarded: str, database: str) -> None:
    page = enter("demo.planner", "/tasks")
    engine = make_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sign_ins"))
    engine.dispose()
    page.click("nav >> text=项目库")
    page.wait_for_selector("#name")
    expect(page).to_have_url(guarded + "/sign-in?next=%2Fprojects")
    page.fill("#name", "demo.planner")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".ag-row")
    expect(page).to_have_url(guarded + "/projects")


def test_an_administrator_adds_changes_and_disables(enter: Callable[..., Page], guarded: str) -> None:
    page = enter("demo.admin", "/people", "en")
    page.fill("#person-name", "new.reviewer")
    page.fill("#person-password", "five unusual words here")
    page.click("#person-add")
    page.wait_for_selector("#person-result >> text=This role needs this field")
    page.click("#person-unit")
    page.fill("#person-unit", "Department of Transport")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.click("#person-add")
    page.click("#card-people >> text=new.reviewer")
    page.wait_for_selector("#card-person >> text=Account new.reviewer")
    page.click("#person-disable")
    page.wait_for_selector("#card-people >> text=disabled")


def test_an_administrator_clears_an_address_that_failed(enter: Callable[..., Page], guarded: str) -> None:
    page = enter("demo.admin", "/people")
    for number in range(3):
        given: dict[str, str | float | bool] = {"name": f"nobody{number}", "password": "wrong"}
        tried = page.request.post(f"{guarded}/sign-in?lang=zh", form=given)
        assert (tried.status, "账号或密码不对" in tried.text()) == (403, True)
    page = enter("demo.admin", "/people")
    expect(page.locator("#card-addresses")).to_contain_text("127.0.0.1")
    page.locator("#card-addresses button").click()
    expect(page.get_by_text("已解除该地址的登录限制。")).to_be_visible()
    expect(page.locator("#card-addresses")).to_contain_text("近期没有登录失败的地址。")


def test_recovery_codes_are_renewed(enter: Callable[..., Page]) -> None:
    page = enter("demo.auditor", "/account")
    page.click("#second-start")
    secret = page.locator("#second-form code").inner_text()
    page.fill("#second-code", pyotp.TOTP(secret).now())
    page.click("#second-confirm")
    before = shown(page.locator("#second-result pre")).split()
    page.reload()
    page.fill("#second-password", "not the password")
    page.click("#second-codes")
    expect(page.locator("#second-result")).to_contain_text("原密码不对")
    page.fill("#second-password", PASSWORD)
    page.click("#second-codes")
    page.locator("#second-result pre").wait_for()
    after = shown(page.locator("#second-result pre")).split()
    assert len(after) == 10 and not set(after) & set(before)
    expect(page.locator("#second-count")).to_contain_text("10")
    page.fill("#second-password", PASSWORD)
    page.click("#second-off")
    expect(page.locator("#second-start")).to_be_visible()


def test_signing_out_ends_it(enter: Callable[..., Page], guarded: str) -> None:
    page = enter("demo.city")
    page.click("text=退出登录")
    page.wait_for_selector("#name")
    page.goto(guarded + "/projects")
    page.wait_for_selector("#name")
