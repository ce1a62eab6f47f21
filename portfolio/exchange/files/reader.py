"""The child process that reads one upload: `python -m portfolio.exchange.files.reader`, told what to do on its input.

It opens no database, knows no secret, and may take only so much memory, time and room; whatever a file does to it, the
process that asked goes on. A line of JSON comes in, rows go into the spool it names, and the process ends: 0 when the
spool is whole, 3 when memory was not enough. It ends at once when whoever asked is gone.
"""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile
from pathlib import Path

import msgspec

from portfolio.exchange.files.child import NO_MEMORY, bound, end_with_parent
from portfolio.exchange.files.csv_rows import CsvRows, NoRowsError
from portfolio.exchange.files.sheet_cells import Around, Line, column_letters, lines
from portfolio.exchange.files.sheet_form import EARLY, heads_alone, width_of
from portfolio.exchange.files.spool import Rows, Sheet, Told, Writer
from portfolio.exchange.files.table import CHUNK, Facts
from portfolio.exchange.files.workbook_parts import Book, DamagedError, Package, SheetPart, open_book

TEMPLATE_SHEET = "_template"
TEMPLATE_LINES = 50
NAMED = 20
CHUNK_LETTERS = 8 << 20


class Task(msgspec.Struct, frozen=True):
    """What to read, where to put it, and what it may cost; `aside` are sheets of ours that hold no rows."""

    source: str
    spool: str
    memory_mb: int
    seconds: int
    cells: int
    room_mb: int
    chunk: int = CHUNK
    aside: list[str] = []


class TooManyError(Exception):
    """The file holds more cells than may be read."""


def read(task: Task) -> None:
    """Read the file into its spool; a fault of the file is told there, and then it holds no rows."""
    writer = Writer(Path(task.spool))
    path = Path(task.source)
    try:
        if path.suffix == ".csv":
            _read_csv(path, writer, task)
        else:
            _read_xlsx(path, writer, task)
    except NoRowsError as error:
        _only(writer, error.told)
    except DamagedError:
        _only(writer, Told("bad_workbook"))
    except TooManyError:
        _only(writer, Told("too_many_cells", None, None, {"limit": str(task.cells)}))
    writer.close()


def _only(writer: Writer, told: Told) -> None:
    writer.contents.sheets, writer.contents.told = [], [told]


def _read_csv(path: Path, writer: Writer, task: Task) -> None:
    source = CsvRows(path)
    sheet = Sheet(None, source.heading, 1, writer.offset, 0, 0, Facts())
    for (numbers, rows), told in source.chunks(task.chunk):
        sheet.rows += len(rows)
        sheet.chunks += 1
        if sheet.rows * len(source.heading) > task.cells:
            raise TooManyError
        writer.put(Rows(numbers, rows, [], told))
    writer.contents.sheets.append(sheet)


def _read_xlsx(path: Path, writer: Writer, task: Task) -> None:
    package = Package(path)
    if package.too_large:
        _only(writer, Told("file_too_large"))
        return
    book = open_book(package)
    template = next((part for part in book.sheets if part.name == TEMPLATE_SHEET and part.path), None)
    words = _template(package, template, book) if template else None
    budget = _Budget(task.cells)
    hidden = [part.name for part in book.sheets if not part.visible and not part.chart] if words is None else []
    charts = [part.name for part in book.sheets if part.chart]
    for part in _chosen(book, dict(words or ()).get("sheet"), task.aside):
        sheet = _Table(package, part, book, writer, budget).read(task.chunk)
        if sheet is not None:
            sheet.facts.hidden_sheets, sheet.facts.chart_sheets = hidden, charts
            writer.contents.sheets.append(sheet)
    writer.contents.template = words


def _chosen(book: Book, own: str | None, aside: Iterable[str]) -> list[SheetPart]:
    """The sheets that hold rows: a template's own, else all that are visible and not put there by us."""
    visible = [part for part in book.sheets if part.visible and not part.chart]
    if any(not part.path for part in visible):
        raise DamagedError("a sheet is missing")
    return [part for part in visible if part.name == own] or [part for part in visible if part.name not in set(aside)]


