"""A refused file as a workbook: the same rows, a comment and a colour on each bad cell, and a sheet of errors."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portfolio.core.errors import ConflictError
from portfolio.core.i18n import LANGUAGES, t
from portfolio.exchange.columns import guess_kind, spellings_of
from portfolio.exchange.exporting import NUMERIC
from portfolio.exchange.findings import Finding
from portfolio.exchange.reading import encoding_of
from portfolio.exchange.table import cell_text
from portfolio.exchange.workbook_reading import NO_WORKBOOK
from portfolio.exchange.writing import fits_float, neutral

AUTHOR = "portfolio-check"
UNOPENED = frozenset(("bad_workbook", "file_too_large", "no_such_file", "unknown_format"))
COLOUR = "FFC7CE"
NAMES = ("sheet", "row", "column", "value", "reason", "remedy")
WIDTHS = (16, 8, 22, 26, 52, 60)
Headings = dict[str | None, Sequence[str]]  # by sheet, None for a file without sheets
Cell = tuple[int, int]  # row and column, counted from 1


class _NoWorkbookError(Exception):
    """The file is no workbook that opens."""


def annotate(source: Path, target: Path, findings: Sequence[Finding], lang: str) -> None:
    """Write `source` (.csv or .xlsx) with its findings to `target` (.xlsx); all else in a workbook stays as it is.

    Raises `ConflictError` (`import.not_annotated`) when the file cannot be opened.
    """
    refusal = ConflictError("import.not_annotated", name=next((one.file for one in findings), source.name))
    if not opens([finding.code for finding in findings]):
        raise refusal
    try:
        if source.suffix.lower() == ".csv":
            _annotate_csv(source, target, findings, lang)
        else:
            _annotate_xlsx(source, target, findings, lang)
    except (_NoWorkbookError, csv.Error) as error:
        raise refusal from error


def opens(codes: Collection[str]) -> bool:
    """Whether a file with findings of these codes can be opened, so that it can come back with comments."""
    return UNOPENED.isdisjoint(codes)


def _annotate_xlsx(source: Path, target: Path, findings: Sequence[Finding], lang: str) -> None:
    book = _opened(source)
    for title in {t("annotate-sheet", one) for one in LANGUAGES} & set(book.sheetnames):
        del book[title]
    by_sheet: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_sheet[finding.sheet].append(finding)
    headings: Headings = {}
    for sheet in book.worksheets:
        _clear(sheet)
        heading = headings[sheet.title] = _heading(sheet)
        for (row, column), texts in _marks(by_sheet.get(sheet.title, ()), heading, lang).items():
            cell = sheet.cell(row, column)
            before = f"{cell.comment.text}\n" if cell.comment else ""
            cell.comment = Comment(before + "\n".join(texts), AUTHOR, width=320, height=140)
            cell.fill = PatternFill("solid", fgColor=COLOUR)
    _add_errors(book, findings, lang, headings)
    book.save(target)


def _opened(source: Path) -> Any:
    try:
        return load_workbook(source)
    except NO_WORKBOOK as error:
        raise _NoWorkbookError from error


def _clear(sheet: Any) -> None:
    """Take away what an earlier annotation left."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _heading(sheet: Any) -> Sequence[str]:
    for row in sheet.iter_rows(values_only=True):
        if any(value is not None for value in row):
            return [cell_text(value) for value in row]
    return ()


def _marks(findings: Iterable[Finding], heading: Sequence[str], lang: str) -> dict[Cell, list[str]]:
    """The cells to mark, with what to say there; what concerns no cell is on the sheet of errors alone."""
    places = _places(heading)
    found: dict[Cell, list[str]] = {}
    for finding in findings:
        if finding.row is None:
            continue
        column = places.get(finding.column or "") or places.get(finding.value or "") or 1
        found.setdefault((finding.row, column), []).append(f"{finding.reason(lang)}\n→ {finding.remedy(lang)}")
    return found


def _places(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its machine name and by what the heading says."""
    kind = guess_kind(heading)
    known = spellings_of(kind, heading) if kind else {}
    found = {text: place for place, text in enumerate(heading, 1)}
    return found | {name: place for place, name in known.items()}


def _add_errors(book: Any, findings: Sequence[Finding], lang: str, headings: Headings) -> None:
    page = book.create_sheet(t("annotate-sheet", lang), 0)
    page.append([t(f"finding-col-{name}", lang) for name in NAMES])
    for finding in findings:
        page.append([neutral(cell) for cell in _line(finding, lang, headings)])
    for place, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(place)].width = width
        page.cell(1, place).font = Font(bold=True)
        page.cell(1, place).fill = PatternFill("solid", fgColor="DBE9F6")
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"
    book.active = 0


def _line(finding: Finding, lang: str, headings: Headings) -> list[Any]:
    """A finding's row on the sheet of errors; its column under the heading it has in the file."""
    record, heading = finding.as_record(lang), headings.get(finding.sheet, ())
    place = _places(heading).get(finding.column or "")
    return [heading[place - 1] if name == "column" and place else record[name] for name in NAMES]


def _annotate_csv(source: Path, target: Path, findings: Sequence[Finding], lang: str) -> None:
    with (
        xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_formulas": False}) as book,
        source.open(encoding=encoding_of(source) or "utf-8", errors="replace", newline="") as file,
    ):
        bad = book.add_format({"bg_color": f"#{COLOUR}"})
        head = book.add_format({"bold": True, "bg_color": "#DBE9F6"})
        reader = csv.reader(file)
        heading = next(reader, [])
        _write_errors(book, findings, lang, head, {None: heading})
        page = book.add_worksheet(t("annotate-rows", lang))
        marks = _marks(findings, heading, lang)
        _write_cells(page, 1, heading, marks, (head, bad), frozenset())
        numeric = frozenset(place for name, place in _places(heading).items() if name in NUMERIC)
        for cells in reader:
            _write_cells(page, reader.line_num, cells, marks, (None, bad), numeric)


def _write_cells(
    page: Any,
    row: int,
    cells: Sequence[str],
    marks: dict[Cell, list[str]],
    forms: tuple[Any, Any],
    numeric: frozenset[int],
) -> None:
    for place, text in enumerate(cells, 1):
        texts = marks.get((row, place))
        form = forms[1] if texts else forms[0]
        if place in numeric and text.isascii() and fits_float(text):
            page.write_number(row - 1, place - 1, float(text), form)
        elif text or form:
            page.write_string(row - 1, place - 1, text, form)
        if texts:
            page.write_comment(row - 1, place - 1, "\n".join(texts), {"author": AUTHOR, "x_scale": 2})


def _write_errors(book: Any, findings: Sequence[Finding], lang: str, head: Any, headings: Headings) -> None:
    page = book.add_worksheet(t("annotate-sheet", lang))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (name, width) in enumerate(zip(NAMES, WIDTHS, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, t(f"finding-col-{name}", lang), head)
    for number, finding in enumerate(findings, 1):
        for place, cell in enumerate(_line(finding, lang, headings)):
            page.write(number, place, neutral(cell), wrapped)
