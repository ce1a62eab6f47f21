"""The story of an unknown workbook: its columns are shown, corrected, kept, and next month's file goes in by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
HEADING = ("序号", "项目名称", "建设地点", "业主方", "总投资", "{year}年计划投资", "责任人")


def plan(path: Path, year: int, amount: int) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    page.append([f"某市{year}年重大项目建设计划表"])
    page.append(["单位：万元"])
    page.append([words.format(year=year) for words in HEADING])
    page.append(["合计", "", "", "", 30000, amount, ""])
    page.append([1, "映射试验码头", "钦州市钦南区", "试验港务公司", 30000, amount, "张某"])
    book.save(path)
    return path


def send(page: Page, path: Path) -> None:
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator("#card-mapping")).to_be_visible()


def column(page: Page, heading: str) -> Locator:
    return page.locator("#card-mapping tr", has=page.get_by_role("cell", name=heading, exact=True))


def choose(page: Page, heading: str, place: int, option: str) -> None:
    field = column(page, heading).get_by_role("textbox").nth(place)
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option, exact=True).click()


def test_columns_are_corrected_kept_and_used_next_time(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/exchange")
    send(page, plan(tmp_path / "plan.xlsx", 2026, 5000))
    expect(column(page, "业主方")).to_contain_text("不认识的列名")
    expect(column(page, "业主方")).to_contain_text("试验港务公司")
    expect(column(page, "2026年计划投资")).to_contain_text("未导入")
    expect(page.locator("#card-preview .changes").first).not_to_contain_text("试验港务公司")

    choose(page, "业主方", 0, "项目单位")
    choose(page, "2026年计划投资", 0, "需求数量（金额或面积）")
    choose(page, "2026年计划投资", 1, "资金/资金渠道待定")
    page.fill("#mapping-name", "某市年度计划表")
    page.click("#mapping-save")
    expect(page.locator("#mapping-told")).to_contain_text("已保存为方案")
    page.click("#mapping-check")
    expect(column(page, "业主方")).to_contain_text("由您选定")
    expect(page.locator("#import-line")).to_contain_text("新增 2")
    expect(page.locator("#card-preview")).to_contain_text("试验港务公司")
    page.click("#import-confirm")
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()

    page = open_page("/exchange", lang="en", theme="dark")
    send(page, plan(tmp_path / "next.xlsx", 2027, 7000))
    expect(page.locator("#card-mapping")).to_contain_text("某市年度计划表")
    expect(column(page, "业主方")).to_contain_text("chosen by you")
    expect(column(page, "2027年计划投资")).to_contain_text("of 2027")
    expect(page.locator("#import-line")).to_contain_text("new 1")
    page.click("#import-confirm")
    expect(page.locator(".mantine-Badge-label", has_text="Written")).to_be_visible()
