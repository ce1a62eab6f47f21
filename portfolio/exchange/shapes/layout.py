"""Where the tables of a sheet begin and end: title, 单位 line, heading of one to three rows, rows below.

XX市2026年重大项目建设计划表（续建）          the title, which names the year of 本年
                              单位：万元    holds for every amount whose heading names no unit
序号 项目名称 … 建设年限      资金来源        a heading over two rows: 建设年限/开工年月
               开工年月 竣工年月 中央预算内 专项债券
合计 共12项                                  rows of the table, records and others
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.core.number_reading import read_number
from portfolio.core.plain_text import clean
from portfolio.core.units import UNITS
from portfolio.exchange.files.table import Row
from portfolio.exchange.shapes.words import NAME, Words, fact_of, read_words, units_of_line, year_of
from portfolio.exchange.sheets.sheet_facts import box_of

MOST_HEADING_ROWS = 3
MOST_ABOVE = 12  # lines above a heading that may belong to it
LEAST_KNOWN = 2
NAMING = frozenset((NAME, "national_code"))
Box = tuple[int, int, int, int]
Heading = tuple[tuple["Head", ...], int]  # the columns, and the last line


@dataclass(frozen=True)
class Head:
    """A column: its place from 0, and the words of its heading cells from the top row down."""

    place: int
    parts: tuple[str, ...]
    said: tuple[Words, ...]

    @property
    def text(self) -> str:
        """The heading as one text: `资金来源/专项债券`."""
        return "/".join(self.parts)

    @property
    def words(self) -> Words:
        """The words of its last cell."""
        return self.said[-1]

    @property
    def unit(self) -> str | None:
        """The unit the heading names for this column: the lowest cell that names one."""
        return next((words.unit for words in reversed(self.said) if words.unit), None)

    @property
    def year(self) -> int | None:
        """The year the heading names for this column."""
        return next((words.year for words in reversed(self.said) if words.year), None)


@dataclass
class Region:
    """A table: lines `first` to `last` are below its heading. `units` by dimension are those of its unit line."""

    sheet: str | None
    title: str
    year: int | None
    units: dict[str, str]
    heads: tuple[Head, ...]
    line: int
    first: int
    last: int = 0
    samples: list[Row] = field(default_factory=list)


@dataclass
class _Above:
    """Rows that may stand above a heading: those since the last row that was a record's."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows = [*self.rows[-MOST_ABOVE + 1 :], row]

    def title(self) -> str:
        """The longest text that states no unit and is no note."""
        lone = [filled[0] for _, cells in self.rows if len(filled := _filled(cells)) == 1]
        titles = [text for text in lone if not units_of_line(text) and "：" not in text and ":" not in text]
        return max(titles, key=len, default="")

    def units(self) -> dict[str, str]:
        """The units of the lines above, by dimension."""
        named = [unit for _, cells in self.rows for text in _filled(cells) for unit in units_of_line(text)]
        return {UNITS[unit].dimension: unit for unit in reversed(named)}


def regions(sheet: str | None, rows: Iterable[Row], merged: Sequence[Box], samples: int = 30) -> list[Region]:
    """The tables of a sheet in their order; a sheet without a heading that names projects has none.

    `merged` are first and last line, first and last column (from 0) of its merged ranges. The first `samples` rows of
    each table are kept.
    """
    found: list[Region] = []
    above, stream = _Above(), _Ahead(rows)
    for number, cells in stream:
        heading = _heading(number, cells, stream, merged)
        if heading is not None:
            _close(found, above, number)
            found.append(_begun(sheet, above, number, heading))
            above = _Above()
        elif found:
            found[-1].last = number
            if len(found[-1].samples) < samples:
                found[-1].samples.append((number, cells))
            above.add((number, cells))
        else:
            above.add((number, cells))
    return found


def _close(found: Sequence[Region], above: _Above, number: int) -> None:
    """End the table before at the row before the title of the next: rows with one or two cells right above it."""
    if not found:
        return
    titled = []
    for line, cells in reversed(above.rows):
        if len(_filled(cells)) > 2 or line < found[-1].first:
            break
        titled.append((line, cells))
    above.rows = titled[::-1]
    found[-1].last = (above.rows[0][0] if above.rows else number) - 1


def _begun(sheet: str | None, above: _Above, number: int, heading: Heading) -> Region:
    heads, last = heading
    title = above.title()
    return Region(sheet, title, year_of(title), above.units(), heads, number, last + 1, last)


