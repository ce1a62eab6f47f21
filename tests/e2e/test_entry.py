"""A record's whole way in the browser: typed, kept, pasted, submitted, returned, accepted twice; and two editors."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, scope_of
from portfolio.core.database import make_engine, transaction
from portfolio.needs.changes import NeedEdit
from portfolio.needs.queries import project_needs
from portfolio.projects.queries import get_project
from portfolio.projects.states import standing
from portfolio.reporting.entry import Entered, save_entry
from tests.attachments.files import PDF
from tests.support import chromium
from tests.support.databases import Databases
from tests.support.entering import Enter, entering
from tests.support.server import running
from tests.support.unfolding import unfold

pytestmark = pytest.mark.e2e
NAME = "南宁示例作业区码头"
OF_OFFICE = "GX-2018-0207"
OFFICE = Actor("demo.office", role="project_office", unit="GX-DOT")
TABLE = "要素\t2027\t2028\n资金/中央预算内投资\t1,000\t2000.5\n没有这一项\t1\t2\n"


@pytest.fixture(scope="module")
def database(sqlite_databases: Databases) -> str:
    return sqlite_databases.make("sqlite", "demo")


@pytest.fixture(scope="module")
def guarded(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("entry") / "log"
    with running(database, str(log), SIGN_IN="auto") as started:
        yield started


@pytest.fixture
def enter(browser: Browser, guarded: str) -> Iterator[Enter]:
    with entering(browser, guarded) as sign_in:
        yield sign_in


@pytest.fixture
def stored(database: str) -> Iterator[Callable[[str], Any]]:
    engine = make_engine(database)

    def read(code: str) -> Any:
        with Session(engine) as session:
            return get_project(session, EVERYTHING, code)

    yield read
    engine.dispose()


def field(name: str) -> str:
    return f"[id='{json.dumps({'name': name, 'type': 'entry'}, separators=(',', ':'))}']"


def choose(page: Page, name: str, words: str) -> None:
    page.locator(field(name)).click()
    page.get_by_role("option", name=words, exact=True).first.click()


def kept(page: Page) -> None:
    expect(page.locator("#entry-status")).to_contain_text("已自动暂存")


def paste(page: Page, text: str) -> None:
    cell = page.locator("#entry-needs .ag-cell[col-id=y2027]").first
    cell.click()
    expect(cell).to_have_class(re.compile("ag-cell-focus|ag-cell-inline-editing"))
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def act(page: Page, prefix: str, action: str, reason: str = "") -> None:
    page.locator(f"#{prefix}-action").click()
    page.get_by_role("option", name=action, exact=True).click()
    if reason:
        page.fill(f"#{prefix}-reason", reason)
    page.locator(f"#{prefix}-send").click()


def write_form(page: Page) -> None:
    page.fill(field("name_zh"), NAME)
    choose(page, "sector", "交通")
    choose(page, "kind", "码头泊位")
    choose(page, "nature", "新建")
    choose(page, "stage", "储备")
    choose(page, "cities", "南宁市")
    page.keyboard.press("Escape")
    choose(page, "lead_unit", "自治区交通运输厅")
    page.fill(field("capacity_zh"), "两个千吨级泊位")
    page.fill(field("total_investment"), "12000")
    page.fill(field("contacts.0.name"), "张示例")


def typed_then_closed(enter: Enter) -> None:
    """A form filled with its faults told and a table pasted, closed without saving."""
    page = enter("office", "/projects/new")
    write_form(page)
    page.fill(field("contacts.0.phone"), "1380")
    expect(page.get_by_text("不是手机号码")).to_be_visible()
    page.fill(field("contacts.0.phone"), "13800001234")
    expect(page.get_by_text("不是手机号码")).to_be_hidden()
    unfold(page, "needs")
    paste(page, TABLE)
    expect(page.locator("#entry-needs-told")).to_contain_text("没有这一项")
    expect(
        page.locator("#entry-needs [row-id='fund.central_budget'] [col-id=y2028]", has_text="2000.5")
    ).to_be_visible()
    kept(page)
    page.close()


def restored_and_submitted(enter: Enter) -> tuple[Page, str]:
    page = enter("office", "/projects/new")
    expect(page.locator("#entry-restored")).to_be_visible()
    expect(page.locator(field("name_zh"))).to_have_value(NAME)
    expect(page.locator(field("contacts.0.phone"))).to_have_value("13800001234")
    expect(
        page.locator("#entry-needs [row-id='fund.central_budget'] [col-id=y2028]", has_text="2000.5")
    ).to_be_visible()
    expect(page.locator("#entry-gauge")).to_contain_text("本阶段必填内容已齐")
    page.locator("#entry-submit").click()
    expect(page.locator("#card-workflow")).to_contain_text("已报送")
    return page, page.url.rsplit("/", 1)[1]


def corrected(page: Page, address: str, code: str) -> None:
    """From the home page to the returned record, changed and submitted again."""
    page.goto(address + "/home")
    expect(page.locator("#home-returned")).to_contain_text("1")
    page.get_by_role("link", name=NAME).click()
    page.wait_for_url(f"**/projects/{code}/edit")
    expect(page.locator("#entry-returned")).to_contain_text("demo.city退回：请说明前沿水深")
    page.fill(field("capacity_zh"), "两个千吨级泊位，前沿水深6米")
    kept(page)
    page.locator("#entry-submit").click()
    expect(page.locator("#card-workflow")).to_contain_text("请说明前沿水深")


def test_record_is_kept_submitted_returned_corrected_and_accepted(
    enter: Enter, guarded: str, stored: Callable[[str], Any], database: str
) -> None:
    typed_then_closed(enter)
    page, code = restored_and_submitted(enter)
    assert stored(code)["total_investment_yuan"] == 120_000_000
    page.goto(f"{guarded}/projects/{code}/edit")
    expect(page.locator("#content")).to_contain_text("审核期间不能修改")

    review = enter("city", f"/review?project={code}")
    expect(review.locator("#card-record")).to_contain_text("首次报送")
    expect(review.locator("#card-record")).to_contain_text("张示例 13800001234")
    review.locator("#review-send").click()
    expect(review.locator("#review-result")).to_contain_text("请先选择要办理的事项")
    act(review, "review", "退回", "请说明前沿水深")
    expect(review.locator("#card-queue")).to_contain_text("没有待审核的项目")
    corrected(page, guarded, code)
    review.goto(f"{guarded}/review?project={code}")
    act(review, "review", "审核通过")
    expect(review.locator("#card-queue")).to_contain_text("没有待审核的项目")
    lead = enter("lead", f"/review?project={code}")
    act(lead, "review", "审核通过")
    expect(lead.locator("#card-queue")).to_contain_text("没有待审核的项目")
    page.goto(f"{guarded}/projects/{code}")
    expect(page.locator("#card-workflow")).to_contain_text("已入库")
    engine = make_engine(database)
    with Session(engine) as session:
        assert standing(session, stored(code)["id"]).state == "accepted"
        assert sorted(project_needs(session, EVERYTHING, code)["required"]) == [10_000_000, 20_005_000]
    engine.dispose()


@pytest.fixture
def joint(database: str) -> str:
    """A draft that two people work on."""
    engine = make_engine(database)
    facts = {"name_zh": "两人同改的项目", "kind": "berth", "region_codes": ("450100",), "owner": "甲公司"}
    with transaction(engine) as session:
        code = save_entry(session, OFFICE, scope_of(OFFICE), None, Entered(facts)).project["code"]
    engine.dispose()
    return str(code)


def test_two_editors_choose_field_by_field(
    enter: Enter, guarded: str, joint: str, stored: Callable[[str], Any]
) -> None:
    page = enter("office", f"/projects/{joint}/edit")
    unfold(page, "scale")
    page.fill(field("owner"), "丙公司")
    page.fill(field("capacity_zh"), "三个泊位")
    kept(page)
    other = enter("planner", f"/projects/{joint}/edit")
    unfold(other, "identity", "location")
    other.fill(field("owner"), "乙公司")
    other.fill(field("address"), "邕江南岸")
    other.fill(field("name_en"), "A berth")
    kept(other)
    other.locator("#entry-save").click()
    other.wait_for_url(re.compile(f"/projects/{joint}$"))

    unfold(page, "identity")
    page.fill(field("name_en"), "The berth")
    expect(page.locator("#entry-meanwhile")).to_contain_text("他人已修改")
    page.locator("#entry-save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("乙公司")
    expect(dialog).to_contain_text("The berth")
    expect(dialog).to_contain_text("详细地址")
    dialog.get_by_label("现有内容：乙公司").check()
    page.locator("#entry-merge-save").click()
    page.wait_for_url(re.compile(f"/projects/{joint}$"))
    found = stored(joint)
    assert (found["owner"], found["capacity_zh"], found["name_en"]) == ("乙公司", "三个泊位", "The berth")
    page.goto(f"{guarded}/projects/{joint}/edit")
    expect(page.locator(field("address"))).to_have_value("邕江南岸")


def fill_up(database: str, code: str) -> None:
    """What a reserve project must state."""
    facts = {"nature": "new", "stage": "reserve", "capacity_zh": "两个泊位", "lead_unit": "GX-DOT"}
    people = {"contacts": [{"role": "responsible", "name": "张示例"}]}
    needs = (NeedEdit("fund.central_budget", 2027, 10_000_000),)
    engine = make_engine(database)
    with transaction(engine) as session:
        record = Entered(facts | {"total_investment_yuan": 10_000_000}, people, needs)
        save_entry(session, OFFICE, scope_of(OFFICE), code, record)
    engine.dispose()


def test_a_round_is_opened_reported_in_a_batch_and_closed(
    enter: Enter, guarded: str, joint: str, database: str
) -> None:
    planner = enter("planner", "/reporting")
    planner.locator("#round-send").click()
    expect(planner.locator("#round-result")).to_contain_text("编号：不能为空")
    planner.fill("#round-code", "2027-1")
    planner.fill("#round-title_zh", "一季度更新")
    planner.locator("#round-send").click()
    expect(planner.locator("#card-reminders")).to_contain_text("自治区交通运输厅")

    page = enter("office", "/reporting")
    expect(page.locator("#card-change")).to_have_count(0)
    before = page.locator("#card-outstanding h2").inner_text()
    page.fill("#batch-doc_no", "桂交发[2027]5号")
    page.fill("#batch-title", "关于报送储备项目的函")
    page.locator("#batch-projects").click()
    page.get_by_role("option", name=re.compile(joint)).click()
    page.keyboard.press("Escape")
    page.locator("#batch-send").click()
    expect(page.locator("#batch-result")).to_contain_text("项目阶段")
    fill_up(database, joint)
    page.locator("#batch-send").click()
    expect(page.locator("#card-batches")).to_contain_text("桂交发〔2027〕5号")
    expect(page.locator("#card-outstanding h2")).not_to_have_text(before)
    page.locator("#card-batches").get_by_role("link").first.click()
    expect(page.locator("#card-batch-one")).to_contain_text("已报送")

    planner.goto(guarded + "/reporting?round=2027-1")
    planner.fill("#change-title_zh", "一季度更新（延期）")
    planner.locator("#change-save").click()
    expect(planner.locator("#card-rounds")).to_contain_text("延期")
    planner.locator("#change-close").click()
    expect(planner.locator("#card-rounds")).to_contain_text("已结束")
    expect(planner.locator("#change-close")).to_contain_text("重新开放")


def test_likely_duplicate_is_shown_before_a_new_record_is_saved(enter: Enter) -> None:
    page = enter("office", "/projects/new")
    page.on("dialog", lambda asked: asked.accept())  # discarding asks first
    page.fill(field("name_zh"), "北海邮轮码头")
    page.locator("#entry-save").click()
    expect(page.locator("#entry-alike")).to_contain_text("名称相同")
    page.locator("#entry-discard").click()
    expect(page.locator(field("name_zh"))).to_have_value("")


def test_two_tabs_of_one_new_form_are_two_drafts(enter: Enter, guarded: str) -> None:
    page = enter("office", "/projects/new")
    page.fill(field("name_zh"), "甲标签页里的项目")
    kept(page)
    other = page.context.new_page()
    other.goto(guarded + "/projects/new")
    expect(other).to_have_url(re.compile(r"draft=new-[0-9a-f]{10}$"))
    expect(other.locator(field("name_zh"))).to_have_value("")
    other.fill(field("name_zh"), "乙标签页里的项目")
    kept(other)
    page.reload()
    expect(page.locator(field("name_zh"))).to_have_value("甲标签页里的项目")
    other.goto(guarded + "/home")
    for name in ("甲标签页里的项目", "乙标签页里的项目"):
        expect(other.locator("#card-unsaved").get_by_role("link", name=name)).to_be_visible()
    other.get_by_role("link", name="乙标签页里的项目").click()
    expect(other.locator(field("name_zh"))).to_have_value("乙标签页里的项目")
    for tab in (page, other):
        tab.on("dialog", lambda asked: asked.accept())  # discarding asks first
        tab.locator("#entry-discard").click()
        expect(tab.locator(field("name_zh"))).to_have_value("")


def test_click_on_the_map_sets_the_pin_and_units_convert(enter: Enter) -> None:
    page = enter("office", "/projects/new")
    page.on("dialog", lambda asked: asked.accept())  # discarding asks first
    unfold(page, "location", "investment", "needs")
    page.locator("#entry-map-frame .js-plotly-plot .main-svg").first.wait_for()
    chromium.settled(page)  # the map may be drawn again at its final width
    page.locator("#entry-map-frame").scroll_into_view_if_needed()
    box = page.locator("#entry-map-frame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(field("lon"))).to_have_value(re.compile(r"^10[789]\.\d{4}$"))
    expect(page.locator(field("lat"))).to_have_value(re.compile(r"^2[123]\.\d{4}$"))
    page.fill(field("total_investment"), "125000")
    page.locator("#entry-needs-card").get_by_text("亿元", exact=True).click()
    expect(page.locator(field("total_investment"))).to_have_value("12.5")
    choose(page, "cities", "北海市")
    page.keyboard.press("Escape")
    choose(page, "counties", "合浦县")
    page.locator("#entry-discard").click()
    expect(page.locator(field("total_investment"))).to_have_value("")


def test_documents_of_an_agreement_lie_beside_its_fields(enter: Enter, guarded: str, joint: str) -> None:
    page = enter("office", "/projects/new")
    expect(page.locator("#entry-agreement")).to_contain_text("先保存草稿")
    page.goto(f"{guarded}/projects/{joint}/edit")
    drop = page.locator("#entry-agreement #project-file input")
    drop.set_input_files({"name": "议定书.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(page.locator("#project-files")).to_contain_text("议定书.pdf 三省区共同议定文件")
    drop.set_input_files({"name": "改名.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(64)})
    expect(page.locator("#project-file-result")).to_contain_text("改名.pdf")
    page.goto(f"{guarded}/projects/{joint}")
    expect(page.locator("#project-files a")).to_have_text(["议定书.pdf"])


def test_a_draft_is_thrown_away_by_its_office(enter: Enter, guarded: str, joint: str) -> None:
    page = enter("office", f"/projects/{joint}")
    page.on("dialog", lambda asked: asked.accept())
    page.locator("#discard-open").click()
    page.locator("#discard-send button").click()
    expect(page.locator("#discard-result")).to_contain_text("请填写删除原因")
    page.fill("#discard-reason", "重复录入")
    page.locator("#discard-send button").click()
    expect(page.get_by_text(f"已删除草稿 {joint}")).to_be_visible()
    page.wait_for_url("**/home")
    page.goto(f"{guarded}/projects/{joint}")
    expect(page.locator("#content")).to_contain_text("没有找到")
    page.goto(f"{guarded}/projects/{OF_OFFICE}")
    expect(page.locator("#card-workflow")).to_be_visible()
    expect(page.locator("#discard-open")).to_have_count(0)
