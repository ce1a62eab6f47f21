"""The story of a workbook: template, mistakes sent back, corrected, previewed, confirmed, undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.exchange.conftest import put
from tests.support.chromium import settled

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
FILLED = "/api/v1/templates/projects.xlsx?lang=zh&prefilled=true&city=450500"


def downloaded(page: Page, selector: str, path: Path) -> Workbook:
    with page.expect_download() as download:
        page.click(selector)
    download.value.save_as(path)
    return load_workbook(path)


def send(page: Page, book: Workbook, path: Path) -> None:
    book.save(path)
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator("h1")).to_contain_text("号导入")


def test_a_workbook_is_filled_returned_corrected_and_undone(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/exchange")
    page.click("#template-city")
    page.get_by_role("option", name="北海市").click()
    expect(page.locator("#template-filled-projects")).to_have_attribute(
        "href", "/api/v1/templates/projects.xlsx?lang=zh&prefilled=true&city=450500"
    )
    book = downloaded(page, "#template-filled-projects", tmp_path / "template.xlsx")
    code = book.worksheets[0]["A3"].value
    put(book, "projects", 3, owner="北海测试港务公司", total_investment=4321.5)
    put(book, "projects", 4, start_month="2024.3")
    send(page, book, tmp_path / "filled.xlsx")
    expect(page.locator("#card-preview")).to_contain_text("请改为：2024-03")
    expect(page.locator("#import-confirm")).to_be_hidden()

    back = downloaded(page, "#import-annotated", tmp_path / "annotated.xlsx")
    sheet = back["项目"]
    marks = [cell for row in sheet.iter_rows(min_row=3) for cell in row if cell.comment]
    assert [(cell.row, cell.value) for cell in marks] == [(4, "2024.3")]
    start = marks[0].column or 0
    assert back.sheetnames[0] == "错误清单"
    sheet.cell(4, start).value = book.worksheets[0].cell(5, start).value
    page = open_page("/exchange")
    sheet.cell(4, start + 1).value = "2039-12"
    send(page, back, tmp_path / "corrected.xlsx")
    expect(page.locator("#card-preview .changes").first).to_contain_text("北海测试港务公司")
    expect(page.locator("#card-preview .changes").first).to_contain_text("→ 4,321.5")

    page.click("#import-confirm")
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    project = open_page(f"/projects/{code}")
    expect(project.locator("#card-facts")).to_contain_text("北海测试港务公司")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#import-undo-open")
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    expect(page.get_by_text("撤销完成。")).to_be_visible()
    expect(page.get_by_text("已提交撤销。")).to_have_count(0)
    project = open_page(f"/projects/{code}")
    expect(project.locator("#card-facts")).not_to_contain_text("北海测试港务公司")
    expect(project.locator("#card-history")).to_contain_text("号导入")


def test_the_list_leads_to_every_import(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/exchange", lang="en", theme="dark", width=390)
    path = tmp_path / "needs.csv"
    path.write_text("project,item,year,required\nGX-2018-0203,fund.other,2030,1\n", encoding="utf-8")
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator("#import-line")).to_contain_text("new 1")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click(".crumbs a")
    page.locator("#imports a", has_text="needs.csv").first.click()
    expect(page.locator("#card-preview")).to_contain_text("GX-2018-0203")


def test_a_file_that_does_not_open_is_one_finding_and_does_not_come_back(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"no workbook")
    page = open_page("/exchange")
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator("#import-line")).to_have_text("总计 0，新增 0，变更 0，未变 0，文件有问题，共 1 处。")
    expect(page.locator("#card-preview")).to_contain_text("文件有问题，共 1 处")
    expect(page.locator("#card-preview tbody tr")).to_have_count(1)
    expect(page.locator("#import-original")).to_be_visible()
    expect(page.locator("#import-annotated")).to_have_count(0)


def test_the_counts_tell_rows_from_places(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "needs.csv"
    path.write_text("project,item,year,required\nX,fund.gold,20,1\n", encoding="utf-8")
    page = open_page("/exchange")
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator("#import-line")).to_contain_text("1 行有问题，共 3 处。")
    expect(page.locator("#card-preview")).to_contain_text("1 行有问题，共 3 处")
    expect(page.locator("#card-preview tbody tr")).to_have_count(3)


BROKEN = """() => [...document.querySelectorAll('.findings td')].flatMap(cell => {
    const text = cell.firstChild;
    if (!text || text.nodeType !== Node.TEXT_NODE) { return []; }
    return [...text.data.matchAll(/[A-Za-z0-9.]+/g)].filter(word => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
    }).map(word => word[0]);
})"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_break_within_no_word_on_a_phone(open_page: Open, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "projects.csv"
    rows = "".join(f"GX-2018-0{n},name {n},month\n" for n in range(100, 132))
    path.write_text("code,name_zh,start_month\n" + rows, encoding="utf-8")
    page = open_page("/exchange", lang=lang, width=390)
    page.set_input_files("#import-file input", str(path))
    page.wait_for_url("**/exchange/*")
    expect(page.locator(".findings tbody tr")).to_have_count(32)
    settled(page)
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".findings .tall").evaluate("pane => pane.scrollWidth > pane.clientWidth")


def test_an_import_that_is_not_there(open_page: Open) -> None:
    page = open_page("/exchange/999999")
    expect(page.locator("#content")).to_contain_text("999999")
