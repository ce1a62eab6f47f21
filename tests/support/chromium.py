"""A real Chromium; a page that fails its test on any console message, page error or request to another host."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

FLAGS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
# A loaded machine takes its time; what is right is seen at once, so patience costs nothing.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError("chromium: run scripts/system-packages.sh")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with an empty profile."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield running
        running.close()


class Windows:
    """Windows of a browser, kept for the next test: each is empty but for the scripts that never change.

    A page's scripts are megabytes to load and to compile; their addresses name their content.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._kept: list[tuple[ViewportSize, BrowserContext]] = []
        self._held: dict[Page, ViewportSize] = {}

    def open(self, width: int, height: int) -> Page:
        """An empty page in a window of that size which nobody else holds."""
        size: ViewportSize = {"width": width, "height": height}
        found = next((kept for kept in self._kept if kept[0] == size), None)
        if found is None:
            page = self._browser.new_context(viewport=size, accept_downloads=True).new_page()
        else:
            self._kept.remove(found)
            page = found[1].new_page()
        self._held[page] = size
        return page

    def close(self, page: Page) -> None:
        """Forget what a test left in the window of a page; a window that it closed itself is gone."""
        size, context = self._held.pop(page), page.context
        if page.is_closed():
            context.close()
            return
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": self._address, "storageTypes": "all"})
        for opened in context.pages:
            opened.close()
        context.clear_cookies()
        context.clear_permissions()
        self._kept.append((size, context))

    def close_all(self) -> None:
        """Close the windows nobody holds."""
        for _, context in self._kept:
            context.close()
        self._kept.clear()


# Dash's own queues: a callback stands in one of them from its trigger until its outputs are in the page.
RESTED = """() => {
    const state = window.store && window.store.getState();
    if (!state || state.appLifecycle !== 'HYDRATED') { return false; }
    const {stored, completed, ...underway} = state.callbacks;
    return Object.values(underway).every(queue => queue.length === 0);
}"""


def settled(page: Page) -> None:
    """Wait until the page has loaded what it asked for and no callback is under way."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(RESTED)


def shown(place: Locator) -> str:
    """The text of a place once there is one: a place is often there before its text."""
    expect(place).to_have_text(re.compile(r"\S"))
    return place.text_content() or ""


class Watch:
    """What went wrong in a page: console errors and warnings, page errors, failed answers, requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.faults: list[str] = []
        self._host = urlsplit(address).netloc
        page.on(
            "console", lambda m: self.faults.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self._host:
            self.faults.append(f"outside request: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")
