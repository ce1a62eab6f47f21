"""Criteria in and out."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.journal.queries import history
from portfolio.screening.criteria import iterate_criteria, save_criteria
from tests.ledger.conftest import PROJECT

GOOD = f"""project,criterion,value
{PROJECT},panel,86.5
{PROJECT},新增就业,120
{PROJECT},two_high,否
{PROJECT},own_view,-0.25
"""


def read(session: Session, path: Path, content: str) -> Outcome:
    path.write_text(content, encoding="utf-8")
    return run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())


@pytest.mark.parametrize("lang", [None, "zh", "en"])
def test_criteria_come_in_go_out_and_change_nothing(session: Session, tmp_path: Path, lang: str | None) -> None:
    outcome = read(session, tmp_path / "criteria.csv", GOOD)
    assert (outcome.tally.new, outcome.failed) == (4, 0)
    assert [row[1:3] for row in iterate_criteria(session, EVERYTHING)] == [
        ("jobs", 120),
        ("own_view", -0.25),
        ("panel", 86.5),
        ("two_high", 0),
    ]
    save_criteria(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"tax_wan": 5}, "illustrative")
    path = tmp_path / "criteria.xlsx"
    assert export(session, EVERYTHING, "criteria", path, ExportQuery(lang=lang)) == 5
    again = run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())
    assert (again.tally.unchanged, again.failed) == (5, 0)


def test_faults_are_named_by_row_and_column(session: Session, tmp_path: Path) -> None:
    bad = GOOD + f"{PROJECT},jbos,1\nGX-0,jobs,1\n{PROJECT},panel,9\n{PROJECT},tax_wan,\n{PROJECT},obsolete,3\n"
    bad += f"{PROJECT},energy_tce,many\n{PROJECT},carbon_t,123456789012345.1234567\n{PROJECT},total_wan,5\n"
    outcome = read(session, tmp_path / "criteria.csv", bad)
    assert {(finding.row, finding.column, finding.code) for finding in outcome.findings} == {
        (6, "criterion", "unknown_code"),
        (7, "project", "unknown_project"),
        (8, "criterion", "doubled_key"),
        (9, "value", "blank"),
        (10, "value", "screening.not_a_flag"),
        (11, "value", "not_a_number"),
        (12, "value", "too_many_digits"),
        (13, "criterion", "unknown_code"),
    }
    assert not outcome.applied


def test_rows_are_previewed_and_journalled_by_project(session: Session, tmp_path: Path) -> None:
    save_criteria(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"panel": 60}, "illustrative")
    path = tmp_path / "criteria.csv"
    path.write_text(GOOD, encoding="utf-8")
    outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options(previewed=True))
    assert (outcome.tally.new, outcome.tally.changed) == (3, 1)
    assert outcome.tally.preview is not None
    changed = outcome.tally.preview.rows["changed"]
    assert [(row["row"], row["fields"]["value"]) for row in changed] == [(2, ["60", "86.5"])]
    entry = history(session, PROJECT, 1)[0]
    assert (entry.action, entry.before["panel"], set(entry.after)) == (
        "criteria",
        [60, "illustrative"],
        {"panel", "jobs", "two_high", "own_view"},
    )
