"""Every page in Chromium on an empty library, on the scheme alone and on a half filled one: nothing falls over.

The fourth library, the full demonstration, is opened page by page in `test_pages.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.pages import ADDRESSES
from tests.support import half_filled as half
from tests.support.chromium import Watch, settled
from tests.support.databases import Databases
from tests.support.page_walk import ABSENT
from tests.support.server import running

pytestmark = pytest.mark.e2e
TABS = ("elements", "finance", "readiness", "screening")
PARTS = ("board", "proposals", "consultation", "annual", "schedule", "tasks", "exits", "lists", "entry")
RECORDS = (
    *(f"/projects/{code}" for code in (half.BARE, half.PLACED, half.DATED, half.ONE_NEED, half.MONEY, half.ENDED)),
    *(f"/projects/{half.DATED}?tab={tab}" for tab in TABS),
    f"/projects/{half.BARE}/edit",
    f"/projects/{half.DATED}?as_of={half.YEAR}-01-01",
    *(f"/editions/{quote(half.EDITION)}?tab={part}&project={half.DATED}" for part in PARTS),
    *(f"/allocation?scenario={quote(code)}" for code in half.SCENARIOS),
    "/scenarios?" + "&".join(f"code={quote(code)}" for code in half.SCENARIOS),
    f"/finance/review?round={quote(half.REVIEW)}",
    *(f"/accounts?element={element}&year={half.YEAR}" for element in ("fund", "land", "sea", "forest")),
    f"/reporting?round={quote(half.ROUND)}",
)
# A link inside the document is followed as the menu follows one: without loading the document again.
FOLLOW = """address => {
    document.querySelector('#content').firstElementChild.dataset.left = 'yes';
    history.pushState({}, '', address);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
}"""


@pytest.fixture
def opened(
    request: pytest.FixtureRequest, browser: Browser, sqlite_databases: Databases, tmp_path: Path
) -> Iterator[Page]:
    """The first page of a library in a language, in a window as wide as asked."""
    level, lang, theme, width = request.param
    with running(sqlite_databases.make("sqlite", level), str(tmp_path / "log")) as address:
        if level == "half":
            _half_an_import(address)
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in (("lang", lang), ("theme", theme))])
        page = context.new_page()
        watch = Watch(page, address)
        page.goto(address)
        page.wait_for_selector("h1")
        yield page
        settled(page)
        context.close()
        assert watch.faults == []


def _half_an_import(address: str) -> None:
    """A table that was sent and has findings, and waits for somebody to look."""
    table = "项目编号,项目名称,开工年月\n,,2018.10\n,半填项目9,\n"
    sent = httpx2.post(f"{address}/api/v1/imports/uploads", files={"file": ("半.csv", table.encode())}, timeout=60)
    assert (sent.status_code, sent.json()["id"]) == (201, 1)


def look(page: Page, address: str) -> None:
    """Follow a link to a page: its heading, no failure, and no value that is missing written out."""
    if page.evaluate("location.pathname + location.search") != address:
        page.evaluate(FOLLOW, address)
        page.wait_for_function("() => !document.querySelector('#content > [data-left]')")
    settled(page)
    expect(page.locator("#content h1"), address).to_have_count(1)
    expect(page.locator(".fault"), address).to_have_count(0)
    found = ABSENT.search(page.locator("body").inner_text())
    assert found is None, f"{address}: {found}"


@pytest.mark.parametrize(
    ("opened", "more"),
    [(("bare", "zh", "light", 1440), ()), (("scheme", "en", "dark", 390), ()), (("half", "zh", "dark", 1440), RECORDS)],
    indirect=["opened"],
    ids=["empty", "scheme", "half-filled"],
)
def test_every_page_opens(opened: Page, more: tuple[str, ...]) -> None:
    addresses = [*ADDRESSES, *more, *(["/exchange/1"] if more else [])]
    for address in addresses:
        look(opened, address)
