"""Findings in the reader's words: a remedy that is true for this very value, the file's headings, the order of rows."""

from time import process_time

import pytest

from portfolio.core.i18n import CATALOGUES, LANGUAGES
from portfolio.exchange.files.table import Mark, Table
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.columns import Heading, read_heading
from portfolio.exchange.sheets.findings import Finding, Findings, Place
from portfolio.exchange.sheets.row_reading import RowReader

NAMES = ("name_zh", "owner", "national_code", "start_month", "total_investment", "co_agreed")
ZH = ("项目名称", "项目单位", "投资项目统一代码", "开工年月", "总投资（亿元）", "三省区商定")


def place_of(kind: str, cells: tuple[str, ...]) -> tuple[Place, Heading]:
    place = Place("表.xlsx", Findings(), "Sheet1")
    heading = read_heading(kind, cells, place)
    assert heading is not None
    return place, heading


# Column, cell, what it is, code, what the Chinese and the English remedy must say.
REMEDIES = [
    ("total_investment", "1.2万元", Mark(0), "amount_with_unit", "0.00012", "0.00012"),
    ("total_investment", "1200万元", Mark(0), "amount_with_unit", "0.12", "0.12"),
    ("total_investment", "15亩", Mark(0), "amount_with_unit", "换算", "unit"),
    ("total_investment", "1.200,50", Mark(0), "two_readings", "1200.50 或 1.20050", "1200.50 or 1.20050"),
    ("total_investment", "约3000万元", Mark(0), "vague_number", "只填 0.3", "0.3 alone"),
    ("total_investment", "3—5亿元", Mark(0), "number_range", "3 或 5", "3 or 5"),
    ("total_investment", "0.125", Mark.PERCENT, "percent", "12.5", "12.5"),
    ("total_investment", "１２％", Mark(0), "percent", "12", "12"),
    ("total_investment", "1", Mark.BOOLEAN, "boolean_cell", "填数字", "number"),
    ("total_investment", "#DIV/0!", Mark.ERROR, "error_value", "改正公式", "formula"),
    ("total_investment", "=SUM(A1:A2)", Mark.ARRAY_FORMULA, "array_formula", "整个数组", "whole array"),
    ("total_investment", "=A1", Mark.FORMULA, "formula", "数值", "values"),
    ("total_investment", "2026-03-05", Mark.DATE, "date_in_number", "常规", "General"),
    ("total_investment", "NaN", Mark.NOT_A_NUMBER, "not_a_number", "阿拉伯数字", "digits"),
    ("total_investment", "1.000000001", Mark(0), "too_many_decimals", "最多 8 位", "8 decimals"),
    ("total_investment", "-3", Mark(0), "negative", "正负号", "sign"),
    ("national_code", "20184507015501000000", Mark.LONG_NUMBER, "long_number", "文本", "text"),
    ("owner", "2026-03-05", Mark.DATE, "date_in_text", "文本", "text"),
    ("owner", "甲\x07乙", Mark(0), "refused_character", "重新输入", "anew"),
    ("owner", "#N/A", Mark(0), "error_value", "留空", "empty"),
    ("start_month", "2018.10", Mark(0), "two_months", "2018-10 或 2018-01", "2018-10 or 2018-01"),
    ("start_month", "2024年3月", Mark(0), "loose_month", "2024-03", "2024-03"),
    ("start_month", "2024", Mark(0), "year_alone", "2024-01", "2024-01"),
    ("start_month", "2024-2027", Mark(0), "period_in_month", "开工年月", "start and finish"),
    ("start_month", "三月", Mark(0), "bad_month", "2024-03", "2024-03"),
]


@pytest.mark.parametrize(("column", "cell", "mark", "code", "zh", "en"), REMEDIES)
def test_the_remedy_is_true_for_this_value(column: str, cell: str, mark: Mark, code: str, zh: str, en: str) -> None:
    place, heading = place_of("projects", ZH)
    cells = ["某码头", *[""] * (len(NAMES) - 1)]
    at = NAMES.index(column)
    cells[at] = cell
    marks = {(2, at): mark} if mark else {}
    named = RowReader(heading, Table("Sheet1", list(ZH), iter(()), marks=marks), place).read(2, cells)
    assert named is not None
    if column == "total_investment":
        values.quantity(named[column], heading.units[column], column, place)
    elif column == "start_month":
        values.month(named[column], column, place)
    (found,) = place.findings
    assert (found.code, found.row, found.column, found.head("zh")) == (code, 2, column, ZH[at])
    assert zh in found.remedy("zh")
    assert en in found.remedy("en")


@pytest.mark.parametrize(
    "cell", ["2024年3" + " " * 20_000 + "x", "合计" * 9_000, "一、" * 9_000, "注" * 20_000, "(" * 20_000]
)
def test_a_cell_without_end_is_judged_at_once(cell: str) -> None:
    place, heading = place_of("projects", ZH)
    reader, began = RowReader(heading, Table("Sheet1", list(ZH), iter(())), place), process_time()
    reader.read(2, [cell, cell, cell, cell, cell, cell])
    assert values.month(cell, "start_month", place) is None
    assert process_time() - began < 1


