"""Annual plans and lists of projects: titles, units, headings, periods, places, groups and sums in many spellings."""

from datetime import datetime
from typing import Any

from tests.exchange.offices.books import Book, Sheet, book

WAN, YI = 10_000, 100_000_000
TITLE = "某市2026年重大项目建设计划表"
HEADING = ("序号", "项目名称", "建设地点", "项目业主", "建设规模及内容", "建设起止年限", "总投资")
ONE = ("1", "甲码头", "钦州市", "甲公司", "2个泊位", "2024.3-2027.12", 12000)
FACTS = {
    "owner": "甲公司",
    "capacity_zh": "2个泊位",
    "region_codes": ["450700"],
    "start_month": "2024-03",
    "finish_month": "2027-12",
    "total_investment_yuan": 12000 * WAN,
}


def _with(place: int, value: object) -> tuple[object, ...]:
    return (*ONE[:place], value, *ONE[place + 1 :])


def _headed(name: str, place: int, words: str, **given: Any) -> Book:
    """The plan with another word for one of its columns."""
    heading = (*HEADING[:place], words, *HEADING[place + 1 :])
    return book(name, [[TITLE], ["单位：万元"], heading, ONE], projects={"甲码头": FACTS}, **given)


def _celled(name: str, place: int, value: object, **facts: object) -> Book:
    """The plan with another spelling of one of its cells."""
    rows = [[TITLE], ["单位：万元"], HEADING, _with(place, value)]
    return book(name, rows, projects={"甲码头": FACTS | facts})


def _refused(name: str, place: int, value: object, code: str) -> Book:
    """The plan with a cell that no one may guess at."""
    return book(name, [[TITLE], ["单位：万元"], HEADING, _with(place, value)], findings=[code])


UNITS = [
    book("unit-left", [[TITLE], ["单位：万元"], HEADING, ONE], ["A1:G1", "A2:G2"], projects={"甲码头": FACTS}),
    book(
        "unit-right",
        [[TITLE], ["填报单位：某局", "", "", "", "", "", "单位：亿元"], HEADING, _with(6, 1.2)],
        projects={"甲码头": FACTS},
    ),
    book(
        "unit-in-heading-wins",
        [[TITLE], ["单位：亿元"], (*HEADING[:6], "总投资（万元）"), ONE],
        projects={"甲码头": FACTS},
    ),
    book(
        "unit-with-date", [[TITLE], ["填报日期：2026年1月", "", "单位:万元"], HEADING, ONE], projects={"甲码头": FACTS}
    ),
    book("no-unit-is-asked", [[TITLE], HEADING, ONE], findings=["unit_unsaid"]),
    book("title-names-two-units", [[TITLE], ["单位：万元、亩"], HEADING, ONE], projects={"甲码头": FACTS}),
]
HEADINGS = [
    _headed("heading-owner-legal", 3, "项目法人"),
    _headed("heading-owner-unit", 3, "项目单位"),
    _headed("heading-owner-builder", 3, "建设单位"),
    _headed("heading-place-address", 2, "项目所在地"),
    _headed("heading-place-counties", 2, "所在县（市、区）"),
    _headed("heading-capacity", 4, "主要建设内容\n及规模"),
    _headed("heading-period", 5, "建设年限"),
    _headed("heading-total", 6, "项目总投资"),
    _headed("heading-blanks-within", 1, "项 目 名 称"),
    book("heading-first-row", [(*HEADING[:6], "总投资（万元）"), ONE], projects={"甲码头": FACTS}),
    book(
        "annex-mark",
        [["附件1"], [TITLE], ["单位：万元"], HEADING, ONE],
        ["A2:G2"],
        projects={"甲码头": FACTS},
    ),
    book(
        "column-numbers-below-heading",
        [[TITLE], ["单位：万元"], HEADING, ("1", "2", "3", "4", "5", "6", "7"), ONE],
        projects={"甲码头": FACTS},
    ),
    book(
        "unknown-column-is-told",
        [[TITLE], ["单位：万元"], (*HEADING, "领导批示件"), (*ONE, "已阅")],
        projects={"甲码头": FACTS},
        told=["column_unknown"],
    ),
    book(
        "remarks-and-people-are-told",
        [[TITLE], ["单位：万元"], (*HEADING, "责任人", "联系电话", "备注"), (*ONE, "张某", "0777-1", "略")],
        projects={"甲码头": FACTS},
        told=["column_left"],
    ),
    book(
        "bureau-unknown-is-told",
        [[TITLE], ["单位：万元"], (*HEADING, "责任单位"), (*ONE, "市交通运输局")],
        projects={"甲码头": FACTS},
        told=["column_strange_cells"],
    ),
    book(
        "bureau-known-is-taken",
        [[TITLE], ["单位：万元"], (*HEADING, "责任单位"), (*ONE, "自治区交通运输厅")],
        projects={"甲码头": FACTS | {"lead_unit": "GX-DOT"}},
    ),
    Book(
        "hidden-column",
        [Sheet([[TITLE], ["单位：万元"], HEADING, ONE], hidden=["E"])],
        projects={"甲码头": FACTS},
        told=["hidden_columns"],
    ),
]
PERIODS = [
    _celled("period-years", 5, "2024-2027", start_month="2024-01"),
    _celled("period-years-word", 5, "2024—2027年", start_month="2024-01"),
    _celled("period-points", 5, "2024.03-2027.12"),
    _celled("period-wave", 5, "2024.3～2027.12"),
    _celled("period-words", 5, "2024年3月-2027年12月"),
    _celled("period-to", 5, "2024年3月至2027年12月"),
    _refused("period-one-year-alone", 5, "2026年（三季度开工）", "bad_month"),
    book(
        "start-and-finish-as-dates",
        [
            [TITLE],
            ["单位：万元"],
            (*HEADING[:5], "开工时间", "竣工时间", "总投资"),
            (*ONE[:5], datetime(2024, 3, 15), datetime(2027, 12, 1), 12000),
        ],
        projects={"甲码头": FACTS},
    ),
    book(
        "start-and-finish-as-words",
        [
            [TITLE],
            ["单位：万元"],
            (*HEADING[:5], "开工年月", "竣工年月", "总投资"),
            (*ONE[:5], "2024年3月", "2027", 12000),
        ],
        projects={"甲码头": FACTS},
        told=["years_alone_taken"],
    ),
]
PLACES = [
    _celled("place-county", 2, "钦州市钦南区", region_codes=["450702"]),
    _celled("place-province", 2, "广西钦州市"),
    _celled("place-county-alone", 2, "钦南区", region_codes=["450702"]),
    _celled("place-two", 2, "钦州市、防城港市", region_codes=["450700", "450600"]),
    _celled("place-short", 2, "钦州"),
    _celled("place-region", 2, "自治区本级", region_codes=["450000"]),
    _celled("place-zone", 2, "钦州港经济技术开发区"),
    _refused("place-unknown", 2, "某镇某村", "unknown_code"),
    _refused("place-across", 2, "跨市", "unknown_code"),
]
AMOUNTS = [
    _celled("amount-thousands", 6, "12,000"),
    _celled("amount-full-width", 6, "１２０００"),
    _celled("amount-decimals", 6, 12000.5, total_investment_yuan=120_005_000),
    _refused("amount-about", 6, "约12000", "vague_number"),
    _refused("amount-with-unit", 6, "1.2亿", "amount_with_unit"),
    _celled("amount-dash", 6, "—", total_investment_yuan=None),
]


