"""Completeness is one number with one list: wrong values do not count, and every way to it ends at the same figure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.rules import scope_of
from portfolio.core.errors import FieldError
from portfolio.projects.queries import get_project
from portfolio.reporting.complete import complete_of, complete_percents
from portfolio.reporting.entry import Entered, save_entry
from portfolio.reporting.rules import ANNUAL, STAGES, completeness, fields, lacking, required, value_of
from tests.reporting.people import OFFICE, PLANNER

NAMES = [field.name for field in fields()]


def record(*names: str, **facts: Any) -> dict[str, Any]:
    """A record that states the named fields."""
    found: dict[str, Any] = {"needs": {}, "bases": {}, **facts}
    for name in names:
        group, _, part = name.partition(".")
        if part:
            found[group][part] = {"words": "依据"} if group == "bases" else True
        else:
            found[name] = ["450100"] if name in ("region_codes", "scales", "contacts") else "stated"
    return found


def test_the_list_names_its_source_and_an_annual_plan_asks_all_of_it() -> None:
    assert all(ANNUAL in field.stages for field in fields())
    found = completeness(record(*NAMES, co_agreed=True, cross_province=True))
    assert (found.percent, found.missing) == (100, ())
    assert [one.name for one in completeness(record()).missing] == required(record(), ANNUAL)
    assert completeness(record()).percent == 0
    zero = {one.name for one in completeness(record(total_investment_yuan=0)).missing}
    assert zero == {one.name for one in completeness(record()).missing} - {"total_investment_yuan"}


@given(stated=st.sets(st.sampled_from(NAMES)), stage=st.sampled_from(STAGES), more=st.sampled_from(NAMES))
def test_stating_more_never_lowers_it_and_the_list_is_what_is_not_stated(
    stated: set[str], stage: str, more: str
) -> None:
    one = record(*stated) | {"stage": stage}
    found = completeness(one)
    assert (found.percent == 100) is (not found.missing)
    assert {answer.name for answer in found.now} == {fault.field for fault in lacking(one, stage)}
    assert {answer.name for answer in found.missing} == {f.field for f in lacking(one, ANNUAL)}
    assert completeness(record(*stated, more) | {"stage": stage}).percent >= found.percent
    parts = [found.of(section).answers for section in {field.section for field in fields()}]
    assert sum(len(part) for part in parts) == len(found.answers)


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ("national_code", "national_code"),
        ("contacts.0.phone", "contacts"),
        ("scales.1.quantity", "scales"),
        ("bases.plan.words", "bases.plan"),
        ("needs.fund.own.2027", "needs.fund"),
        ("lat", "lon"),
        ("finish_month", "finish_month"),
    ],
)
def test_what_fails_its_rule_does_not_count(fault: str, field: str) -> None:
    whole = record(*NAMES)
    found = completeness(whole, [FieldError(fault, "field.required"), FieldError("source", "field.too_long")])
    assert [(one.name, one.stated) for one in found.missing] == [(field, True)]
    assert value_of(whole, field)
    assert found.percent < completeness(whole).percent == 100


def test_a_stored_value_that_fails_its_rule_lowers_the_number(session: Session, entered: str) -> None:
    """Written past the rules, as an older library may hold it."""
    project = get_project(session, scope_of(PLANNER), entered)
    good = complete_of(session, project)
    assert complete_percents(session)[project["id"]] == good.percent
    session.execute(text("UPDATE project_contacts SET phone = '1380' WHERE project_id = :id"), {"id": project["id"]})
    bad = complete_of(session, project)
    assert [one.name for one in bad.missing if one.fault] == ["contacts"]
    assert bad.percent < good.percent


def test_what_is_proposed_counts_for_who_asks_with_it_alone(session: Session, entered: str) -> None:
    project = get_project(session, scope_of(PLANNER), entered)
    session.execute(text("DELETE FROM project_states"))
    before = complete_of(session, project)
    save_entry(session, OFFICE, scope_of(OFFICE), entered, Entered({"owner": "甲公司"}, {"address": "邕江北岸"}))
    assert complete_of(session, project).percent == before.percent == complete_percents(session)[project["id"]]
    beside = complete_of(session, project, True)
    assert {one.name for one in before.missing} - {one.name for one in beside.missing} == {"owner", "address"}
