"""Fixtures: databases on SQLite and PostgreSQL, the running product, a watched browser page."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, Scope
from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from tests.support import chromium, postgres, run_folder
from tests.support.databases import Databases, Level
from tests.support.server import running

BOTH = ("sqlite", "postgresql")
SHARED = pytest.StashKey[run_folder.RunFolder]()
# Tests act as the local owner unless they are about signing in: those set it themselves.
os.environ["SIGN_IN"] = "off"
# A password costs what the product asks of it only where that cost is tested: tests make hundreds.
os.environ |= {"PASSWORD_MEMORY_MIB": "8", "PASSWORD_ROUNDS": "1"}
# Nor is the power cut off: only tests of what a commit costs and keeps ask SQLite to wait for the disk.
os.environ["SQLITE_SYNCHRONOUS"] = "normal"

# How long an example takes says how loaded the machine is, nothing of the product.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# What takes long starts first, so that no process is left alone with it at the end, and the two that start together
# do not both wait for the demonstration's figures. Within a file the order stays.
FIRST = (
    "tests/e2e/test_pages.py",
    "tests/api/test_document.py",
    "tests/upgrades/",
    "tests/allocation/",
    "tests/e2e/",
    "tests/archiving/",
    "tests/cli/",
    "tests/ledger/",
)


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the run makes what its processes share …"""
    if not hasattr(config, "workerinput"):
        config.stash[SHARED] = run_folder.open_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """… and takes it away when all of them have ended."""
    made = config.stash.get(SHARED, None)
    if made is not None:
        postgres.stop_cluster(made.path)
        made.remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first."""

    def place(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(FIRST) if item.nodeid.startswith(name)), len(FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _attachments_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files attached by tests lie in a folder of their own, also those of the processes they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTACHMENTS_DIR", str(tmp_path_factory.mktemp("attachments")))
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def shared() -> Path:
    """A folder for all processes of this run."""
    return run_folder.folder()


@pytest.fixture(scope="session")
def _databases_apart(shared: Path) -> Path:
    """Where this process keeps its SQLite databases."""
    return Path(tempfile.mkdtemp(dir=shared))


@pytest.fixture(scope="session")
def sqlite_databases(_databases_apart: Path, shared: Path) -> Databases:
    return Databases(_databases_apart, shared)


@pytest.fixture(scope="session")
def both_databases(_databases_apart: Path, shared: Path) -> Databases:
    return Databases(_databases_apart, shared, postgres.cluster_url())


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _opened(databases: Databases, kind: str, level: Level) -> Iterator[Engine]:
    url = databases.make(kind, level)
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def engine(backend: str, both_databases: Databases) -> Iterator[Engine]:
    """The scheme, on each database."""
    yield from _opened(both_databases, backend, "scheme")


@pytest.fixture
def sqlite_engine(sqlite_databases: Databases) -> Iterator[Engine]:
    """The scheme, on SQLite."""
    yield from _opened(sqlite_databases, "sqlite", "scheme")


@pytest.fixture
def demo_engine(sqlite_databases: Databases) -> Iterator[Engine]:
    """The scheme with illustrative figures, on SQLite."""
    yield from _opened(sqlite_databases, "sqlite", "demo")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def sqlite_session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def actor() -> Actor:
    return LOCAL_OWNER


@pytest.fixture
def scope() -> Scope:
    return EVERYTHING


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product with illustrative figures, running."""
    log: Path = tmp_path_factory.mktemp("server") / "log"
    with running(sqlite_databases.make("sqlite", "demo"), str(log)) as started:
        yield started


@pytest.fixture(scope="module")
def windows(browser: Browser, address: str) -> Iterator[chromium.Windows]:
    """Windows on the running product."""
    kept = chromium.Windows(browser, address)
    yield kept
    kept.close_all()


@pytest.fixture
def open_page(windows: chromium.Windows, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a language and theme; at the end nothing may have gone wrong in any of them."""
    opened: list[tuple[Page, chromium.Watch]] = []

    def open_at(path: str, lang: str = "zh", theme: str = "light", width: int = 1440, height: int = 900) -> Page:
        page = windows.open(width, height)
        cookies = {"lang": lang, "theme": theme}
        page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        opened.append((page, chromium.Watch(page, address)))
        page.goto(address + path)
        page.wait_for_selector("h1")
        return page

    yield open_at
    faults = [fault for _, watch in opened for fault in watch.faults]
    for page, _ in opened:
        windows.close(page)
    assert faults == []
