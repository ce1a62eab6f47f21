"""What finance, a land officer and a project office do in the browser, from the queue to the account book."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.support.chromium import settled, shown

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
ROUND = "示例-2027"
POOL = "示例-fund.central_budget-450000-2027"


def asked(page: Page, address: str, path: str, **params: Any) -> Any:
    answer = page.request.get(f"{address}/api/v1{path}", params=params)
    assert answer.ok, answer.text()
    return answer.json()


def pick(page: Page, identity: str, words: str | re.Pattern[str]) -> None:
    page.locator(f"#{identity}").click()
    page.get_by_role("option", name=words).first.click()


def number(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


def test_finance_trims_and_grants_a_filtered_set(open_page: Open, address: str) -> None:
    page = open_page(f"/finance/review?round={ROUND}&item=fund.local_budget&state=asked")
    page.locator("#review-grid .ag-row").first.wait_for()
    before = asked(page, address, f"/rounds/{ROUND}/totals/all", item="fund.local_budget", state="asked")["items"][0]
    assert before["lines"] > 20
    page.fill("#review-percent", "50")
    page.locator("#review-every").click()
    expect(page.locator("#review-result")).to_contain_text("核减或退回须选择原因")
    pick(page, "review-reason", "超出预算控制数")
    page.locator("#review-every").click()
    expect(page.locator("#review-result")).to_contain_text(f"已处理{before['lines']}条")
    expect(page.locator("#review-sums")).to_contain_text("0条")

    page = open_page(f"/finance/review?round={ROUND}&item=fund.central_budget&state=proposed")
    page.locator("#review-grid .ag-row").first.wait_for()
    pick(page, "review-action", "下达")
    expect(page.locator("#in-percent")).to_be_hidden()
    page.locator("#review-pool").click()
    page.get_by_role("option", name=re.compile(re.escape(POOL))).click()
    page.locator("#review-grid .ag-row .ag-selection-checkbox").first.click()
    page.fill("#review-date", "2027-03-01")
    page.keyboard.press("Enter")
    page.locator("#review-some").click()
    expect(page.locator("#review-result")).to_contain_text("须有文号")
    page.fill("#review-doc", "桂财建〔2027〕3号")
    page.locator("#review-some").click()
    expect(page.locator("#review-result")).to_contain_text("已下达 1 条")
    total = asked(page, address, f"/rounds/{ROUND}/totals/all")["items"][0]
    pool = asked(page, address, f"/pools/{POOL}")
    assert total["granted_wan"] == pool["granted"] > 0
    entries = asked(page, address, "/ledger", pool=POOL)["items"]
    assert entries[0]["doc_no"] == "桂财建〔2027〕3号"

    page = open_page("/finance?year=2027")
    granted = shown(page.locator("#head-granted .figure"))
    unit = shown(page.locator("#head-granted .unit"))
    assert number(granted) * (10_000 if unit == "亿元" else 1) == pytest.approx(total["granted_wan"], rel=0.01)
    expect(page.locator("#card-waterfall .js-plotly-plot")).to_be_visible()
    expect(page.locator("#card-flows .sankey-node").first).to_be_attached()
    expect(page.locator("#card-heat .heatmaplayer image")).to_be_attached()


def test_a_line_shows_its_steps(open_page: Open) -> None:
    page = open_page(f"/finance/review?round={ROUND}&state=returned")
    page.locator("#review-grid .ag-row .ag-selection-checkbox").first.click()
    expect(page.locator("#review-steps")).to_contain_text("资金来源填报有误")
    pick(page, "review-action", "重新申报")
    page.fill("#review-note", "已更正来源")
    page.locator("#review-some").click()
    expect(page.locator("#review-result")).to_contain_text("已处理1条")


def test_a_round_is_opened_and_an_envelope_set(open_page: Open) -> None:
    page = open_page("/finance/review")
    page.get_by_role("button", name="开启新的审核轮次").click()
    page.fill("#round-year", "2028")
    page.fill("#round-code", "2028")
    page.locator("#round-open").click()
    page.wait_for_url("**/finance/review?round=2028")
    expect(page.locator(".choice.chosen", has_text="2028")).to_be_visible()

    page = open_page("/finance/budget")
    page.fill("#envelope-year", "2030")
    page.fill("#envelope-own", "12万")
    page.locator("#envelope-set").click()
    expect(page.locator("#envelope-result")).to_contain_text("12万")
    page.fill("#envelope-own", "123456.5")
    page.locator("#envelope-set").click()
    expect(page.locator("#envelope-result")).to_contain_text("文号")
    page.fill("#envelope-doc", "桂财预〔2030〕1号")
    page.locator("#envelope-set").click()
    expect(page.locator("#envelope-rows")).to_contain_text("123,456.5")


def test_the_capital_plan_is_a_page_and_a_workbook(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/finance/plan?year=2026&by=level")
    rows = page.locator("#plan-table tbody tr")
    expect(page.locator("#plan-table tfoot td.right").nth(5)).to_have_text(re.compile(r"\d"))
    expect(rows.first).to_be_visible()
    settled(page)
    cells = [[number(text) for text in row.locator("td.right").all_inner_texts()[:6]] for row in rows.all()]
    totals = [number(text) for text in page.locator("#plan-table tfoot td.right").all_inner_texts()[:6]]
    for row in [*cells, totals]:
        assert sum(row[:5]) == pytest.approx(row[5], abs=1e-3)
    assert [sum(column) for column in zip(*cells, strict=True)] == pytest.approx(totals, abs=1e-3)
    with page.expect_download() as download:
        page.locator("#plan-download").click()
    path = tmp_path / "plan.xlsx"
    download.value.save_as(path)
    assert path.read_bytes()[:2] == b"PK"


def test_a_land_officer_locks_is_refused_and_recovers(open_page: Open, address: str) -> None:
    pool = "示例-land-450700-2026"
    page = open_page(f"/accounts?element=land&year=2026&pool={pool}")
    free = asked(page, address, f"/pools/{pool}")["free"]
    project = asked(page, address, "/projects", city="450700", item="land", year=2026, stage="reserve")["items"]
    code = (project or asked(page, address, "/projects", city="450700", stage="preliminary")["items"])[0]["code"]
    page.fill("#post-project", code)
    page.fill("#post-quantity", str(free + 1))
    page.locator("#post-send").click()
    expect(page.locator("#post-result")).to_contain_text("超出可用数量")
    page.fill("#post-quantity", "1.5")
    page.locator("#post-send").click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    expect(page.locator("#card-entries tbody tr").first).to_contain_text(code)
    assert asked(page, address, f"/pools/{pool}")["free"] == pytest.approx(free - 1.5)

    pick(page, "post-kind", "使用/完成")
    page.fill("#post-project", code)
    page.fill("#post-quantity", "1")
    page.locator("#post-send").click()
    expect(page.locator("#post-result")).to_contain_text("尚无下达")

    expect(page.locator("#card-recovery tbody tr").nth(1)).to_be_visible()
    page.locator("#recover-send").click()
    expect(page.locator("#recover-result")).to_contain_text("文号")
    page.fill("#recover-doc", "桂自然资〔2026〕99号")
    page.locator("#recover-send").click()
    expect(page.locator("#card-recovery")).to_contain_text("没有应收回的预留")
    assert asked(page, address, f"/pools/{pool}")["locked"] == 0


def test_a_form_that_is_being_sent_is_not_sent_again(open_page: Open) -> None:
    page = open_page("/accounts?element=land&year=2026&pool=示例-land-450700-2026")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "post-send.n_clicks" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    def sends(request: Request) -> bool:
        return "post-send.n_clicks" in (request.post_data or "")

    page.route("**/_dash-update-component?*", hold)
    with page.expect_request(sends):
        page.locator("#post-send").click()
    page.locator("#post-send").click()
    page.wait_for_timeout(500)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#post-result")).not_to_be_empty()
    with page.expect_request(sends):
        page.locator("#post-send").click()
    assert len(held) == 2
    held[1].continue_()


def test_a_project_office_moves_its_steps_and_files_a_document(open_page: Open, address: str, tmp_path: Path) -> None:
    waiting = asked_first(open_page, address)
    page = open_page(f"/projects/{waiting}?tab=readiness")
    before = shown(page.locator("#ready-head"))
    page.locator("#card-steps").scroll_into_view_if_needed()  # the grid shows its rows once it is in sight
    row = "#steps-grid .ag-center-cols-container [row-id='tender']"
    page.locator(f"{row} [col-id='doc_no']").click()
    page.keyboard.type("桂招〔2026〕7号")
    page.keyboard.press("Enter")
    expect(page.locator(f"{row} [col-id='doc_no']")).to_have_text("桂招〔2026〕7号")
    page.locator(f"{row} [col-id='planned_on']").click()
    page.keyboard.type("三月")
    page.keyboard.press("Enter")
    expect(page.get_by_text("不是日期")).to_be_visible()
    expect(page.locator("#ready-head")).to_have_text(before)
    file = tmp_path / "批复.pdf"
    file.write_bytes(b"%PDF-1.7 test")
    page.locator("#ready-file input[type=file]").set_input_files(file)
    expect(page.locator("#ready-files")).to_contain_text("批复.pdf")
    again = open_page(f"/projects/{waiting}")
    expect(again.locator("#card-history")).to_contain_text("桂招〔2026〕7号")
    expect(again.locator("#card-history")).to_contain_text("批复.pdf")


def asked_first(open_page: Open, address: str) -> str:
    page = open_page("/readiness")
    expect(page.locator(".lane").first).to_be_visible()
    return str(asked(page, address, "/readiness", limit=500)["items"][-1]["project"])


def test_details_and_financing_are_stated_and_checked(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0204?tab=elements")
    page.get_by_label("集体土地").fill("1.5")
    page.get_by_label("国有土地").fill("2")
    page.locator("#detail-save").click()
    expect(page.locator("#detail-findings")).to_contain_text("集体与国有合计3.5公顷")

    page = open_page("/projects/GX-2018-0204?tab=finance")
    page.fill("#fin-amount", "5000")
    page.fill("#fin-year", "2026")
    page.fill("#fin-cover", "1.1")
    page.locator("#fin-add").click()
    expect(page.locator("#card-financing tbody tr")).to_contain_text("1.1")
    expect(page.locator("#card-checks tbody tr", has_text="覆盖倍数")).to_contain_text("不符合")
