"""Offices set a policy and answer gates, in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.attachments.files import PDF
from tests.support.chromium import settled, shown

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]


def weight(page: Page, group: str) -> str:
    return f"input[id*='policy-weight'][id*='{group}']"


def test_a_weight_moves_the_ranking_and_a_version_is_saved(open_page: Open) -> None:
    page = open_page("/policy")
    ranking = page.locator("#policy-ranking")
    expect(ranking).to_contain_text("0 个项目名次变化")
    first = shown(ranking.locator("tbody tr").first)
    page.fill(weight(page, "maturity"), "5")
    page.press(weight(page, "maturity"), "Tab")
    expect(page.locator("#policy-total")).to_have_text("合计 80")
    expect(page.locator("#policy-problems")).to_contain_text("应为100")
    expect(ranking).not_to_contain_text(re.compile("^0 个项目名次变化"))
    expect(ranking.locator(".yes, .no").first).to_be_visible()
    page.click("#policy-save")
    expect(page.locator("#policy-saved")).to_contain_text("应为100")
    page.fill(weight(page, "funding"), "30")
    page.press(weight(page, "funding"), "Tab")
    expect(page.locator("#policy-total")).to_have_text("合计 100")
    expect(page.locator("#policy-problems")).to_be_empty()
    expect(ranking.locator("tbody tr").first).not_to_have_text(first)
    page.click("#policy-save")
    page.wait_for_url("**/policy?policy=default*")
    expect(page.locator(".choice.chosen").first).to_contain_text("默认政策 @2 · 草稿")
    expect(page.locator(weight(page, "funding"))).to_have_value("30")
    expect(page.locator("#policy-ranking")).to_contain_text("0 个项目名次变化")


def test_the_slider_and_the_number_go_together(open_page: Open) -> None:
    page = open_page("/policy?policy=default@1")
    page.locator("[role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(weight(page, "strategy"))).to_have_value("20.5")
    expect(page.locator("#policy-total")).to_have_text("合计 100.5")
    page.click("#policy-scale")
    expect(page.locator(weight(page, "strategy"))).to_have_value("20.4")
    expect(page.locator("#policy-total")).to_have_text("合计 100")
    page.click("#policy-reset")
    expect(page.locator(weight(page, "strategy"))).to_have_value("20")


def test_pairs_and_an_order_come_to_weights(open_page: Open) -> None:
    page = open_page("/policy?policy=default@1")
    for pair in ("0-1", "1-2"):
        page.locator(f"[id*='policy-pair'][id*='{pair}']").first.focus()
        page.keyboard.press("ArrowDown")
        page.locator("[role=option]:visible", has_text=re.compile("^9$")).click()
        expect(page.locator("#policy-pairs-said")).to_contain_text("一致性比例")
    expect(page.locator("#policy-pairs-said")).to_contain_text("请先看“战略契合比成熟度”")
    expect(page.locator("#policy-pairs-use")).to_be_disabled()
    page.locator("#policy-order").focus()
    page.keyboard.press("ArrowDown")
    page.locator("[role=option]:visible", has_text="资金落实").click()
    expect(page.locator("#policy-order-said")).to_contain_text("资金落实 37.04")
    page.keyboard.press("Escape")
    page.click("#policy-order-use")
    expect(page.locator(weight(page, "funding"))).to_have_value("37.04")
    expect(page.locator("#policy-total")).to_have_text("合计 100")


def test_a_veto_is_found_and_lifted_with_a_document(open_page: Open) -> None:
    page = open_page("/screening")
    whole = page.locator("#card-gates a.gate.pass").first.inner_text()
    page.fill("#screening-q", "铁路")
    page.wait_for_url("**q=%E9%93%81%E8%B7%AF*")
    expect(page.locator("#card-gates a.gate.pass").first).not_to_have_text(whole)
    assert "q=" in (page.get_attribute("#screening-export-xlsx", "href") or "")
    page.locator("#card-gates a.gate.veto").first.click()
    page.wait_for_url("**result=veto")
    expect(page.locator("#screening-q")).to_have_value("铁路")
    expect(page.locator("#card-matrix .ag-row .veto").first).to_have_text("否决")
    settled(page)
    page.locator("#screening-grid .ag-row a").first.click()
    page.wait_for_url("**tab=screening")
    gates = page.locator("#card-project-gates")
    expect(gates.locator(".gate.veto")).to_have_count(1)
    page.locator("#gate-of").focus()
    page.keyboard.press("ArrowDown")
    page.locator("[role=option]:visible", has_text="· 否决").click()
    page.fill("#gate-person", "李明")
    page.click("#gate-lift")
    expect(page.locator("#gate-result")).to_contain_text("解除否决须填写文件号")
    page.fill("#gate-doc", "桂发改〔2026〕9号")
    page.set_input_files("#gate-file input", {"name": "批复.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(page.locator("#gate-file-name")).to_have_text("批复.pdf")
    page.click("#gate-lift")
    expect(gates.locator(".gate.lifted")).to_have_count(1)
    expect(gates.locator(".by-rule .gate.veto")).to_have_count(1)
    expect(gates.locator(".act")).to_contain_text("李明 解除否决")
    expect(gates.locator(".act")).to_contain_text("桂发改〔2026〕9号")
    with page.expect_download() as taken:
        gates.locator(".act a", has_text="批复.pdf").click()
    assert taken.value.path().read_bytes() == PDF
    more: FilePayload = {"name": "附件.pdf", "mimeType": "application/pdf", "buffer": PDF}
    gates.locator(".act .drop input").set_input_files(more)
    expect(gates.locator(".act a")).to_have_text(["批复.pdf", "附件.pdf"])


def test_a_criterion_stated_changes_the_score(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0206?tab=screening&policy=panel@1")
    page.locator("#criterion-of").fill("专家评分")
    page.locator("[role=option]:visible", has_text="专家评分").click()
    page.fill("#criterion-value", "12.5")
    page.click("#criterion-save")
    expect(page.locator("#score-parts")).to_contain_text("专家评分：12.5 分")


def test_a_policy_is_edited_as_text_and_its_scores_are_kept(open_page: Open) -> None:
    page = open_page("/policy?policy=panel@1")
    expect(page.locator("#policy-definition")).to_have_value(re.compile("panel"))
    text = page.input_value("#policy-definition")
    page.fill("#policy-definition", text.replace('"panel",\n      "curve"', '"pannel",\n      "curve"'))
    page.click("#policy-check")
    expect(page.locator("#policy-definition-said")).to_contain_text("没有指标“pannel”")
    page.fill("#policy-definition", text.replace('"panel",\n      "curve"', '"panel + 1",\n      "curve"'))
    page.click("#policy-save-definition")
    page.wait_for_url("**/policy?policy=panel*")
    expect(page.locator("#card-policy-criteria")).to_contain_text("panel + 1")
    page.fill("#policy-keep-note", "年度评分")
    page.click("#policy-keep")
    expect(page.locator("#card-kept")).to_contain_text("panel@2")
    expect(page.locator("#card-kept")).to_contain_text("年度评分")
    expect(page.locator(".choice.chosen").first).to_contain_text("已使用")
