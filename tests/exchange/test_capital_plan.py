"""The capital plan's workbook opened: every sheet adds up to the same total, row by row and column by column."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.briefing.capital_plan import HEADING_ROW, SHEETS, write_capital_plan
from portfolio.finance.plan import PlanQuery, capital_plan


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_adds_up_both_ways(demo_engine: Engine, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "plan.xlsx"
    with Session(demo_engine) as session:
        count = write_capital_plan(session, EVERYTHING, path, 2026, lang)
        total = int(capital_plan(session, EVERYTHING, PlanQuery(2026, "item"))["total"].sum()) / 10_000
    values, formulas = load_workbook(path, data_only=True), load_workbook(path)
    assert len(values.sheetnames) == len(SHEETS)
    for sheet in values.worksheets:
        rows: list[list[Any]] = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADING_ROW + 2)]
        lead = 2 if sheet.title == values.sheetnames[-1] else 1
        for row in rows:
            assert sum(row[lead : lead + 5]) == pytest.approx(row[lead + 5], abs=1e-4), sheet.title
        for column in range(lead, lead + 9):
            assert sum(row[column] for row in rows[:-1]) == pytest.approx(rows[-1][column], abs=1e-3), sheet.title
        assert rows[-1][lead + 5] == pytest.approx(total, abs=1e-3)
    assert values.worksheets[-1].max_row == HEADING_ROW + 1 + count + 1
    last = formulas.worksheets[0]
    assert str(last.cell(last.max_row, 7).value).startswith("=SUM(")
    assert values.worksheets[0].cell(3, 1).value
