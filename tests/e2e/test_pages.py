"""Every page in Chromium, in both languages: an empty console, no outside request, and what people do on it."""

import csv
import io
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.pages import ADDRESSES
from tests.support.axe import violations
from tests.support.chromium import settled

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
CODE = "GX-2018-0207"
RUNNING = "GX-2018-0008"
TABS = ("board", "proposals", "consultation", "annual", "schedule", "tasks", "exits", "lists")
PAGES = {
    "/": ("总览", "Overview"),
    "/projects": ("项目库", "Project library"),
    f"/projects/{CODE}": ("北海邮轮码头", "Beihai cruise terminal"),
    "/tasks": ("任务与单位", "Tasks and units"),
    "/exchange": ("导入导出", "Import and export"),
    "/finance?year=2027": ("资金", "Finance"),
    "/finance/review": ("资金", "Finance"),
    "/finance/plan?year=2026&by=project": ("资金", "Finance"),
    "/finance/budget": ("资金", "Finance"),
    "/finance/reserves": ("资金", "Finance"),
    "/hand-over": ("单位移交", "Hand-over between units"),
    "/accounts?element=land&year=2026": ("用地用海用林", "Land, sea, forest"),
    "/accounts?element=fund&year=2026": ("用地用海用林", "Land, sea, forest"),
    "/editions": ("滚动计划", "Programme"),
    "/editions?before=2030&after=2031": ("2030 与 2031 比较", "2030 compared with 2031"),
    **{f"/editions/2030?tab={name}": ("2030", "2030") for name in (*TABS, f"entry&project={RUNNING}")},
    "/readiness": ("前期工作", "Readiness"),
    "/allocation": ("要素配置", "Allocation"),
    "/scenarios": ("情景", "Scenarios"),
    "/screening?result=veto": ("筛选", "Screening"),
    "/policy": ("评分政策", "Scoring policy"),
    "/policy?policy=panel&profile=all": ("评分政策", "Scoring policy"),
    f"/projects/{CODE}?tab=screening": ("北海邮轮码头", "Beihai cruise terminal"),
    f"/projects/{CODE}?tab=finance": ("北海邮轮码头", "Beihai cruise terminal"),
    f"/projects/{CODE}?tab=elements": ("北海邮轮码头", "Beihai cruise terminal"),
    f"/projects/{CODE}?tab=readiness": ("北海邮轮码头", "Beihai cruise terminal"),
    "/journal": ("修改日志", "Journal"),
    f"/projects/{CODE}?as_of=2030-01-01": ("北海邮轮码头", "Beihai cruise terminal"),
    "/home": ("我的工作", "My work"),
    "/projects/new": ("新建项目", "New project"),
    f"/projects/{CODE}/edit": (f"填报项目 {CODE}", f"Enter project {CODE}"),
    "/review": ("审核", "Review"),
    "/reporting": ("填报任务与批次", "Rounds and batches"),
    "/people": ("人员管理", "People"),
    "/account": ("无权查看", "Not for your role"),
    "/nowhere": ("没有找到", "Not found"),
    "/projects/GX-0000-0000": ("没有找到", "Not found"),
}


@pytest.fixture(scope="module", autouse=True)
def editions(address: str) -> None:
    """Two drafts, so that the pages of editions have something to show."""
    for code in ("2030", "2031"):
        body = json.dumps({"code": code, "base_year": int(code), "later_years": True}).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{address}/api/v1/editions", body, headers, method="POST")
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 201


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "theme", "width"), [("zh", "light", 1440), ("en", "dark", 390)])
def test_page_opens(open_page: Open, path: str, lang: str, theme: str, width: int) -> None:
    page = open_page(path, lang, theme, width)
    expect(page.locator("h1")).to_have_text(PAGES[path][lang == "en"])
    settled(page)
    assert page.evaluate("document.documentElement.lang") == ("en" if lang == "en" else "zh-CN")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert violations(page) == []


def test_each_window_is_titled_by_its_page(open_page: Open) -> None:
    """A bookmark and a tab say the page, also after a link within the page."""
    page = open_page("/finance", "en")
    expect(page).to_have_title(re.compile(r"^Finance · Overview · "))
    page.locator(".choices a", has_text="Three-year plan").click()
    expect(page).to_have_title(re.compile(r"^Finance · Three-year plan · "))
    page.goto(page.url.partition("/finance")[0] + f"/projects/{CODE}")
    expect(page).to_have_title(re.compile(rf"^Beihai cruise terminal · {CODE} · "))


