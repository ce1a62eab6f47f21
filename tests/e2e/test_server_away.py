"""PostgreSQL is stopped beneath a reader in Chromium: told in the frame, in their language; over when it is back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text

from portfolio.core.database import make_engine
from tests.support import half_filled as half
from tests.support.chromium import settled
from tests.support.databases import Databases
from tests.support.postgres import Cluster, cluster_of_its_own
from tests.support.server import running

pytestmark = pytest.mark.e2e
TITLE = {"zh": "数据库暂时不可用", "en": "The database is not available"}
REMEDY = {"zh": "请稍后再试；仍不行请把请求编号告诉管理员", "en": "tell the administrator the request number"}
NUMBER = {"zh": r"请求编号：([0-9a-f]{32})", "en": r"Request number: ([0-9a-f]{32})"}
MENU = {"zh": ("项目库", "任务与单位"), "en": ("Project library", "Tasks and units")}


@pytest.fixture(scope="module")
def stoppable() -> Iterator[Cluster]:
    with cluster_of_its_own() as made:
        yield made


@pytest.fixture(scope="module")
def databases(stoppable: Cluster, tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Databases:
    return Databases(tmp_path_factory.mktemp("databases"), shared, stoppable.url)


# With `auto` the database is asked who comes before anything else is; with `off` the page or the act itself meets it.
@pytest.mark.parametrize(("lang", "sign_in", "mode"), [("zh", "off", "fast"), ("en", "auto", "immediate")])
def test_a_server_that_is_stopped_is_told_and_comes_back(
    browser: Browser, stoppable: Cluster, databases: Databases, tmp_path: Path, lang: str, sign_in: str, mode: str
) -> None:
    url, log = databases.make("postgresql", "half"), tmp_path / "log"
    with running(url, str(log), SIGN_IN=sign_in) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/projects/{half.MONEY}")
        settled(page)
        numbers = _told_everywhere(page, stoppable, address, lang, mode)
        _over(page, url, lang)
        context.close()
    said = log.read_text(encoding="utf-8")
    assert [number for number in numbers if number not in said] == []
    assert "半填" not in said


def _told_everywhere(page: Page, stoppable: Cluster, address: str, lang: str, mode: str) -> list[str]:
    """A save, a way in the menu and a page opened anew while the server is away; returns the numbers that were told."""
    page.click("#edit-open")
    page.fill("#edit-owner", "半填业主")
    stoppable.stop(mode)
    try:
        page.click("#edit-save")
        numbers = [_told(page.locator(".mantine-Notification-root"), lang)]
        expect(page.locator("#edit-owner")).to_have_value("半填业主")
        other = page.context.new_page()
        other.goto(f"{address}/tasks")
        numbers.append(_told(other.locator(".fault"), lang))
        expect(other.locator("nav a", has_text=MENU[lang][0]).first).to_be_visible()
        refused = page.request.get(f"{address}/api/v1/projects", headers={"Accept-Language": lang})
        assert (refused.status, refused.json()["code"]) == (503, "server.away")
        assert page.request.get(f"{address}/api/ready").status == 503
    finally:
        stoppable.start()
    other.locator(".fault a").first.click()
    expect(other.locator("h1")).to_have_text(MENU[lang][1])
    settled(other)
    stoppable.stop(mode)
    try:
        other.locator("nav a", has_text=MENU[lang][0]).click()
        numbers.append(_told(other.locator("#content .fault"), lang))
        expect(other.locator("nav a", has_text=MENU[lang][0])).to_be_visible()
    finally:
        stoppable.start()
    other.locator("nav a", has_text=MENU[lang][1]).click()
    expect(other.locator("h1")).to_have_text(MENU[lang][1])
    other.close()
    return numbers


def _told(place: Locator, lang: str) -> str:
    """What is wrong, what to do, and the request's number, which is returned."""
    expect(place).to_contain_text(TITLE[lang])
    expect(place).to_contain_text(REMEDY[lang])
    found = re.search(NUMBER[lang], place.text_content() or "")
    assert found is not None
    return found[1]


def _over(page: Page, url: str, lang: str) -> None:
    """What was typed before the server went is still in its field, and is saved now that it is back."""
    page.click("#edit-save")
    expect(page.locator("#card-facts")).to_contain_text("半填业主")
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT owner FROM projects WHERE code = :code"), {"code": half.MONEY})
        assert found.scalar_one() == "半填业主"
    engine.dispose()
