"""The form shows first what the stage asks: folded sections, their index, rows when wanted, checks between fields."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.unfolding import unfold

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
FILLED = "GX-2018-0207"
SCREENS = 2  # a new record's form, at 1440 by 900; it was four


def field(name: str) -> str:
    return f"[id='{json.dumps({'name': name, 'type': 'entry'}, separators=(',', ':'))}']"


def choose(page: Page, name: str, words: str) -> None:
    page.locator(field(name)).click()
    page.get_by_role("option", name=words, exact=True).first.click()


def jump(page: Page, section: str) -> str:
    return page.locator(f".entry-jump[data-section={section}]").inner_text().replace("\n", " ")


def test_a_new_form_shows_what_is_asked_and_the_index_leads_to_the_rest_by_keyboard(open_page: Open) -> None:
    page = open_page("/projects/new")
    page.on("dialog", lambda asked: asked.accept())
    expect(page.locator(field("name_zh"))).to_be_visible()
    for name in ("owner", "lon", "capacity_zh", "total_investment", "contacts.0.name"):
        expect(page.locator(field(name))).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= SCREENS * 900
    assert "本阶段缺 2 0/9" in jump(page, "identity")
    choose(page, "stage", "储备")
    expect(page.locator(field("capacity_zh"))).to_be_visible()
    expect(page.locator(field("owner"))).to_be_hidden()
    expect(page.locator(".entry-jump[data-section=people]")).to_contain_text("本阶段缺 1")
    link = page.locator(".entry-jump[data-section=schedule]")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#entry-schedule .entry-head")).to_be_focused()
    expect(page.locator("#entry-schedule .entry-head")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator("#entry-schedule .entry-more")).to_be_focused()
    expect(page.locator("#entry-schedule .entry-more")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator(field("start_month"))).to_be_focused()
    page.locator("#entry-schedule .entry-more").click()
    expect(page.locator(field("start_month"))).to_be_hidden()
    unfold(page, "identity", "location", "scale", "schedule", "investment", "basis", "people", "agreement", "needs")
    assert violations(page) == []
    page.locator("#entry-discard").click()


def test_rows_appear_when_they_are_wanted(open_page: Open) -> None:
    page = open_page("/projects/new")
    page.on("dialog", lambda asked: asked.accept())
    unfold(page, "people")
    expect(page.locator(field("contacts.0.name"))).to_be_visible()
    expect(page.locator(field("contacts.1.name"))).to_be_hidden()
    page.get_by_role("button", name="添加联系人").click()
    expect(page.locator(field("contacts.1.name"))).to_be_focused()
    page.keyboard.type("李示例")
    expect(page.locator(field("contacts.2.name"))).to_be_hidden()
    expect(page.locator("#entry-status")).to_contain_text("已自动暂存")
    page.reload()
    expect(page.locator(field("contacts.1.name"))).to_have_value("李示例")
    expect(page.locator(field("contacts.1.name"))).to_be_visible()
    page.locator("#entry-discard").click()
    expect(page.locator(field("name_zh"))).to_have_value("")


def test_fields_are_held_against_each_other_while_one_types(open_page: Open) -> None:
    page = open_page("/projects/new")
    page.on("dialog", lambda asked: asked.accept())
    unfold(page, "location", "schedule", "investment", "needs")
    page.fill(field("start_month"), "2029-03")
    page.fill(field("finish_month"), "2027-12")
    expect(page.locator("#entry-schedule .mantine-InputWrapper-error")).to_contain_text("2029-03")
    page.fill(field("start_month"), "2027-03")
    expect(page.locator("#entry-schedule .mantine-InputWrapper-error")).to_be_hidden()
    choose(page, "cities", "南宁市")
    page.keyboard.press("Escape")
    page.fill(field("lon"), "109.12")
    page.fill(field("lat"), "21.47")
    expect(page.locator("#entry-location .entry-hint").filter(has_text="所填地市之外")).to_be_visible()
    page.fill(field("total_investment"), "1000")
    cell = page.locator("#entry-needs [row-id=fund] [col-id=sum]")
    paste(page, "要素\t2027\t2028\n债券/专项债券\t500\t\n　地方政府债券/专项债券\t500\t300\n")
    expect(cell).to_have_text("800")
    expect(page.locator("#entry-needs [row-id=fund] [col-id=y2027]")).to_have_text("500")
    expect(page.locator("#entry-needs-sums")).to_contain_text("比总投资少 200 万元")
    expect(page.locator("#entry-needs-card .entry-hint")).to_contain_text("2028")
    expect(page.locator(field("name_zh"))).to_be_enabled()  # nothing of it stops typing
    page.locator("#entry-discard").click()


def paste(page: Page, text: str) -> None:
    page.locator("#entry-needs .ag-cell[col-id=y2027]").first.click()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def test_on_a_phone_the_index_is_a_strip_that_stays_at_the_top(open_page: Open) -> None:
    page = open_page(f"/projects/{FILLED}/edit", width=390, height=844)
    expect(page.locator("#entry-gauge")).to_contain_text("%")
    page.locator("#entry-needs-card").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    expect(page.locator("#entry-index")).to_be_in_viewport()
    box = page.locator("#entry-index").bounding_box()
    assert box is not None
    assert box["y"] < 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".entry-jump[data-section=scale]").click()
    expect(page.locator("#entry-scale .entry-head")).to_be_in_viewport()
    head = page.locator("#entry-scale .entry-head").bounding_box()
    assert head is not None
    assert head["y"] >= box["y"] + box["height"] - 4  # not under the strip


def test_what_was_completed_is_stated_from_the_form(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0207/edit")
    expect(page.locator("#yearly-save")).to_be_hidden()
    page.locator("#entry-investment .entry-more").click()
    page.fill("#yearly-year", "2025")
    page.fill("#yearly-completed", "123.5")
    page.click("#yearly-save")
    expect(page.locator(".mantine-Notification-root")).to_be_visible()
    page = open_page("/projects/GX-2018-0207?tab=finance")
    expect(page.locator("#card-yearly")).to_contain_text("123.5")