def test_projects_bear_their_english_names_on_english_pages(open_page: Open) -> None:
    for path, card in (("/accounts?element=land&year=2026", "#card-recovery"), ("/readiness", "#card-calendar")):
        page = open_page(path, "en")
        names = page.locator(f"{card} a").all_inner_texts()
        assert names
        assert not [name for name in names if re.search(r"[\u4e00-\u9fff]", name)], path


def test_every_routed_page_is_among_them() -> None:
    assert set(ADDRESSES) <= {path.partition("?")[0] for path in PAGES}


def test_overview_adds_up_and_opens_lists(open_page: Open) -> None:
    page = open_page("/")
    expect(page.locator("#headline-projects .figure")).to_have_text("401")
    settled(page)
    chips = page.locator(".chip").all_inner_texts()
    assert sum(int(text.rsplit(" ", 1)[1]) for text in chips) == 401
    expect(page.locator(".illustrative")).to_contain_text("示例")
    page.locator(".chip", has_text="北海市").click()
    expect(page.locator("h1")).to_have_text("项目库")
    expect(page).to_have_url(re.compile(r"/projects\?city=450500$"))
    expect(page.locator("#library-total")).to_have_text(f"共 {chips[1].rsplit(' ', 1)[1]} 项")


def test_the_map_names_its_cities(open_page: Open) -> None:
    """A style of the notices once hid every text of two lines."""
    page = open_page("/")
    settled(page)
    boxes = [one.bounding_box() for one in page.locator("#card-map .textpoint text").all()]
    assert len(boxes) == 6
    assert all(box and box["width"] > 10 and box["height"] > 20 for box in boxes)


def test_click_on_a_bar_opens_its_list(open_page: Open) -> None:
    page = open_page("/")
    bar = page.locator("#card-stages .bars .point path").first
    bar.wait_for()
    settled(page)  # the figure may be drawn again at its final width
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/projects?stage=planning")
    expect(page.locator("#library-total")).to_have_text("共 15 项")


def test_library_view_is_a_link(open_page: Open, address: str) -> None:
    page = open_page("/projects")
    expect(page.locator(".ag-row").first).to_contain_text("GX-2018-0001")
    page.fill("#library-q", "码头")
    page.wait_for_url("**/projects?q=*")
    expect(page.locator("#library-total")).to_have_text("共 4 项")
    page.locator(".ag-header-cell", has_text="总投资").click()
    page.wait_for_url("**sort=total_investment")
    asked = page.request.get(f"{address}/api/v1/projects", params={"q": "码头", "sort": "total_investment"})
    cheapest = asked.json()["items"][0]["code"]
    assert cheapest != "GX-2018-0203"  # the first by its code, so that the order is seen to change
    expect(page.locator(".ag-row[row-index='0'] [col-id='code']")).to_have_text(cheapest)
    again = open_page("/" + page.url.split("/", 3)[3])
    expect(again.locator("#library-total")).to_have_text("共 4 项")
    expect(again.locator(".ag-row[row-index='0'] [col-id='code']")).to_have_text(cheapest)
    expect(again.locator("#library-q")).to_have_value("码头")


def test_library_scrolls_to_the_end(open_page: Open) -> None:
    page = open_page("/projects")
    expect(page.locator(".ag-row[row-index='0'] [col-id='code']")).to_have_text("GX-2018-0001")
    page.evaluate("document.querySelector('.ag-body-viewport').scrollTop = 1e6")
    expect(page.locator(".ag-row[row-index='400'] [col-id='code']")).to_have_text("GX-2018-0401")


def test_export_is_the_view(open_page: Open) -> None:
    page = open_page("/projects?q=码头&stage=reserve&cols=code,name,stage")
    page.locator(".ag-row").first.wait_for()
    with page.expect_download() as download:
        page.click("#library-export-csv")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["项目编号", "项目名称", "项目阶段", "示例数据列"]
    expect(page.locator("#library-total")).to_have_text(f"共 {len(rows) - 1} 项")


