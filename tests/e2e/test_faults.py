"""The database is held by another, or goes away, beneath a reader in Chromium: told in the frame, over when it is."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.engine import make_url

from tests.support import half_filled as half
from tests.support.chromium import settled
from tests.support.databases import Databases
from tests.support.server import running

pytestmark = pytest.mark.e2e
NUMBER = r"请求编号：[0-9a-f]{32}"


@pytest.fixture
def library(sqlite_databases: Databases, tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """The half filled library served with little patience: its address, its file and the server's log."""
    url, log = sqlite_databases.make("sqlite", "half"), tmp_path / "log"
    with running(url, str(log), READ_WAIT_SECONDS="1", WRITE_WAIT_SECONDS="1") as address:
        yield address, Path(str(make_url(url).database)), log


@pytest.fixture
def page(browser: Browser, library: tuple[str, Path, Path]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.goto(library[0] + f"/projects/{half.MONEY}")
    settled(opened)
    yield opened
    context.close()


def test_a_database_that_is_held_or_away_is_told_and_comes_back(page: Page, library: tuple[str, Path, Path]) -> None:
    address, file, log = library
    _held_by_another(page, file)
    _away_beneath_a_document(page, file)
    _away_before_a_document(page, address, file)
    said = log.read_text(encoding="utf-8")
    assert "SQLITE_BUSY" in said
    assert "SQLITE_CANTOPEN" in said
    assert "半填项目" not in said


def _held_by_another(page: Page, file: Path) -> None:
    """Who saves while another process writes is told so; what was typed stays, and is saved when the way is free."""
    page.click("#edit-open")
    page.fill("#edit-owner", "半填业主")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    page.click("#edit-save")
    notice = page.locator(".mantine-Notification-root")
    expect(notice).to_contain_text("数据库正忙")
    expect(notice).to_contain_text("请求编号")
    expect(page.locator("#edit-owner")).to_have_value("半填业主")
    other.execute("ROLLBACK")
    other.close()
    page.click("#edit-save")
    expect(page.locator("#card-facts")).to_contain_text("半填业主")


def _away_beneath_a_document(page: Page, file: Path) -> None:
    """Following the menu while the file is gone: the fault stands where the page would."""
    kept = file.rename(file.with_suffix(".kept"))
    page.locator("nav a", has_text="任务与单位").click()
    fault = page.locator("#content .fault")
    expect(fault.locator("h1")).to_have_text("数据库暂时不可用")
    expect(fault).to_contain_text("连不上数据库")
    expect(fault.locator(".number")).to_have_text(re.compile(NUMBER))
    expect(page.locator("nav a", has_text="项目库")).to_be_visible()
    assert not file.exists()
    kept.rename(file)
    page.locator("nav a", has_text="项目库").click()
    expect(page.locator("h1")).to_have_text("项目库")


def _away_before_a_document(page: Page, address: str, file: Path) -> None:
    """Opening a page anew: the fault is a page in the frame, and its own way leads back when the file is there."""
    kept = file.rename(file.with_suffix(".kept"))
    file.write_bytes(b"not a database " * 1000)
    page.goto(f"{address}/tasks")
    expect(page.locator(".fault h1")).to_have_text("数据库暂时不可用")
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".fault h1")).to_have_text("The database is not available")
    kept.rename(file)
    page.get_by_text("Open this page again").click()
    expect(page.locator("h1")).to_have_text("Tasks and units")
    assert page.request.post(f"{address}/tasks").status == 405
    page.goto(f"{address}/sign-in/none/at/all")
    expect(page.locator("h1")).to_have_text("Not found")
