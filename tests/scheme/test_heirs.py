"""Units and regions live on: what a dissolved one bears is found, summed and signed under the one that took it over."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import scope_of
from portfolio.briefing.annual_names import names
from portfolio.needs.summary import project_summary
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects, get_project, iterate_projects
from portfolio.projects.service import update_project
from portfolio.reporting.records import compare, whole_record
from portfolio.reporting.remarks import remarks
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.heirs import last_of, predecessors, unit_heirs
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import region_directory
from tests.reporting.people import OFFICE

OLD, NEW = "GX-DLR", "GX-DNR"  # 自治区国土资源厅, dissolved in 2018; 自治区自然资源厅
HENGXIAN, HENGZHOU = "450127", "450181"
OF_OFFICE = "GX-2018-0002"


def codes(session: Session, filters: ProjectFilters) -> set[str]:
    return {row["code"] for row in iterate_projects(session, EVERYTHING, filters)}


@pytest.fixture
def borne(session: Session) -> str:
    """A project led by the dissolved department."""
    code = "GX-2018-0031"
    update_project(session, LOCAL_OWNER, EVERYTHING, code, {"lead_unit": OLD})
    return code


def led_by(session: Session, *units: str) -> set[str]:
    return codes(session, ProjectFilters(lead_unit=units))


def test_a_successor_finds_what_its_predecessors_bear(session: Session, borne: str) -> None:
    assert borne in led_by(session, NEW) & led_by(session, OLD)
    assert codes(session, ProjectFilters(unit=(OLD,))) <= codes(session, ProjectFilters(unit=(NEW,)))
    own = {row[0] for row in session.execute(text("SELECT code FROM projects WHERE lead_unit = :unit"), {"unit": NEW})}
    assert led_by(session, NEW) == own | led_by(session, OLD) | led_by(session, "GX-SMG")
    assert borne not in led_by(session, "-")


def test_a_region_finds_what_lay_in_the_one_it_took_over(session: Session) -> None:
    assert codes(session, ProjectFilters(region=(HENGXIAN,)))
    assert codes(session, ProjectFilters(region=(HENGXIAN,))) <= codes(session, ProjectFilters(region=(HENGZHOU,)))
    assert codes(session, ProjectFilters(region=(HENGZHOU,))) <= codes(session, ProjectFilters(region=("450100",)))


def test_sums_are_of_who_stands_today_and_equal_their_list(session: Session, borne: str) -> None:
    frame = project_summary(session, EVERYTHING, ("lead_unit",))
    sums = dict(zip(frame["lead_unit"], frame["projects"], strict=True))
    assert OLD not in sums
    assert sums[NEW] == count_projects(session, EVERYTHING, ProjectFilters(lead_unit=(NEW,)))


def test_a_document_signs_with_the_name_valid_in_its_year(session: Session) -> None:
    assert names(session, "zh", 2027).bearer(OLD) == "自治区自然资源厅"
    assert names(session, "zh", 2018).bearer(OLD) == "自治区国土资源厅"
    assert unit_directory(session).heir_on(OLD, "2018-10") == OLD
    assert unit_directory(session).heir_on(OLD, "2018-11") == NEW
    assert unit_directory(session).heir_on(None, "2027-01") is None


def test_a_record_that_names_an_ended_unit_anew_is_remarked(session: Session) -> None:
    units, tree, scope = unit_directory(session), element_tree(session), scope_of(OFFICE)

    def told() -> set[str]:
        record, changes = whole_record(session, scope, OF_OFFICE), compare(session, scope, OF_OFFICE)
        return {fault.code for fault in remarks(record, changes, tree, units, region_directory(session))}

    assert "remark.unit_ended" not in told()
    update_project(session, OFFICE, scope, OF_OFFICE, {"lead_unit": OLD})
    assert get_project(session, EVERYTHING, OF_OFFICE)["lead_unit"] is None
    assert "remark.unit_ended" in told()


def test_chains_end_and_circles_too(session: Session) -> None:
    assert unit_heirs(session)[OLD] == NEW
    assert OLD in predecessors(session)[NEW]
    assert last_of({"a": "b", "b": "c"}, "a") == "c"
    assert last_of({"a": "b", "b": "a"}, "a") == "b"
