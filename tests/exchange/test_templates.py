"""Template workbooks: what they hold, that they come back unchanged, and that foreign ones are recognised."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.exchange.sheets import template_mark
from portfolio.exchange.sheets.template_spec import TEMPLATES, fields
from portfolio.exchange.templates.workbook import write_template
from portfolio.finance.yearly import save_yearly
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import iterate_projects
from tests.exchange.conftest import CODE, Desk, put, template_of

CITY = ProjectFilters(city=("450500",))


def read(session: Session, path: Path, kind: str | None = None) -> Outcome:
    return run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options(kind))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", TEMPLATES)
def test_an_empty_template_holds_nothing_to_import(
    sqlite_session: Session, tmp_path: Path, kind: str, lang: str
) -> None:
    path = tmp_path / "t.xlsx"
    book = template_of(sqlite_session, path, kind, lang)
    outcome = read(sqlite_session, path)
    assert (outcome.total, [finding.code for finding in outcome.findings]) == (0, ["no_rows"])
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [field.heading(lang) for field in fields(kind)]
    assert all(cell.comment is not None for cell in sheet[1])
    assert any(template_mark.is_sample(str(cell.value)) for cell in sheet[2])
    assert sheet.protection.sheet and sheet["A1"].protection.locked and sheet["A2"].protection.locked
    assert not sheet.column_dimensions["A"].protection.locked
    assert book["_template"].sheet_state == "veryHidden" and book["_lists"].sheet_state == "hidden"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_filled_template_changes_nothing(demo_session: Session, tmp_path: Path, kind: str, lang: str) -> None:
    path = tmp_path / "t.xlsx"
    code = next(iter(iterate_projects(demo_session, EVERYTHING, CITY)))["code"]
    save_yearly(demo_session, LOCAL_OWNER, EVERYTHING, code, {("completed", 2025): 10_000})
    count = write_template(demo_session, EVERYTHING, kind, path, lang, CITY)
    outcome = read(demo_session, path)
    assert count > 0
    assert [(f.code, f.row, f.column) for f in outcome.findings] == []
    assert (outcome.total, outcome.tally.unchanged) == (count, count)


def test_a_template_holds_what_its_reader_may_see(sqlite_session: Session, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    beihai = Scope(cities=frozenset({"450500"}))
    inside = write_template(sqlite_session, beihai, "projects", path, "zh", ProjectFilters())
    assert inside == write_template(sqlite_session, EVERYTHING, "projects", path, "zh", CITY)
    write_template(sqlite_session, beihai, "needs", path, "zh")
    listed = template_of(sqlite_session, tmp_path / "all.xlsx", "needs")["_lists"]
    assert listed.max_row >= 401


def test_choices_follow_the_column_before(sqlite_session: Session, tmp_path: Path) -> None:
    book = template_of(sqlite_session, tmp_path / "t.xlsx", "projects")
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book.worksheets[0].data_validations.dataValidation}
    places = {field.column: get_column_letter(place) for place, field in enumerate(fields("projects"), 1)}
    county = rules[f"{places['county']}3"]
    assert county.type == "list" and f"MATCH(${places['city']}3" in str(county.formula1)
    pairs = [(row[0].value, row[1].value) for row in book["_lists"].iter_rows(min_col=1, max_col=12)]
    assert pairs
    words = {(row[n].value, row[n + 1].value) for row in book["_lists"].iter_rows() for n in range(8)}
    assert ("北海市", "银海区") in words and ("交通", "码头泊位") in words
    assert rules[f"{places['start_month']}3"].type == "custom"
    assert rules[f"{places['total_investment']}3"].type == "decimal"
    assert rules[f"{places['lon']}3"].formula1 == "104.4"


def test_new_rows_of_a_template_are_read(light_desk: Desk) -> None:
    with Session(light_desk.engine) as session:
        book = template_of(session, light_desk.folder / "t.xlsx", "projects")
    put(
        book,
        "projects",
        3,
        name_zh="新码头",
        sector="交通",
        kind="码头泊位",
        city="北海市",
        county="银海区",
        owner="甲",
    )
    put(book, "projects", 4, name_zh="新水库", sector="水利", total_investment=12.5, start_month="2027-01")
    number = light_desk.upload(book, "filled.xlsx")
    assert (light_desk.record(number).state, light_desk.record(number).new) == ("checked", 2)
    first = light_desk.rows(number, "new")[0]["fields"]
    assert isinstance(first, dict) and first["region_codes"] == ["", "450503"]


def test_a_sample_left_half_is_told(light_desk: Desk) -> None:
    with Session(light_desk.engine) as session:
        book = template_of(session, light_desk.folder / "t.xlsx", "projects")
    put(book, "projects", 2, owner="本单位")
    assert light_desk.codes(light_desk.upload(book, "half.xlsx")) == ["sample_row"]


def marked(book: Workbook, **told: str) -> Workbook:
    for row in book["_template"].iter_rows(max_col=2):
        name = str(row[0].value)
        if name in told:
            row[1].value = told[name]
    return book


@pytest.mark.parametrize(
    ("told", "findings", "warnings"),
    [
        ({"version": "99"}, ["template_newer"], []),
        ({"version": "x"}, ["template_newer"], []),
        ({"version": "0"}, [], ["template_older"]),
        ({"mark": "another-system"}, ["template_foreign"], []),
        ({"kind": "reports"}, ["template_foreign"], []),
    ],
)
def test_other_templates_are_recognised(
    light_desk: Desk, told: dict[str, str], findings: list[str], warnings: list[str]
) -> None:
    with Session(light_desk.engine) as session:
        book = template_of(session, light_desk.folder / "t.xlsx", "needs")
    put(book, "needs", 3, project=CODE, item="fund.tbd", year=2030, required=1)
    number = light_desk.upload(marked(book, **told), "other.xlsx")
    assert (light_desk.codes(number), light_desk.codes(number, "warnings")) == (findings, warnings)


def test_a_template_of_another_kind_is_told(light_desk: Desk) -> None:
    with Session(light_desk.engine) as session:
        book = template_of(session, light_desk.folder / "t.xlsx", "needs")
    assert light_desk.codes(light_desk.upload(book, "n.xlsx", kind="projects")) == ["template_of_other_kind"]


@pytest.mark.parametrize(("kind", "name"), [("units", "u.xlsx"), ("needs", "n.csv")])
def test_what_has_no_template_is_refused(sqlite_session: Session, tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(InvalidError):
        write_template(sqlite_session, EVERYTHING, kind, tmp_path / name, "zh")
