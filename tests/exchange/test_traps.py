"""The traps of office spreadsheets: refused with the remedy, or told as a warning that stops nothing."""

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.exchange.needs_told import looks_like_mu
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
    assert light_desk.codes(number, "warnings") == ["suspected_mu"]
    assert (light_desk.record(number).state, light_desk.record(number).warnings) == ("checked", 1)


@pytest.mark.parametrize(
    ("old", "new", "suspected"),
    [(100, 1500, True), (1500, 100, True), (100, 1400, False), (0, 15, False), (7, 7, False)],
)
def test_fifteen_times_is_suspected(old: int, new: int, suspected: bool) -> None:
    assert looks_like_mu(old, new) is suspected


def test_hidden_rows_are_warned_of(light_desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("项目", "要素", "年份", "需求"), (CODE, "fund.tbd", 2030, 1), (CODE, "fund.own", 2030, 2)]:
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
