"""What projects need: years across, sources across under a heading of two and three rows, sources down, long form."""

from tests.exchange.offices.books import Book, Sheet, book

WAN, YI = 10_000, 100_000_000
PROJECTS = ("甲码头", "乙公路")
LIST = Sheet([["项目名称", "项目业主"], ["甲码头", "甲公司"], ["乙公路", "乙公司"]], "项目")
BOND, BUDGET, OWN = "fund.bond.special", "fund.central_budget", "fund.own"
ACROSS = {
    ("甲码头", BUDGET, 2026, YI // 2),
    ("甲码头", BOND, 2026, YI),
    ("甲码头", BUDGET, 2027, 80_000_000),
    ("甲码头", BOND, 2027, YI),
    ("乙公路", OWN, 2026, 2 * YI),
}


def _needs(
    name: str, rows: list[list[object]], needs: set[tuple[str, str, int, int]], merged: tuple[str, ...] = ()
) -> Book:
    """A table of needs beside the list of the projects it names."""
    return Book(name, [LIST, Sheet(rows, "资金", merged)], projects={one: {} for one in PROJECTS}, needs=needs)


NEEDS = [
    _needs(
        "years-across-merged",
        [
            ["2026—2027年重大项目资金需求测算表"],
            ["填报单位：某局", "", "", "", "单位：亿元"],
            ["序号", "项目名称", "资金来源", 2026, 2027, "合计"],
            [1, "甲码头", "中央预算内投资", 0.5, 0.8, "=SUM(D4:E4)"],
            ["", "", "专项债券", 1, 1, ""],
            ["", "", "小计", "=SUM(D4:D5)", "", ""],
            [2, "乙公路", "企业自筹", 2, "", ""],
            ["总计", "", "", 3.5, 1.8, ""],
        ],
        ACROSS,
        ("A4:A5", "B4:B5"),
    ),
    _needs(
        "years-across-not-merged",
        [
            ["项目名称", "资金来源", "2026年（亿元）", "2027年（亿元）"],
            ["甲码头", "中央预算内", 0.5, 0.8],
            ["", "专项债", 1, 1],
            ["乙公路", "自筹", 2, "—"],
        ],
        ACROSS,
    ),
    _needs(
        "sources-across-two-rows",
        [
            ["资金来源表"],
            ["序号", "项目名称", "2026年资金来源（亿元）", "", "2027年资金来源（亿元）", "", "备注"],
            ["", "", "中央预算内", "专项债券", "中央预算内", "专项债券", ""],
            [1, "甲码头", 0.5, 1, 0.8, 1, ""],
        ],
        {need for need in ACROSS if need[0] == "甲码头"},
        ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"),
    ),
    _needs(
        "sources-across-not-merged",
        [
            ["项目名称", "2026年资金来源（亿元）", "", "2027年资金来源（亿元）", ""],
            ["", "中央预算内", "专项债券", "中央预算内", "专项债券"],
            ["甲码头", 0.5, 1, 0.8, 1],
        ],
        {need for need in ACROSS if need[0] == "甲码头"},
    ),
    _needs(
        "three-heading-rows",
        [
            ["资金测算"],
            ["项目名称", "资金需求（万元）", "", "", ""],
            ["", "2026年", "", "2027年", ""],
            ["", "中央预算内", "专项债券", "中央预算内", "专项债券"],
            ["甲码头", 5000, 10000, 8000, 10000],
        ],
        {need for need in ACROSS if need[0] == "甲码头"},
        ("A2:A4", "B2:E2", "B3:C3", "D3:E3"),
    ),
    _needs(
        "long-form",
        [
            ["单位：亿元"],
            ["项目名称", "资金来源", "年度", "金额"],
            ["甲码头", "中央预算内投资", 2026, 0.5],
            ["甲码头", "专项债券", "2026年", 1],
            ["甲码头", "中央预算内投资", "2027年度", 0.8],
            ["甲码头", "专项债券", 2027, 1],
            ["乙公路", "企业自有资金", 2026, 2],
        ],
        ACROSS,
    ),
    book(
        "facts-and-needs-in-one-row",
        [
            ["单位：万元"],
            ["项目名称", "项目业主", "总投资", "2026年专项债券", "2026年企业自筹"],
            ["甲码头", "甲公司", 30000, 10000, 5000],
        ],
        projects={"甲码头": {"owner": "甲公司", "total_investment_yuan": 30000 * WAN}},
        needs={("甲码头", BOND, 2026, YI), ("甲码头", OWN, 2026, YI // 2)},
    ),
    _needs(
        "areas-and-money-each-in-their-unit",
        [
            ["资金和用地需求", "", "单位：亿元、公顷"],
            ["项目名称", "2026年专项债券", "2026年一般耕地（水田）（亩）", "2026年一般耕地（旱地、水浇地）"],
            ["甲码头", 1, 30, 2.5],
        ],
        {
            ("甲码头", BOND, 2026, YI),
            ("甲码头", "land.agri.arable.general.paddy", 2026, 20_000),
            ("甲码头", "land.agri.arable.general.dry", 2026, 25_000),
        },
    ),
    book(
        "what-was-completed",
        [
            ["某市2026年计划"],
            ["单位：万元"],
            ["项目名称", "项目业主", "至2025年底累计完成投资", "2025年完成投资", "实际开工时间"],
            ["甲码头", "甲公司", 600, 250, "2024年5月"],
            ["合计", "", 600, 250, ""],
        ],
        projects={"甲码头": {"owner": "甲公司", "actual_start_month": "2024-05"}},
        yearly={("甲码头", 2025, "to_date", 600 * WAN), ("甲码头", 2025, "completed", 250 * WAN)},
    ),
    Book(
        "source-not-a-leaf-is-told",
        [LIST, Sheet([["单位：万元"], ["项目名称", "资金来源", 2026], ["甲码头", "银行贷款", 1]], "资金")],
        findings=["need.parent_item"],
    ),
    Book(
        "unknown-project-is-told-once",
        [Sheet([["单位：万元"], ["项目名称", "资金来源", 2026, 2027], ["无此项目", "专项债券", 1, 2]], "资金")],
        findings=["unknown_project"],
    ),
]
