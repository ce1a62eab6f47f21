"""A scenario's answer as a workbook for a meeting: what is supported, what is not and why, and the pools."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.briefing.scenario_lines import IN_COLUMNS, NEXT_COLUMNS, OUT_COLUMNS, POOL_COLUMNS, Lines, lines
from portfolio.core.i18n import t
from portfolio.exchange.sheets.writing import neutral

WIDTHS = {"place": 6, "code": 14, "name": 40, "rung": 10, "reason": 70, "addition": 70, "pool": 44, "unit": 8}
A4 = 9


def write_scenario_book(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write scenario `code` to `path` (.xlsx, 万元 and 公顷); returns how many projects it decides on."""
    found = lines(session, scope, code, lang)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        formats = _formats(book)
        _sheet(book, formats, found, "in", IN_COLUMNS, found.inside)
        _sheet(book, formats, found, "out", OUT_COLUMNS, found.out)
        _sheet(book, formats, found, "next", NEXT_COLUMNS, found.waiting)
        _sheet(book, formats, found, "pools", POOL_COLUMNS, found.pools)
    return len(found.inside) + len(found.out)


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "font_size": 10, "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "note": book.add_format({"font_size": 10}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#dbe9f6"}),
        "text": book.add_format(cell),
        "whole": book.add_format({**cell, "num_format": "#,##0"}),
        "broken": book.add_format({**cell, "num_format": "#,##0.00##"}),
    }


def _sheet(
    book: Any, formats: dict[str, Any], found: Lines, name: str, columns: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    lang = found.names.lang
    sheet = book.add_worksheet(t(f"scenario-sheet-{name}", lang)[:31])
    sheet.write_string(0, 0, found.title, formats["title"])
    said = [*found.summary, *([t("illustrative-note", lang)] if found.head["basis"] == "illustrative" else [])]
    for place, words in enumerate(said, 1):
        sheet.write_string(place, 0, words, formats["note"])
    first = len(said) + 2
    for place, column in enumerate(columns):
        sheet.write_string(first, place, t(f"scenario-col-{column}", lang), formats["head"])
        sheet.set_column(place, place, WIDTHS.get(column, 14))
    for row_place, row in enumerate(rows, first + 1):
        for place, column in enumerate(columns):
            _write(sheet, formats, row_place, place, row[column])
    sheet.freeze_panes(first + 1, 0)
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, formats: dict[str, Any], row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, formats["whole" if value == int(value) else "broken"])
    else:
        sheet.write_string(row, column, "" if value is None else str(neutral(value)), formats["text"])
