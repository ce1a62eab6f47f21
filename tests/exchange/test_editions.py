"""The annual list as workbook and document; editions published elsewhere, loaded one after another."""

from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.core.errors import ConflictError, InvalidError
from portfolio.exchange.rows.edition_import import ForeignEdition, Imported, import_edition
from portfolio.finance.yearly import save_yearly
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling import targets
from portfolio.rolling.annual import annual_list
from portfolio.rolling.queries import compare, entry_frame, list_editions
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.rolling.targets import Target
from tests.ledger.conftest import OTHER, PROJECT
from tests.rolling.conftest import accept_all, make

PROJECT_NAME = "钦州港30万吨级油码头"
FACTS = {"stage": "under_construction", "start_month": "2026-03", "finish_month": "2028-06"}


@pytest.fixture
def edition(sqlite_session: Session) -> Session:
    """An edition of two projects asking 300 万元 and 100 万元 in 2026; the second is late and winds up."""
    session = sqlite_session
    update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {**FACTS, "total_investment_yuan": 9_000_000})
    update_project(
        session, LOCAL_OWNER, EVERYTHING, OTHER, {**FACTS, "start_month": "2024-03", "finish_month": "2025-06"}
    )
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2026, 3_000_000)])
    save_needs(session, LOCAL_OWNER, EVERYTHING, OTHER, [NeedEdit("fund.own", 2026, 1_000_000)])
    roll_edition(session, LOCAL_OWNER, EVERYTHING, NewEdition("2026", 2026))
    steps = [("主体封顶", "2026-09", None)]
    target = Target(
        content="=完成主体", person="张三", curve={3: 0, 6: 1_000_000, 9: 0, 12: 2_000_000}, milestones=steps
    )
    targets.set_target(session, LOCAL_OWNER, "2026", PROJECT, target)
    return session


def test_the_workbook_has_five_tables_and_the_targets(edition: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    assert write_annual_book(edition, EVERYTHING, path, "2026", "zh") == 2
    book = load_workbook(path, data_only=True)
    assert book.sheetnames[3:8] == ["新开工", "续建", "竣工投产", "竣工收尾", "预备（前期工作）"]
    rows = [[cell.value for cell in row] for row in book["续建"].iter_rows(min_row=5)]
    assert rows[0][0] == "钦州市（1）"
    assert (rows[1][1], rows[1][5], rows[1][8], rows[1][9]) == (PROJECT, 900, 300, "'=完成主体")
    assert (rows[2][0], rows[2][8]) == ("合计", 300)
    assert [row[1].value for row in book["竣工收尾"].iter_rows(min_row=6, max_row=6)] == [OTHER]
    target = next(row for row in book["进度目标责任表"].iter_rows(min_row=5, values_only=True) if row[1] == PROJECT)
    assert target[3:8] == (300, 0, 100, 100, 300)
    assert (target[9], target[11]) == ("2026-09 主体封顶", "张三")
    formulas = load_workbook(path)["按市汇总"]
    held = [[row[0].value, row[1].value, row[5].value] for row in formulas.iter_rows(min_row=5)]
    assert held[0] == ["北海市", "小计", "=SUBTOTAL(9,F6:F6)"]
    assert held[-1] == ["合计", None, f"=SUBTOTAL(9,F5:F{formulas.max_row - 1})"]
    shown = [row[5] for row in book["按市汇总"].iter_rows(min_row=5, values_only=True)]
    assert (shown[0], shown[-1]) == (100, 400)


def test_the_document_says_the_same(edition: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.docx"
    assert write_annual_document(edition, EVERYTHING, path, "2026", "zh") == 2
    document = Document(str(path))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "共2项" in words and "续建 1、竣工收尾 1" in words
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[3] == ["钦州市", "小计", "1", "900", "300"]
    assert cells[-1] == ["合计", "", "2", "900", "400"]
    assert len(document.tables) == 3
    heads = [cell.text for cell in document.tables[1].rows[0].cells]
    completed = heads.index("至上年底累计完成")
    assert [row.cells[completed].text for row in document.tables[1].rows[1:]] == [""]
    assert "至上年底累计完成：2项未报，未计入。" in words


def test_list_and_document_say_what_was_completed_and_who_did_not_report(edition: Session, tmp_path: Path) -> None:
    save_yearly(edition, LOCAL_OWNER, EVERYTHING, PROJECT, {("to_date", 2025): 2_500_000})
    roll_edition(edition, LOCAL_OWNER, EVERYTHING, NewEdition("2026B", 2026))
    write_annual_document(edition, EVERYTHING, tmp_path / "list.docx", "2026B", "zh")
    document = Document(str(tmp_path / "list.docx"))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "至上年底累计完成：1项未报，未计入。" in words
    table = next(one for one in document.tables if PROJECT_NAME in one.rows[1].cells[1].text)
    place = [cell.text for cell in table.rows[0].cells].index("至上年底累计完成")
    assert table.rows[1].cells[place].text == "250"
    write_annual_book(edition, EVERYTHING, tmp_path / "list.xlsx", "2026B", "zh")
    book = load_workbook(tmp_path / "list.xlsx")
    assert "1项未报，未计入" in str(book["续建"]["A2"].value)


def test_list_and_document_carry_the_bridge_from_the_edition_before(edition: Session, tmp_path: Path) -> None:
    accept_all(edition, "2026")
    edition.execute(text("UPDATE editions SET state = 'approved'"))
    save_needs(edition, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2027, 5_000_000)])
    make(edition, "2027", 2027, "2026")
    _, plan = compare(edition, EVERYTHING, "2026", "2027")
    told = [plan.bridge().before, *(amount for amount in plan.bridge().causes.values() if amount), plan.bridge().after]
    write_annual_book(edition, EVERYTHING, tmp_path / "list.xlsx", "2027", "zh")
    rows = list(load_workbook(tmp_path / "list.xlsx")["与上一版次比较"].iter_rows(min_row=6, values_only=True))
    assert [row[1] for row in rows[: len(told) + 1]] == [*(yuan / 10_000 for yuan in told), 0]
    write_annual_document(edition, EVERYTHING, tmp_path / "list.docx", "2027", "zh")
    table = Document(str(tmp_path / "list.docx")).tables[1]
    assert [row.cells[0].text for row in table.rows[1:]] == [row[0] for row in rows[: len(told) + 1]]


