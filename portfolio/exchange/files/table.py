"""A table as it is read from a file: heading and rows of text, and what its cells are besides text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto

CHUNK = 20_000
Chunk = tuple[Sequence[int], Sequence[list[str]]]
Row = tuple[int, list[str]]


class Mark(Flag):
    """What a cell of a workbook is, where that is not a plain text or a plain number; several may hold of one cell.

    The cell's text is: of ERROR its kind (`#REF!`), of FORMULA and ARRAY_FORMULA the formula (`=SUM(A1:A3)`), of
    BOOLEAN `1` or `0`, of PERCENT the number itself (`0.12` where 12 % is shown), of DATE the day (`2025-03-01`),
    of DATE_MONTH, a date that is shown as year and month alone, the day as well, of NOT_A_NUMBER what stands there.
    LONG_NUMBER is a number of more than 15 digits before the point, whose end a spreadsheet has lost. MERGED is every
    cell of a merged range; only the first of them has a text.
    """

    ERROR = auto()
    FORMULA = auto()
    ARRAY_FORMULA = auto()
    BOOLEAN = auto()
    PERCENT = auto()
    DATE = auto()
    DATE_MONTH = auto()
    LONG_NUMBER = auto()
    NOT_A_NUMBER = auto()
    MERGED = auto()


PLAIN = Mark(0)
Marks = dict[tuple[int, int], Mark]


@dataclass
class Facts:
    """What a reader of the sheet would not see, or not as cells.

    Rows by number, columns by letter, ranges as `B2:B3`, cells as `XFD1048576`, sheets by name. `stray` are filled
    cells outside the heading's columns: they are not part of the rows.
    """

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    stray_total: int = 0
    hidden_sheets: list[str] = field(default_factory=list)
    chart_sheets: list[str] = field(default_factory=list)


@dataclass
class Table:
    """One table of a file: its heading cells and its rows in chunks (line numbers, cells as text).

    `kind` is what a template says of itself, None where the heading has to tell. `marks` says of the chunk that was
    last taken from `chunks` which of its cells are more than text, by (line number, column counted from 0); a cell
    that is not there is plain. `facts` tells of the sheet as a whole; they are reported by whoever opens the file.

    `whole`: `chunks` are all rows of the sheet, its heading somewhere among them; else `line` is that of the heading.
    `anew` gives the rows once more. `called` says what the file calls each column, and at which place, where `heading`
    is ours and not the file's. `keeps`: a blank cell says nothing, where else it takes an answer back.
    """

    sheet: str | None
    heading: list[str]
    chunks: Iterator[Chunk]
    kind: str | None = None
    marks: Marks = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    whole: bool = False
    line: int = 1
    anew: Callable[[], Iterator[Chunk]] = lambda: iter(())
    called: dict[str, tuple[str, int]] = field(default_factory=dict)
    keeps: bool = False

    def rows(self) -> Iterator[Row]:
        """The rows one by one; `marks` holds those of the row's chunk."""
        for numbers, cells in self.chunks:
            yield from zip(numbers, cells, strict=True)

    def mark(self, number: int, column: int) -> Mark:
        """What the cell at line `number` and `column` (from 0) is; `PLAIN` for text and plain numbers."""
        return self.marks.get((number, column), PLAIN)


def shown_number(value: float) -> str:
    """A float as Excel means it: 15 significant digits, no exponent."""
    return format(float(f"{value:.15g}"), ".10f").rstrip("0").rstrip(".")
