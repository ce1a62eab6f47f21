"""Files of a project's record: by kind, by who answers for it, and not while it is under review."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.rules import Actor, scope_of
from portfolio.core.errors import ConflictError, ForbiddenError, NotFoundError
from portfolio.core.settings import get_settings
from portfolio.filing.service import lay, listed, take_away
from portfolio.projects.rules.facts import FILED
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
        lay(session, OFFICE, own, kind, PROJECT, name, files.PDF)
    found = [one for kind in FILED for one in listed(session, own, kind, PROJECT)]
    assert [(one["object_kind"], one["name"]) for one in found] == [
        ("project", "批复.pdf"),
        ("co_agreed", "议定.pdf"),
        ("cross_province", "协调.pdf"),
    ]
    with pytest.raises(NotFoundError):
        listed(session, scope_of(STRANGER), "co_agreed", PROJECT)
    with pytest.raises(ForbiddenError):
        lay(session, LEADER, scope_of(LEADER), "project", PROJECT, "a.pdf", files.PDF)
    take_away(session, OFFICE, own, found[0]["id"])
    assert [len(listed(session, own, kind, PROJECT)) for kind in FILED] == [0, 1, 1]


def test_a_locked_record_takes_no_files_from_below(session: Session) -> None:
    act(session, PLANNER, scope_of(PLANNER), PROJECT, "lock", Said("核对"))
    with pytest.raises(ConflictError, match=r"workflow\.locked"):
        lay(session, OFFICE, scope_of(OFFICE), "project", PROJECT, "a.pdf", files.PDF)
    lay(session, PLANNER, scope_of(PLANNER), "project", PROJECT, "a.pdf", files.PDF)
