"""What is read is what stands there, or a finding: cells, rows and files, through the importers that run."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.i18n import LANGUAGES
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.needs.queries import project_needs
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project, list_projects
from tests.exchange.conftest import CODE

Importing = Callable[..., Outcome]
HEAD = ("name_zh", "kind", "region_codes", "owner", "start_month", "finish_month", "total_investment")
ZH_HEAD = ("项目名称", "项目类型", "所在地区", "项目单位", "开工年月", "建成年月", "总投资（万元）")


@pytest.fixture
def importing(sqlite_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path) -> Importing:
    def run(content: str | bytes | Workbook, name: str = "projects.csv", **options: Any) -> Outcome:
        path = tmp_path / name
        if isinstance(content, Workbook):
            content.save(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        with Session(sqlite_engine) as session:
            outcome = run_import(session, actor, scope, [path], Options(**options))
            if outcome.applied:
                session.commit()
        return outcome

    return run


def book(*rows: tuple[Any, ...], head: tuple[str, ...] = ZH_HEAD) -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(row)
    return made


def told(outcome: Outcome) -> list[tuple[int | None, str | None, str]]:
    return [(finding.row, finding.column, finding.code) for finding in outcome.findings]


def in_words(outcome: Outcome) -> None:
    """Every finding and warning has its words in both languages, with its value or its place."""
    for finding in [*outcome.findings, *outcome.findings.warnings]:
        for lang in LANGUAGES:
            assert finding.reason(lang) and finding.remedy(lang)
            assert "{" not in finding.reason(lang) + finding.remedy(lang)


AMOUNTS = [
    ("12%", "percent"),
    ("１２％", "percent"),
    ("1.200,50", "two_readings"),
    ("约5000", "vague_number"),
    ("5000左右", "vague_number"),
    ("1.2亿", "amount_with_unit"),
    ("#REF!", "error_value"),
    ("NaN", "not_a_number"),
    ("inf", "not_a_number"),
    ("TRUE", "boolean_cell"),
    ("2024-03-01", "date_in_number"),
    ("=1+1", "formula"),
    ("-1", "negative"),
    ("1.00001", "too_many_decimals"),
    ("99999999999999999", "too_large"),
]
MONTHS = [
    ("2018.10", "two_months"),
    ("2018.1", "two_months"),
    ("2018.2", "loose_month"),
    ("2024年3月", "loose_month"),
    ("202503", "loose_month"),
    ("2025-3", "loose_month"),
    ("2024", "year_alone"),
    ("2024年", "year_alone"),
    ("2024-2027", "period_in_month"),
    ("2023.06-2027.12", "period_in_month"),
    ("2025—2028年", "period_in_month"),
    ("2026年（三季度开工）", "bad_month"),
    ("2024.13", "bad_month"),
    ("#N/A", "error_value"),
]


def test_amounts_and_months_are_told_one_by_one_in_the_order_of_rows(importing: Importing) -> None:
    rows = [f'码头{n},,,,,,"{cell}"' for n, (cell, _) in enumerate(AMOUNTS)]
    rows += [f'泊位{n},,,,"{cell}",,' for n, (cell, _) in enumerate(MONTHS)]
    outcome = importing(",".join(ZH_HEAD) + "\n" + "\n".join(rows) + "\n")
    wanted = [(n, "total_investment", code) for n, (_, code) in enumerate(AMOUNTS, 2)]
    wanted += [(n, "start_month", code) for n, (_, code) in enumerate(MONTHS, 2 + len(AMOUNTS))]
    assert told(outcome) == wanted
    in_words(outcome)
    by_value = {finding.value: finding for finding in outcome.findings}
    assert {finding.head("zh") for finding in outcome.findings} == {"总投资（万元）", "开工年月"}
    assert "1200.50" in by_value["1.200,50"].remedy("zh") and "1.20050" in by_value["1.200,50"].remedy("en")
    assert "2018-10" in by_value["2018.10"].reason("zh") and "2018-01" in by_value["2018.10"].remedy("en")
    assert "12000" in by_value["1.2亿"].remedy("zh") and "5000" in by_value["5000左右"].remedy("en")
    assert "1.0000" in by_value["1.00001"].remedy("zh")
    assert "2025-03" in by_value["202503"].remedy("zh")


def test_exact_numbers_and_blanks_are_read(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    cells = {"１２００": 1200, "1 200": 1200, "180,000": 180_000, "—": None, "/": None, "无": None, "……": None, "0": 0}
    rows = [f'读数{n},,,{"—" if n else "无"},–,/,"{cell}"' for n, cell in enumerate(cells)]
    outcome = importing(",".join(ZH_HEAD) + "\n" + "\n".join(rows) + "\n")
    assert (told(outcome), outcome.tally.new) == ([], len(cells))
    with Session(sqlite_engine) as session:
        found = {row["name_zh"]: row for row in list_projects(session, scope, ProjectFilters(q="读数")).rows}
    for n, amount in enumerate(cells.values()):
        row = found[f"读数{n}"]
        assert row["total_investment_yuan"] == (None if amount is None else amount * 10_000)
        assert (row["owner"], row["start_month"], row["finish_month"]) == ("", None, None)


def test_cells_of_a_workbook_are_what_they_are(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    made = book(
        ("甲", None, None, None, datetime(2024, 3, 15), None, 0.12),
        ("乙", None, None, None, datetime(2024, 3, 15), None, True),
        ("丙", None, None, None, None, None, "#REF!"),
        ("丁", None, None, None, None, None, datetime(2024, 3, 5)),
        ("戊", None, None, date(2026, 3, 5), None, None, None),
        ("己", None, None, False, None, None, None),
        ("庚", None, None, None, None, None, ArrayFormula("G8", "=SUM(G2:G3*2)")),
        ("辛", None, None, 0.5, None, None, "=G2"),
    )
    sheet = made.worksheets[0]
    sheet["E2"].number_format, sheet["G2"].number_format = 'yyyy"年"m"月"', "0%"
    sheet["E3"].number_format, sheet["D9"].number_format = "yyyy-mm-dd", "0.0%"
    sheet["G4"].data_type = "e"
    outcome = importing(made, "projects.xlsx")
    assert told(outcome) == [
        (2, "total_investment", "percent"),
        (3, "start_month", "loose_month"),
        (3, "total_investment", "boolean_cell"),
        (4, "total_investment", "error_value"),
        (5, "total_investment", "date_in_number"),
        (6, "owner", "date_in_text"),
        (7, "owner", "boolean_cell"),
        (8, "total_investment", "array_formula"),
        (9, "owner", "percent"),
        (9, "total_investment", "formula"),
    ]
    in_words(outcome)
    by_place = {(finding.row, finding.column): finding for finding in outcome.findings}
    assert by_place[2, "total_investment"].value == "12%"
    assert "只填 12" in by_place[2, "total_investment"].remedy("zh")
    assert by_place[3, "total_investment"].value == "TRUE"
    sheet["G2"] = None
    for number in range(9, 2, -1):
        sheet.delete_rows(number)
    assert told(importing(made, "projects.xlsx")) == []
    with Session(sqlite_engine) as session:
        (row,) = list_projects(session, scope, ProjectFilters(q="甲")).rows[:1]
    assert (row["name_zh"], row["start_month"]) == ("甲", "2024-03")


def test_codes_held_as_numbers_are_refused_at_both_cells(importing: Importing) -> None:
    head = ("name_zh", "national_code", "kind", "region_codes", "owner")
    rows = [
        ("国码丙", 20184507015501000001, "berth", "450700", "甲"),
        ("国码丁", 2.0184507015501e19, "berth", "450700", "乙"),
    ]
    outcome = importing(book(*rows, head=head), "projects.xlsx")
    assert told(outcome) == [(2, "national_code", "long_number"), (3, "national_code", "long_number")]
    assert all("文本" in finding.remedy("zh") for finding in outcome.findings)
    csv = "name_zh,national_code\n国码,2.0184507015501E+19\n"
    assert told(importing(csv)) == [(2, "national_code", "long_number")]


def test_rows_at_the_foot_are_told_and_make_no_project(
    importing: Importing, sqlite_engine: Engine, scope: Scope
) -> None:
    rows = "页脚码头,berth,450700,某公司,2018-03,2020-12,1200\n,,,,,,\n"
    rows += "填表人：某某,,,审核人：某某,,,\n注：1.投资按批复口径。,,,,,,\n"
    outcome = importing(",".join(HEAD) + "\n" + rows)
    assert (told(outcome), outcome.total, outcome.tally.new, outcome.applied) == ([], 1, 1, True)
    warned = [(finding.row, finding.code) for finding in outcome.findings.warnings]
    assert warned == [(4, "foot_row"), (5, "foot_row")]
    in_words(outcome)
    with Session(sqlite_engine) as session:
        found = list_projects(session, scope, ProjectFilters(q="页脚码头"))
    assert [row["total_investment_yuan"] for row in found.rows] == [12_000_000]


def test_totals_and_groups_are_no_projects(importing: Importing) -> None:
    names = ["一、南宁市", "南宁市合计", "二、钦州市（2项）", "总计（3个）", "合　计", "单位：万元", "小计"]
    outcome = importing("name_zh,total_investment\n" + "".join(f"{name},5\n" for name in names))
    codes = ["group_row", "totals_row", "group_row", "totals_row", "totals_row", "unit_row", "totals_row"]
    assert told(outcome) == [(n, None, code) for n, code in enumerate(codes, 2)]
    assert (outcome.tally.new, outcome.applied) == (0, False)
    in_words(outcome)


def test_a_name_that_looks_like_a_group_is_read_and_shown(importing: Importing) -> None:
    outcome = importing("name_zh,kind,owner\n一、二期码头工程,berth,某公司\n")
    assert (told(outcome), outcome.tally.new) == ([], 1)
    assert [finding.code for finding in outcome.findings.warnings] == ["like_no_record"]


def test_the_unseen_is_cut_and_controls_are_refused(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    content = f"code,name_zh,owner\n{CODE},北海\u200b邮轮\u202e码头,\ufeff某公司\u2060\n"
    assert told(importing(content)) == []
    with Session(sqlite_engine) as session:
        project = get_project(session, scope, CODE)
    assert (project["name_zh"], project["owner"]) == ("北海邮轮码头", "某公司")
    outcome = importing(f"code,name_zh,owner\n{CODE},北海\x07邮轮码头,某\x1b公司\n")
    assert told(outcome) == [(2, "name_zh", "refused_character"), (2, "owner", "refused_character")]
    assert "U+0007" in next(iter(outcome.findings)).reason("zh")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("name_zh,owner\n", "no_rows"),
        ("name_zh,owner\n,\n , \n", "no_rows"),
        ("name_zh,owner\n—,/\n", "no_rows"),
        ("name_zh,owner\n注：无项目,\n", "no_rows"),
        ("", "empty_file"),
    ],
)
def test_a_file_without_rows_is_a_finding(importing: Importing, content: str, code: str) -> None:
    outcome = importing(content)
    assert (told(outcome), outcome.applied) == ([(None, None, code)], False)
    in_words(outcome)


def test_an_empty_sheet_beside_a_full_one_stops_nothing(importing: Importing) -> None:
    made = book(("某码头", None, None, None, None, None, 5))
    made.create_sheet("Sheet2")
    assert told(importing(made, "projects.xlsx")) == []
    blank = Workbook()
    assert [finding.code for finding in importing(blank, "projects.xlsx").findings] == ["empty_file"]


def test_degrees_with_many_decimals_are_numbers(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    head = ("code", "name_zh", "lon", "lat")
    made = book((CODE, "北海邮轮码头", 108.61999999999999, 21.499999999999996), head=head)
    assert told(importing(made, "projects.xlsx")) == []
    content = f"code,name_zh,lon,lat\n{CODE},北海邮轮码头,108.61999999999999,21.50000000000000004\n"
    outcome = importing(content)
    assert (told(outcome), outcome.tally.unchanged) == ([], 1)
    with Session(sqlite_engine) as session:
        project = get_project(session, scope, CODE)
    assert (project["lon"], project["lat"]) == (108.62, 21.5)


TABLES = {
    "utf-8, tabs": ("utf-8", "\t"),
    "utf-8, semicolons": ("utf-8-sig", ";"),
    "utf-16, tabs": ("utf-16", "\t"),
    "gb18030, tabs": ("gb18030", "\t"),
}


@pytest.mark.parametrize(("encoding", "separator"), TABLES.values(), ids=TABLES)
def test_other_separators_and_encodings_are_read(
    importing: Importing, sqlite_engine: Engine, scope: Scope, encoding: str, separator: str
) -> None:
    rows = [("项目编号", "项目名称", "项目单位"), (CODE, "北海邮轮码头", "镕、喆和𠮷公司")]
    outcome = importing("\n".join(separator.join(row) for row in rows).encode(encoding))
    assert told(outcome) == []
    with Session(sqlite_engine) as session:
        assert get_project(session, scope, CODE)["owner"] == "镕、喆和𠮷公司"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("項目名稱,建設地點\n欽州港擴建工程,廣西欽州市\n平陸運河樞紐工程,廣西南寧市\n", "looks_big5"),
        ("code,name_zh\nGX-2018-0207,防城港核電站二期擴建工程\n", "looks_big5"),
        ("code,name_zh\nGX-2018-0207,北海市\n", "doubtful_encoding"),
    ],
)
def test_big5_is_told_and_not_read_as_other_words(importing: Importing, content: str, code: str) -> None:
    outcome = importing(content.encode("big5"))
    assert (told(outcome), outcome.total) == ([(None, None, code)], 0)
    in_words(outcome)


def test_needs_are_told_under_the_headings_of_the_file(
    importing: Importing, sqlite_engine: Engine, scope: Scope
) -> None:
    head = "项目,要素,年份,需求（万元/公顷）\n"
    rows = [
        f"{CODE},资金渠道待定,2030,１２％",
        f"{CODE},资金渠道待定,2030,1.200,50",
        f"{CODE},资金渠道待定,二〇三〇,1",
        f"{CODE},资金渠道待定,2031,180000",
        f"{CODE},资金渠道待定,2031,2",
        "南宁市合计,,,5",
        f"{CODE},资金,2030,1",
    ]
    content = head + "\n".join(rows).replace("1.200,50", '"1.200,50"') + "\n"
    outcome = importing(content, "needs.csv")
    found = [(finding.row, finding.head("zh"), finding.code) for finding in outcome.findings]
    assert found == [
        (2, "需求（万元/公顷）", "percent"),
        (3, "需求（万元/公顷）", "two_readings"),
        (4, "年份", "bad_year"),
        (6, "项目", "doubled_key"),
        (7, None, "totals_row"),
        (8, "要素", "need.parent_item"),
    ]
    doubled = next(finding for finding in outcome.findings if finding.code == "doubled_key")
    assert doubled.value == f"{CODE} 资金/资金渠道待定 2031"
    in_words(outcome)
    assert project_needs_of(sqlite_engine, scope) == []


def project_needs_of(engine: Engine, scope: Scope) -> list[Any]:
    with Session(engine) as session:
        return list(project_needs(session, scope, CODE)["required"])


OTHER_KINDS = [
    (
        "指标池,要素,年度,数量（万元/公顷）,文号\n甲池,用地/建设用地,2026,约50,桂〔2026〕1号\n合计,,,50,\n",
        "pools",
        [(3, "totals_row")],
    ),
    (
        "项目,环节,状态,批复日期\n" + f"{CODE},\x07,已批复,2024-13-01\n",
        "steps",
        [(2, "refused_character"), (2, "bad_day")],
    ),
    ("project,criterion,value\n" + f"{CODE},x,12%\n小计,,3\n", "criteria", [(2, "percent"), (3, "totals_row")]),
    ("单位代码,单位简称\nGX-NEW,新\x00单位\n合计,3\n", "units", [(2, "refused_character"), (3, "totals_row")]),
    ("任务编号,任务名称\nT99,新\ufffd任务\n注：略,\n", "tasks", [(2, "refused_character")]),
    (
        "登记类型,指标池,数量（万元/公顷）,日期\n下达,甲池,#REF!,2026-01-01\n共12项,,,\n",
        "ledger",
        [(2, "error_value")],
    ),
]


@pytest.mark.parametrize(("content", "kind", "wanted"), OTHER_KINDS, ids=[kind for _, kind, _ in OTHER_KINDS])
def test_every_kind_of_table_is_judged_alike(
    importing: Importing, content: str, kind: str, wanted: list[tuple[int, str]]
) -> None:
    outcome = importing(content, f"{kind}.csv", kind=kind)
    found = [(finding.row, finding.code) for finding in outcome.findings]
    assert set(wanted) <= set(found)
    assert found == sorted(found, key=lambda one: one[0] or 0)
    assert not outcome.applied
    in_words(outcome)


def test_a_published_plan_is_read_below_its_title(importing: Importing) -> None:
    """Its title and its note of the unit stand above the headings; taken for something else, it is told so."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in [
        ("XX市2026年重大项目建设计划表",),
        ("单位：万元",),
        ("序号", "项目名称", "总投资"),
        (1, "甲港航道", 180000),
    ]:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    outcome = importing(made, "plan.xlsx")
    assert [finding.code for finding in outcome.findings] == []
    assert outcome.total == 1
    as_needs = importing(made, "plan.xlsx", kind="needs")
    assert [finding.code for finding in as_needs.findings] == ["no_rows"]
