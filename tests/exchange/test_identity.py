"""Who a row means: codes that belong to one project, names compared by place and plain form, likenesses told."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from tests.exchange.conftest import CODE, Desk

NATIONAL, ANOTHER = "2018-450100-04-01-123456", "2018-450100-04-01-654321"
HEAD = "code,national_code,name_zh,owner,region_codes\n"
OFFICE = Actor("office", "project_office", "GX-DOT")


def run(session: Session, path: Path, rows: str, head: str = HEAD, actor: Actor = LOCAL_OWNER) -> Outcome:
    file = path / "projects.csv"
    file.write_text(head + rows, encoding="utf-8")
    return run_import(session, actor, scope_of(actor), [file], Options(previewed=True))


def made(session: Session, name: str, region: str = "450100", **facts: Any) -> str:
    given = {"owner": "某公司", "lead_unit": "GX-DWR", **facts}
    return str(create_project(session, LOCAL_OWNER, ProjectData(name_zh=name, region_codes=(region,), **given))["code"])


def said(outcome: Outcome) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in outcome.findings]


def warned(outcome: Outcome) -> list[tuple[int | None, str]]:
    return [(one.row, one.code) for one in outcome.findings.warnings]


def test_a_code_held_by_another_project_is_a_finding_that_names_it(session: Session, tmp_path: Path) -> None:
    holder = made(session, "甲码头", national_code=NATIONAL)
    other = made(session, "乙码头")
    outcome = run(session, tmp_path, f"{other},{NATIONAL},乙码头,某公司,450100\n")
    assert said(outcome) == [(2, "national_code", "national_code.taken")]
    assert holder in next(iter(outcome.findings)).reason("zh")
    outcome = run(session, tmp_path, f",{NATIONAL},丙码头,,450100\n", actor=OFFICE)
    assert said(outcome) == [(2, "national_code", "national_code.taken_elsewhere")]
    assert holder not in next(iter(outcome.findings)).reason("zh")


def test_two_rows_with_one_code_are_refused(session: Session, tmp_path: Path) -> None:
    outcome = run(session, tmp_path, f",{NATIONAL},甲码头,,450100\n,2018－450100－04－01－123456,乙码头,,450100\n")
    assert said(outcome) == [(3, "national_code", "doubled_key")]


def test_two_rows_that_mean_one_project_are_refused(session: Session, tmp_path: Path) -> None:
    code = made(session, "甲码头（一期）", national_code=NATIONAL)
    outcome = run(session, tmp_path, f"{code},,甲码头（一期）,某公司,450100\n,,甲码头(一期),某公司,450100\n")
    assert said(outcome) == [(3, "name_zh", "doubled_key")]


def test_a_name_is_matched_by_its_plain_form_in_the_same_city(session: Session, tmp_path: Path) -> None:
    code = made(session, "甲码头（一期）", "450103")
    outcome = run(session, tmp_path, ",,甲码头 (一期)\u200b,某 公司,450100\n")
    assert (outcome.tally.counts, said(outcome)) == ({"new": 0, "changed": 1, "unchanged": 0}, [])
    assert get_project(session, EVERYTHING, code)["region_codes"] == ["450100"]


def test_the_same_name_in_another_city_is_another_project_and_told(session: Session, tmp_path: Path) -> None:
    code = made(session, "甲码头")
    outcome = run(session, tmp_path, ",,甲码头,某公司,450600\n")
    assert (outcome.tally.new, warned(outcome)) == (1, [(2, "namesake")])
    (warning,) = outcome.findings.warnings
    assert code in warning.reason("zh") and code in warning.remedy("en")


def test_the_same_name_with_another_code_is_another_project_and_told(session: Session, tmp_path: Path) -> None:
    made(session, "甲码头", national_code=NATIONAL)
    outcome = run(session, tmp_path, f",{ANOTHER},甲码头,某公司,450100\n")
    assert (outcome.tally.new, warned(outcome)) == (1, [(2, "namesake")])


def test_a_name_that_several_bear_there_names_none(session: Session, tmp_path: Path) -> None:
    codes = [made(session, "甲码头", region) for region in ("450100", "450600")]
    outcome = run(session, tmp_path, ",,甲码头,某公司,\n")
    assert said(outcome) == [(2, "name_zh", "doubtful_row")]
    assert all(code in next(iter(outcome.findings)).reason("zh") for code in codes)


def test_the_preview_tells_what_a_new_row_may_be_the_same_as(session: Session, tmp_path: Path) -> None:
    code = made(session, "防城港东湾二十万吨级码头工程", "450600")
    outcome = run(session, tmp_path, ",,防城港东湾二十万吨级码头,别的公司,450600\n", actor=LOCAL_OWNER)
    assert (2, "may_be_same") in warned(outcome)
    told = next(one for one in outcome.findings.warnings if one.code == "may_be_same")
    assert code in told.reason("zh") and "名称相近" in told.reason("zh")


def test_of_a_project_out_of_reach_only_its_unit_is_told(session: Session, tmp_path: Path) -> None:
    code = made(session, "防城港东湾二十万吨级码头工程", "450600")
    outcome = run(session, tmp_path, ",,防城港东湾二十万吨级码头工程,别的公司,450600\n", actor=OFFICE)
    (told,) = (one for one in outcome.findings.warnings if one.code == "may_be_same_elsewhere")
    assert code not in told.reason("zh") and "水利厅" in told.reason("zh")


def test_rows_of_one_file_are_not_told_as_the_same_as_each_other(session: Session, tmp_path: Path) -> None:
    outcome = run(session, tmp_path, ",,全新标段工程甲标,,450100\n,,全新标段工程乙标,,450100\n")
    assert (outcome.tally.new, warned(outcome)) == (2, [])


@pytest.mark.parametrize("cell", ["甲码头(一期)", "甲 码头（一期）", "甲码头〔一期〕\u200b"])
def test_tables_name_a_project_by_its_plain_form(session: Session, cell: str) -> None:
    code = made(session, "甲码头（一期）")
    assert NamedProjects(session, EVERYTHING).code(cell) == code
    assert NamedProjects(session, EVERYTHING).code(f"{code} {cell}") == code


def test_a_name_that_two_cities_bear_names_no_project(session: Session, tmp_path: Path) -> None:
    codes = [made(session, "甲码头", region) for region in ("450100", "450600")]
    for kind, head, row in (
        ("needs", "project,item,year,required\n", "甲码头,fund.own,2027,5\n"),
        ("steps", "project,step,status\n", "甲码头,project_code,preparing\n"),
        ("criteria", "project,criterion,value\n", "甲码头,panel,60\n"),
    ):
        file = tmp_path / f"{kind}.csv"
        file.write_text(head + row, encoding="utf-8")
        outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [file], Options(kind))
        assert said(outcome) == [(2, "project", "doubtful_project")], kind
        assert all(code in next(iter(outcome.findings)).reason("zh") for code in codes)


def test_the_page_of_an_import_tells_likenesses(desk: Desk) -> None:
    name = "与库中同名"
    with Session(desk.engine) as session:
        name = get_project(session, EVERYTHING, CODE)["name_zh"]
    number = desk.upload(f"name_zh,owner,region_codes\n{name},另一公司,450600\n", kind="projects")
    with Session(desk.engine) as session:
        warnings = imports_queries.preview_of(session, number)["warnings"]
    assert [(one.code, one.params["code"]) for one in warnings if one.code == "may_be_same"] == [("may_be_same", CODE)]
    assert applying.busy(desk.record(number).state) is False