def test_project_edit_is_kept_and_journalled(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0206")
    page.click("#edit-open")
    page.fill("#edit-owner", "测试港务公司")
    page.fill("#edit-start_month", "2024年3月")
    page.click("#edit-save")
    expect(page.locator("#edit-faults")).to_contain_text("请写成 2024-03")
    page.fill("#edit-start_month", "2024-03")
    page.fill("#edit-finish_month", "2027-06")
    page.fill("#edit-reason", "电话核实")
    page.click("#edit-save")
    expect(page.locator("#card-facts")).to_contain_text("测试港务公司")
    expect(page.locator("#card-facts")).to_contain_text("2024年3月")
    expect(page.locator("#card-history")).to_contain_text("电话核实")


def test_stale_edit_shows_both_values(open_page: Open) -> None:
    first, second = open_page("/projects/GX-2018-0205"), open_page("/projects/GX-2018-0205")
    for page, owner in ((first, "甲公司"), (second, "乙公司")):
        page.click("#edit-open")
        page.fill("#edit-owner", owner)
    first.click("#edit-save")
    expect(first.locator("#card-facts")).to_contain_text("甲公司")
    second.click("#edit-save")
    expect(second.locator("#edit-faults")).to_contain_text("已被他人修改")
    expect(second.locator("#edit-faults")).to_contain_text("甲公司")
    expect(second.locator("#edit-faults")).to_contain_text("乙公司")


def test_needs_grid_computes_subtotals(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0204")
    page.locator("#card-needs .ag-row").first.wait_for()
    page.locator("#needs-all").check(force=True)
    page.locator("#needs-grid [row-id='fund.local_budget.county']").first.wait_for()
    page.evaluate("document.querySelector('#needs-grid .ag-body-viewport').scrollTop = 34 * 26")
    cell = page.locator("#needs-grid [row-id='fund.tbd'] [col-id^='y']").first
    expect(cell).to_be_in_viewport()
    year = cell.get_attribute("col-id")
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("1234.5")
    page.keyboard.press("Enter")
    expect(page.locator(f"#needs-grid [row-id='fund.tbd'] [col-id='{year}']")).to_have_text("1234.5")
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    again = open_page("/projects/GX-2018-0204")
    total = again.locator(f"#needs-grid [row-id='fund'] [col-id='{year}']")
    expect(total).to_have_text(re.compile(r"\.5$"))
    expect(again.locator("#card-history")).to_contain_text("1,234.5 万元")


def test_language_and_theme_switches(open_page: Open) -> None:
    page = open_page("/tasks")
    page.click("#switch-language")
    expect(page.locator("h1")).to_have_text("Tasks and units")
    page.click("#switch-theme")
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'dark'")


def test_phone_navigation(open_page: Open) -> None:
    page = open_page("/", width=390, height=800)
    page.click("#burger")
    page.locator("nav a", has_text="任务与单位").click()
    expect(page.locator("h1")).to_have_text("任务与单位")


def test_api_docs_need_nothing_from_outside(open_page: Open, address: str) -> None:
    page = open_page("/tasks")
    page.goto(f"{address}/api/docs")
    expect(page.locator(".swagger-ui .info")).to_contain_text("portfolio")


def test_a_script_written_into_a_page_does_not_run(browser: Browser, address: str) -> None:
    """Neither in the page as it is sent, nor as an attribute or an element added to it; the page's own scripts do."""
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda told: refused.append(told.text) if told.type == "error" else None)

    def with_script(route: Route) -> None:
        answer = route.fetch()
        foul = (
            "<script>window.foul = 1</script><img src='data:,' onerror='window.foul = 2'><base href='//other.example/'>"
        )
        route.fulfill(response=answer, body=answer.text().replace("<body", f"{foul}<body", 1))

    page.route(f"{address}/tasks", with_script)
    page.goto(f"{address}/tasks")
    page.wait_for_selector("h1")
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.foul = 3';
            document.body.append(script);
            const framed = document.createElement('iframe');
            framed.src = '/tasks';
            document.body.append(framed);
        }"""
    )
    settled(page)
    assert page.evaluate("window.foul") is None
    assert page.evaluate("document.baseURI").startswith(address)
    assert sum("Content Security Policy" in told for told in refused) >= 3
    page.context.close()
