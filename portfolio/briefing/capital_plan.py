"""The three-year capital plan as a workbook: a sheet by project and by each grouping, sums as formulas."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from sqlmodel import Session
from xlsxwriter.utility import xl_col_to_name

from portfolio.access.rules import Scope
from portfolio.briefing.part_note import part_note
from portfolio.core.clock import today
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.core.units import BASE_PER_OUTER
from portfolio.exchange.sheets.writing import neutral
from portfolio.finance.plan import WINDOW, PlanQuery, capital_plan, columns, named_projects
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.vocabulary.codes import WHOLE_REGION, label
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

SHEETS = ("item", "level", "city", "sector", "project")
HEADING_ROW = 3


@dataclass(frozen=True)
class _Formats:
    title: Any
    note: Any
    head: Any
    text: Any
    money: Any
    sum: Any
    sum_text: Any


def write_capital_plan(
    session: Session, scope: Scope, path: Path, year: int, lang: str, filters: ProjectFilters = NO_FILTERS
) -> int:
    """Write the plan from `year` on to `path` (.xlsx, 万元); returns the number of projects.

    Row totals and column totals are formulas with their values beside them, so both ways agree and stay so when edited.
    """
    count = 0
    made_up = not needs_summary(
        session, scope, SummaryQuery((), ("fund",), basis="illustrative", filters=filters)
    ).empty
    with xlsxwriter.Workbook(str(path)) as book:
        formats = _formats(book)
        for by in SHEETS:
            plan = capital_plan(session, scope, PlanQuery(year, by, filters)).sort_values("total", ascending=False)
            names = _names(session, by, plan, lang)
            sheet = _write_sheet(book, formats, by, plan, names, year, lang)
            notes = [t("illustrative-note", lang) if made_up else "", part_note(scope, lang)]
            sheet.write(2, 0, "  ".join(filter(None, notes)), formats.note)
            count = len(plan)
    return count


def _formats(book: Any) -> _Formats:
    border = {"border": 1, "font_size": 10, "valign": "vcenter"}
    money = {**border, "num_format": "#,##0.00##"}
    return _Formats(
        book.add_format({"bold": True, "font_size": 16}),
        book.add_format({"font_size": 9, "font_color": "#56606b"}),
        book.add_format({**border, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#dbe9f6"}),
        book.add_format(border),
        book.add_format(money),
        book.add_format({**money, "bold": True, "top": 2}),
        book.add_format({**border, "bold": True, "top": 2}),
    )


def _names(session: Session, by: str, plan: pd.DataFrame, lang: str) -> list[list[str]]:
    """The leading cells of each row: code and name for projects, a name otherwise."""
    if by == "project":
        named = named_projects(session, [int(n) for n in plan["project"]]).set_index("project")
        rows = [named.loc[number] for number in plan["project"]]
        return [[row["code"], (row["name_en"] or row["name_zh"]) if lang == "en" else row["name_zh"]] for row in rows]
    return [[_name(session, by, value, lang)] for value in plan[by]]


def _name(session: Session, by: str, value: str, lang: str) -> str:
    if by == "item":
        return element_tree(session).path_name(value, lang)
    if by == "level":
        return t(f"level-{value}", lang)
    if by == "sector":
        return label("sectors", value, lang) or t("none-stated", lang)
    region = session.get(Region, value)
    if value == WHOLE_REGION or region is None:
        return t("city-cross" if value else "none-stated", lang)
    return region.name_en if lang == "en" else region.name_zh


def _write_sheet(
    book: Any, formats: _Formats, by: str, plan: pd.DataFrame, names: list[list[str]], year: int, lang: str
) -> Any:
    sheet = book.add_worksheet(t(f"plan-by-{by}", lang))
    lead = _leading(by, lang)
    sheet.write(0, 0, t("plan-book-title", lang, first=str(year), last=str(year + WINDOW - 1)), formats.title)
    sheet.write(1, 0, t("plan-book-note", lang, day=today().isoformat()), formats.note)
    for place, head in enumerate([*lead, *_heads(year, lang)]):
        sheet.write(HEADING_ROW, place, head, formats.head)
    sheet.set_row(HEADING_ROW, 32)
    sheet.set_column(0, len(lead) - 1, 34)
    sheet.set_column(len(lead), len(lead) + 2 * WINDOW + 2, 16)
    sheet.freeze_panes(HEADING_ROW + 1, len(lead))
    amounts = [[int(row[name]) for name in columns(year)] for row in records(plan)]
    for place, (cells, values) in enumerate(zip(names, amounts, strict=True)):
        _write_row(sheet, formats, HEADING_ROW + 1 + place, [neutral(cell) for cell in cells], values)
    _write_sums(sheet, formats, len(lead), amounts, lang)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    return sheet


def _leading(by: str, lang: str) -> list[str]:
    own = t(f"plan-by-{by}", lang)
    return [t("column-projects-code", lang), own] if by == "project" else [own]


def _heads(year: int, lang: str) -> list[str]:
    years = [t("plan-year", lang, year=str(year + n)) for n in range(WINDOW)]
    granted = [t("plan-granted", lang, year=str(year + n)) for n in range(WINDOW)]
    return [t("plan-prior", lang), *years, t("plan-beyond", lang), t("plan-total", lang), *granted]


def _write_row(sheet: Any, formats: _Formats, row: int, cells: Sequence[str], values: Sequence[int]) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(row, place, cell, formats.text)
    first, total = len(cells), len(cells) + WINDOW + 2
    for place, value in enumerate(values, first):
        amount = value / BASE_PER_OUTER
        if place == total:
            span = f"{xl_col_to_name(first)}{row + 1}:{xl_col_to_name(total - 1)}{row + 1}"
            sheet.write_formula(row, place, f"=SUM({span})", formats.money, amount)
        else:
            sheet.write_number(row, place, amount, formats.money)


def _write_sums(sheet: Any, formats: _Formats, lead: int, amounts: Sequence[Sequence[int]], lang: str) -> None:
    row = HEADING_ROW + 1 + len(amounts)
    sheet.write_string(row, 0, t("plan-sum", lang), formats.sum_text)
    for place in range(1, lead):
        sheet.write_blank(row, place, None, formats.sum_text)
    for place, values in enumerate(zip(*amounts, strict=True), lead):
        name = xl_col_to_name(place)
        span = f"{name}{HEADING_ROW + 2}:{name}{row}"
        sheet.write_formula(row, place, f"=SUM({span})", formats.sum, sum(values) / BASE_PER_OUTER)
