"""A project's history in the browser: a change, the record of before, a file beside a step, the auditors' page."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portfolio.core.clock import today
from tests.attachments import files

pytestmark = pytest.mark.e2e
Open = Callable[..., Page]
CODE = "GX-2018-0203"


def test_a_change_is_told_traced_and_looked_back_on(open_page: Open) -> None:
    page = open_page(f"/projects/{CODE}")
    page.click("#edit-open")
    page.fill("#edit-owner", "历史港务公司")
    page.fill("#edit-reason", "来函更名")
    page.click("#edit-save")
    history = page.locator("#card-history")
    expect(history).to_contain_text("项目单位：— → 历史港务公司")
    expect(history).to_contain_text("原因：来函更名")

    page.fill("#project-as-of", today().isoformat())
    page.keyboard.press("Enter")
    banner = page.locator("#then-banner")
    expect(banner).to_contain_text(f"{today().isoformat()} 终了时的记录")
    expect(banner).to_contain_text("不是现在的记录")
    expect(page.locator("#card-facts")).to_contain_text("历史港务公司")
    expect(page.locator("#card-needs-then")).to_be_visible()
    expect(page.locator("#edit-open")).to_have_count(0)
    page.click("#then-back")
    expect(page.locator("#edit-open")).to_be_visible()
    expect(page.locator("#then-banner")).to_have_count(0)


def test_a_day_before_the_project_says_so(open_page: Open) -> None:
    day = today() - timedelta(days=1)
    page = open_page(f"/projects/{CODE}?as_of={day.isoformat()}")
    expect(page.locator("#then-banner")).to_contain_text("当时项目库中还没有这个项目")
    expect(page.locator("#card-facts")).to_have_count(0)


def test_auditors_find_a_change_and_take_the_list_with_them(open_page: Open) -> None:
    edited = open_page("/projects/GX-2018-0204")
    edited.click("#edit-open")
    edited.fill("#edit-owner", "审计港务公司")
    edited.click("#edit-save")
    expect(edited.locator("#card-facts")).to_contain_text("审计港务公司")

    page = open_page("/journal")
    expect(page.locator("#journal-chain")).to_contain_text("校验链完好")
    page.fill("#journal-subject", "GX-2018-0204")
    page.fill("#journal-actor", "local")
    expect(page.locator("#journal-total")).to_have_text("共 1 条")
    row = page.locator("#journal-grid .ag-row").first
    expect(row).to_contain_text("修改项目")
    expect(row).to_contain_text("审计港务公司")
    expect(page).to_have_url(re.compile("subject=GX-2018-0204"))
    with page.expect_download() as caught:
        page.click("#journal-export")
    text = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    (told,) = csv.DictReader(io.StringIO(text))
    assert (told["subject"], told["address"], len(told["request_id"])) == ("GX-2018-0204", "127.0.0.1", 32)
    page.locator("#journal-grid a", has_text="GX-2018-0204").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#card-history")).to_contain_text("审计港务公司")


def test_a_file_beside_a_step_is_checked_and_told(open_page: Open) -> None:
    page = open_page(f"/projects/{CODE}?tab=readiness")
    drop = page.locator("#ready-file input[type=file]")
    drop.set_input_files({"name": "假.pdf", "mimeType": "application/pdf", "buffer": files.PAGE})
    expect(page.get_by_text("内容不是 .pdf 类型")).to_be_visible()
    drop.set_input_files({"name": "批复.pdf", "mimeType": "application/pdf", "buffer": files.PDF})
    link = page.locator("#ready-files a", has_text="批复.pdf")
    expect(link).to_be_visible()
    with page.expect_download() as caught:
        link.click()
    assert Path(caught.value.path()).read_bytes() == files.PDF
    told = open_page(f"/projects/{CODE}").locator("#card-history")
    expect(told).to_contain_text("上传附件")
    expect(told).to_contain_text("批复.pdf")


def test_nobody_writes_his_own_address(open_page: Open) -> None:
    page = open_page("/journal")
    project = page.url.replace("/journal", "/api/v1/projects/GX-2018-0202")
    tag = page.request.get(project).headers["etag"]
    told = {"If-Match": tag, "X-Request-Id": "forged-1"}
    forged = page.request.patch(project, data={"owner": "甲"}, headers=told | {"X-Forwarded-For": "198.51.100.1"})
    assert forged.status == 401  # what was forwarded is not from this machine, whose owner signs in nowhere
    assert page.request.patch(project, data={"owner": "甲"}, headers=told).ok
    found = page.request.get(page.url.replace("/journal", "/api/v1/journal?request_id=forged-1")).json()
    assert [entry["address"] for entry in found["items"]] == ["127.0.0.1"]
