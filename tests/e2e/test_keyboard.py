"""By keyboard and on paper: a project opened from the grid, a cell copied, a chosen option kept, whole prints."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import settled

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
CODE = "GX-2018-0207"
CONTROLS = (
    "button, input, select, textarea, summary, nav, .button, .ag-root-wrapper, .mantine-Switch-root, .choices, .drop"
)


def test_a_project_is_opened_and_a_cell_copied_by_keyboard(open_page: Open, address: str) -> None:
    page = open_page("/projects?q=码头")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.locator(".ag-row[row-index='1'] a").wait_for()
    settled(page)
    page.locator(".ag-header-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(".ag-row[row-index='1']")
    code, name = (second.locator(f"[col-id='{column}']").inner_text() for column in ("code", "name"))
    expect(second.locator("[col-id='code']")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+C")
    assert page.evaluate("navigator.clipboard.readText()") == name
    page.keyboard.press("ArrowRight")  # a cell without a link of its own opens what its row is about
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/projects/{code}")
    expect(page.locator("h1")).to_have_text(name)


def test_the_skip_link_leads_past_the_menu(open_page: Open) -> None:
    page = open_page("/tasks")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_a_chosen_option_stays_chosen_when_it_is_clicked_again(open_page: Open) -> None:
    page = open_page(f"/projects/{CODE}")
    page.click("#edit-open")
    chosen = page.locator("#edit-kind")
    expect(chosen).to_have_value("码头泊位")
    chosen.click()
    page.get_by_role("option", name="码头泊位", exact=True).click()
    expect(chosen).to_have_value("码头泊位")
    clear = page.locator(".mantine-Select-root", has=chosen).get_by_role("button", name="清除")
    clear.focus()
    page.keyboard.press("Enter")  # clearing is meant here, and reached without a mouse
    expect(chosen).to_have_value("")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_over_a_page_is_as_reachable(open_page: Open, theme: str) -> None:
    page = open_page(f"/projects/{CODE}", theme=theme)
    page.click("#edit-open")
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.documentElement.dataset.line = 'down'; document.documentElement.dataset.session = 'idle'")
    expect(page.locator(".line-down")).to_be_visible()
    assert violations(page) == []
    page = open_page("/projects", theme=theme)
    page.get_by_role("button", name="列").first.click()
    expect(page.locator("#library-columns")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_printed_project_has_all_its_needs_and_no_controls(open_page: Open, theme: str) -> None:
    page = open_page(f"/projects/{CODE}", theme=theme, width=1000, height=500)
    page.locator("#needs-grid .ag-row").first.wait_for()
    settled(page)
    held = page.evaluate("""() => {
        const api = dash_ag_grid.getApi('needs-grid'), rows = [];
        api.forEachNode(row => rows.push(row.data));
        return [rows, api.getAllDisplayedColumns().map(column => column.getColId())];
    }""")
    rows, columns = held
    page.emulate_media(media="print")
    # A real print tells the page before and after: what is on paper is what stands between the two.
    page.evaluate(
        "addEventListener('beforeprint', () => { window.paper = document.querySelectorAll('.printed tr').length })"
    )
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert page.evaluate("window.paper") == len(rows) + 1
    expect(page.locator(".printed")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    table = page.locator("#card-needs .printed")
    expect(table).to_be_visible()
    printed = [line.locator("td").all_inner_texts() for line in table.locator("tbody tr").all()]
    wanted = [[_cell(row, column) for column in columns] for row in rows]
    assert printed == wanted
    assert len(rows) > page.locator("#needs-grid .ag-center-cols-container .ag-row").count()
    assert page.locator("#content").locator(CONTROLS).locator("visible=true").count() == 0
    assert page.locator("header, nav, #line").locator("visible=true").count() == 0
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == theme


def _cell(row: dict[str, object], column: str) -> str:
    value = row.get(column)
    if isinstance(value, bool):
        return "✓" if value else ""
    return "" if value is None else str(value)


def test_a_long_list_on_paper_says_that_it_is_a_part(open_page: Open) -> None:
    page = open_page("/projects")
    page.locator(".ag-row[row-index='0'] a").wait_for()
    settled(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".printed caption")).to_contain_text("请用导出")
    assert page.locator(".printed tbody tr").count() >= 100
