"""One project through the rooms: what its office types moves nothing until its reviewers have accepted it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.reporting.entry import Entered, save_entry
from tests.reporting.conftest import FACTS, NEEDS, PROFILE
from tests.support.databases import Databases
from tests.support.entering import Enter, entering
from tests.support.server import running

pytestmark = pytest.mark.e2e
TYPED, HELD = "99,999,999", "326,500"


@pytest.fixture(scope="module")
def database(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "demo")


@pytest.fixture(scope="module")
def code(database: str) -> str:
    """A project that was accepted long ago: its city and its lead unit review what its office changes."""
    engine = make_engine(database)
    facts = {**FACTS, "lead_unit": "GX-DOT", "office_unit": "GX-DOT", "total_investment_yuan": 3_265_000_000}
    with transaction(engine) as session:
        made = save_entry(session, LOCAL_OWNER, EVERYTHING, None, Entered(facts, PROFILE, NEEDS))
    engine.dispose()
    return made.project["code"]


@pytest.fixture(scope="module")
def address(database: str, code: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("truth") / "log"
    with running(database, str(log), SIGN_IN="auto") as started:
        yield started


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Enter]:
    with entering(browser, address) as sign_in:
        yield sign_in


def total(page: Page, address: str) -> str:
    """The leaders' total investment."""
    page.goto(f"{address}/")
    return page.locator("#headline-investment .figure").text_content() or ""


def take(page: Page, prefix: str, action: str) -> None:
    page.click(f"#{prefix}-action")
    page.get_by_role("option", name=action, exact=True).click()
    page.click(f"#{prefix}-send")


def typed_and_submitted(page: Page) -> None:
    page.click("#edit-open")
    page.fill("#edit-total_investment", TYPED.replace(",", ""))
    page.click("#edit-save")
    expect(page.locator("#proposal-open summary")).to_contain_text("1 处改动待审")
    page.click("#proposal-open summary")
    expect(page.locator("#compare-fields")).to_contain_text(TYPED)
    expect(page.locator("#card-facts")).to_contain_text(HELD)
    take(page, "workflow", "报送")
    expect(page.locator("#card-workflow")).to_contain_text("已报送")


def test_a_typing_error_stands_in_no_total_before_it_is_accepted(enter: Enter, address: str, code: str) -> None:
    leader = enter("leader", "/")
    before = total(leader, address)
    office = enter("office", f"/projects/{code}")
    typed_and_submitted(office)
    assert total(leader, address) == before
    leader.goto(f"{address}/projects/{code}")
    expect(leader.locator("#card-facts")).to_contain_text(HELD)
    expect(leader.locator("#proposal-open")).to_have_count(0)
    assert TYPED not in (leader.locator("#content").text_content() or "")
    reviewer = enter("city", f"/review?project={code}")
    expect(reviewer.locator("#queue-remarks")).to_contain_text("请核对单位")
    expect(reviewer.locator("#compare-fields")).to_contain_text(TYPED)
    take(reviewer, "review", "审核通过")
    assert total(leader, address) == before
    lead = enter("lead", f"/review?project={code}")
    take(lead, "review", "审核通过")
    expect(lead.locator("#card-queue")).to_contain_text("没有")
    assert total(leader, address) != before
    leader.goto(f"{address}/projects/{code}")
    expect(leader.locator("#card-facts")).to_contain_text(TYPED)


DETAIL = '[id=\'{"attribute":"collective","item":"land","type":"detail"}\']'


def test_the_areas_tab_shows_a_proposed_detail_to_who_enters_and_reviews_it_alone(
    enter: Enter, address: str, code: str
) -> None:
    """Proposed details stand where they were typed; everybody else reads what was accepted."""
    tab = f"/projects/{code}?tab=elements"
    leader = enter("leader", tab)
    expect(leader.locator(DETAIL)).to_have_value("")
    office = enter("office", tab)
    office.fill(DETAIL, "12.5")
    office.click("#detail-save")
    expect(office.locator("#proposal-open summary")).to_contain_text("1 处改动待审")
    office.goto(address + tab)
    expect(office.locator(DETAIL)).to_have_value("12.5")
    expect(office.locator("#proposal-open summary")).to_contain_text("1 处改动待审")
    reviewer = enter("lead", tab)
    expect(reviewer.locator(DETAIL)).to_have_value("12.5")
    leader.reload()
    expect(leader.locator(DETAIL)).to_have_value("")
    office.goto(f"{address}/projects/{code}")
    take(office, "workflow", "报送")
    expect(office.locator("#card-workflow")).to_contain_text("已报送")
    for who in ("city", "lead"):
        page = enter(who, f"/review?project={code}")
        take(page, "review", "审核通过")
        expect(page.locator("#card-queue")).to_contain_text("没有")
    leader.reload()
    expect(leader.locator(DETAIL)).to_have_value("12.5")
