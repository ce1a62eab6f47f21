"""The menu folds by keyboard and stays as it was left; where one is can always be seen, on a phone as well."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def test_a_group_folds_by_keyboard_and_stays_folded(open_page: Open) -> None:
    page = open_page("/tasks")
    fold = page.locator("#menu details[data-group=plan]")
    expect(fold.locator("a").first).to_be_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("a").first).to_be_hidden()
    page.reload()
    expect(page.locator("h1")).to_have_text("任务与单位")
    expect(page.locator("#menu details.here")).to_have_attribute("data-group", "projects")
    expect(fold.locator("a").first).to_be_hidden()


def test_the_group_of_the_page_one_comes_to_unfolds(open_page: Open) -> None:
    page = open_page("/tasks")
    fold = page.locator("#menu details[data-group=projects]")
    fold.locator("summary").click()
    expect(fold.locator("a").first).to_be_hidden()
    page.locator("#menu a[href='/finance']").click()
    expect(page.locator("#menu details.here")).to_have_attribute("data-group", "elements")
    page.go_back()
    expect(page.locator("h1")).to_have_text("任务与单位")
    expect(fold.locator("a[href='/tasks']")).to_be_visible()


def test_the_way_back_leads_to_the_list(open_page: Open) -> None:
    page = open_page("/projects/GX-2018-0206/edit", width=390)
    expect(page.locator(".crumbs [aria-current=page]")).to_have_text("编辑")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    page.locator(".crumbs a", has_text="项目库").click()
    expect(page.locator("h1")).to_have_text("项目库")
    page.locator("#burger").click()
    expect(page.locator("#menu a[href='/projects']")).to_be_visible()
