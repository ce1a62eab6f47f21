"""What could not be saved stays in the window while the document is one around a fault, which knows no account."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.engine import make_url

from portfolio.demonstration.people import PASSWORD
from tests.support.chromium import settled
from tests.support.databases import Databases
from tests.support.server import running
from tests.support.unfolding import unfold

pytestmark = pytest.mark.e2e
CALLBACKS, LAYOUT = "**/_dash-update-component?*", "**/_dash-layout*"
KEPT = "Object.keys(sessionStorage).filter(name => name.startsWith('portfolio-kept:')).sort()"
OWNER = '[id=\'{"name":"owner","type":"entry"}\']'
OTHERS = "portfolio-kept:demo.planner:entry:new"


def test_a_document_around_a_fault_clears_nobodys_keeping(
    browser: Browser, sqlite_databases: Databases, tmp_path: Path
) -> None:
    url = sqlite_databases.make("sqlite", "demo")
    with running(url, str(tmp_path / "log"), SIGN_IN="auto", READ_WAIT_SECONDS="1") as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        page = context.new_page()
        _typed_in_vain(page, address)
        page.evaluate(f"sessionStorage.setItem('{OTHERS}', '{{}}')")
        held = page.evaluate(KEPT)
        assert len(held) == 2
        kept = _reloaded_around_a_fault(page, Path(str(make_url(url).database)))
        assert page.evaluate(KEPT) == held
        page.evaluate("window.portfolioKept.clearOthers()")
        assert page.evaluate(KEPT) == held
        kept.rename(kept.with_suffix(".db"))
        page.unroute_all()
        page.goto(f"{address}/projects/new")
        expect(page.locator(OWNER)).to_have_value("甲公司")
        # A document that knows its account forgets what another left.
        expect(page.locator("#entry-status")).to_contain_text("已自动暂存")
        assert page.evaluate(KEPT) == []
        context.close()


def _typed_in_vain(page: Page, address: str) -> None:
    page.goto(f"{address}/projects/new")
    page.fill("#name", "demo.office")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("#content h1")
    settled(page)
    unfold(page, "identity")
    page.route(CALLBACKS, lambda route: route.fulfill(status=503, body=""))
    page.on("dialog", lambda asked: asked.accept())
    page.fill(OWNER, "甲公司")
    expect(page.locator("#entry-status")).to_contain_text("没有暂存上")


def _reloaded_around_a_fault(page: Page, file: Path) -> Path:
    """Reload while the file goes away between the document and its layout; returns where the file is now."""
    away = file.with_suffix(".kept")

    def without_its_database(route: Route) -> None:
        file.rename(away)
        route.continue_()

    page.route(LAYOUT, without_its_database)
    page.unroute(CALLBACKS)
    page.reload()
    expect(page.locator(".fault h1")).to_have_text("数据库暂时不可用")
    expect(page.locator("#line")).to_have_attribute("data-account", "")
    settled(page)
    return away
