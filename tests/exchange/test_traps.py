"""The traps of office spreadsheets: refused with the remedy, or told as a warning that stops nothing."""

from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.exchange.rows.needs_told import looks_like_mu
from portfolio.exchange.sheets.magnitude import times_apart
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.projects.queries import get_project
from tests.exchange.conftest import CODE, Desk


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("北海,,", ["short_region"]),
        ("海市,,", ["unknown_code"]),
        ("北海市,青秀区,", ["county_of_other_city"]),
        ("北海市,银海区,南宁市", ["regions_disagree"]),
        ("北海市,银海区,", []),
        ("北海市,,", []),
        (",,北海市；南宁市", []),
        (",,北海", ["short_region"]),
    ],
)
def test_regions(light_desk: Desk, row: str, found: list[str]) -> None:
    number = light_desk.upload(f"项目编号,项目名称,所在市,所在县（市、区）,所在地区\n{CODE},北海邮轮码头,{row}\n")
    assert light_desk.codes(number) == found


@pytest.mark.parametrize(
    ("row", "regions"),
    [("北海市,银海区,", ["450503"]), ("北海市,,", ["450500"]), (",,北海市；南宁市", ["450500", "450100"]), (",,", [])],
)
def test_regions_are_kept_as_codes(light_desk: Desk, row: str, regions: list[str]) -> None:
    light_desk.applied(f"项目编号,项目名称,牵头单位,所在市,所在县（市、区）,所在地区\n{CODE},改名码头,,{row}\n")
    with Session(light_desk.engine) as session:
        assert get_project(session, EVERYTHING, CODE)["region_codes"] == regions


def test_a_sector_of_another_kind_is_told(light_desk: Desk) -> None:
    number = light_desk.upload(f"项目编号,项目名称,行业,项目类型\n{CODE},北海邮轮码头,水利,码头泊位\n")
    assert light_desk.codes(number) == ["sector_of_other_kind"]


def test_an_element_of_another_item_is_told(light_desk: Desk) -> None:
    number = light_desk.upload(f"项目,要素类别,要素,年份,需求\n{CODE},用地,fund.tbd,2030,1\n")
    assert light_desk.codes(number) == ["element_of_other_item"]


def test_mu_for_hectares_is_warned_of_and_stops_nothing(light_desk: Desk) -> None:
    head = "project,item,year,required\n"
    light_desk.applied(head + f"{CODE},land.built,2030,4\n{CODE},fund.tbd,2030,4\n")
    number = light_desk.upload(head + f"{CODE},land.built,2030,60\n{CODE},fund.tbd,2030,60\n")
    assert light_desk.codes(number, "warnings") == ["suspected_mu", "suspected_unit"]
    assert (light_desk.record(number).state, light_desk.record(number).warnings) == ("checked", 2)


@pytest.mark.parametrize(
    ("old", "new", "suspected"),
    [(100, 1500, True), (1500, 100, True), (100, 1400, False), (0, 15, False), (7, 7, False)],
)
def test_fifteen_times_is_suspected(old: int, new: int, suspected: bool) -> None:
    assert looks_like_mu(old, new) is suspected


@pytest.mark.parametrize(
    ("head", "old", "new"),
    [
        ("项目编号,项目名称,总投资（万元）\n{},北海邮轮码头,{}\n", "326500", "4321.5"),
        ("项目,要素,年份,需求\n{},fund.tbd,2030,{}\n", "4321.5", "326500"),
    ],
    ids=["total", "need"],
)
def test_money_far_from_what_stands_is_warned_of_and_stops_nothing(
    light_desk: Desk, head: str, old: str, new: str
) -> None:
    light_desk.applied(head.format(CODE, old))
    near = light_desk.upload(head.format(CODE, "40000" if old == "326500" else "43000"))
    assert light_desk.codes(near, "warnings") == []
    number = light_desk.upload(head.format(CODE, new))
    assert (light_desk.record(number).state, light_desk.codes(number, "warnings")) == ("checked", ["suspected_unit"])
    with Session(light_desk.engine) as session:
        (warning,) = imports_queries.preview_of(session, number)["warnings"]
    assert warning.row == 2
    assert "相差约 76 倍" in warning.reason("zh") and "about 76 times" in warning.reason("en")


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [(100, 1000, 10), (1000, 100, 10), (100, 999, 0), (3, 50, 17), (0, 50, 0), (50, 0, 0), (7, 7, 0)],
)
def test_ten_times_is_far(old: int, new: int, times: int) -> None:
    assert times_apart(old, new) == times


def test_hidden_rows_are_warned_of(light_desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    needs: list[tuple[Any, ...]] = [(CODE, "fund.tbd", 2030, 1), (CODE, "fund.own", 2030, 2)]
    for row in [("项目", "要素", "年份", "需求"), *needs]:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    number = light_desk.upload(book, "needs.xlsx")
    assert light_desk.codes(number, "warnings") == ["hidden_rows"]
    assert light_desk.record(number).new == 2


def test_numbers_written_as_text_are_numbers(light_desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("项目", "要素", "年份", "需求"), (CODE, "fund.tbd", "2030", "12.5")]:
        sheet.append(row)
    assert light_desk.record(light_desk.upload(book, "needs.xlsx")).new == 1