def _template(package: Package, part: SheetPart, book: Book) -> list[tuple[str, str]]:
    """The words of a template's hidden sheet, from its first two columns."""
    found = []
    early = takewhile(lambda line: line.number <= TEMPLATE_LINES, lines(package, part.path, book, Around()))
    for line in early:
        cells = {cell.column: cell.text for cell in line.cells}
        if 0 in cells:
            found.append((cells[0], cells.get(1, "")))
    return found


class _Budget:
    """How many cells may still be read, counting those a row leaves blank."""

    def __init__(self, cells: int) -> None:
        self.left = cells

    def spend(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise TooManyError


class _Table:
    """Reads one sheet: the first filled row is the heading and its last filled cell the width, or all rows are kept.

    All rows are kept where the first is no heading of one row: a title, 单位：万元, or a heading over several rows.
    """

    def __init__(self, package: Package, part: SheetPart, book: Book, writer: Writer, budget: _Budget) -> None:
        self.writer, self.budget, self.around = writer, budget, Around()
        self.name, self.facts = part.name, Facts()
        self._lines = self._counted(lines(package, part.path, book, self.around))
        self._width = 0
        self._begin()

    def _begin(self) -> None:
        self._numbers, self._cells = list[int](), list[list[str]]()
        self._marks, self._letters = list[tuple[int, int, int]](), 0

    def _counted(self, found: Iterator[Line]) -> Iterator[Line]:
        seen = 0
        for line in found:
            if self.around.cells != seen:
                self.budget.spend(self.around.cells - seen)
                seen = self.around.cells
            yield line
        self.budget.spend(self.around.cells - seen)

    def read(self, chunk: int) -> Sheet | None:
        """Read it to its end, at most `chunk` rows a chunk; None when it holds nothing."""
        early = list(islice(self._lines, EARLY))
        if not early:
            return None
        sheet = self._begun(early)
        for line in chain(early if sheet.whole else early[1:], self._lines):
            self._take(line)
            if len(self._numbers) == chunk or self._letters > CHUNK_LETTERS:
                self._put(sheet)
        if self._numbers:
            self._put(sheet)
        self._look_around()
        return sheet

    def _begun(self, early: list[Line]) -> Sheet:
        """The sheet before its rows; the first rows tell whether it begins with its heading, and how wide it is."""
        first, whole = early[0], not heads_alone(early)
        self._width = width_of(early) if whole else first.cells[-1].column + 1
        heading = [""] * self._width
        for cell in () if whole else first.cells:
            heading[cell.column] = cell.text
        return Sheet(self.name, heading, first.number, self.writer.offset, 0, 0, self.facts, whole)

    def _take(self, line: Line) -> None:
        width, number = self._width, line.number
        cells = [""] * width
        filled = False
        for column, text, mark in line.cells:
            if column >= width:
                self._stray(column, number)
                continue
            cells[column], filled = text, True
            self._letters += len(text)
            if mark:
                self._marks.append((number, column, mark.value))
        if filled:
            self.budget.spend(width - len(line.cells) if width > len(line.cells) else 0)
            self._numbers.append(number)
            self._cells.append(cells)
            if line.hidden:
                self.facts.hidden_rows.append(number)

    def _stray(self, column: int, number: int) -> None:
        self.facts.stray_total += 1
        if len(self.facts.stray) < NAMED:
            self.facts.stray.append(f"{column_letters(column)}{number}")

    def _put(self, sheet: Sheet) -> None:
        sheet.chunks += 1
        sheet.rows += len(self._numbers)
        self.writer.put(Rows(self._numbers, self._cells, self._marks))
        self._begin()

    def _look_around(self) -> None:
        """Keep what is known once the whole sheet was read."""
        shown = {column for first, last in self.around.hidden_columns for column in range(first, last + 1)[: 1 << 14]}
        self.facts.hidden_columns = [column_letters(column) for column in sorted(shown) if column < self._width]
        self.facts.merged = self.around.merged


def main() -> None:
    """Do the one task that stands on the input."""
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    bound(task.memory_mb, task.seconds, task.room_mb)
    end_with_parent()
    gc.disable()  # rows make no cycles: looking for some costs more than reading them
    try:
        read(task)
    except MemoryError:
        os._exit(NO_MEMORY)
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
