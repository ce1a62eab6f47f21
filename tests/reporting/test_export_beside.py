"""Exports with what is proposed: marked, for who enters or reviews it alone; and they are read again as any other."""

import csv
from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.rules import Actor, scope_of
from portfolio.core.i18n import LANGUAGES
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from portfolio.reporting.complete import complete_of
from portfolio.reporting.entry import Entered, save_entry
from tests.reporting.conftest import FACTS, NEEDS, PROFILE
from tests.reporting.people import CITY_OFFICE, LEADER_UNIT, OFFICE, PLANNER, READER


@pytest.fixture
def changing(session: Session) -> str:
    """An accepted record of which an office proposes an owner, a need less, one more, and that it needs no sea."""
    facts = {**FACTS, "office_unit": CITY_OFFICE}
    code = save_entry(session, PLANNER, scope_of(PLANNER), None, Entered(facts, PROFILE, NEEDS)).project["code"]
    mine = (OFFICE, scope_of(OFFICE), code)
    update_project(session, *mine, {"owner": "甲公司"})
    edits = [
        NeedEdit("fund.central_budget", 2027, None),
        NeedEdit("fund.own", 2028, 30_000_000),
        NeedEdit("sea", None, NOT_APPLICABLE),
    ]
    save_needs(session, *mine, edits)
    session.commit()
    return code


def written(session: Session, actor: Actor, kind: str, folder: Path, query: ExportQuery) -> dict[str, list[list[str]]]:
    """The rows of an export by their project."""
    path = folder / f"{actor.name}-{kind}.csv"
    export(session, scope_of(actor), kind, path, query)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    found: dict[str, list[list[str]]] = {"heading": [rows[0]]}
    for row in rows[1:]:
        found.setdefault(row[0], []).append(row)
    return found


def test_projects_say_what_is_proposed_and_how_complete_they_are(
    session: Session, changing: str, entered: str, tmp_path: Path
) -> None:
    query = ExportQuery(proposed=True)
    told = written(session, LEADER_UNIT, "projects", tmp_path, query)
    assert told["heading"][0][-3:] == ["complete_percent", "accepted", "proposed"]
    project = get_project(session, scope_of(PLANNER), changing)
    beside = complete_of(session, project, True).percent
    assert told[changing][0][-3:-1] == [str(beside), "1"]
    assert "facts.owner" in told[changing][0][-1]
    assert "甲公司" in told[changing][0]
    assert told[entered][0][-2:] == ["0", ""]
    read = written(session, READER, "projects", tmp_path, query)
    assert entered not in read
    assert read[changing][0][-2:] == ["1", ""]
    assert "甲公司" not in read[changing][0]
    plain = written(session, LEADER_UNIT, "projects", tmp_path, ExportQuery(columns=("complete_percent",)))
    assert entered not in plain
    assert plain["heading"][0][-1] == "complete_percent"
    assert plain[changing][0][-1] == str(complete_of(session, project).percent)
    people = written(session, LEADER_UNIT, "projects", tmp_path, ExportQuery(lang="zh"))
    assert people["heading"][0][-1] == "填报完整度（%）"


def test_needs_are_marked_row_by_row(session: Session, changing: str, entered: str, tmp_path: Path) -> None:
    told = written(session, LEADER_UNIT, "needs", tmp_path, ExportQuery(proposed=True))
    assert sorted(told[changing]) == [
        [changing, "fund.central_budget", "2027", "", "", "1"],
        [changing, "fund.own", "2028", "3000", "reported", "1"],
        [changing, "sea", "", "不涉及", "reported", "1"],
    ]
    assert [row[-1] for row in told[entered]] == ["1"]
    read = written(session, READER, "needs", tmp_path, ExportQuery(proposed=True))
    assert read[changing] == [[changing, "fund.central_budget", "2027", "2000", "reported", ""]]
    assert entered not in read
    own = written(session, LEADER_UNIT, "needs", tmp_path, ExportQuery(item="fund", years=(2028,), proposed=True))
    assert own[changing] == [[changing, "fund.own", "2028", "3000", "reported", "1"]]
    plain = written(session, LEADER_UNIT, "needs", tmp_path, ExportQuery())
    assert plain[changing] == [[changing, "fund.central_budget", "2027", "2000", "reported"]]


@pytest.mark.parametrize("lang", [None, *LANGUAGES])
def test_what_an_export_says_besides_is_read_past(
    session: Session, changing: str, tmp_path: Path, lang: str | None
) -> None:
    path = tmp_path / "projects.csv"
    export(session, scope_of(READER), "projects", path, ExportQuery(proposed=True, lang=lang))
    outcome = run_import(session, PLANNER, scope_of(PLANNER), [path], Options(kind="projects", check=True))
    assert outcome.findings.total == 0
