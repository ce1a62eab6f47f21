"""A planner's year in the browser: rolled, decided, moved on the board, targeted, sent round, approved, compared."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from portfolio.core.clock import today
from tests.support.chromium import settled

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
FIRST, SECOND, EXTRA = "滚动2026", "滚动2027", "滚动2026增补"


def asked(page: Page, address: str, path: str, **params: Any) -> Any:
    answer = page.request.get(f"{address}/api/v1{path}", params=params)
    assert answer.ok, answer.text()
    return answer.json()


def pick(page: Page, identity: str, words: str | re.Pattern[str]) -> None:
    page.locator(f"#{identity}").click()
    page.get_by_role("option", name=words, exact=isinstance(words, str)).first.click()


def roll(page: Page, code: str, year: str, parent: str = "", batch: str = "") -> None:
    if batch:
        pick(page, "edition-batch", batch)
    if parent:
        pick(page, "edition-parent", parent)
        expect(page.locator("#edition-code")).to_have_value(f"{year}-1" if batch else year)
        expect(page.locator("#edition-year")).to_have_value(year)
    page.fill("#edition-code", code)
    page.fill("#edition-year", year)
    page.locator("#edition-later").check()
    page.locator("#edition-make").click()
    page.wait_for_url(f"**/editions/{quote(code)}")


def tab(code: str, name: str, more: str = "") -> str:
    return f"/editions/{quote(code)}?tab={name}{more}"


def mark_first(page: Page) -> str:
    """Mark the first row once it is there; its project."""
    first = page.locator("#edition-grid .ag-row[row-index='0']")
    first.locator("a").wait_for()
    settled(page)
    marked = str(first.first.get_attribute("row-id"))
    page.locator(f"#edition-grid .ag-row[row-id='{marked}'] .ag-selection-checkbox").click()
    return marked


def accept_rest(page: Page) -> None:
    page.locator("#set-accept").click()
    expect(page.locator("#proposal-count")).to_contain_text("待定0条")


def approve(page: Page, doc: str) -> None:
    page.fill("#approve-doc", doc)
    page.fill("#approve-person", "李审")
    page.locator("#approve-seen").check()
    page.locator("#board-approve").click()
    expect(page.locator("#card-editions tbody tr", has_text=doc)).to_contain_text("审定")


def decide(open_page: Open, address: str) -> str:
    """Filter, reject one with its reason, accept the rest of the filtered set; the project rejected."""
    page = open_page(tab(FIRST, "proposals"))
    page.locator("#edition-grid .ag-row").first.wait_for()
    pick(page, "proposal-category", "续建")
    page.wait_for_url("**category=continuing*")
    before = asked(page, address, f"/editions/{FIRST}/entries", category="continuing")["total"]
    expect(page.locator("#proposal-count")).to_contain_text(f"符合条件{before}条")
    rejected = mark_first(page)
    page.locator("#board-reject").click()
    expect(page.locator("#board-result")).to_contain_text("须说明理由")
    page.fill("#board-reason", "资金未落实")
    page.locator("#board-reject").click()
    expect(page.locator(".choice", has_text="已否决 1")).to_be_visible()
    return rejected


def test_a_planners_year(open_page: Open, address: str, tmp_path: Path) -> None:
    page = open_page("/editions")
    roll(page, FIRST, "2026")
    expect(page.locator("#category-continuing")).to_contain_text("续建")
    rejected = decide(open_page, address)
    stale = open_page(tab(FIRST, "proposals", "&decision=proposed"))
    page = open_page(tab(FIRST, "proposals", "&decision=proposed"))
    accept_rest(page)
    stale.locator("#set-accept").click()
    expect(stale.locator("#board-result")).to_contain_text("已有变化")

    moved = override(open_page, address)
    set_target(open_page, address, moved)
    consult(open_page, address, moved)
    page = open_page(tab(FIRST, "annual"))
    for suffix in ("xlsx", "docx"):
        with page.expect_download() as download:
            page.locator(f"#annual-{suffix}").click()
        path = tmp_path / f"list.{suffix}"
        download.value.save_as(path)
        assert path.read_bytes()[:2] == b"PK"
    listed = [row["code"] for row in asked(page, address, f"/editions/{FIRST}/annual-list")["items"]]
    assert moved in listed
    assert rejected not in listed
    next_year(open_page, address)


def override(open_page: Open, address: str) -> str:
    """Drag a card to another lane and move one by its button; both ask for the reason."""
    page = open_page(tab(FIRST, "board"))
    lane = page.locator("#category-continuing .entry-card")
    first = lane.nth(0)
    code = str(first.get_attribute("data-project"))
    # to the head of the lane: a target out of sight would scroll the page under the pointer
    first.drag_to(page.locator("#category-completing .lane-title"))
    expect(page.locator("#move-what")).to_be_visible()
    page.locator("#move-send").click()
    expect(page.locator("#move-result")).to_contain_text("须说明理由")
    page.fill("#move-reason", "提前竣工")
    page.locator("#move-send").click()
    expect(page.locator("#card-mismatches tbody tr")).to_contain_text("提前竣工")
    held = asked(page, address, f"/editions/{FIRST}/entries", overridden=True)["items"]
    assert [(row["code"], row["category"], row["derived"]) for row in held] == [(code, "completing", "continuing")]
    page.locator(f"#category-completing .entry-card[data-project='{code}'] .move").click()
    expect(page.locator("#move-what")).to_be_visible()
    pick(page, "move-category", "续建")
    page.fill("#move-reason", "仍按原计划")
    page.locator("#move-send").click()
    expect(page.locator("#card-mismatches")).to_contain_text("没有人工调整的类别")
    return code


def set_target(open_page: Open, address: str, project: str) -> None:
    """A curve that does not add up is refused; one that does is kept, with content, person and a milestone."""
    page = open_page(tab(FIRST, "entry", f"&project={project}"))
    page.fill("#target-annual", "1000")
    pick(page, "target-shape", "按季度")
    quarters = page.locator("#curve-quarters input")
    for place, value in enumerate(("100", "200", "300", "300")):
        quarters.nth(place).fill(value)
    expect(page.locator("#curve-sum")).to_contain_text("差额100万元")
    page.locator("#target-save").click()
    expect(page.locator("#target-result")).to_contain_text("进度曲线合计")
    quarters.nth(3).fill("400")
    page.fill("#target-person", "张三")
    page.fill("#target-content", "主体工程")
    page.get_by_label("节点 1").fill("主体封顶")
    page.get_by_label("计划时间（如 2026-09） 1").fill("2026-09")
    page.locator("#target-save").click()
    expect(page.get_by_text("已保存。", exact=True)).to_be_visible()
    items = asked(page, address, f"/editions/{FIRST}/annual-list")["items"]
    row = next(one for one in items if one["code"] == project)
    assert (row["quarters"], row["person"]) == ([100, 300, 600, 1000], "张三")
    assert row["milestones"] == [["主体封顶", "2026-09", None]]


def consult(open_page: Open, address: str, project: str) -> None:
    """A required comment refuses the approval until it is answered, and so do vetoes until a person decides on each."""
    page = open_page(tab(FIRST, "consultation"))
    page.locator("#round-step").click()
    pick(page, "say-unit", "自治区交通运输厅")
    page.fill("#say-project", project)
    page.fill("#say-words", "资金来源须落实")
    page.locator("#say-required").check()
    page.locator("#say-send").click()
    expect(page.locator("#card-comments tbody tr")).to_contain_text("须答复")
    expect(page.locator("#approve-refusals")).to_contain_text("自治区交通运输厅")
    page.fill("#approve-doc", "桂发改〔2026〕1号")
    page.fill("#approve-person", "李审")
    page.locator("#approve-seen").check()
    page.locator("#board-approve").click()
    expect(page.locator("#approve-result")).to_contain_text("必答意见尚未答复")
    page.fill("#answer-words", "已列入专项债券")
    page.locator("#answer-send").click()
    expect(page.locator("#card-comments tbody tr")).to_contain_text("已列入专项债券")
    keep_vetoed(page, address)
    expect(page.locator("#approve-refusals")).to_contain_text("没有妨碍批准的事项")
    approve(page, "桂发改〔2026〕1号")


def keep_vetoed(page: Page, address: str) -> None:
    """The approval is refused while vetoed projects wait; the first is decided on its page, the rest over HTTP."""
    waiting = asked(page, address, f"/editions/{FIRST}/vetoes", undecided=True)["items"]
    expect(page.locator("#approve-refusals")).to_contain_text(f"有{len(waiting)}个被否决的项目尚未决定")
    page.fill("#approve-doc", "桂发改〔2026〕1号")
    page.fill("#approve-person", "李审")
    page.locator("#approve-seen").check()
    page.locator("#board-approve").click()
    expect(page.locator("#approve-result")).to_contain_text(waiting[0]["code"])
    for field in ("#approve-doc", "#approve-person"):
        page.fill(field, "")  # what is typed and not sent would ask before the page is left
    page.locator("#approve-seen").uncheck()
    page.locator("#approve-vetoed a").first.click()
    expect(page.locator("#card-veto")).to_contain_text("整改途径")
    page.locator("#veto-send").click()
    expect(page.locator("#card-veto")).to_contain_text("须填写责任人姓名")
    page.fill("#veto-person", "李明")
    page.fill("#veto-reason", "自治区重大事项")
    page.locator("#veto-send").click()
    expect(page.locator("#veto-decisions tbody tr")).to_contain_text("自治区重大事项")
    choice = {"decision": "keep", "person": "李明", "reason": "自治区重大事项"}
    for one in asked(page, address, f"/editions/{FIRST}/vetoes", undecided=True)["items"]:
        path = f"{address}/api/v1/editions/{quote(FIRST)}/entries/{one['code']}/veto-decisions"
        assert page.request.post(path, data=choice).status == 201
    page.goto(f"{address}{tab(FIRST, 'consultation')}")


def next_year(open_page: Open, address: str) -> None:
    """A supplement and the next year are rolled; any two are compared and every yuan is told."""
    page = open_page("/editions")
    roll(page, EXTRA, "2026", FIRST, "增补 1")
    page = open_page("/editions")
    if today().year < 2027:
        page.fill("#edition-closed-by", "张三")
        page.fill("#edition-closed-reason", "国库已关账")
    roll(page, SECOND, "2027", FIRST)
    page = open_page("/editions")
    expect(page.locator("#card-timeline .scatterlayer .point")).to_have_count(3)
    pick(page, "compare-before", FIRST)
    pick(page, "compare-after", SECOND)
    page.wait_for_url("**before=*after=*")
    expect(page.locator("#card-bridge")).to_contain_text("未解释部分为0")
    diff = asked(page, address, f"/editions/{FIRST}/diff/{SECOND}")
    assert diff["bridge"]["remainder"] == 0
    expect(page.locator(".choice", has_text="有变化")).to_have_text(f"有变化 {len(diff['changed'])}")
    assert [diff[name]["remainder"] for name in ("annual", "window", "common")] == [0, 0, 0]
    heads = [asked(page, address, f"/editions/{code}")["annual_wan"] for code in (FIRST, SECOND)]
    assert [diff["annual"]["before"], diff["annual"]["after"]] == heads
    page.locator("#card-bridge .choice", has_text="规划期").click()
    page.wait_for_url("**view=window*")
    page.locator("#bridge-causes a", has_text="年度移出规划期").click()
    page.wait_for_url("**cause=year_leaves*")
    expect(page.locator("#card-changed")).to_contain_text("此项影响")
    expect(page.locator("#diff-rows tbody tr").first).to_be_visible()
    page = open_page("/editions")
    point = page.locator("#card-timeline .scatterlayer .points path").first
    point.wait_for()
    settled(page)  # the figure may be drawn again at its final width
    box = point.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"/editions/[^?]+$"))
    page = open_page("/editions")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#card-editions tbody tr", has_text=EXTRA).get_by_role("button", name="删除草案").click()
    expect(page.locator("#card-editions tbody")).not_to_contain_text(EXTRA)


def test_an_edition_in_time_by_task_and_by_list(open_page: Open, address: str) -> None:
    page = open_page("/editions")
    roll(page, "分页2030", "2030")
    project = asked(page, address, "/editions/分页2030/entries", limit=1)["items"][0]["code"]
    page = open_page(tab("分页2030", "schedule"))
    expect(page.locator("#schedule-grid .gantt .bar").first).to_be_visible()
    page = open_page(tab("分页2030", "tasks", "&show=lacking"))
    expect(page.locator("#task-items tbody tr").first).to_contain_text("全无")
    page = open_page(tab("分页2030", "lists"))
    page.fill("#near_term-project", project)
    page.fill("#near_term-doc", "桂发改〔2026〕5号")
    page.fill("#near_term-person", "王芳")
    page.locator("#near_term-send").click()
    expect(page.locator("#card-near_term tbody tr")).to_contain_text("未列入")


def test_a_foreign_edition_is_checked_then_loaded(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/exchange")
    path = tmp_path / "wrong.csv"
    path.write_text("code,name_zh,category,annual_investment\nGX-0000-0000,没有的项目,续建,5\n", encoding="utf-8")
    page.fill("#foreign-code", "外部2025")
    page.fill("#foreign-year", "2025")
    page.fill("#foreign-doc", "桂发改〔2025〕1号")
    page.set_input_files("#foreign-file input", str(path))
    expect(page.locator("#foreign-names")).to_contain_text("wrong.csv")
    page.locator("#foreign-apply").click()
    expect(page.locator("#foreign-result tbody tr")).to_contain_text("GX-0000-0000")
    path = tmp_path / "list.csv"
    path.write_text("code,name_zh,category,annual_investment\nGX-2018-0207,码头,续建,500\n", encoding="utf-8")
    page.set_input_files("#foreign-file input", str(path))
    expect(page.locator("#foreign-names")).to_contain_text("list.csv")
    page.locator("#foreign-check").click()
    expect(page.locator("#foreign-result")).to_contain_text("检查通过")
    page.locator("#foreign-apply").click()
    expect(page.locator("#foreign-result")).to_contain_text("已写入")
    page = open_page("/editions")
    expect(page.locator("#card-editions tbody tr", has_text="外部2025")).to_contain_text("外部导入")


def test_entries_are_changed_and_taken_in_by_hand(open_page: Open, address: str) -> None:
    page = open_page("/editions")
    roll(page, "人工2031", "2031")
    held = asked(page, address, "/editions/人工2031/entries", limit=500)["items"]
    inside = {row["code"] for row in held}
    projects = asked(page, address, "/projects", limit=500, stage="preliminary")["items"]
    outside = next(row["code"] for row in projects if row["code"] not in inside)
    page = open_page(tab("人工2031", "proposals"))
    page.get_by_role("button", name="人工变动").click()
    code = mark_first(page)
    page.locator("#hand-send").click()
    expect(page.locator("#board-result")).to_contain_text("不适用于此项变动")
    pick(page, "hand-code", "已停建缓建")
    page.locator("#hand-send").click()
    expect(page.get_by_text("已处理1条")).to_be_visible()
    row = next(r for r in asked(page, address, "/editions/人工2031/entries", change="suspended")["items"])
    assert (row["code"], row["rule"], row["annual_wan"]) == (code, "by_hand", 0)
    page.get_by_role("button", name="人工列入").click()
    page.fill("#add-project", "码头")
    page.fill("#add-reason", "领导联系项目")
    page.locator("#add-send").click()
    expect(page.locator("#board-result")).to_contain_text("不能对应到唯一的项目")
    page.fill("#add-project", outside)
    page.locator("#add-send").click()
    expect(page.get_by_text("已列入")).to_be_visible()
    assert asked(page, address, "/editions/人工2031/entries", q=outside)["items"][0]["rule"] == "by_hand"
