"""Imports meet the same gate: submitted rows are refused, accepted records become drafts; and the check."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, scope_of
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.projects.queries import get_project
from portfolio.projects.states import misplaced, standing
from portfolio.reporting.records import compare
from portfolio.reporting.service import act
from tests.reporting.people import OFFICE, PLANNER

OLD = "GX-2018-0002"
NEEDS = "project,item,year,required,basis\n{},fund.central_budget,2027,{},reported\n"


def load(session: Session, folder: Path, content: str, actor: Actor = OFFICE, kind: str = "needs") -> Outcome:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    return run_import(session, actor, scope_of(actor), [path], Options(kind=kind))


@pytest.mark.parametrize(
    ("kind", "content"),
    [("needs", NEEDS.replace("{},reported", "7,reported")), ("projects", "code,name_zh\n{},另一个名称\n")],
    ids=["needs", "projects"],
)
def test_rows_of_a_submitted_record_are_refused(
    session: Session, entered: str, tmp_path: Path, kind: str, content: str
) -> None:
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    outcome = load(session, tmp_path, content.format(entered), kind=kind)
    assert [(one.code, one.row) for one in outcome.findings] == [("workflow.submitted", 2)]
    assert not outcome.applied
    assert entered in next(iter(outcome.findings)).reason("zh")


@pytest.mark.parametrize(
    ("kind", "content"),
    [("needs", NEEDS.replace("{},reported", "2000,reported")), ("projects", "code,name_zh\n{},南宁示例码头\n")],
    ids=["needs", "projects"],
)
def test_unchanged_rows_of_a_submitted_record_are_no_fault(
    session: Session, entered: str, tmp_path: Path, kind: str, content: str
) -> None:
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    outcome = load(session, tmp_path, content.format(entered), kind=kind)
    assert (outcome.tally.unchanged, outcome.applied) == (1, True)


def test_imported_needs_make_an_accepted_record_a_draft(session: Session, tmp_path: Path) -> None:
    assert load(session, tmp_path, NEEDS.format(OLD, 7)).applied
    assert standing(session, get_project(session, EVERYTHING, OLD)["id"]).state == "draft"
    assert compare(session, EVERYTHING, OLD).needs == [("fund.central_budget", 2027, None, 70_000)]


def test_planner_imports_without_review(session: Session, tmp_path: Path) -> None:
    assert load(session, tmp_path, NEEDS.format(OLD, 7), PLANNER).applied
    assert standing(session, get_project(session, EVERYTHING, OLD)["id"]).state == "accepted"


def test_check_finds_a_record_that_stands_where_no_step_led(session: Session, entered: str) -> None:
    assert misplaced(session) == []
    session.execute(text("UPDATE project_states SET state = 'submitted'"))
    assert misplaced(session) == [entered]


def test_a_repeated_not_applicable_makes_no_draft(session: Session, tmp_path: Path) -> None:
    rows = "project,item,year,required,basis\n{},forest,,不涉及,reported\n"
    office = Actor("other", role="project_office", unit=get_project(session, EVERYTHING, OLD)["office_unit"])
    assert load(session, tmp_path, rows.format(OLD), PLANNER).applied
    assert load(session, tmp_path, rows.format(OLD), office).tally.unchanged == 1
    assert standing(session, get_project(session, EVERYTHING, OLD)["id"]).state == "accepted"
