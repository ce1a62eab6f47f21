"""The child process that writes an annotated workbook: `python -m portfolio.exchange.uploads.annotator`.

`kept` puts comments into the workbook as it came; a workbook that cannot be opened that way ends the process, and the
parent asks for `anew`: the rows as they were read, written into a new one. Limits as the reading process has them.
"""

import csv
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portfolio.exchange.files import spool
from portfolio.exchange.files.child import bound, end_with_parent
from portfolio.exchange.files.csv_dialect import Dialect, DialectError, dialect_of
from portfolio.exchange.sheets.writing import fits_float

AUTHOR = "portfolio-check"
COLOUR, HEAD_COLOUR = "FFC7CE", "DBE9F6"
WIDTHS = (16, 8, 22, 26, 52, 60)
Line = Sequence[Any]
Rows = Iterable[tuple[int, Sequence[str]]]


class Marked(msgspec.Struct, frozen=True):
    """A sheet's cells to mark, (row, column, text) counted from 1, and the columns that hold numbers."""

    cells: list[tuple[int, int, str]]
    numeric: list[int] = []


class Task(msgspec.Struct, frozen=True):
    """What to write: the file, what was read of it, the words of the sheet of errors, the sheets' marks by name."""

    how: Literal["kept", "anew", "csv"]
    source: str
    spool: str
    target: str
    title: str
    aside: list[str]
    heads: list[str]
    lines: list[list[str | int | None]]
    rows_title: str
    sheets: dict[str, Marked]
    memory_mb: int
    seconds: int
    room_mb: int


def write(task: Task) -> None:
    """Write the workbook."""
    if task.how == "kept":
        _write_kept(task)
    elif task.how == "anew":
        _write_new(task, _read_sheets(task))
    else:
        _write_new(task, [(task.rows_title, _csv_rows(Path(task.source)), task.sheets[""])])


def _write_kept(task: Task) -> None:
    book = load_workbook(task.source)
    for title in set(task.aside) & set(book.sheetnames):
        del book[title]
    fill = PatternFill("solid", fgColor=COLOUR)
    for sheet in book.worksheets:
        _clear(sheet)
        marked = task.sheets.get(sheet.title)
        for row, column, words in marked.cells if marked else ():
            cell = sheet.cell(row, column)
            before = f"{cell.comment.text}\n" if cell.comment else ""
            cell.comment = Comment(before + words, AUTHOR, width=320, height=140)
            cell.fill = fill
    _add_errors(book, task)
    book.save(task.target)


def _clear(sheet: Any) -> None:
    """Take away what an earlier annotation left, looking only at cells that are there."""
    for cell in list(sheet._cells.values()):
        comment = getattr(cell, "comment", None)
        if comment is not None and comment.author == AUTHOR:
            cell.comment = None
            cell.fill = PatternFill()


def _add_errors(book: Any, task: Task) -> None:
    page = book.create_sheet(task.title, 0)
    page.append(task.heads)
    wrapped = Alignment(wrap_text=True, vertical="top")
    bold, blue = Font(bold=True), PatternFill("solid", fgColor=HEAD_COLOUR)
    for line in task.lines:
        page.append(line)
    for place, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(place)].width = width
        page.cell(1, place).font, page.cell(1, place).fill = bold, blue
    first = page.cell(2, 1)
    first.alignment = wrapped
    for row in page.iter_rows(min_row=2):
        for cell in row:
            # One style for all: looking it up for each cell costs more than writing the cell.
            cell._style = first._style
    page.freeze_panes = "A2"
    book.active = 0


def _read_sheets(task: Task) -> Iterator[tuple[str, Rows, Marked]]:
    path = Path(task.spool)
    for sheet in spool.contents(path).sheets:
        name = sheet.name or task.rows_title
        yield name, _spooled_rows(path, sheet), task.sheets.get(name, Marked([]))


def _spooled_rows(path: Path, sheet: spool.Sheet) -> Rows:
    yield sheet.line, sheet.heading
    for part in spool.chunks(path, sheet):
        yield from zip(part.numbers, part.cells, strict=True)


def _csv_rows(path: Path) -> Rows:
    try:
        dialect = dialect_of(path)
    except DialectError:
        dialect = Dialect("utf-8")
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=dialect.separator)
        for cells in reader:
            yield reader.line_num, cells


def _write_new(task: Task, sheets: Iterable[tuple[str, Rows, Marked]]) -> None:
    with xlsxwriter.Workbook(task.target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        bad = book.add_format({"bg_color": f"#{COLOUR}"})
        head = book.add_format({"bold": True, "bg_color": f"#{HEAD_COLOUR}"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(task.title)
        for place, (name, width) in enumerate(zip(task.heads, WIDTHS, strict=True)):
            page.set_column(place, place, width)
            page.write_string(0, place, name, head)
        for number, line in enumerate(task.lines, 1):
            for place, cell in enumerate(line):
                page.write(number, place, cell, wrapped)
        for name, rows, marked in sheets:
            _write_rows(book.add_worksheet(name), rows, marked, (head, bad))


def _write_rows(page: Any, rows: Rows, marked: Marked, forms: tuple[Any, Any]) -> None:
    marks = {(row, column): words for row, column, words in marked.cells}
    numeric, form = frozenset(marked.numeric), forms[0]
    for row, cells in rows:
        for place, text in enumerate(cells, 1):
            words = marks.get((row, place))
            shown = forms[1] if words else form
            if place in numeric and text.isascii() and fits_float(text):
                page.write_number(row - 1, place - 1, float(text), shown)
            elif text or shown:
                page.write_string(row - 1, place - 1, text, shown)
            if words:
                page.write_comment(row - 1, place - 1, words, {"author": AUTHOR, "x_scale": 2})
        form = None  # only the first row is the heading


def main() -> None:
    """Do the one task that stands on the input."""
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    bound(task.memory_mb, task.seconds, task.room_mb)
    end_with_parent()
    write(task)
    os._exit(0)


if __name__ == "__main__":
    main()
