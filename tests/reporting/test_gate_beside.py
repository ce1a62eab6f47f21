"""What lies beside a record and what takes back an import meet the same gate and the same table as any change."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ConflictError, ForbiddenError, NotFoundError, StaleError
from portfolio.core.settings import get_settings
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import undoing
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import UNDOING
from portfolio.filing import service as attaching
from portfolio.needs.changes import NeedEdit
from portfolio.needs.queries import project_needs
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from portfolio.projects.states import Said, life
from portfolio.readiness.service import clear_step, save_step
from portfolio.reporting.discarding import take_out
from portfolio.reporting.drafts import keep_draft, list_drafts
from portfolio.reporting.queries import by_state
from portfolio.reporting.records import compare
from portfolio.reporting.service import act
from portfolio.screening.criteria import project_criteria
from portfolio.screening.service import Act, answer_gate
from tests.attachments.files import PDF
from tests.reporting.people import CITY, LEADER_UNIT, NANNING, OFFICE, OTHER_CITY, PLANNER

ACCEPTED = "GX-2018-0002"
NEEDS = "project,item,year,required\n{},fund.own,2028,7\n"
FINANCE = Actor("treasury", role="finance", element="fund")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "attachments_dir", str(tmp_path / "files"))


def refused(doing: Callable[[], Any]) -> str:
    with pytest.raises((ConflictError, ForbiddenError, NotFoundError, StaleError)) as caught:
        doing()
    return str(caught.value.code)


def submit(session: Session, code: str) -> None:
    act(session, OFFICE, scope_of(OFFICE), code, "submit")


def lay(session: Session, actor: Actor, kind: str, code: str) -> int:
    return attaching.lay(session, actor, scope_of(actor), kind, code, "批文.pdf", PDF)


def take_away(session: Session, actor: Actor, number: int) -> None:
    attaching.take_away(session, actor, scope_of(actor), number)


def applied(session: Session, folder: Path, actor: Actor, content: str, kind: str = "needs") -> int:
    session.commit()  # what stands already is of another revision than the import
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    outcome = run_import(session, actor, scope_of(actor), [path], Options(kind=kind))
    assert outcome.applied
    number = imports.record_applied(session, actor, [StoredFile("table.csv", "0" * 64, 1)], outcome)
    session.commit()
    imports.begin(session, number, UNDOING)
    session.commit()
    return number


def undo(session: Session, actor: Actor, number: int) -> None:
    undoing.undo(session, actor, scope_of(actor), number)


def own_years(session: Session, code: str) -> list[int]:
    frame = project_needs(session, EVERYTHING, code)
    return [int(year) for year in frame[frame["item"] == "fund.own"]["year"]]


@pytest.mark.parametrize("kind", ["project", "step"])
def test_files_of_a_submitted_record_stay_as_they_are_from_below(session: Session, entered: str, kind: str) -> None:
    code = entered if kind == "project" else f"{entered}/project_code"
    number = lay(session, OFFICE, kind, code)
    submit(session, entered)
    assert refused(lambda: lay(session, OFFICE, kind, code)) == "workflow.submitted"
    assert refused(lambda: take_away(session, OFFICE, number)) == "workflow.submitted"
    take_away(session, PLANNER, number)


def test_a_step_of_a_locked_record_is_not_cleared(session: Session, entered: str) -> None:
    office = (session, OFFICE, scope_of(OFFICE), entered, "project_code")
    save_step(*office, {"status": "preparing"})
    submit(session, entered)
    assert refused(lambda: clear_step(*office)) == "workflow.submitted"


def test_an_import_into_a_record_submitted_since_is_not_undone_from_below(
    session: Session, entered: str, tmp_path: Path
) -> None:
    number = applied(session, tmp_path, OFFICE, NEEDS.format(entered))
    submit(session, entered)
    session.commit()
    assert refused(lambda: undo(session, OFFICE, number)) == "workflow.submitted"
    session.rollback()
    assert own_years(session, entered) == [2028]
    undo(session, PLANNER, number)
    assert own_years(session, entered) == []


def test_an_office_takes_back_a_workbook_that_made_a_project(session: Session, tmp_path: Path) -> None:
    heads = "name_zh,kind,region_codes,office_unit"
    number = applied(session, tmp_path, OFFICE, f"{heads}\n新码头,berth,{NANNING},{OFFICE.unit}\n", "projects")
    (made,) = by_state(session, scope_of(OFFICE), ("draft",))
    assert made["name_zh"] == "新码头"
    undo(session, OFFICE, number)
    assert by_state(session, scope_of(OFFICE), ("draft",)) == []


def test_an_accepted_record_whose_import_is_undone_is_accepted_again(session: Session, tmp_path: Path) -> None:
    number = applied(session, tmp_path, OFFICE, NEEDS.format(ACCEPTED))
    session.commit()
    undo(session, OFFICE, number)
    assert [row["action"] for row in life(session, ACCEPTED)] == ["settle", "amend"]
    assert compare(session, EVERYTHING, ACCEPTED).same
    save_needs(session, OFFICE, scope_of(OFFICE), ACCEPTED, [NeedEdit("fund.own", 2029, 9)])
    assert compare(session, EVERYTHING, ACCEPTED).needs == [("fund.own", 2029, None, 9)]


def test_an_undone_import_leaves_a_draft_where_something_else_was_changed(session: Session, tmp_path: Path) -> None:
    number = applied(session, tmp_path, OFFICE, NEEDS.format(ACCEPTED))
    save_needs(session, OFFICE, scope_of(OFFICE), ACCEPTED, [NeedEdit("fund.own", 2029, 9)])
    session.commit()
    undo(session, OFFICE, number)
    assert [row["action"] for row in life(session, ACCEPTED)] == ["amend"]


def test_a_record_that_was_touched_since_stays_a_draft_though_it_reads_the_same(
    session: Session, tmp_path: Path
) -> None:
    number = applied(session, tmp_path, OFFICE, NEEDS.format(ACCEPTED))
    owner = get_project(session, EVERYTHING, ACCEPTED)["owner"]
    for name in ("某公司", owner):
        update_project(session, OFFICE, scope_of(OFFICE), ACCEPTED, {"owner": name})
    session.commit()
    undo(session, OFFICE, number)
    assert [row["action"] for row in life(session, ACCEPTED)] == ["amend"]


def throw_away(session: Session, actor: Actor, code: str, **versions: int) -> None:
    take_out(session, actor, scope_of(actor), code, "重复录入", **versions)


def test_a_draft_is_thrown_away_by_its_office_until_it_was_accepted(session: Session, entered: str) -> None:
    submit(session, entered)
    assert refused(lambda: throw_away(session, OFFICE, entered)) == "access.refused"
    act(session, OFFICE, scope_of(OFFICE), entered, "recall")
    assert refused(lambda: throw_away(session, OTHER_CITY, entered)) == "project.not_found"
    act(session, PLANNER, scope_of(PLANNER), entered, "lock", Said("核查中"))
    assert refused(lambda: throw_away(session, OFFICE, entered)) == "workflow.locked"
    act(session, PLANNER, scope_of(PLANNER), entered, "unlock")
    throw_away(session, OFFICE, entered)
    assert by_state(session, scope_of(OFFICE), ("draft",)) == []
    save_needs(session, OFFICE, scope_of(OFFICE), ACCEPTED, [NeedEdit("fund.own", 2029, 9)])
    assert refused(lambda: throw_away(session, OFFICE, ACCEPTED)) == "access.refused"


def test_what_lies_beside_a_draft_goes_with_it(session: Session, entered: str) -> None:
    save_step(session, OFFICE, scope_of(OFFICE), entered, "project_code", {"status": "preparing"})
    keep_draft(session, OFFICE, scope_of(OFFICE), entered, {"phone": "13800001234"}, {})
    number = lay(session, OFFICE, "project", entered)
    session.commit()
    assert refused(lambda: throw_away(session, OFFICE, entered)) == "project.in_use"
    session.rollback()
    take_away(session, OFFICE, number)
    assert refused(lambda: throw_away(session, OFFICE, entered, needs_version=99)) == "need.stale"
    throw_away(session, OFFICE, entered)
    assert list_drafts(session, OFFICE) == []
    assert refused(lambda: get_project(session, EVERYTHING, entered)) == "project.not_found"


def test_a_token_for_removing_alone_removes(session: Session) -> None:
    narrow = replace(PLANNER, actions=frozenset({"project.read", "project.remove"}))
    throw_away(session, narrow, ACCEPTED)
    assert refused(lambda: get_project(session, EVERYTHING, ACCEPTED)) == "project.not_found"


def test_who_may_not_change_needs_takes_none_back(session: Session, entered: str, tmp_path: Path) -> None:
    number = applied(session, tmp_path, OFFICE, NEEDS.format(entered))
    assert refused(lambda: undo(session, FINANCE, number)) == "access.refused"
    session.rollback()
    undo(session, OFFICE, number)
    assert own_years(session, entered) == []


def test_pools_and_units_are_taken_back_by_who_may_make_them(session: Session, tmp_path: Path) -> None:
    heads, values = "pool,item,year,quantity,doc_no,level", "NEW-1,land,2030,50,文1,city"
    applied(session, tmp_path, PLANNER, f"{heads}\n{values}\n", "pools")
    renamed = applied(session, tmp_path, PLANNER, f"{heads},name\n{values},甲\n", "pools")
    assert refused(lambda: undo(session, FINANCE, renamed)) == "access.not_yours"
    session.rollback()
    unit = applied(session, tmp_path, PLANNER, "code,name_zh,full_name_zh,kind\nZZ-1,甲局,甲局,REGION_DEPT\n", "units")
    assert refused(lambda: undo(session, FINANCE, unit)) == "access.refused"
    session.rollback()
    undo(session, PLANNER, unit)


def test_criteria_that_were_imported_are_taken_back(session: Session, entered: str, tmp_path: Path) -> None:
    project = get_project(session, EVERYTHING, entered)["id"]
    number = applied(session, tmp_path, PLANNER, f"project,criterion,value\n{entered},panel,60\n", "criteria")
    assert set(project_criteria(session, project)) == {"panel"}
    undo(session, PLANNER, number)
    assert project_criteria(session, project) == {}


def test_a_lifted_veto_carries_its_document(session: Session, entered: str) -> None:
    save_needs(session, OFFICE, scope_of(OFFICE), entered, [NeedEdit("land.agri.arable.pbf.dry", 2027, 20_000)])
    given = Act("lift", "李明", "桂自然资〔2026〕7号")
    early = (session, PLANNER, scope_of(PLANNER), entered, "basic_farmland", given)
    assert refused(lambda: answer_gate(*early)) == "workflow.not_accepted"
    submit(session, entered)
    for reviewer in (CITY, LEADER_UNIT):
        act(session, reviewer, scope_of(reviewer), entered, "accept")
    lift = answer_gate(session, PLANNER, scope_of(PLANNER), entered, "basic_farmland", given)
    number = lay(session, PLANNER, "lift", f"{entered}/{lift}")
    assert attaching.found(session, scope_of(OFFICE), number).name == "批文.pdf"
    assert refused(lambda: attaching.found(session, scope_of(OTHER_CITY), number)) == "attachment.not_found"
    assert refused(lambda: lay(session, OFFICE, "lift", f"{entered}/{lift}")) == "access.refused"
    assert refused(lambda: take_away(session, OFFICE, number)) == "access.refused"
    assert refused(lambda: lay(session, PLANNER, "lift", f"GX-2018-0002/{lift}")) == "screening.no_lift"
    assert refused(lambda: lay(session, PLANNER, "lift", f"{entered}/x")) == "screening.no_lift"