def _summed(name: str, rows: list[tuple[object, ...]], **given: Any) -> Book:
    two = {"乙公路": FACTS | {"owner": "乙公司", "total_investment_yuan": 8000 * WAN}}
    return book(name, [[TITLE], ["单位：万元"], HEADING, *rows], projects={"甲码头": FACTS, **two}, **given)


TWO = ("2", "乙公路", "钦州市", "乙公司", "2个泊位", "2024.3-2027.12", 8000)


def _sum(words: str, amount: object = 20000, second: object = "") -> tuple[object, ...]:
    return (words, second, "", "", "", "", amount)


SUMS = [
    _summed("total-above", [_sum("合计", second="共2项"), ONE, TWO], told=["rows_passed"]),
    _summed("total-below-spaced", [ONE, TWO, _sum("合　计")], told=["rows_passed"]),
    _summed("total-counted", [_sum("总计（2个）"), ONE, TWO]),
    _summed("total-of-city", [ONE, TWO, _sum("钦州市合计")]),
    _summed("total-formula", [ONE, TWO, _sum("合计", "=SUM(G4:G5)")]),
    _summed("group-numeral-apart", [_sum("一", 12000, "交通（1项）"), ONE, _sum("二", 8000, "公路（1项）"), TWO]),
    _summed("group-with-mark", [_sum("一、交通", ""), ONE, _sum("二、钦州市（1项）", ""), TWO]),
    _summed(
        "group-two-ranks", [_sum("一、交通", 20000), _sum("（一）港口", 12000), ONE, _sum("（二）公路", 8000), TWO]
    ),
    _summed("subtotals", [ONE, _sum("小计", 12000), TWO, _sum("小计", 8000), _sum("合计")]),
    _summed("wrong-total-is-told", [ONE, TWO, _sum("合计", 25000)], told=["sum_differs"]),
    _summed("wrong-group-is-told", [_sum("一、交通", 9000), ONE, TWO], told=["sum_differs"]),
    _summed("notes-and-signatures", [ONE, TWO, ("注：投资按批复口径。",), ("填表人：某某", "", "", "审核人：某某")]),
]
SHEETS = [
    Book(
        "several-sheets",
        [
            Sheet([["续建"], ["单位：万元"], HEADING, ONE], "续建"),
            Sheet([["新开工"], ["单位：亿元"], HEADING, (*TWO[:6], 0.8)], "新开工"),
        ],
        projects={"甲码头": FACTS, "乙公路": {"total_investment_yuan": 8000 * WAN}},
    ),
    book(
        "two-tables-on-a-sheet",
        [
            ["表一 续建项目"],
            ["单位：万元"],
            HEADING,
            ONE,
            _sum("合计", 12000),
            [],
            ["表二 新开工项目"],
            ["单位：亿元"],
            ("序号", "项目名称", "项目业主", "总投资"),
            ("1", "乙公路", "乙公司", 0.8),
            ("合计", "", "", 0.8),
        ],
        projects={"甲码头": FACTS, "乙公路": {"owner": "乙公司", "total_investment_yuan": 8000 * WAN}},
    ),
    book(
        "owner-merged-over-rows",
        [[TITLE], ["单位：万元"], HEADING, ONE, ("2", "乙公路", "钦州市", "", "2个泊位", "2024.3-2027.12", 8000)],
        ["D4:D5"],
        projects={"甲码头": FACTS, "乙公路": FACTS | {"total_investment_yuan": 8000 * WAN}},
    ),
    book(
        "amount-merged-over-rows-is-asked",
        [[TITLE], ["单位：万元"], HEADING, ONE, (*TWO[:6], "")],
        ["G4:G5"],
        findings=["merged_cells"],
    ),
]
PLANS = [*UNITS, *HEADINGS, *PERIODS, *PLACES, *AMOUNTS, *SUMS, *SHEETS]
