"""Rows as an office lays them out, put into our own tables: one of projects, and one of needs for each amount column.

    项目名称   建设年限          总投资   资金来源/专项债券（2026年）
    甲码头     2023.06-2027.12   30000    1.2
becomes a row of `projects` (甲码头, 2023-06, 2027-12, 30000) and one of `needs` (甲码头, fund.bond.special, 2026, 1.2).
Cells that cannot be read go on as they stand, so that whoever reads our tables says what is wrong with them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.core.units import OUTER_UNIT, UNIT_WORDS
from portfolio.exchange.files.table import CHUNK, Chunk, Mark, Marks, Row, Table
from portfolio.exchange.shapes.layout import Box, Head, Region
from portfolio.exchange.shapes.meaning import DONE, NEED, OF_PROJECT, OF_ROW, Use
from portfolio.exchange.shapes.periods import Month, read_month, read_period
from portfolio.exchange.shapes.places import Gazetteer
from portfolio.exchange.shapes.records import RecordRows, told_lines
from portfolio.exchange.shapes.words import NAME, fact_of, read_words
from portfolio.exchange.sheets.findings import Place

MONTHS = ("start_month", "finish_month")
ALL_MONTHS = (*MONTHS, "actual_start_month", "actual_finish_month")
Made = Callable[[Row], Iterable[tuple[list[str], Mapping[int, int]]]]
_WORD_OF = {code: word for word, code in reversed(UNIT_WORDS.items())}


@dataclass(frozen=True)
class Known:
    """What the library knows: its places, the code of an item people call so, an item's dimension, and translations.

    `values` gives for a fact what a cell stands for: `{"lead_unit": {"市交通局": "CITY-450700"}}`.
    """

    gazetteer: Gazetteer
    item: Callable[[str], str | None]
    dimension: Callable[[str], str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Translation:
    """One table of a sheet and what its columns are taken for."""

    table: Table
    region: Region
    uses: Sequence[Use]
    merged: Sequence[Box]
    known: Known
    place: Place
    years_alone: list[int] = field(default_factory=list)

    def tables(self) -> Iterator[Table]:
        """Our tables that the rows give, those first that others refer to."""
        records = RecordRows(self.region, self.uses, self.merged)
        own = [use for use in self.uses if use.fact in OF_PROJECT]
        needs = [use for use in self.uses if use.fact == NEED and use.unit is not None]
        # A table that only names its projects says nothing new of them.
        says_more = any(use.fact not in (NAME, "code", "national_code") for use in own)
        done = [use for use in self.uses if use.fact in DONE and use.unit is not None and use.year is not None]
        if says_more or not (needs or done):
            yield self._projects(records, own, first=True)
            self._tell_years()
        for number, use in enumerate(needs):
            yield self._needs(records, own, use, first=not says_more and number == 0)
        for number, use in enumerate(done):
            yield self._done(records, own, use, first=not (says_more or needs) and number == 0)

    def _projects(self, records: RecordRows, own: Sequence[Use], first: bool) -> Table:
        named = [(name, use.head) for use in own for name in (MONTHS if use.fact == "period" else (use.fact,))]
        places = {new: head.place for new, (_, head) in enumerate(named)}
        unit = next((use.unit for use in own if use.fact == "total_investment"), None)
        heading = [_with_unit(name, unit) if name == "total_investment" else name for name, _ in named]
        table = Table(self.table.sheet, heading, iter(()), keeps=True)
        table.called = {name: (head.text, head.place) for name, head in named}
        table.chunks = self._chunks(records, table, lambda row: [(self._project_row(row, own), places)], first)
        return table

    def _project_row(self, row: Row, own: Sequence[Use]) -> list[str]:
        number, cells = row
        found: list[str] = []
        for use in own:
            cell = cells[use.head.place]
            if use.fact == "period":
                found += self._period(number, cell, use)
            else:
                found.append(self._cell(number, cell, use))
        return found

    def _cell(self, number: int, cell: str, use: Use) -> str:
        chosen = self.known.values.get(use.fact, {}).get(cell.strip())
        if chosen is not None:
            return chosen
        if use.fact in ALL_MONTHS:
            month = read_month(cell, last=use.fact.endswith("finish_month"))
            return self._month(number, month) if month else cell
        if use.fact == "region_codes":
            return self._places(number, cell)
        return cell

    def _period(self, number: int, cell: str, use: Use) -> list[str]:
        period = read_period(cell)
        if period is None:
            return [cell, ""]
        return [self._month(number, month) for month in period]

    def _month(self, number: int, month: Month) -> str:
        if month.whole_year:
            self.years_alone.append(number)
        return month.text

    def _tell_years(self) -> None:
        """Warn of the rows whose months were taken from a year alone."""
        lines = sorted(set(self.years_alone))
        if lines:
            self.place.begin(lines[0])
            self.place.warn("years_alone_taken", value=told_lines(lines), count=str(len(lines)))

    def _places(self, number: int, cell: str) -> str:
        placed = self.known.gazetteer.read(cell)
        if placed.lost:
            return cell
        for part, taken in placed.guessed:
            self.place.at(number).warn("place_taken", "region_codes", part, plain=taken)
        return ";".join(placed.codes)

    def _needs(self, records: RecordRows, own: Sequence[Use], use: Use, first: bool) -> Table:
        project = _naming(own)
        of_row = {one.fact: one.head for one in self.uses if one.fact in OF_ROW}
        heads = {"project": project.head, "item": use.head, "year": use.head, **of_row, "required": use.head}
        places = {new: head.place for new, (name, head) in enumerate(heads.items()) if name in ("project", "required")}
        # What our own tables are in anyway is not said, so that needs are taken in whole chunks.
        unit = None if use.item and use.unit == OUTER_UNIT[self.known.dimension(use.item)] else use.unit
        table = Table(self.table.sheet, ["project", "item", "year", _with_unit("required", unit)], iter(()))
        table.called = {name: (head.text, head.place) for name, head in heads.items()}

        def made(row: Row) -> list[tuple[list[str], Mapping[int, int]]]:
            cells = row[1]
            amount = cells[use.head.place]
            item = use.item or self._item(_cell_at(cells, of_row.get("item")))
            year = str(use.year or _year(_cell_at(cells, of_row.get("year"))))
            return [([cells[project.head.place], item, year, amount], places)] if amount else []

        table.chunks = self._chunks(records, table, made, first)
        return table

    def _done(self, records: RecordRows, own: Sequence[Use], use: Use, first: bool) -> Table:
        """What was completed in a year, or to its end; the other column of `yearly` is blank, which says nothing."""
        project, name, blank = _naming(own), DONE[use.fact], next(one for one in DONE.values() if one != DONE[use.fact])
        table = Table(self.table.sheet, ["project", "year", _with_unit(name, use.unit), blank], iter(()), "yearly")
        heads = {"project": project.head, "year": use.head, name: use.head}
        table.called = {one: (head.text, head.place) for one, head in heads.items()}
        places = {0: project.head.place, 2: use.head.place}

        def made(row: Row) -> list[tuple[list[str], Mapping[int, int]]]:
            amount = row[1][use.head.place]
            return [([row[1][project.head.place], str(use.year), amount, ""], places)] if amount else []

        table.chunks = self._chunks(records, table, made, first)
        return table

    def _item(self, cell: str) -> str:
        return self.known.item(cell) or cell

    def _chunks(self, records: RecordRows, table: Table, made: Made, first: bool) -> Iterator[Chunk]:
        """The rows that `made` gives of each record, a chunk at a time, with the marks of their cells."""
        out = _Out(table)
        for number, cells in records.rows(self.table.anew(), self.place if first else None):
            for row, places in made((number, cells)):
                out.add(number, row, {new: self._mark(number, old, cells, row[new]) for new, old in places.items()})
            if out.full:
                yield out.chunk()
        if out.rows:
            yield out.chunk()

    def _mark(self, number: int, place: int, cells: Sequence[str], cell: str) -> Mark | None:
        """What a cell is besides text; a date that was read as a month is a text."""
        mark = self.table.marks.get((number, place))
        read = mark is not None and bool(mark & (Mark.DATE | Mark.DATE_MONTH)) and cell != cells[place]
        return None if read else mark


def _naming(own: Sequence[Use]) -> Use:
    """The column that says which project a row is of."""
    return next(one for fact in ("code", NAME) for one in own if one.fact == fact)


class _Out:
    """Rows on their way into one of our tables."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.numbers, self.rows, self._marks = list[int](), list[list[str]](), Marks()

    def add(self, number: int, row: list[str], marks: Mapping[int, Mark | None]) -> None:
        """A row, with what its cells are by their place."""
        self.numbers.append(number)
        self.rows.append(row)
        self._marks.update({(number, at): mark for at, mark in marks.items() if mark})

    @property
    def full(self) -> bool:
        """Whether there are enough for a chunk."""
        return len(self.rows) >= CHUNK

    def chunk(self) -> Chunk:
        """What was added since the last chunk; the table's marks are those of its rows."""
        self._table.marks.clear()
        self._table.marks.update(self._marks)
        done = (self.numbers, self.rows)
        self.numbers, self.rows, self._marks = [], [], {}
        return done


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name} ({_WORD_OF[unit]})" if unit else name


def _year(cell: str) -> str:
    """The year a cell states (`2026年度`); what states none goes on as it stands."""
    words = read_words(cell)
    return str(words.year) if fact_of(words) == "of_year" else cell


def _cell_at(cells: Sequence[str], head: Head | None) -> str:
    return cells[head.place].strip() if head is not None else ""
