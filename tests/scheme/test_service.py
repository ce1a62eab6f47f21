"""Units and tasks are written as they stand, told in the journal, and read with what they lead."""

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.errors import ForbiddenError, NotFoundError
from portfolio.journal.queries import history
from portfolio.scheme import queries
from portfolio.scheme.service import save_task, save_unit


def test_a_unit_is_new_changed_or_as_it_was(sqlite_session: Session) -> None:
    values = {"code": "GX-NEW", "name_zh": "新设单位", "full_name_zh": "新设单位", "kind": "REGION_DEPT"}
    assert save_unit(sqlite_session, LOCAL_OWNER, values) == "new"
    assert save_unit(sqlite_session, LOCAL_OWNER, values) == "unchanged"
    assert save_unit(sqlite_session, LOCAL_OWNER, {"code": "GX-NEW", "name_zh": "改名"}) == "changed"
    held = queries.unit(sqlite_session, EVERYTHING, "GX-NEW")
    assert (held["name_zh"], held["kind"], held["tasks_led"], held["tasks"]) == ("改名", "REGION_DEPT", 0, 0)
    assert {entry.action for entry in history(sqlite_session, "GX-NEW")} == {"create", "update"}


def test_a_task_keeps_its_units_in_order(sqlite_session: Session) -> None:
    task = str(queries.tasks(sqlite_session, EVERYTHING)["id"].iloc[0])
    units = ["GX-DOT", "GX-BBW"]
    assert save_task(sqlite_session, LOCAL_OWNER, {"id": task}, None) == "unchanged"
    assert save_task(sqlite_session, LOCAL_OWNER, {"id": task, "lead_unit": "GX-DOT"}, units) == "changed"
    held = queries.task(sqlite_session, EVERYTHING, task)
    assert (held["units"], held["lead_unit"]) == (units, "GX-DOT")
    assert save_task(sqlite_session, LOCAL_OWNER, {"id": task}, units) == "unchanged"
    assert save_task(sqlite_session, LOCAL_OWNER, {"id": task}, units[::-1]) == "changed"
    assert queries.task(sqlite_session, EVERYTHING, task)["units"] == units[::-1]


def test_what_is_not_there_and_who_may_not(sqlite_session: Session) -> None:
    with pytest.raises(NotFoundError):
        queries.unit(sqlite_session, EVERYTHING, "NONE")
    with pytest.raises(NotFoundError):
        queries.task(sqlite_session, EVERYTHING, "NONE")
    with pytest.raises(ForbiddenError):
        save_unit(sqlite_session, Actor("li", role="project_office"), {"code": "X", "name_zh": "甲"})
