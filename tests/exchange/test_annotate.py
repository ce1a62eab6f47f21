"""A refused file comes back as a workbook: comments and colours where it is wrong, the rest as it was."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session

from portfolio.core.i18n import t
from portfolio.exchange.sheets.findings import Finding
from portfolio.exchange.uploads import annotate as annotating
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.annotate import AUTHOR, annotate
from tests.exchange.conftest import CODE, Desk


def came_back(desk: Desk, number: int, lang: str = "zh") -> Workbook:
    """The annotated workbook of an import."""
    target = desk.folder / "annotated.xlsx"
    with Session(desk.engine) as session:
        (file,) = imports_queries.files_of(session, number)
        findings = imports_queries.preview_of(session, number)["findings"]
    source = imports_store.verified(imports_store.folder_of(desk.engine), file)
    annotate(source, target, findings, lang)
    return load_workbook(target)


def comments(book: Workbook, sheet: str) -> dict[str, str]:
    return {c.coordinate: c.comment.text for row in book[sheet].iter_rows() for c in row if c.comment}


def wrong_book() -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "本单位"
    rows: list[tuple[Any, ...]] = [
        ("项目", "要素", "年份", "需求（万元/公顷）"),
        (CODE, "fund.tbd", 2030, "1.2亿"),
        (CODE, "fund.gold", 20, 5),
    ]
    for row in rows:
        sheet.append(row)
    sheet["H1"].value, sheet["H9"].value = None, None
    sheet.column_dimensions["A"].width = 33
    return book


def test_each_bad_cell_has_its_comment_and_the_rest_stays(light_desk: Desk) -> None:
    number = light_desk.upload(wrong_book(), "needs.xlsx")
    book = came_back(light_desk, number)
    assert book.sheetnames == ["错误清单", "本单位"]
    said = comments(book, "本单位")
    assert set(said) == {"D2", "B3", "C3"}
    assert "把单位“亿”写进了数字" in said["D2"] and "→" in said["D2"]
    assert book["本单位"]["D2"].fill.fgColor.rgb.endswith("FFC7CE")
    assert book["本单位"]["D2"].value == "1.2亿"
    assert book["本单位"].column_dimensions["A"].width == 33
    listed = [[cell.value for cell in row] for row in book["错误清单"].iter_rows()]
    assert listed[0] == ["工作表", "行", "列", "值", "问题", "怎么改"]
    assert listed[1][:4] == ["本单位", 2, "需求（万元/公顷）", "1.2亿"]
    assert len(listed) == 4


def test_what_came_back_can_be_corrected_and_sent_again(light_desk: Desk) -> None:
    book = came_back(light_desk, light_desk.upload(wrong_book(), "needs.xlsx"))
    sheet = book["本单位"]
    sheet["D2"].value, sheet["B3"].value = 12000, "fund.own"
    half = light_desk.upload(book, "half.xlsx")
    assert light_desk.codes(half) == ["bad_year"]
    again = came_back(light_desk, half)
    assert set(comments(again, "本单位")) == {"C3"}
    again["本单位"]["C3"].value = 2030
    assert light_desk.record(light_desk.upload(again, "right.xlsx")).state == "checked"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_csv_comes_back_as_a_workbook_of_the_same_rows(light_desk: Desk, lang: str) -> None:
    content = f"project,item,year,required\n{CODE},fund.tbd,2030,约12\n合计,,,5\n{CODE},fund.own,2030,=1+1\n"
    number = light_desk.upload(content)
    book = came_back(light_desk, number, lang)
    rows = t("annotate-rows", lang)
    assert book.sheetnames == [t("annotate-sheet", lang), rows]
    values = [[cell.value or "" for cell in row] for row in book[rows].iter_rows()]
    assert values[1:] == [
        [CODE, "fund.tbd", 2030, "约12"],
        ["合计", "", "", 5],
        [CODE, "fund.own", 2030, "=1+1"],
    ]
    assert book[rows]["D4"].data_type == "s"
    assert set(comments(book, rows)) == {"D2", "A3", "D4"}


def test_an_unknown_heading_is_marked_on_the_heading(light_desk: Desk, tmp_path: Path) -> None:
    number = light_desk.upload("project,item,year,required,备查\n" + f"{CODE},fund.tbd,2030,1,x\n")
    book = came_back(light_desk, number)
    assert set(comments(book, "数据")) == {"E1"}


def test_our_comments_bear_our_name(light_desk: Desk) -> None:
    book = came_back(light_desk, light_desk.upload(wrong_book(), "needs.xlsx"))
    comment = book["本单位"]["D2"].comment
    assert comment is not None and comment.author == AUTHOR


CASES = Path(__file__).parent / "cases"


ODD = [("odd-style", "Sheet1", "G"), ("stray-cell", "Sheet", "D"), ("chart-sheet", "Sheet1", "G")]


@pytest.mark.parametrize(("name", "sheet", "column"), ODD)
def test_an_odd_workbook_comes_back_with_its_rows(tmp_path: Path, name: str, sheet: str, column: str) -> None:
    heading = {"G": "total_investment", "D": "需求（万元）"}[column]
    findings = [Finding("not_a_number", f"{name}.xlsx", sheet, 2, heading, "x")]
    target = tmp_path / "back.xlsx"
    annotate(CASES / f"{name}.xlsx", target, findings, "zh")
    book = load_workbook(target)
    page = book[sheet]
    comment = page[f"{column}2"].comment
    assert comment is not None and "→" in comment.text
    assert page["A2"].value in ("健壮码头", "GX-2018-0002", "一表码头")
    assert book.sheetnames[0] == "错误清单"


def test_a_heading_is_looked_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    of = annotating.Heading.of

    def counted(texts: Any) -> Any:
        asked.append(1)
        return of(texts)

    monkeypatch.setattr(annotating.Heading, "of", counted)
    source = tmp_path / "wrong.csv"
    source.write_text("project,item,year,required\n" + f"{CODE},fund.tbd,2030,x\n" * 300)
    findings = [Finding("not_a_number", "wrong.csv", None, 2 + number, "required", "x") for number in range(300)]
    annotate(source, tmp_path / "back.xlsx", findings, "zh")
    assert asked == [1]
