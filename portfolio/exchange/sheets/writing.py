"""Write tables as CSV, XLSX or JSON; cells a spreadsheet would run as formulas are neutralised."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from portfolio.exchange.sheets.values import INJECTED

XLSX_ROWS = 1_048_576


def neutral(value: Any) -> Any:
    """A text that begins with `= + - @` gets a leading apostrophe, so no spreadsheet runs it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(INJECTED) else value


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese; returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(heading)
        for count, row in enumerate(rows, 1):
            writer.writerow(["" if cell is None else neutral(cell) for cell in row])
    return count


def write_xlsx(
    path: Path, sheet: str, heading: Sequence[str], rows: Iterable[Sequence[Any]], numeric: frozenset[int], note: str
) -> int:
    """One sheet with a frozen heading; `numeric` places are written as numbers when a float holds them exactly.

    `note` goes into the file's properties, so that the sheet stays importable.
    """
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF6", "border": 1})
        page.freeze_panes(1, 0)
        page.set_column(0, max(0, len(heading) - 1), 18)
        for column, text in enumerate(heading):
            page.write_string(0, column, text, bold)
        for count, row in enumerate(rows, 1):
            _write_row(page, count, row, numeric)
        page.autofilter(0, 0, count, max(0, len(heading) - 1))
        book.set_properties({"comments": note})
    return count


def _write_row(page: Any, number: int, row: Sequence[Any], numeric: frozenset[int]) -> None:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if column in numeric and fits_float(str(cell)):
            page.write_number(number, column, float(cell))
        else:
            page.write_string(number, column, str(neutral(cell)))


def fits_float(text: str) -> bool:
    """Whether a spreadsheet's number (15 digits) holds `text` exactly."""
    digits = text.replace(".", "").lstrip("0")
    return digits.isdigit() and len(digits) <= 15 if digits else text in ("0", "0.0")


def write_json(path: Path, kind: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """`{"kind": …, "items": [{column: value}]}`, streamed."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"kind": ' + json.dumps(kind) + ', "items": [')
        for count, row in enumerate(rows, 1):
            record = dict(zip(heading, row, strict=True))
            file.write(("," if count > 1 else "") + "\n" + json.dumps(record, ensure_ascii=False))
        file.write("\n]}\n")
    return count
