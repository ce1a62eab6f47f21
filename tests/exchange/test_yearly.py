"""Investment by year in tables: what was completed, to date and expected, in, out, previewed and taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, Scope
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.exchange.templates.workbook import write_template
from portfolio.finance.yearly import save_yearly, yearly_figures
from portfolio.projects.queries import get_project
from tests.exchange.conftest import Desk
from tests.ledger.conftest import OTHER, PROJECT

HEAD = "项目,年度,当年完成（亿元）,至年底累计完成（万元）,当年预计完成,说明\n"
Importing = Callable[[str, str], Outcome]


@pytest.fixture
def importing(sqlite_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path) -> Importing:
    def run(content: str, name: str) -> Outcome:
        (tmp_path / name).write_text(content, encoding="utf-8")
        with Session(sqlite_engine) as session:
            outcome = run_import(session, actor, scope, [tmp_path / name], Options())
            if outcome.applied:
                session.commit()
        return outcome

    return run


def stated(engine: Engine, scope: Scope, code: str) -> dict[tuple[str, int], int]:
    with Session(engine) as session:
        number = get_project(session, scope, code)["id"]
        return yearly_figures(session, [number]).get(number, {})


def test_a_table_states_figures_by_project_and_year(importing: Importing, sqlite_engine: Engine, scope: Scope) -> None:
    outcome = importing(HEAD + f"{PROJECT},2024,1.2,20000,,监理月报\n{OTHER},2026,,,35,\n", "yearly.csv")
    assert (outcome.applied, outcome.tally.new, outcome.kinds) == (True, 2, ["yearly"])
    assert stated(sqlite_engine, scope, PROJECT) == {("completed", 2024): 120_000_000, ("to_date", 2024): 200_000_000}
    assert stated(sqlite_engine, scope, OTHER) == {("expected", 2026): 350_000}
    again = importing(HEAD + f"{PROJECT},2024,,20000,,\n", "yearly.csv")
    assert (again.tally.unchanged, again.applied) == (1, True)
    changed = importing(HEAD + f"{PROJECT},2024,1.5,,,\n", "yearly.csv")
    assert changed.tally.changed == 1
    assert stated(sqlite_engine, scope, PROJECT)["to_date", 2024] == 200_000_000


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("GX-NONE,2024,1,,,", "unknown_project"),
        (f"{PROJECT},24,1,,,", "bad_year"),
        (f"{PROJECT},,1,,,", "blank"),
        (f"{PROJECT},2024,-1,,,", "negative"),
        (f"{PROJECT},2024,,,,只有说明", "blank"),
        (f"{PROJECT},2059,1,,,", "finance.year_to_come"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_nothing_is_written(
    importing: Importing, sqlite_engine: Engine, scope: Scope, row: str, code: str
) -> None:
    outcome = importing(HEAD + row + "\n", "yearly.csv")
    assert code in [finding.code for finding in outcome.findings]
    assert (outcome.applied, stated(sqlite_engine, scope, PROJECT)) == (False, {})


def test_sums_that_contradict_each_other_are_refused(importing: Importing) -> None:
    outcome = importing(HEAD + f"{PROJECT},2023,,300,,\n{PROJECT},2024,,200,,\n", "yearly.csv")
    assert [(finding.row, finding.code) for finding in outcome.findings] == [(3, "finance.to_date_contradicts")]


@pytest.mark.parametrize("lang", ["zh", "en", None])
def test_what_is_exported_can_be_imported_and_changes_nothing(
    importing: Importing, sqlite_engine: Engine, actor: Actor, scope: Scope, tmp_path: Path, lang: Any
) -> None:
    with Session(sqlite_engine) as session:
        figures = {("completed", 2024): 12_345_678_901, ("to_date", 2024): 20_000_000_000, ("expected", 2026): 1}
        save_yearly(session, actor, scope, PROJECT, figures, "月报")
        session.commit()
        assert export(session, scope, "yearly", tmp_path / "yearly.csv", ExportQuery(lang=lang)) == 2
    outcome = importing((tmp_path / "yearly.csv").read_text(encoding="utf-8-sig"), "again.csv")
    assert (outcome.tally.counts, outcome.applied) == ({"new": 0, "changed": 0, "unchanged": 2}, True)


def test_the_template_asks_for_them(sqlite_engine: Engine, scope: Scope, tmp_path: Path) -> None:
    with Session(sqlite_engine) as session:
        write_template(session, scope, "yearly", tmp_path / "yearly.xlsx", "zh")
    sheet = load_workbook(tmp_path / "yearly.xlsx").worksheets[0]
    heads = {str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row}
    assert {"当年完成（万元）", "至年底累计完成（万元）", "当年预计完成（万元）"} <= heads


def test_an_import_of_figures_is_previewed_and_undone(desk: Desk, scope: Scope) -> None:
    with Session(desk.engine) as session:
        save_yearly(session, LOCAL_OWNER, EVERYTHING, PROJECT, {("completed", 2024): 10_000})
        session.commit()
    number = desk.upload(HEAD + f"{PROJECT},2024,,5,,\n{OTHER},2026,,,7,\n")
    (row,) = desk.rows(number, "new")
    assert row["key"] == {"project": OTHER, "year": "2026"}
    desk.confirm(number)
    assert stated(desk.engine, scope, PROJECT) == {("completed", 2024): 10_000, ("to_date", 2024): 50_000}
    desk.undo(number)
    assert stated(desk.engine, scope, PROJECT) == {("completed", 2024): 10_000}
    assert stated(desk.engine, scope, OTHER) == {}
