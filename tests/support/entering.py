"""The demonstration's accounts in a browser, each in a window of its own, with nothing wrong in any of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from portfolio.demonstration.people import PASSWORD
from tests.support.chromium import Watch

Enter = Callable[..., Page]


@contextmanager
def entering(browser: Browser, address: str) -> Iterator[Enter]:
    """Signs `demo.<who>` in at a path and gives the page; at the end no window may have had a fault."""
    opened: list[tuple[Page, Watch]] = []

    def sign_in(who: str, path: str = "/home") -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        page = context.new_page()
        opened.append((page, Watch(page, address)))
        page.goto(address + path)
        page.fill("#name", f"demo.{who}")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("#content h1")
        return page

    yield sign_in
    faults = [fault for _, watch in opened for fault in watch.faults]
    for page, _ in opened:
        page.context.close()
    assert faults == []