def sheet_book(
    path: Path, entries: list[list[object]], needs: list[list[object]] | None = None, steps: bool = True
) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["项目编号", "项目名称", "所在市", "类别", "总投资（亿元）", "年度计划投资（万元）", "竣工时间"])
    for row in entries:
        page.append(row)
    second = book.create_sheet("needs")
    second.append(["project", "item", "year", "required (万元)"])
    for row in needs or []:
        second.append(row)
    third = book.create_sheet("milestones")
    third.append(["project", "name", "due_month"])
    if steps:
        third.append(["平陆运河", "通航", "2026-12"])
    book.save(path)
    return path


def load(
    session: Session, path: Path, code: str, year: int, create: bool = True, parent: str | None = None
) -> Imported:
    head = ForeignEdition(code, year, f"桂发改〔{year}〕1号", f"{year}-02-01", 3, "annual", parent, create)
    return import_edition(session, LOCAL_OWNER, EVERYTHING, [path], head)


def test_a_series_published_elsewhere_is_loaded_and_compared(sqlite_engine: Engine, tmp_path: Path) -> None:
    first = sheet_book(
        tmp_path / "a.xlsx",
        [
            [PROJECT, "钦州港30万吨级油码头", "钦州市", "续建", 3, 5000, "2026-10"],
            [None, "平陆运河", "区直及跨市", "新开工", 700, 80000, None],
        ],
        [
            [PROJECT, "fund.own", 2025, 2000],
            [PROJECT, "fund.loan.policy", 2025, 3000],
            [PROJECT, "fund.own", 2026, 900],
        ],
    )
    second = sheet_book(tmp_path / "b.xlsx", [[None, "平陆运河", "450000", "续建", 727, 120000, "2026-12"]])
    with Session(sqlite_engine, expire_on_commit=False) as session:
        outcome = load(session, first, "2025", 2025)
        assert [finding.reason("zh") for finding in outcome.findings] == []
        assert (outcome.entries, outcome.created) == (2, 1)
        assert load(session, second, "2026", 2026, parent="2025").dropped == 1
        session.commit()
        states = {one["code"]: (one["state"], one["origin"]) for one in list_editions(session, EVERYTHING)}
        assert states == {"2026": ("issued", "imported"), "2025": ("superseded", "imported")}
        cells, _ = compare(session, EVERYTHING, "2025", "2026")
        found, money = cells.differences(), cells.bridge()
        assert sorted(one.kinds for one in found) == [("dearer", "adjusted"), ("dropped",)]
        assert (money.before, money.after, money.remainder) == (859_000_000, 1_200_000_000, 0)
        frame = entry_frame(session, EVERYTHING, "2026").set_index("name_zh")
        assert tuple(frame[name]["平陆运河"] for name in ("change", "total_yuan")) == ("adjusted", 72_700_000_000)
        (listed,) = [row for row in annual_list(session, EVERYTHING, "2026") if row.name_zh == "平陆运河"]
        assert (listed.milestones, listed.city_code) == ((("通航", "2026-12", None),), "450000")


def test_a_foreign_edition_with_faults_writes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    book = sheet_book(
        tmp_path / "a.xlsx",
        [[None, "没有的项目", "海市", "在建中", "三亿", 1, "2026-13"], [PROJECT, "甲", None, "续建", 1, 1, None]],
        [["不在表中", "fund.own", 2025, 1], [PROJECT, "fund", 2025, 1], [PROJECT, "fund.own", "25", 1]],
        steps=False,
    )
    with Session(sqlite_engine) as session:
        outcome = load(session, book, "2025", 2025, create=False)
        codes = sorted(finding.code for finding in outcome.findings)
        assert codes == [
            "bad_month",
            "bad_year",
            "not_a_number",
            "unknown_code",
            "unknown_code",
            "unknown_item",
            "unknown_project",
        ]
        session.rollback()
        assert list_editions(session, EVERYTHING) == []
        good = sheet_book(tmp_path / "b.xlsx", [[PROJECT, "甲", None, "续建", 1, 1, None]], steps=False)
        assert load(session, good, "2025", 2025).entries == 1
        with pytest.raises(ConflictError):
            load(session, good, "2025b", 2025)
        head = ForeignEdition("x", 2025, "", "2025-01-01", 99, "weekly")
        with pytest.raises(InvalidError):
            import_edition(session, LOCAL_OWNER, EVERYTHING, [good], head)
