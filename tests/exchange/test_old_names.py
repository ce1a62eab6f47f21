"""Old names of places and units are taken on import, the report says so, and a search finds under both."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.exchange.sheets.findings import Finding
from portfolio.projects.ended import ended_in
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project, list_projects
from portfolio.projects.service import update_project
from portfolio.vocabulary.regions import region_directory

OLD, NEW = "450127", "450181"
HEAD = "code,name_zh,county,lead_unit\n"


def imported(session: Session, folder: Path, rows: str, head: str = HEAD) -> Outcome:
    file = folder / "projects.csv"
    file.write_text(head + rows, encoding="utf-8")
    return run_import(session, LOCAL_OWNER, EVERYTHING, [file], Options())


def told(outcome: Outcome) -> list[tuple[str, str | None, str, str]]:
    warned: list[Finding] = [one for one in outcome.findings.warnings if one.code.startswith(("renamed_", "ended_"))]
    return [(one.code, one.value, str(one.params["heir"]), str(one.params["on"])) for one in warned]


def found(session: Session, text: str) -> set[str]:
    rows = list_projects(session, EVERYTHING, ProjectFilters(q=text), limit=500).rows
    return {row["code"] for row in rows}


def test_a_place_under_its_old_name_is_taken_as_who_bears_it_today(session: Session, tmp_path: Path) -> None:
    outcome = imported(session, tmp_path, "GX-2018-9001,横县新材料园,横县,自治区国土资源厅\n")
    assert list(outcome.findings) == []
    held = get_project(session, EVERYTHING, "GX-2018-9001")
    assert (held["region_codes"], held["lead_unit"]) == ([NEW], "GX-DLR")
    assert told(outcome) == [
        ("renamed_region", "横县", "横州市", "2021-02"),
        ("ended_unit", "自治区国土资源厅", "自治区自然资源厅", "2018-11"),
    ]
    words = [one.reason("zh") for one in outcome.findings.warnings if one.code == "renamed_region"]
    assert words == ["“横县”是旧名，2021-02 起为“横州市”，已按“横州市”登记"]


def test_an_ended_unit_is_told_of_once_and_only_where_it_is_named_anew(session: Session, tmp_path: Path) -> None:
    rows = "".join(f"GX-2018-900{n},工程{n},横州市,自治区国土资源厅\n" for n in (1, 2, 3))
    assert [one[0] for one in told(imported(session, tmp_path, rows))] == ["ended_unit"]
    assert told(imported(session, tmp_path, rows)) == []


def test_by_its_code_a_place_is_kept_as_stated(session: Session, tmp_path: Path) -> None:
    outcome = imported(session, tmp_path, f"GX-2018-9001,横县工程,{OLD}\n", "code,name_zh,region_codes\n")
    assert get_project(session, EVERYTHING, "GX-2018-9001")["region_codes"] == [OLD]
    assert [one[:2] for one in told(outcome)] == [("ended_region", "横县")]


def test_a_search_by_the_old_and_by_the_new_name_finds(session: Session, tmp_path: Path) -> None:
    imported(
        session, tmp_path, f"GX-2018-9001,甲工程,{OLD}\nGX-2018-9002,乙工程,{NEW}\n", "code,name_zh,region_codes\n"
    )
    update_project(session, LOCAL_OWNER, EVERYTHING, "GX-2018-9001", {"lead_unit": "GX-DLR"}, "按2018年分工")
    update_project(session, LOCAL_OWNER, EVERYTHING, "GX-2018-9002", {"lead_unit": "GX-DNR"}, "按现行分工")
    both = {"GX-2018-9001", "GX-2018-9002"}
    for text in ("横县", "横州市", "自治区国土资源厅", "国土资源厅", "自治区自然资源厅"):
        assert both <= found(session, text), text
    assert not both & found(session, "资源")
    assert "GX-2018-9001" not in found(session, "自治区文化厅")


@pytest.mark.parametrize(
    ("text", "code"), [("横县", NEW), ("南宁市/横县", NEW), (OLD, OLD), ("横州市", NEW), ("甲县", None)]
)
def test_the_directory_reads_old_names(session: Session, text: str, code: str | None) -> None:
    assert region_directory(session).resolve(text) == code


def test_what_a_record_names_anew_is_remarked(session: Session) -> None:
    facts = {"lead_unit": "GX-DLR", "units": ["GX-DRC", "GX-DOA"], "region_codes": [OLD]}
    anew = {(one.field, one.code) for one in ended_in(session, facts, None)}
    assert anew == {
        ("lead_unit", "remark.unit_ended"),
        ("units", "remark.unit_ended"),
        ("region_codes", "remark.region_ended"),
    }
    assert ended_in(session, facts, facts) == []
