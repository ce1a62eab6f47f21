"""Import: every kind of bad input is told with its remedy and changes nothing; good input is applied; round trips."""

import csv
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, scope_of
from portfolio.core import revision
from portfolio.core.i18n import LANGUAGES
from portfolio.core.settings import seeds_dir
from portfolio.exchange.files import process as reading_process
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.journal.queries import history
from portfolio.needs.queries import not_applicable, project_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project

Importing = Callable[..., Outcome]
HEAD = "project,item,year,required,basis\n"
CODE = "GX-2018-0207"


@pytest.fixture
def importing(sqlite_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path) -> Importing:
    def run(content: str | bytes, name: str = "needs.csv", **options: Any) -> Outcome:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with Session(sqlite_engine) as session:
            outcome = run_import(session, actor, scope, [path], Options(**options))
            if outcome.applied:
                session.commit()
        return outcome

    return run


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def needs_of(engine: Engine, scope: Scope, code: str = CODE) -> list[tuple[str, int, int, str]]:
    with Session(engine) as session:
        frame = project_needs(session, scope, code)
        return list(zip(frame["item"], frame["year"], frame["required"], frame["basis"], strict=True))


BAD_NEEDS = [
    ("project,item,year,amount\n", ["unknown_column", "missing_column"]),
    ("project,project,item,year,required\n", ["doubled_column"]),
    (HEAD + f"{CODE},fund.tbd,2030,1.2亿,\n", ["amount_with_unit"]),
    (HEAD + f"{CODE},fund.tbd,2030,约12,\n", ["vague_number"]),
    (HEAD + f'{CODE},fund.tbd,2030,"1,20,0",\n', ["thousands_marks"]),
    (HEAD + f"{CODE},fund.tbd,2030,abc,\n", ["not_a_number"]),
    (HEAD + f"{CODE},fund.tbd,2030,-1,\n", ["negative"]),
    (HEAD + f"{CODE},fund.tbd,2030,1.00001,\n", ["too_many_decimals"]),
    (HEAD + f"{CODE},fund.tbd,2030,=1+1,\n", ["formula"]),
    (HEAD + f"{CODE},fund.tbd,2030,,\n", ["blank"]),
    (HEAD + f"{CODE},fund.gold,2030,1,\n", ["unknown_item"]),
    (HEAD + f"{CODE},fund.loan,2030,1,\n", ["need.parent_item"]),
    (HEAD + f"{CODE},fund.tbd,2030年,1,\n", ["bad_year"]),
    (HEAD + "GX-0000-0000,fund.tbd,2030,1,\n", ["unknown_project"]),
    (HEAD + f"{CODE},fund.tbd,2030,1,估计\n", ["unknown_code"]),
    (HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},资金渠道待定,2030,2,\n", ["doubled_key"]),
    (HEAD + f"{CODE},fund.tbd,2030,1,\n合计,,,1,\n", ["totals_row"]),
    (HEAD + f"{CODE},fund,2030,不涉及,\n", ["need.not_applicable_has_no_year"]),
    (HEAD + f"{CODE},fund,,不涉及,\n{CODE},fund.tbd,2030,1,\n", ["need.declared_not_applicable"]),
    (HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},fund,,不涉及,\n", ["need.has_answers"]),
    (HEAD + f"{CODE},fund.tbd\n", ["bad_width"]),
    (HEAD + f'{CODE},fund.tbd,2030,1,"x\n', ["bad_csv"]),
    ("project,item,year,required（亿元）\n" + f"{CODE},land.built,2030,1\n", ["unit_of_other_dimension"]),
    ("project,item,year,required（斤）\n", ["unknown_unit"]),
    ("", ["empty_file"]),
    ("a,b\n1,2\n", ["unknown_kind"]),
]


@pytest.mark.parametrize(("content", "found"), BAD_NEEDS, ids=[str(found) for _, found in BAD_NEEDS])
def test_bad_needs_change_nothing(
    importing: Importing, sqlite_engine: Engine, scope: Scope, content: str, found: list[str]
) -> None:
    with Session(sqlite_engine) as session:
        before = revision.current(session)
    options: dict[str, Any] = {} if found == ["unknown_kind"] or not content else {"kind": "needs"}
    outcome = importing(content, **options)
    assert codes(outcome) == found
    assert not outcome.applied
    for lang in LANGUAGES:
        for finding in outcome.findings:
            assert finding.reason(lang)
            assert finding.remedy(lang)
    assert needs_of(sqlite_engine, scope) == []
    with Session(sqlite_engine) as session:
        assert revision.current(session) == before


def test_every_finding_names_its_place(importing: Importing) -> None:
    outcome = importing(HEAD + f"{CODE},fund.tbd,2030,1,\nX,fund.gold,20,y,\n{CODE},fund.own,2030,约2,\n")
    places = [(finding.row, finding.column, finding.value) for finding in outcome.findings]
    assert places == [
        (3, "project", "X"),
        (3, "item", "fund.gold"),
        (3, "year", "20"),
        (4, "required", "约2"),
    ]
    assert (outcome.total, outcome.failed) == (3, 2)
    assert outcome.line("zh") == "总计 3，新增 1，变更 0，未变 0，2 行有问题，共 4 处。"


