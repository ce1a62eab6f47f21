"""Every journalled change of a library that lives is told in words, in both languages."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.data import References, _references
from dashboard.pages.people.journal_rows import grid_rows
from dashboard.pages.projects.history import changes_in_words
from portfolio.access.local import EVERYTHING
from portfolio.core.clock import utc_now
from portfolio.core.i18n import LANGUAGES
from portfolio.journal.queries import HistoryEntry, JournalFilters, slice_journal
from portfolio.projects.rules.profile import BLANK

PROFILE: dict[str, Any] = {
    "owner_credit_code": "91450000000000000X",
    "address": "民族大道1号",
    "affiliation": "local",
    "supervision_unit": "市发改委",
    "cross_province_doc": "协调1号",
    "bases": {"policy": {"words": "鼓励类", "doc_no": "桂发改1号"}},
    "scales": [{"name": "泊位", "quantity": "2", "unit": "个"}],
    "contacts": [{"role": "responsible", "name": "张三", "phone": "138****1234", "landline": "", "email": ""}],
}
TWO_WAN = {"required": 20_000, "basis": "reported"}


@pytest.fixture
def references(demo_engine: Engine) -> References:
    server = create_dashboard(demo_engine).server
    with Session(demo_engine) as session, server.test_request_context("/"):
        return _references(session)


def entry(room: str, action: str, before: object, after: object) -> HistoryEntry:
    return HistoryEntry(1, utc_now(), "甲", room, "GX-2018-0207", action, before, after, None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_entry_of_the_demonstration_has_words(demo_engine: Engine, references: References, lang: str) -> None:
    with Session(demo_engine) as session:
        entries, total = slice_journal(session, EVERYTHING, JournalFilters(), 0, 100_000)
    rows = grid_rows(Context(lang, "light"), entries, frozenset({"GX-2018-0207"}), references)
    assert len(rows) == total > 4000
    silent = {row["done"] for row in rows if not row["changes"]}
    assert len(silent) <= 2
    assert {row["href"] for row in rows if row["subject"] == "GX-2018-0207"} == {"/projects/GX-2018-0207"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (entry("projects", "create", None, {"owner": "甲"}), ["项目单位：— → 甲"]),
        (entry("projects", "update", {"sea_related": None}, {"sea_related": False}), ["涉海：— → 否"]),
        (
            entry("projects", "update", {"total_investment_yuan": 10_000}, {"total_investment_yuan": None}),
            ["总投资：1 万元 → —"],
        ),
        (
            entry("needs", "remove", [{"item": "fund.tbd", "year": 2027, "value": TWO_WAN}], None),
            ["资金/资金渠道待定 2027：2 万元 → —"],
        ),
        (
            entry(
                "finance",
                "decide",
                {"state": "asked"},
                {"state": "returned", "decision": {"kind": "return", "reason": "not_ready"}},
            ),
            ["状态：待审 → 已退回", "种类：— → 退回", "原因：— → 前期工作不成熟"],
        ),
        (
            entry("ledger", "post", None, {"item": "land", "kind": "lock", "quantity": 12_300, "source": "free"}),
            ["要素：用地", "种类：锁定", "数量：1.23 公顷", "转出：可用"],
        ),
        (entry("attachments", "attach", None, {"kind": "project", "code": "X", "name": "批复.pdf"}), ["批复.pdf"]),
        (entry("reporting", "submit", {"state": "draft"}, {"state": "submitted"}), ["状态：草稿 → 已报送"]),
        (entry("rolling", "state", {"state": "draft"}, {"state": "issued"}), ["状态：草案 → 印发"]),
        (
            entry("exchange", "upload", None, {"files": [{"name": "表.xlsx", "sha256": "ab" * 32, "size": 2048}]}),
            ["文件：表.xlsx (2 KB)"],
        ),
        (entry("finance", "envelope", None, {"level": "county"}), ["级次：县"]),
        (
            entry("ledger", "create", None, {"item": "fund", "kind": "bond_limit"}),
            ["要素：资金", "种类：债券限额"],
        ),
        (
            entry("reporting", "round", None, {"title_zh": "月报", "opens_on": "2018-01-01", "due_on": "2018-01-31"}),
            ["名称（中文）：月报", "开始日期：2018-01-01", "截止日期：2018-01-31"],
        ),
        (
            entry("screening", "criteria", {"jobs": None}, {"jobs": [1174.0, "illustrative"]}),
            ["新增就业：— → 1,174 人 (示例)"],
        ),
        (
            entry("people", "sign_in", None, {"way": "password", "owes": "enrol"}),
            ["登录方式：密码", "还须完成：启用两步验证"],
        ),
        (
            entry("people", "create", None, {"role": "planner", "element": "land"}),
            ["角色：发展改革委／北部湾办规划员", "要素：用地"],
        ),
        (entry("rooms", "unheard", {"thing": 1}, {"thing": [2]}), ["thing：1 → 2"]),
    ],
)
def test_a_change_is_told_in_names_and_units(references: References, told: HistoryEntry, words: list[str]) -> None:
    assert changes_in_words(Context("zh", "light"), told, references) == words


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", list(BLANK))
def test_every_profile_field_is_told_in_words(references: References, name: str, lang: str) -> None:
    told = entry("reporting", "profile", {name: BLANK[name]}, {name: PROFILE[name]})
    (line,) = changes_in_words(Context(lang, "light"), told, references)
    assert not line.startswith(name)
    assert "[" not in line
    assert "{" not in line


def test_persons_scales_and_grounds_read_as_short_lines(references: References) -> None:
    told = entry("reporting", "profile", dict(BLANK), PROFILE)
    lines = changes_in_words(Context("zh", "light"), told, references)
    assert lines[-3:] == [
        "入库依据：— → 符合产业政策（依据）：鼓励类 桂发改1号",
        "量化建设规模：— → 泊位 2 个",
        "责任人与联系人：— → 项目责任人：张三 138****1234",
    ]
    assert "隶属关系：— → 地方" in lines