class _Ahead:
    """Rows one by one, with a look at those that follow."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self._held = iter(rows), list[Row]()

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        return self._held.pop(0) if self._held else next(self._rows)

    def peek(self, count: int) -> list[Row]:
        """The next rows, at most `count`."""
        while len(self._held) < count:
            row = next(self._rows, None)
            if row is None:
                break
            self._held.append(row)
        return self._held[:count]


def _heading(number: int, cells: Sequence[str], ahead: _Ahead, merged: Sequence[Box]) -> Heading | None:
    """The columns of a heading that begins in this row, and its last line; None where none begins."""
    if not _heads(cells):
        return None
    rows = [(number, list(cells))]
    while len(rows) < MOST_HEADING_ROWS:
        following = ahead.peek(1)
        if not following or not _completes(rows, following[0], merged):
            break
        rows.append(next(ahead))
    numbered = ahead.peek(1)
    last = next(ahead)[0] if numbered and _column_numbers(_filled(numbered[0][1])) else rows[-1][0]
    return _folded(rows, merged), last


def _heads(cells: Sequence[str]) -> bool:
    """Whether a row is (the first row of) a heading: it names what a project is called, and one more fact at least."""
    filled = _filled(cells)
    if len(filled) < LEAST_KNOWN or any(len(text) > 60 for text in filled):
        return False
    said = [read_words(text) for text in filled]
    facts = [fact_of(words) for words in said]
    known = sum(fact is not None or words.year is not None for fact, words in zip(facts, said, strict=True))
    return known >= LEAST_KNOWN and bool(NAMING & set(facts))


def _completes(rows: Sequence[Row], below: Row, merged: Sequence[Box]) -> bool:
    """Whether a row belongs to the heading above: the project's name goes on into it, or is blank, and no figures."""
    number, cells = below
    named = next(place for place, cell in enumerate(rows[0][1]) if fact_of(read_words(cell)) in NAMING)
    if any(top <= rows[-1][0] < number <= bottom and left <= named <= right for top, bottom, left, right in merged):
        return True
    filled = _filled(cells)
    figures = [text for text in filled if _is_figure(text) and read_words(text).stem != "Y"]
    return bool(filled) and not figures and _blank(cells, named) and _blank(cells, 0)


def _column_numbers(filled: Sequence[str]) -> bool:
    """Whether a row numbers the columns: 1 2 3 …, 栏次 1 2 3 …."""
    figures = [text for text in filled if text.isdigit()]
    counted = [str(number) for number in range(1, len(figures) + 1)]
    return len(figures) > LEAST_KNOWN and figures == counted and len(filled) - len(figures) <= 1


def _blank(cells: Sequence[str], place: int) -> bool:
    return place >= len(cells) or not cells[place].strip()


def _is_figure(text: str) -> bool:
    return isinstance(read_number(text), Decimal)


def _folded(rows: Sequence[Row], merged: Sequence[Box]) -> tuple[Head, ...]:
    """The columns of heading rows: each cell's own words below those of the cells it lies under."""
    width = max(len(cells) for _, cells in rows)
    heads = []
    for place in range(width):
        parts: list[str] = []
        for depth, (number, cells) in enumerate(rows):
            text = clean(_at(number, place, cells, merged, across=depth < len(rows) - 1, rows=rows))
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        if parts:
            heads.append(Head(place, tuple(parts), tuple(map(read_words, parts))))
    return tuple(heads)


def _at(number: int, place: int, cells: Sequence[str], merged: Sequence[Box], across: bool, rows: Sequence[Row]) -> str:
    """The text of a heading cell, or of the merged cell it belongs to.

    Where nothing says that cells were merged, a blank in a row above others belongs to the words at its left, if the
    row below has words of its own there.
    """
    own = cells[place] if place < len(cells) else ""
    if own.strip():
        return own
    for top, bottom, left, right in merged:
        if top <= number <= bottom and left <= place <= right:
            return next((row[left] for line, row in rows if line == top and left < len(row)), "")
    below = [row for line, row in rows if line > number]
    if across and not merged and any(not _blank(row, place) for row in below):
        return next((cells[at] for at in range(min(place, len(cells)) - 1, -1, -1) if cells[at].strip()), "")
    return ""


def _filled(cells: Sequence[str]) -> list[str]:
    return [bare for cell in cells if (bare := cell.strip())]


def boxes(ranges: Sequence[str]) -> list[Box]:
    """Merged ranges as boxes, those that can be read."""
    return [box for text in ranges if (box := box_of(text)) is not None]