def test_partial_keeps_the_good_rows(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    outcome = importing(HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},fund.gold,2030,1,\n", partial=True)
    assert outcome.applied
    assert needs_of(sqlite_engine, scope) == [("fund.tbd", 2030, 10_000, "reported")]


def test_check_writes_nothing(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    outcome = importing(HEAD + f"{CODE},fund.tbd,2030,1,\n", check=True)
    assert (outcome.tally.new, outcome.applied) == (1, False)
    assert needs_of(sqlite_engine, scope) == []


def test_good_needs_in_every_spelling(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    content = "项目,要素,年份,需求（万元/公顷）,数据性质\n北海邮轮码头,资金/银行贷款/政策性贷款,2030,12.3456,填报\n"
    content += f"{CODE},资金渠道待定,2031,0,\n{CODE},sea.open.channel,2031,1.5,示例\n{CODE},用林,,不涉及,\n"
    outcome = importing(content.encode("gb18030"))
    assert codes(outcome) == []
    assert outcome.line("en") == "Total 4, new 4, changed 0, unchanged 0, no problems."
    assert needs_of(sqlite_engine, scope) == [
        ("fund.loan.policy", 2030, 123_456, "reported"),
        ("fund.tbd", 2031, 0, "reported"),
        ("sea.open.channel", 2031, 15_000, "illustrative"),
    ]
    with Session(sqlite_engine) as session:
        assert not_applicable(session, scope, CODE) == ["forest"]
        assert history(session, CODE)[0].room == "needs"
    again = importing(content.encode("gb18030"))
    assert (again.tally.new, again.tally.changed, again.tally.unchanged) == (0, 0, 4)


def test_headings_convert_units(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    importing(f"project,item,year,required（亿元）\n{CODE},fund.tbd,2030,1.5\n")
    importing(f"project,item,year,需求(亩)\n{CODE},land.built,2030,15\n")
    assert needs_of(sqlite_engine, scope) == [
        ("fund.tbd", 2030, 150_000_000, "reported"),
        ("land.built", 2030, 10_000, "reported"),
    ]


def test_changes_are_journalled_with_before_and_after(importing: Importing, sqlite_engine: Engine) -> None:
    importing(HEAD + f"{CODE},fund.tbd,2030,1,\n")
    outcome = importing(HEAD + f"{CODE},fund.tbd,2030,2,\n")
    assert outcome.tally.changed == 1
    with Session(sqlite_engine) as session:
        entry = history(session, CODE)[0]
    assert entry.before == [{"item": "fund.tbd", "year": 2030, "value": {"required": 10_000, "basis": "reported"}}]
    assert entry.after == [{"item": "fund.tbd", "year": 2030, "value": {"required": 20_000, "basis": "reported"}}]


def test_chunks_know_of_each_other(
    importing: Importing, sqlite_engine: Engine, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "CHUNK", 2)
    rows = "".join(f"{CODE},fund.tbd,{year},1,\n" for year in range(2021, 2030))
    assert importing(HEAD + rows).tally.new == 9
    assert codes(importing(HEAD + rows + f"{CODE},fund.tbd,2021,1,\n")) == ["doubled_key"]


def workbook(path: Path, rows: list[list[object]], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path.read_bytes()


def test_workbook_traps(importing: Importing, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["项目", "要素", "年份", "需求"],
        [CODE, "fund.tbd", 2030, "=1+1"],
        ["合计", None, None, 5],
    ]
    outcome = importing(workbook(tmp_path / "t.xlsx", rows, "A3:C3"), "needs.xlsx")
    assert codes(outcome) == ["merged_cells", "formula", "totals_row"]
    assert next(iter(outcome.findings)).value == "A3:C3"


def test_workbook_numbers_and_dates(importing: Importing, sqlite_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["code", "项目名称", "开工年月", "总投资（亿元）"],
        [CODE, "北海邮轮码头", datetime.datetime(2024, 3, 1), 1.25],
    ]
    outcome = importing(workbook(tmp_path / "t.xlsx", rows), "projects.xlsx")
    assert codes(outcome) == []
    with Session(sqlite_engine) as session:
        project = get_project(session, scope, CODE)
    assert (project["start_month"], project["total_investment_yuan"]) == ("2024-03", 125_000_000)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("X 1,名称,,,", ["project.bad_code"]),
        (",,,,", ["no_rows"]),
        (f"{CODE},名,2024年3月,,", ["loose_month"]),
        (f"{CODE},名,2024.13,,", ["bad_month"]),
        (f"{CODE},名,2024-05,2024-04,", ["project.finish_before_start"]),
        (f"{CODE},名,,,1亿元", ["amount_with_unit"]),
        (f"{CODE},,,,1", ["blank"]),
        ("总计,,,,8", ["totals_row"]),
        (f"{CODE},=HYPERLINK(),,,", ["formula"]),
    ],
)
def test_bad_projects(importing: Importing, row: str, found: list[str]) -> None:
    content = f"code,name_zh,start_month,finish_month,total_investment\n{row}\n"
    assert codes(importing(content, "projects.csv")) == found


def test_projects_are_matched_by_code_national_code_or_name(importing: Importing, sqlite_engine: Engine) -> None:
    national = "2509-320193-89-01-544060"
    first = importing(f"code,name_zh,national_code\n{CODE},北海邮轮码头,{national}\n", "projects.csv")
    second = importing(f"name_zh,national_code,owner\n北海邮轮码头（改名）,{national},甲公司\n", "projects.csv")
    third = importing("name_zh,owner,capacity_zh\n北海邮轮码头（改名）,甲公司,2个泊位\n", "projects.csv")
    fresh = importing("name_zh,owner\n新码头,甲公司\n", "projects.csv")
    tallies = [(o.tally.new, o.tally.changed) for o in (first, second, third, fresh)]
    assert tallies == [(0, 1), (0, 1), (0, 1), (1, 0)]
    with Session(sqlite_engine) as session:
        row = session.execute(text(f"SELECT name_zh, owner, capacity_zh FROM projects WHERE code = '{CODE}'")).one()
    assert tuple(row) == ("北海邮轮码头（改名）", "甲公司", "2个泊位")


def test_absent_columns_stay_and_blank_cells_clear(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    importing(f"code,name_zh,owner,total_investment\n{CODE},北海邮轮码头,甲,5\n", "projects.csv")
    importing(f"code,name_zh,total_investment\n{CODE},北海邮轮码头,\n", "projects.csv")
    with Session(sqlite_engine) as session:
        project = get_project(session, scope, CODE)
    assert (project["owner"], project["total_investment_yuan"], project["kind"]) == ("甲", None, "berth")


def test_unreadable_files(importing: Importing, tmp_path: Path) -> None:
    assert codes(importing(b"\xff\xfe\x00\x01" * 9 + b"\x81\xff", "needs.csv")) == ["bad_encoding"]
    assert codes(importing(b"not a workbook", "needs.xlsx")) == ["bad_workbook"]
    assert codes(importing(b"x", "needs.pdf")) == ["unknown_format"]


def test_file_of_200_mb_is_refused_unread(importing: Importing, sqlite_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with Session(sqlite_engine) as session:
        outcome = run_import(session, Actor("t"), Scope(everything=True), [path], Options())
    assert codes(outcome) == ["file_too_large"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", [None, "zh", "en"])
@pytest.mark.parametrize("kind", ["units", "tasks", "projects", "needs"])
def test_round_trip_changes_nothing(
    demo_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path, kind: str, lang: str | None, suffix: str
) -> None:
    path = tmp_path / f"{kind}.{suffix}"
    with Session(demo_engine) as session:
        count = export(session, scope, kind, path, ExportQuery(lang=lang))
        outcome = run_import(session, actor, scope, [path], Options())
    assert codes(outcome) == []
    assert (outcome.total, outcome.tally.unchanged) == (count, count)


def test_export_equals_the_seeds(sqlite_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    with Session(sqlite_engine) as session:
        export(session, scope, "projects", path, ExportQuery())
    derived = ("illustrative_fields", "office_unit")
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [{k: v for k, v in row.items() if k not in derived} for row in csv.DictReader(file)]
    with (seeds_dir() / "projects.csv").open(encoding="utf-8", newline="") as file:
        assert written == list(csv.DictReader(file))


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formulas_are_neutralised_and_come_back(
    importing: Importing, sqlite_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path, start: str
) -> None:
    name = f"{start}HYPERLINK(1)"
    with Session(sqlite_engine) as session:
        update_project(session, actor, scope, CODE, {"owner": name})
        session.commit()
        for suffix in ("csv", "xlsx"):
            path = tmp_path / f"p.{suffix}"
            export(session, scope, "projects", path, ExportQuery())
            outcome = run_import(session, actor, scope, [path], Options())
            assert outcome.tally.unchanged == 401
    assert f",'{name}," in (tmp_path / "p.csv").read_text(encoding="utf-8-sig")


def test_a_project_out_of_reach_is_a_finding_of_its_row(sqlite_engine: Engine, tmp_path: Path) -> None:
    """A workbook filled for everybody, sent in by one office: its own rows are read, the others told with a remedy."""
    office = Actor("u.office", "project_office", "GX-DOT")
    path = tmp_path / "projects.csv"
    path.write_text(f"code,name_zh,region_codes\n{CODE},某工程,450500\nGX-2018-0024,别人的,450700\n", encoding="utf-8")
    with Session(sqlite_engine) as session:
        assert get_project(session, scope_of(office), CODE)["office_unit"] == "GX-DOT"
        outcome = run_import(session, office, scope_of(office), [path], Options(check=True))
    (found,) = outcome.findings
    assert (found.row, found.column, found.code) == (3, "code", "project.code_taken")
    assert found.reason("zh").startswith("编号“GX-2018-0024”已被使用")
