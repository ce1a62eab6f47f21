"""Every journalled change of a library that lives is told in words, in both languages."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.data import References, _references
from dashboard.pages.journal_rows import grid_rows
from dashboard.pages.project_history import changes_in_words
from portfolio.access.local import EVERYTHING
from portfolio.core.clock import utc_now
from portfolio.journal.queries import HistoryEntry, JournalFilters, slice_journal

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
            ["总投资（万元）：1 万元 → —"],
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
        (
            entry("people", "sign_in", None, {"way": "password", "owes": "enrol"}),
            ["方式：密码", "还须完成：启用两步验证"],
        ),
        (
            entry("people", "create", None, {"role": "planner", "element": "land"}),
            ["角色：发展改革委／北部湾办规划员", "要素：用地"],
        ),
        (entry("rooms", "unheard", {"thing": 1}, {"thing": [2]}), ["thing：1 → [2]"]),
    ],
)
def test_a_change_is_told_in_names_and_units(references: References, told: HistoryEntry, words: list[str]) -> None:
    assert changes_in_words(Context("zh", "light"), told, references) == words
