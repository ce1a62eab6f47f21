"""The filled cells of an XLSX sheet, row by row, straight from its XML: whatever size the sheet says it has.

Only what is filled takes memory, so one cell at the far end of a sheet costs one cell.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from portfolio.exchange.files.cell_formats import Form, day_of, time_of
from portfolio.exchange.files.table import PLAIN, Mark, shown_number
from portfolio.exchange.files.workbook_parts import (
    Attributes,
    Book,
    DamagedError,
    Package,
    local,
    make_parser,
    plain_text,
)

LONG = 1e15  # from here on a spreadsheet has lost digits before the point
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
MOST_MERGED = 100_000


class Cell(NamedTuple):
    """A filled cell: its column counted from 0, its text, and what it is."""

    column: int
    text: str
    mark: Mark


class Line(NamedTuple):
    """A row with at least one filled cell."""

    number: int
    hidden: bool
    cells: list[Cell]


@dataclass
class Around:
    """What a sheet holds besides its cells; merged ranges are known once the sheet was read."""

    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    cells: int = 0


def lines(package: Package, path: str, book: Book, around: Around) -> Iterator[Line]:
    """The rows of a sheet that hold something; `around` is filled on the way. Raises `DamagedError`."""
    reader = _Reader(book, around)
    parser = make_parser()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.said
    for _ in package.parse(path, parser):
        yield from reader.done
        reader.done.clear()


class _Reader:
    """Takes a sheet's elements one by one and puts rows together."""

    def __init__(self, book: Book, around: Around) -> None:
        self.book, self.around = book, around
        self.done: list[Line] = []
        self._names: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._shared: dict[str, str] = {}
        self._number, self._hidden = 0, False
        self._cells: list[Cell] = []
        self._column, self._kind, self._form = -1, "n", Form.PLAIN
        self._value: list[str] = []
        self._formula: list[str] = []
        self._formula_kind: str | None = None
        self._formula_key = ""
        self._into: list[str] | None = None
        self._aside = 0

    def start(self, tag: str, given: Attributes) -> None:
        name = self._names.get(tag) or self._names.setdefault(tag, local(tag))
        if name == "c":
            self._begin_cell(given)
        elif name == "v" or name == "t":
            self._into = self._value if not self._aside else None
        elif name == "row":
            self._begin_row(given)
        elif name == "f":
            self._into = self._formula
            self._formula_kind, self._formula_key = given.get("t", "normal"), given.get("si", "")
        elif name == "rPh":
            self._aside += 1
        elif name == "col":
            self._see_columns(given)
        elif name == "mergeCell" and len(self.around.merged) < MOST_MERGED:
            self.around.merged.append(given.get("ref", ""))

    def end(self, tag: str) -> None:
        name = self._names[tag]
        if name == "c":
            self._end_cell()
        elif name in ("v", "t", "f"):
            self._into = None
        elif name == "row":
            if self._cells:
                self.done.append(Line(self._number, self._hidden, self._cells))
            self._cells = []
        elif name == "rPh":
            self._aside -= 1

    def said(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _begin_row(self, given: Attributes) -> None:
        number = int(given["r"]) if "r" in given else self._number + 1
        if not self._number < number <= MOST_ROWS:
            raise DamagedError(f"row {number} after {self._number}")
        self._number, self._column = number, -1
        self._hidden = given.get("hidden") in ("1", "true") or (
            given.get("ht") in ("0", "0.0") and given.get("customHeight") in ("1", "true")
        )

    def _begin_cell(self, given: Attributes) -> None:
        self.around.cells += 1
        reference = given.get("r")
        column = self._column + 1 if reference is None else self._column_of(reference)
        if not self._column < column < MOST_COLUMNS:
            raise DamagedError(f"cell {reference} in row {self._number}")
        self._column, self._kind = column, given.get("t", "n")
        style, forms = given.get("s"), self.book.forms
        place = int(style) if style else 0
        self._form = forms[place] if 0 <= place < len(forms) else Form.PLAIN
        self._value, self._formula, self._formula_kind = [], [], None

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = column_number(letters)
        return found

    def _see_columns(self, given: Attributes) -> None:
        unseen = given.get("hidden") in ("1", "true") or given.get("width") in ("0", "0.0")
        if unseen and given.get("min", "").isdecimal() and given.get("max", "").isdecimal():
            self.around.hidden_columns.append((int(given["min"]) - 1, int(given["max"]) - 1))

    def _end_cell(self) -> None:
        text, mark = self._plain()
        if self._formula_kind is not None:
            text, mark = self._with_formula(text, mark)
        if text:
            self._cells.append(Cell(self._column, text, mark))

    def _with_formula(self, text: str, mark: Mark) -> tuple[str, Mark]:
        formula = "".join(self._formula)
        if self._formula_kind == "shared":
            formula = self._shared.setdefault(self._formula_key, formula) or formula
        mark |= Mark.ARRAY_FORMULA if self._formula_kind == "array" else Mark.FORMULA
        return (text if mark & Mark.ERROR else f"={formula}"), mark

    def _plain(self) -> tuple[str, Mark]:
        kind, value = self._kind, self._value
        if kind == "n":
            return self._numeric("".join(value).strip())
        if kind == "s":
            place = int("".join(value)) if value else -1
            return (self.book.texts[place] if place >= 0 else ""), PLAIN
        if kind == "b":
            text = "".join(value).strip()
            return ("1" if text in ("1", "true") else "0" if text else ""), (Mark.BOOLEAN if text else PLAIN)
        if kind == "e":
            return "".join(value).strip() or "#N/A", Mark.ERROR
        if kind == "d":
            return _iso_day("".join(value).strip(), self._form)
        return plain_text(value), PLAIN

    def _numeric(self, text: str) -> tuple[str, Mark]:
        if not text:
            return "", PLAIN
        form = self._form
        if form is Form.PLAIN and text.isdecimal() and text.isascii() and len(text) < 16 and text[0] != "0":
            return text, PLAIN
        try:
            number = float(text)
        except ValueError:
            return text, Mark.NOT_A_NUMBER
        if not math.isfinite(number):
            return text, Mark.NOT_A_NUMBER
        return self._shown(text, number)

    def _shown(self, text: str, number: float) -> tuple[str, Mark]:
        form = self._form
        if form in (Form.DATE, Form.MONTH):
            day = day_of(number, self.book.since_1904)
            if day is not None:
                return day, Mark.DATE_MONTH if form is Form.MONTH else Mark.DATE
        if form is Form.TIME:
            return time_of(number) or number_text(number, text), PLAIN
        mark = Mark.PERCENT if form is Form.PERCENT else PLAIN
        if abs(number) >= LONG:
            mark |= Mark.LONG_NUMBER
        return number_text(number, text), mark


def number_text(number: float, written: str) -> str:
    """A number as its CSV would hold it: whole numbers without a point, others to 15 digits."""
    if abs(number) >= LONG:
        return str(int(number)) if abs(number) < 1e30 else written
    return str(int(number)) if number.is_integer() else shown_number(number)


def _iso_day(text: str, form: Form) -> tuple[str, Mark]:
    """A date that is written as one; what is none stands as it is written."""
    try:
        day = date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return text, PLAIN
    return day, Mark.DATE_MONTH if form is Form.MONTH else Mark.DATE


def column_number(letters: str) -> int:
    """The column counted from 0 that `letters` name; raises `DamagedError`."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise DamagedError(f"column {letters}")
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MOST_COLUMNS:
        raise DamagedError(f"column {letters}")
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a column counted from 0."""
    letters, rest = "", number + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(65 + place) + letters
    return letters