def test_what_was_settled_of_a_cell_is_not_told_twice() -> None:
    place, heading = place_of("projects", ZH)
    reader = RowReader(heading, Table("Sheet1", list(ZH), iter(()), marks={(2, 4): Mark.BOOLEAN}), place)
    reader.read(2, ["甲", "", "", "", "1", ""])
    place.report("not_a_number", "total_investment", "1")
    place.report("blank", "name_zh")
    assert [found.code for found in place.findings] == ["blank", "boolean_cell"]
    reader.read(3, ["乙", "", "", "", "x", ""])
    place.report("not_a_number", "total_investment", "x")
    assert [found.row for found in place.findings] == [2, 2, 3]


def test_findings_come_by_sheet_row_and_column() -> None:
    findings = Findings()
    first, second = Place("一.csv", findings), Place("二.xlsx", findings, "甲")
    first.head("projects", {"owner": ("项目单位", 1), "name_zh": ("项目名称", 0)})
    second.head("projects", {"owner": ("项目单位", 1)})
    for place, row, column in [(first, 9, "owner"), (first, 2, "owner"), (first, 2, "name_zh"), (second, 3, "owner")]:
        place.begin(row)
        place.report("blank", column)
    second.sheet = "乙"
    second.begin(2)
    second.report("blank", "owner")
    second.sheet, second.row = None, None
    second.report("empty_file")
    told = [(one.file, one.sheet, one.row, one.column) for one in findings]
    assert told == [
        ("一.csv", None, 2, "name_zh"),
        ("一.csv", None, 2, "owner"),
        ("一.csv", None, 9, "owner"),
        ("二.xlsx", None, None, None),
        ("二.xlsx", "甲", 3, "owner"),
        ("二.xlsx", "乙", 2, "owner"),
    ]


def test_a_column_is_called_what_the_file_calls_it_else_what_people_do() -> None:
    place, _ = place_of("projects", ZH)
    place.report("blank", "owner")
    place.report("blank", "lead_unit")
    owner, lead = sorted(place.findings, key=lambda one: str(one.column), reverse=True)
    assert [owner.head(lang) for lang in LANGUAGES] == ["项目单位", "项目单位"]
    assert lead.head("zh") == "牵头单位" and lead.head("en") not in ("lead_unit", "牵头单位")
    record = owner.as_record("zh")
    assert (record["column"], record["field"]) == ("项目单位", "owner")


def test_what_is_missing_and_unknown_is_told_in_words() -> None:
    place = Place("表.csv", Findings())
    assert read_heading("needs", ("项目", "数"), place) is None
    by_code = {found.code: found for found in place.findings if found.column != "item"}
    assert "要素、年份" in by_code["unknown_column"].remedy("zh")
    assert "required" not in by_code["unknown_column"].remedy("zh")
    missing = [found for found in place.findings if found.code == "missing_column"]
    assert [found.reason("zh") for found in missing] == [
        "缺少列“要素”",
        "缺少列“年份”",
        "缺少列“需求（万元/公顷）”",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_kept_by_earlier_versions_still_have_their_words(lang: str) -> None:
    kept = [
        Finding("amount_with_unit", "表.csv", None, 2, "required", "1.2亿", {"unit": "亿"}),
        Finding("too_many_decimals", "表.csv", None, 2, "required", "1.00001"),
        Finding("missing_column", "表.csv", None, 1, "year", "年份"),
        Finding("unknown_column", "表.csv", None, 1, None, "数", {"known": "project, item"}),
        Finding("full_width", "表.csv", None, 2, "required", "１２", {"plain": "12"}),
        Finding("unit_of_other_dimension", "表.csv", None, 2, "required", "wan_yuan"),
        Finding("bad_key", "表.csv", None, 2, "id", "t"),
    ]
    for finding in kept:
        assert finding.reason(lang) and finding.remedy(lang)
    assert "年份" in kept[2].reason(lang)


def test_every_finding_has_its_remedy_in_both_languages() -> None:
    for lang in LANGUAGES:
        texts = "".join(path.read_text(encoding="utf-8") for path in (CATALOGUES / lang).glob("*.ftl"))
        keys = {line.partition(" =")[0] for line in texts.splitlines() if line.startswith("finding-")}
        codes = {key.removeprefix("finding-") for key in keys if not key.startswith("finding-col-")}
        assert {code for code in codes if f"\nremedy-{code} =" not in texts} == set()


def test_a_finding_names_the_record_of_its_row_and_is_told_once() -> None:
    place = Place("表.csv", Findings())
    heading = read_heading("needs", ("项目", "要素", "年份", "需求（万元）"), place)
    assert heading is not None
    reader = RowReader(heading, Table(None, [], iter([])), place)
    assert reader.read(2, ["GX-2018-0206", "企业自有资金", "2027", "约五百"]) is not None
    for _ in range(2):
        place.report("not_a_number", "required", "约五百")
    place.row = 9  # a row that is judged later is not called by what was read last
    place.report("not_a_number", "required", "约五百")
    told = [(one.row, one.as_record("zh")["record"]) for one in place.findings]
    assert (told, place.findings.total) == ([(2, "GX-2018-0206"), (9, None)], 2)
