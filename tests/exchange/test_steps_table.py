"""Preparatory steps in and out."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from tests.ledger.conftest import PROJECT

GOOD = f"""项目,环节,状态,批复日期,文号
{PROJECT},用地预审与选址意见书,已批复,2024-06-01,桂自然资〔2024〕1号
{PROJECT},环境影响评价批复,审查中,,
"""


def read(session: Session, path: Path, content: str) -> Outcome:
    path.write_text(content, encoding="utf-8")
    return run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())


@pytest.mark.parametrize("lang", [None, "zh", "en"])
def test_steps_come_in_go_out_and_change_nothing(session: Session, tmp_path: Path, lang: str | None) -> None:
    outcome = read(session, tmp_path / "steps.csv", GOOD)
    assert (outcome.tally.new, outcome.failed) == (2, 0)
    path = tmp_path / "steps.xlsx"
    assert export(session, EVERYTHING, "steps", path, ExportQuery(lang=lang)) == 2
    again = run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())
    assert (again.tally.unchanged, again.failed) == (2, 0)


def test_faults_are_named_by_row_and_column(session: Session, tmp_path: Path) -> None:
    bad = GOOD + f"{PROJECT},招标,已批复,,\n{PROJECT},跳舞,编制中,,\nGX-0,招标,编制中,,\n"
    outcome = read(session, tmp_path / "steps.csv", bad)
    found = {(finding.row, finding.column, finding.code) for finding in outcome.findings}
    assert found == {
        (4, "actual_on", "readiness.approved_without_date"),
        (4, "doc_no", "readiness.approved_without_document"),
        (5, "step", "unknown_code"),
        (6, "project", "unknown_project"),
    }
