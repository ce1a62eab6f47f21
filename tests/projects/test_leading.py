"""A lead the rule cannot give is set by a person and reaches the projects; lists, filters and sums follow."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.journal.queries import history
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.leading import Lead, set_task_lead
from portfolio.projects.queries import count_projects, get_project
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from portfolio.scheme.queries import task

OF_T02 = ["GX-2018-0014", "GX-2018-0015", "GX-2018-0017", "GX-2018-0018", "GX-2018-0019", "GX-2018-0021"]
DRC = Lead("GX-DRC", "领导小组会议确定", "李明")


def led(session: Session, unit: str) -> int:
    return count_projects(session, EVERYTHING, ProjectFilters(lead_unit=(unit,), task=("T02",)))


def test_it_reaches_the_projects_that_state_none(session: Session) -> None:
    before = led(session, "GX-DRC")
    assert set_task_lead(session, LOCAL_OWNER, "T02", DRC) == OF_T02
    assert led(session, "GX-DRC") == before + len(OF_T02)
    held = task(session, EVERYTHING, "T02")
    assert (held["lead_unit"], held["lead_by"], held["lead_reason"]) == ("GX-DRC", "李明", "领导小组会议确定")
    newest = history(session, OF_T02[0])[0]
    assert (newest.after, newest.reason) == ({"lead_unit": "GX-DRC"}, "T02 领导小组会议确定")
    made = create_project(session, LOCAL_OWNER, ProjectData(name_zh="新项目", task_ids=("T02",)))
    assert made["lead_unit"] == "GX-DRC"


def test_set_anew_it_takes_along_what_followed(session: Session) -> None:
    set_task_lead(session, LOCAL_OWNER, "T02", DRC)
    stated = get_project(session, EVERYTHING, "GX-2018-0016")["lead_unit"]
    assert set_task_lead(session, LOCAL_OWNER, "T02", Lead("GX-BBW", "改由北部湾办牵头", "李明")) == [*OF_T02]
    assert get_project(session, EVERYTHING, OF_T02[0])["lead_unit"] == "GX-BBW"
    assert get_project(session, EVERYTHING, "GX-2018-0016")["lead_unit"] == stated


def test_what_the_rule_gives_and_what_cannot_lead_is_refused(session: Session) -> None:
    with pytest.raises(ConflictError, match=r"task\.rule_leads"):
        set_task_lead(session, LOCAL_OWNER, "T22", DRC)
    for wrong, code in (
        (Lead("GX-DLR", "会议确定", "李明"), "unit.ended"),
        (Lead("NOBODY", "会议确定", "李明"), "field.unknown_code"),
        (Lead("GX-DRC", " ", "李明"), "rolling.reason_required"),
        (Lead("GX-DRC", "会议确定"), "screening.person_required"),
    ):
        with pytest.raises(InvalidError) as caught:
            set_task_lead(session, LOCAL_OWNER, "T02", wrong)
        assert [fault.code for fault in caught.value.fields or ()] == [code]
    with pytest.raises(ForbiddenError):
        set_task_lead(session, Actor("x", "lead_reviewer", "GX-DRC", None, 5), "T02", DRC)


def test_a_file_that_names_no_lead_takes_none_back(session: Session, tmp_path: Path) -> None:
    set_task_lead(session, LOCAL_OWNER, "T02", DRC)
    file = tmp_path / "tasks.csv"
    file.write_text("id,title_zh,units,lead_unit\nT02,促进节点城市发展,北海市人民政府,\n", encoding="utf-8")
    run_import(session, LOCAL_OWNER, EVERYTHING, [file], Options())
    assert (task(session, EVERYTHING, "T02")["lead_unit"], task(session, EVERYTHING, "T02")["lead_by"]) == (
        "GX-DRC",
        "李明",
    )
