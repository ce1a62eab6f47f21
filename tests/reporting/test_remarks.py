"""What a reviewer is told to look at, and what was changed since a record was returned."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import scope_of
from portfolio.needs.changes import NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.service import save_needs
from portfolio.projects.profile import save_profile
from portfolio.projects.service import update_project
from portfolio.projects.states import Said, life
from portfolio.reporting.queries import queue
from portfolio.reporting.records import compare, whole_record
from portfolio.reporting.remarks import remarks
from portfolio.reporting.service import act
from portfolio.reporting.since import since_returned
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.outlines import kilometres_outside
from portfolio.vocabulary.regions import region_directory
from tests.reporting.people import CITY, LEADER_UNIT, OFFICE, READER

OLD = "GX-2018-0002"
MINE = (OFFICE, scope_of(OFFICE), OLD)
NANNING_PIN, BEIHAI_PIN = {"lon": 108.32, "lat": 22.82}, {"lon": 109.12, "lat": 21.48}


def told(session: Session, code: str = OLD) -> dict[str, dict[str, Any]]:
    """Code → params of what is remarked."""
    record, changes = whole_record(session, EVERYTHING, code), compare(session, EVERYTHING, code)
    found = remarks(record, changes, element_tree(session), unit_directory(session), region_directory(session))
    return {fault.code: dict(fault.params) for fault in found}


def test_outlines_tell_how_far_a_point_lies_outside() -> None:
    assert kilometres_outside("450100", **NANNING_PIN) == 0
    far = kilometres_outside("450100", **BEIHAI_PIN)
    assert far is not None and 60 < far < 150
    assert kilometres_outside("450500", **BEIHAI_PIN) == 0
    assert kilometres_outside("450300", **BEIHAI_PIN) is None


@pytest.mark.parametrize(("pin", "remarked"), [(NANNING_PIN, False), (BEIHAI_PIN, True)], ids=["inside", "outside"])
def test_a_pin_outside_the_city_is_remarked(session: Session, pin: dict[str, float], remarked: bool) -> None:
    update_project(session, *MINE, pin)
    assert ("remark.pin_outside" in told(session)) is remarked


def test_sources_are_held_against_the_total_investment(session: Session) -> None:
    update_project(session, *MINE, {"total_investment_yuan": 1_000_000})
    assert not {"remark.sources_over", "remark.sources_short"} & told(session).keys()
    save_needs(session, *MINE, [NeedEdit("fund.own", 2027, 400_000), NeedEdit("fund.own", 2028, 700_000)])
    assert told(session)["remark.sources_over"] == {"asked": "110", "total": "100"}
    save_needs(session, *MINE, [NeedEdit("fund.own", 2028, 600_000)])
    assert not {"remark.sources_over", "remark.sources_short"} & told(session).keys()
    save_needs(session, *MINE, [NeedEdit("fund.own", 2028, 500_000)])
    assert told(session)["remark.sources_short"] == {"asked": "90", "total": "100"}


def test_a_figure_that_looks_like_another_unit_is_remarked_with_both_sides(session: Session) -> None:
    owner = (session, LOCAL_OWNER, EVERYTHING, OLD)
    update_project(*owner, {"total_investment_yuan": 1_260_000_000})
    save_needs(*owner, [NeedEdit("land.agri.arable.pbf.dry", 2027, 20_000)])
    update_project(session, *MINE, {"total_investment_yuan": 126_000})
    save_needs(session, *MINE, [NeedEdit("land.agri.arable.pbf.dry", 2027, 300_000)])
    found = told(session)
    assert found["remark.unit_of_money"] == {"was": "126000", "now": "12.6", "times": "10000"}
    assert found["remark.unit_of_area"] == {"was": "2", "now": "30"}
    update_project(session, *MINE, {"total_investment_yuan": 1_300_000_000})
    assert "remark.unit_of_money" not in told(session)


def test_the_queue_counts_what_is_to_be_looked_at(session: Session) -> None:
    update_project(session, *MINE, {**BEIHAI_PIN, "owner": "某公司"})
    act(session, *MINE, "submit")
    (waiting,) = queue(session, CITY)
    assert (waiting.warnings, waiting.unremarkable) == (1, False)


def test_what_was_changed_since_the_return_is_told(session: Session) -> None:
    update_project(session, *MINE, {"owner": "甲公司", "section": "二"})
    save_needs(session, *MINE, [NeedEdit("fund.own", 2027, 10_000)])
    assert since_returned(session, EVERYTHING, OLD) is None
    act(session, *MINE, "submit")
    act(session, CITY, scope_of(CITY), OLD, "return", Said("请核对"))
    found = since_returned(session, EVERYTHING, OLD)
    assert found is not None and found[1].count == 0
    update_project(session, *MINE, {"owner": "乙公司"})
    update_project(session, *MINE, {"owner": "丙公司"})
    save_profile(session, *MINE, {"address": "某路1号"})
    save_needs(session, *MINE, [NeedEdit("fund.own", 2027, None), NeedEdit("fund.own", 2028, 20_000)])
    save_details(session, *MINE, [DetailEdit("forest", "natural_forest", "1")])
    found = since_returned(session, EVERYTHING, OLD)
    assert found is not None
    changes = found[1]
    assert set(changes.fields) == {("owner", "甲公司", "丙公司"), ("address", "", "某路1号")}
    assert changes.needs == [("fund.own", 2027, 10_000, None), ("fund.own", 2028, None, 20_000)]
    assert changes.details == [("forest", "natural_forest", None, "1")]
    assert since_returned(session, scope_of(READER), OLD) is None
    update_project(session, *MINE, {"owner": "甲公司"})
    again = since_returned(session, EVERYTHING, OLD)
    assert again is not None and "owner" not in again[1].names


def test_of_a_new_record_too(session: Session, entered: str) -> None:
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    act(session, CITY, scope_of(CITY), entered, "return", Said("请核对"))
    update_project(session, OFFICE, scope_of(OFFICE), entered, {"owner": "甲公司"})
    found = since_returned(session, scope_of(CITY), entered)
    assert found is not None and found[1].fields == [("owner", "", "甲公司")]


def test_an_opinion_is_kept_with_an_acceptance(session: Session, entered: str) -> None:
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    act(session, CITY, scope_of(CITY), entered, "accept", Said("同意，请关注用地"))
    act(session, LEADER_UNIT, scope_of(LEADER_UNIT), entered, "accept")
    assert "同意，请关注用地" in {row["reason"] for row in life(session, entered)}
