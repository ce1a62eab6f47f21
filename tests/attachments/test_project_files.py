"""Files of a project's record: by kind, by who answers for it, and not while it is under review."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.attachments.service import attach
from portfolio.core.errors import ConflictError, ForbiddenError, NotFoundError
from portfolio.core.settings import get_settings
from portfolio.projects.files import add_file, drop_file, project_files
from portfolio.projects.states import Said
from portfolio.reporting.service import act
from tests.attachments import files

PROJECT = "GX-2018-0207"
OFFICE = Actor("office", role="project_office", unit="GX-DOT")
PLANNER = Actor("planner", role="planner", unit="GX-DRC")
LEADER = Actor("leader", role="leader")
STRANGER = Actor("other", role="project_office", unit="GX-DWR")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "attachments_dir", str(tmp_path / "files"))


def test_files_are_kept_by_kind_and_taken_away_by_who_answers_for_them(session: Session) -> None:
    own = scope_of(OFFICE)
    for kind, name in (("co_agreed", "议定.pdf"), ("project", "批复.pdf"), ("cross_province", "协调.pdf")):
        add_file(session, OFFICE, own, PROJECT, kind, name, files.PDF)
    found = project_files(session, own, PROJECT)
    assert [(one["object_kind"], one["name"]) for one in found] == [
        ("project", "批复.pdf"),
        ("co_agreed", "议定.pdf"),
        ("cross_province", "协调.pdf"),
    ]
    with pytest.raises(NotFoundError):
        project_files(session, scope_of(STRANGER), PROJECT)
    with pytest.raises(ForbiddenError):
        add_file(session, LEADER, scope_of(LEADER), PROJECT, "project", "a.pdf", files.PDF)
    drop_file(session, OFFICE, own, PROJECT, found[0]["id"])
    assert len(project_files(session, own, PROJECT)) == 2


def test_a_file_of_another_object_is_not_taken_away_through_a_project(session: Session) -> None:
    other = attach(session, LOCAL_OWNER, "step", f"{PROJECT}/env_assessment", "环评.pdf", files.PDF)
    with pytest.raises(NotFoundError, match=r"attachment\.not_found"):
        drop_file(session, OFFICE, scope_of(OFFICE), PROJECT, other)
    with pytest.raises(NotFoundError, match=r"no_such_kind"):
        add_file(session, OFFICE, scope_of(OFFICE), PROJECT, "step", "a.pdf", files.PDF)


def test_a_locked_record_takes_no_files_from_below(session: Session) -> None:
    act(session, PLANNER, scope_of(PLANNER), PROJECT, "lock", Said("核对"))
    with pytest.raises(ConflictError, match=r"workflow\.locked"):
        add_file(session, OFFICE, scope_of(OFFICE), PROJECT, "project", "a.pdf", files.PDF)
    add_file(session, PLANNER, scope_of(PLANNER), PROJECT, "project", "a.pdf", files.PDF)
