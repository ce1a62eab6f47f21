"""Take the README's screenshots from the running product, on a database of its own with illustrative figures."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.upkeep.setup import initialise
from tests.support.chromium import browser
from tests.support.server import running

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE: ViewportSize = {"width": 1440, "height": 900}
SHOTS = {
    "overview-zh": ("/", "zh", "light"),
    "overview-en": ("/", "en", "dark"),
    "library-zh": ("/projects?q=钦州", "zh", "light"),
    "library-en": ("/projects?q=钦州", "en", "light"),
    "finance-zh": ("/finance?year=2027", "zh", "light"),
    "finance-en": ("/finance?year=2027", "en", "light"),
    "project-zh": ("/projects/GX-2018-0206", "zh", "light"),
    "allocation-zh": ("/allocation?scenario=S1", "zh", "light"),
    "allocation-en": ("/allocation?scenario=S1", "en", "dark"),
}


def shoot(chromium: Browser, address: str, name: str, path: str, lang: str, theme: str) -> None:
    """One page, as wide as a desk's screen."""
    context = chromium.new_context(viewport=SIZE)
    context.add_cookies(
        [{"name": key, "value": value, "url": address} for key, value in (("lang", lang), ("theme", theme))]
    )
    page = context.new_page()
    page.goto(address + path)
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1200)  # charts finish drawing
    page.screenshot(path=str(IMAGES / f"{name}.png"))
    context.close()


def allocate(chromium: Browser, address: str) -> None:
    """A scenario made and solved on its pages, with the edition that is there."""
    page = chromium.new_page(viewport=SIZE)
    page.goto(address + "/scenarios")
    page.click("#scenario-make")
    page.click("#allocation-solve")
    page.wait_for_selector("#allocation-value", timeout=60_000)
    page.close()


def main() -> None:
    """Start the product, take every shot, stop it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/portfolio.db"
        engine = make_engine(url)
        initialise(engine, "demo", lambda: None)
        with transaction(engine) as session:
            roll_edition(session, LOCAL_OWNER, EVERYTHING, NewEdition("2026", 2026, years=5))
        with running(url, f"{folder}/log", SIGN_IN="off") as address, browser() as chromium:
            allocate(chromium, address)
            for name, (path, lang, theme) in SHOTS.items():
                shoot(chromium, address, name, path, lang, theme)


if __name__ == "__main__":
    main()
